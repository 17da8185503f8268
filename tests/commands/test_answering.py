"""`ledger do` answers a reply on a Mastodon: once, to its writer alone, for the same readers; and it is booked once."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from re import sub

import pytest
from counterparts.desk import Desk, item, rss
from counterparts.fake_mastodon import TOKEN, MastodonWorld

MINE = "I did, and over there in the moss it was quite as you say."
LONG = "@alice @carol Have you been there? " + "It is a long way, and a wet one, to the moss. " * 4


@pytest.fixture
def world(tmp_path: Path) -> Iterator[MastodonWorld]:
    world = MastodonWorld(tmp_path)
    yield world
    world.close()


@pytest.fixture
def desk(tmp_path: Path, world: MastodonWorld) -> Desk:
    desk = Desk(tmp_path)
    desk.feed(rss(item(1)))
    desk.add('[fetch]\nallow_private = ["127.0.0.1"]\n\n')
    desk.add("[ledger]\nthreshold = 1.0\n\n")  # whoever is new there counts half
    desk.add_account("toots", "mastodon", {"server": world.url}, {"token": TOKEN})
    desk.add_account("other", "mastodon", {"server": "https://other.example"}, {"token": "nothing"})
    return desk


@pytest.mark.parametrize("visibility", ["public", "unlisted"])
def test_a_reply_is_answered_once_for_its_writer_and_the_same_readers(
    desk: Desk, world: MastodonWorld, visibility: str
) -> None:
    alice, bob = world.client(), world.client("bob_token")
    mine = alice.status_post("A walk in the moss")
    theirs = bob.status_post(LONG, in_reply_to_id=mine, visibility=visibility)
    desk.run("ledger", "collect", expect=None)
    [row] = [row for row in desk.json("ledger", "owe") if row["suggestion"]]
    assert (row["suggestion"]["act"], row["suggestion"]["account"]) == ("answer", "toots")
    shown = desk.run("ledger", "do", row["n"], "--text", MINE, "--yes").stdout
    assert "they wrote: “@alice @carol Have you been there? It is a long way" in shown
    [answer] = alice.status_context(theirs.id).descendants
    assert (answer.in_reply_to_id, answer.visibility) == (theirs.id, visibility)
    who = row["identities"][0]["handle"]
    assert unescape(sub("<[^>]*>", "", answer.content)) == f"@{who} {MINE}"
    desk.run("ledger", "collect", expect=None)
    lines = desk.json("ledger", "why", who)["lines"]
    assert [line["kind"] for line in lines if line["direction"] == "given"] == ["reply"]
    assert [one["suggestion"] for one in desk.json("ledger", "owe") if one["suggestion"]] == []
