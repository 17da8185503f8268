"""Which feeds a web page names, and which pages may know more: its HTTP Link header, its elements, its ordinary links.

Pure: fetching the page, and making sure that a feed lies behind each address, is left to the caller; which feed is the
best one to `rank`. The rules are those of feed autodiscovery (https://www.rssboard.org/rss-autodiscovery, HTML Standard
4.6.7.1 and RFC 8288).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicator import urls
from syndicator.sources import encoding, known, markup, rank, weblinks
from syndicator.sources.rank import FeedLink

__all__ = ["FeedLink", "FeedPage", "find_feeds", "read_page"]

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
_FEED_PATH = re.compile(
    r"/(?:feed|rss|atom|index|posts|blog)\.(?:xml|rdf)$|/feed\.json$|\.(?:rss|atom)$|/(?:feed|rss|atom)/?$",
    re.IGNORECASE,
)
#: What links to a feed are called: "RSS", "Atom feed", "Subscribe via RSS".
_FEED_NAME = re.compile(
    r"(?=.*\b(?:rss|atom|feeds?)\b)"
    r"(?:\W*\b(?:rss|atom|json|rdf|xml|web|blog|news|full|text|feeds?|subscribe|abonnieren|abonner|via|by|to|1\.0|2\.0)\b)+\W*",
    re.IGNORECASE,
)
_FEED_HOST = re.compile(r"feeds?\d*\.|feedpress\.(?:me|it)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What a page says about feeds. `feeds` are those it names, best first.

    `elsewhere` are other pages that may name them when it names none: where it sends its readers, its canonical
    address, its home, the top of its site. `derived` are feeds that follow from what it is about.
    """

    url: str
    feeds: tuple[FeedLink, ...] = ()
    derived: tuple[FeedLink, ...] = ()
    elsewhere: tuple[str, ...] = ()


def find_feeds(html: bytes, url: str, headers: Mapping[str, str] | None = None) -> tuple[FeedLink, ...]:
    """Find the feeds that the page at `url` names, best first."""
    return read_page(html, url, headers).feeds


def read_page(html: bytes, url: str, headers: Mapping[str, str] | None = None) -> FeedPage:
    """Read what the page at `url` says about feeds. Ordinary links count only where nothing else names one.

    `headers` are those of the answer; their names may have any case.
    """
    fields = {name.lower(): value for name, value in (headers or {}).items()}
    text, _ = encoding.decode(html, fields.get("content-type", ""))
    found = list(_from_header(fields.get("link", ""), url))
    tree = markup.tree_of(text)
    if tree is None:
        return FeedPage(url, rank.best_first(found))
    base = _base(tree, url)
    found += _from_elements(tree, base)
    feeds = found or list(_from_anchors(tree, base, url))
    language = _attribute(root, "lang") if (root := tree.css_first("html[lang]")) is not None else ""
    return FeedPage(
        url,
        feeds=rank.best_first(feeds, language),
        derived=known.in_page(url, tree),
        elsewhere=tuple(dict.fromkeys(each for each in _elsewhere(tree, base, url) if _differs(each, url))),
    )


def _from_header(header: str, url: str) -> Iterator[FeedLink]:
    for address, given in weblinks.in_header(header):
        link = _link(address, url, given)
        if link is not None:
            yield link


def _base(tree: LexborHTMLParser, url: str) -> str:
    element = tree.css_first("base[href]")
    return (markup.absolute(_attribute(element, "href"), url) or url) if element is not None else url


def _from_elements(tree: LexborHTMLParser, base: str) -> Iterator[FeedLink]:
    for node in tree.css("link[href]"):
        given = {name: value or "" for name, value in node.attributes.items()}
        link = _link(given["href"], base, given)
        if link is not None:
            yield link


def _from_anchors(tree: LexborHTMLParser, base: str, url: str) -> Iterator[FeedLink]:
    """Links to feeds of the page's own site, or where feeds are kept for others; other people's feeds are not its."""
    site = _bare_host(url)
    for node in tree.css("a[href]"):
        address = markup.absolute(_attribute(node, "href"), base)
        host = _bare_host(address)
        if not address or not (_same_house(host, site) or _FEED_HOST.search(host)):
            continue
        kind = _media_type(_attribute(node, "type"))
        path = address.partition("?")[0].partition("#")[0]
        if kind in _TYPES or _FEED_PATH.search(path) or any(map(_FEED_NAME.fullmatch, _names(node))):
            yield FeedLink(address, markup.fold(node.text()), kind)


def _names(node: LexborNode) -> Iterator[str]:
    """What an ordinary link is called: by its text, for those who can't see it, or by its picture."""
    yield markup.fold(node.text())[:100]
    yield markup.fold(_attribute(node, "aria-label") or _attribute(node, "title"))[:100]
    for picture in node.css("img[alt]"):
        yield markup.fold(_attribute(picture, "alt"))[:100]


def _elsewhere(tree: LexborHTMLParser, base: str, url: str) -> Iterator[str]:
    for node in tree.css("meta[http-equiv][content]"):
        if _attribute(node, "http-equiv").lower() == "refresh":
            _, link = weblinks.in_refresh(_attribute(node, "content"))
            yield urls.resolve(base, link) if link else ""
    for relation in ("canonical", "home", "start"):
        for node in tree.css("link[rel][href]"):
            if relation in _attribute(node, "rel").lower().split():
                yield urls.resolve(base, _attribute(node, "href"))
    yield urls.resolve(url, "/")


def _differs(page: str, url: str) -> bool:
    return page != "" and urls.page_key(urls.canonical(page)) != urls.page_key(urls.canonical(url))


def _link(address: str, base: str, given: Mapping[str, str]) -> FeedLink | None:
    """A link that says it is a feed: an alternate of a feed's type, or `rel=feed`; not a stylesheet, not oEmbed."""
    relations, kind = given.get("rel", "").lower().split(), _media_type(given.get("type", ""))
    is_json_feed = kind == "application/json" and "feed" in address.lower()  # else it is an API's own description
    if not ("feed" in relations or ("alternate" in relations and (kind in _TYPES or is_json_feed))):
        return None
    if "stylesheet" in relations or not address.strip():
        return None
    absolute = markup.absolute(address, base)
    title = markup.title_text(given.get("title", ""), is_html=False)
    return FeedLink(absolute, title, kind, given.get("hreflang", "").strip()) if absolute else None


def _same_house(host: str, site: str) -> bool:
    """Whether two hosts belong together: the same, or one below the other."""
    return host == site or host.endswith(f".{site}") or site.endswith(f".{host}")


def _bare_host(url: str) -> str:
    return urls.host(url).removeprefix("www.")


def _media_type(text: str) -> str:
    return text.partition(";")[0].strip().lower()


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""
