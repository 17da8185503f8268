"""Adds feeds to an existing OPML file and takes feeds out of it, leaving every other byte as it was.

Comments, unknown attributes, order, indentation and encoding stay. A file that is not well-formed is refused: its
owner would not recognise what recovery makes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from syndicator import urls
from syndicator.sources import encoding, markup, outline
from syndicator.sources.base import SourceError
from syndicator.sources.blogroll import Subscription
from syndicator.sources.opml_tags import attributes_of

_START_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
_REMEDY = "repair that line, or import the file and export it anew"


@dataclass(slots=True)
class _Element:
    """A body or outline with its place in the bytes: [start, inner) is its start tag, [outer, end) its end tag."""

    name: str
    text: str
    url: str
    start: int
    inner: int
    outer: int = 0
    end: int = 0
    children: list[_Element] = field(default_factory=list)

    @property
    def closes_itself(self) -> bool:
        return self.inner == self.end


def edit(data: bytes, add: Iterable[Subscription] = (), remove: Iterable[str] = (), *, where: str = "OPML") -> bytes:
    """Give the file with the URLs `remove` taken out and the feeds `add` put into their folders.

    What is there already is not added again. Raises SourceError, which names the line, when the file is malformed.
    """
    text, name = encoding.decode(data)
    if not data.endswith(text.encode(name, errors="replace")):
        raise SourceError(where, "holds bytes that are no text in its encoding", _REMEDY)
    mark = data[: len(data) - len(text.encode(name))]
    content = text.encode("utf-8")
    gone = {_key(url) for url in remove}
    leaving = [feed for feed in _feeds(_body(content, where)) if _key(feed.url) in gone]
    for start, end in sorted((cut for feed in leaving for cut in _cuts(content, feed)), reverse=True):
        content = content[:start] + content[end:]
    for subscription in add:
        body = _body(content, where)
        if _key(subscription.url) not in {_key(feed.url) for feed in _feeds(body)}:
            content = _with(content, body, subscription, ascii_only=not name.startswith("utf-"))
    _body(content, where)
    return mark + content.decode("utf-8").encode(name, errors="xmlcharrefreplace")


def _key(url: str) -> str:
    return urls.resolve("", url) or url.strip()


def _body(content: bytes, where: str) -> _Element:
    try:
        body = _parsed(content)
    except expat.ExpatError as error:
        problem = f"is malformed at line {error.lineno}, column {error.offset + 1}: {expat.ErrorString(error.code)}"
        raise SourceError(where, problem, _REMEDY) from error
    except outline.EntityDeclared as error:
        raise SourceError(where, f"declares XML entities at line {error}", "take the declarations out") from error
    if body is None:
        raise SourceError(where, "has no <body> to hold subscriptions", "is this an OPML file?")
    return body


def _parsed(content: bytes) -> _Element | None:
    parser = outline.strict_parser()
    found: list[_Element] = []
    inside: list[_Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = outline.local(name)
        if not (local == "outline" if inside else local == "body"):
            return
        own = {outline.local(key): value for key, value in attributes.items()}
        tag = _START_TAG.match(content, parser.CurrentByteIndex)
        if tag is None:  # the parser has accepted the tag, so this is a bug here
            raise AssertionError(f"unreadable tag at byte {parser.CurrentByteIndex}")
        text = markup.fold(own.get("text", "")) or markup.fold(own.get("title", ""))
        element = _Element(local, text, own.get("xmlurl", "").strip(), tag.start(), tag.end())
        (inside[-1].children if inside else found).append(element)
        inside.append(element)

    def end(name: str) -> None:
        if not inside or outline.local(name) != inside[-1].name:
            return
        element = inside.pop()
        if content[: element.inner].endswith(b"/>"):
            element.outer = element.end = element.inner
        else:
            element.outer = parser.CurrentByteIndex
            element.end = content.index(b">", element.outer) + 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(content, True)
    return found[0] if found else None


def _feeds(element: _Element) -> Iterator[_Element]:
    waiting = [element]
    while waiting:
        current = waiting.pop()
        waiting.extend(current.children)
        if current.url:
            yield current


def _cuts(content: bytes, feed: _Element) -> tuple[tuple[int, int], ...]:
    """The bytes to take out: the element with its line if it has one to itself; only its tags if it holds others."""
    if feed.children:
        return (feed.start, feed.inner), (feed.outer, feed.end)
    start = _line_start(content, feed.start)
    rest = re.compile(rb"[ \t]*\r?\n").match(content, feed.end)
    return ((start, rest.end()),) if rest and start != feed.start else ((feed.start, feed.end),)


def _line_start(content: bytes, position: int) -> int:
    """Where the line of `position` starts if only blanks come before it there, else `position`."""
    start = content.rfind(b"\n", 0, position) + 1
    return position if content[start:position].strip(b" \t") else start


def _with(content: bytes, body: _Element, subscription: Subscription, *, ascii_only: bool) -> bytes:
    place, folders = body, [markup.fold(name) for name in subscription.folders]
    while folders:
        inner = next((each for each in place.children if each.text == folders[0] and not each.url), None)
        if inner is None:
            break
        place, folders = inner, folders[1:]
    eol = b"\r\n" if b"\r\n" in content else b"\n"
    unit = b"\t" if b"\n\t" in content else b"  "
    around = content[_line_start(content, place.start) : place.start]
    step = around + unit
    if place.children:
        first = place.children[0].start
        step = content[_line_start(content, first) : first] or step
    new = _lines(subscription, folders, step, unit, eol, ascii_only=ascii_only)
    if place.closes_itself:
        name = re.match(rb"<([^\s/>]+)", content[place.start : place.inner])
        closing = b"</" + (name[1] if name else b"outline") + b">"
        opening = content[place.start : place.inner].removesuffix(b"/>").rstrip() + b">"
        return content[: place.start] + opening + eol + new + around + closing + content[place.end :]
    position = _line_start(content, place.outer)
    before = b"" if content[:position].endswith(b"\n") else eol
    after = around if position == place.outer else b""
    return content[:position] + before + new + after + content[position:]


def _lines(
    subscription: Subscription, folders: list[str], indent: bytes, unit: bytes, eol: bytes, *, ascii_only: bool
) -> bytes:
    """The new outline, in outlines for those of its folders that are not there yet."""
    pairs = " ".join(f"{name}={quoteattr(markup.fold(value))}" for name, value in attributes_of(subscription).items())
    tags = [f"<outline text={quoteattr(name)}>" for name in folders] + [f"<outline {pairs}/>"]
    tags += ["</outline>"] * len(folders)
    depths = [*range(len(folders) + 1), *reversed(range(len(folders)))]
    charset = "ascii" if ascii_only else "utf-8"
    encoded = (tag.encode(charset, errors="xmlcharrefreplace") for tag in tags)
    return b"".join(indent + unit * depth + tag + eol for depth, tag in zip(depths, encoded, strict=True))
