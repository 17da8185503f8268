"""Feeds of every kind, well made, badly made and malicious."""

import html
import json
import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator import urls
from syndicator.sources.base import Feed, Item, SourceError
from syndicator.sources.parse import parse

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
URL = "https://feeds.example/ada/feed.xml"


def read(body: str | bytes, url: str = URL, content_type: str = "") -> Feed:
    data = body if isinstance(body, bytes) else body.encode()
    return parse(data, url=url, content_type=content_type, now=NOW)


def rss(item: str, channel: str = "<link>https://ada.example/blog/</link>") -> Item:
    spaces = " ".join(
        f'xmlns:{prefix}="{uri}"'
        for prefix, uri in {
            "content": "http://purl.org/rss/1.0/modules/content/",
            "dc": "http://purl.org/dc/elements/1.1/",
            "media": "http://search.yahoo.com/mrss/",
            "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
            "slash": "http://purl.org/rss/1.0/modules/slash/",
            "wfw": "http://wellformedweb.org/CommentAPI/",
            "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        }.items()
    )
    (found,) = read(f'<rss version="2.0" {spaces}><channel>{channel}<item>{item}</item></channel></rss>').items
    return found


def atom(entry: str, feed: str = "", **named: str) -> Item:
    space = 'xmlns="http://www.w3.org/2005/Atom" xmlns:t="http://purl.org/syndication/thread/1.0"'
    (found,) = read(f"<feed {space}>{feed}<entry>{entry}</entry></feed>", **named).items
    return found


def test_an_rss_item_with_everything() -> None:
    item = rss(
        "<title>One &amp;amp; <![CDATA[<b>two</b>]]></title><link>https://ada.example/1?a=1&amp;b=2</link>"
        "<guid isPermaLink='false'>tag:1</guid><pubDate>Sun, 01 Nov 2026 10:00:00 +0100</pubDate>"
        "<dc:creator>Ada</dc:creator><category>python</category><category>python</category><category>web</category>"
        "<description>Short.</description>"
        "<content:encoded><![CDATA[<p>One <a href='/x'>two</a></p><p>three <a href='http://b.example/'>b</a>"
        "<a href='mailto:x'>m</a><a href='/x'>again</a></p>]]></content:encoded>"
        "<comments>https://ada.example/1#comments</comments><wfw:commentRss>https://ada.example/1/feed</wfw:commentRss>"
        "<slash:comments>7</slash:comments><media:thumbnail url='/i.png'/>"
    )
    assert item == Item(
        id="tag:1",
        url="https://ada.example/1?a=1&b=2",
        title="One & two",
        author="Ada",
        published=datetime(2026, 11, 1, 9, 0, tzinfo=UTC),
        summary="Short.",
        tags=("python", "web"),
        links=("https://ada.example/x", "http://b.example/"),
        words=4,
        image="https://ada.example/i.png",
        comments_url="https://ada.example/1#comments",
        comments_feed="https://ada.example/1/feed",
        comment_count=7,
    )


def test_an_atom_entry_with_everything() -> None:
    item = atom(
        '<title type="html">A &amp;lt;b&amp;gt; &lt;i&gt;tag&lt;/i&gt;</title><id>tag:2</id>'
        '<link rel="edit" href="/edit"/><link href="/2"/><link rel="alternate" hreflang="de" href="/2/de"/>'
        '<link rel="replies" type="application/atom+xml" href="/2/replies" t:count="4"/>'
        '<link rel="replies" type="text/html" href="/2#replies"/><link rel="enclosure" type="image/png" href="/2.png"/>'
        "<updated>2026-11-01T10:00:00Z</updated><author><name>Bob</name><email>bob@b.example</email></author>"
        '<category term="w" label="The Web"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        '<p>Hello <a href="sub">x</a></p></div></content>',
        feed='<link href="https://bob.example/"/>',
    )
    assert (item.title, item.id, item.url) == ("A <b> tag", "tag:2", "https://feeds.example/2")
    assert (item.published, item.updated) == (None, datetime(2026, 11, 1, 10, 0, tzinfo=UTC))
    assert (item.author, item.tags, item.summary, item.words) == ("Bob", ("The Web",), "Hello x", 2)
    assert item.comments_feed == "https://feeds.example/2/replies"
    assert (item.comments_url, item.comment_count) == ("https://feeds.example/2#replies", 4)
    assert (item.image, item.links) == ("https://feeds.example/2.png", ("https://feeds.example/sub",))


def test_the_feed_itself() -> None:
    feed = read(
        "<rss version='2.0'><channel><title>\x07Ada&#8217;s\n blog</title><link>/blog/</link><language>en_gb</language>"
        "<item><link>/1</link></item></channel></rss>"
    )
    assert (feed.title, feed.site, feed.language) == ("Ada’s blog", "https://feeds.example/blog/", "en-gb")
    assert (feed.url, feed.problem, feed.items[0].language) == (URL, "", "en-gb")


def test_an_entry_s_own_word_on_its_language_comes_before_its_feed_s() -> None:
    feed = read(
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><language>en-US</language>"
        "<item><link>/1</link><title>Un</title><dc:language>fr</dc:language></item>"
        "<item xml:lang='it'><link>/2</link><title>Due</title></item>"
        "<item><link>/3</link><title>Three</title></item></channel></rss>"
    )
    assert [item.language for item in feed.items] == ["fr", "it", "en-US"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Q&amp;A", "Q&A"),
        ("Q&amp;amp;A", "Q&A"),
        ("Vec&lt;T&gt; in Rust", "Vec<T> in Rust"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("line&lt;br /&gt;break", "line break"),
        ("&lt;b&gt;bold&lt;/b&gt; move", "bold move"),
        ("&lt;a href='https://x.example'&gt;link", "link"),
        ("  folded\n\twhite  space ", "folded white space"),
        ("bell\x07 &#x202E;evil&#x200B;", "bell evil"),
        ("clear &#x9b;2J &#27;screen", "clear ›2J screen"),
        ("caf&eacute; &hellip;", "café …"),
        ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
        ("AT&T", "AT&T"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;x", "x"),
        ("", ""),
    ],
)
def test_titles_are_plain_text(title: str, expected: str) -> None:
    assert rss(f"<title>{title}</title><link>https://ada.example/</link>").title == expected


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>1.html</link>", "https://ada.example/blog/1.html"),
        ("<link>//b.example/1</link>", "https://b.example/1"),
        ("<link>\n https://ada.example/1 \n</link>", "https://ada.example/1"),
        ("<link>https://ada.example/ä b</link>", "https://ada.example/%C3%A4%20b"),
        ("<link>http://b.example</link>", "http://b.example"),
        ("<guid>https://ada.example/1</guid>", "https://ada.example/1"),
        ("<guid isPermaLink='false'>https://ada.example/1</guid>", ""),
        ("<guid>1234</guid>", ""),
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>/1</link><guid>https://other.example/</guid>", "https://ada.example/1"),
        ("<link>https://f.example/~3/x</link><feedburner:origLink>https://ada.example/1</feedburner:origLink>",) * 2,
    ],
)
def test_the_page_of_an_item(item: str, url: str) -> None:
    expected = "https://ada.example/1" if "origLink" in url else url
    assert rss(f"<title>t</title>{item}").url == expected


