"""The records of posts by themselves: the link in place of a card always fits, and marks stay where they were."""

from datetime import UTC, datetime

import pytest
from counterparts.fake_bluesky_lexicons import record_flaw
from counterparts.post_lexicon import flaw
from hypothesis import given
from hypothesis import strategies as st

from platforms.base import Card, Draft
from platforms.bluesky_record import LIMITS, payload, same_post, simpler, with_mentions
from platforms.text import fits

NOW = datetime(2026, 11, 2, 12, 0, 0, 123456, tzinfo=UTC)
URL = "https://ada.example/garten?a=1&b=2"


def sent(text: str, url: str = URL, **more: object) -> dict:
    return payload(Draft(text, url=url, card=Card(url, "Gärten", ""), **more), "key", NOW)


def marks(record: dict) -> list[tuple[str, str]]:
    text = record["text"].encode()
    return [
        (text[mark["index"]["byteStart"] : mark["index"]["byteEnd"]].decode(), [*mark["features"][0].values()][1])
        for mark in record.get("facets", [])
    ]


def test_a_text_that_is_too_long_for_the_link_gives_way_at_a_word():
    record = simpler(sent("Gärten 🌱 " * 33))["record"]
    assert record["text"].endswith("🌱…\nada.example/garten?a=1&b=2")
    assert fits(record["text"], LIMITS)
    assert marks(record) == [("ada.example/garten?a=1&b=2", URL)]


def test_marks_before_the_cut_stay_and_those_behind_it_go():
    text = f"@bea.test #code {'words ' * 44}#gone"
    whole = with_mentions(sent(text), {"bea.test": "did:plc:bea"})
    record = simpler(whole)["record"]
    assert marks(record)[:-1] == [("@bea.test", "did:plc:bea"), ("#code", "code")]
    assert marks(record)[-1][1] == URL
    assert fits(record["text"], LIMITS)


@pytest.mark.parametrize("text", ["", "x" * 300, "👩‍👩‍👧‍👦" * 120])
def test_a_link_longer_than_a_post_is_shown_in_short_and_leads_there_whole(text):
    url = "https://ada.example/" + "garten/" * 200
    record = simpler(sent(text, url))["record"]
    assert record["text"].rpartition("\n")[2] == "ada.example/garten/garte…"
    assert marks(record) == [("ada.example/garten/garte…", url)]
    assert fits(record["text"], LIMITS)


def test_a_link_that_is_in_the_text_already_is_not_repeated():
    record = simpler(sent(f"Gärten {URL} #code"))["record"]
    assert record["text"] == f"Gärten {URL} #code"


@given(st.text(max_size=400), st.text("aé🌱/%?&=-", max_size=400))
def test_the_simplest_form_is_always_a_valid_post(text, path):
    url = f"https://ada.example/{path}"
    full = sent(text, url)
    if not fits(text, LIMITS) or flaw(full["record"]):
        return
    record = simpler(full)["record"]
    assert fits(record["text"], LIMITS)
    assert not flaw(record)
    assert not record_flaw(record)
    assert url in [uri for _, uri in marks(record)]
    assert same_post(record, full)


def test_who_is_not_known_any_more_is_no_mention_any_more():
    both = with_mentions(sent("@bea.test @cyd.test"), {"bea.test": "did:plc:bea", "cyd.test": "did:plc:cyd"})
    assert len(marks(both["record"])) == 2
    assert "facets" not in with_mentions(both, {})["record"]


def test_another_post_is_not_the_same():
    made = sent("one")
    assert same_post(made["record"], made)
    assert not same_post(sent("two")["record"], made)
    assert not same_post({**made["record"], "createdAt": "2026-11-02T12:00:01.000Z"}, made)
    assert not same_post({}, made)
