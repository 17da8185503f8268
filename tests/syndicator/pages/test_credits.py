"""Whom a page credits, and how it is written down."""

import pytest

from syndicator.pages.base import Credit
from syndicator.pages.read import read

URL = "https://ada.example/posts/1"


def credits_of(html: str) -> tuple[Credit, ...]:
    return read(html.encode(), URL).credits


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta name="fediverse:creator" content="@Ada@Example.Social">', ("mastodon", "ada@example.social")),
        ('<meta property="fediverse:creator" content="ada@example.social">', ("mastodon", "ada@example.social")),
        ('<meta name="fediverse:creator" content="https://example.social/@ada">', ("mastodon", "ada@example.social")),
        ('<meta name="fediverse:creator" content="Ada">', None),
        ('<meta name="fediverse:creator" content="https://x.com/ada">', None),
        ('<meta name="fediverse:creator" content="@ada\u202e@example.social">', ("mastodon", "ada@example.social")),
        ('<meta name="twitter:creator" content="@Ada">', ("x", "ada")),
        ('<meta name="twitter:creator" content="Ada">', ("x", "ada")),
        ('<meta name="twitter:creator" content="https://twitter.com/ada">', ("x", "ada")),
        ('<meta name="twitter:creator" content="12345678">', None),
        ('<meta name="twitter:creator" content="@Ada Lovelace">', None),
        ('<meta name="twitter:creator" content="https://example.com/ada">', None),
        ('<meta name="twitter:site" content="@paper">', None),
        ('<link rel="me" href="https://example.social/@ada">', ("mastodon", "ada@example.social")),
        ('<a rel="nofollow ME" href="https://bsky.app/profile/ada.bsky.social">B</a>', ("bluesky", "ada.bsky.social")),
        ('<a rel="me" href="https://x.com/ada">X</a>', ("x", "ada")),
        ('<a rel="me" href="https://github.com/ada">G</a>', ("web", "github.com/ada")),
        ('<a rel="me" href="https://grace.example/">site</a>', ("web", "grace.example")),
        ('<a rel="me" href="https://plus.network.example/people/ada">profile</a>', None),
        ('<a rel="me" href="https://x.com/share">X</a>', None),
        ('<a rel="me" href="/about">me</a>', None),
        ('<a rel="me" href="mailto:ada@ada.example">mail</a>', None),
        ('<a rel="friend" href="https://x.com/ada">X</a>', None),
        ('<meta name="fediverse:creator" content="' + "a" * 5000 + '@example.social">', None),
    ],
)
def test_one_credit(head: str, expected: tuple[str, str] | None) -> None:
    found = [(credit.network, credit.handle) for credit in credits_of(head)]
    assert found == ([expected] if expected else [])


POST = """<article class="h-entry"><h1 class="p-name">A post</h1>
 <span class="p-author h-card"><a class="p-name u-url" href="https://example.social/@ada">Ada</a>
 <img class="u-photo" src="/ada.png" alt=""></span>
 <time class="dt-published" datetime="2026-10-31T10:00:00Z">yesterday</time>
 <div class="e-content"><p>The text of it.</p><img class="u-photo" src="/ship.jpg" alt="A ship"></div>
 {more}</article>"""


def test_an_h_entry_in_full() -> None:
    page = read(POST.format(more="").encode(), URL)
    assert page.credits == (Credit("mastodon", "ada@example.social", "h-card"),)
    assert (page.title, page.author) == ("A post", "Ada")
    assert (page.image, page.image_alt) == ("https://ada.example/ship.jpg", "A ship")
    assert page.published is not None
    assert page.published.isoformat() == "2026-10-31T10:00:00+00:00"


def test_who_answers_is_not_who_wrote() -> None:
    reply = """<div class="u-comment h-cite"><a class="p-author h-card" href="https://x.com/mallory">M</a></div>"""
    assert [credit.handle for credit in credits_of(POST.format(more=reply))] == ["ada@example.social"]


def test_the_author_of_the_feed_around_an_entry_wrote_it() -> None:
    entry = '<div class="h-entry"><p class="e-content">Hi</p></div>'
    around = f'<div class="h-feed"><a class="p-author h-card" href="https://x.com/ada">Ada</a>{entry}</div>'
    assert credits_of(around) == (Credit("x", "ada", "h-card"),)


def test_of_several_entries_only_the_one_that_lives_here_counts() -> None:
    entry = """<div class="h-entry"><a class="u-url" href="/posts/{n}">{n}</a>
    <a class="p-author h-card" href="https://x.com/author_{n}">A</a><p class="e-content">Text</p></div>"""
    assert [credit.handle for credit in credits_of(entry.format(n=0) + entry.format(n=1))] == ["author_1"]
    assert credits_of(entry.format(n=2) + entry.format(n=3)) == ()


def test_everyone_is_named_once_and_the_deliberate_come_first() -> None:
    html = """<a rel="me" href="https://example.social/@ada">M</a><a rel="me" href="https://x.com/ada">X</a>
    <meta name="twitter:creator" content="@ada"><meta name="fediverse:creator" content="@ada@example.social">"""
    assert credits_of(html) == (
        Credit("mastodon", "ada@example.social", "fediverse:creator"),
        Credit("x", "ada", "twitter:creator"),
    )
    many = "".join(f'<a rel="me" href="https://x.com/ada{n}">X</a>' for n in range(50))
    assert len(credits_of(many)) == 10


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ('<h1 class="p-name">A <b>bold</b> name</h1>', "A bold name"),
        ('<abbr class="p-name" title="In full">I. f.</abbr>', "In full"),
        ('<p class="p-name"><span class="value">One <i class="value">and</i></span> not <b class="value">two</b></p>',
         "One andtwo"),
        ('<p class="p-name"><span class="value-title" title="Hidden"> </span>Shown</p>', "Hidden"),
        ('<p class="p-name">Look: <img src="/x.png" alt="a ship"><script>no()</script></p>', "Look: a ship"),
        ('<div class="h-full"><p class="p-name">In a box of a style sheet</p></div>', "In a box of a style sheet"),
        ('<template><p class="p-name">Not shown</p></template><p class="p-name">Shown</p>', "Shown"),
        ('<p class="p-name e-content">A note without a title</p>', ""),
    ],
)  # fmt: skip
def test_the_name_of_an_h_entry(name: str, title: str) -> None:
    assert read(f'<div class="h-entry">{name}</div>'.encode(), URL).title == title
