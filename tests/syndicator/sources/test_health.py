"""What is kept of a source from one look to the next, and whether it is due: for a thousand sources, and for years."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ledger.store.tiny import TinyStore
from syndicator.sources import health as healths
from syndicator.sources.base import Feed, Item, Source
from syndicator.sources.fetch import Fetched
from syndicator.sources.health import Health
from syndicator.sources.rhythm import Bounds

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
URL = "https://ada.example/feed"
NEW = "https://new.example/feed"
ADA = Source(URL, "curated")
USUAL = Bounds()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def answer(status: str = "ok", http_status: int = 200, **fields: object) -> Fetched:
    return Fetched(URL, **({"status": status, "http_status": http_status, "final_url": URL} | fields))


def unchanged(**fields: object) -> Fetched:
    return answer("unchanged", 304, **fields)


def feed(*ages: timedelta, **fields: object) -> Feed:
    items = tuple(Item(str(age), "", "", published=NOON - age) for age in ages)
    return Feed(URL, items=items, **fields)


def seen(fetched: Fetched | None = None, found: Feed | None = None, at: datetime = NOON) -> Health:
    """A source after its first look."""
    return healths.read_well(Health(url=URL), fetched or answer(), found or feed(), at)


def wait(health: Health, source: Source = ADA, bounds: Bounds = USUAL) -> timedelta:
    due = health.due(source, bounds)
    assert due is not None
    return due - NOON


def test_what_was_never_read_is_due() -> None:
    assert Health(url=URL).is_due(ADA, USUAL, NOON)
    assert Health(url=URL).due(ADA, USUAL) is None


def test_a_source_is_due_when_its_feed_its_server_and_its_owner_say_so() -> None:
    busy = (HOUR, 2 * HOUR, 3 * HOUR)
    assert wait(seen(found=feed(*busy))) < 16 * MINUTE
    assert wait(seen(found=feed(*busy, interval=2 * HOUR))) >= 2 * HOUR
    assert wait(seen(answer(max_age=3 * HOUR), feed(*busy, interval=2 * HOUR))) >= 3 * HOUR
    assert wait(seen(answer(max_age=MINUTE), feed(*busy))) < 16 * MINUTE
    assert wait(seen(found=feed(40 * DAY, 47 * DAY))) > 22 * HOUR
    assert wait(seen(found=feed(40 * DAY)), Source(URL, "own")) < 64 * MINUTE


def test_files_are_always_due() -> None:
    file = Source("file:///home/ada/feed.xml", "curated")
    for known in (seen(found=feed(interval=DAY)), healths.read_badly(seen(), "no such file", NOON)):
        assert known.is_due(file, USUAL, NOON)
        assert known.due(file, USUAL) is None


def test_a_little_too_early_is_early_enough() -> None:
    hourly = seen(found=feed(interval=HOUR))
    due = hourly.due(ADA, USUAL)
    assert due is not None
    assert hourly.is_due(ADA, USUAL, due - 20 * timedelta(seconds=1))
    assert not hourly.is_due(ADA, USUAL, due - 6 * MINUTE)


def test_other_settings_hold_at_once() -> None:
    weekly = seen(found=feed(DAY, 8 * DAY, 15 * DAY))
    assert wait(weekly) > 16 * HOUR
    assert wait(weekly, bounds=Bounds(MINUTE, 2 * HOUR)) <= 2 * HOUR
    assert wait(weekly, bounds=Bounds(2 * DAY, 3 * DAY)) == 2 * DAY
    assert weekly.is_due(ADA, Bounds(timedelta(), timedelta()), NOON)


def test_what_a_clock_that_went_wrong_left_behind_is_no_reason_to_wait() -> None:
    ahead = NOON + 400 * DAY
    assert seen(at=ahead).is_due(ADA, USUAL, NOON)
    assert healths.read_badly(seen(), "404", ahead).is_due(ADA, USUAL, NOON)
    assert healths.read_badly(seen(), "429", NOON, NOON + 30 * DAY).is_due(ADA, USUAL, NOON)
    assert not healths.read_badly(seen(), "429", NOON, NOON + DAY).is_due(ADA, USUAL, NOON)


def test_a_source_whose_server_wants_time_waits_without_having_failed() -> None:
    known = seen()
    later = healths.put_off(known, NOON + 5 * HOUR)
    assert (later.failures, later.error, wait(later)) == (0, "", 5 * HOUR)
    assert not later.is_due(ADA, USUAL, NOON + 4 * HOUR)
    assert later.is_due(ADA, USUAL, NOON + 5 * HOUR)
    assert healths.put_off(known, None) == known
    assert healths.read_well(later, unchanged(), None, NOON + 5 * HOUR).next_due is None


def test_an_answer_without_content_keeps_what_was_learnt() -> None:
    known = seen(answer(max_age=3 * HOUR), feed(DAY, 2 * DAY, interval=2 * HOUR, title="Ada"))
    again = healths.read_well(known, unchanged(), None, NOON + DAY)
    learnt = ("title", "says", "fresh", "gap", "last_item", "first_ok")
    assert [getattr(again, name) for name in learnt] == [getattr(known, name) for name in learnt]
    assert again.last_ok == NOON + DAY
    assert healths.read_well(known, unchanged(max_age=HOUR), None, NOON).fresh == HOUR
    same_bytes = healths.read_well(known, answer("unchanged"), None, NOON)
    assert (same_bytes.fresh, same_bytes.says) == (None, 2 * HOUR), "a whole answer says it, or no longer means it"


def test_a_feed_that_no_longer_says_is_no_longer_taken_at_its_word() -> None:
    known = seen(found=feed(interval=DAY))
    assert healths.read_well(known, answer(), feed(), NOON).says is None


def test_a_source_that_went_to_sleep_is_asked_less_and_less() -> None:
    known = seen(found=feed(MINUTE, DAY, 2 * DAY))
    waits = []
    for days in (1, 3, 9):
        known = healths.read_well(known, unchanged(), None, NOON + days * DAY)
        waits.append(wait(known) - days * DAY)
    assert waits == sorted(waits)
    assert waits[0] < 3 * HOUR
    assert waits[-1] > 20 * HOUR


def test_a_server_that_is_busy_for_once_does_not_cost_its_validators() -> None:
    known = seen(answer(etag='W/"1"', last_modified="Mon", body_hash="h"))
    asked_to_wait = healths.read_badly(known, "429", NOON, NOON + 2 * HOUR)
    assert asked_to_wait.due(ADA, USUAL) == NOON + 2 * HOUR
    assert (asked_to_wait.etag, asked_to_wait.last_modified, asked_to_wait.body_hash) == ('W/"1"', "Mon", "h")


def test_a_move_is_kept_and_so_is_the_name() -> None:
    moved = seen(answer(permanent_url=NEW, final_url=NEW, etag='"1"'))
    assert (moved.url, moved.moved_to, moved.validated_at) == (URL, NEW, "")
    back = healths.read_well(moved, answer(etag='"2"'), None, NOON)
    assert (back.moved_to, back.validated_at) == ("", "")


def test_validators_are_kept_with_the_address_that_gave_them() -> None:
    cached = "https://cdn.example/ada.xml"
    assert seen(answer(final_url=cached, etag='"1"')).validated_at == cached
    moved = seen(answer(permanent_url=NEW, final_url=NEW, etag='"1"'))
    assert healths.moved_back(moved).validated_at == NEW
    assert healths.moved_back(healths.moved_back(moved)).validated_at == NEW


def test_a_retired_source_is_left_alone_until_it_is_revived() -> None:
    gone = healths.retired(seen(answer(permanent_url=NEW, final_url=NEW)), "gone for good, 410", NOON)
    assert not gone.is_due(ADA, USUAL, NOON + 1000 * DAY)
    assert gone.due(ADA, USUAL) is None
    assert healths.retired(gone, "gone for good, 410", NOON + DAY).gone == NOON
    back = healths.revived(gone)
    assert (back.gone, back.error, back.moved_to, back.first_ok) == (None, "", "", NOON)
    assert back.is_due(ADA, USUAL, NOON + DAY)
    assert healths.read_well(gone, answer(), feed(), NOON).gone is None, "it was asked all the same, and answered"


@pytest.fixture
def store(tmp_path: Path) -> TinyStore:
    return TinyStore(tmp_path / "state.jsonl")


def keep(store: TinyStore, *known: Health) -> None:
    with store.transaction():
        store.put_many(healths.COLLECTION, {each.url: healths.document(each) for each in known})


def test_everything_that_is_kept_comes_back(store: TinyStore) -> None:
    whole = seen(answer(max_age=HOUR, etag='W/"1"', final_url=NEW), feed(DAY, 2 * DAY, interval=90 * MINUTE))
    keep(store, whole)
    assert healths.load(store) == {URL: whole}


def test_a_state_of_before_is_understood(store: TinyStore) -> None:
    old = {
        "url": URL,
        "title": "Ada",
        "etag": '"1"',
        "last_ok": "2026-11-02T12:00:00Z",
        "last_item": "2026-11-01T12:00:00Z",
    }
    with store.transaction():
        store.put(healths.COLLECTION, URL, old)
    known = healths.load(store)[URL]
    assert (known.etag, known.moved_to, known.gone) == ('"1"', "", None)
    assert 2.4 * HOUR <= wait(known) < 2.6 * HOUR


def test_what_is_kept_is_small() -> None:
    known = seen(answer(etag='"5f2b-63"', body_hash="0" * 64), feed(DAY, 2 * DAY, interval=HOUR, title="Ada's garden"))
    assert len(msgspec.json.encode(healths.document(known))) < 400


def test_reviving_is_for_the_retired(store: TinyStore) -> None:
    keep(store, healths.retired(seen(), "gone", NOON), Health(url=NEW, failures=3, error="404"))
    assert healths.revive(store, URL)
    assert not healths.revive(store, URL)
    assert not healths.revive(store, NEW)
    assert not healths.revive(store, "https://nobody.example/")
    assert healths.load(store)[URL].gone is None
    assert healths.load(store)[NEW].failures == 3
