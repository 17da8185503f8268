"""Every golden interaction of the corpus: from a network's payload to the ledger's entry, or not read and why."""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ledger.entry import Entry, Kind
from platforms import bluesky_wire, mastodon_wire, x_wire
from platforms.base import Interaction
from syndicator.reported import read

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
#: The table's kinds in the ledger's words. `other` and `post` are nothing that was done for anybody.
KINDS = {"share": Kind.BOOST, "comment": Kind.REPLY, "other": None, "post": None}
#: What the table calls `other` and the ledger knows: done to somebody's post that I had passed on.
SECONDHAND = {"like-via-repost": Kind.LIKE, "repost-via-repost": Kind.BOOST}

_FIREHOSE = "a bare record, as in a repository or on the firehose: what is read are the notifications of the same acts"
_V1 = "version 1.1 of X's API, which is no more"
_PAID = "X takes $0.010 for each person or $0.005 for each post in such a list: none is asked for"
_FEED = "an entry of a feed: what is read are the notifications of the same posts"
#: (network, file) → why its payloads are never read.
UNREAD = {
    **{("bluesky", f"granary_{kind}_record.json"): _FIREHOSE for kind in ("follow", "like", "reply", "repost")},
    **{("bluesky", f"granary_td_{kind}.json"): _FIREHOSE for kind in ("follow", "like")},
    **{("bluesky", f"granary_td_{kind}.json"): _FEED for kind in ("comment_inreplyto_id", "note", "quote")},
    ("bluesky", "jetstream_golden.jsonl.json"): _FIREHOSE,
    **{
        ("x", f"granary_v1_{kind}.json"): _V1
        for kind in ("favorite_event", "quote", "reply_1", "reply_3", "retweet_0", "tweet")
    },
    **{
        ("x", f"pytwitter_{what}_resp.json"): _PAID
        for what in ("followers", "tweet_liking_users", "tweet_retweet_tweets")
    },
}
#: The activitystreams files are granary's own form of what networks say. No network that is read speaks it.


@cache
def document(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))


@pytest.fixture(scope="module")
def rows(corpus: Path) -> list[dict[str, Any]]:
    return document(corpus / "wire" / "golden_interactions.json")  # type: ignore[no-any-return]


def payload(corpus: Path, row: dict[str, Any]) -> Any:
    found = document(corpus / row["file"])
    for step in row["pointer"].split("/")[1:]:
        found = found[int(step) if isinstance(found, list) else step.replace("~1", "/").replace("~0", "~")]
    return found


def of_x(said: Any, row: dict[str, Any]) -> Interaction | None:
    """These answers were recorded without asking for authors, as the adapter always does."""
    by = {"author_id": "2"} | said if isinstance(said, dict) else said
    return next(iter(x_wire.interactions(x_wire.listed({"data": [by]}), me="1")), None)


WIRES: dict[str, Callable[[Any, dict[str, Any]], Interaction | None]] = {
    "bluesky": lambda said, row: bluesky_wire.interaction(said, "ada.test"),
    "mastodon": lambda said, row: mastodon_wire.interaction(said, row.get("owner_account_id")),
    "x": of_x,
}


def entry(corpus: Path, row: dict[str, Any]) -> tuple[Interaction, Entry] | None:
    """What becomes of a payload; None when it was not done for me."""
    act = WIRES[row["network"]](payload(corpus, row), row)
    if act is None:
        return None
    told = read(row["network"], [act], NOW)
    assert told.unreadable == ()
    [made] = told.entries
    return act, made


def is_read(row: dict[str, Any]) -> bool:
    return (row["network"], Path(row["file"]).name) not in UNREAD


def test_each_golden_interaction_is_booked_as_what_it_was(corpus: Path, rows: list[dict[str, Any]]) -> None:
    for row in filter(is_read, rows):
        expected, name = row["expected"], row["id"]
        kind = KINDS.get(expected["kind"], expected["kind"])
        made = entry(corpus, row)
        if row["native_type"] in SECONDHAND:
            assert made is not None, name
            assert (made[1].kind, made[1].secondhand) == (SECONDHAND[row["native_type"]], True), name
            continue
        assert (made[1].kind if made else None) == kind, name
        if made is None:
            continue
        act, booked = made
        assert booked.native_id == expected.get("network_id", expected.get("interaction_uri", act.id)), name
        happened = expected.get("occurred_at", expected.get("published"))
        assert booked.at == (datetime.fromisoformat(happened) if happened else None), name
        assert booked.when == (booked.at or NOW)
        for handle in {expected[key] for key in ("actor_handle", "actor_acct") if key in expected}:
            assert booked.identity.handle.split("@")[0] == handle.lower().split("@")[0], name
        if "occurred_at" in expected:  # else the table has the id of another API
            assert act.actor.id == expected.get("actor_id", act.actor.id), name
        assert booked.url == (expected.get("interaction_url") or expected.get("url") or booked.url), name
        assert booked.my_url in (targets(expected) or {""}), name


def targets(expected: dict[str, Any]) -> set[str]:
    """The ways in which a row names what it was done to; a reply names a status by its id alone."""
    named = {expected.get(key) for key in ("object_url", "object_id", "object_uri", "in_reply_to_id")}
    named |= {each["url"].rpartition("/")[2] for each in expected.get("in_reply_to", ())}
    if "object" in expected:
        named |= {expected["object"].get(key) for key in ("url", "id")}
    return {each for each in named if each}


def test_a_null_time_stays_null(corpus: Path, rows: list[dict[str, Any]]) -> None:
    """The table has null times only in lists that are not read, so one that is read has its time taken out."""
    untimed = [row for row in rows if row["expected"].get("occurred_at", "") is None]
    assert untimed
    assert not any(map(is_read, untimed))
    mention = next(row for row in rows if row["network"] == "x" and is_read(row))
    said = payload(corpus, mention) | {"created_at": None}
    act = of_x(said, mention)
    assert act is not None
    [made] = read("x", [act], NOW).entries
    assert (act.at, made.at) == (None, None)


def test_what_is_not_read_is_in_the_table_and_has_a_reason(rows: list[dict[str, Any]]) -> None:
    assert len(rows) >= 79
    files = {(row["network"], Path(row["file"]).name) for row in rows}
    assert set(UNREAD) <= files
    assert all(UNREAD.values())
    assert sum(map(is_read, rows)) >= 43


# --- What a server may get wrong


def damaged(said: Any) -> Iterator[Any]:
    """The payload with one part of it null, of another type, or gone, for each of its parts but those far inside."""
    for path in paths(said):
        for put in (None, "x", 7, [], {}, [None], {"x": None}):
            whole = copy.deepcopy(said)
            holder = whole
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = put
            yield whole
        del holder[path[-1]]
        yield whole


def paths(said: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for step, inner in steps:
        yield (*above, step)
        if len(above) < 2:
            yield from paths(inner, (*above, step))


@pytest.mark.parametrize("network", sorted(WIRES))
def test_no_damage_to_one_payload_stops_a_page(corpus: Path, rows: list[dict[str, Any]], network: str) -> None:
    some = {(row.get("native_type"), Path(row["file"]).name): row for row in rows if row["network"] == network}
    for row in filter(is_read, some.values()):
        for said in damaged(payload(corpus, row)):
            act = WIRES[network](said, row)
            if act is not None:
                read(network, [act], NOW)
