"""OPML text to outlines, strictly where it is well-formed and forgivingly where it is not.

Knows XML and how people break it; what an outline means (feed, folder, inclusion) is `opml`'s business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from syndicator.sources import markup
from syndicator.sources.blogroll import Problem


@dataclass(slots=True)
class Outline:
    """One outline element: attributes by lower-case name, the line it starts on, and what is nested in it."""

    attributes: dict[str, str]
    line: int = 0
    children: list[Outline] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """What was found in a file: `root` is its outermost element's name, `title` the one in its head."""

    outlines: list[Outline] = field(default_factory=list)
    root: str = ""
    title: str = ""
    problem: Problem | None = None


class EntityDeclared(Exception):
    """The document declares XML entities: never needed in OPML, and how entity bombs are made."""


def read(text: str) -> Document:
    """Read strictly, and if that fails once more with everything that can be recovered, saying where it failed."""
    try:
        return _strict(text)
    except expat.ExpatError as error:
        problem = Problem(
            error.lineno, error.offset + 1, f"{expat.ErrorString(error.code)}; what could be read was kept"
        )
    except EntityDeclared as error:
        problem = Problem(int(error.args[0]), None, "declares XML entities, which were left unread")
    return _lenient(text, problem)


def strict_parser() -> expat.XMLParserType:
    """A parser of UTF-8 that stops at declarations of entities: refuse the bomb, not the mere DOCTYPE."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def refuse(*_declaration: object) -> None:
        raise EntityDeclared(parser.CurrentLineNumber)

    parser.EntityDeclHandler = refuse
    return parser


def _strict(text: str) -> Document:
    document, open_outlines, path, title = Document(), list[Outline](), list[str](), list[str]()
    parser = strict_parser()

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(local(name))
        document.root = document.root or path[0]
        if path[-1] == "outline":
            outline = Outline({local(key): value for key, value in attributes.items()}, parser.CurrentLineNumber)
            _place(outline, document, open_outlines)
            open_outlines.append(outline)

    def end(_name: str) -> None:
        if path.pop() == "outline":
            open_outlines.pop()

    def characters(data: str) -> None:
        if path[-2:] == ["head", "title"]:
            title.append(data)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = characters
    parser.Parse(text.encode("utf-8", errors="replace"), True)
    document.title = markup.fold("".join(title))
    return document


def local(name: str) -> str:
    """The name of an element or attribute without namespace and prefix, in lower case: people write XMLURL too."""
    return name.rpartition(":")[2].lower()


def _place(outline: Outline, document: Document, open_outlines: list[Outline]) -> None:
    (open_outlines[-1].children if open_outlines else document.outlines).append(outline)


_TAG = re.compile(r"<(/?)([A-Za-z_][\w.-]*(?::[\w.-]+)?)|<!--")
_ATTRIBUTE = re.compile(r"\s*([^\s=<>/\"']+)\s*=\s*(?:([\"'])|([^\s\"'<>]+))")
# A quote closes a value where something that may follow a value follows; a new tag ends an unfinished one.
_VALUE_END = {
    quote: re.compile(
        rf"{quote}(?=\s*(?:[/?]?>|[^\s=<>/\"']+\s*=|$|<))|(?=</?(?:outline|body|head|opml)\b)", re.IGNORECASE
    )
    for quote in "\"'"
}
_TITLE = re.compile(r"<title[^>]*>([^<]*)", re.IGNORECASE)


def _lenient(text: str, problem: Problem) -> Document:
    document, open_outlines, position, line, counted = Document(problem=problem), list[Outline](), 0, 1, 0
    unclosed, last_comment_end = _has_unclosed_outlines(text), text.rfind("-->")
    while match := _TAG.search(text, position):
        position = match.end()
        if not match[2] and position <= last_comment_end:
            position = text.index("-->", position)
        name = local(match[2] or "")
        document.root = document.root or name
        if name != "outline":
            continue
        line, counted = line + text.count("\n", counted, match.start()), match.start()
        if match[1]:
            del open_outlines[-1:]
            continue
        attributes, position, closed = _attributes(text, position)
        if unclosed and open_outlines and "xmlurl" in open_outlines[-1].attributes:
            open_outlines.pop()  # where end tags are missing, a feed holds nothing
        outline = Outline(attributes, line)
        _place(outline, document, open_outlines)
        if not closed:
            open_outlines.append(outline)
    title = _TITLE.search(text)
    document.title = markup.title_text(title[1], is_html=False) if title else ""
    return document


def _has_unclosed_outlines(text: str) -> bool:
    opened = len(re.findall(r"<outline\b", text, re.IGNORECASE))
    closed = len(re.findall(r"</outline\b", text, re.IGNORECASE))
    return opened - closed > text.count("/>")


def _attributes(text: str, position: int) -> tuple[dict[str, str], int, bool]:
    """Read attributes from where a tag's name ended: what they are, where they end, and whether the tag closes itself.

    Values may lack quotes, hold bare ampersands, quotes and angle brackets, or break off.
    """
    found: dict[str, str] = {}
    while match := _ATTRIBUTE.match(text, position):
        position = match.end()
        value = match[3] or ""
        if match[2]:
            end = _VALUE_END[match[2]].search(text, position)
            value = text[position : end.start() if end else len(text)]
            position = end.end() if end else len(text)
        elif value.endswith("/") and text.startswith(">", position):
            value, position = value[:-1], position - 1
        found.setdefault(local(match[1]), markup.unescape(re.sub(r"[\t\r\n]", " ", value)))
    rest = re.compile(r"[^<>]*").match(text, position)
    junk = rest[0] if rest else ""
    return found, position + len(junk), junk.rstrip().endswith("/")
