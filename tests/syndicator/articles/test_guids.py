"""Ids that feeds give their entries: trusted within a feed, and elsewhere only where all else agrees."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pieces import NOON

from syndicator.articles import Catalogue, gather
from syndicator.articles.guids import guid_of, lookup, with_feeds_moved
from syndicator.sources.base import Feed, Item, Source

DAY = timedelta(days=1)
HER = Source("https://ada.example/feed", "curated")
MOVED = Source("https://new.example/feed", "curated")
FIRST = Item(id="https://ada.example/?p=1", url="https://ada.example/a", title="On moss", published=NOON - DAY)


def look(catalogue: Catalogue, source: Source, *items: Item) -> list[str]:
    return [each.url for each in gather(catalogue, source, Feed(source.url, items=items), now=NOON, allow=None)]


def test_an_id_of_its_kind_in_the_world_is_looked_up_whoever_tells_it() -> None:
    for entry in ("https://ada.example/?p=1", "tag:ada.example,2026:1", "urn:uuid:1"):
        assert lookup(guid_of("a", entry)) == lookup(guid_of("b", entry))
        assert guid_of("a", entry) != guid_of("b", entry)
    assert lookup(guid_of("a", "1")) != lookup(guid_of("b", "1"))


def test_a_moved_feed_takes_its_ids_along() -> None:
    assert with_feeds_moved(guid_of("a", "1"), {"a": "b"}) == guid_of("b", "1")
    assert with_feeds_moved(guid_of("c", "1"), {"a": "b"}) == guid_of("c", "1")


def test_everything_changed_but_the_guid() -> None:
    catalogue = Catalogue()
    look(catalogue, HER, FIRST)
    again = replace(FIRST, url="https://new.example/x", title="On lichen", published=NOON, author="A.", summary="New.")
    assert look(catalogue, HER, again) == []


def test_a_feed_and_its_site_that_moved_together_keep_their_guids() -> None:
    catalogue = Catalogue()
    look(catalogue, HER, FIRST)
    assert look(catalogue, MOVED, replace(FIRST, url="https://new.example/a")) == []


@pytest.mark.parametrize(
    "claimed",
    [
        replace(FIRST, url="https://eve.example/x", title="Buy this"),
        replace(FIRST, id="1", url="https://eve.example/x"),
    ],
    ids=["another's guid with a title of one's own", "a guid that any feed may have"],
)
def test_a_guid_in_a_stranger_s_feed_proves_nothing_by_itself(claimed: Item) -> None:
    catalogue = Catalogue()
    look(catalogue, HER, FIRST, replace(FIRST, id="1", url="https://ada.example/one", title="Other", published=NOON))
    assert look(catalogue, MOVED, claimed) == ["https://eve.example/x"]


def test_a_feed_that_numbers_its_entries_by_place() -> None:
    catalogue = Catalogue()
    pages = [f"https://ada.example/{n}" for n in range(4)]
    entries = [Item(id="", url=page, title=f"Piece {n}", published=NOON + n * DAY) for n, page in enumerate(pages)]
    for newest in range(1, 4):
        shown = [replace(each, id=str(place)) for place, each in enumerate(entries[newest::-1])]
        new = look(catalogue, HER, *shown)
        assert new[:1] == [pages[newest]]
    assert len(catalogue) == 4
