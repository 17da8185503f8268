"""What networks report, as entries: told twice it is one, booked on whoever did it; an odd one costs only itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pieces import NOON

from ledger.book import Book
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.store.tiny import memory_store
from platforms.base import Actor, Interaction
from syndicator.reported import identity_of, read

LATER = NOON + timedelta(days=1)
LIKE = Interaction("like", Actor("@Ada@Example.social"), id="7", url="u", target="t", at=NOON)


def test_an_interaction_becomes_an_entry() -> None:
    (entry,) = read("mastodon", [LIKE], LATER).entries
    assert entry == Entry(
        Direction.RECEIVED,
        Kind.LIKE,
        Identity("mastodon", "ada@example.social"),
        recorded=LATER,
        at=NOON,
        url="u",
        my_url="t",
        channel="mastodon",
        native_id="7",
    )


@pytest.mark.parametrize(("words", "substantial"), [(0, False), (25, False), (26, True)])
def test_a_long_reply_is_substantial(words: int, substantial: bool) -> None:
    (entry,) = read("mastodon", [replace(LIKE, kind="reply", text="word " * words)], NOON).entries
    assert entry.substantial is substantial


@pytest.mark.parametrize(
    "act", [replace(LIKE, kind="poke"), replace(LIKE, actor=Actor("")), replace(LIKE, actor=Actor("@"))]
)
def test_unknown_kinds_and_acts_of_nobody_are_left_out(act: Interaction) -> None:
    told = read("mastodon", [act], NOON)
    assert (told.entries, told.unreadable) == ((), ())


@pytest.mark.parametrize(
    "act",
    [
        LIKE,
        replace(LIKE, id=""),
        replace(LIKE, id="", url="", target=""),
        replace(LIKE, id="", at=None),
        Interaction("follow", Actor("ada")),
    ],
)
def test_polling_twice_is_one_act(act: Interaction) -> None:
    book = Book(memory_store())
    assert book.append(read("mastodon", [act], NOON).entries) == 1
    assert book.append(read("mastodon", [act], LATER).entries) == 0


def test_names_are_what_actors_call_themselves_without_tricks() -> None:
    acts = [
        replace(LIKE, actor=Actor(handle, name=name))
        for handle, name in [("@Ada", "A\x1bda\u202e"), ("bob", ""), ("", "X")]
    ]
    assert read("mastodon", acts, NOON).names == {Identity("mastodon", "ada"): "Ada"}


def test_how_far_it_is_believed_whose_share_it_was_and_who_may_see_it_reach_the_entry() -> None:
    (entry,) = read("bluesky", [replace(LIKE, trust=0.8, secondhand=True, private=True)], NOON).entries
    assert (entry.trust, entry.secondhand, entry.private) == (0.8, True, True)
    (plain,) = read("bluesky", [LIKE], NOON).entries
    assert (plain.trust, plain.secondhand, plain.private) == (1.0, False, False)


@pytest.mark.parametrize(
    ("network", "actor", "who"),
    [
        ("mastodon", Actor("@Ada@Example.social"), "mastodon:ada@example.social"),
        ("mastodon", Actor("ada@bücher.example"), "mastodon:ada@xn--bcher-kva.example"),
        ("mastodon", Actor("ada", url="https://example.social/@ada"), "mastodon:ada@example.social"),
        ("mastodon", Actor("ada", url="https://example.social/users/ada"), "mastodon:ada"),
        ("mastodon", Actor("bob@127.0.0.1:8000"), "mastodon:bob@127.0.0.1:8000"),
        ("bluesky", Actor("Ada.Example", "did:plc:ada"), "bluesky:ada.example"),
        ("bluesky", Actor("did:plc:ada", "did:plc:ada"), "bluesky:did:plc:ada"),
        ("x", Actor("@Ada"), "x:ada"),
        ("memory", Actor("any Thing"), "memory:any thing"),
        # what another channel tells of
        ("webmention.io", Actor("ada@example.social", network="mastodon"), "mastodon:ada@example.social"),
        ("webmention.io", Actor("ada.example", network="web", url="https://www.ada.example/about"), "web:ada.example"),
        (
            "webmention.io",
            Actor("Ada L.", network="web", url="https://example.social/@ada"),
            "mastodon:ada@example.social",
        ),
        ("webmention.io", Actor("Ada L.", network="web", url="https://twitter.com/ada"), "x:ada"),
        ("webmention.io", Actor("", url="https://bsky.app/profile/ada.example"), "bluesky:ada.example"),
        ("webmention.io", Actor("ada.example", network="web", url="https://bsky.app"), "web:ada.example"),
    ],
)
def test_one_person_is_one_identity_through_whichever_channel(network: str, actor: Actor, who: str) -> None:
    assert str(identity_of(actor, network)) == who


@pytest.mark.parametrize("actor", [Actor(""), Actor("@"), Actor("\u202e"), Actor("Ada L.", network="web")])
def test_nobody_is_nobody(actor: Actor) -> None:
    assert identity_of(actor, "mastodon") is None


@pytest.mark.parametrize(
    "odd",
    [
        replace(LIKE, at=datetime(2026, 11, 2)),  # noqa: DTZ001
        replace(LIKE, at=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
        replace(LIKE, url="https://e.example/" + "a" * 3000),
        replace(LIKE, trust=0.0),
        replace(LIKE, trust=float("nan")),
    ],
)
def test_an_act_that_no_ledger_can_hold_costs_only_itself(odd: Interaction) -> None:
    told = read("mastodon", [replace(LIKE, id="1"), odd, replace(LIKE, id="3")], NOON)
    assert [entry.native_id for entry in told.entries] == ["1", "3"]
    [reason] = told.unreadable
    assert "mastodon:ada@example.social" in reason
    assert Book(memory_store()).append(told.entries) == 2


def test_what_a_reader_would_not_see_is_not_kept() -> None:
    (entry,) = read(
        "mastodon", [replace(LIKE, url="https://e.example/\x1b[2J1", target="t\ud800", id="7\n")], NOON
    ).entries
    assert (entry.url, entry.my_url, entry.native_id) == ("https://e.example/[2J1", "t", "7")


def test_no_time_is_invented_and_times_are_utc() -> None:
    berlin = datetime(2026, 11, 2, 13, tzinfo=timezone(timedelta(hours=1)))
    untimed, timed = read("mastodon", [replace(LIKE, id="1", at=None), replace(LIKE, at=berlin)], LATER).entries
    assert (untimed.at, untimed.when) == (None, LATER)
    assert (timed.at, timed.at.tzinfo) == (NOON, UTC)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"kind": "reply", "text": "Read it\x1b[31m twice,\n\n thank\u202e you"}, "Read it[31m twice, thank you"),
        ({"kind": "comment", "text": "word " * 100}, f"{'word ' * 40}".rstrip()[:199].rstrip() + "…"),
        ({"kind": "mention", "text": "x" * 1_000_000}, "x" * 199 + "…"),
        ({"kind": "reply", "text": "only for you", "private": True}, ""),
        ({"kind": "like", "text": "my own words"}, ""),
        ({"kind": "share", "text": "their words"}, ""),
    ],
)
def test_how_what_they_said_to_me_begins_is_kept_and_nothing_private(told: dict, kept: str) -> None:
    [entry] = read("mastodon", [replace(LIKE, **told)], NOON, account="toots").entries
    assert (entry.note, entry.account) == (kept, "toots")
    assert Book(memory_store()).append([entry]) == 1


def test_what_is_known_by_its_time_alone_stays_the_same_act_whatever_its_words() -> None:
    bare = replace(LIKE, kind="reply", id="", url="", target="")
    keys = {read("mastodon", [replace(bare, text=text)], NOON).entries[0].key for text in ("", "Hello", "Hello!")}
    assert len(keys) == 1
