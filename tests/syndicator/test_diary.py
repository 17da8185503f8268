"""What I did on a network by any app is booked once, pays off, and never twice what this program did."""

from pathlib import Path

import pytest
from pieces import NOON
from small_world import MINE, SmallWorld, entry

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.owe import owe
from platforms import memory
from platforms.abilities import TheirPost
from platforms.base import Actor, Interaction, Login, PostRef, Request
from platforms.memory import Memory

BEA = Identity("scripted", "bea")
WALK = "memory://bea/1"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    made = SmallWorld(tmp_path, monkeypatch)
    made.account()
    write(made, WALK)
    return made


def network(world: SmallWorld) -> Memory:
    """The account, in whatever other app its owner uses."""
    return Memory(Login("pond", {"file": str(world.folder / "pond.jsonl")}))


def write(world: SmallWorld, url: str, text: str = "A walk in the moss", who: str = "bea") -> None:
    there = memory.world("pond", str(world.folder / "pond.jsonl"))
    there.write(Actor(who, who), TheirPost(PostRef(url, url), NOON, text))


def did(world: SmallWorld, kind: str, number: int = 1) -> None:
    """I do it to Bea's post, in some app."""
    there, at = memory.world("pond", str(world.folder / "pond.jsonl")), world.clock().isoformat()
    there.record("did", id=f"memory://pond/did/{kind}{number}", kind=kind, target=WALK, text="", at=at)


def given(world: SmallWorld) -> list[tuple[str, str, str]]:
    entries = world.open().book.entries()
    return [(str(e.kind), str(e.identity), e.url) for e in entries if e.direction is Direction.GIVEN]


def test_a_boost_and_a_reply_by_any_app_are_booked_once_and_told(world: SmallWorld) -> None:
    did(world, "boost")
    did(world, "reply")
    report = world.run()
    assert report.given == {"pond": {"boost": 1, "reply": 1}}
    assert report.received == {"pond": {}}
    assert given(world) == [("boost", "scripted:bea", WALK), ("reply", "scripted:bea", WALK)]
    assert world.run(hours=1).given == {"pond": {}}
    assert len(given(world)) == 2


def test_it_pays_off_what_they_did(world: SmallWorld) -> None:
    world.happens("pond", Interaction("boost", Actor("bea", "bea"), id="b", target="memory://pond/1", at=NOON))
    did(world, "boost")
    world.run()
    space = world.open()
    [debt] = owe(space.book.people(), space.book.entries(), world.clock(), space.rules)
    assert (debt.received, debt.given) == ({"boost": 1}, {"boost": 1})
    assert debt.since is None


@pytest.mark.parametrize("kind", [Kind.BOOST, Kind.REPLY, Kind.THANK])
def test_what_was_done_with_this_program_and_found_counts_once(world: SmallWorld, kind: Kind) -> None:
    did(world, "boost" if kind is Kind.BOOST else "reply")
    done = Entry(Direction.GIVEN, kind, BEA, recorded=world.clock(), at=world.clock(), url=WALK, channel="scripted")
    world.open().book.append([done])
    world.clock.move(hours=1)
    world.run()
    assert [each[0] for each in given(world)] == [str(kind)]


def test_two_replies_to_one_post_are_two(world: SmallWorld) -> None:
    did(world, "reply", 1)
    did(world, "reply", 2)
    world.run()
    did(world, "reply", 3)
    world.run(hours=1)
    assert [each[0] for each in given(world)] == ["reply"] * 3


def test_a_share_by_this_program_is_no_second_one_in_the_diary(world: SmallWorld) -> None:
    world.feed("ada", entry("https://ada.example/1"))
    world.run()
    world.run(hours=1)
    assert given(world) == [("share", "web:ada.example", "https://ada.example/1")]
    [share] = [each for each in world.open().book.entries() if each.direction is Direction.GIVEN]
    assert share.channel == "outbox"


def test_a_link_that_i_posted_elsewhere_counts_for_its_site_and_mine_for_nobody(world: SmallWorld) -> None:
    for number, url in enumerate(["https://ada.example/2", f"{MINE}/3"]):
        sent = Request(f"k{number}", {"text": url, "url": url, "title": "", "language": "en"}, NOON)
        network(world).publish(sent)
    world.run()
    assert given(world) == [("share", "web:ada.example", "https://ada.example/2")]


def test_a_boost_told_by_hand_of_somebody_is_the_one_that_is_found_and_no_other(world: SmallWorld) -> None:
    """`ledger done` for "boost their best post", where nobody knew which, and then the diary finds two boosts."""
    book = world.open().book
    hand = Entry(Direction.GIVEN, Kind.BOOST, BEA, recorded=world.clock(), at=world.clock(), native_id="favour")
    book.append([hand])
    write(world, "memory://bea/2")
    there, at = memory.world("pond", str(world.folder / "pond.jsonl")), world.clock().isoformat()
    for url in (WALK, "memory://bea/2"):
        there.record("did", id=f"memory://pond/did/{url}", kind="boost", target=url, text="", at=at)
    world.clock.move(hours=1)
    world.run()
    assert [url for kind, _, url in given(world) if kind == "boost"] == ["", "memory://bea/2"]
