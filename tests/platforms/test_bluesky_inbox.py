"""What Bluesky tells, page by page, on a server that stumbles: everything once, no endless loop, no place lost."""

import json
import random
from collections.abc import Callable, Iterator

import pytest
from counterparts.fake_bluesky import HANDLE, POST, FakeBluesky, Fault
from hypothesis import given
from hypothesis import strategies as st

from platforms.base import Page
from platforms.bluesky_streams import OVERLAP, Stream, Told, advance
from platforms.errors import AuthFailed, RateLimited, Unreachable, Unsupported

SITE = "https://ada.example"
CARD = {"$type": "app.bsky.embed.external", "external": {"uri": f"{SITE}/a", "title": "", "description": ""}}


@pytest.fixture
def pds() -> Iterator[FakeBluesky]:
    pds = FakeBluesky()
    yield pds
    pds.close()


def page(pds: FakeBluesky, cursor: str | None) -> Page:
    return pds.adapter(sites=[SITE]).interactions(cursor)


def visit(pds: FakeBluesky, cursor: str | None, most: int = 20) -> tuple[list[str], str | None]:
    """Who did something, as a run reads it, and the cursor to keep."""
    told: list[str] = []
    for _ in range(most):
        got = page(pds, cursor)
        told += [act.actor.handle.removesuffix(".test") for act in got.interactions]
        cursor = got.cursor
        if not got.more:
            break
    return told, cursor


def follows(pds: FakeBluesky, start: int, count: int) -> list[str]:
    for number in range(start, start + count):
        pds.notify("follow", f"n{number}")
    return [f"n{number}" for number in range(start, start + count)]


def failing(answer: Callable, fault: Fault, *, when: Callable[[dict], bool], times: int = 1) -> Callable:
    """The method, failing so many times for the calls that `when` is true of."""
    left = [times]

    def called(call: object) -> dict:
        if left[0] and when(call.query):
            left[0] -= 1
            raise fault
        return answer(call)

    return called


# -- pages that stumble


def test_pages_that_repeat_end_the_visit_and_what_they_hid_is_told_when_they_stop(pds):
    everybody = follows(pds, 0, 250)
    pds.repeat_page()
    told, cursor = visit(pds, None)
    assert sorted(told) == sorted(everybody[150:])
    assert pds.calls.count("listNotifications") == 2
    assert visit(pds, cursor)[0] == []
    assert pds.calls.count("listNotifications") == 4
    pds.repeating = False
    later, cursor = visit(pds, cursor)
    assert sorted(told + later) == sorted(everybody)
    assert visit(pds, cursor)[0] == []


def test_an_empty_page_is_passed_over(pds):
    everybody = follows(pds, 0, 150)
    pds.empty_page()
    told, cursor = visit(pds, None)
    assert sorted(told) == sorted(everybody)
    assert visit(pds, cursor)[0] == []


def test_empty_pages_without_end_end_the_visit_and_lose_nothing(pds):
    everybody = follows(pds, 0, 3)
    honest, numbers = pds._list_notifications, iter(range(1000))
    pds._list_notifications = lambda _call: {"notifications": [], "cursor": str(next(numbers))}
    told, cursor = visit(pds, None)
    assert told == []
    assert next(numbers) < 10
    pds._list_notifications = honest
    assert sorted(visit(pds, cursor)[0]) == everybody


@pytest.mark.parametrize("status", [400, 502])
def test_a_place_that_is_not_known_any_more_is_looked_for_from_the_top(pds, status):
    everybody = follows(pds, 0, 250)
    first = page(pds, None)
    fault = Fault(status, "InvalidRequest", "Malformed cursor")
    pds._list_notifications = failing(pds._list_notifications, fault, when=lambda query: "cursor" in query)
    told, cursor = visit(pds, first.cursor)
    assert sorted(told + [act.actor.handle.removesuffix(".test") for act in first.interactions]) == sorted(everybody)
    assert visit(pds, cursor)[0] == []


def test_a_place_that_is_never_known_ends_the_visit_and_news_are_told_all_the_same(pds):
    follows(pds, 0, 250)
    fault = Fault(502, "InternalServerError")
    honest = pds._list_notifications
    pds._list_notifications = failing(honest, fault, when=lambda query: "cursor" in query, times=1000)
    told, cursor = visit(pds, None, most=100)
    assert len(told) == len(set(told)) == 100
    pds.notify("like", "bea")
    assert visit(pds, cursor, most=100)[0] == ["bea"]


