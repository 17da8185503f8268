"""The ledger's commands as their owner runs them: what is booked, what is shown, and times as people write them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from counterparts.desk import Desk, item, rss

from ledger.store.tiny import TinyStore
from platforms.base import Actor, Interaction
from platforms.memory import world
from syndicator.cli.app import read_moment


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An owner in Tokyo with one source and a linkblog."""
    desk = Desk(tmp_path)
    desk.settings.write_text(desk.settings.read_text().replace("[me]", '[me]\ntimezone = "Asia/Tokyo"'))
    desk.add_account("links", "linkblog", {"folder": "public"}, {})
    desk.feed(rss(item(1), item(2)))
    return desk


def happens(desk: Desk, account: str, *acts: Interaction) -> None:
    """Others do something on an account of the memory network."""
    for act in acts:
        world(account, str(desk.folder / f"{account}.jsonl")).interact(act)


# --- What others did


def test_collecting_names_each_account_what_was_new_and_what_is_not_read(desk: Desk) -> None:
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    desk.add_account("lake", "memory", {"file": "lake.jsonl"}, {})
    desk.settings.write_text(desk.settings.read_text() + "collect = false\n")
    liked = [Interaction("like", Actor(f"p{number}"), id=str(number)) for number in range(2)]
    happens(desk, "pond", *liked, Interaction("reply", Actor("ada"), id="r"))
    assert desk.run("ledger", "collect").stdout.splitlines() == [
        "feeds: 0 new",
        "pond: 3 new (2 likes, 1 reply)",
        "lake: not read (collect = false in the settings)",
    ]
    happens(desk, "pond", Interaction("boost", Actor("bea"), id="b"))
    assert desk.json("ledger", "collect") == {
        "collected": {"feeds": 0, "pond": 1},
        "received": {"pond": {"boost": 1}},
        "unread": {"lake": "collect = false"},
        "given": {},
        "errors": [],
    }
    happens(desk, "pond", Interaction("boost", Actor("cy"), id="c"))
    assert "New on pond: 1 boost." in desk.run("run").stdout
    report = desk.json("run")
    assert (report["collected"], report["received"], report["unread"]) == (
        {"feeds": 0, "pond": 0},
        {"pond": {}},
        {"lake": "collect = false"},
    )


def ledger_file(desk: Desk) -> TinyStore:
    (desk.folder / "data").mkdir(exist_ok=True)
    return TinyStore(desk.folder / "data" / "ledger.jsonl")


# --- Whatever a stranger links to


def test_a_link_of_any_length_is_posted_booked_and_returned_to(desk: Desk) -> None:
    long = "https://ada.example/" + "a" * 600
    desk.feed(rss(item(1, link=long, body='A reply to <a href="https://robin.example/x">Robin</a>. ' * 20)))
    assert [posted["article"] for posted in desk.json("run")["posted"]] == [long]
    assert desk.json("run")["errors"] == []
    lines = desk.json("ledger", "why", "ada.example")["lines"]
    assert {(line["direction"], line["identity"]) for line in lines} == {
        ("received", "web:ada.example"),
        ("given", "web:ada.example"),
    }


def test_one_unreadable_entry_is_told_and_stops_nothing(desk: Desk) -> None:
    desk.run("ledger", "add", "link", "bo.example")
    store = ledger_file(desk)
    [(_, good)] = store.scan("entries")
    store.put("entries", "odd", {**good, "identity": "web:"})
    store.close()
    owed = desk.run("ledger", "owe")
    assert "bo.example" in owed.stdout
    for told in (owed.stderr, desk.run("ledger", "why", "bo.example").stderr):
        assert "'odd' can't be read" in told
        assert "ledger.jsonl" in told
    report = desk.json("run", expect=1)
    assert len(report["posted"]) == 2
    assert [error for error in report["errors"] if "'odd' can't be read" in error] == report["errors"]
    assert "'odd'" in desk.json("plan", expect=1)["errors"][0]


# --- Times

NOW = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-03", "2026-11-02T15:00Z"),
        ("2026-11-03T08:00", "2026-11-02T23:00Z"),
        ("2026-11-03 08:00:30", "2026-11-02T23:00:30Z"),
        ("2026-11-03T08:00Z", "2026-11-03T08:00Z"),
        ("2026-11-22T01:35:26.123456Z", "2026-11-22T01:35:26.123456Z"),
        ("2026-11-03T08:00:00+05:30", "2026-11-03T02:30Z"),
        ("09:00", "2026-11-03T00:00Z"),
        ("09:00Z", "2026-11-02T09:00Z"),
    ],
)
def test_a_time_is_iso_8601_and_in_the_owners_zone_unless_it_says_otherwise(text: str, moment: str) -> None:
    assert read_moment(text, NOW, TOKYO) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("text", ["", "yesterday", "0900", "2026-02-30", "99:00", "0001-01-01", "9999-12-31T23:00"])
def test_what_is_no_time_is_told_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="2026-11-03T08:00"):
        read_moment(text, NOW, TOKYO)


