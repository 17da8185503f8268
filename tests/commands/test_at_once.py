"""Commands at the same moment: one run at a time, nothing twice, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from counterparts.desk import Desk, item, rss

from platforms.memory import world

ARTICLES = [f"https://ada.example/pruning/{n}" for n in range(1, 5)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.feed(rss(*(item(n) for n in range(1, 5))))
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    return desk


def at_once(desk: Desk, *commands: tuple[str, ...]) -> list[CompletedProcess[str]]:
    """Start all of them at the same moment, and wait for all."""
    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(lambda words: desk.run(*words, expect=None), commands))


def posted(desk: Desk, account: str = "pond") -> list[str]:
    return sorted(post["url"] for post in world(account, str(desk.folder / f"{account}.jsonl")).posts())


@pytest.mark.parametrize("runs", [2, 8])
def test_runs_at_once_post_each_article_once(desk: Desk, runs: int) -> None:
    """Whoever comes while a run is on says so and leaves; whoever comes after it finds nothing to do."""
    ended = at_once(desk, *[("run",)] * runs)
    assert posted(desk) == ARTICLES
    for done in ended:
        if done.returncode:
            assert done.returncode == 1
            assert "error: a run is on (process " in done.stderr
            assert "try again when it has ended" in done.stderr
    assert any(done.returncode == 0 for done in ended)
    assert desk.json("run")["posted"] == []
    assert not (desk.folder / "data" / "run.owner").exists()


@pytest.mark.parametrize("runs", [2, 8])
def test_runs_that_wait_come_one_after_the_other(desk: Desk, runs: int) -> None:
    ended = at_once(desk, *[("run", "--wait", "90")] * runs)
    assert [done.returncode for done in ended] == [0] * runs
    assert posted(desk) == ARTICLES


def test_a_run_while_its_owner_works_loses_nothing(desk: Desk) -> None:
    """Everything that may change the same files goes on at once: all of it is there afterwards."""
    desk.add_account("slow", "memory", {"file": "slow.jsonl", "approve": "ask"}, {})
    desk.run("run")
    awaiting = [post["id"] for post in desk.json("queue") if post["state"] == "awaiting"]
    assert len(awaiting) == len(ARTICLES)
    desk.feed(rss(*(item(n) for n in range(1, 7))))

    ended = at_once(
        desk,
        ("run",),
        ("ledger", "collect"),
        *((("queue", "approve", post)) for post in awaiting),
        *(("ledger", "add", "link", f"fan{n}.example", "--url", f"https://fan{n}.example/") for n in range(4)),
        ("share", "https://robin.example/new", "--text", "New", "--to", "pond"),
        ("run",),
    )
    for done in ended:
        assert done.returncode == 0 or "a run is on" in done.stderr, (done.args, done.stdout, done.stderr)

    for _ in range(2):
        desk.run("run")
    assert posted(desk) == sorted(
        [*(f"https://ada.example/pruning/{n}" for n in range(1, 7)), "https://robin.example/new"]
    )
    assert set(ARTICLES) <= set(posted(desk, "slow"))
    owed = desk.json("ledger", "owe", "--all")
    people = {identity["handle"] for debt in owed for identity in debt["identities"]}
    assert {f"fan{n}.example" for n in range(4)} <= people
