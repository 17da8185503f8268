"""Mentions on X: each told once, the first visit bounded, and a walk that broke off goes on where it was."""

from datetime import UTC, datetime

import pytest
from counterparts.fake_x import FakeX
from counterparts.fake_x_wire import problem, too_many
from counterparts.json_server import Answer

from platforms.base import Draft
from platforms.errors import RateLimited, Unreachable
from platforms.x_mentions import CIRCLES, FIRST, PAGE, Walk, from_cursor, to_cursor


@pytest.fixture
def api():
    api = FakeX()
    yield api
    api.close()


def read(api: FakeX, cursor: str | None) -> tuple[list[str], str]:
    """Everything after the cursor, as runs read it, and the cursor to keep."""
    told: list[str] = []
    for _ in range(50):
        page = api.adapter().interactions(cursor)
        told += [act.text for act in page.interactions]
        cursor = page.cursor
        if not page.more:
            assert cursor
            return told, cursor
    pytest.fail("the pages never end")


def mentions(api: FakeX, first: int, last: int) -> list[str]:
    bea = api.user(f"bea{first}")
    texts = [f"@ada {number}" for number in range(first, last)]
    for text in texts:
        api.post(text, bea)
    return texts


def test_mentions_replies_and_quotes_are_told_apart_oldest_first(api):
    mine, bea, cyd = api.post("my post"), api.user("bea"), api.user("cyd")
    api.post("hello @ada", bea)
    api.post("indeed", cyd, reply_to=mine)
    theirs = api.post("look", bea, quote=mine)
    api.post("@ada see this", cyd, quote=theirs)
    api.post("not for me", bea)
    page = api.adapter().interactions(None)
    acts = [(act.kind, act.actor.handle, act.target[-19:]) for act in page.interactions]
    assert acts == [("mention", "bea", ""), ("reply", "cyd", mine), ("quote", "bea", mine), ("mention", "cyd", "")]
    assert all(act.at for act in page.interactions)
    assert read(api, page.cursor)[0] == []


def test_what_x_keeps_to_itself_is_not_made_up(api):
    api.post("my post")
    for kind in ("like", "follow", "boost", "reply"):
        api.act(kind)
    [act] = api.adapter().interactions(None).interactions
    assert act.kind == "reply"


def test_a_first_visit_is_bounded_and_later_ones_read_all(api):
    mentions(api, 0, 150)
    told, cursor = read(api, None)
    assert len(told) == api.items_read == FIRST
    new = mentions(api, 200, 450)
    told, cursor = read(api, cursor)
    assert sorted(told) == sorted(new)
    assert read(api, cursor)[0] == []
    assert api.items_read == FIRST + 250


def test_nobody_said_anything(api):
    told, cursor = read(api, None)
    assert told == []
    assert read(api, cursor)[0] == []
    assert api.items_read == 0
    api.mention("hello")
    assert read(api, cursor)[0] == ["@ada hello"]


@pytest.mark.parametrize("fault", [None, problem(503, "Service Unavailable"), problem(400, "No", "invalid-request")])
def test_a_walk_that_broke_off_goes_on_and_loses_nothing(api, fault):
    _, cursor = read(api, None)
    first = mentions(api, 0, 3 * PAGE)
    page = api.adapter().interactions(cursor)
    api.fail_read(fault)
    with pytest.raises(Exception, match=r"^x: "):
        api.adapter().interactions(page.cursor)
    second = mentions(api, 100, 110)  # while it rested
    rest, cursor = read(api, page.cursor)
    newer, cursor = read(api, cursor)
    assert [act.text for act in page.interactions] == first[-PAGE:]
    assert sorted(rest) == sorted(first[:-PAGE])
    assert newer == second
    assert read(api, cursor)[0] == []


def test_a_post_that_was_deleted_in_between_ends_no_walk(api):
    _, cursor = read(api, None)
    texts = mentions(api, 0, 2 * PAGE + 1)
    page = api.adapter().interactions(cursor)
    del api.tweets[page.interactions[0].id]
    assert len(page.interactions) + len(read(api, page.cursor)[0]) == len(texts)


def test_an_answer_to_a_post_that_is_gone_is_told_all_the_same(api):
    mine = api.post("my post")
    api.act("reply")
    api.lose_post()
    [act] = api.adapter().interactions(None).interactions
    assert (act.kind, act.target) == ("reply", f"https://x.com/i/web/status/{mine}")


def test_an_empty_page_with_more_behind_it_is_not_the_end(api):
    _, cursor = read(api, None)
    texts = mentions(api, 0, 2 * PAGE)
    page = api.adapter().interactions(cursor)
    api.empty_page()
    rest, cursor = read(api, page.cursor)
    assert sorted(rest) == sorted(texts[:PAGE])
    assert read(api, cursor)[0] == []


