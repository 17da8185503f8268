"""Titles almost the same: of one piece when a slip was mended or a name put around, of two when they count parts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces import NOON

from syndicator.articles import Catalogue, gather
from syndicator.articles.same_title import almost_same, blocks
from syndicator.sources.base import Feed, Item, Source

DAY = timedelta(days=1)
HER = Source("https://ada.example/feed", "curated")
PLANET = Source("https://planet.example/feed", "curated")
TITLE = "A walk along the old canal"
TEXT = "The towpath was closed when I came, so I went through the fields and met a heron there."
FIRST = Item(id="1", url="https://ada.example/a", title=TITLE, published=NOON - DAY, summary=TEXT)


def look(catalogue: Catalogue, source: Source, *items: Item) -> list[str]:
    return [each.url for each in gather(catalogue, source, Feed(source.url, items=items), now=NOON, allow=None)]


@pytest.mark.parametrize(
    "other",
    [
        "A walk along the old canal!",
        "“A walk along the old canal”",
        "A walk along the old canal | Ada's garden",
        "A walk along the old canal - Ada's garden",
        "Ada: A walk along the old canal",
        "2026-11-01: A walk along the old canal",
        "A walk along the old canal (1 November 2026)",
        "[Updated] A walk along the old canal",
        "UPDATE: A walk along the old canal",
        "A walk along the old canal [updated 2 November]",
        "A walk along the old canla",
        "A walk allong the old canal",
        "A walk a long the old canal",
    ],
)
def test_titles_of_one_piece(other: str) -> None:
    assert almost_same(TITLE, other)
    assert almost_same(other, TITLE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A decade along the old canal", "A decades along the old canal"),
        ("The octopus in the old canal", "The octopuss in the old canal"),
        ("Novel ways across the canal", "Novell ways across the canal"),
    ],
)
def test_words_that_begin_as_months_do_may_be_misspelt(one: str, other: str) -> None:
    assert almost_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Notes from the old canal 44", "Notes from the old canal 45"),
        ("Notes from the old canal, part one", "Notes from the old canal, part two"),
        ("Notes from the old canal", "Notes from the old canal: part two"),
        ("Notes from the old canal II", "Notes from the old canal III"),
        ("Notes from the canal, Tuesday", "Notes from the canal, Thursday"),
        ("What I read in the june of it", "What I read in the july of it"),
        ("Was ich so las im Dezember hier", "Was ich so las im November hier"),
        ("My garden year in review 2025", "My garden year in review 2026"),
        ("What is new in Canal v1.2", "What is new in Canal v1.3"),
        ("2026-11-01: notes from the old canal", "2026-11-02: notes from the old canal"),
        ("Why I like the old canal", "Why I left the old canal"),
        ("A walk along the old canal", "A walk along the new canal"),
        ("Weeknotes | Ada", "Weeknotes | Bob"),
        ("Ada: links", "links"),
        ("Five things about the canal", "Nine things about the canal"),
        ("", "!"),
    ],
)
def test_titles_of_two_pieces(one: str, other: str) -> None:
    assert not almost_same(one, other)
    assert not almost_same(other, one)


@pytest.mark.parametrize("title", ["A walk along the old canla", "[Updated] " + TITLE, TITLE + " | Ada's garden"])
def test_an_entry_made_anew_with_its_title_mended_is_the_same(title: str) -> None:
    catalogue = Catalogue()
    look(catalogue, HER, FIRST)
    again = replace(FIRST, id="2", url="https://ada.example/b", title=title, summary="All of it rewritten since then.")
    assert look(catalogue, HER, again) == []
    assert look(catalogue, HER, FIRST, again) == []


@pytest.mark.parametrize("title", ["A walk along the old canla", "Ada: " + TITLE, TITLE + " | Ada's garden"])
def test_a_planet_may_put_names_around_a_title(title: str) -> None:
    catalogue = Catalogue()
    look(catalogue, HER, FIRST)
    assert look(catalogue, PLANET, replace(FIRST, id="p", url="https://planet.example/1", title=title)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"published": NOON},
        {"published": None},
        {"summary": "Something quite different happened on the way back, in the rain, with a dog."},
        {"summary": ""},
        {"author": "Bob"},
    ],
    ids=["a day later", "undated", "another text", "no text", "by somebody else"],
)
def test_elsewhere_almost_the_same_title_needs_the_day_the_text_and_the_author(changes: dict[str, object]) -> None:
    catalogue = Catalogue()
    look(catalogue, HER, replace(FIRST, author="Ada"))
    other = replace(FIRST, id="p", url="https://planet.example/1", title="Ada: " + TITLE)
    assert look(catalogue, PLANET, replace(other, **changes)) == ["https://planet.example/1"]


def test_two_pieces_that_stand_side_by_side_are_two_however_alike_their_titles() -> None:
    catalogue = Catalogue()
    other = replace(FIRST, id="2", url="https://ada.example/b", title="A walk along the old canals", summary="")
    assert look(catalogue, HER, FIRST, other) == [FIRST.url, other.url]


def test_very_many_entries_of_one_title_are_not_all_compared() -> None:
    """Fifty million comparisons if each were compared with all before it."""
    catalogue = Catalogue()
    many = [
        replace(FIRST, id=f"{n}", url=f"https://ada.example/{n}", published=NOON - n * DAY, summary=f"{n}")
        for n in range(10_000)
    ]
    assert len(look(catalogue, HER, *many)) == len(many)


# No word that counts can be made of these letters.
words = st.lists(st.text("abdefgh", min_size=5, max_size=9), min_size=4, max_size=8)


@given(words, st.data())
def test_a_slip_in_one_word_is_found_in_the_blocks(title: list[str], data: st.DataObject) -> None:
    where = data.draw(st.integers(0, len(title) - 1))
    slipped = [*title[:where], title[where] + "x", *title[where + 1 :]]
    one = blocks(" ".join(title), NOON)
    near = blocks(" ".join(slipped), NOON + timedelta(hours=12), around=1)
    assert set(one) & set(near)
    assert almost_same(" ".join(title), " ".join(slipped))
