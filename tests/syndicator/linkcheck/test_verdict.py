"""What answers mean: what surely is not there is dead, what can't be told is unsure, and robots may be turned away."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from pieces import NOON

from syndicator.linkcheck.checked import Check
from syndicator.linkcheck.verdict import WAITS, is_page, put_off, verdict
from syndicator.pages.base import PageFacts
from syndicator.sources.fetched import Fetched

URL = "https://ada.example/2026/a-walk"


def answer(final: str = URL, **changes: Any) -> Fetched:
    given = {"status": "ok", "body": b"<p>A walk", "content_type": "text/html", "http_status": 200}
    return Fetched(**{"url": URL, "final_url": final, **given, **changes})


def failed(status: int, error: str = "went wrong", **changes: Any) -> Fetched:
    return Fetched(URL, "failed", final_url=URL, http_status=status, error=error, **changes)


def look(fetched: Fetched, known: Check | None = None, now: datetime = NOON, **page: Any) -> Check:
    return verdict(URL, fetched, PageFacts(fetched.final_url, **page) if fetched.body else None, now, known)


def outcome(found: Check) -> tuple[str, str]:
    return found.verdict, found.reason


# --- Answers


@pytest.mark.parametrize(
    ("fetched", "expected"),
    [
        (failed(404), "dead"),
        (failed(410), "dead"),
        (failed(0, "is on a private network, 10.0.0.1", private=True), "dead"),
        *((failed(status), "unsure") for status in (400, 401, 402, 403, 405, 406, 429, 451, 999, 500, 502, 503, 0)),
        (answer(), "ok"),
        (answer(body=b" \n"), "unsure"),
    ],
)
def test_a_status_has_a_meaning(fetched: Fetched, expected: str) -> None:
    assert look(fetched).verdict == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        *(
            (kind, "ok")
            for kind in (
                "text/html; charset=utf-8",
                "application/xhtml+xml",
                "TEXT/PLAIN",
                "text/markdown",
                "application/pdf",
                "image/png",
                "audio/mpeg",
                "video/mp4",
                "application/xml",
                "",
            )
        ),
        *(
            (kind, "dead")
            for kind in (
                "application/zip",
                "application/octet-stream",
                "application/x-msdownload",
                "application/json",
                "application/rss+xml",
                "application/atom+xml; charset=utf-8",
                "garbage",
            )
        ),
    ],
)
def test_what_a_browser_shows_may_be_shared(kind: str, expected: str) -> None:
    assert look(answer(content_type=kind)).verdict == expected


def test_what_kind_of_thing_it_is_stands_in_the_reason() -> None:
    assert outcome(look(answer(content_type="application/zip"))) == ("dead", "is not a page but application/zip")
    assert outcome(look(answer(content_type="text/rss+xml"))) == ("dead", "is a feed, not a page")


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("text/html;charset=x", b"", True),
        ("application/xhtml+xml", b"", True),
        ("text/plain", b"<html>", False),
        ("", b" <!doctype html>", True),
        ("", b"%PDF-1.7", False),
    ],
)
def test_only_pages_are_read(kind: str, body: bytes, expected: bool) -> None:
    assert is_page(kind, body) is expected


def test_what_a_page_says_of_itself_is_kept_short_and_normal() -> None:
    page = {"title": "A walk " * 100, "description": "It rained", "canonical": f"{URL}?utm_source=x", "words": 300}
    found = look(
        answer(f"{URL}?fbclid=1", etag='"1"'), **page, language="de", image_alt="Rain", paywall="asks for money"
    )
    assert (found.verdict, found.reason, found.final_url, found.canonical) == ("ok", "", URL, URL)
    assert (found.description, found.words, found.language, found.image_alt) == ("It rained", 300, "de", "Rain")
    assert (found.etag, found.paywall, len(found.title) <= 300) == ('"1"', "asks for money", True)


def test_a_page_that_looks_missing_is_missing_whatever_its_status() -> None:
    assert outcome(look(answer(), missing="says that it was not found")) == ("dead", "says that it was not found")


# --- Redirects


@pytest.mark.parametrize(
    ("asked", "led_to", "expected"),
    [
        (URL, "https://www.ada.example/2026/a-walk/", "ok"),
        (URL, "https://ada.example/moved/a-walk", "ok"),
        (URL, "https://elsewhere.net/a-walk", "ok"),
        (URL, "https://ada.example/", "dead"),
        (URL, "https://www.ada.example", "dead"),
        (URL, "https://ada.example/index.html", "dead"),
        (URL, "https://ada.example/en-gb/", "dead"),
        (URL, "https://ada.example/home", "dead"),
        (URL, "https://ada.example/?p=12", "ok"),
        ("https://ada.example/?p=12", "https://ada.example/2026/a-walk", "ok"),
        ("https://ada.example/?p=12", "https://ada.example/", "dead"),
        ("https://ada.example/", "https://www.ada.example/en/", "ok"),
        ("http://ada.example", "https://ada.example/", "ok"),
        ("https://medium.com/@ada/a-walk", "https://medium.com/@ada", "dead"),
        ("https://medium.com/@ada/a-walk", "https://medium.com/", "dead"),
        ("https://medium.com/@ada/a-walk", "https://medium.com/@ada/a-walk-2", "ok"),
        (URL, "https://parking.net/", "unsure"),
        (URL, "https://ada.example/login?next=/2026/a-walk", "unsure"),
        (URL, "https://ada.example/wp-login.php?redirect_to=x", "unsure"),
        (URL, "https://accounts.google.com/v3/identifier", "unsure"),
        (URL, "https://consent.yahoo.com/v2/collectConsent", "unsure"),
        (URL, "https://ada.example/cookie-consent?to=x", "unsure"),
        (URL, "https://ada.example/2026/login-with-passkeys", "ok"),
        ("https://ada.example/blog/oauth", "https://ada.example/blog/oauth/", "ok"),
        ("https://ada.example/oauth", "https://docs.ada.example/guide/oauth", "ok"),
        ("https://ada.example/gdpr", "https://ada.example/gdpr/", "ok"),
    ],
)
def test_where_redirects_lead(asked: str, led_to: str, expected: str) -> None:
    found = verdict(asked, answer(led_to, url=asked), PageFacts(led_to), NOON)
    assert found.verdict == expected, found.reason


def test_a_page_that_was_well_and_now_leads_home_is_dead_even_if_unchanged() -> None:
    known = look(answer())
    home = answer("https://ada.example/", status="unchanged", body=None)
    assert outcome(verdict(URL, home, None, NOON, known)) == ("dead", "leads to the home page of its site now")


# --- Over time


def test_an_unchanged_page_is_as_it_was_and_believed_anew() -> None:
    known = look(answer(), title="A walk", words=300)
    later = NOON + timedelta(days=2)
    unchanged = answer("https://ada.example/moved", status="unchanged", body=None, http_status=304, etag='"v2"')
    again = verdict(URL, unchanged, None, later, known)
    assert (again.at, again.title, again.words, again.ok) == (later, "A walk", 300, True)
    assert (again.final_url, again.etag) == ("https://ada.example/moved", '"v2"'), "they belong together"


def series(fetched: Fetched, days: float = 3) -> list[Check]:
    """Every check of a page that always answers the same, asked as soon as it may be."""
    checks = [look(fetched)]
    while not checks[-1].ok and checks[-1].again and checks[-1].again < NOON + timedelta(days=days):
        checks.append(look(fetched, checks[-1], checks[-1].again))
    return checks


def test_a_page_is_asked_less_and_less_often() -> None:
    checks = series(failed(503))
    waits = [later.at - earlier.at for earlier, later in pairwise(checks)]
    assert waits[:5] == list(WAITS)
    assert set(waits[5:]) == {WAITS[-1]}
    assert {check.since for check in checks} == {NOON}
    assert [check.tries for check in checks] == list(range(1, len(checks) + 1))
    assert {check.verdict for check in checks} == {"unsure"}, "who never answers is never believed"


def test_who_turns_robots_away_for_a_day_is_believed_to_be_there() -> None:
    checks = series(failed(403, "refuses to give it, 403"))
    assert [check.verdict for check in checks] == ["unsure"] * 5 + ["ok"]
    assert checks[-1].at - NOON > timedelta(days=1)
    assert checks[-1].reason == "not read: refuses to give it, 403"


def test_a_server_known_to_turn_robots_away_is_believed_at_once() -> None:
    assert verdict(URL, failed(403), None, NOON, wall=True).verdict == "ok"
    assert verdict(URL, failed(404), None, NOON, wall=True).verdict == "dead"
    assert verdict(URL, failed(0), None, NOON, wall=True).verdict == "unsure"


def test_what_is_not_there_may_come_and_what_is_gone_may_not() -> None:
    assert look(failed(404)).again == NOON + WAITS[0]
    assert look(failed(410)).again is None


def test_who_asks_to_wait_is_waited_for() -> None:
    tomorrow = NOON + timedelta(days=1)
    assert look(failed(429, retry_after=tomorrow)).again == tomorrow
    assert look(failed(429, retry_after=NOON + timedelta(seconds=1))).again == NOON + WAITS[0]


def test_a_page_that_was_not_asked_for_was_not_looked_at() -> None:
    left = look(failed(0, unasked=True))
    assert (left.verdict, left.tries, left.again) == ("unsure", 0, NOON + WAITS[0])
    assert look(failed(404), left).tries == 1
    looked_at = look(failed(503))
    assert look(failed(0, unasked=True), looked_at).tries == looked_at.tries


def test_waiting_for_another_page_s_server_adds_nothing_to_a_page_s_own_history() -> None:
    until = NOON + WAITS[1]
    told = Check(url="https://ada.example/other", at=NOON, verdict="unsure", status=429, tries=5, server_until=until)
    earlier = look(failed(404), now=NOON - timedelta(hours=5))
    waits = put_off(URL, told, NOON, earlier)
    assert (waits.tries, waits.since, waits.again) == (1, earlier.since, until)
    assert look(failed(404), waits, NOON + WAITS[1]).tries == 2


def test_a_good_look_ends_a_bad_series() -> None:
    bad = series(failed(503))[-1]
    good = look(answer(), bad, bad.again or NOON)
    assert (good.verdict, good.tries, good.since) == ("ok", 0, None)
    worse = look(failed(503), good, good.at)
    assert (worse.tries, worse.since, worse.again) == (1, good.at, good.at + WAITS[0])
