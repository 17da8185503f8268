"""`ledger people` as its owner runs it: who is who, joined and parted, tagged and reviewed."""

import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counterparts.desk import Desk

from ledger.book import Book
from ledger.entry import Identity
from ledger.people import Person
from ledger.proof import Bond, Sighting
from ledger.store.tiny import TinyStore

ADA, SITE = Identity("mastodon", "ada@example.social"), Identity("web", "ada.example")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.run("ledger", "add", "link", "ada.example", "--url", "https://ada.example/1")
    desk.run("ledger", "add", "boost", "@ada@example.social")
    desk.run("ledger", "add", "like", "x:bob")
    return desk


def write(desk: Desk, *sightings: Sighting, people: tuple[Person, ...] = ()) -> None:
    """What runs found out about people."""
    store = TinyStore(desk.folder / "data" / "ledger.jsonl")
    book = Book(store)
    book.save_sightings(sightings)
    book.save_people(*people)
    store.close()


def listed(desk: Desk, *words: str) -> list[tuple[str, float]]:
    return [(each["person"], each["open"]) for each in desk.json("ledger", "people", "list", *words)]


def test_people_are_listed_by_role_and_by_what_is_open(desk: Desk) -> None:
    assert listed(desk) == [("ada.example", 10.0), ("ada@example.social", 4.0), ("bob", 1.0)]
    desk.run("ledger", "people", "tag", "x:bob", "press", "friend")
    desk.run("ledger", "people", "tag", "ada@example.social", "press", "--name", "Ada")
    assert [name for name, _ in listed(desk)] == ["bob", "Ada", "ada.example"]
    assert [name for name, _ in listed(desk, "--role", "press")] == ["bob", "Ada"]
    lines = desk.run("ledger", "people", "list").stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["role", "open", "name", "handles"],
        ["friend", "1.0", "bob", "on", "X"],
        ["press", "4.0", "Ada", "@ada@example.social"],
        ["(no", "role)", "10.0", "ada.example"],
    ]


def test_merged_they_owe_as_one_and_split_they_are_as_before(desk: Desk) -> None:
    before = desk.json("ledger", "people", "list")
    desk.run("ledger", "people", "tag", "ada.example", "mentor", "--note", "writes on maths")
    merged = desk.run("ledger", "people", "merge", "@ada@example.social", "ada.example", "x:bob").stdout
    assert "one person now: ada@example.social" not in merged, "without a name the handles are enough"
    assert merged.splitlines()[0] == "one person now: @ada@example.social, ada.example, bob on X"
    assert listed(desk) == [("ada@example.social", 15.0)]
    desk.run("ledger", "add", "link", "ada.example", "--url", "https://ada.example/2")
    assert desk.run("ledger", "people", "split", "ada.example", "ada.example").stdout.splitlines() == [
        "two people, who stay two:",
        "    @ada@example.social, bob on X",
        "    ada.example",
    ]
    desk.run("ledger", "people", "split", "x:bob")
    assert listed(desk) == [("ada.example", 20.0), ("ada@example.social", 4.0), ("bob", 1.0)]
    site = desk.json("ledger", "people", "show", "ada.example")
    assert (site["roles"], site["note"]) == (["mentor"], "writes on maths")
    assert len(before) == 3
    assert "nothing to undo" not in desk.run("ledger", "people", "split", "x:bob", expect=1).stderr
    assert "never merged" in desk.run("ledger", "people", "split", "x:bob", expect=1).stderr
    assert "one person already" in desk.run("ledger", "people", "merge", "x:bob", "bob", expect=1).stderr


def test_what_is_said_of_somebody_can_be_taken_back(desk: Desk) -> None:
    said = desk.run(
        "ledger", "people", "tag", "x:bob", "fan", "press", "--note", "met in Lyon", "--cadence", "every 30 days",
        "--name", "Bob", "--mute",
    )  # fmt: skip
    assert said.stdout.splitlines() == [
        "Bob (bob on X)",
        "roles: fan, press",
        "note: met in Lyon",
        "in touch every 30 days",
        "muted: nothing is suggested",
    ]
    assert desk.json("ledger", "people", "show", "Bob")["waiting"] == "muted"
    gone = desk.run(
        "ledger", "people", "tag", "Bob", "--remove", "fan", "--remove", "press", "--note", "", "--cadence", "",
        "--name", "", "--unmute",
    )  # fmt: skip
    assert gone.stdout.splitlines() == ["bob on X"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["tag", "x:bob"], "say what to change"),
        (["tag", "x:bob", "enemy"], "no role; roles: fan"),
        (["tag", "x:bob", "--cadence", "now and then"], "every 30 days"),
        (["tag", "x:bob", "--cadence", "0d"], "every 30 days"),
        (["list", "--role", "enemy"], "no role; roles: fan"),
        (["show", "Zed"], "nobody is known as 'Zed'"),
    ],
)
def test_wrong_use_is_told_with_its_remedy(desk: Desk, words: list[str], told: str) -> None:
    assert told in desk.run("ledger", "people", *words, expect=2).stderr


def test_show_tells_how_each_handle_is_known(desk: Desk) -> None:
    at = datetime.now(UTC) - timedelta(days=3)
    sky = Identity("bluesky", "ada.example")
    bob = Identity("x", "bob")
    write(
        desk,
        Sighting(ADA, at, (Bond(ADA, SITE, "verified", at),)),
        people=(Person("ada", "Ada", (ADA, SITE, sky)),),
    )
    desk.run("ledger", "people", "merge", "Ada", str(bob))
    day = f"{at:%d %b %Y}"
    lines = desk.run("ledger", "people", "show", "Ada").stdout.splitlines()
    assert lines[:6] == [
        "Ada",
        f"    @ada@example.social  looked up {day}",
        f"    ada.example  verified link of @ada@example.social, seen {day}; the domain of ada.example on Bluesky",
        "    ada.example on Bluesky",
        "    bob on X  joined by hand",
        "balance +15.0 (owe)",
    ]
    assert len(lines) == 9
    assert sum("https://ada.example/1" in line for line in lines) == 1


