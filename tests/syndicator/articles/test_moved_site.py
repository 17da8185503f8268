"""A site that moves posts nothing again, whatever its new engine does to titles, guids and dates."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pieces import NOON

from syndicator.articles import Catalogue, gather
from syndicator.articles.moved_site import SiteMove, addresses_before, site_moves
from syndicator.sources.base import Feed, Item, Source

DAY = timedelta(days=1)
HER = Source("https://ada.example/feed", "curated")
ELSEWHERE = Source("https://new.example/feed", "curated")
#: Titles that say little, as those of series do: alone they prove nothing.
PATHS = ["2026/10/moss", "2026/10/weeknotes", "2026/10/links", "2026/11/heron"]
OLD = [
    Item(id=f"https://ada.example/?p={n}", url=f"https://ada.example/{path}", title=title, published=NOON - n * DAY)
    for n, (path, title) in enumerate(zip(PATHS, ["Moss", "Weeknotes", "Links", "Heron"], strict=True))
]


def look(catalogue: Catalogue, source: Source, *items: Item, allow: int | None = None) -> list[str]:
    return [each.url for each in gather(catalogue, source, Feed(source.url, items=items), now=NOON, allow=allow)]


def moved(item: Item, to: str, **changes: object) -> Item:
    return replace(item, url=item.url.replace("https://ada.example", to), **changes)


@pytest.mark.parametrize(
    "to", ["https://new.example", "https://ada.example/blog", "http://www.ada.example", "https://new.example/ada/blog"]
)
@pytest.mark.parametrize(
    "anew",
    [
        {},
        {"id": ""},
        {"id": "", "published": None},
        {"id": "", "title": "Renamed by the new engine", "published": NOON},
    ],
    ids=["all else the same", "new guids", "new guids, no dates", "new guids, titles and dates"],
)
def test_when_half_of_a_feed_shows_where_a_site_went_the_rest_is_known_too(to: str, anew: dict[str, object]) -> None:
    """Two entries keep guid, title and date; the other two may lose everything but their paths."""
    catalogue = Catalogue()
    look(catalogue, HER, *OLD)
    changes = [{}, {}, *(anew | {"id": f"new{n}"} if "id" in anew else anew for n in range(2))]
    after = [moved(item, to, **each) for item, each in zip(OLD, changes, strict=True)]
    assert look(catalogue, HER, *after) == []
    assert len(catalogue) == len(OLD)


def test_a_feed_that_moved_with_its_site_and_was_subscribed_anew() -> None:
    """Its first look would offer its newest; all of them were there before."""
    catalogue = Catalogue()
    look(catalogue, HER, *OLD)
    after = [moved(item, "https://new.example") for item in OLD]
    assert look(catalogue, ELSEWHERE, *after, allow=4) == []


def test_what_turns_up_later_is_known_by_the_move_that_was_seen_then() -> None:
    catalogue = Catalogue()
    look(catalogue, HER, *OLD)
    to = "https://new.example"
    look(catalogue, HER, *(moved(item, to) for item in OLD[:2]))
    late = moved(OLD[3], to, id="x", title="Renamed", published=None)
    assert look(catalogue, HER, *(moved(item, to) for item in OLD[:2]), late) == []


def test_new_posts_on_the_new_site_are_new() -> None:
    catalogue = Catalogue()
    look(catalogue, HER, *OLD)
    to = "https://new.example"
    new = Item(id="5", url=f"{to}/2026/11/otter", title="Otter", published=NOON)
    assert look(catalogue, HER, new, *(moved(item, to) for item in OLD)) == [new.url]


def test_one_page_that_moved_moves_no_site() -> None:
    catalogue = Catalogue()
    look(catalogue, HER, *OLD)
    to = "https://new.example"
    other = moved(OLD[1], to, id="x", title="Another series", published=NOON)
    assert look(catalogue, HER, moved(OLD[0], to), other) == [other.url]


def test_somebody_else_s_site_with_the_same_paths_is_no_move() -> None:
    catalogue = Catalogue()
    look(catalogue, HER, *OLD)
    bobs = [moved(item, "https://bob.example", id=f"{n}", published=NOON - n * DAY / 2) for n, item in enumerate(OLD)]
    assert look(catalogue, ELSEWHERE, *bobs) == [item.url for item in bobs]


def test_what_still_stands_at_the_old_place_is_another_piece() -> None:
    catalogue = Catalogue()
    look(catalogue, HER, *OLD)
    to = "https://new.example"
    other = moved(OLD[3], to, id="x", title="Another heron", published=NOON)
    assert look(catalogue, HER, *(moved(item, to) for item in OLD[:3]), OLD[3], other) == [other.url]


def test_a_site_that_moved_long_ago_is_known_from_the_archive() -> None:
    catalogue = Catalogue()
    look(catalogue, HER, *OLD)
    catalogue.archive(NOON + DAY)
    to = "https://new.example"
    after = [moved(OLD[0], to), moved(OLD[1], to), moved(OLD[2], to, id="x", title="Renamed", published=None)]
    assert look(catalogue, HER, *after) == []


def test_a_move_is_what_most_pages_speak_for() -> None:
    pages = [f"new.example/{n}" for n in range(4)]
    assert site_moves([("old.example/0", pages[0]), ("old.example/1", pages[1])], pages) == (
        SiteMove("old.example", "new.example"),
    )
    assert site_moves([("old.example/0", pages[0]), ("old.example/1", pages[1])], [*pages, "new.example/4"]) == ()
    assert site_moves([("old.example/0", pages[0])] * 3, pages[:2]) == ()
    assert site_moves([(page, page) for page in pages], pages) == ()
    assert site_moves([("a.example/x", "b.example/y"), ("a.example", "b.example")], ["b.example/y", "b.example"]) == ()
    queries = [(f"old.example?p={n}", f"new.example/blog?p={n}") for n in range(2)]
    assert site_moves(queries, [now for _, now in queries]) == (SiteMove("old.example", "new.example/blog"),)


def test_an_address_before_a_move() -> None:
    moves = [SiteMove("old.example/blog", "new.example")]
    assert list(addresses_before("https://www.new.example/a/", moves)) == ["https://old.example/blog/a"]
    assert list(addresses_before("https://new.example.org/a", moves)) == []
    assert list(addresses_before("https://new.example/", moves)) == []
