"""Hacker News and Lobsters: submissions of my pages, read by the domain, each once."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from counterparts.fake_news import BEGINNING, DOMAIN, FakeHackerNews, FakeLobsters

from platforms.base import Interaction
from platforms.errors import RateLimited, Unreachable
from syndicator.reported import identity_of

MINE = f"https://{DOMAIN}/posts/1"


@pytest.fixture
def hn() -> Iterator[FakeHackerNews]:
    world = FakeHackerNews()
    yield world
    world.close()


@pytest.fixture
def lobsters() -> Iterator[FakeLobsters]:
    world = FakeLobsters()
    yield world
    world.close()


def all_of(world: FakeHackerNews | FakeLobsters) -> list[Interaction]:
    acts: list[Interaction] = []
    cursor = None
    while True:
        page = world.adapter().interactions(cursor)
        acts += page.interactions
        cursor = page.cursor
        if not page.more:
            return acts


def test_a_story_on_hacker_news_is_a_submission_by_whoever_sent_it(hn: FakeHackerNews) -> None:
    hn.submit(f"https://www.{DOMAIN}/posts/1", "On beans", "Grace")
    [act] = all_of(hn)
    assert (act.kind, act.id, act.url) == ("submit", "40000000", "https://news.ycombinator.com/item?id=40000000")
    assert (act.target, act.at, act.text) == (f"https://www.{DOMAIN}/posts/1", BEGINNING, "On beans")
    assert act.trust == 0.8, "found by a search"
    assert str(identity_of(act.actor, "hackernews")) == "hackernews:grace"


def test_a_comment_there_that_links_to_a_page_of_mine_shares_it(hn: FakeHackerNews) -> None:
    link = f"https:&#x2F;&#x2F;{DOMAIN}&#x2F;posts&#x2F;1?a=1&amp;b=2"
    hn.comment(f'Read <a href="{link}" rel="nofollow">{link[:20]}...</a><p>It&#x27;s <i>good</i>.')
    [act] = all_of(hn)
    assert (act.kind, act.target) == ("share", f"{MINE}?a=1&b=2")
    assert act.text.split() == ["Read", "https://ada", "...", "It's", "good", "."] or "It's" in act.text
    assert "<" not in act.text


@pytest.mark.parametrize(
    "url", ["https://ada.example.evil.example/posts/1", "https://evil.example/ada.example", "https://[/ada.example", ""]
)
def test_a_hit_of_another_site_is_none(hn: FakeHackerNews, url: str) -> None:
    hn.submit(url)
    hn.comment(f'They speak of ada.example at <a href="{url}">there</a>')
    assert all_of(hn) == []


def test_two_pages_of_mine_in_one_comment_are_two_acts(hn: FakeHackerNews) -> None:
    hn.comment("".join(f'<a href="https://{DOMAIN}/{page}">x</a>' for page in ("a", "b", "a")))
    acts = all_of(hn)
    assert [act.target for act in acts] == [f"https://{DOMAIN}/a", f"https://{DOMAIN}/b"]
    assert len({act.id for act in acts}) == 2


def test_what_comes_while_pages_are_turned_is_told_the_next_time(hn: FakeHackerNews) -> None:
    for number in range(60):
        hn.submit(title=f"{number}")
    first = hn.adapter().interactions(None)
    hn.submit(title="new")
    second = hn.adapter().interactions(first.cursor)
    third = hn.adapter().interactions(second.cursor)
    told = [act.text for act in (*first.interactions, *second.interactions, *third.interactions)]
    assert sorted(told) == sorted([*map(str, range(60)), "new"])
    assert (first.more, second.more, [act.text for act in third.interactions]) == (True, False, ["new"])


def test_a_story_on_lobsters_is_a_submission_by_whoever_sent_it(lobsters: FakeLobsters) -> None:
    lobsters.submit(MINE, "On beans", "Grace")
    lobsters.submit(MINE, "On peas", {"username": "Joan", "karma": 5})
    peas, beans = all_of(lobsters)
    assert (beans.kind, beans.id, beans.url) == ("submit", "s00000", f"{lobsters.url}/s/s00000")
    assert (beans.target, beans.at, beans.text, beans.trust) == (MINE, BEGINNING, "On beans", 1.0)
    assert str(identity_of(beans.actor, "lobsters")) == "lobsters:grace"
    assert peas.actor.handle == "Joan", "older versions tell the whole user"


def test_what_its_author_submitted_is_no_favour_nor_is_another_sites_story(lobsters: FakeLobsters) -> None:
    lobsters.submit(user_is_author=True)
    lobsters.submit("https://evil.example/")
    assert all_of(lobsters) == []


def test_a_domain_of_which_it_never_heard_is_no_error(lobsters: FakeLobsters) -> None:
    page = lobsters.adapter().interactions(None)
    assert (page.interactions, page.cursor, page.more) == ((), None, False)


def test_years_of_stories_are_read_once_and_then_one_page(lobsters: FakeLobsters) -> None:
    for number in range(60):
        lobsters.submit(title=str(number))
    cursor, told = None, []
    for _ in range(3):
        page = lobsters.adapter().interactions(cursor)
        told += [act.text for act in page.interactions]
        cursor = page.cursor
    assert (sorted(told), page.more) == (sorted(map(str, range(60))), False)
    lobsters.calls.clear()
    assert lobsters.adapter().interactions(cursor).interactions == ()
    assert len(lobsters.calls) == 1


@pytest.mark.parametrize("made", [FakeHackerNews, FakeLobsters])
@pytest.mark.parametrize(
    "body", [None, 7, {}, {"hits": None}, {"hits": [None, 7, {}]}, [None, {}, {"url": MINE}], {"hits": [{"author": 5}]}]
)
def test_no_answer_breaks_it(made: Any, body: object) -> None:
    world = made()
    try:
        world.answer(body)
        with contextlib.suppress(Unreachable):
            assert world.adapter().interactions(None).interactions == ()
        world.rate_limit(60)
        with pytest.raises(RateLimited):
            world.adapter().interactions(None)
    finally:
        world.close()


def test_tags_without_an_end_are_read_in_no_time(hn: FakeHackerNews) -> None:
    for text in ('<a href="' * 2500, "<" * 20_000, "<a " * 6000):
        hn.comment(f"ada.example {text}")
    assert all_of(hn) == []
