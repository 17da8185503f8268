"""What the pages of a linkblog tell machines and people: whose it is, who is credited, where everything is."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from feed_rules import ATOM

from platforms.linkblog_book import PAGE
from syndicator.pages import mf2
from syndicator.pages.document import open_page
from syndicator.pages.read import read as read_page

from .growing_linkblog import ADDRESS, START, article, grow, linkblog, read, share


def test_the_pages_are_feeds_to_those_who_read_microformats(tmp_path: Path) -> None:
    grow(tmp_path, PAGE + 3)
    for name in ("index.html", "archive/1.html"):
        page = open_page((tmp_path / name).read_bytes(), ADDRESS + name)
        assert page
        [feed] = mf2.items(page)
        assert feed.types == ("h-feed",)
        assert (feed.first("name"), feed.first("author"), feed.first("url")) == (
            "Ada’s links",
            "Ada",
            f"{ADDRESS}index.html",
        )
        assert [entry.types for entry in feed.children] == [("h-entry",)] * PAGE
        numbers = range(PAGE + 2, 2, -1) if name == "index.html" else range(PAGE - 1, -1, -1)
        for number, entry in zip(numbers, feed.children, strict=True):
            assert entry.first("name") == f"Number {number}."
            assert entry.first("bookmark-of") == f"https://ben.example/{number}"
            assert entry.first("url").startswith(f"{ADDRESS}archive/{number // PAGE + 1}.html#l")
            assert entry.first("published") == f"{START + timedelta(hours=5 * number):%Y-%m-%dT%H:%M:%SZ}"
            assert "Well said." in entry.first("content")


def test_a_request_of_an_earlier_version_is_published(tmp_path: Path) -> None:
    request = linkblog(tmp_path).prepare(article(1), "k1", START)
    payload = {name: value for name, value in request.payload.items() if name != "author"}
    blog = linkblog(tmp_path)
    assert blog.publish(replace(request, payload=payload)) == blog.find(request)


def test_the_author_is_credited_beside_the_site(tmp_path: Path) -> None:
    blog = linkblog(tmp_path)
    for number, author in enumerate(("Ben & Co", "Ben writes", "")):
        draft = article(number)
        assert draft.card
        draft = replace(draft, card=replace(draft.card, author=author))
        blog.publish(blog.prepare(draft, f"k{number}", START + timedelta(hours=number)))
    site = '<bdi><a href="https://ben.example/">Ben writes</a></bdi>'
    for content in ((tmp_path / "index.html").read_text("utf-8"), _contents(tmp_path)):
        named = [part.partition("</p>")[0] for part in content.split('<p class="from">')[1:]]
        assert named == [f"— {site}", f"— {site}", f"— <bdi>Ben &amp; Co</bdi>, {site}"]


def _contents(folder: Path) -> str:
    return "".join(each.text or "" for each in ET.parse(folder / "feed.xml").iter(f"{ATOM}content"))


def test_the_page_says_what_it_is(tmp_path: Path) -> None:
    grow(tmp_path, PAGE + 2, url=ADDRESS)
    for name, canonical in (("index.html", ADDRESS), ("archive/1.html", f"{ADDRESS}archive/1.html")):
        html = (tmp_path / name).read_text("utf-8")
        assert f'<link rel="canonical" href="{canonical}">' in html
        assert f'<meta property="og:url" content="{canonical}">' in html
        assert read_page(html.encode(), canonical).title


def test_another_title_is_on_every_page_at_once(tmp_path: Path) -> None:
    grow(tmp_path, 3 * PAGE)
    share(linkblog(tmp_path, title="Renamed"), 3 * PAGE)
    pages = [content for name, content in read(tmp_path).items() if name.endswith((".html", ".xml", "feed.json"))]
    assert len(pages) > 8
    assert all(b"Renamed" in page and "Ada’s links".encode() not in page for page in pages)
