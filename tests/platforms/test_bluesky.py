"""Bluesky against a small PDS: exactly one post, the record as the lexicon wants it, notifications read once."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from counterparts.fake_bluesky import DID, HANDLE, POST, TID, FakeBluesky, Fault

from platforms.base import Card, Draft, Login, PostRef, Request
from platforms.bluesky import Bluesky
from platforms.bluesky_record import record_key
from platforms.errors import Duplicate, Rejected, Unreachable, Unsupported

NOW = datetime(2026, 11, 2, 12, 0, 0, 123456, tzinfo=UTC)
URL = "https://ada.example/garten?a=1&b=2"
CARD = Card(URL, "Gärten & Code", "Über <Beete>")


@pytest.fixture
def pds() -> Iterator[FakeBluesky]:
    pds = FakeBluesky()
    yield pds
    pds.close()


def prepare(text: str = "Gärten", key: str = "key-1", now: datetime = NOW, **more: object) -> Request:
    return Bluesky(Login("sky")).prepare(Draft(text, **more), key, now)


# -- what is sent


def test_the_record_holds_text_time_language_and_card():
    request = prepare(f"Gärten {URL}", language="de_AT", url=URL, card=CARD)
    record = request.payload["record"]
    assert record["$type"] == POST
    assert record["text"] == f"Gärten {URL}"
    assert record["createdAt"] == "2026-11-02T12:00:00.123Z"
    assert record["langs"] == ["de-AT"]
    assert record["embed"] == {
        "$type": "app.bsky.embed.external",
        "external": {"uri": URL, "title": "Gärten & Code", "description": "Über <Beete>"},
    }


@pytest.mark.parametrize("language", [None, "", "klingonisch", "d", "en US"])
def test_what_is_no_language_tag_is_left_out_rather_than_refused(language):
    assert "langs" not in prepare(language=language).payload["record"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (f"Gärten {URL}", [URL]),
        (f"👩‍👩‍👧‍👦🌱 é {URL} größer #Gärten", [URL, "#Gärten"]),
        (f"{URL}\nनमस्ते #code", [URL, "#code"]),
        ("nothing to mark 🌱", []),
    ],
)
def test_facets_mark_the_bytes_of_links_and_tags(pds, text, marked):
    adapter = pds.adapter()
    adapter.publish(adapter.prepare(Draft(text), "key", NOW))
    [record] = pds.records.values()
    spans = [(facet["index"]["byteStart"], facet["index"]["byteEnd"]) for facet in record.get("facets", [])]
    assert [text.encode()[start:end].decode() for start, end in spans] == marked
    values = [feature.get("uri") or f"#{feature['tag']}" for f in record.get("facets", []) for feature in f["features"]]
    assert values == marked


def test_a_mention_stays_plain_text():
    assert "facets" not in prepare("by @ada.test").payload["record"]


# -- record keys


def test_a_record_key_is_a_tid_of_the_posts_second():
    key = record_key(NOW, "key-1")
    assert TID.fullmatch(key)
    assert key == record_key(NOW, "key-1") == record_key(NOW + timedelta(microseconds=5), "key-1")
    digits = "234567abcdefghijklmnopqrstuvwxyz"
    number = 0
    for digit in key:
        number = number * 32 + digits.index(digit)
    assert (number >> 10) // 1_000_000 == int(NOW.timestamp())


def test_record_keys_of_one_run_differ_and_sort_by_time():
    assert len({record_key(NOW, f"key-{n}") for n in range(2000)}) == 2000
    assert record_key(NOW, "b") < record_key(NOW + timedelta(seconds=1), "a")


def test_a_post_whose_key_is_taken_is_rejected_and_the_other_left_alone(pds):
    adapter = pds.adapter()
    one, two = prepare("one"), prepare("two")
    assert one.payload["rkey"] == two.payload["rkey"]
    adapter.publish(one)
    assert adapter.find(two) is None
    with pytest.raises(Rejected, match="another post has the record key"):
        adapter.publish(two)
    assert pds.posts() == ["one"]


# -- exactly once


def test_sending_again_changes_nothing_and_gives_the_same_reference(pds):
    request = prepare()
    refs = {pds.adapter().publish(request) for _ in range(3)}
    rkey = request.payload["rkey"]
    assert refs == {PostRef(f"at://{DID}/{POST}/{rkey}", f"https://bsky.app/profile/{HANDLE}/post/{rkey}")}
    assert pds.posts() == ["Gärten"]


def test_after_a_lost_answer_finding_and_sending_again_agree(pds):
    request = prepare()
    pds.lose_answer()
    with pytest.raises(Unreachable):
        pds.adapter().publish(request)
    found = pds.adapter().find(request)
    assert found is not None
    assert pds.adapter().publish(request) == found
    assert pds.posts() == ["Gärten"]


def test_a_taken_key_whose_record_is_gone_again_is_to_be_looked_up_before_another_try(pds):
    def refuse(_call: object) -> None:
        raise Fault(400, "InvalidSwap", "Record was at bafy")

    pds._put_record = refuse
    with pytest.raises(Duplicate):
        pds.adapter().publish(prepare())


def test_a_record_the_server_completed_is_still_recognised(pds):
    request = prepare()
    ref = pds.adapter().publish(request)
    pds.records[request.payload["rkey"]] |= {"labels": {"$type": "com.atproto.label.defs#selfLabels", "values": []}}
    assert pds.adapter().publish(request) == pds.adapter().find(request) == ref


# -- what others did


def read(pds: FakeBluesky, cursor: str | None) -> tuple[list[str], str]:
    """Everything after the cursor, as a run reads it, and the cursor to keep."""
    told: list[str] = []
    more = True
    while more:
        page = pds.adapter().interactions(cursor)
        told += [f"{act.kind} {act.actor.handle}" for act in page.interactions]
        cursor, more = page.cursor, page.more
    assert cursor is not None
    return told, cursor


def test_notifications_are_read_once_and_go_on_from_the_cursor(pds):
    ref = pds.adapter().publish(prepare())
    pds.notify("like", "bea", subject=ref.id)
    pds.notify("verified", "bsky")
    pds.notify("reply", "cyd", subject=ref.id, text="indeed")
    page = pds.adapter().interactions(None)
    assert [(act.kind, act.actor.handle) for act in page.interactions] == [("like", "bea.test"), ("reply", "cyd.test")]
    assert {act.target for act in page.interactions} == {ref.url}
    told, cursor = read(pds, page.cursor)
    assert told == []
    pds.notify("follow", "dan")
    assert read(pds, cursor)[0] == ["follow dan.test"]


def test_many_notifications_come_in_pages_and_each_once(pds):
    told, cursor = read(pds, None)
    assert told == []
    for count in (250, 100, 101, 1):
        before = len(pds.notifications)
        for number in range(before, before + count):
            pds.notify("follow", f"n{number}")
        told, cursor = read(pds, cursor)
        assert sorted(told) == sorted(f"follow n{number}.test" for number in range(before, before + count))


def test_a_visit_with_little_news_is_one_call(pds):
    for number in range(3):
        pds.notify("like", f"n{number}")
    _, cursor = read(pds, None)
    pds.notify("like", "new")
    pds.calls.clear()
    assert read(pds, cursor)[0] == ["like new.test"]
    assert pds.calls.count("listNotifications") == 1


def test_reading_stops_at_what_is_known_even_if_it_was_taken_back(pds):
    for number in range(3):
        pds.notify("like", f"n{number}")
    _, cursor = read(pds, None)
    del pds.notifications[0]
    pds.notify("like", "new", record={"$type": "app.bsky.feed.like"})
    pds.notifications[0]["indexedAt"] = "2026-11-02T13:00:00.000Z"
    assert read(pds, cursor)[0] == ["like new.test"]


# -- the counterpart


def test_the_counterpart_keeps_the_servers_rules(pds):
    """createRecord on an existing key answers 500; a plain putRecord overwrites; a bare PDS knows no profiles."""
    pds.adapter().publish(prepare())
    xrpc = pds.adapter()._xrpc
    request = prepare("other")
    place = {"repo": DID, "collection": POST, "rkey": request.payload["rkey"], "record": request.payload["record"]}
    with pytest.raises(Unreachable, match="500"):
        xrpc.procedure("com.atproto.repo.createRecord", place)
    xrpc.procedure("com.atproto.repo.putRecord", place)
    assert pds.posts() == ["other"]
    with pytest.raises(Rejected, match="not a TID"):
        xrpc.procedure("com.atproto.repo.putRecord", place | {"rkey": "self"})
    pds.bare = True
    with pytest.raises(Unsupported):
        xrpc.query("app.bsky.actor.getProfile", {"actor": HANDLE})
    listed = xrpc.query("com.atproto.repo.listRecords", {"repo": DID, "collection": POST})
    assert [entry["value"]["text"] for entry in listed["records"]] == ["other"]
    assert json.dumps(listed)