def test_relative_links_hang_on_xml_base() -> None:
    assert atom('<title>t</title><link href="1"/>', feed='<link href="/site/"/>').url == "https://feeds.example/ada/1"
    inner = '<title>t</title><link xml:base="https://b.example/x/" href="1"/>'
    assert atom(inner).url == "https://b.example/x/1"
    content = '<content type="html" xml:base="https://b.example/x/">&lt;a href="y"&gt;</content>'
    assert atom(f'<title>t</title><link href="/p/1"/>{content}').links == ("https://b.example/x/y",)


def test_items_without_a_name_get_a_stable_one() -> None:
    body = "<title>t</title><pubDate>Sun, 01 Nov 2026 10:00:00 GMT</pubDate>"
    assert rss(body).id == rss(body + "<description>edited</description>").id
    assert rss(body).id != rss(body.replace("<title>t", "<title>u")).id
    assert rss("<link>https://ada.example/1</link>").id == "https://ada.example/1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sat, 31 Oct 2026 10:00:00 EST", "2026-10-31T15:00"),
        ("Sat, 31 Oct 26 10:00 +0200", "2026-10-31T08:00"),
        ("31 October 2026 10:00:00 CEST", "2026-10-31T08:00"),
        ("2026-10-31T10:00:00.5+05:30", "2026-10-31T04:30"),
        ("2026-10-31 10:00:00", "2026-10-31T10:00"),
        ("2026/10/31 10:00", "2026-10-31T10:00"),
        ("2026-10-31", "2026-10-31T00:00"),
        ("20261031T101500Z", "2026-10-31T10:15"),
        ("1793440800", "2026-10-31T10:00"),
        ("1793440800000", "2026-10-31T10:00"),
        ("Sat Oct 31 10:00:00 2026", "2026-10-31T10:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59"),
        ("Mon, 02 Nov 2026 20:00:00 GMT", "2026-11-02T12:00"),
        ("Wed, 04 Nov 2026 20:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(text: str, expected: str | None) -> None:
    published = rss(f"<title>t</title><pubDate>{text}</pubDate>").published
    assert (published and published.isoformat()[:16]) == expected
    assert published is None or published.tzinfo is UTC


@pytest.mark.parametrize(
    ("item", "author"),
    [
        ("<author>ada@ada.example (Ada Lovelace)</author>", "Ada Lovelace"),
        ("<author>ada@ada.example</author>", "Ed"),
        ("<author>Ada</author>", "Ada"),
        ("<dc:creator><![CDATA[Ada &amp; Bob]]></dc:creator>", "Ada & Bob"),
        ("", "Ed"),
    ],
)
def test_authors_are_names_not_addresses(item: str, author: str) -> None:
    channel = "<managingEditor>ed@ada.example (Ed)</managingEditor>"
    assert rss(f"<title>t</title>{item}", channel=channel).author == author


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("<author><name>Ada</name><uri>https://example.social/@ada</uri></author>", "https://example.social/@ada"),
        ("<author><name>Ada</name><uri>/about</uri></author>", "https://feeds.example/about"),
        ("<author><name>Ada</name><uri>mailto:ada@ada.example</uri></author>", ""),
        ("<author><name>Ada</name></author>", ""),
    ],
)
def test_the_page_of_an_author(authors: str, expected: str) -> None:
    assert atom(f"<title>t</title>{authors}").author_url == expected


