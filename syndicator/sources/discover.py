"""Which feeds a web page names: in its HTTP Link header, its link elements, or at worst its ordinary links.

Pure: fetching the page, and making sure that a feed lies behind each address, is left to the caller. The rules are
those of feed autodiscovery (https://www.rssboard.org/rss-autodiscovery, HTML Standard 4.6.7.1 and RFC 8288).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicator.sources import encoding, markup

_TYPES = {
    "application/atom+xml",
    "application/rss+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/x-atom+xml",
    "application/x-rss+xml",
    "application/xml",
    "text/xml",
    "text/rss",
}
_HEADER_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\",;\s]*))?)*)")
_HEADER_PARAMETER = re.compile(r";\s*([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\",;\s]*))")
_LOOKS_LIKE_FEED = re.compile(
    r"/(?:feed|rss|atom|index|posts|blog)\.(?:xml|rdf)$|/feed\.json$|\.(?:rss|atom)$|/(?:feed|rss|atom)/?$",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comment|replies|kommentar|commentaire", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page names: absolute address, the page's title for it, and its media type if the page says."""

    url: str
    title: str = ""
    type: str = ""


def find_feeds(html: bytes, url: str, headers: Mapping[str, str] | None = None) -> tuple[FeedLink, ...]:
    """Find the feeds that the page at `url` names, best first: as the page orders them, feeds of comments last.

    `headers` are those of the answer; their names may have any case. Ordinary links count only when nothing else does.
    """
    fields = {name.lower(): value for name, value in (headers or {}).items()}
    text, _ = encoding.decode(html, fields.get("content-type", ""))
    found = list(_from_header(fields.get("link", ""), url))
    tree = markup.tree_of(text)
    if tree is not None:
        base = _base(tree, url)
        found += _from_elements(tree, base)
        if not found:
            found = list(_from_anchors(tree, base))
    unique: dict[str, FeedLink] = {}
    for link in found:
        unique.setdefault(link.url, link)
    return tuple(sorted(unique.values(), key=_is_for_comments))


def _from_header(header: str, url: str) -> Iterator[FeedLink]:
    for address, parameters in _HEADER_LINK.findall(header):
        given = {name.lower(): quoted or plain for name, quoted, plain in _HEADER_PARAMETER.findall(parameters)}
        link = _link(address, url, given.get("rel", ""), given.get("type", ""), given.get("title", ""))
        if link is not None:
            yield link


def _base(tree: LexborHTMLParser, url: str) -> str:
    element = tree.css_first("base[href]")
    return (markup.absolute(_attribute(element, "href"), url) or url) if element is not None else url


def _from_elements(tree: LexborHTMLParser, base: str) -> Iterator[FeedLink]:
    for node in tree.css("link[href]"):
        values = (_attribute(node, name) for name in ("href", "rel", "type", "title"))
        link = _link(next(values), base, *values)
        if link is not None:
            yield link


def _from_anchors(tree: LexborHTMLParser, base: str) -> Iterator[FeedLink]:
    for node in tree.css("a[href]"):
        address = markup.absolute(_attribute(node, "href"), base)
        kind = _media_type(_attribute(node, "type"))
        path = address.partition("?")[0].partition("#")[0]
        if address and (kind in _TYPES or _LOOKS_LIKE_FEED.search(path)):
            yield FeedLink(address, markup.fold(node.text()), kind)


def _link(address: str, base: str, rel: str, kind: str, title: str) -> FeedLink | None:
    """A link that says it is a feed: an alternate of a feed's type, or `rel=feed`; not a stylesheet, not oEmbed."""
    relations, kind = rel.lower().split(), _media_type(kind)
    is_json_feed = kind == "application/json" and "feed" in address.lower()  # else it is an API's own description
    if not ("feed" in relations or ("alternate" in relations and (kind in _TYPES or is_json_feed))):
        return None
    if "stylesheet" in relations or not address.strip():
        return None
    absolute = markup.absolute(address, base)
    return FeedLink(absolute, markup.title_text(title, is_html=False), kind) if absolute else None


def _media_type(text: str) -> str:
    return text.partition(";")[0].strip().lower()


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def _is_for_comments(link: FeedLink) -> bool:
    return _COMMENTS.search(f"{link.url} {link.title}") is not None
