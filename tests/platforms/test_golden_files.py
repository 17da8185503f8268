"""Every payload of the corpus's `wire` folder becomes the entry that the table says, or is left out for its reason."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.entry import Identity
from platforms import bluesky_wire, mastodon_accounts, mastodon_wire, x_wire
from platforms.base import Interaction
from syndicator.reported import read

from .golden_table import READ, UNREAD

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
#: The table of the corpus itself: what it says is checked in `test_golden`.
GOLDEN = "golden_interactions.json"
POST = "my-post"
#: Whose recordings those of a real Mastodon are.
ME = frozenset({Identity("mastodon", "mastodonpy_test_2@localhost:3000")})

Told = Iterator[Interaction | None]


def notices(said: Any) -> Iterator[dict[str, Any]]:
    """Bluesky's notifications, wherever they stand."""
    if isinstance(said, dict) and "reason" in said:
        yield said
    elif isinstance(said, (dict, list)):
        for inner in said.values() if isinstance(said, dict) else said:
            yield from notices(inner)


def reposts(said: Any) -> Told:
    return (bluesky_wire.reaction("boost", by, POST) for listed in said.values() for by in listed)


def reblogs(said: Any) -> Told:
    """The accounts in a list, or in the answers to the question for it."""
    if "request" in said[0]:
        said = [by for each in said if "reblogged_by" in each["request"]["uri"] for by in each["response"]["json"]]
    for by in said:
        actor = mastodon_accounts.actor(by)
        yield Interaction("boost", actor, target=POST) if actor else None


def mastodon(said: Any) -> Told:
    each = said if isinstance(said, list) else [said.get("native", said)]
    return (mastodon_wire.interaction(one, None) for one in each)


def mentions(said: Any) -> Told:
    """These were recorded without asking for authors, as the adapter always does."""
    data = [{"author_id": "2"} | post for post in said["data"]]
    return x_wire.interactions(x_wire.listed({"data": data}), me="1")


def reader(name: str) -> Callable[[Any], Told]:
    if "reblogged_by" in name:
        return reblogs
    if name.endswith("reposts.json"):
        return reposts
    if name.startswith("bluesky"):
        return lambda said: (bluesky_wire.interaction(one, "ada.test") for one in notices(said))
    return mastodon if name.startswith("mastodon") else mentions


def test_no_payload_is_unmentioned(corpus: Path) -> None:
    folder = corpus / "wire"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {GOLDEN}
    assert files - READ.keys() - UNREAD.keys() == set()
    assert not READ.keys() & UNREAD.keys()
    assert all(reason.strip() for reason in UNREAD.values())


@pytest.mark.parametrize("name", READ)
def test_each_payload_becomes_what_the_table_says(corpus: Path, name: str) -> None:
    told = list(reader(name)(json.loads((corpus / "wire" / name).read_text("utf-8"))))
    assert len(told) == len(READ[name])
    for act, expected in zip(told, READ[name], strict=True):
        entries = read(name.partition("/")[0], [act], NOW, ME).entries if act else ()
        if expected.startswith("nothing: "):
            assert entries == (), expected
            continue
        [entry] = entries
        star = "*" if entry.secondhand else ""
        assert f"{entry.kind}{star} {entry.identity} {entry.my_url}".rstrip() == expected
