"""A thank-you as text, Markdown or HTML, and as JSON. Pure: groups in, lines or documents out.

Names and handles are words and nothing else, in whatever a reader puts them: no markup, no link, and nobody is called.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from ledger.people import Person
from ledger.thanks import Group, Thanked
from platforms.text import neutral, shorten
from syndicator.cli.fitted import cells, fitted
from syndicator.cli.owed import handle
from syndicator.gratitude import DID

#: Columns of a name; what is longer is cut.
_LONGEST = 60
#: What Markdown could read as anything but text.
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:&@])")


def document(group: Group) -> dict[str, Any]:
    """One kind of act of `thanks --json`."""
    people = [
        {"person": each.person.name, "times": each.times, "url": each.url or None, "handles": _handles(each.person)}
        for each in group.people
    ]
    return {"kind": str(group.kind), "people": people}


def _handles(person: Person) -> list[str]:
    """Handles as they are on each network, without what would call somebody."""
    return [handle(who).removeprefix("@") for who in person.identities]


def _name(person: Person) -> str:
    handles = _on_one_line(person)
    name = shorten(neutral(person.name.lstrip("@＠ ")), lambda shorter: cells(shorter) <= _LONGEST)
    return f"{name} ({handles})" if person.has_name and name else handles


def _on_one_line(person: Person) -> str:
    """All handles of a person on one line; nothing in them acts, and what looks like a handle can be copied as one."""
    return ", ".join(each if each.isascii() and each.isprintable() else neutral(each) for each in _handles(person))


def _times(each: Thanked) -> str:
    return f", {each.times} times" if each.times > 1 else ""


def as_text(groups: Sequence[Group], width: int | None = None) -> Iterator[str]:
    """Plain text, in lines of at most `width` columns but for addresses; without a width each on one line."""
    yield "Thank you" if groups else "Nobody did anything in that time."
    for group in groups:
        yield ""
        yield f"They {DID[group.kind]}:"
        for each in group.people:
            line = f"- {_name(each.person)}{_times(each)}"
            yield from fitted(line, width, "  ") if width else (line,)
            if each.url:
                yield f"  {each.url}"


def as_markdown(groups: Sequence[Group], width: int | None = None) -> Iterator[str]:
    """Markdown in which strangers' names are nothing but text."""
    yield "# Thank you"
    for group in groups:
        yield ""
        yield f"## They {DID[group.kind]}"
        yield ""
        for each in group.people:
            name = _MARKS.sub(r"\\\1", _name(each.person))
            url = quote(each.url, safe=":/?#@!$&'*+,;=%~-._")
            yield f"- [{name}](<{url}>){_times(each)}" if url else f"- {name}{_times(each)}"


def as_html(groups: Sequence[Group], width: int | None = None) -> Iterator[str]:
    """A piece of HTML to paste into a page; a name keeps its direction to itself."""
    yield "<h2>Thank you</h2>"
    for group in groups:
        yield f"<h3>They {DID[group.kind]}</h3>"
        yield "<ul>"
        for each in group.people:
            name = f"<bdi>{html.escape(_name(each.person))}</bdi>"
            link = f'<a href="{html.escape(each.url)}">{name}</a>' if each.url else name
            yield f"<li>{link}{_times(each)}</li>"
        yield "</ul>"


Writer = Callable[[Sequence[Group], int | None], Iterator[str]]
WRITERS: dict[str, Writer] = {"text": as_text, "markdown": as_markdown, "html": as_html}
