"""What shells propose: through the protocol they use, in a process as they start it, and in a real bash."""

import os
import shutil
import subprocess
from pathlib import Path

import pexpect
import pytest
from counterparts.desk import BIN, Desk, item, rss
from hypothesis import given
from hypothesis import strategies as st

from syndicator.cli import arguments
from syndicator.cli.completing import rejoined

ACCOUNTS = """
[accounts.pond]
platform = "memory"
file = "pond.jsonl"
approve = "ask"

[accounts.sky]
platform = "bluesky"
handle = "robin.example"
"""
LOADED = "import atexit, sys; atexit.register(lambda: print(*(set({!r}) & set(sys.modules)), file=open('loaded', 'w')))"
SDKS = ("mastodon", "atproto", "tweepy", "apprise", "requests", "httpx", "urllib3", "feedparser", "PIL")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.add(ACCOUNTS)
    desk.feed(rss(item(1), item(2)))
    return desk


@pytest.fixture
def known(desk: Desk) -> Desk:
    """Somebody with posts that wait, and people who did something."""
    desk.run("run", expect=1)  # sky has no credential
    for who in ("@ada@pond.example", "ada.example", "x:adele", "ada.bsky.social"):
        desk.run("ledger", "add", "link", who, "--url", f"https://ada.example/{len(who)}")
    desk.run("ledger", "owe")
    return desk


def proposed(desk: Desk, *words: str, program: str = "syndicator", python: str = "") -> list[str]:
    """What is proposed for the last word, as zsh and fish ask for it. Nothing is ever said on stderr."""
    before = dict(desk.environment)
    line = " ".join((program, *words))
    desk.environment |= {
        f"_{program.upper()}_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_ARGS": line,
    }
    done = desk.run(*(("ledger",) if program == "ledger" else ()), python=python)
    desk.environment = before
    assert done.stderr == ""
    return [line.partition("\t")[0] for line in done.stdout.splitlines() if line]


def test_accounts_are_proposed_where_an_account_is_wanted(desk: Desk) -> None:
    assert proposed(desk, "login", "") == ["pond", "sky"]
    assert proposed(desk, "login", "s") == ["sky"]
    assert proposed(desk, "share", "https://ada.example/", "--to", "p") == ["pond"]
    assert proposed(desk, "judge", "--account", "") == ["pond", "sky"]


def test_networks_are_proposed_for_a_new_account(desk: Desk) -> None:
    assert proposed(desk, "login", "new", "--platform", "ma") == ["mastodon"]
    assert {"mastodon", "bluesky", "x"} <= set(proposed(desk, "login", "new", "--platform", ""))


def test_people_are_proposed_as_who_takes_them(known: Desk) -> None:
    everybody = proposed(known, "why", "", program="ledger")
    assert {"@ada@pond.example", "ada.example", "x:adele", "ada.bsky.social"} <= set(everybody)
    assert proposed(known, "why", "x:", program="ledger") == ["x:adele"]
    assert proposed(known, "ledger", "people", "show", "@") == ["@ada@pond.example"]


def test_posts_suggestions_sources_and_articles_are_proposed(known: Desk) -> None:
    posts = known.json("queue")
    assert set(proposed(known, "queue", "approve", "")) == {post["id"] for post in posts}
    assert set(proposed(known, "why", "https://ada")) == {post["article"] for post in posts}
    numbers = {str(row["n"]): row["suggestion"] for row in known.json("ledger", "owe")}
    assert set(proposed(known, "snooze", "", program="ledger")) == set(numbers)
    todo = {number for number, suggestion in numbers.items() if suggestion}
    assert set(proposed(known, "do", "", program="ledger")) == todo != set()
    [source] = known.json("sources")
    assert proposed(known, "remove", "") == [source["url"]]
    assert proposed(known, "ledger", "add", "sub") == ["submit"]


def test_commands_and_options_are_proposed(desk: Desk) -> None:
    assert proposed(desk, "que") == ["queue"]
    assert "approve" in proposed(desk, "queue", "")
    assert "--quiet" in proposed(desk, "run", "--")


