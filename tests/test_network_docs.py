"""Every network has its rows and its page; settings that documents show load; errors they explain are told."""

import re
import textwrap
import tomllib
from collections.abc import Iterator

import pytest
from written import DOCUMENTS, ROOT, SPOKEN

from syndicator import secrets, settings, workspace
from syndicator.networks import ADAPTERS, adapter_class, open_accounts

NETWORKS = (ROOT / "docs" / "networks.md").read_text("utf-8")
PAGES = {path.stem: path.read_text("utf-8") for path in (ROOT / "docs" / "networks").glob("*.md")}
SECTIONS = (
    "Setup",
    "Limits",
    "Price",
    "Posting once",
    "What is collected",
    "What can be done there",
    "When something is wrong",
)


def section(text: str, heading: str) -> str:
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def page_of(platform: str) -> str:
    return platform.replace(".", "-")


@pytest.mark.parametrize("platform", ADAPTERS)
def test_every_network_has_its_rows_and_its_page(platform):
    posts = hasattr(adapter_class(platform, ""), "publish")
    assert f"\n| [`{platform}`](networks/{page_of(platform)}.md) |" in NETWORKS
    tables = (
        "How each network posts exactly once",
        "What is collected",
        *(["What each allows and costs"] if posts else []),
    )
    assert [table for table in tables if f"\n| `{platform}` |" not in section(NETWORKS, table)] == []
    headings = re.findall(r"^## (.*)$", PAGES[page_of(platform)], re.MULTILINE)
    assert [each for each in headings if each in SECTIONS] == list(SECTIONS)


@pytest.mark.parametrize("platform", ADAPTERS)
def test_where_there_is_a_login_its_page_says_how_long_it_holds(platform):
    needed = bool(getattr(adapter_class(platform, ""), "credential", ()))
    assert ("How long the login holds: " in section(PAGES[page_of(platform)], "Setup")) is needed


def test_there_is_no_page_of_a_network_that_is_not_there():
    assert set(PAGES) == {page_of(platform) for platform in ADAPTERS}


def _snippets() -> Iterator[tuple[str, str]]:
    """Every TOML block of the documents, by its place; what is indented stands in a list."""
    for document in DOCUMENTS:
        for found in re.finditer(r"^( *)```toml\n(.*?)^ *```", document.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            yield f"{document.name} {found.start()}", textwrap.dedent(found[2])


SNIPPETS = dict(_snippets())


@pytest.mark.parametrize("place", SNIPPETS)
def test_the_settings_that_the_documents_show_load(place, tmp_path):
    snippet = SNIPPETS[place]
    if snippet.startswith("# secrets.toml\n"):
        file = tmp_path / "secrets.toml"
        file.touch(0o600)
        file.write_text(snippet, encoding="utf-8")
        for account, parts in tomllib.loads(snippet).items():
            assert secrets.secrets_of(account, tmp_path, {}) == parts
        return
    # What is commented out must be right as well.
    for text in (snippet, re.sub(r"(?m)^# (?=\w+ = )", "", snippet)):
        parsed = settings.parse(tomllib.loads(text), tmp_path / "syndicator.toml")
        assert list(open_accounts(workspace.Workspace(parsed, scratch=True))) or not parsed.accounts


def test_the_snippets_are_found():
    shown = "".join(SNIPPETS.values())
    assert all(f'platform = "{platform}"' in shown for platform in ADAPTERS)


@pytest.mark.parametrize("key", settings.AccountTable.__struct_fields__)
def test_every_key_of_an_account_is_explained(key):
    assert f"`{key}`" in section(NETWORKS, "The keys of an account")


@pytest.mark.parametrize("key", settings.Credit.__struct_fields__)
def test_every_key_of_credit_is_explained(key):
    assert re.search(rf"^{key} = .* # ", (ROOT / "docs" / "crediting.md").read_text("utf-8"), re.MULTILINE)


TOLD = [
    (page, sentence)
    for page, text in PAGES.items()
    for row in re.findall(r"^\| (`.*?) \| ", section(text, SECTIONS[-1]), re.MULTILINE)
    for sentence in re.findall(r"`([^`]+)`", row)
]


@pytest.mark.parametrize(("page", "sentence"), TOLD, ids=lambda each: each[:40])
def test_every_error_that_a_page_explains_is_one_that_is_told(page, sentence):
    parts = [re.escape(part.strip()) for part in sentence.split("…") if part.strip()]
    parts = [re.sub(r"\d{3}", "X", part) for part in parts]  # a status is filled in
    said = (
        SPOKEN["syndicator/settings/account.py"]
        + SPOKEN["syndicator/networks.py"]
        + "".join(text for path, text in SPOKEN.items() if path.startswith("platforms/"))
    )
    assert re.search(".{0,80}?".join(parts), said), f"{page}: nothing says {sentence!r}"
