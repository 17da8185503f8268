"""Feeds that pages name, and texts of one's own."""

import json
from pathlib import Path

import pytest

from syndicator.sources.discover import FeedLink, find_feeds, read_page
from syndicator.sources.notes import Notes, astray, read_notes

PAGE = "https://ada.example/blog/"


def found(html: str, **headers: str) -> list[str]:
    return [link.url for link in find_feeds(html.encode(), PAGE, headers)]


def test_a_page_with_two_feeds_gives_comments_last() -> None:
    links = find_feeds(
        b'<link rel="alternate" type="application/rss+xml" title="Ada &amp; Co &raquo; Comments Feed"'
        b' href="/comments/feed/">'
        b'<LINK REL="Alternate Feed" TYPE="Application/Atom+XML; charset=utf-8" TITLE=" Ada\n" HREF=" feed.xml ">',
        PAGE,
    )
    assert links == (
        FeedLink("https://ada.example/blog/feed.xml", "Ada", "application/atom+xml"),
        FeedLink("https://ada.example/comments/feed/", "Ada & Co » Comments Feed", "application/rss+xml"),
    )


@pytest.mark.parametrize(
    ("html", "urls"),
    [
        ('<base href="/x/"><link rel=alternate type=text/xml href=f>', ["https://ada.example/x/f"]),
        ('<base href="//cdn.example/"><link rel=alternate type=text/xml href=f>', ["https://cdn.example/f"]),
        ('<link rel="feed" href="f">', ["https://ada.example/blog/f"]),
        ('<link rel="alternate" type="application/feed+json" href="/f.json">', ["https://ada.example/f.json"]),
        ('<link rel="alternate" type="application/json" href="/feed.json">', ["https://ada.example/feed.json"]),
        ('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">', []),
        ('<link rel="alternate" type="application/json+oembed" href="/oembed">', []),
        ('<link rel="alternate" type="text/html" hreflang="de" href="/de/">', []),
        ('<link rel="stylesheet alternate" type="text/xml" href="/x">', []),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:x">', []),
        ('<link rel="alternate" type="application/rss+xml" href="">', []),
        ('<link rel="alternate" type="application/rss+xml" href="/f">' * 2, ["https://ada.example/f"]),
        ('<a href="/about">a</a><a href="/index.xml">RSS</a>', ["https://ada.example/index.xml"]),
        ('<a href="/blog.atom">x</a><link rel="feed" href="/f">', ["https://ada.example/f"]),
        ('<a href="/syndication.axd">Subscribe via RSS</a>', ["https://ada.example/syndication.axd"]),
        ('<a href="/x.php"><img src="i.png" alt="RSS feed"></a>', ["https://ada.example/x.php"]),
        ('<a href="/x.php" aria-label="Atom"><svg></svg></a>', ["https://ada.example/x.php"]),
        ('<a href="https://feeds.feedburner.com/ada">RSS</a>', ["https://feeds.feedburner.com/ada"]),
        ('<a href="https://www.ada.example/rss">x</a>', ["https://www.ada.example/rss"]),
        ('<a href="https://bo.example/feed.xml">RSS</a>', []),
        ('<a href="/what-is-rss">What is RSS?</a><a href="/team">The RSS team of us</a>', []),
        ("", []),
        ("<div>" * 50_000, []),
    ],
)
def test_what_counts_as_a_feed(html: str, urls: list[str]) -> None:
    assert found(html) == urls


def test_the_link_header_comes_first() -> None:
    header = '</a.css>; rel=preload, </feed>; rel="alternate"; type="application/rss+xml"; title="A, B"'
    assert found('<link rel="feed" href="/other">', LINK=header) == [
        "https://ada.example/feed",
        "https://ada.example/other",
    ]


@pytest.mark.parametrize(
    ("html", "pages"),
    [
        ('<meta http-equiv="Refresh" content="0; URL=\'/home\'">', ["https://ada.example/home"]),
        ("<meta http-equiv=refresh content=3>", []),
        ('<meta http-equiv="refresh" content="0;url=javascript:x">', []),
        ('<link rel="canonical" href="https://ada.example/real/">', ["https://ada.example/real/"]),
        ('<link rel="canonical" href="http://www.ada.example/blog/?utm_source=x">', []),
        ('<base href="/x/"><link rel="Home" href="y">', ["https://ada.example/x/y"]),
    ],
)
def test_other_pages_that_may_know_more_and_the_top_of_the_site_last(html: str, pages: list[str]) -> None:
    assert read_page(html.encode(), PAGE).elsewhere == (*pages, "https://ada.example/")


