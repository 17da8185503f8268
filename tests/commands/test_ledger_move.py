"""`ledger export` and `ledger import`: a ledger on another machine is the same ledger."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counterparts.desk import Desk

from ledger.book import Book
from ledger.entry import Identity
from ledger.follows import Edge
from ledger.people import Person
from ledger.proof import Bond, Sighting
from ledger.store.tiny import TinyStore
from ledger.suggest import Offer

NOW = datetime.now(UTC)
ADA, SITE = Identity("mastodon", "ada@pond.example"), Identity("web", "ada.example")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "here").mkdir()
    desk = Desk(tmp_path / "here")
    desk.run("ledger", "add", "link", "ada.example", "--url", "https://ada.example/1", "--note", "ein Übersee-Link")
    desk.run("ledger", "add", "boost", "@ada@pond.example")
    desk.run("ledger", "add", "reply", "x:bob")
    desk.run("ledger", "give", "thank", "x:bob")
    desk.run("ledger", "people", "merge", "@ada@pond.example", "ada.example")
    desk.run(
        "ledger", "people", "tag", "ada.example", "mentor", "--note", "mosses", "--name", "Ada", "--cadence", "30d"
    )
    book = Book(TinyStore(desk.folder / "data" / "ledger.jsonl"))
    book.set_offers({SITE: [Offer(SITE, "https://ada.example/2", "On mosses", NOW - timedelta(days=1), 0.9)]})
    book.save_sightings([Sighting(ADA, NOW, (Bond(ADA, SITE, "verified", NOW),))])
    book.follows.begin("pond", "followers", {"1": ADA})
    desk.run("ledger", "forget", "x:zoe", "--yes")
    desk.run("ledger", "owe")
    desk.run("ledger", "snooze", "1")
    return desk


@pytest.fixture
def other(tmp_path: Path) -> Desk:
    (tmp_path / "there").mkdir()
    return Desk(tmp_path / "there")


def reading(desk: Desk) -> list[object]:
    at = (NOW + timedelta(days=40)).isoformat()
    lists = [["owe", "--all", "--at", at], ["why", "Ada", "--at", at], ["why", "x:bob", "--at", at], ["follows"]]
    return [
        *(desk.json("ledger", *words) for words in lists),
        [each | {"open": 0} for each in desk.json("ledger", "people", "list")],
        desk.json("ledger", "people", "show", "Ada")["identities"],
    ]


def test_moved_to_an_empty_machine_everything_reads_the_same(desk: Desk, other: Desk) -> None:
    file = desk.folder / "mine.jsonl"
    desk.run("ledger", "export", file)
    assert json.loads(file.read_text("utf-8").partition("\n")[0]) == {"format": "ledger", "version": 1}
    done = other.json("ledger", "import", file)
    assert (done["updated"], done["unchanged"], done["problems"]) == (0, 0, [])
    before, after = reading(desk), reading(other)
    since = [document.pop("since") for told in (before[3], after[3]) for document in told]
    assert len(since) == 2
    assert before == after
    assert "forgotten" in other.run("ledger", "add", "like", "x:zoe", expect=1).stderr
    journal = other.folder / "data" / "ledger.jsonl"
    held = journal.read_bytes()
    again = other.json("ledger", "import", file)
    assert (again["added"], again["updated"]) == (0, 0)
    assert journal.read_bytes() == held
    assert desk.run("ledger", "export", "-").stdout == file.read_text("utf-8")


def test_two_ledgers_become_one_and_what_is_here_stays(desk: Desk, other: Desk) -> None:
    other.run("ledger", "add", "boost", "x:cem")
    other.run("ledger", "people", "merge", "ada.example", "x:ada")
    other.run("ledger", "people", "tag", "x:bob", "press")
    desk.run("ledger", "people", "tag", "x:bob", "friend", "--note", "of the desk")
    desk.run("ledger", "export", "mine.jsonl")
    other.run("ledger", "import", desk.folder / "mine.jsonl")
    people = {each["person"]: each for each in other.json("ledger", "people", "list")}
    assert (people["bob"]["roles"], people["bob"]["note"]) == (["press"], "of the desk")
    assert [each["handle"] for each in people["Ada"]["identities"]] == ["ada@pond.example"]
    assert [each["handle"] for each in people["ada.example"]["identities"]] == ["ada.example", "ada"]
    assert "cem" in people
    once = (other.folder / "data" / "ledger.jsonl").read_bytes()
    other.run("ledger", "import", desk.folder / "mine.jsonl")
    assert (other.folder / "data" / "ledger.jsonl").read_bytes() == once


def test_a_bad_line_costs_only_itself(desk: Desk, other: Desk) -> None:
    desk.run("ledger", "export", "mine.jsonl")
    good = (desk.folder / "mine.jsonl").read_text("utf-8").splitlines()
    bad = [
        "{",
        "[]",
        '{"in": "entries", "key": "k", "is": {"direction": "sideways"}}',
        '{"in": "secrets", "key": "k", "is": {}}',
        '{"in": "people", "key": "k", "is": {"name": "Nobody", "identities": []}}',
        '{"in": "forgotten", "key": "no hash", "is": {"salt": "00"}}',
        '{"in": "edges", "key": "k", "is": {"account": "a", "side": "up", "id": "1", "who": "x:a"}}',
        '{"in": "people", "key": "k", "is": {"name": "\\ud800", "identities": ["x:a"]}}',
        "[" * 100_000,
    ]
    file = other.folder / "mixed.jsonl"
    file.write_text("\n".join([good[0], *bad, *good[1:]]), "utf-8")
    done = other.json("ledger", "import", file, expect=1)
    assert [each["line"] for each in done["problems"]] == list(range(2, 2 + len(bad)))
    assert done["added"] == len(good) - 1
    assert "line 3: " in other.run("ledger", "import", file, expect=1).stderr


def test_nothing_is_written_over_and_nothing_newer_is_read(desk: Desk, other: Desk) -> None:
    desk.run("ledger", "export", "mine.jsonl")
    assert "there already" in desk.run("ledger", "export", "mine.jsonl", expect=2).stderr
    (other.folder / "new.jsonl").write_text('{"format": "ledger", "version": 2}\n')
    assert "update" in other.run("ledger", "import", "new.jsonl", expect=2).stderr


def test_who_was_forgotten_here_is_not_taken_from_a_file(desk: Desk, other: Desk) -> None:
    desk.run("ledger", "export", "mine.jsonl")
    other.run("ledger", "forget", "x:bob", "--yes")
    other.run("ledger", "import", desk.folder / "mine.jsonl")
    assert "x:bob" not in (other.folder / "data" / "ledger.jsonl").read_text("utf-8")


def test_an_older_export_brings_back_nothing_of_who_was_forgotten_since(desk: Desk, other: Desk) -> None:
    """Not as somebody's second handle, nor among followers, bonds, who is apart, or in what others wrote."""
    old, bob = Identity("mastodon", "zoe@bay.example"), Identity("x", "bob")
    store = TinyStore(desk.folder / "data" / "ledger.jsonl")
    book = Book(store)
    book.save_people(
        Person("x:bob", "bob", (bob, old), apart=(ADA, old)),
        Person(str(old), old.handle, (old, Identity("x", "cy")), note="ask @zoe@bay.example"),
    )
    book.save_sightings([Sighting(bob, NOW, (Bond(bob, old, "link", NOW), Bond(bob, SITE, "link", NOW)))])
    book.follows.begin("bay", "followers", {"7": old, "8": bob})
    book.follows.change("bay", "followers", {"7": Edge(old, missing=NOW)})
    store.close()
    desk.run("ledger", "add", "comment", "x:bob", "--url", "https://bay.example/users/zoe/statuses/5", "--note",
             "under a post of https://bay.example/@zoe/5")  # fmt: skip
    desk.run("ledger", "export", "old.jsonl")
    assert "zoe" in (desk.folder / "old.jsonl").read_text("utf-8")
    other.run("ledger", "forget", "@zoe@bay.example", "--yes")
    done = other.json("ledger", "import", desk.folder / "old.jsonl")
    assert done["problems"] == []
    kept = (other.folder / "data" / "ledger.jsonl").read_text("utf-8")
    assert "zoe" not in kept
    book = Book(TinyStore(other.folder / "data" / "ledger.jsonl"))
    people = book.people()
    assert (people.of(bob).identities, people.of(bob).apart) == ((bob,), (ADA,))
    assert people.of(Identity("x", "cy")).name == "cy"
    assert [bond.other for bond in book.sightings()[bob].bonds] == [SITE]
    assert set(book.follows.edges("bay", "followers") or {}) == {"8"}
    assert (len(book.entries()), book.problems) == (5, ())
    assert other.json("ledger", "import", desk.folder / "old.jsonl")["updated"] == 0
