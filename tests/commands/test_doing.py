"""`ledger do`: the exact act is shown, a person says yes, it is done once and booked once, whatever is cut off."""

import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counterparts.desk import Desk, item, rss

from ledger.book import Book
from ledger.entry import Identity
from ledger.people import Person
from ledger.store.tiny import TinyStore
from ledger.suggest import Offer
from platforms.base import Actor, Interaction
from platforms.memory_world import World, world

THEIRS = "memory://bea/7"
WROTE = "memory://bea/8"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Bea boosted a post of mine on the pond, and wrote one herself that may be boosted."""
    desk = Desk(tmp_path)
    desk.feed(rss(item(1)))
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    return desk


def pond(desk: Desk) -> World:
    return world("pond", str(desk.folder / "pond.jsonl"))


def boosted(desk: Desk) -> None:
    pond(desk).interact(Interaction("boost", Actor("bea"), id="b1", target="memory://pond/1", at=datetime.now(UTC)))
    desk.run("ledger", "collect")
    store = TinyStore(desk.folder / "data" / "ledger.jsonl")
    bea = Identity("memory", "bea")
    Book(store).set_offers({bea: [Offer(bea, THEIRS, "A walk in the moss", datetime.now(UTC) - timedelta(1), 0.5)]})
    store.close()


def replied(desk: Desk) -> None:
    words = "word " * 30
    act = Interaction(
        "reply", Actor("bea"), id="r1", url=WROTE, target="memory://pond/1", at=datetime.now(UTC), text=words
    )
    pond(desk).interact(act)
    desk.run("ledger", "collect")


def did(desk: Desk) -> list[tuple[str, str, str]]:
    return [(event["kind"], event["target"], event["text"]) for event in pond(desk).events("did")]


def given(desk: Desk) -> list[str]:
    lines = desk.json("ledger", "why", "memory:bea")["lines"]
    return [line["kind"] for line in lines if line["direction"] == "given"]


def is_paid(desk: Desk) -> bool:
    lines = desk.json("ledger", "why", "memory:bea")["lines"]
    return {line["state"] for line in lines if line["direction"] == "received"} == {"paid"}


def test_the_exact_act_is_shown_and_nothing_is_done_without_a_yes(desk: Desk) -> None:
    boosted(desk)
    assert "boost “A walk in the moss”" in desk.run("ledger", "owe").stdout
    refused = desk.run("ledger", "do", "1", expect=2)
    assert refused.stdout.splitlines()[0].startswith("boost with pond, for bea on memory (they boosted you on ")
    assert refused.stdout.splitlines()[1:] == ["    “A walk in the moss”", f"    {THEIRS}"]
    assert "--yes" in refused.stderr
    assert (did(desk), given(desk)) == ([], [])


def test_with_a_yes_it_is_done_booked_and_pays(desk: Desk) -> None:
    boosted(desk)
    desk.run("ledger", "owe")
    assert "done, and booked as given to bea on memory: boost" in desk.run("ledger", "do", "1", "--yes").stdout
    assert did(desk) == [("boost", THEIRS, "")]
    assert given(desk) == ["boost"]
    assert is_paid(desk)
    assert f"hand: boost with pond: {THEIRS}\n" in (desk.folder / "data" / "syndicator.log").read_text()
    assert desk.json("ledger", "owe") == []
    again = desk.run("ledger", "do", "1", "--yes", expect=2)
    assert "no number 1" in again.stderr


def test_a_number_keeps_its_meaning_and_is_dealt_with_once(desk: Desk) -> None:
    boosted(desk)
    desk.run("ledger", "owe")
    desk.run("ledger", "do", "1", "--yes")
    for verb in (["do", "1", "--yes"], ["done", "1"], ["skip", "1"]):
        assert "number 1 is done already" in desk.run("ledger", *verb, expect=1).stderr
    assert len(did(desk)) == len(given(desk)) == 1


@pytest.mark.parametrize("verb", ["done", "skip"])
def test_by_hand_twice_is_once(desk: Desk, verb: str) -> None:
    boosted(desk)
    desk.run("ledger", "owe")
    desk.run("ledger", verb, "1")
    assert "already" in desk.run("ledger", verb, "1", expect=1).stderr
    assert len(given(desk)) == (verb == "done")
    assert did(desk) == []


def test_forgiving_and_snoozing_twice_do_no_harm(desk: Desk) -> None:
    boosted(desk)
    desk.run("ledger", "owe")
    for verb in ("snooze", "snooze", "forgive", "forgive"):
        desk.run("ledger", verb, "1")
    assert desk.json("ledger", "owe") == []
    assert "no number 9" in desk.run("ledger", "forgive", "9", expect=2).stderr


def test_nothing_is_done_for_whoever_asked_to_be_left_alone_since(desk: Desk) -> None:
    boosted(desk)
    desk.run("ledger", "owe")
    store = TinyStore(desk.folder / "data" / "ledger.jsonl")
    bea = Identity("memory", "bea")
    Book(store).save_people(Person(str(bea), "bea", (bea,), opted_out=True))
    store.close()
    assert "left alone" in desk.run("ledger", "do", "1", "--yes", expect=1).stderr
    assert did(desk) == given(desk) == []


def test_all_handles_of_a_person_are_forgiven(desk: Desk) -> None:
    for page, who in enumerate(("@ada@example.social", "ada.bsky.social")):
        desk.run("ledger", "add", "share", who, "--my-url", f"https://robin.example/{page}")
    desk.run("ledger", "people", "merge", "@ada@example.social", "ada.bsky.social")
    assert [row["n"] for row in desk.json("ledger", "owe")] == [1]
    desk.run("ledger", "forgive", "1")
    assert desk.json("ledger", "owe") == []


def test_a_reply_is_sent_in_the_persons_own_words(desk: Desk) -> None:
    replied(desk)
    assert desk.json("ledger", "owe")[0]["suggestion"]["act"] == "answer"
    assert '--text "…"' in desk.run("ledger", "do", "1", expect=2).stderr
    shown = desk.run("ledger", "do", "1", "--text", "Thank you, Bea!", "--yes").stdout
    assert f"    {WROTE}\n    > Thank you, Bea!\n" in shown
    assert did(desk) == [("reply", WROTE, "Thank you, Bea!")]
    assert "longer than a post" in do_long(desk)


def do_long(desk: Desk) -> str:
    """What is said to a text that no post has room for, of another reply."""
    desk.run("ledger", "add", "link", "memory:cy")
    desk.run("ledger", "add", "reply", "memory:cy", "--url", "memory://cy/1")
    rows = desk.json("ledger", "owe")
    [number] = [row["n"] for row in rows if row["person"] == "cy"]
    return desk.run("ledger", "do", str(number), "--text", "x" * 600, "--yes", expect=2).stderr


KILLED = """
import os, signal
from syndicator import doing
from platforms.memory_world import _InFile
really = _InFile.append
def append(self, event):
    {before}
    really(self, event)
    {after}
