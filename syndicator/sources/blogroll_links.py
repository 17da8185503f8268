"""Which blogrolls a page or feed names, and where sites that name none often have one. Pure; `find_blogroll` asks.

The rules: `rel=blogroll` links and the well-known address (https://opml.org/blogroll.opml, read November 2026),
`<source:blogroll>` in feeds (http://source.scripting.com/), and its elder in the blogChannel module.
"""

from __future__ import annotations

import re

from syndicator import urls
from syndicator.sources import encoding, markup, weblinks
from syndicator.sources.weblinks import WebLink

WELL_KNOWN = "/.well-known/recommendations.opml"
_COMMON = ("blogroll.opml", "blogroll.xml", "opml.xml", "feeds.opml", "subscriptions.opml")

_IN_FEED = re.compile(r"<(?:[\w.-]+:)?blogroll(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[)?([^<\]]+)", re.IGNORECASE)
_LONGEST_HEAD = 100_000  # characters
_FIRST_ENTRY = re.compile(r"<(?:item|entry)[\s>]", re.IGNORECASE)


def named(body: bytes, url: str, *, content_type: str = "", link: str = "") -> tuple[WebLink, ...]:
    """The blogrolls that the page or feed at `url` names, best first: human-readable ones (`text/html`) come last.

    `link` is the Link header that it came with.
    """
    text, _ = encoding.decode(body, content_type)
    found = [each for each in weblinks.declared(text, url, link) if "blogroll" in each.relations]
    entries = _FIRST_ENTRY.search(text)
    head = text[: min(entries.start() if entries else len(text), _LONGEST_HEAD)]
    in_feed = (markup.absolute(markup.unescape(address), url) for address in _IN_FEED.findall(head))
    found += [WebLink(address, ("blogroll",)) for address in in_feed if address]
    unique: dict[str, WebLink] = {}
    for each in sorted(found, key=lambda each: each.type == "text/html"):
        unique.setdefault(each.url, each)
    return tuple(unique.values())


def common_places(url: str) -> tuple[str, ...]:
    """Where the site of a page may have a blogroll: the well-known place, then beside the page and at the root."""
    places = [urls.resolve(url, WELL_KNOWN)]
    places += [urls.resolve(url, folder + name) for folder in ("", "/") for name in _COMMON]
    return tuple(dict.fromkeys(place for place in places if place))
