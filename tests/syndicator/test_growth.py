"""What strangers send costs time that grows with its length, not with the square of it, whoever reads it.

One test for each reader and each thing that can be repeated. Lengths are compared, so that no machine is too slow.
"""

import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from syndicator.pages.links import rel_me, webmention_endpoint
from syndicator.pages.read import read as read_page_facts
from syndicator.sources import blogroll_links, discover, opml
from syndicator.sources.base import SourceError
from syndicator.sources.parse import parse

URL = "https://ada.example/posts/1"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
LONG, SHORT = 30_000, 7_500  # characters: a fourth; what grows with the square takes sixteen times as long
MOST_TIMES = 10
HARMLESS = 0.05  # seconds of CPU: so little that its growth can't be told from noise

WORDS = (" ", "\n", "1", "a", "-", "@", ";", "a@", "a.", "1,", "word ", "&lt;", "2026-01-01T", "http://")
MARKUP = (
    *("<", "&", "&#", '"', "'", "[", "{", "%41", "\\", "//", "/*", "<!--", "<!-- ", "<![CDATA[", "<?", "<!"),
    *("<a ", "<a b=", "<a>", "</a>", "<a/>", "<blogroll ", "<outline "),
)

RSS = (
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title><item>{}</item></channel>'
)
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry>{}</entry></feed>'
#: Where in a document it stands, by reader: what is repeated comes at the dots.
FEEDS = {
    "the start": "…",
    "a prolog": "<!DOCTYPE rss [ … ]><rss version='2.0'><channel><title>T</title></channel></rss>",
    "an XML declaration": "<?xml …?><rss version='2.0'><channel><title>T</title></channel></rss>",
    "a tag": RSS.format("<guid …"),
    "an item": RSS.format("…"),
    "CDATA": RSS.format("<author><![CDATA[…]]></author><description><![CDATA[…]]></description>"),
    "an author, halved": RSS.format("<author>…<x/>…</author>"),
    "an Atom entry": ATOM.format("…"),
    "an Atom author": ATOM.format("<author><name>…</name><email>…</email></author>"),
    "XHTML": ATOM.format('<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">…</div></content>'),
    "JSON": '{"items": [{"id": "…", "title": "…", "content_html": "…", "date_published": "…"}]}',
}
ELEMENTS = {
    name: RSS.format(f"<{name}>…</{name}>")
    for name in ("title", "link", "description", "pubDate", "author", "dc:creator", "dc:date", "guid", "category")
}
PAGES = {
    "text": "<p>…",
    "the title": "<title>…",
    "JSON-LD": '<script type="application/ld+json">…</script>',
    "after JSON-LD": '<script type="application/ld+json">{"a": 1…x</script>',
    "a script": "<script>location…</script>",
    "a tag": "<a …",
    "a class": '<div class="h-entry …">x</div>',
    "a microformat": '<div class="h-entry"><p class="p-name">…</p><a class="u-url" href="…"></a></div>',
    "a refresh": "<meta http-equiv=refresh content=\"0…'x'y\">",
    "a description": '<meta name=description content="…"><meta name=author content="…">',
    "an address": '<link rel=canonical href="…"><link rel=alternate type=text/xml href="…"><base href="…">',
    "a link": '<a rel="me webmention" href="…">RSS …</a>',
    "a date": '<meta property="article:published_time" content="…">',
}
LISTS = {
    "the start": "…",
    "an outline": '<opml><body><outline text="…" xmlUrl="https://ada.example/…"/></body></opml>',
    "a tag": "<opml><body><outline …",
    "the body": "<opml><body>…</body></opml>",
}


def read_feed(body: bytes) -> None:
    with contextlib.suppress(SourceError):
        parse(body, url=URL, now=NOW)


def read_page(body: bytes) -> None:
    read_page_facts(body, URL)
    discover.read_page(body, URL)
    blogroll_links.named(body, URL)
    rel_me(body, URL)
    webmention_endpoint(body, URL)


def read_list(body: bytes) -> None:
    opml.read(body)


CASES = [
    pytest.param(reader, place, piece, id=f"{name}, {position}: {piece!r}")
    for name, reader, places, pieces in (
        ("feed", read_feed, FEEDS, WORDS + MARKUP),
        ("feed", read_feed, ELEMENTS, WORDS),
        ("page", read_page, PAGES, WORDS + MARKUP),
        ("list", read_list, LISTS, WORDS + MARKUP),
    )
    for position, place in places.items()
    for piece in pieces
]


@pytest.mark.parametrize(("reader", "place", "piece"), CASES)
def test_reading_takes_no_more_than_its_share(reader: Callable[[bytes], None], place: str, piece: str) -> None:
    def seconds(length: int) -> float:
        body = place.replace("…", piece * (length // len(piece) // place.count("…"))).encode()
        start = time.process_time()
        reader(body)
        return time.process_time() - start

    if (longer := seconds(LONG)) > HARMLESS:
        shorter = min(seconds(SHORT) for _ in range(3))
        assert min(longer, seconds(LONG)) < MOST_TIMES * shorter + HARMLESS
