"""Items without titles, as microblogs give them: what they are called, and what they are never taken for."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pieces import NOON

from ledger.store.tiny import memory_store
from syndicator import articles
from syndicator.articles import Article, Catalogue, gather
from syndicator.articles.naming import name_of
from syndicator.sources.base import Feed, Item, Source

HER = Source("https://social.example/@ada.rss", "curated")
HIS = Source("https://micro.example/bob", "curated")
GREETING = "Good morning, canal people of the world! The lock opens at nine today."
NAME = "Good morning, canal people of the world!"


def said(number: int, text: str = GREETING, title: str = "", at: datetime = NOON) -> Item:
    url = f"https://social.example/@ada/{number}"
    return Item(id=url, url=url, title=title, summary=text, published=at - timedelta(hours=1))


def read(catalogue: Catalogue, *items: Item, source: Source = HER) -> list[Article]:
    return gather(catalogue, source, Feed(source.url, items=items), now=NOON, allow=None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Lock 7 is open again. Bring tea.", "Lock 7 is open again."),
        ("“Is it open at last?” she asked.", "“Is it open at last?”"),
        ("Hm. Well, e.g. this lock. And that.", "Hm. Well, e.g."),
        ("Seen today: https://ada.example/a?b=c a heron", "Seen today: a heron"),
        ("運河の水門が今日また開きました。お茶をどうぞ。", "運河の水門が今日また開きました。"),
        ("no sentence at all", "no sentence at all"),
        ("https://ada.example/a", ""),
        ("", ""),
    ],
)
def test_an_item_without_a_title_is_named_by_its_first_sentence(text: str, name: str) -> None:
    assert name_of(said(1, text)) == name


def test_a_long_sentence_is_cut_between_two_words() -> None:
    name = name_of(said(1, "heron " * 50))
    assert len(name) <= 100
    assert name.endswith(" heron…")


def test_a_title_stays_what_it_is() -> None:
    assert name_of(said(1, title="Moss")) == "Moss"


def test_posts_that_begin_alike_stay_apart() -> None:
    catalogue = Catalogue()
    assert len(read(catalogue, said(1), said(2))) == 2
    assert len(read(catalogue, said(3))) == 1, "though the others are no longer beside it"
    titled = Item(
        id="t", url="https://bob.example/t", title=NAME, summary=GREETING, published=NOON - timedelta(hours=1)
    )
    assert len(read(catalogue, titled, source=HIS)) == 1, "nor is it taken for a piece with that title"
    assert len(read(catalogue, said(4))) == 1
    assert {each.title for each in catalogue} == {NAME}


def test_posts_that_begin_alike_stay_apart_when_they_are_old() -> None:
    store, catalogue = memory_store(), Catalogue()
    read(catalogue, said(1))
    articles.save(store, catalogue, whole_since=NOON)
    again = articles.load(store)
    assert (list(again), len(read(again, said(1))), len(read(again, said(2)))) == ([], 0, 1)


def test_an_edited_post_is_the_same_one_with_a_new_name() -> None:
    catalogue = Catalogue()
    read(catalogue, said(1))
    assert read(catalogue, said(1, "The lock opens at ten today. Sorry.")) == []
    assert [each.title for each in catalogue] == ["The lock opens at ten today."]


def test_a_title_once_given_is_kept_and_a_late_one_is_taken_over() -> None:
    catalogue = Catalogue()
    read(catalogue, said(1, title="On locks"))
    assert read(catalogue, said(1)) == []
    read(catalogue, said(2))
    assert read(catalogue, said(2, title="On herons")) == []
    assert [(each.title, each.untitled) for each in catalogue] == [("On locks", False), ("On herons", False)]


def test_a_guid_of_another_feed_and_no_words_make_nothing_one_piece() -> None:
    catalogue = Catalogue()
    read(catalogue, said(1, ""))
    other = replace(said(1, ""), url="https://micro.example/1")
    assert len(read(catalogue, other, source=HIS)) == 1
