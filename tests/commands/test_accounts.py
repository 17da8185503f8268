"""`syndicator accounts --check`, with an account on the counterpart of every network at once."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from counterparts import fake_bluesky, fake_chat, fake_micropub, fake_webmention_io, fake_x
from counterparts.desk import Desk
from counterparts.fake_mastodon import TOKEN, MastodonWorld
from counterparts.fake_news import FakeHackerNews, FakeLobsters

from syndicator.networks import ADAPTERS

#: Account → its network, its counterpart, its settings there, its credential; None for what has no server.
ACCOUNTS: dict[str, tuple[str, Callable[[Path], Any] | None, Callable[[Any], Mapping[str, object]], Any]] = {
    "links": ("linkblog", None, lambda _: {"folder": "public", "title": "Robin's links"}, {}),
    "fosstodon": ("mastodon", MastodonWorld, lambda world: {"server": world.url}, {"token": TOKEN}),
    "sky": (
        "bluesky",
        fake_bluesky.FakeBluesky,
        lambda world: {"server": world.url, "handle": fake_bluesky.HANDLE},
        {"token": fake_bluesky.PASSWORD},
    ),
    "x": ("x", fake_x.FakeX, lambda world: {"server": world.url, "collect": True}, fake_x.SECRETS),
    "site": (
        "micropub",
        fake_micropub.FakeMicropub,
        lambda world: {"server": world.url},
        {"token": fake_micropub.TOKEN},
    ),
    "chat": ("apprise", fake_chat.FakeChat, lambda _: {}, {"url": fake_chat.URL}),
    "mentions": (
        "webmention.io",
        fake_webmention_io.FakeWebmentionIo,
        lambda world: {"server": world.url, "domain": fake_webmention_io.DOMAIN},
        {"token": fake_webmention_io.TOKEN},
    ),
    "hn": ("hackernews", FakeHackerNews, lambda world: {"server": world.url, "domain": "ada.example"}, {}),
    "crabs": ("lobsters", FakeLobsters, lambda world: {"server": world.url, "domain": "ada.example"}, {}),
    "pretend": ("memory", None, lambda _: {"file": "data/pretend.jsonl"}, {}),
}
#: Those whose server can refuse a login, and be gone.
ASKED = ("fosstodon", "sky", "x", "site", "mentions")


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[dict[str, Any]]:
    worlds = {name: world(tmp_path) for name, (_, world, _, _) in ACCOUNTS.items() if world}
    yield worlds
    for world in worlds.values():
        world.close()


@pytest.fixture
def desk(tmp_path: Path, worlds: dict[str, Any]) -> Desk:
    desk = Desk(tmp_path)
    for name, (platform, _, options, secrets) in ACCOUNTS.items():
        desk.add_account(name, platform, options(worlds.get(name)), secrets)
    desk.environment["COLUMNS"] = "80"
    return desk


def table(shown: str) -> dict[str, tuple[str, str]]:
    """Account → who it is logged in as, and its state."""
    head, *rows = shown.splitlines()
    who, limit, state = (head.index(name) for name in ("logged in as", "limit", "state"))
    listed = [row for row in rows if row.split(" ")[0] in ACCOUNTS]
    return {row.split()[0]: (row[who:limit].strip(), row[state:].strip()) for row in listed}


def told(shown: str) -> dict[str, str]:
    """Account → what is said of it below the table, its prices left out."""
    lines = [line for line in shown.splitlines() if line.split(" ")[0].removesuffix(":") in ACCOUNTS and ": " in line]
    return {line.partition(":")[0]: line for line in lines if "$" not in line}


def test_every_network_has_its_account_here() -> None:
    assert {platform for platform, *_ in ACCOUNTS.values()} == set(ADAPTERS)


def test_all_is_well(desk: Desk, worlds: dict[str, Any]) -> None:
    shown = desk.run("accounts", "--check").stdout
    where = worlds["site"].url.removeprefix("http://")
    assert shown.splitlines()[:11] == [
        "account    network        logged in as      limit  posted  waiting  state",
        "links      linkblog       public/           none   0       0        ok",
        "fosstodon  mastodon       alice@mock.local  500    0       0        ok",
        "sky        bluesky        ada.test          300    0       0        ok",
        "x          x              ada               280    0       0        ok",
        f"site       micropub       {where:16}  none   0       0        ok",
        "chat       apprise        Discord           2000   0       0        ok",
        "mentions   webmention.io  ada.example                               ok",
        "hn         hackernews                                               ok",
        "crabs      lobsters                                                 ok",
        "pretend    memory         pretend           500    0       0        ok",
    ]
    assert list(told(shown)) == ["chat", "mentions"]
    assert "whether its channel is there shows with the first message" in told(shown)["chat"]
    assert shown.splitlines()[-1] == "x: $0.010 spent this month: $0.000 on posts, $0.010 on reading", "asking X costs"
    assert (desk.folder / "public" / "index.html").exists()


def test_refused_logins_are_named_each_with_its_remedy(desk: Desk, worlds: dict[str, Any]) -> None:
    for name in ASKED:
        worlds[name].refuse_login()
    shown = desk.run("accounts", "--check", expect=1).stdout
    assert {name: state for name, (_, state) in table(shown).items()} == {
        name: "login fails" if name in ASKED else "ok" for name in ACCOUNTS
    }
    for name in ASKED:
        assert f"syndicator login {name}" in told(shown)[name]
        assert all(secret not in shown for secret in ACCOUNTS[name][3].values())


def test_dead_servers_are_named_in_words(desk: Desk, worlds: dict[str, Any]) -> None:
    for name in ASKED:
        worlds[name].close()
    shown = desk.run("accounts", "--check", expect=1).stdout
    assert {name: state for name, (_, state) in table(shown).items()} == {
        name: "unreachable" if name in ASKED else "ok" for name in ACCOUNTS
    }
    for name in ASKED:
        assert "nobody listens there" in told(shown)[name]
        assert f"check the address in [accounts.{name}]" in told(shown)[name]
        assert len(told(shown)[name]) < 170, "words, not what a library says"


def test_one_that_was_never_logged_in_and_bad_files_are_named_too(desk: Desk) -> None:
    del desk.environment["SYNDICATOR_SKY_TOKEN"]
    desk.environment["SYNDICATOR_CHAT_URL"] = "nonsense"
    (desk.folder / "public").write_text("a file where the folder should be")
    (desk.folder / "data" / "pretend.jsonl").mkdir(parents=True)
    shown = desk.run("accounts", "--check", expect=1).stdout
    states = {name: state for name, (_, state) in table(shown).items() if state != "ok"}
    assert states == {"links": "unreachable", "sky": "no credential", "chat": "login fails", "pretend": "unreachable"}
    assert f"make {desk.folder / 'public'} writable, or choose another `folder`" in told(shown)["links"]
    assert "choose another `file`" in told(shown)["pretend"]
    assert "no credential yet; run `syndicator login sky`, or set SYNDICATOR_SKY_TOKEN" in told(shown)["sky"]


def test_the_json_has_the_same_and_all_that_was_there_without_a_check(desk: Desk, worlds: dict[str, Any]) -> None:
    plain = {row["account"]: row for row in desk.json("accounts")}
    assert (worlds["x"].calls, worlds["sky"].calls) == ([], []), "nobody is asked without --check"
    worlds["site"].close()
    checked = {row["account"]: row for row in desk.json("accounts", "--check", expect=1)}
    for name, row in checked.items():
        same = [key for key in plain[name] if key != "limit" and not key.startswith("spent")]
        assert {key: row[key] for key in same} == {key: plain[name][key] for key in same}
    assert (plain["chat"]["limit"], checked["chat"]["limit"]) == (500, 2000), "what it allows is asked as well"
    assert checked["sky"]["check"] == {"as": "ada.test", "ok": True, "error": None, "state": None, "doubt": None}
    assert checked["chat"]["check"]["doubt"]
    assert (checked["site"]["check"]["ok"], checked["site"]["check"]["state"]) == (False, "unreachable")


def test_no_network_waits_for_another(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for name in ("pond", "lake"):
        desk.add_account(name, "memory", {"file": tmp_path / f"{name}.jsonl"}, {})
    together = """
import threading
from platforms.memory import Memory
really, both = Memory.whoami, threading.Barrier(2)
def whoami(self):
    both.wait(60)
    return really(self)
Memory.whoami = whoami
"""
    asking = desk.start("accounts", "--check", "--json", python=together)
    rows = json.loads(asking.communicate(timeout=90)[0])
    assert [(row["account"], row["check"]["ok"]) for row in rows] == [("pond", True), ("lake", True)]
