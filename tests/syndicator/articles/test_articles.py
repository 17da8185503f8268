"""One piece of writing is one article, however often and from wherever it comes; two pieces stay two."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces import NOON

from ledger.store.tiny import TinyStore, memory_store
from syndicator import articles, urls
from syndicator.articles import Article, Catalogue, gather
from syndicator.sources.base import Feed, Item, Source

DAY = timedelta(days=1)
HER = Source("https://ada.example/feed", "curated")
PLANET = Source("https://planet.example/feed", "curated")
LIST = Source("https://list.example/feed", "curated")
MINE = Source("https://me.example/feed", "own")
TITLE = "A walk along the old canal"
TEXT = "The towpath was closed when I came, so I went through the fields and met a heron there."


def item(url: str = "https://ada.example/a", **changes: object) -> Item:
    given = {"id": url, "url": url, "title": TITLE, "published": NOON - DAY, "summary": TEXT, "tags": ("walks",)}
    return Item(**{**given, **changes})


def read(
    catalogue: Catalogue, source: Source, *items: Item, at: datetime = NOON, allow: int | None = None
) -> list[str]:
    """Gather the items of one fetch; the URLs of what was new."""
    feed = Feed(source.url, items=items)
    return [each.url for each in gather(catalogue, source, feed, now=at, allow=allow)]


# --- One article


@pytest.mark.parametrize(
    "again",
    [
        item(),
        item("https://ada.example/a?utm_source=feed&fbclid=1"),
        item("HTTPS://ADA.example:443/a#comments"),
        item(id="another guid"),
        item(title="A walk along the old canal, corrected"),
        item("https://ada.example/a?utm_campaign=x", id="another", title="Something else now"),
        item("https://ada.example/moved", id="https://ada.example/a", title="Something else now"),
        item("https://new.example/2026/a", id="tag:new", published=NOON - DAY),
        item("https://ada.example/a-2", id="tag:new", published=NOON - DAY + timedelta(hours=5)),
        item("https://ada.example/a", published=None, updated=NOON),
        item("https://ada.example/a", published=NOON, updated=NOON),
        item("https://ada.example/a/", id="new", title="Something else now", published=NOON),
        item("https://www.ada.example/a", id="new", title="Something else now", summary="Rewritten."),
        item("http://ada.example/a/index.html", id="new", title="Something else now", summary="Rewritten."),
    ],
    ids=[
        "unchanged",
        "tracking parameters",
        "other spelling of the address",
        "guid",
        "title",
        "parameters, guid and title",
        "moved under the same guid and retitled",
        "moved to another domain under a new guid",
        "re-created a few hours later",
        "date gone",
        "date changed",
        "slash, guid, title and date",
        "www, guid, title and text",
        "index file, scheme, guid, title and text",
    ],
)
def test_an_entry_that_changed_is_still_the_same(again: Item) -> None:
    catalogue = Catalogue()
    assert read(catalogue, HER, item()) == ["https://ada.example/a"]
    assert read(catalogue, HER, again, at=NOON + DAY) == []
    assert len(catalogue) == 1
    assert catalogue.get(again.url) is catalogue.get("https://ada.example/a") is not None


def test_a_short_title_is_enough_if_the_time_is_the_same_to_the_second() -> None:
    catalogue = Catalogue()
    read(catalogue, HER, item(title="Weeknotes 44"))
    assert read(catalogue, HER, item("https://new.example/44", title="Weeknotes 44")) == []
    late = item("https://new.example/45", title="Weeknotes 44", published=NOON - DAY + timedelta(seconds=1))
    assert read(catalogue, HER, late) == [late.url]


def test_a_title_in_a_script_without_spaces_counts_too() -> None:
    catalogue = Catalogue()
    read(catalogue, HER, item(title="運河沿いの散歩"))
    assert read(catalogue, HER, item("https://new.example/1", title="運河沿いの散歩")) == []


@pytest.mark.parametrize("url", ["https://ada.example/a", "https://planet.example/redirect?to=ada-a"])
def test_the_same_piece_in_three_feeds_is_one_with_three_sources(url: str) -> None:
    catalogue = Catalogue()
    read(catalogue, HER, item())
    read(catalogue, PLANET, item(url, id="p1"))
    read(catalogue, LIST, item(url + "?utm_source=list", id="l1"))
    (found,) = catalogue
    assert found.sources == (HER.url, PLANET.url, LIST.url)
    assert (found.url, found.site, found.source) == ("https://ada.example/a", "ada.example", HER.url)


@pytest.mark.parametrize("planet_first", [True, False])
@pytest.mark.parametrize(
    "url",
    ["https://www.ada.example/a/?utm_medium=planet", "http://ada.example/a/index.php", "https://ada.example/?p=1"],
)
def test_a_planet_without_texts_and_with_addresses_of_its_own_brings_nothing_new(url: str, planet_first: bool) -> None:
    catalogue = Catalogue()
    looks = [(HER, item()), (PLANET, item(url, id="p1", summary="", published=NOON - DAY + timedelta(hours=2)))]
    new = [read(catalogue, source, each) for source, each in (looks[::-1] if planet_first else looks)]
    assert len(new[0]) == len(catalogue) == 1
    assert new[1] == []


def test_an_address_keeps_the_form_it_was_first_seen_in() -> None:
    catalogue = Catalogue()
    assert read(catalogue, HER, item("http://www.ada.example/a/")) == ["http://www.ada.example/a/"]
    read(catalogue, HER, item("https://ada.example/a"))
    (found,) = catalogue
    assert (found.url, found.aliases) == ("http://www.ada.example/a/", ("https://ada.example/a",))
    assert catalogue.get("https://www.ada.example/a/index.html") is found


def test_what_is_mine_is_mine_in_whoever_s_feed_it_is_seen_first() -> None:
    for order in ([MINE, PLANET], [PLANET, MINE]):
        catalogue = Catalogue()
        for source in order:
            read(catalogue, source, item("https://me.example/a"))
        (found,) = catalogue
        assert (found.kind, found.source) == ("own", MINE.url)


def test_an_edit_of_its_own_feed_is_taken_over_and_that_of_another_is_not() -> None:
    catalogue = Catalogue()
    read(catalogue, HER, item())
    read(catalogue, PLANET, item(title="Ada: " + TITLE, summary="cut"))
    assert [(each.title, each.summary) for each in catalogue] == [(TITLE, TEXT)]
    read(catalogue, HER, item(title="Mended", summary="mended"))
    assert [(each.title, each.summary) for each in catalogue] == [("Mended", "mended")]


def test_a_feed_that_makes_new_guids_at_every_look_does_not_grow_without_end() -> None:
    catalogue = Catalogue()
    for n in range(500):
        read(catalogue, HER, item(id=f"session {n}"))
    (found,) = catalogue
    assert len(found.guids) < 100


# --- Two articles


def test_a_series_under_one_title_stays_separate_even_with_one_introduction() -> None:
    catalogue = Catalogue()
    for week in range(4):
        each = item(f"https://ada.example/{week}", title="Links of the week", published=NOON - 7 * DAY * (4 - week))
        assert read(catalogue, HER, each) == [each.url]
        assert read(catalogue, PLANET, replace(each, id=f"planet {week}")) == []
    assert len(catalogue) == 4


def test_a_daily_series_in_a_feed_that_shows_only_its_newest_part() -> None:
    catalogue = Catalogue()
    for day in range(4):
        url = f"https://ada.example/{day}"
        part = item(url, id=url, published=NOON + day * DAY, summary=f"Part {day} of it is about something else.")
        assert read(catalogue, HER, part) == [url]


def test_entries_of_one_page_that_only_a_fragment_tells_apart() -> None:
    """A page for each day, its entries known by their fragments; a link into it finds its entry, or else nothing."""
    page = "https://ada.example/2026/11/01.html"
    entries = [item(f"{page}#a{n}", id=f"a{n}", title=f"Entry number {n} of the day", summary="") for n in range(3)]
    catalogue = Catalogue()
    assert read(catalogue, HER, *entries) == [f"{page}#a0", f"{page}#a1", f"{page}#a2"]
    later = item(f"{page}#a3", id="a3", title="Entry number 3 of the day", summary="")
    assert read(catalogue, HER, *entries[1:], later) == [f"{page}#a3"]
    assert catalogue.get(f"{page}#a1").title == "Entry number 1 of the day"


def test_one_entry_told_with_and_without_a_fragment_is_one() -> None:
    catalogue = Catalogue()
    assert len(read(catalogue, HER, item(), item("https://ada.example/a#more", id="again"))) == 1
    assert catalogue.get("https://ada.example/a#comments").url == "https://ada.example/a"


def test_the_place_at_the_first_look_is_kept_so_that_each_account_may_take_fewer() -> None:
    catalogue = Catalogue()
    dated = [item(f"https://ada.example/{n}", title=f"Piece {n}", published=NOON - n * DAY) for n in range(4)]
    read(catalogue, HER, *dated, allow=2)
    found = {each.url[-1]: (each.rank, each.baseline) for each in catalogue}
    assert found == {"0": (0, False), "1": (1, False), "2": (2, True), "3": (3, True)}
    read(catalogue, HER, item("https://ada.example/new", title="Piece new"))
    assert catalogue.get("https://ada.example/new").rank is None


def test_a_planet_that_is_read_before_the_series_itself_mixes_nothing_up() -> None:
    catalogue = Catalogue()
    weeks = [
        item(f"https://ada.example/{week}", title="Links of the week", published=NOON - 7 * DAY * week)
        for week in range(3)
    ]
    read(catalogue, HER, weeks[2])
    assert read(catalogue, PLANET, weeks[0]) == [weeks[0].url]
    assert read(catalogue, HER, weeks[1], weeks[0]) == [weeks[1].url]


@pytest.mark.parametrize("dated", [True, False])
def test_pieces_of_one_title_that_stand_side_by_side_are_different(dated: bool) -> None:
    catalogue = Catalogue()
    days = [
        item(f"https://ada.example/{day}", title="Notes of the day", published=NOON - DAY * day if dated else None)
        for day in range(4)
    ]
    assert len(read(catalogue, HER, *days[2:])) == 2
    assert len(read(catalogue, HER, *days[1:])) == 1
    assert len(read(catalogue, HER, *days)) == 1


def test_a_daily_series_with_one_introduction_stays_separate_in_a_planet_too() -> None:
    catalogue = Catalogue()
    read(catalogue, HER, item("https://ada.example/1", title="Links of the day"))
    today = item("https://ada.example/2", title="Links of the day", published=NOON)
    assert read(catalogue, PLANET, today) == [today.url]


@pytest.mark.parametrize(
    "other",
    [
        item("https://ada.example/2", summary="", published=NOON),
        item("https://bob.example/2", summary=""),
        item("https://ada.example/2", summary="", author="Bob"),
        item("https://ada.example/2", summary="Something quite different happened on the way back, in the rain."),
        item("https://ada.example/2", summary="", published=None),
    ],
    ids=["a day later", "on another site", "by somebody else", "with a text of its own", "who knows when"],
)
def test_one_title_in_two_feeds_is_not_enough(other: Item) -> None:
    """The part of a series that is not told of would never be shared, and nobody would notice."""
    catalogue = Catalogue()
    read(catalogue, HER, item(author="Ada"))
    assert read(catalogue, PLANET, other) == [other.url]


def test_parts_of_a_series_that_stand_side_by_side_in_a_planet_without_texts() -> None:
    catalogue = Catalogue()
    title = "Notes from the morning walk"
    first = item("https://ada.example/1", title=title, summary="")
    read(catalogue, HER, first)
    second = item("https://ada.example/2", title=title, summary="", published=NOON - DAY + timedelta(hours=8))
    assert read(catalogue, PLANET, first, second) == [second.url]


@pytest.mark.parametrize("variant", ["https://www.ada.example/1", "https://ada.example/1/"])
def test_what_stands_beside_is_known_by_any_of_its_addresses(variant: str) -> None:
    catalogue = Catalogue()
    read(catalogue, HER, item("https://ada.example/1"))
    again, other = item(variant, id="new"), item("https://ada.example/2")
    assert read(catalogue, HER, other, again) == [other.url]


def test_a_query_chooses_the_page_whatever_comes_before_it() -> None:
    catalogue = Catalogue()
    pages = [item(f"https://ada.example/?p={n}", title=f"Piece {n}", published=NOON - n * DAY) for n in range(3)]
    assert len(read(catalogue, HER, *pages)) == 3


@pytest.mark.parametrize(("title", "same"), [("Weeknotes", False), (TITLE, True)])
def test_without_dates_a_title_must_say_something(title: str, same: bool) -> None:
    for source in (HER, PLANET):
        catalogue = Catalogue()
        read(catalogue, HER, item(title=title, published=None))
        again = item("https://ada.example/2", title=title, published=None)
        assert (read(catalogue, source, again) == []) is same


def test_a_short_title_with_the_same_text_on_the_same_day_is_the_same_piece_in_another_feed() -> None:
    catalogue = Catalogue()
    read(catalogue, HER, item(title="Weeknotes"))
    assert read(catalogue, PLANET, item("https://planet.example/1", title="Weeknotes")) == []
    assert len(read(catalogue, LIST, item("https://list.example/1", title="Weeknotes", summary=""))) == 1


def test_a_feed_in_which_all_entries_have_one_guid() -> None:
    catalogue = Catalogue()
    entries = [
        item(f"https://ada.example/{n}", id="same", title=f"Piece {n}", published=NOON - n * DAY, summary="")
        for n in range(5)
    ]
    assert len(read(catalogue, HER, *entries[1:])) == 4
    assert read(catalogue, HER, *entries) == ["https://ada.example/0"]
    assert read(catalogue, HER, *entries) == []


def test_two_people_with_one_title_stay_apart() -> None:
    catalogue = Catalogue()
    title = "My year in review"
    read(catalogue, HER, item(title=title))
    bobs = item(
        "https://bob.example/y", title=title, summary="I moved house twice and learnt to bake bread in between."
    )
    assert read(catalogue, LIST, bobs) == ["https://bob.example/y"]
    assert read(catalogue, PLANET, item(title=title), bobs) == []


def test_two_people_with_one_title_on_one_day_in_one_planet_stay_apart() -> None:
    catalogue = Catalogue()
    title = "My year in review"
    read(catalogue, PLANET, item(title=title, author="Ada"))
    assert read(catalogue, PLANET, item("https://bob.example/y", title=title, author="Bob")) == [
        "https://bob.example/y"
    ]


def test_titles_without_letters_make_nothing_the_same() -> None:
    catalogue = Catalogue()
    read(catalogue, HER, item(title="🎉"))
    assert len(read(catalogue, HER, item("https://ada.example/b", title="🎉 !"))) == 1


# --- What can't be shared


@pytest.mark.parametrize(
    "bad", [item(""), item("mailto:ada@ada.example"), item("javascript:alert(1)"), item("/relative")]
)
def test_what_has_no_web_address_is_left_out(bad: Item) -> None:
    catalogue = Catalogue()
    assert read(catalogue, HER, bad) == []
    assert len(catalogue) == 0


def test_an_entry_whose_address_breaks_leaves_its_article_as_it_was() -> None:
    """Else every address that is none would lead to that article."""
    catalogue = Catalogue()
    read(catalogue, HER, item(id="1"))
    read(catalogue, HER, item("mailto:ada@ada.example", id="1"))
    assert catalogue.get("note:abc") is None
    assert [each.aliases for each in catalogue] == [()]


# --- The first look


@pytest.mark.parametrize(("allow", "offered"), [(0, []), (2, ["2", "1"]), (9, ["0", "2", "1"])])
def test_all_but_the_newest_of_a_first_look_are_baseline(allow: int, offered: list[str]) -> None:
    catalogue = Catalogue()
    entries = [item(f"https://ada.example/{n}", title=f"Piece {n}") for n in (0, 2, 1)]
    entries = [replace(each, published=NOON - DAY * (9 - int(each.url[-1]))) for each in entries]
    read(catalogue, HER, *entries, allow=allow)
    assert sorted(each.url[-1] for each in catalogue if not each.baseline) == sorted(offered)


def test_undated_feeds_are_taken_in_their_own_order() -> None:
    catalogue = Catalogue()
    entries = [item(f"https://ada.example/{n}", title=f"Piece {n}", published=None) for n in range(3)]
    read(catalogue, HER, *entries, allow=1)
    assert [each.url for each in catalogue if not each.baseline] == ["https://ada.example/0"]
    assert {each.dated for each in catalogue} == {NOON}


def test_baseline_stays_baseline_and_what_comes_later_is_new() -> None:
    catalogue = Catalogue()
    read(catalogue, HER, item(), allow=0)
    assert read(catalogue, HER, item("https://ada.example/b", title="Next"), item(), at=NOON + DAY) != []
    read(catalogue, PLANET, item(), at=NOON + DAY)
    assert {each.url[-1]: each.baseline for each in catalogue} == {"a": True, "b": False}


def test_reading_again_at_the_same_moment_offers_nothing_old() -> None:
    catalogue = Catalogue()
    read(catalogue, HER, item(), allow=0)
    read(catalogue, HER, item())
    assert [each.baseline for each in catalogue] == [True]


@pytest.mark.parametrize("new_source_first", [True, False])
def test_what_is_news_in_a_known_source_is_news_although_a_new_source_has_it_too(new_source_first: bool) -> None:
    catalogue = Catalogue()
    looks = [(PLANET, 0), (HER, None)]
    for source, allow in looks if new_source_first else looks[::-1]:
        read(catalogue, source, item(), allow=allow)
    (found,) = catalogue
    assert (found.baseline, found.summary, found.tags) == (False, TEXT, ("walks",))


@pytest.mark.parametrize(
    ("of_item", "of_feed", "told"),
    [
        ("fr", "en-US", ("fr", True)),
        ("en-US", "en-US", ("en-US", False)),
        (None, "en-US", ("en-US", False)),
        ("fr", None, ("fr", True)),
        (None, None, (None, False)),
    ],
)
def test_whether_an_entry_or_its_feed_told_the_language_is_kept_apart(
    of_item: str | None, of_feed: str | None, told: tuple[str | None, bool]
) -> None:
    catalogue = Catalogue()
    gather(catalogue, HER, Feed(HER.url, language=of_feed, items=(item(language=of_item),)), now=NOON, allow=None)
    (found,) = catalogue
    assert (found.language, found.own_language) == told
    gather(catalogue, HER, Feed(HER.url, language="en", items=(item(language="it"),)), now=NOON, allow=None)
    (found,) = catalogue
    assert (found.language, found.own_language) == ("fr" if told[1] else "it", True), "its first own word holds"


def test_an_article_keeps_what_its_picture_shows_unless_it_is_old_news() -> None:
    shown = item(image="https://ada.example/p.png", image_alt="A heron")
    for allow, kept in ((None, ("https://ada.example/p.png", "A heron")), (0, (None, ""))):
        catalogue = Catalogue()
        read(catalogue, HER, shown, allow=allow)
        (found,) = catalogue
        assert (found.image, found.image_alt) == kept


# --- Storage


def test_articles_come_back_from_the_disk_as_they_were(tmp_path: Path) -> None:
    catalogue = Catalogue()
    full = item(
        author="Ada", language="en", words=900, image="https://ada.example/p.png", comments_url="https://c.example/"
    )
    read(catalogue, HER, full, item("https://ada.example/b", title="é 🎉", published=None))
    read(catalogue, PLANET, replace(full, url=full.url + "?b=1", id="x"))
    read(catalogue, LIST, item("https://old.example/o", title="Old"), allow=0)
    store = TinyStore(tmp_path / "state.jsonl")
    articles.save(store, catalogue)
    store.close()
    store = TinyStore(tmp_path / "state.jsonl")
    again = articles.load(store)
    assert list(again) == list(catalogue)
    assert read(again, HER, full) == read(again, LIST, replace(full, id="y")) == []
    store.close()


def test_articles_that_an_earlier_version_kept_apart_stay_apart_and_are_both_found() -> None:
    store = memory_store()
    given = {"kind": "curated", "title": TITLE, "site": "ada.example", "source": HER.url, "first_seen": NOON}
    kept = [Article(url=url, **given) for url in ("https://ada.example/a", "https://www.ada.example/a/")]
    store.put_many(articles.COLLECTION, {each.url: msgspec.to_builtins(each) for each in kept})
    catalogue = articles.load(store)
    assert [catalogue.get(each.url) for each in kept] == kept
    assert catalogue.get("http://ada.example/a/index.html") in kept
    assert read(catalogue, HER, item("https://www.ada.example/a"), item("https://ada.example/a/", id="y")) == []


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("https://ada.example/a?source=rss", "https://ada.example/a?source=rss"),
        ("https://ada.example/a?v=1&src=feed", "http://www.ada.example/a/?v=1"),
        ("https://ada.example/a;jsessionid=1F", "https://ada.example/a"),
        ("https://www.google.com/url?url=https://ada.example/a", "https://ada.example/a"),
        ("https://www.google.com/amp/s/ada.example/a", "https://ada.example/a"),
        ("https://cdn.ampproject.org/c/s/ada.example/a", "https://ada.example/a"),
        ("https://rss.feedsportal.com/c/1/f/2/s/3/0L0Sada0Bexample0Ca/story01.htm", "http://www.ada.example/a"),
    ],
)
def test_what_an_earlier_version_stored_under_another_form_is_known(stored: str, told: str, archived: bool) -> None:
    store = memory_store()
    known = Article(url=stored, kind="curated", title=TITLE, site="", source=HER.url, first_seen=NOON)
    store.put(articles.COLLECTION, stored, msgspec.to_builtins(known))
    catalogue = articles.load(store)
    if archived:
        catalogue.archive(NOON + DAY)
    assert read(catalogue, PLANET, item(told, id="of the planet", title="Ada writes of a heron")) == []
    assert [found.url for found in map(catalogue.get, (stored, told)) if found] == [stored, stored]


def test_only_what_changed_is_stored() -> None:
    store, catalogue = memory_store(), Catalogue()
    read(catalogue, HER, item())
    articles.save(store, catalogue)
    read(catalogue, HER, item())
    assert catalogue.take_changes() == {}
    read(catalogue, HER, item(title="Mended"))
    assert [document["title"] for document in catalogue.take_changes().values()] == ["Mended"]


# --- Properties

items = st.builds(
    item,
    st.sampled_from(
        [
            f"https://{host}.example/{page}{tail}"
            for host in ("a", "www.a", "b")
            for page in "xyz"
            for tail in ("", "/", "?utm_id=1")
        ]
    ),
    id=st.sampled_from(["1", "2", "3", "4"]),
    title=st.sampled_from([TITLE, "Links of the week", "Weeknotes", "Another piece about it", "🎉"]),
    published=st.sampled_from([None, NOON, NOON - timedelta(hours=9), NOON - 8 * DAY]),
    summary=st.sampled_from(["", TEXT, "Here is what I read this week, in no order that I could tell you."]),
    author=st.sampled_from(["", "Ada", "Bob"]),
)
feeds = st.lists(st.tuples(st.sampled_from([HER, PLANET, MINE]), st.lists(items, max_size=5)), max_size=4)


@given(feeds)
def test_reading_twice_changes_nothing(looks: list[tuple[Source, list[Item]]]) -> None:
    catalogue = Catalogue()
    for _ in range(2):
        for source, found in looks:
            read(catalogue, source, *found)
    before = list(catalogue)
    for source, found in looks:
        assert read(catalogue, source, *found, at=NOON + DAY) == []
    assert [each.url for each in catalogue] == [each.url for each in before]


@given(feeds)
def test_no_address_leads_to_two_articles_and_every_address_to_one(looks: list[tuple[Source, list[Item]]]) -> None:
    for order in (looks, looks[::-1]):
        catalogue = Catalogue()
        for source, found in order:
            read(catalogue, source, *found)
        for source, found in order:
            for each in found:
                article = catalogue.get(each.url)
                assert article is not None
                assert source.url in article.sources
        addresses = [url for each in catalogue for url in {each.url, *each.aliases}]
        assert len(addresses) == len(set(addresses))
        pages = [key for each in catalogue for key in {urls.page_key(url) for url in (each.url, *each.aliases)}]
        assert len(pages) == len(set(pages))
        stored = memory_store()
        articles.save(stored, catalogue)
        assert sorted(articles.load(stored), key=lambda each: each.url) == sorted(catalogue, key=lambda each: each.url)


def test_times_are_aware_and_utc() -> None:
    catalogue = Catalogue()
    read(catalogue, HER, item(published=None))
    assert [each.dated.tzinfo for each in catalogue] == [UTC]


def test_the_author_s_page_is_believed_of_a_feed_of_the_same_site_whichever_is_read_first() -> None:
    page = "https://example.social/@ada"
    mine, planet = "https://ada.example/feed", "https://planet.example/feed"
    for order in ([mine, planet], [planet, mine]):
        catalogue = Catalogue()
        for url in order:
            told = item(author_url=page if url == mine else "https://example.social/@mallory")
            gather(catalogue, Source(url, "curated"), Feed(url, items=(told,)), now=NOON, allow=None)
        [article] = catalogue
        assert article.author_url == page
    catalogue = Catalogue()
    gather(catalogue, Source(planet, "curated"), Feed(planet, items=(item(author_url=page),)), now=NOON, allow=None)
    assert [each.author_url for each in catalogue] == [""]
