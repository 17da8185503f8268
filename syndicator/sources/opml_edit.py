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
from syndicator.sources.opml_address import address_of, written_address
from syndicator.sources.opml_tags import attributes_of

_START_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
_REMEDY = "repair that line, or import the file and export it anew"


@dataclass(slots=True)
class _Element:
    """A body or outline with its place in the bytes: [start, inner) is its start tag, [outer, end) its end tag.

    `folders` are those of its children that are no feeds, by their texts.
    """

    name: str
    text: str
    url: str
    start: int
    inner: int
    outer: int = 0
    end: int = 0
    children: list[_Element] = field(default_factory=list)
    folders: dict[str, _Element] = field(default_factory=dict)

    @property
    def closes_itself(self) -> bool:
        return self.inner == self.end


def edit(
    data: bytes,
    add: Iterable[Subscription] = (),
    remove: Iterable[str] = (),
    *,
    where: str = "OPML",
    base: str = "",
) -> bytes:
    """Give the file with the URLs `remove` taken out and the feeds `add` put into their folders.

    `base` is the file's own URL, `where` what to call it in errors. URLs are those that `opml.read` gives.
    What is there already is not added again. Raises SourceError, which names the line, when the file is malformed.
    """
    text, name = encoding.decode(data)
    if not data.endswith(text.encode(name, errors="replace")):
        raise SourceError(where, "holds bytes that are no text in its encoding", _REMEDY)
    mark = data[: len(data) - len(text.encode(name))]
    content = text.encode("utf-8")
    gone = {_key(url) for url in remove}
    leaving = [feed for feed in _feeds(_body(content, where, base)) if _key(feed.url) in gone]
    content = _spliced(content, ((*cut, b"") for feed in leaving for cut in _cuts(content, feed)))
    content = _with(content, _body(content, where, base), add, ascii_only=not name.startswith("utf-"))
    _body(content, where, base)
    return mark + content.decode("utf-8").encode(name, errors="xmlcharrefreplace")


def _key(url: str) -> str:
    return urls.resolve("", url) or url.strip()


def _body(content: bytes, where: str, base: str) -> _Element:
    try:
        body = _parsed(content, base)
    except expat.ExpatError as error:
        problem = f"is malformed at line {error.lineno}, column {error.offset + 1}: {expat.ErrorString(error.code)}"
        raise SourceError(where, problem, _REMEDY) from error
    except outline.EntityDeclared as error:
        raise SourceError(where, f"declares XML entities at line {error}", "take the declarations out") from error
    if body is None:
        raise SourceError(where, "has no <body> to hold subscriptions", "is this an OPML file?")
    return body


def _parsed(content: bytes, base: str) -> _Element | None:
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
        written = written_address(own)
        url, _ = address_of(written, base, allow_files=True) if written else ("", "")
        element = _Element(local, text, url or written, tag.start(), tag.end())
        (inside[-1].children if inside else found).append(element)
        if inside and not element.url:
            inside[-1].folders.setdefault(element.text, element)
        inside.append(element)

    def end(name: str) -> None:
        if not inside or outline.local(name) != inside[-1].name:
            return
        element = inside.pop()
        if content.endswith(b"/>", 0, element.inner):
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
    alone = rest and content[start - 1 : start] == b"\n"
    return ((start, rest.end()),) if rest and alone else ((feed.start, feed.end),)


def _line_start(content: bytes, position: int) -> int:
    """Where the line of `position` starts if only blanks come before it there, else `position`."""
    start = content.rfind(b"\n", 0, position) + 1
    return position if content[start:position].strip(b" \t") else start


def _with(content: bytes, body: _Element, add: Iterable[Subscription], *, ascii_only: bool) -> bytes:
    """The content with feeds added to their folders, all at once: reading it anew for each would take for ever."""
    known = {_key(feed.url) for feed in _feeds(body)}
    growth: dict[int, tuple[_Element, _Branch]] = {}
    for subscription in add:
        if _key(subscription.url) in known:
            continue
        known.add(_key(subscription.url))
        place, folders = body, [markup.fold(name) for name in subscription.folders]
        while folders and folders[0] in place.folders:
            place = place.folders[folders.pop(0)]
        _, branch = growth.setdefault(place.start, (place, _Branch()))
        for name in folders:
            branch = branch.folder(name)
        branch.entries.append(subscription)
    style = _Style.of(content, ascii_only=ascii_only)
    return _spliced(content, (_grown(content, place, branch, style) for place, branch in growth.values()))


def _spliced(content: bytes, changes: Iterable[tuple[int, int, bytes]]) -> bytes:
    """The content with the bytes [start, end) of each change replaced; changes don't overlap."""
    pieces, position = [], 0
    for start, end, new in sorted(changes):
        pieces += [content[position:start], new]
        position = end
    return b"".join((*pieces, content[position:]))


@dataclass(slots=True)
class _Branch:
    """What is added in one place: feeds, and folders that are not there yet with what comes into them."""

    entries: list[Subscription | tuple[str, _Branch]] = field(default_factory=list)
    folders: dict[str, _Branch] = field(default_factory=dict)

    def folder(self, name: str) -> _Branch:
        """The new folder of this name."""
        if name not in self.folders:
            self.folders[name] = _Branch()
            self.entries.append((name, self.folders[name]))
        return self.folders[name]


@dataclass(frozen=True, slots=True)
class _Style:
    """How the file is written: the end of its lines, one step of its indentation, its characters."""

    eol: bytes
    unit: bytes
    charset: str

    @classmethod
    def of(cls, content: bytes, *, ascii_only: bool) -> _Style:
        """The style of what is there already."""
        eol, unit = b"\r\n" if b"\r\n" in content else b"\n", b"\t" if b"\n\t" in content else b"  "
        return cls(eol, unit, "ascii" if ascii_only else "utf-8")

    def line(self, indent: bytes, tag: str) -> bytes:
        """One tag on a line of its own."""
        return indent + tag.encode(self.charset, errors="xmlcharrefreplace") + self.eol


def _grown(content: bytes, place: _Element, branch: _Branch, style: _Style) -> tuple[int, int, bytes]:
    """The bytes [start, end) to replace, and by what, so that a branch stands at the end of an element."""
    around = content[_line_start(content, place.start) : place.start]
    step = around + style.unit
    if place.children:
        first = place.children[0].start
        step = content[_line_start(content, first) : first] or step
    new = b"".join(_lines(branch, step, style))
    if place.closes_itself:
        name = re.match(rb"<([^\s/>]+)", content[place.start : place.inner])
        closing = b"</" + (name[1] if name else b"outline") + b">"
        opening = content[place.start : place.inner].removesuffix(b"/>").rstrip() + b">"
        return place.start, place.end, opening + style.eol + new + around + closing
    position = _line_start(content, place.outer)
    before = b"" if content.endswith(b"\n", 0, position) else style.eol
    return position, position, before + new + (around if position == place.outer else b"")


def _lines(branch: _Branch, indent: bytes, style: _Style) -> Iterator[bytes]:
    for entry in branch.entries:
        if isinstance(entry, Subscription):
            given = attributes_of(entry).items()
            pairs = " ".join(f"{name}={quoteattr(markup.fold(value))}" for name, value in given)
            yield style.line(indent, f"<outline {pairs}/>")
            continue
        name, inside = entry
        yield style.line(indent, f"<outline text={quoteattr(name)}>")
        yield from _lines(inside, indent + style.unit, style)
        yield style.line(indent, "</outline>")
