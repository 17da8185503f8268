"""What others did and what I did, as entries: told twice it is one, and it is booked on whoever did it."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces import NOON, post

from ledger.book import Book
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.store.tiny import memory_store
from ledger.who import site_identity
from platforms.base import Draft, PostRef
from syndicator import urls
from syndicator.articles import Catalogue, gather
from syndicator.collect import booked, links_to_me, share_of, shares_given
from syndicator.outbox import Change, State
from syndicator.sources.base import Feed, Item, Source

SITES = ("https://me.example", "https://blog.me.example/notes")
HER = Source("https://ada.example/feed", "curated")
MINE = Source("https://me.example/feed", "own")
PLANET = Source("https://planet.example/feed", "curated")
LATER = NOON + timedelta(days=1)


def told(source: Source, *items: Item, sites: tuple[str, ...] = SITES) -> list[Entry]:
    catalogue, feed = Catalogue(), Feed(source.url, items=items)
    gather(catalogue, source, feed, now=NOON, allow=0)
    return list(links_to_me(source, feed, catalogue, sites, NOON))


def item(url: str = "https://ada.example/a", *links: str) -> Item:
    return Item(url, url, "What I read", published=NOON - timedelta(hours=1), links=links)


# --- Links inside feeds


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("https://me.example/x", "https://me.example/x"),
        ("https://www.me.example/x", "https://www.me.example/x"),
        ("https://me.example/x?utm_source=ada#top", "https://me.example/x"),
        ("https://me.example", "https://me.example/"),
        ("https://blog.me.example/notes/1", "https://blog.me.example/notes/1"),
        ("https://blog.me.example/other", None),
        ("https://me.example.evil.example/x", None),
        ("https://notme.example/?u=https://me.example/x", None),
        ("https://ada.example/b", None),
    ],
)
def test_a_link_to_one_of_my_pages_is_a_favour(link: str, page: str | None) -> None:
    found = told(HER, item("https://ada.example/a", link))
    assert [each.my_url for each in found] == ([page] if page else [])
    for each in found:
        assert (each.direction, each.kind, each.identity) == (
            Direction.RECEIVED,
            Kind.LINK,
            Identity("web", "ada.example"),
        )
        assert (each.url, each.at, each.channel) == ("https://ada.example/a", NOON - timedelta(hours=1), "feed")


def test_each_page_counts_once_an_item() -> None:
    links = ("https://me.example/x", "https://me.example/x#top", "https://me.example/y")
    assert len(told(HER, item("https://ada.example/a", *links))) == 2
    assert len(told(HER, item("https://ada.example/a", *links), item("https://ada.example/b", *links))) == 4


def test_i_do_myself_no_favours() -> None:
    links = ("https://me.example/x",)
    assert told(MINE, item("https://me.example/a", *links)) == []
    assert told(PLANET, item("https://me.example/a", *links)) == []
    assert told(HER, item("https://ada.example/a", *links), sites=()) == []


def test_a_favour_seen_in_a_planet_is_its_writer_s_and_the_same_as_in_their_own_feed() -> None:
    link = "https://me.example/x"
    in_planet, in_hers = (
        told(PLANET, item("https://ada.example/a", link)),
        told(HER, item("https://ada.example/a", link)),
    )
    assert [each.identity.handle for each in in_planet] == ["ada.example"]
    book = Book(memory_store())
    assert book.append([*in_planet, *in_hers]) == 1


def test_an_item_that_is_no_article_is_left_out() -> None:
    assert told(HER, item("mailto:ada@ada.example", "https://me.example/x")) == []


@given(
    st.sampled_from(["www.", ""]),
    st.sampled_from(
        ["ada.example", "medium.com", "github.com", "ada.medium.com", "reddit.com", "youtube.com", "dev.to"]
    ),
    st.lists(st.sampled_from(["@ada", "~ada", "ada", "user", "c", "in", "p", "x", "tag"]), max_size=3),
)
def test_a_site_has_one_name_in_the_pipeline_and_in_the_ledger(www: str, host: str, path: list[str]) -> None:
    url = f"https://{www}{host}/{'/'.join(path)}"
    assert urls.site_of(url) == site_identity(url).handle


# --- Shares

POSTED = post(
    state=State.POSTED,
    history=(Change(NOON, State.POSTED, "published"),),
    ref=PostRef("1", "https://net.example/1"),
    in_return_for="entry",
)


def test_a_published_share_is_given_to_whoever_wrote_it() -> None:
    ((found, entry),) = shares_given([POSTED], LATER)
    assert found is POSTED
    assert (entry.direction, entry.kind, entry.identity) == (
        Direction.GIVEN,
        Kind.SHARE,
        Identity("web", "ada.example"),
    )
    assert (entry.at, entry.recorded, entry.url) == (NOON, LATER, POSTED.article)
    assert (entry.my_url, entry.in_return_for) == ("https://net.example/1", "entry")


@pytest.mark.parametrize(
    "other",
    [
        *(post(state=state) for state in State if state is not State.POSTED),
        post(state=State.POSTED, draft=Draft("In my own words, without the link")),
        *(post(state=State.POSTED, kind=kind) for kind in ("own", "notes")),
        booked(POSTED),
    ],
    ids=lambda each: f"{each.state} {each.kind} {each.booked}",
)
def test_nothing_else_is_a_share_given(other: object) -> None:
    assert shares_given([other], LATER) == []


def test_booking_again_after_a_crash_books_nothing_twice_and_it_can_be_taken_back() -> None:
    book = Book(memory_store())
    assert book.append(entry for _, entry in shares_given([POSTED], NOON)) == 1
    assert book.append(entry for _, entry in shares_given([POSTED], LATER)) == 0
    book.retract([share_of(POSTED).key])
    assert book.entries() == ()


@pytest.mark.parametrize(
    ("article", "handle"),
    [
        ("https://ada.example/" + "a" * 600, "ada.example"),
        ("https://odd_-.example/a", "odd_-.example"),
    ],
)
def test_no_favour_is_nobody_s_whatever_the_address(article: str, handle: str) -> None:
    shared = msgspec.structs.replace(POSTED, article=article, site="")
    assert share_of(shared).identity.handle.endswith(handle)
    book = Book(memory_store())
    assert book.append(entry for _, entry in shares_given([shared], NOON)) == 1
    assert [entry.identity for entry in book.entries()] == [share_of(shared).identity]


def test_a_long_link_is_its_site_s_like_any_other() -> None:
    long = "https://ada.example/" + "a" * 2000
    assert urls.site_of(long) == "ada.example"
    [entry] = told(HER, item(long, "https://me.example/x"))
    assert entry.identity == Identity("web", "ada.example")


def test_shares_of_one_article_on_two_accounts_are_two_acts() -> None:
    two = [entry.key for _, entry in shares_given([POSTED, post(account="other", state=State.POSTED)], NOON)]
    assert len(set(two)) == 2