def test_the_language_of_a_feed_is_compared_with_the_page_s() -> None:
    links = ["".join(f'<link rel=alternate type=text/xml hreflang={tag} href="/{tag}.xml">' for tag in ("en", "fr"))]
    assert found(f"<html lang=fr-CA>{links[0]}") == ["https://ada.example/fr.xml", "https://ada.example/en.xml"]


@pytest.mark.corpus
def test_the_autodiscovery_corpus(corpus: Path) -> None:
    expected = json.loads((corpus / "html" / "expected.json").read_text())
    right = pages = 0
    for name, entry in expected.items():
        links = find_feeds((corpus / name).read_bytes(), entry.get("url") or PAGE, entry.get("headers"))
        wanted = (entry.get("expect") or {}).get("feed_url_endswith")
        if wanted:
            pages += 1
            right += bool(links) and links[0].url.endswith(wanted)
        else:
            assert links == (), name
    print(f"autodiscovery: {right} of {pages} pages")
    assert right == pages


def test_notes_are_paragraphs_and_hashtags_are_no_comments() -> None:
    first = "First note,\nsecond line.\n"
    text = f"\ufeff# my notes\n\n{first}\n\n#python is fun\r\n# a comment\r\nhttps://a.example/#x\n \t\n{first}#"
    notes = read_notes(text)
    assert [note.text for note in notes] == ["First note,\nsecond line.", "#python is fun\nhttps://a.example/#x"]


def test_a_note_may_have_other_words_for_some_accounts_and_networks() -> None:
    (note,) = read_notes("I keep a list of blogs.\n[on Mastodon] I keep a #list\nof #blogs.\n[on x, pond]\nBlogs!")
    assert note.text == note.title == "I keep a list of blogs."
    assert note.words_for("garden", "bluesky") == note.text
    assert note.words_for("garden", "mastodon") == "I keep a #list\nof #blogs."
    assert note.words_for("x", "x") == note.words_for("Pond", "mastodon") == "Blogs!"
    assert note.id == read_notes("I keep a list of blogs.")[0].id, "variants may come and go"


def test_a_note_may_be_for_some_networks_alone_and_brackets_are_mostly_text() -> None:
    one, two = read_notes("[on x] Only there\n\n[my blog](https://a.example) [on x]\n[on] the road\n\n[on x]\n")
    assert (one.text, one.title) == ("", "Only there")
    assert one.words_for("sky", "bluesky") == ""
    assert two.text.startswith("[my blog]")
    assert two.variants == {}


def test_a_marker_needs_no_space_after_it_and_one_without_a_name_is_told() -> None:
    one, two, three = read_notes(
        "[on memory, lake]both glued\n\n[on ] empty name\n [on ,x,] for x\n\n[on writing](https://a.example/) well"
    )
    assert one.variants == {"memory": "both glued", "lake": "both glued"}
    assert two.variants == {"": "empty name", "x": "for x"}
    assert (two.words_for("lake", "memory"), two.words_for("pond", "x")) == ("", "for x")
    assert three.text == "[on writing](https://a.example/) well"
    [told] = astray([Notes(Path("/n.txt"), (one, two, three))], ["lake"], ["memory", "x"])
    assert told.startswith("/n.txt: [on ] names no account or network, so nobody gets its words")
    assert read_notes("[on" + " " * 99_999)[0].variants == {}


def test_the_same_note_twice_has_the_other_words_of_both() -> None:
    (note,) = read_notes("Same\n[on x] one\n[on lake] first\n\nSame\n[on pond] two\n[on lake] last")
    assert note.variants == {"x": "one", "lake": "last", "pond": "two"}


def test_a_note_keeps_its_id_when_it_moves_and_changes_it_when_edited() -> None:
    one, two = read_notes("One  note\n\nTwo")
    assert [note.id for note in read_notes("Two\n\nOne\nnote")] == [two.id, one.id]
    assert read_notes("One note!")[0].id != one.id
    assert read_notes("\n \n# nothing\n") == ()
