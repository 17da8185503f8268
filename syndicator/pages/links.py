"""Links that say what stands behind them: who a page's owner is elsewhere, and where it takes webmentions.

Rules: https://microformats.org/wiki/rel-me and https://www.w3.org/TR/webmention/#sender-discovers-receiver-webmention-endpoint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from syndicator import urls
from syndicator.pages.document import Document, attribute, open_page
from syndicator.sources import markup

MOST_LINKS = 100
_IN_HEADER = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\",;\s]*))?)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\",;\s]*))", re.IGNORECASE)


def rel_me(body: bytes, url: str, content_type: str = "") -> tuple[str, ...]:
    """The places that a page calls its owner's (rel=me), in order, once each: http(s) addresses and `mailto:`."""
    page = open_page(body, url, content_type)
    return me_links(page) if page is not None else ()


def me_links(page: Document) -> tuple[str, ...]:
    """The same for a page that is parsed already."""
    found = {_place(attribute(node, "href"), page): None for node in _related(page, "me")}
    return tuple(address for address in found if address)[:MOST_LINKS]


def webmention_endpoint(body: bytes, url: str, link_header: str = "", content_type: str = "") -> str:
    """Where the page at `url` (after redirects) takes webmentions: by its Link header, else by its first element.

    That is a link or an anchor, whichever comes first. "" where it takes none, or names an endpoint that is no http(s)
    address. An empty address is the page itself.
    """
    for address, parameters in _IN_HEADER.findall(link_header):
        rel = _REL.search(parameters)
        if rel and "webmention" in (rel[1] or rel[2] or "").lower().split():
            return urls.resolve(url, address)
    page = open_page(body, url, content_type)
    node = next(_related(page, "webmention"), None) if page is not None else None
    return "" if page is None or node is None else urls.resolve(page.base, attribute(node, "href"))


def _related(page: Document, relation: str) -> Iterator[LexborNode]:
    for node in page.tree.css("link[rel][href], a[rel][href], area[rel][href]"):
        if relation in attribute(node, "rel").lower().split():
            yield node


def _place(link: str, page: Document) -> str:
    link = markup.fold(link)
    return link if re.match(r"mailto:[^\s@]+@", link, re.IGNORECASE) else page.address(link)
