"""`ledger thanks`: a text that names who did what, as text, Markdown or HTML. Handles are text, so nobody is pinged."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from syndicator.cli.app import App, JsonOption, fail, mention, moment_at, open_workspace, printable, show, show_json

if TYPE_CHECKING:
    from ledger.people import Person
    from ledger.thanks import Group, Thanked

_LATELY = timedelta(days=30)
_DID = {
    "link": "linked to my pages",
    "recommend": "recommended me",
    "submit": "submitted my pages",
    "share": "shared my links",
    "quote": "quoted me",
    "boost": "boosted my posts",
    "comment": "commented",
    "reply": "replied",
    "mention": "mentioned me",
    "bookmark": "bookmarked my pages",
    "like": "liked my posts",
    "follow": "followed me",
    "thank": "thanked me",
}
#: What Markdown could read as anything but text.
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:&@])")


class Format(StrEnum):
    """How the text is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


def register(app: App) -> None:
    """Add the command."""
    app.command()(thanks)


def thanks(
    ctx: typer.Context,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="What was done since then.", show_default="30 days ago")
    ] = None,
    written: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TEXT,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there.", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a thank-you that names who did what for you. Nobody is pinged by it, and nothing is sent."""
    from ledger.thanks import thanks as gather
    from syndicator.files import replace_file

    space = open_workspace(ctx)
    now = space.clock()
    start = moment_at(space, since) or now - _LATELY
    groups = gather(space.book.people(), space.book.entries(), start, now, space.rules)
    if as_json:
        show_json([document(each) for each in groups])
        return
    lines = list(WRITERS[written](groups))
    if out is None:
        show(*lines)
        return
    try:
        replace_file(out, ("\n".join(map(printable, lines)) + "\n").encode())
    except OSError as error:
        fail(f"{out}: can't be written: {error.strerror or error}")
    mention(f"written to {out}")


def document(group: Group) -> dict[str, Any]:
    """One kind of act of `thanks --json`."""
    people = [
        {"person": each.person.name, "times": each.times, "url": each.url or None, "handles": _handles(each.person)}
        for each in group.people
    ]
    return {"kind": str(group.kind), "people": people}


def _handles(person: Person) -> list[str]:
    """Handles as they are on each network, without what would call somebody."""
    from syndicator.cli.owed import handle

    return [handle(who).removeprefix("@") for who in person.identities]


def _name(person: Person) -> str:
    handles = ", ".join(_handles(person))
    name = printable(person.name).lstrip("@")
    return f"{name} ({handles})" if person.has_name else handles


def _times(each: Thanked) -> str:
    return f", {each.times} times" if each.times > 1 else ""


def as_text(groups: Sequence[Group]) -> Iterator[str]:
    """Plain text."""
    yield "Thank you" if groups else "Nobody did anything in that time."
    for group in groups:
        yield ""
        yield f"They {_DID[group.kind]}:"
        for each in group.people:
            yield f"- {_name(each.person)}{_times(each)}"
            if each.url:
                yield f"  {each.url}"


def as_markdown(groups: Sequence[Group]) -> Iterator[str]:
    """Markdown in which strangers' names are nothing but text."""
    yield "# Thank you"
    for group in groups:
        yield ""
        yield f"## They {_DID[group.kind]}"
        yield ""
        for each in group.people:
            name = _MARKS.sub(r"\\\1", _name(each.person).replace("\n", " "))
            url = quote(each.url, safe=":/?#@!$&'*+,;=%~-._")
            yield f"- [{name}](<{url}>){_times(each)}" if url else f"- {name}{_times(each)}"


def as_html(groups: Sequence[Group]) -> Iterator[str]:
    """A piece of HTML to paste into a page."""
    yield "<h2>Thank you</h2>"
    for group in groups:
        yield f"<h3>They {_DID[group.kind]}</h3>"
        yield "<ul>"
        for each in group.people:
            name = html.escape(_name(each.person))
            link = f'<a href="{html.escape(each.url)}">{name}</a>' if each.url else name
            yield f"<li>{link}{_times(each)}</li>"
        yield "</ul>"


WRITERS: dict[Format, Callable[[Sequence[Group]], Iterator[str]]] = {
    Format.TEXT: as_text,
    Format.MARKDOWN: as_markdown,
    Format.HTML: as_html,
}
