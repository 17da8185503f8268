"""The links that an answer declares about itself: in its HTTP Link header (RFC 8288), its link elements, its refresh.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicator.sources import markup

_HEADER_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\",;\s]*))?)*)")
_REFRESH = re.compile(r"(?=[\d.])(\d{0,9})[\d.]*+ ?[;,]? ?(?:url ?= ?)?(.*)", re.IGNORECASE)
_LONGEST_REFRESH = 2_000  # characters
_HEADER_PARAMETER = re.compile(r";\s*([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\",;\s]*))")


@dataclass(frozen=True, slots=True)
class WebLink:
    """One declared link: an absolute http(s) address, its relations in lower case, media type and title if given."""

    url: str
    relations: tuple[str, ...]
    type: str = ""
    title: str = ""


def declared(text: str, url: str, header: str = "") -> Iterator[WebLink]:
    """The links of the page (or feed) `text` at `url`, those of its Link `header` first."""
    for address, given in in_header(header):
        yield from _link(address, url, given)
    tree = markup.tree_of(text)
    if tree is None:
        return
    base = _base(tree, url)
    for node in tree.css("link[href]"):
        given = {name: node.attributes.get(name) or "" for name in ("rel", "type", "title")}
        yield from _link(_href(node), base, given)


def in_header(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The addresses in a Link header as they stand there, each with its parameters by lower-case name."""
    for address, parameters in _HEADER_LINK.findall(header):
        yield address, {name.lower(): quoted or plain for name, quoted, plain in _HEADER_PARAMETER.findall(parameters)}


def in_refresh(content: str) -> tuple[int, str]:
    """The seconds after which a `<meta http-equiv=refresh>` sends its readers on, and where, as it stands there.

    (0, "") where it sends nobody anywhere (HTML Standard 4.2.5.3, its shared declarative refresh steps).
    """
    match = _REFRESH.fullmatch(markup.fold(content)[:_LONGEST_REFRESH])
    if match is None:
        return 0, ""
    link = match[2]
    if link[:1] in {"'", '"'}:
        link = link[1:].partition(link[0])[0]
    return int(match[1] or 0), link.strip("'\" ")


def _base(tree: LexborHTMLParser, url: str) -> str:
    element = tree.css_first("base[href]")
    return (markup.absolute(_href(element), url) or url) if element is not None else url


def _href(node: LexborNode) -> str:
    return node.attributes.get("href") or ""


def _link(address: str, base: str, given: dict[str, str]) -> Iterator[WebLink]:
    absolute = markup.absolute(address, base)
    if absolute:
        kind = given.get("type", "").partition(";")[0].strip().lower()
        title = markup.title_text(given.get("title", ""), is_html=False)
        yield WebLink(absolute, tuple(given.get("rel", "").lower().split()), kind, title)