_InFile.append = append
"""
DIE = "os.kill(os.getpid(), signal.SIGKILL)"


@pytest.mark.parametrize(("before", "after"), [(DIE, "pass"), ("pass", DIE)], ids=["before it", "after it"])
def test_killed_around_the_act_it_is_done_once_and_booked_once_by_doing_it_again(
    desk: Desk, before: str, after: str
) -> None:
    boosted(desk)
    desk.run("ledger", "owe")
    code = KILLED.format(before=before, after=after)
    assert desk.run("ledger", "do", "1", "--yes", python=code, expect=None).returncode == -signal.SIGKILL
    assert given(desk) == []
    desk.run("ledger", "do", "1", "--yes")
    assert did(desk) == [("boost", THEIRS, "")]
    assert given(desk) == ["boost"]
    assert is_paid(desk)


def test_it_is_done_to_the_account_that_did_the_favour_whatever_else_is_theirs(desk: Desk) -> None:
    boosted(desk)
    store = TinyStore(desk.folder / "data" / "ledger.jsonl")
    bea, site = Identity("memory", "bea"), Identity("web", "bea.example")
    Book(store).save_people(Person("bea", "Bea", (site, bea)))
    store.close()
    desk.run("ledger", "owe")
    assert "booked as given to Bea" in desk.run("ledger", "do", "1", "--yes").stdout
    lines = desk.json("ledger", "why", "Bea")["lines"]
    assert {line["identity"] for line in lines} == {"memory:bea"}
    assert is_paid(desk)
