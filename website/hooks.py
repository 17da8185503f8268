"""What mkdocs asks for while it builds the site: pages from the code, and files beside `docs/` that belong to it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from website import documents, keys, options, pictures, surroundings

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]


def decisions() -> str:
    """A list of the notes on decisions, by their titles."""
    notes = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    titles = ((note.name, note.read_text("utf-8").partition("\n")[0].lstrip("# ")) for note in notes)
    return "# Decisions\n\n" + "\n".join(f"- [{title}]({name})" for name, title in titles) + "\n"


#: Pages that are made from the code, by their place in the site.
GENERATED: dict[str, Callable[[], str]] = {
    "reference/options.md": options.page,
    "reference/settings.md": keys.page,
    "reference/json.md": documents.page,
    "reference/surroundings.md": surroundings.page,
    "decisions/index.md": decisions,
    "looks.md": pictures.page,
}
#: Files of the project that are pages of the site too.
TAKEN_IN = {"changes.md": "CHANGELOG.md", "contributing.md": "CONTRIBUTING.md"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are in no folder."""
    for place, make in GENERATED.items():
        files.append(File.generated(config, place, content=make()))
    for name, content in pictures.pictures().items():
        files.append(File.generated(config, f"pictures/{name}", content=content))
    for place, name in TAKEN_IN.items():
        text = (ROOT / name).read_text("utf-8")
        files.append(File.generated(config, place, content=re.sub(r"\]\(docs/", "](", text)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links stay within the site: what leads to a file beside it is named. Notes to tests go."""
    markdown = re.sub(r"^ *<!--.*?-->\n", "", markdown, flags=re.MULTILINE)
    home = Path(config["docs_dir"]) / Path(page.file.src_uri).parent

    def inside(link: re.Match[str]) -> str:
        there = (home / link[2]).resolve()
        for place, name in TAKEN_IN.items():
            if there == ROOT / name:
                return f"[{link[1]}]({os.path.relpath(Path(config['docs_dir'], place), home)})"
        if there.is_dir() or (ROOT in there.parents and Path(config["docs_dir"]) not in there.parents):
            return link[1]
        return link[0]

    return re.sub(r"\[([^\]]*)\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)", inside, markdown)