def test_a_failure_between_pages_loses_no_page(pds):
    everybody = follows(pds, 0, 250)
    first = page(pds, None)
    fault = Fault(429, "RateLimitExceeded", headers={"ratelimit-reset": "1793577600"})
    pds._list_notifications = failing(pds._list_notifications, fault, when=lambda _query: True)
    with pytest.raises(RateLimited):
        page(pds, first.cursor)
    told, _ = visit(pds, first.cursor)
    assert sorted(told + [act.actor.handle.removesuffix(".test") for act in first.interactions]) == sorted(everybody)


def test_a_server_that_is_down_keeps_the_cursor(pds):
    follows(pds, 0, 3)
    _, cursor = visit(pds, None)
    pds._list_notifications = failing(
        pds._list_notifications, Fault(503, "NotReady"), when=lambda _query: True, times=2
    )
    with pytest.raises(Unreachable):
        page(pds, cursor)
    pds.notify("like", "bea")
    with pytest.raises(Unreachable):
        page(pds, cursor)
    assert visit(pds, cursor)[0] == ["bea"]


def test_what_was_seen_late_is_told_though_it_is_older_than_what_was_known(pds):
    follows(pds, 0, 3)
    _, cursor = visit(pds, None)
    pds.notify("like", "bea")
    late = pds.notifications.pop(0)
    late["indexedAt"] = pds.notifications[1]["indexedAt"][:-1] + "5Z"
    pds.notifications.insert(1, late)
    assert visit(pds, cursor)[0] == ["bea"]


# -- odd answers and cursors


@pytest.mark.parametrize("name", ["uri", "author", "record", "indexedAt", "reason", "cid"])
@pytest.mark.parametrize("value", [None, "", 7, [], {}])
def test_one_odd_notification_hides_no_other(pds, name, value):
    for who in ("bea", "cyd", "dan"):
        pds.notify("like", who)
    odd = pds.notifications[1]
    odd[name] = value
    answer = {"notifications": [*pds.notifications, None, "odd"]}
    pds._checked = lambda nsid, call, serve: answer if "Notif" in nsid else serve(call)
    told, cursor = visit(pds, None)
    assert [who for who in told if who != "cyd"] == ["bea", "dan"]
    assert visit(pds, cursor)[0] == []


@pytest.mark.parametrize("cursor", ["", "garbage", "{}", "[]", "[1,2]", '{"turn": 1}', '{"turn":"","streams":[]}', "7"])
def test_a_cursor_that_says_nothing_begins_from_the_start(pds, cursor):
    pds.notify("like", "bea")
    assert visit(pds, cursor)[0] == ["bea"]


def test_a_cursor_of_an_earlier_version_goes_on_where_it_stopped(pds):
    everybody = follows(pds, 0, 250)
    mark = [pds.notifications[100]["indexedAt"], pds.notifications[100]["uri"]]
    assert sorted(visit(pds, json.dumps([mark, None, None]))[0]) == sorted(everybody[150:])
    newest = [pds.notifications[0]["indexedAt"], pds.notifications[0]["uri"]]
    halfway = json.dumps([["", ""], newest, pds.notifications[99]["indexedAt"]])
    assert sorted(visit(pds, halfway)[0]) == sorted(everybody[:150])


# -- the search


def test_the_search_has_its_own_place_and_pages(pds):
    for number in range(150):
        pds.write("look", who=f"n{number}", embed=CARD)
    pds.notify("like", "bea")
    told, cursor = visit(pds, None)
    assert sorted(told) == sorted(["bea", *(f"n{number}" for number in range(150))])
    pds.write("look", who="cyd", embed=CARD)
    pds.calls.clear()
    assert visit(pds, cursor)[0] == ["cyd"]
    assert (pds.calls.count("listNotifications"), pds.calls.count("searchPosts")) == (1, 1)


@pytest.mark.parametrize("status", [400, 403, 404, 501, 503])
def test_a_server_without_a_search_loses_only_the_search(pds, status):
    post = pds.write("look", who="cyd", embed=CARD)
    pds.notify("like", "bea")
    pds.methods_missing["searchPosts"] = status
    told, cursor = visit(pds, None)
    assert told == ["bea"]
    pds.notify("like", "dan")
    told, cursor = visit(pds, cursor)
    assert told == ["dan"]
    del pds.methods_missing["searchPosts"]
    assert visit(pds, cursor)[0] == ["cyd"]
    assert post