def test_the_page_of_one_author_of_a_json_feed() -> None:
    ada, bob = ({"name": name, "url": f"https://{name}.example/"} for name in ("ada", "bob"))
    items = [
        {"id": "1", "authors": [ada], "author": bob},
        {"id": "2", "authors": [ada, bob]},
        {"id": "3", "author": bob},
        {"id": "4"},
        {"id": "5", "authors": [{"name": "Eve", "url": None}]},
    ]
    feed = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "authors": [ada], "items": items}))
    assert [item.author_url for item in feed.items] == [
        "https://ada.example/",
        "",
        "https://bob.example/",
        "https://ada.example/",
        "",
    ]


def test_pictures() -> None:
    assert rss("<enclosure type='image/jpeg' url='/a.jpg' length='1'/>").image == "https://ada.example/a.jpg"
    assert rss("<enclosure type='audio/mpeg' url='/a.mp3' length='1'/><itunes:image href='/b.jpg'/>").image == (
        "https://ada.example/b.jpg"
    )
    assert rss("<media:content medium='image' url='/c.jpg'/>").image == "https://ada.example/c.jpg"
    assert rss("<title>t</title>").image is None


PICTURE = "<media:content medium='image' type='image/jpeg' url='/c.jpg'>{}</media:content>"
DESCRIBED = PICTURE.format(
    "<media:rating>nonadult</media:rating><media:description type='plain'>A cat</media:description>"
)
TEXT = "<description>&lt;p&gt;Hello&lt;/p&gt;</description>"


