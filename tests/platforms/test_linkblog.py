"""The linkblog: valid feeds, and a page that believes nobody."""

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from feed_rules import ATOM, broken_in_atom, broken_in_json_feed
from hypothesis import given
from hypothesis import strategies as st

from platforms.base import Card, Draft, Login, PostRef
from platforms.linkblog import Linkblog

ADDRESS = "https://ada.example/links"


def linkblog(folder: Path, *, timeout: float = 20.0, **options: str) -> Linkblog:
    return Linkblog(Login("links", {"folder": str(folder), "title": "Ada’s links", **options}, timeout=timeout))


def share(blog: Linkblog, draft: Draft, at: datetime, key: str = "k") -> PostRef:
    return blog.publish(blog.prepare(draft, key, at))


def article(
    title: str = "Pruning", text: str = "", *, url: str = "https://ben.example/p?a=1&b=2", **card: str
) -> Draft:
    return Draft(f"{title}\n{text}\n{url}", url, Card(url, title, **card), language="en")


class Tags(HTMLParser):
    """The elements and attributes of a page, as a browser would find them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


class Hrefs(HTMLParser):
    """Where the links of a piece of HTML lead, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[str | None] = []
        self.text = ""
        self.feed(html.replace("<br>", "\n"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all += [dict(attrs).get("href")] if tag == "a" else []

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Tags:
    """What a page is made of when nobody means harm."""
    folder = tmp_path_factory.mktemp("harmless")
    share(linkblog(folder), article("Title", "a\nb", description="c", site="d"), datetime(2026, 11, 3, tzinfo=UTC))
    return Tags((folder / "index.html").read_text("utf-8"))


def test_the_atom_feed_says_what_was_shared(tmp_path: Path, now: datetime) -> None:
    blog = linkblog(tmp_path, url=ADDRESS, author="Ada")
    share(
        blog,
        article("Roses & <thorns>", "Read the end first.", site="Ben writes", site_url="https://ben.example/"),
        now,
    )
    share(blog, article("Newer", url="https://cy.example/"), now + timedelta(hours=1), "k2")
    feed = feedparser.parse((tmp_path / "feed.xml").read_bytes())
    assert not feed.bozo
    assert feed.version == "atom10"
    assert (feed.feed.title, feed.feed.author, feed.feed.link) == ("Ada’s links", "Ada", "https://ada.example/links/")
    assert [link.href for link in feed.feed.links if link.rel == "self"] == ["https://ada.example/links/feed.xml"]
    assert feed.feed.updated == "2026-11-02T13:00:00Z"
    newer, roses = feed.entries
    assert newer.title == "Newer"
    assert roses.title_detail.type == "text/plain"
    assert roses.title == "Roses & <thorns>"
    assert roses.link == "https://ben.example/p?a=1&b=2"
    assert [(link.href, link.title) for link in roses.links if link.rel == "via"] == [
        ("https://ben.example/", "Ben writes")
    ]
    assert roses.published == roses.updated == "2026-11-02T12:00:00Z"
    assert '<p dir="auto">Read the end first.</p>' in roses.content[0].value
    assert newer.id != roses.id
    assert newer.id.startswith(f"{feed.feed.id}#")


def test_ids_stay_when_the_page_moves(tmp_path: Path, now: datetime) -> None:
    share(linkblog(tmp_path), article(), now)
    before = feedparser.parse((tmp_path / "feed.xml").read_bytes())
    share(linkblog(tmp_path, url=ADDRESS, title="Renamed"), article(), now, "k2")
    after = feedparser.parse((tmp_path / "feed.xml").read_bytes())
    assert before.feed.id == after.feed.id
    assert {entry.id for entry in before.entries} < {entry.id for entry in after.entries}
    assert not [link for link in before.feed.get("links", []) if link.rel == "self"]


def test_the_json_feed_is_one(tmp_path: Path, now: datetime) -> None:
    share(
        linkblog(tmp_path, url=ADDRESS, author="Ada"), article("Pruning", "So good.", description="About <roses>"), now
    )
    feed = json.loads((tmp_path / "feed.json").read_text("utf-8"))
    [item] = feed.pop("items")
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Ada’s links",
        "home_page_url": "https://ada.example/links/",
        "feed_url": "https://ada.example/links/feed.json",
        "authors": [{"name": "Ada"}],
        "language": "en",
    }
    assert item["external_url"] == "https://ben.example/p?a=1&b=2"
    assert item["url"].startswith("https://ada.example/links/archive/1.html#")
    assert (item["title"], item["content_text"], item["language"]) == ("Pruning", "So good.", "en")
    assert item["date_published"] == "2026-11-02T12:00:00Z"
    assert "&lt;roses&gt;" in item["content_html"]


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("Pruning\nhttps://ben.example/p", ""),
        ("Pruning https://ben.example/p", ""),
        ("Pru\u200bning\nhttps://ben.example/p", ""),
        ("Worth your time: https://ben.example/p", "Worth your time:"),
        ("Pruning shears\nhttps://ben.example/p", "Pruning shears"),
        ("Pruning\nWell said.\nhttps://ben.example/p", "Well said."),
        ("See https://ben.example/page2 too\nhttps://ben.example/p", "See https://ben.example/page2 too"),
    ],
)
def test_the_title_and_the_address_are_not_repeated_as_comment(
    tmp_path: Path, now: datetime, text: str, comment: str
) -> None:
    url = "https://ben.example/p"
    request = linkblog(tmp_path).prepare(Draft(text, url, Card(url, "Pruning")), "k", now)
    assert request.payload["comment"] == comment


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<b>x",
        "//evil.example",
        "http://[",
        "",
    ],
)
def test_only_web_addresses_become_links(tmp_path: Path, now: datetime, url: str) -> None:
    ref = share(linkblog(tmp_path), Draft("A note", url, Card(url, "A note", site="Eve", site_url=url)), now)
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "A note" in page
    assert set(Hrefs(page).all) == {"#links", "index.html", "feed.xml", "feed.json", f"archive/1.html#{ref.id}"}
    feed = (tmp_path / "feed.xml").read_text("utf-8")
    assert "rel=" not in feed