def test_a_page_that_repeats_ends_the_visit_and_the_next_goes_on_where_it_was(api):
    _, cursor = read(api, None)
    texts = mentions(api, 0, 3 * PAGE)
    page = api.adapter().interactions(cursor)
    api.repeat_page()
    told, cursor = read(api, page.cursor)
    assert told == []
    api.repeat_page(False)
    rest, cursor = read(api, cursor)
    assert sorted(rest) == sorted(texts[:-PAGE])
    assert read(api, cursor)[0] == []


def test_pages_that_repeat_for_ever_hide_nothing_new_for_ever(api):
    """After some visits that led nowhere the walk begins anew; what is told again is booked once."""
    texts = mentions(api, 0, 3 * PAGE)
    api.repeat_page()
    told, cursor = read(api, None)
    assert told == texts[-PAGE:]
    new = mentions(api, 100, 101)
    for _ in range(CIRCLES):
        told, cursor = read(api, cursor)
    assert told[-1:] == new
    api.repeat_page(False)
    everything = [*told]
    for _ in range(2):
        told, cursor = read(api, cursor)
        everything += told
    assert set(everything) == {*texts, *new}


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [{"title": "Service Unavailable", "detail": "partial", "type": "about:blank"}]},
        {"errors": [{"title": "partial"}], "meta": {"result_count": 0}},
        {"errors": "partial"},
        {},
    ],
)
def test_an_answer_without_data_is_not_taken_for_the_end(api, body):
    _, cursor = read(api, None)
    texts = mentions(api, 0, 3 * PAGE)
    page = api.adapter().interactions(cursor)
    api.fail_read(Answer(200, body))
    with pytest.raises(Unreachable, match="without data"):
        api.adapter().interactions(page.cursor)
    assert sorted(read(api, page.cursor)[0]) == sorted(texts[:-PAGE])


def test_nor_for_the_word_that_a_post_is_not_there(api):
    made = api.adapter().prepare(Draft("hello"), "key", datetime.now(UTC))
    api.adapter().publish(made)
    api.fail_read(Answer(200, {"errors": [{"detail": "partial"}]}))
    with pytest.raises(Unreachable):
        api.adapter().find(made)


@pytest.mark.parametrize("odd", [{"text": "no id"}, {"id": None}, {"id": "x"}, {"id": "9" * 99}, None, "x", 7, []])
@pytest.mark.parametrize("more", [{}, {"meta": []}, {"includes": []}, {"includes": {"users": [None, {}]}}])
def test_an_odd_mention_hides_no_other(api, odd, more):
    fine = {"id": "1700000000000000001", "text": "@ada fine", "author_id": "5"}
    api.fail_read(Answer(200, {"data": [odd, fine, odd], "meta": {"result_count": 3}} | more))
    page = api.adapter().interactions(None)
    assert [act.text for act in page.interactions] == ["@ada fine"]
    mentions(api, 0, 1)
    assert read(api, page.cursor)[0] == ["@ada 0"]


def test_a_server_that_answers_with_nothing_for_ever_is_left():
    walk, more = Walk(since="1").after((), "same")
    assert (more, walk.token) == (True, "same")
    walk, more = walk.after((), "same")
    assert (more, walk.since, walk.token) == (False, "1", "")


def test_a_limit_says_when_it_ends(api):
    api.fail_read(too_many(600))
    with pytest.raises(RateLimited) as caught:
        api.adapter().interactions(None)
    assert caught.value.retry_at


def test_a_lost_answer_is_unreachable(api):
    api.fail_read()
    with pytest.raises(Unreachable):
        api.adapter().interactions(None)


@pytest.mark.parametrize("cursor", [None, "", "no json", "[]", "7", '["1", "2", null]', '{"since": "1", "other": 2}'])
def test_a_cursor_that_cannot_be_read_is_a_first_visit(cursor):
    assert from_cursor(cursor) == Walk()


def test_a_cursor_keeps_the_walk():
    walk = Walk(since="10", newest="30", oldest="20", token="t", left=3)
    assert from_cursor(to_cursor(walk)) == walk


def test_ids_are_ordered_by_time_whatever_their_length():
    page = [{"id": "100"}, {"id": "99"}, {"id": "9"}]
    assert [post["id"] for post in Walk(since="9").new(page)] == ["100", "99"]
    assert Walk(since="9").after(page, "t") == (Walk(since="100"), False)
    assert Walk(since="8").after(page, "t") == (Walk(since="8", newest="100", oldest="9", left=FIRST - 3), True)
