"""Redirects and rel=canonical make two addresses one article, and two articles one, in whichever order they come."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces import NOON, article, post

from ledger.store.tiny import memory_store
from syndicator import accounts, articles
from syndicator.articles import Article, Catalogue, gather
from syndicator.sources.base import Feed, Item, Source

DAY = timedelta(days=1)
HERS = article("https://ada.example/a", title="A walk", sources=("https://ada.example/feed",), first_seen=NOON)
#: The same piece as a planet told it, a day before.
PASSED_ON = article(
    "https://planet.example/1",
    title="Ada walks",
    source="https://planet.example/feed",
    sources=("https://planet.example/feed",),
    aliases=("https://planet.example/one",),
    guids=("planet00=123456789abc",),
    linked_by=("bob.example",),
    first_seen=NOON - DAY,
)


def test_a_redirect_gives_an_article_one_more_address() -> None:
    catalogue = Catalogue([HERS])
    again = catalogue.also_at(HERS.url, ["https://ada.example/2026/a?utm_source=x", HERS.url, "mailto:ada", ""])
    assert again.aliases == ("https://ada.example/2026/a",)
    assert catalogue.get("https://ada.example/2026/a") is catalogue.get(HERS.url) is again
    assert catalogue.take_changes().keys() == {HERS.url}
    assert catalogue.also_at(HERS.url, ["https://ada.example/2026/a"]) is again
    assert catalogue.take_changes() == {}


def test_a_server_that_redirects_elsewhere_each_time_fills_nobody_s_disk() -> None:
    catalogue = Catalogue([HERS])
    for n in range(200):
        one = catalogue.also_at(HERS.url, [f"https://ada.example/a;s={n}"])
    assert len(one.aliases) == 80
    assert catalogue.get("https://ada.example/a;s=0") is catalogue.get("https://ada.example/a;s=199") is one


@pytest.mark.parametrize("asked", [HERS.url, PASSED_ON.url])
def test_of_two_that_are_one_the_one_that_is_led_to_stays_and_nothing_is_forgotten(asked: str) -> None:
    catalogue = Catalogue([HERS, PASSED_ON])
    goes, stays = (HERS, PASSED_ON) if asked == HERS.url else (PASSED_ON, HERS)
    one = catalogue.also_at(asked, [stays.url])
    assert (len(catalogue), list(catalogue)) == (1, [one])
    assert (one.url, one.title, one.site, one.source) == (stays.url, stays.title, stays.site, stays.source)
    assert one.first_seen == PASSED_ON.first_seen
    assert set(one.aliases) == {goes.url, *PASSED_ON.aliases}
    assert one.sources == (*stays.sources, *goes.sources)
    assert (one.guids, one.linked_by) == (PASSED_ON.guids, PASSED_ON.linked_by)
    for address in (one.url, *one.aliases):
        assert catalogue.get(address) is one


@pytest.mark.parametrize(
    ("posted", "stays"),
    [
        ({PASSED_ON.url}, PASSED_ON),
        ({"https://planet.example/one"}, PASSED_ON),
        ({HERS.url}, HERS),
        ({PASSED_ON.url, HERS.url}, HERS),
    ],
)
def test_what_was_posted_keeps_its_address(posted: set[str], stays: Article) -> None:
    assert Catalogue([HERS, PASSED_ON]).also_at(PASSED_ON.url, [HERS.url], posted=posted).url == stays.url


def test_an_article_that_moved_there_and_back_is_found_at_every_address() -> None:
    store, there = memory_store(), "https://ada.example/2026/a"
    catalogue = Catalogue([HERS])
    catalogue.also_at(HERS.url, [there])
    for address in (there, HERS.url, there):
        one = catalogue.moved(HERS.url, address)
        assert (one.url, len(catalogue)) == (address, 1)
        assert catalogue.get(there) is catalogue.get(HERS.url) is one
    articles.save(store, catalogue)
    again = articles.load(store)
    assert (len(again), again.get(HERS.url), again.get(there)) == (1, one, one)


def test_what_was_posted_for_either_counts_for_both() -> None:
    catalogue = Catalogue([HERS, PASSED_ON])
    one = catalogue.also_at(HERS.url, [PASSED_ON.url])
    past = accounts.past([post(HERS.url, "here"), post(PASSED_ON.url, "there")], catalogue)
    assert [(each.account, each.article) for each in past] == [("here", one.url), ("there", one.url)]


def test_a_merged_article_is_stored_as_one_and_comes_back_as_one() -> None:
    store, catalogue = memory_store(), Catalogue()
    for each in (HERS, PASSED_ON):
        catalogue.put(each)
    articles.save(store, catalogue)
    one = catalogue.also_at(HERS.url, [PASSED_ON.url])
    articles.save(store, catalogue)
    assert store.count(articles.COLLECTION) == 1
    again = articles.load(store)
    assert [again.get(each.url) for each in (HERS, PASSED_ON)] == [one, one]


def test_three_in_a_chain_are_found_by_the_address_of_the_first() -> None:
    elder = article("https://third.example/a", first_seen=NOON - 2 * DAY, source="x", sources=("x",))
    catalogue = Catalogue([HERS, PASSED_ON, elder])
    catalogue.also_at(HERS.url, [PASSED_ON.url])
    one = catalogue.also_at(PASSED_ON.url, [elder.url])
    assert [catalogue.get(each.url) for each in (HERS, PASSED_ON, elder)] == [one, one, one]


def test_an_archived_article_can_turn_out_to_be_the_same() -> None:
    catalogue = Catalogue([HERS, PASSED_ON])
    catalogue.archive(NOON + DAY)
    one = catalogue.also_at(HERS.url, [PASSED_ON.url])
    assert (one.url, len(catalogue)) == (PASSED_ON.url, 1)
    assert catalogue.get("https://planet.example/one") == catalogue.get(HERS.url) == one


@pytest.mark.parametrize("front", ["https://ada.example/", "https://www.ada.example/index.html", "http://bob.example"])
def test_a_dead_page_that_leads_to_a_front_page_is_not_that_page(front: str) -> None:
    catalogue = Catalogue([HERS])
    assert catalogue.also_at(HERS.url, [front]) == HERS
    assert catalogue.get(front) is None


@pytest.mark.parametrize("canonical", ["https://ada.example/0", "https://ada.example/blog"])
@pytest.mark.parametrize("apart", [3 * DAY, timedelta(hours=3), None])
def test_one_careless_canonical_on_every_page_does_not_make_a_site_one_article(
    apart: timedelta | None, canonical: str
) -> None:
    pieces = [
        article(
            f"https://ada.example/{n}",
            title=f"Piece {n}",
            published=None if apart is None else NOON - n * apart,
            first_seen=NOON,
        )
        for n in range(4)
    ]
    catalogue = Catalogue(pieces)
    for each in pieces:
        catalogue.also_at(each.url, [canonical], page_title=each.title)
    assert len(catalogue) == 4


@pytest.mark.parametrize("archived", [False, True])
def test_that_two_pages_claim_an_address_nobody_told_of_proves_nothing(archived: bool) -> None:
    pause, other = "https://planet.example/pause", article("https://planet.example/2", source="x", sources=("x",))
    catalogue = Catalogue([PASSED_ON, other])
    catalogue.also_at(PASSED_ON.url, [pause])
    catalogue.moved(PASSED_ON.url, pause)
    if archived:
        catalogue.archive(NOON + DAY)
    catalogue.also_at(other.url, [pause])
    assert len(catalogue) == 2


def test_once_a_feed_tells_of_that_address_it_is_believed() -> None:
    there, other = "https://ada.example/2026/a", article("https://bob.example/to-a", source="bob", sources=("bob",))
    catalogue = Catalogue([HERS, other])
    catalogue.also_at(HERS.url, [there])
    feed = Feed(HERS.source, items=(Item(id="1", url=there, title=HERS.title, published=HERS.published),))
    gather(catalogue, Source(HERS.source, "curated"), feed, now=NOON, allow=None)
    assert catalogue.also_at(other.url, [there]).url == HERS.url
    assert len(catalogue) == 1


def test_a_piece_that_was_renamed_and_moved_is_the_one_its_old_address_leads_to() -> None:
    renamed = article("https://ada.example/b", title="A stroll", published=HERS.published, first_seen=NOON + DAY)
    catalogue = Catalogue([HERS, renamed])
    assert catalogue.also_at(HERS.url, [renamed.url], page_title="A stroll").url == renamed.url
    assert len(catalogue) == 1


@pytest.mark.parametrize(("apart", "baseline"), [(timedelta(), False), (DAY, True)])
def test_what_is_news_in_the_same_run_is_news_whichever_was_first(apart: timedelta, baseline: bool) -> None:
    old = article("https://planet.example/1", baseline=True, first_seen=NOON - apart, source="x", sources=("x",))
    assert Catalogue([old, HERS]).also_at(HERS.url, [old.url]).baseline is baseline


def test_what_is_mine_stays_mine() -> None:
    mine = article("https://me.example/a", kind="own", source="mine", sources=("mine",), first_seen=NOON)
    one = Catalogue([mine, PASSED_ON]).also_at(PASSED_ON.url, [mine.url])
    assert (one.kind, one.source) == ("own", "mine")


def test_nothing_is_learnt_of_what_is_not_known() -> None:
    for learn in (Catalogue().also_at, Catalogue().moved):
        with pytest.raises(KeyError):
            learn(HERS.url, PASSED_ON.url)


# --- Properties

#: Every article by a source of its own: what one source tells of as two is not believed to be one.
PIECES = [
    article(f"https://{n}.example/a", source=f"s{n}", sources=(f"s{n}",), first_seen=NOON + n % 3 * DAY)
    for n in range(6)
]
told = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(PIECES)), max_size=8)


def _groups(catalogue: Catalogue, of: Iterable[Article]) -> set[frozenset[str]]:
    """Which addresses are of one article, whichever of them is its URL."""
    groups: dict[str, set[str]] = {}
    for each in of:
        if found := catalogue.get(each.url):
            groups.setdefault(found.url, set()).add(each.url)
    return {frozenset(group) for group in groups.values()}


@given(told.flatmap(lambda pairs: st.tuples(st.just(pairs), st.permutations(pairs))))
def test_the_order_in_which_redirects_are_learnt_decides_nothing(
    orders: tuple[list[tuple[Article, Article]], list[tuple[Article, Article]]],
) -> None:
    found = []
    for order in orders:
        catalogue = Catalogue(PIECES)
        for one, other in order:
            catalogue.also_at(one.url, [other.url])
        found.append(_groups(catalogue, PIECES))
        assert len(catalogue) == len(found[-1])
        store = memory_store()
        for each in catalogue:
            catalogue.put(each)
        articles.save(store, catalogue)
        assert _groups(articles.load(store), PIECES) == found[-1]
    assert found[0] == found[1]
