"""What an earlier version left behind: nothing of it is lost, and nothing is posted again."""

import json
from collections import Counter
from pathlib import Path

import pytest
from counterparts.desk import Desk

from syndicator.starter import config_folder

STATES = Path(__file__).parents[1] / "states"
SETTINGS = """
[me]
name = "Robin Marlow"
sites = ["https://robin.example"]

[[sources]]
kind = "own"
feed = "feeds/robin.atom"

[[sources]]
kind = "curated"
opml = "blogroll.opml"

[accounts.links]
platform = "linkblog"
folder = "public"

[accounts.pond]
platform = "memory"
file = "data/pond.jsonl"

[plan]
per_day = 100
min_gap = "0m"
stagger = "0m"
spread = false
jitter = "0m"
grace = "0m"
author_gap = "0m"
max_age = "3650d"
min_score = 0.0
"""
READING = (
    ("queue", "--all"),
    ("sources",),
    ("plan",),
    ("why", "https://juniper.example/hurry"),
    ("doctor", "--offline"),
    ("ledger", "owe", "--all"),
    ("ledger", "people", "list"),
    ("ledger", "why", "@zoe@example.social"),
    ("ledger", "follows"),
    ("ledger", "thanks"),
)


@pytest.fixture(params=sorted(folder.name for folder in STATES.iterdir()))
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """The sample world, in which an earlier version has run for a while."""
    desk = Desk(tmp_path, SETTINGS)
    (tmp_path / "feeds").mkdir()
    for feed in (config_folder() / "feeds").iterdir():
        (tmp_path / "feeds" / feed.name).write_bytes(feed.read_bytes())
    (tmp_path / "blogroll.opml").write_bytes((config_folder() / "blogroll.opml").read_bytes())
    (tmp_path / "data").mkdir()
    for journal in (STATES / request.param).iterdir():
        told = journal.read_text(encoding="utf-8").replace("/WORLD", str(tmp_path))
        (tmp_path / "data" / journal.name).write_text(told, encoding="utf-8")
    return desk


def journal(desk: Desk, name: str) -> Path:
    return desk.folder / "data" / name


def posted(desk: Desk) -> Counter[tuple[str, str]]:
    """How often each article is out, by account."""
    return Counter(
        (post["account"], post["article"]) for post in desk.json("queue", "--all") if post["state"] == "posted"
    )


def test_every_command_reads_it_and_changes_nothing_that_only_looks(desk: Desk) -> None:
    before = journal(desk, "state.jsonl").read_bytes()
    for words in READING:
        assert desk.run(*words, expect=None).returncode in (0, 1), words
        assert journal(desk, "state.jsonl").read_bytes() == before
    assert len(posted(desk)) == 4
    [zoe] = [debt for debt in desk.json("ledger", "owe", "--all") if debt["person"] == "zoe@example.social"]
    assert zoe["received"] == {"boost": 1}


def test_the_first_run_upgrades_it_and_says_where_it_is_kept(desk: Desk) -> None:
    before = journal(desk, "state.jsonl").read_bytes()
    done = desk.run("run")
    assert "upgraded from version 1 to 2; as it was it is kept in state.jsonl.version-1" in done.stderr
    assert journal(desk, "state.jsonl.version-1").read_bytes() == before
    assert json.loads(journal(desk, "state.jsonl").open().readline())["version"] == 2
    assert "upgraded" not in desk.run("run").stderr


def test_nothing_that_was_out_is_posted_again_even_where_only_its_id_tells(desk: Desk) -> None:
    """An own article is given another address and another title; the id in its feed is the one it had."""
    out = posted(desk)
    assert ("links", "https://robin.example/posts/thirty-lines") in out
    feed = desk.folder / "feeds" / "robin.atom"
    text = feed.read_text(encoding="utf-8")
    moved = text.replace('href="https://robin.example/posts/thirty-lines"', 'href="https://robin.example/css"')
    moved = moved.replace("<title>One stylesheet, thirty lines</title>", "<title>What remained of my CSS</title>")
    assert moved.count("robin.example/css") == 1
    feed.write_text(moved, encoding="utf-8")

    for _ in range(2):
        for post in desk.json("run")["posted"]:
            assert (post["account"], post["article"]) not in out
            assert (post["account"], post["article"]) != ("links", "https://robin.example/css")
    assert max(posted(desk).values()) == 1
