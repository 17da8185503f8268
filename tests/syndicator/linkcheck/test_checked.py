"""What is kept of the link check: how long it is believed, what it adds to an article, when it is forgotten."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pieces import NOON, article

from ledger.store.tiny import TinyStore
from syndicator.linkcheck import checked
from syndicator.linkcheck.checked import Check
from syndicator.pages.base import Credit

URL = "https://ada.example/a"


def check(verdict: str = "ok", **changes: Any) -> Check:
    return Check(**{"url": URL, "at": NOON, "verdict": verdict, **changes})


@pytest.mark.parametrize(
    ("found", "after", "within", "holds"),
    [
        (check(), timedelta(hours=23), checked.PLANNING, True),
        (check(), timedelta(hours=24), checked.PLANNING, False),
        (check(), timedelta(minutes=59), checked.POSTING, True),
        (check(), timedelta(hours=1), checked.POSTING, False),
        (check("unsure", again=NOON + timedelta(hours=4)), timedelta(hours=3), checked.POSTING, True),
        (check("unsure", again=NOON + timedelta(hours=4)), timedelta(hours=4), checked.POSTING, False),
        (check("dead", again=NOON + timedelta(hours=4)), timedelta(hours=4), checked.PLANNING, False),
        (check("dead"), timedelta(days=300), checked.PLANNING, True),
    ],
)
def test_how_long_a_check_is_believed(found: Check, after: timedelta, within: timedelta, holds: bool) -> None:
    assert found.holds(NOON + after, within) is holds


def test_what_may_be_asked_again_is_judged_as_unknown_and_an_old_good_page_by_what_it_was() -> None:
    checks = {
        "old and good": check(at=NOON - timedelta(days=9)),
        "waits": check("unsure", again=NOON + timedelta(hours=1)),
        "may be asked": check("dead", again=NOON),
        "gone": check("dead"),
    }
    assert set(checked.standing(checks, NOON)) == {"old and good", "waits", "gone"}


@pytest.mark.parametrize(
    ("url", "reserved"),
    [
        ("https://ada.example/a", True),
        ("https://EXAMPLE/a", True),
        ("http://blog.test", True),
        ("http://no.invalid.:8000/x", True),
        ("https://www.example.com/", True),
        ("https://example.org", True),
        ("https://myexample.com/a", False),
        ("https://example.dev/a", False),
        ("https://example.com.evil.net/", False),
        ("https://test.net/", False),
        ("http://localhost:1313/post", False),
        ("http://127.0.0.1/", False),
        ("note:1", False),
    ],
)
def test_names_that_nobody_can_have(url: str, reserved: bool) -> None:
    assert checked.is_reserved(url) is reserved


def test_a_page_fills_in_what_its_feed_left_out_and_nothing_else() -> None:
    page = check(description="From the page", author="Ada", image="https://ada.example/p.png", language="de", words=900)
    bare = article(URL, summary="", words=20)
    full = checked.filled(bare, page)
    nameless = checked.filled(article(title=""), check(title="A walk"))
    assert nameless.title == "A walk"
    assert (full.summary, full.author, full.image) == ("From the page", "Ada", "https://ada.example/p.png")
    assert (full.language, full.words) == ("de", 900)
    whole = article(URL, summary="Mine", author="A. O.", image="https://ada.example/m.png", words=400)
    assert checked.filled(whole, page) == msgspec.structs.replace(whole, language="de")
    assert checked.filled(bare, None) == bare
    assert checked.filled(bare, check("unsure", description="A login page")) == bare


@pytest.mark.parametrize(
    ("page", "shows"),
    [
        (check(image="https://ada.example/m.png", image_alt="A heron"), "A heron"),
        (check(image="https://ada.example/m.png"), "A bird"),
        (check(image="https://ada.example/p.png", image_alt="A heron"), "A bird"),
        (check(image_alt="A heron"), "A bird"),
        (None, "A bird"),
    ],
)
def test_what_a_picture_shows_its_page_knows_better_than_its_feed(page: Check | None, shows: str) -> None:
    pictured = article(URL, image="https://ada.example/m.png", image_alt="A bird")
    assert checked.picture_text(pictured, page) == shows
    assert checked.picture_text(article(URL), check(image="", image_alt="A heron")) == ""


@pytest.mark.parametrize(
    ("of_feed", "of_page", "own", "believed"),
    [
        ("en-US", "fr", False, "fr"),
        ("en-US", None, False, "en-US"),
        (None, "fr", False, "fr"),
        ("en-US", "fr", True, "en-US"),
        (None, None, False, None),
    ],
)
def test_an_entry_knows_its_language_best_then_its_page_then_its_feed(
    of_feed: str | None, of_page: str | None, own: bool, believed: str | None
) -> None:
    piece = article(URL, language=of_feed, own_language=own)
    assert checked.filled(piece, check(language=of_page)).language == believed


def test_only_what_is_not_ok_is_refused() -> None:
    assert checked.refusal(None) == checked.refusal(check(reason="refuses robots, 403")) == ""
    assert checked.refusal(check("dead", reason="gone for good, 410")) == "link check: gone for good, 410"


def test_checks_are_kept_for_a_month(tmp_path: Path) -> None:
    store = TinyStore(tmp_path / "state.jsonl")
    credit = Credit("mastodon", "ada@ada.example", "fediverse:creator")
    recent, old = check(credits=(credit,), since=NOON), check(url="https://b.example/", at=NOON - timedelta(days=30))
    checked.save(store, [recent, old])
    assert checked.load(store) == {URL: recent, "https://b.example/": old}
    checked.prune(store, NOON)
    assert len(checked.load(store)) == 2
    checked.prune(store, NOON + timedelta(seconds=1))
    assert checked.load(store) == {URL: recent}
