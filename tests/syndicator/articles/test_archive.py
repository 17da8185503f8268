"""What can no longer be shared is kept in short, known for ever, and left alone on disk."""

from datetime import timedelta
from typing import Any

import pytest
from pieces import NOON, article

from ledger.store.tiny import TinyStore, memory_store
from syndicator import articles
from syndicator.articles import Article, Catalogue, gather
from syndicator.sources.base import Feed, Item, Source

DAY = timedelta(days=1)
HER = Source("https://ada.example/feed", "curated")
OLD = Item(
    id="https://ada.example/?p=1",
    url="https://ada.example/a",
    title="A walk along the old canal",
    author="Ada",
    published=NOON - 100 * DAY,
    summary="The towpath was closed when I came, so I went through the fields and met a heron there.",
    tags=("walks",),
    language="en",
    words=900,
    image="https://ada.example/p.png",
)


def look(catalogue: Catalogue, *items: Item, source: Source = HER) -> list[Article]:
    return gather(catalogue, source, Feed(source.url, items=items), now=NOON, allow=None)


@pytest.fixture
def kept() -> TinyStore:
    """A store with one old article in it."""
    store, catalogue = memory_store(), Catalogue()
    look(catalogue, OLD)
    articles.save(store, catalogue, whole_since=NOON - 30 * DAY)
    return store


def changed(item: Item, **changes: Any) -> Item:
    return Item(**{name: changes.get(name, getattr(item, name)) for name in Item.__dataclass_fields__})


def test_an_old_article_loses_what_only_judging_asks_for(kept: TinyStore) -> None:
    [(url, document)] = kept.scan(articles.COLLECTION)
    assert url == OLD.url
    assert "towpath" not in str(document)
    catalogue = articles.load(kept)
    assert (list(catalogue), len(catalogue)) == ([], 1)
    found = catalogue.get(OLD.url)
    assert found is not None
    assert (found.title, found.author, found.site, found.language) == (OLD.title, "Ada", "ada.example", "en")
    assert (found.published, found.first_seen, found.source, found.sources) == (
        OLD.published,
        NOON,
        HER.url,
        (HER.url,),
    )
    assert (found.summary, found.tags, found.terms, found.image) == ("", (), (), None)


@pytest.mark.parametrize(
    "again",
    [
        OLD,
        changed(OLD, url="https://www.ada.example/a/?utm_source=x"),
        changed(OLD, url="https://ada.example/moved", title="Renamed", summary="Rewritten."),
        changed(OLD, url="https://new.example/a", id="new"),
    ],
    ids=["unchanged", "other spelling of the address", "moved and renamed under its guid", "moved under a new guid"],
)
def test_it_is_known_for_ever(kept: TinyStore, again: Item) -> None:
    catalogue = articles.load(kept)
    assert look(catalogue, again) == []
    articles.save(kept, catalogue, whole_since=NOON - 30 * DAY)
    catalogue = articles.load(kept)
    assert (len(catalogue), list(catalogue)) == (1, [])
    assert catalogue.get(again.url) == catalogue.get(OLD.url)
    assert catalogue.get(OLD.url) is not None


def test_seeing_it_again_writes_nothing(kept: TinyStore) -> None:
    catalogue = articles.load(kept)
    look(catalogue, OLD)
    assert catalogue.take_changes() == {}


def test_a_planet_that_digs_it_out_is_remembered_and_it_stays_short(kept: TinyStore) -> None:
    planet = Source("https://planet.example/feed", "curated")
    for _ in range(2):
        catalogue = articles.load(kept)
        assert look(catalogue, OLD, source=planet) == []
        articles.save(kept, catalogue, whole_since=NOON - 30 * DAY)
    found = articles.load(kept).get(OLD.url)
    assert found is not None
    assert found.sources == (HER.url, planet.url)
    assert catalogue.take_changes() == {}


def test_what_is_young_or_mine_stays_whole() -> None:
    store, catalogue = memory_store(), Catalogue()
    look(catalogue, changed(OLD, url="https://ada.example/b", id="b", title="Young", published=NOON - DAY))
    look(catalogue, changed(OLD, url="https://me.example/a", id="m"), source=Source("https://me.example/feed", "own"))
    articles.save(store, catalogue, whole_since=NOON - 30 * DAY)
    assert [each.summary for each in articles.load(store)] == [OLD.summary] * 2


def test_one_that_became_old_is_shortened_when_the_next_is_saved() -> None:
    store, catalogue = memory_store(), Catalogue()
    look(catalogue, OLD)
    articles.save(store, catalogue, whole_since=NOON - 100 * DAY)
    assert [each.summary for each in articles.load(store)] == [OLD.summary]
    later = articles.load(store)
    articles.save(store, later, whole_since=NOON - 99 * DAY)
    assert list(articles.load(store)) == []


def test_the_sites_and_sources_of_old_articles_can_be_asked_for(kept: TinyStore) -> None:
    catalogue = articles.load(kept)
    assert catalogue.old_sites([HER.url]) == {"ada.example"}
    assert catalogue.old_sites(["https://other.example/feed"]) == set()
    assert [each.url for each in catalogue.told_by([HER.url])] == [OLD.url]
    assert catalogue.told_by([]) == []


def test_an_archived_article_is_far_smaller_than_a_whole_one() -> None:
    whole = article(summary="x" * 500, terms=("canal",) * 20, image="https://ada.example/p.png", tags=("a", "b"))
    catalogue = Catalogue()
    catalogue.put(whole)
    before = len(str(catalogue.take_changes()))
    catalogue.archive(NOON)
    assert len(str(catalogue.take_changes())) < before / 3
