"""The networks' libraries take up to a second to load: a command loads only those of the networks that it asks."""

import json
from pathlib import Path

import pytest
from counterparts.desk import Desk, rss

SDKS = ("apprise", "atproto_client", "httpx", "mastodon", "requests", "tweepy")
TELL = f"import atexit, json; atexit.register(lambda: print(json.dumps([m for m in {SDKS!r} if m in sys.modules])))"

X_KEYS = {"API_KEY": "k", "API_SECRET": "s", "ACCESS_TOKEN": "1-t", "ACCESS_SECRET": "a"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An owner with nothing to post, who does not pay for reading X."""
    desk = Desk(tmp_path)
    desk.feed(rss())
    desk.add_account("x", "x", {"server": "http://127.0.0.1:9"}, X_KEYS)
    return desk


def loaded(desk: Desk, *words: str, expect: int = 0) -> list[str]:
    return json.loads(desk.run(*words, python=TELL, expect=expect).stdout.splitlines()[-1])


@pytest.mark.parametrize("command", ["accounts", "queue", "schedule status", "sources"])
def test_what_asks_nobody_loads_none(desk: Desk, command: str) -> None:
    desk.add_account("town", "mastodon", {"server": "http://127.0.0.1:9"}, {"TOKEN": "t"})
    desk.add_account("sky", "bluesky", {"server": "http://127.0.0.1:9", "handle": "robin.example"}, {"TOKEN": "t"})
    desk.add_account("chat", "apprise", {}, {"URL": "json://127.0.0.1:9"})
    assert loaded(desk, *command.split(), expect=int(command == "schedule status")) == []


@pytest.mark.parametrize("command", ["plan", "run"])
def test_nor_does_a_run_for_an_account_that_has_nothing_to_do(desk: Desk, command: str) -> None:
    assert loaded(desk, command) == []


def test_a_run_loads_that_of_the_network_that_it_reads(desk: Desk) -> None:
    desk.add_account("town", "mastodon", {"server": "http://127.0.0.1:9"}, {"TOKEN": "t"})
    assert loaded(desk, "run", expect=1) == ["mastodon", "requests"]
