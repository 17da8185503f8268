"""Asking for pages: what is asked with which validators, who is followed, and what is remembered."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from counterparts import feed_server
from counterparts.feed_server import FeedServer, status
from counterparts.page_server import HTML, html, page, validated_page
from pieces import NOON, post

from syndicator.linkcheck.check import check
from syndicator.linkcheck.checked import Check
from syndicator.linkcheck.last_look import held_back
from syndicator.outbox import State
from syndicator.sources import connect
from syndicator.sources.fetch import FetchOptions
from syndicator.sources.outage import Outage

LOCAL = FetchOptions(timeout=60, allow_private=("127.0.0.1",))


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with feed_server.running() as server:
        yield server


def look(site: FeedServer, *paths: str, known: tuple[Check, ...] = ()) -> list[Check]:
    before = {each.url: each for each in known}
    return list(check(map(site.url, paths), LOCAL, NOON, before))


def test_a_good_page_is_asked_whether_it_changed_and_any_other_is_read_anew(site: FeedServer) -> None:
    site.routes["/a"] = validated_page()
    [first] = look(site, "/a")
    [again] = look(site, "/a", known=(first,))
    assert again == first
    bad = Check(url=first.url, at=NOON, verdict="dead", reason="it is empty", etag='"v1"')
    [mended] = look(site, "/a", known=(bad,))
    assert (mended.ok, mended.title) == (True, "A walk")
    assert [headers.get("If-None-Match") for headers in site.asked("/a")] == [None, '"v1"', None]


def test_an_address_given_twice_is_asked_once(site: FeedServer) -> None:
    site.routes["/a"] = page()
    assert len(look(site, "/a", "/a")) == len(site.requests) == 1


def test_a_page_that_only_loads_itself_anew_is_the_page(site: FeedServer) -> None:
    site.routes["/live"] = page(head='<meta http-equiv="refresh" content="0; url=/live">')
    [found] = look(site, "/live")
    assert (found.ok, len(site.requests)) == (True, 1)


def test_where_pages_lead_on_to_is_asked_once_and_its_validators_are_not_theirs(site: FeedServer) -> None:
    site.routes |= dict.fromkeys(
        ("/a", "/b"), page(head='<meta http-equiv="refresh" content="0; url=/here">', body="-")
    )
    site.routes["/here"] = feed_server.body(html("Here"), Content_Type="text/html", ETag='"here"')
    found = look(site, "/a", "/b")
    assert {(each.url, each.final_url, each.title) for each in found} == {
        (site.url(path), site.url("/here"), "Here") for path in ("/a", "/b")
    }
    assert {(each.etag, each.body_hash) for each in found} == {("", "")}
    assert len(site.asked("/here")) == 1


@pytest.mark.parametrize(("code", "verdict"), [(404, "dead"), (403, "unsure")])
def test_what_another_page_went_through_is_not_held_against_one_that_was_never_looked_at(
    site: FeedServer, code: int, verdict: str
) -> None:
    url, later = site.url("/new"), NOON + timedelta(hours=6)
    often = Check(
        url=site.url("/busy"), at=NOON, verdict="unsure", reason="asks to wait, 429", status=429, tries=5,
        since=NOON - timedelta(days=4), again=NOON + timedelta(hours=8), server_until=NOON + timedelta(hours=5),
    )  # fmt: skip
    [waits] = look(site, "/new", known=(often,))
    assert site.requests == []
    assert waits == Check(
        url=url, at=NOON, verdict="unsure", reason=often.reason, status=429, since=NOON,
        again=often.server_until, server_until=often.server_until,
    )  # fmt: skip
    held = held_back(post(url), waits, NOON)
    assert held is not None
    assert (held.state, held.retry_at) == (State.QUEUED, often.server_until)
    site.routes["/new"] = status(code)
    [found] = check([url], LOCAL, later, {url: waits})
    assert (found.verdict, found.tries) == (verdict, 1)
    held = held_back(post(url), found, later)
    assert held is not None
    assert held.state is State.QUEUED


def test_pages_that_are_left_alone_after_the_first_asked_to_wait_were_not_looked_at(site: FeedServer) -> None:
    site.routes |= dict.fromkeys(("/a", "/b"), status(429, Retry_After="7200"))
    assert sorted(each.tries for each in look(site, "/a", "/b")) == [0, 1]
    assert len(site.requests) == 1


def test_a_busy_page_without_a_word_on_its_server_keeps_no_other_waiting(site: FeedServer) -> None:
    site.routes |= {"/busy": status(503), "/new": page()}
    [busy] = look(site, "/busy")
    assert busy.again is not None, "it waits itself"
    [new] = look(site, "/new", known=(busy,))
    assert new.ok


def test_one_page_that_always_asks_to_wait_does_not_keep_the_others_of_its_server_unseen(site: FeedServer) -> None:
    now, known = datetime.now(UTC).replace(microsecond=0), dict[str, Check]()
    addresses = [site.url(path) for path in ("/a", "/b", "/c")]
    site.routes |= {"/b": page(), "/c": page()}
    for _ in range(3):
        until = now + timedelta(hours=2)
        site.routes["/a"] = status(503, Retry_After=format_datetime(until, usegmt=True))
        wanted = [url for url in addresses if url not in known or not known[url].holds(now)]
        known |= {each.url: each for each in check(wanted, LOCAL, now, known)}
        now = until
    assert [known[url].ok for url in addresses] == [False, True, True]


def test_the_validators_of_where_a_redirect_led_are_not_sent_to_what_is_there_later(site: FeedServer) -> None:
    def missing(handler: feed_server.Handler) -> None:
        same = handler.headers.get("If-None-Match") == '"v1"'
        gone = html("404 Page not found", body="Page not found")
        handler.answer(304 if same else 200, {"ETag": '"v1"', "Content-Type": HTML}, b"" if same else gone)

    site.routes |= {"/a": status(302, Location="/b"), "/b": validated_page()}
    [first] = look(site, "/a")
    [again] = look(site, "/a", known=(first,))
    assert again == first
    assert [headers.get("If-None-Match") for headers in site.asked("/b")] == [None, '"v1"']
    site.routes["/a"] = missing
    [dead] = look(site, "/a", known=(again,))
    assert dead.verdict == "dead"


def test_without_a_network_no_page_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object) -> object:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(connect, "_resolve", nobody)
    pages, known, now = [f"https://blog-{n}.example/a" for n in range(3)], dict[str, Check](), NOON
    for _ in range(5):
        now += timedelta(days=1)
        known |= {each.url: each for each in check(pages, LOCAL, now, known)}
    soon = now + timedelta(minutes=15)
    assert {(each.verdict, each.tries, each.again) for each in known.values()} == {("unsure", 0, soon)}
    held = held_back(post(pages[0]), known[pages[0]], now)
    assert held is not None
    assert (held.state, held.retry_at) == (State.QUEUED, soon)
    reached = Outage()
    reached.saw("https://ada.example/feed", True, "", failed_before=False)
    assert {each.tries for each in check(pages, LOCAL, now, known, outage=reached)} == {1}, "others were there"