@pytest.mark.parametrize(
    "command", [["plan"], ["ledger", "owe"], ["ledger", "why", "bo.example"], ["ledger", "add", "link", "bo.example"]]
)
def test_every_at_reads_the_same_times(desk: Desk, command: list[str]) -> None:
    desk.run("ledger", "add", "link", "bo.example", "--at", "2026-01-01")
    told = desk.run(*command, "--at", "soon", expect=2)
    assert told.stderr.startswith("error: 'soon' is no time")
    assert len(told.stderr.splitlines()) == 1
    desk.run(*command, "--at", "2026-10-03T08:00:00.5Z")
    desk.run(*command, "--at", "00:00")


def test_our_own_times_are_read_back(desk: Desk) -> None:
    desk.run("ledger", "add", "link", "bo.example")
    [line] = desk.json("ledger", "why", "bo.example")["lines"]
    desk.run("ledger", "add", "share", "bo.example", "--at", line["at"])
    assert {each["at"] for each in desk.json("ledger", "why", "bo.example")["lines"]} == {line["at"]}
    assert len(desk.json("ledger", "owe", "--at", line["at"])) == 1


def test_what_has_not_happened_yet_is_not_booked(desk: Desk) -> None:
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    for verb in ("add", "give"):
        told = desk.run("ledger", verb, "link", "bo.example", "--at", later, expect=2).stderr
        assert told.startswith(f"error: {later} has not come yet")
    assert desk.json("ledger", "owe", "--all") == []


# --- What is shown


def test_a_suggestion_is_a_sentence_and_a_handle_says_its_network(desk: Desk) -> None:
    for kind, who in [("boost", "@ada@example.social"), ("link", "x:bob"), ("recommend", "cy.bsky.social")]:
        desk.run("ledger", "add", kind, who, "--at", "2026-11-20", "--url", f"https://example.social/{kind}")
    shown = desk.run("ledger", "owe", "--at", "2026-11-21").stdout
    assert " @ada@example.social  " in shown
    assert " bob on X  " in shown
    assert " cy.bsky.social on Bluesky  " in shown
    assert "→ boost their best recent post (they boosted you on 20 Nov)\n" in shown
    assert "→ thank them, and recommend back (they recommended you on 20 Nov)\n" in shown
    assert {debt["person"] for debt in desk.json("ledger", "owe", "--at", "2026-11-21")} == {
        "ada@example.social",
        "bob",
        "cy.bsky.social",
    }


def test_days_are_the_owners(desk: Desk) -> None:
    desk.run("ledger", "add", "boost", "@ada@example.social", "--at", "2026-11-19T20:00Z")
    assert "since 20 Nov 2026" in desk.run("ledger", "owe", "--at", "2026-11-21").stdout
    assert "\n20 Nov 2026  received" in desk.run("ledger", "why", "@ada@example.social").stdout


def test_a_suggestion_is_done_in_the_same_words(desk: Desk) -> None:
    desk.run("ledger", "add", "boost", "@ada@example.social")
    desk.run("ledger", "owe")
    assert desk.run("ledger", "do", "1").stdout.startswith("boost their best recent post (they boosted you on ")
    assert "@ada@example.social" in desk.run("ledger", "done", "1").stdout


def test_a_long_list_shows_what_fits_a_screen_and_says_how_much_more_there_is(desk: Desk) -> None:
    store = ledger_file(desk)
    store.put_many(
        "entries",
        {
            str(number): {
                "direction": "received",
                "kind": "recommend",
                "identity": f"web:friend-{number}.example",
                "recorded": f"2026-11-20T00:{number:02}:00Z",
                "url": f"https://friend-{number}.example/blogroll",
            }
            for number in range(40)
        },
    )
    store.close()
    shown = desk.run("ledger", "owe").stdout
    assert shown.count(" open") == 10
    assert shown.count("→ thank them") == 5
    assert shown.endswith("\n30 more (--all lists them)\n")
    whole = desk.run("ledger", "owe", "--all").stdout
    assert whole.count(" open") == 40
    assert "more (" not in whole
    assert desk.run("ledger", "owe", "--limit", "3").stdout.count(" open") == 3
    assert len(desk.json("ledger", "owe")) == 40
    assert len(desk.json("ledger", "owe", "--limit", "3")) == 3


def test_a_name_is_enough_in_any_script(desk: Desk) -> None:
    for who, name in [("yuki.example", "ゆき"), ("zoe.example", "Zoë Żak")]:
        desk.feed(
            rss(item(1, link=f"https://{who}/a", body='<a href="https://robin.example/x">x</a>'), title=name).replace(
                "https://ada.example/", f"https://{who}/"
            ),
            f"{who}.xml",
        )
        desk.add(f'[[sources]]\nkind = "curated"\nfeed = "{who}.xml"\n\n')
    desk.run("run")
    for name, site in [("ゆき", "yuki.example"), ("zoë ŻAK", "zoe.example"), ("ZOË  ŻAK", "zoe.example")]:
        assert json.loads(desk.run("ledger", "why", name, "--json").stdout)["identities"] == [f"web:{site}"]