@pytest.mark.parametrize(
    ("entry", "shows"),
    [
        (TEXT + DESCRIBED, "A cat"),
        (DESCRIBED + TEXT, "A cat"),
        (TEXT + PICTURE.format(""), ""),
        (TEXT + "<media:description type='plain'>No picture at all</media:description>", ""),
        ("<description>&lt;img src='/c.jpg' alt=' A \n dog '&gt;</description>" + PICTURE.format(""), "A dog"),
        ("<description>&lt;img src='/other.jpg' alt='A dog'&gt;</description>" + PICTURE.format(""), ""),
        ("<description>&lt;img src='/c.jpg'&gt;</description>" + PICTURE.format(""), ""),
        (f"<description>&lt;img src='/c.jpg' alt='{'dog ' * 400}'&gt;</description>" + PICTURE.format(""), "dog dog"),
        ("<description>&lt;img src='/c.jpg' alt='A dog'&gt;</description>", ""),
    ],
)
def test_what_a_picture_shows(entry: str, shows: str) -> None:
    found = rss(entry).image_alt
    assert found.startswith(shows)
    assert bool(found) == bool(shows)
    assert len(found) <= 500


def test_summaries_end_at_a_word() -> None:
    summary = rss(f"<description>{'word ' * 300}</description>").summary
    assert len(summary) <= 500
    assert summary.endswith("word…")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n\0", "is empty"),
        (b"<!DOCTYPE html><html><head><title>x</title></head></html>", "is a web page, not a feed"),
        (b"<!-- x --><HTML><body><item><title>x</title></item></body></HTML>", "is a web page, not a feed"),
        (b"hello", "is not a feed"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is not a feed"),
        (b"<opml version='2.0'><body/></opml>", "is a blogroll, not a feed"),
        (b"<note/>", "is not a feed"),
        (b"<rss version='2.0'><channel><title>x", "is cut off or malformed (line 1: "),
        (b'{"a": 1}', "is JSON, but not a JSON Feed"),
        (b'{"items": [', "is not valid JSON"),
        (b"[" * 100_000, "is not valid JSON"),
    ],
)
def test_what_is_no_feed_says_so_and_what_to_do(body: bytes, problem: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(body)
    assert caught.value.problem.startswith(problem)
    assert caught.value.subject == URL
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("channel", "interval"),
    [
        ("<ttl>90</ttl>", timedelta(minutes=90)),
        ("<s:updatePeriod> hourly </s:updatePeriod><s:updateFrequency>2</s:updateFrequency>", timedelta(minutes=30)),
        ("<ttl>30</ttl><s:updatePeriod>daily</s:updatePeriod>", timedelta(days=1)),
        ("<ttl><b>1</b></ttl>", None),
        ("<item><title>One</title><ttl>5</ttl></item>", None),
        ("", None),
    ],
)
def test_how_often_a_feed_is_worth_asking(channel: str, interval: timedelta | None) -> None:
    syndication = "http://purl.org/rss/1.0/modules/syndication/"
    rss2 = f"<rss version='2.0' xmlns:s='{syndication}'><channel><title>Ada</title>{channel}</channel></rss>"
    rss1 = (
        "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
        f" xmlns:s='{syndication}'><channel><title>Ada</title>{channel}</channel></r:RDF>"
    )
    assert [read(text).interval for text in (rss2, rss1)] == [interval] * 2


def test_a_feed_without_items_is_a_feed() -> None:
    assert read("<rss version='2.0'><channel><title>new</title></channel></rss>").items == ()


def test_a_malformed_feed_gives_what_can_be_read_and_says_so() -> None:
    feed = read(
        "\n<?xml version='1.0'?>\n<rss version='2.0'><channel><title>A & B</b></title>"
        "<item><title>Q & A</title><link>https://ada.example/1?a=1&b=2</link></item>"
        "<item><title>two<title></title><link>https://ada.example/2</link></item></channel></rss>"
    )
    assert [(item.title, item.url) for item in feed.items] == [
        ("Q & A", "https://ada.example/1?a=1&b=2"),
        ("two", "https://ada.example/2"),
    ]
    assert feed.problem == "malformed: line 3: mismatched tag; 2 could be read"