def test_that_a_server_can_not_search_is_told_once_until_it_could_again(pds):
    def troubles(cursor: str | None) -> tuple[list[str], str | None]:
        told, more = [], True
        while more:
            got = page(pds, cursor)
            told += [str(got.trouble)] if got.trouble else []
            cursor, more = got.cursor, got.more
        return told, cursor

    pds.methods_missing["searchPosts"] = 501
    told, cursor = troubles(None)
    assert len(told) == 1
    assert told[0].startswith("sky: links to ada.example can't be searched for: ")
    told, cursor = troubles(cursor)
    assert told == []
    del pds.methods_missing["searchPosts"]
    told, cursor = troubles(cursor)
    assert told == []
    pds.methods_missing["searchPosts"] = 501
    assert len(troubles(cursor)[0]) == 1


@pytest.mark.parametrize(("status", "error"), [(401, AuthFailed), (429, RateLimited)])
def test_an_account_that_is_refused_the_search_is_left_alone_and_its_notifications_stay_read(pds, status, error):
    sites = [SITE, "https://bea.example"]
    pds.notify("like", "bea")
    pds.methods_missing["searchPosts"] = status
    got = pds.adapter(sites=sites).interactions(None)
    while got.more and not got.trouble:
        got = pds.adapter(sites=sites).interactions(got.cursor)
    assert (got.more, type(got.trouble)) == (False, error)
    assert pds.calls.count("searchPosts") == 1 + (status == 401), "the other site is not searched for"
    pds.notify("like", "dan")
    got = pds.adapter(sites=sites).interactions(got.cursor)
    assert [act.actor.handle for act in got.interactions] == ["dan.test"], "the next visit begins with them"


def test_a_bare_server_has_no_notifications(pds):
    pds.bare = True
    with pytest.raises(Unsupported):
        page(pds, None)


@pytest.mark.parametrize("sites", [None, "https://ada.example", [7, "", "no address", "http://[broken"]])
def test_without_sites_nothing_is_searched_for(pds, sites):
    pds.notify("like", "bea")
    got = pds.adapter(sites=sites).interactions(None)
    assert [act.actor.handle for act in got.interactions] == ["bea.test"]
    got = pds.adapter(sites=sites).interactions(got.cursor)
    assert (got.interactions, got.more) == ((), False)
    assert "searchPosts" not in pds.calls


def test_posts_of_the_account_itself_are_nothing(pds):
    record = {"$type": POST, "createdAt": "2026-11-02T12:00:00Z", "text": "", "embed": CARD}
    pds.theirs[f"at://{pds.adapter()._xrpc.did}/{POST}/3kmine"] = record, "2026-11-02T12:00:00.000Z"
    assert visit(pds, None)[0] == []
    assert HANDLE


# -- the rule by itself


@given(
    st.lists(st.integers(5 * OVERLAP, 9 * OVERLAP), max_size=60, unique=True),
    st.integers(1, 7),
    st.sampled_from([0, OVERLAP // 2]),
    st.randoms(use_true_random=False),
)
def test_whatever_comes_in_whatever_portions_is_told_once(times, size, late, chance: random.Random):
    """Items come as visits go on; those in order are all told, those that come late never twice."""
    stream, told = Stream(), list[str]()
    there: list[Told] = []
    for number, at in enumerate(sorted(times)):
        there.append(Told(str(number), at - chance.choice([0, late])))
        if chance.random() < 0.3:
            stream = _read_all(stream, there, size, told)
    stream = _read_all(stream, there, size, told)
    assert len(told) == len(set(told))
    assert late or set(told) == {item.key for item in there}


def _read_all(stream: Stream, there: list[Told], size: int, told: list[str]) -> Stream:
    newest_first = sorted(there, key=lambda item: -item.at)
    goes_on = True
    while goes_on:
        start = int(stream.place or 0)
        items = newest_first[start : start + size]
        following = str(start + size) if start + size < len(newest_first) else None
        fresh, stream, goes_on = advance(stream, items, following)
        told += [items[number].key for number in fresh]
    return stream