def test_the_settings_are_those_that_the_line_names(desk: Desk, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.toml").write_text('[accounts.other]\nplatform = "memory"\nfile = "x.jsonl"\n')
    assert proposed(desk, "--config", str(elsewhere / "mine.toml"), "login", "") == ["other"]
    assert proposed(desk, "login", "--config", str(elsewhere / "mine.toml"), "") == ["other"]


@pytest.mark.parametrize("settings", ["[accounts", 'nonsense = "x"', ""])
def test_what_cannot_be_read_proposes_nothing_and_says_nothing(desk: Desk, settings: str) -> None:
    desk.settings.write_text(settings)
    (desk.folder / "data").mkdir()
    (desk.folder / "data" / "ledger.jsonl").write_text("no journal\n")
    assert proposed(desk, "login", "") == []
    assert proposed(desk, "why", "", program="ledger") == []


def test_no_stranger_gets_a_word_onto_the_command_line_that_does_something(known: Desk) -> None:
    """Zsh evaluates what it is given, bash puts it on the line as it is."""
    for name in ("$(reboot)", "`reboot`", "a;reboot", "--yes", "a'b", 'a"b', "a b", "a|b", "*"):
        known.run("ledger", "people", "tag", "ada.example", "--name", name, expect=None)
        found = proposed(known, "why", "", program="ledger")
        assert "ada.example" in found
        assert name not in found


def test_nothing_heavy_is_loaded_and_no_more_than_a_hundred_are_proposed(known: Desk) -> None:
    rows = "".join(f"link,somebody{n}.example,https://somebody{n}.example/1,2026-10-03\n" for n in range(300))
    (known.folder / "acts.csv").write_text(f"kind,who,url,at\n{rows}")
    known.run("ledger", "import", "acts.csv")
    assert len(proposed(known, "why", "some", program="ledger", python=LOADED.format(SDKS))) == 100
    assert (known.folder / "loaded").read_text().split() == []
    assert proposed(known, "queue", "skip", "", python=LOADED.format(SDKS))
    assert (known.folder / "loaded").read_text().split() == []


def test_the_words_that_are_always_the_same_are_those_of_the_ledger() -> None:
    from ledger.entry import Kind
    from ledger.people import ROLES

    assert set(arguments.KINDS) == set(Kind)
    assert arguments.ROLES == ROLES


@pytest.mark.parametrize(
    ("words", "place", "expected"),
    [
        (["ledger", "why", "@", "ada", "@", "exa"], 5, (["ledger", "why", "@exa"], "@ada")),
        (["ledger", "why", "@", "ad"], 3, (["ledger", "why", "@ad"], "")),
        (["ledger", "why", "@"], 2, (["ledger", "why", "@"], "")),
        (["ledger", "why", "x", ":", "ad"], 4, (["ledger", "why", "ad"], "x:")),
        (["ledger", "why", "x", ":"], 3, (["ledger", "why", ""], "x:")),
        (["syndicator", "remove", "https", ":", "//a"], 4, (["syndicator", "remove", "//a"], "https:")),
        (["s", "share", "https", ":", "//a/b", "--to", "=", "p"], 7, (["s", "share", "https://a/b", "--to", "p"], "")),
        (["s", "judge", "--account", "="], 3, (["s", "judge", "--account", ""], "")),
        (["ledger", "do", "--config", "C", ":", "/x", ""], 6, (["ledger", "do", "--config", "C:/x", ""], "")),
        (["ledger", "why"], 2, (["ledger", "why", ""], "")),
    ],
)
def test_what_bash_broke_is_joined_again(words: list[str], place: int, expected: tuple[list[str], str]) -> None:
    assert rejoined(words, place) == expected


@given(st.lists(st.sampled_from(["a", ":", "@", "=", "--to", ""]), max_size=8), st.integers(0, 9))
def test_any_line_can_be_joined(words: list[str], place: int) -> None:
    whole, prefix = rejoined(words, place)
    assert whole
    assert "".join(words[: place + 1]).replace("=", "") == "".join([*whole[:-1], prefix, whole[-1]]).replace("=", "")


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_a_real_bash_completes(known: Desk) -> None:
    environment = known.environment | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    for program in ("syndicator", "ledger"):
        asked = [BIN / program, "--show-completion", "bash"]
        named = environment | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # the shell is named, not detected
        script = subprocess.run(asked, cwd=known.folder, env=named, capture_output=True, check=True)
        (known.folder / f"{program}.sh").write_bytes(script.stdout)
    shell = pexpect.spawn(
        shutil.which("bash") or "", ["--norc", "--noprofile", "-i"], cwd=known.folder, env=environment,
        encoding="utf-8", timeout=60, dimensions=(50, 300),
    )  # fmt: skip
    try:
        shell.sendline("bind 'set enable-bracketed-paste off'; . ./syndicator.sh; . ./ledger.sh")
        for typed, became in (
            ("ledger why @ad", "ledger why @ada@pond.example"),
            ("ledger why @ada@po", "ledger why @ada@pond.example"),
            ("ledger why x:a", "ledger why x:adele"),
            ("syndicator login sk", "syndicator login sky"),
            ("syndicator share https://ada.example/pruning/1 --to=po", "--to=pond"),
        ):
            shell.send(f"{typed}\t")
            shell.sendcontrol("a")
            shell.sendline("echo made: ")
            shell.expect(r"\nmade: ([^\r\n]+)")
            assert shell.match.group(1).strip().endswith(became)
    finally:
        shell.close(force=True)