def test_review_asks_with_reasons_and_an_answer_is_final(desk: Desk) -> None:
    at = datetime.now(UTC)
    write(desk, Sighting(ADA, at, (Bond(ADA, SITE, "link", at),)))
    lines = desk.run("ledger", "people", "review").stdout.splitlines()
    assert lines[:3] == [
        "  1. @ada@example.social",
        "     may be ada.example",
        f"     @ada@example.social links to ada.example (seen {at:%d %b %Y})",
    ]
    assert lines[3].strip() == "ledger people merge mastodon:ada@example.social web:ada.example    one person"
    assert desk.json("ledger", "people", "review") == [
        {
            "what": "merge",
            "people": [
                {"person": "ada@example.social", "identities": ["mastodon:ada@example.social"]},
                {"person": "ada.example", "identities": ["web:ada.example"]},
            ],
            "reasons": ["@ada@example.social links to ada.example"],
            "against": None,
        }
    ]
    desk.run("ledger", "people", "split", "mastodon:ada@example.social", "web:ada.example")
    assert desk.run("ledger", "people", "review").stdout == "There is nothing to decide.\n"
    shown = desk.run("ledger", "people", "show", "ada.example").stdout
    assert "not the same as @ada@example.social, by your word" in shown


def test_who_looks_like_spam_is_asked_about_until_a_word_is_said(desk: Desk) -> None:
    bob = Person("x:bob", "bob", (Identity("x", "bob"),), spam_signs=("no posts", "labelled as spam"))
    write(desk, people=(bob,))
    told = desk.run("ledger", "people", "review").stdout
    assert "bob on X looks like spam: no posts; labelled as spam" in told
    assert "looks like spam" in desk.run("ledger", "people", "list").stdout
    desk.run("ledger", "people", "tag", "x:bob", "--automatic")
    assert desk.json("ledger", "people", "review") == []
    assert desk.json("ledger", "people", "show", "x:bob")["automatic"]
    desk.run("ledger", "people", "tag", "x:bob", "--real")
    assert desk.json("ledger", "people", "review") == []
    assert listed(desk)[-1] == ("bob", 1.0)


def test_names_in_any_script_fit_eighty_columns(desk: Desk) -> None:
    desk.environment["COLUMNS"] = "80"
    names = [
        "山田太郎と花子のとても長い名前のブログ",
        "محمد بن موسى الخوارزمي",
        "Ада Лавлейс",
        "e\u0301" * 30,
        "🦊" * 20,
    ]
    people = [
        Person(
            f"p{n}", name, (Identity("mastodon", f"p{n}@a-long-name.example.social"), Identity("web", f"p{n}.example"))
        )
        for n, name in enumerate(names)
    ]
    write(desk, people=(*people, Person("bad", "\u202eadA\x1b[31m", (Identity("x", "bad"),))))
    lines = desk.run("ledger", "people", "list").stdout.splitlines()
    assert max(map(_cells, lines)) <= 80
    text = "".join("".join(line.split()) for line in lines)
    assert "山田太郎" in text
    assert not {"\u202e", "\x1b"} & set(text)


def _cells(line: str) -> int:
    """Columns of a terminal that a line takes."""
    return sum(
        0 if unicodedata.combining(mark) else 2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in line
    )


def test_collecting_finds_out_who_is_one_as_a_run_does(desk: Desk) -> None:
    desk.feed("<rss version='2.0'><channel><title>Ada</title></channel></rss>")
    desk.run("ledger", "add", "like", "bluesky:ada.example.social.ap.brid.gy")
    desk.run("ledger", "people", "merge", "ada.example", "x:bob")
    told = desk.run("ledger", "collect").stdout
    assert "One person: " in told
    [ada] = [each for each in desk.json("ledger", "people", "list") if each["open"] == pytest.approx(5, abs=0.1)]
    assert len(ada["identities"]) == 2


def test_a_merge_whose_proof_is_gone_is_asked_about_until_a_word_is_said(desk: Desk) -> None:
    at = datetime.now(UTC) - timedelta(days=3)
    gone = Sighting(ADA, at, (Bond(ADA, SITE, "verified", at, holds=False),))
    desk.run("ledger", "people", "merge", "@ada@example.social", "ada.example")
    assert desk.json("ledger", "people", "review") == [], "by hand, and nothing was ever proven"
    write(desk, gone)
    lines = desk.run("ledger", "people", "review").stdout.splitlines()
    assert lines[1:3] == [
        "     what tied ada.example to the rest is gone:",
        f"     @ada@example.social has a verified link to ada.example (no longer, as of {at:%d %b %Y})",
    ]
    [asked] = desk.json("ledger", "people", "review")
    assert asked["what"] == "lapsed"
    assert asked["reasons"] == ["no longer: @ada@example.social has a verified link to ada.example"]
    desk.run(*lines[4].split()[:5])
    assert desk.json("ledger", "people", "review") == []
    write(desk, gone)
    desk.run(*lines[3].split()[:5])
    assert desk.json("ledger", "people", "review") == []
    assert sorted(name for name, _ in listed(desk)) == ["ada.example", "ada@example.social", "bob"]