def test_bare_ampersands_and_foreign_entities_lose_nothing() -> None:
    feed = read(
        "<rss version='2.0'><channel><title>AT&T &mdash; &bogus; &amp; &#0;co</title><item><link>http://a.example/?a=1&b=2"
        "</link><description><![CDATA[<p>R&D &amp;nbsp; &copy;</p>]]></description></item></channel></rss>"
    )
    assert (feed.title, feed.problem) == ("AT&T — &bogus; & co", "")
    assert (feed.items[0].url, feed.items[0].summary) == ("http://a.example/?a=1&b=2", "R&D &nbsp; ©")


@pytest.mark.parametrize("end", ["<item><title>Hel", "<item><title>Hello</title><link>https://ada.exam", "<item>"])
def test_an_item_that_was_cut_off_is_left_out(end: str) -> None:
    feed = read(f"<rss version='2.0'><channel><item><link>https://ada.example/1</link></item>{end}")
    assert [item.url for item in feed.items] == ["https://ada.example/1"]
    assert feed.problem


def test_an_over_long_feed_is_read_in_part() -> None:
    feed = read("<rss version='2.0'><channel>" + "<item><title>x</title></item>" * 6_000 + "</channel></rss>")
    assert len(feed.items) == 5_000
    assert feed.problem == "has over 5000 entries; 5000 could be read"


@pytest.mark.parametrize(
    ("declared", "content_type", "codec"),
    [
        ("", "", "utf-8"),
        ("", "", "cp1252"),
        ("", "", "utf-16"),
        ("", "", "utf-8-sig"),
        ("iso-8859-1", "", "utf-8"),
        ("utf-8", "text/xml; charset=iso-8859-1", "utf-8"),
        ("", "text/xml; charset=iso-8859-15", "iso-8859-15"),
        ("windows-1252", "application/xml; charset=nonsense", "cp1252"),
        ("utf-16", "", "utf-8"),
    ],
)
def test_encodings(declared: str, content_type: str, codec: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = f"{declaration}<rss version='2.0'><channel><item><title>Fête œuf</title></item></channel></rss>"
    assert read(text.encode(codec), content_type=content_type).items[0].title == "Fête œuf"


def test_a_few_broken_bytes_spoil_only_themselves() -> None:
    body = "<rss version='2.0'><channel><item><title>Größe Ähre ok X</title></item></channel></rss>".encode()
    assert read(body.replace(b"X", b"\xff")).items[0].title == "Größe Ähre ok \ufffd"


def test_json_feed() -> None:
    feed = read(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Ada &amp; co",
                "home_page_url": "https://ada.example/",
                "language": "en",
                "authors": [{"name": "Ada"}, {"name": "Bob"}, "x", {"name": []}],
                "items": [
                    {
                        "id": 1,
                        "url": "/1",
                        "title": "Use <b> wisely",
                        "content_html": "<p>Hi <a href='2'>two</a></p>",
                        "date_published": "2026-11-01T10:00:00+01:00",
                        "date_modified": {},
                        "tags": ["a", 1, "a"],
                        "image": "/i.png",
                    },
                    {"id": "https://ada.example/2", "content_text": "2 < 3", "author": {"name": "Old"}, "title": None},
                    "no item",
                ],
            }
        )
    )
    one, two = feed.items
    assert (feed.title, feed.site, feed.problem) == (
        "Ada & co",
        "https://ada.example/",
        "1 of its items are not objects and were left out",
    )
    assert (one.id, one.url, one.title, one.author) == ("1", "https://ada.example/1", "Use <b> wisely", "Ada, Bob")
    assert (one.published, one.updated) == (datetime(2026, 11, 1, 9, tzinfo=UTC), None)
    assert (one.tags, one.links, one.image) == (("a",), ("https://ada.example/2",), "https://ada.example/i.png")
    assert (two.url, two.summary, two.words, two.author) == ("https://ada.example/2", "2 < 3", 3, "Old")


def _around(item: str) -> str:
    return f"<rss version='2.0'><channel><item>{item}</item></channel></rss>"