def test_what_strangers_write_stays_text(tmp_path: Path, now: datetime) -> None:
    hostile = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)> ${body} ]]> \x00\x1b[31m\u202egnp.exe"
    address = 'https://eve.example/"><script>alert(1)</script>'
    card = Card(address, hostile, hostile, site=hostile, site_url=address)
    share(
        linkblog(tmp_path, title=hostile), Draft(f"first line\n{hostile}", address, card, language='en"><script>'), now
    )
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert not {"\x00", "\x1b", "\u202e"} & set(page)
    feed = feedparser.parse((tmp_path / "feed.xml").read_bytes(), sanitize_html=False)
    assert not feed.bozo
    assert "<script" not in feed.entries[0].content[0].value
    assert "<script>" in feed.entries[0].title


HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "--></style></title>",
    "]]>&lt;&#60;b onclick=1>",
)


@given(words=st.lists(st.text() | st.sampled_from(HOSTILE), min_size=6, max_size=6), note=st.booleans())
def test_whatever_was_written_the_feeds_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, harmless: Tags, words: list[str], note: bool
) -> None:
    folder = tmp_path_factory.mktemp("public")
    title, text, description, site, language, path = words
    url = None if note else f"https://eve.example/{path}"
    card = None if note else Card(f"https://eve.example/{path}", title, description, site=site)
    blog = linkblog(folder, title=site, url=f"https://ada.example/{path}", author=text, language=language)
    share(blog, Draft(f"{title}\n{text}", url, card, language), datetime(2026, 11, 2, tzinfo=UTC))
    feed = (folder / "feed.xml").read_bytes()
    assert broken_in_atom(feed) == broken_in_json_feed((folder / "feed.json").read_bytes()) == []
    assert ElementTree.fromstring(feed).find(f"{ATOM}entry/{ATOM}id") is not None
    assert len(json.loads((folder / "feed.json").read_text("utf-8"))["items"]) == 1
    page = Tags((folder / "index.html").read_text("utf-8"))
    assert page.names <= harmless.names
    assert page.attributes <= harmless.attributes


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Read https://ben.example/p?a=1&b=2.", ["https://ben.example/p?a=1&b=2"]),
        (
            "(see http://ben.example/x), and\nhttps://cy.example/wiki/Rose_(plant)!",
            ["http://ben.example/x", "https://cy.example/wiki/Rose_(plant)"],
        ),
        ("<a href='https://ben.example'>https://ben.example/</a>", ["https://ben.example", "https://ben.example/"]),
        ("https:// and javascript:alert(1) and ben.example", []),
        ("https://[ and https://?x", []),
    ],
)
def test_addresses_in_ones_own_words_are_links(tmp_path: Path, now: datetime, text: str, addresses: list[str]) -> None:
    share(linkblog(tmp_path), Draft(text), now)
    [item] = json.loads((tmp_path / "feed.json").read_text("utf-8"))["items"]
    content = ElementTree.parse(tmp_path / "feed.xml").find(".//{http://www.w3.org/2005/Atom}content")
    found = Hrefs(item["content_html"])
    assert found.all == addresses
    assert " ".join(found.text.split()) == " ".join(text.split())
    assert content is not None
    assert content.text == item["content_html"]
    assert item["content_html"] in (tmp_path / "index.html").read_text("utf-8")


def test_the_words_of_others_get_no_links(tmp_path: Path, now: datetime) -> None:
    share(linkblog(tmp_path), article("Title", description="Buy at https://eve.example/"), now)
    assert 'href="https://eve.example/"' not in (tmp_path / "index.html").read_text("utf-8")


def test_a_note_is_found_on_the_page_when_it_is_known_where_that_is(tmp_path: Path, now: datetime) -> None:
    ref = share(linkblog(tmp_path, url=ADDRESS), Draft("Just a thought."), now)
    [entry] = feedparser.parse((tmp_path / "feed.xml").read_bytes()).entries
    assert entry.link == ref.url == f"{ADDRESS}/archive/1.html#{ref.id}"


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", '<time datetime="2026-11-02">2 November 2026</time>'),
        ("Asia/Tokyo", '<time datetime="2026-11-03">3 November 2026</time>'),
        ("Mars/Olympus", '<time datetime="2026-11-03">3 November 2026</time>'),
    ],
)
def test_days_are_the_owners(tmp_path: Path, zone: str, day: str) -> None:
    late = datetime(2026, 11, 3, 4, 30, tzinfo=UTC)
    share(linkblog(tmp_path, timezone=zone), article(), late)
    page = (tmp_path / "index.html").read_text("utf-8")
    assert day in page
    assert 'datetime="2026-11-03T04:30:00Z"' in page


def test_times_are_utc(tmp_path: Path) -> None:
    there = datetime.fromisoformat("2026-11-02T23:30:00.987-05:00")
    share(linkblog(tmp_path), article(), there)
    [entry] = feedparser.parse((tmp_path / "feed.xml").read_bytes()).entries
    assert entry.published == "2026-11-03T04:30:00Z"
    assert datetime(*entry.published_parsed[:6], tzinfo=UTC) == there.replace(microsecond=0)
    assert '<time datetime="2026-11-03">3 November 2026</time>' in (tmp_path / "index.html").read_text("utf-8")