LAUGHS = "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(20))
BOMBS = {
    "billion laughs": f"<!DOCTYPE r [<!ENTITY a 'lol'>{LAUGHS}]>" + _around("<title>&u;</title>"),
    "on lines of their own": "<!DOCTYPE r [\n<!ENTITY a 'lol'>" + LAUGHS.replace("<", "\n<") + "\n]>" + _around("&u;"),
    "quadratic": f'<!DOCTYPE r [\n<!ENTITY a "{"x" * 100_000}">\n]>' + _around("&a;" * 50_000),
    "hidden behind a comment": f'<!-- <rss> --><!DOCTYPE r [\n<!ENTITY a "]>{"y" * 50_000}">\n]>'
    + _around("&a;" * 50_000),
    "a file": "<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + _around("<title>&a;</title>"),
    "deep xml": _around("<title>x</title>" + "<x>" * 100_000),
    "deep html": _around(f"<description>{'&lt;div>' * 100_000}</description>"),
    "comments": _around(f"<description>{'&lt;!--' * 200_000}</description>"),
    "CDATA": _around("&<![CDATA[" * 50_000),
    "doctypes": "<!DOCTYPE x [<!---->" * 50_000 + _around(""),
    "entries": "<rss version='2.0'><channel>" + "<item>" * 300_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_do_not_go_off(name: str) -> None:
    start = time.process_time()
    feed = read(BOMBS[name])
    assert time.process_time() - start < 20
    assert all(len(item.title) <= 1_000 and len(item.summary) <= 500 for item in feed.items)
    assert "root:" not in feed.items[0].title


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_give_a_feed_or_a_sentence(data: bytes) -> None:
    for body in (
        data,
        b"<rss version='2.0'><channel><item>" + data,
        b"<feed><entry><title>" + data + b"</title></entry>",
    ):
        try:
            feed = read(body)
        except SourceError:
            continue
        else:
            assert all(item.title == " ".join(item.title.split()) for item in feed.items)


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", html.unescape(text))).split())


def _agrees(field: str, item: Item, wanted: str) -> bool:
    if field == "title":
        return _plain(item.title) == _plain(wanted)
    if field == "link":
        return urls.resolve(URL, wanted) == urls.resolve("", item.url)
    if field == "guid":
        return item.id == " ".join(wanted.split())
    if field == "date":
        return (item.published or item.updated) == datetime.fromisoformat(wanted)
    return item.comments_url == wanted


@pytest.mark.corpus
def test_the_consensus_of_other_parsers(corpus: Path) -> None:
    """Where independent parsers agree, so do we: except that titles they could not decode are decoded here."""
    expected = json.loads((corpus / "feeds" / "expected_consensus.json").read_text())
    right: Counter[str] = Counter()
    wrong: list[tuple[str, str, str]] = []
    for name, facts in expected.items():
        feed = read((corpus / name).read_bytes())
        assert len(feed.items) == facts["n_items"], name
        for item, wanted in zip(feed.items, facts["items"], strict=True):
            for field in ("title", "link", "guid", "date", "comments"):
                value = wanted.get(field)
                if not isinstance(value, str) or "\ufffd" in value:
                    continue
                if field == "link" and wanted.get("feedburner_origlink"):
                    value = wanted["feedburner_origlink"]
                if _agrees(field, item, value):
                    right[field] += 1
                else:
                    wrong.append((name, field, value))
    print(f"feeds: {len(expected)} read; agree {dict(right)}; differ {wrong}")
    assert [name for name, _, _ in wrong] == ["feeds/real/miniflux.v2__utf8-incorrect-prolog.xml"]


@pytest.mark.corpus
def test_no_file_of_the_corpus_is_too_much(corpus: Path) -> None:
    outcomes: Counter[str] = Counter()
    for path in sorted((corpus / "feeds").glob("*/*")):
        try:
            feed = read(path.read_bytes())
        except SourceError:
            outcomes["refused"] += 1
        else:
            outcomes["with a problem" if feed.problem else "well"] += 1
            assert all(item.published is None or item.published <= NOW for item in feed.items), path.name
    print(f"feeds, every file: {dict(outcomes)}")
    assert outcomes["well"] > 1_000
