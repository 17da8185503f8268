"""Several processes on one journal, and processes that are killed."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from dying import die_at

import ledger
from ledger.store import journal
from ledger.store.tiny import TinyStore

ROOT = Path(ledger.__file__).parents[1]
TURNS = 200


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Run code in a process of its own; its output is read line by line as it comes."""
    return subprocess.Popen(
        [sys.executable, "-u", "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


WRITER = """
import sys
from pathlib import Path
from ledger.store import journal
from ledger.store.tiny import TinyStore

path, name, turns, journal.WORTH_COMPACTING = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
store = TinyStore(path)
for n in range(turns):
    with store.transaction():
        total = (store.get("totals", "all") or {"n": 0})["n"]
        store.put("totals", "all", {"n": total + 1})
        store.put("totals", name, {"n": n + 1, "padding": "x" * 200})
    print(n + 1)
"""


@pytest.mark.parametrize("worth_compacting", [10**9, 5_000], ids=["growing", "compacting"])
def test_two_writers_and_a_reader(tmp_path: Path, worth_compacting: int) -> None:
    path = tmp_path / "store.jsonl"
    reader = TinyStore(path)
    writers = [python(WRITER, path, name, TURNS, worth_compacting) for name in ("ada", "bob")]

    seen = [0]
    while any(writer.poll() is None for writer in writers):
        totals = {key: document["n"] for key, document in reader.scan("totals")}
        together = totals.pop("all", 0)
        assert together == sum(totals.values()), "a transaction was seen in part"
        assert together >= seen[-1], "a transaction was lost"
        if together > seen[-1]:
            seen.append(together)

    for writer in writers:
        output, _ = writer.communicate()
        assert writer.returncode == 0
        assert output.split() == [str(n + 1) for n in range(TURNS)]
    assert len(seen) > 5, "the reader saw them at work"
    for store in (reader, TinyStore(path)):
        assert store.get("totals", "all") == {"n": 2 * TURNS}
    assert path.with_name("store.jsonl.bak").exists() == (worth_compacting == 5_000)


def test_every_acknowledged_transaction_survives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "store.jsonl"
    dice = random.Random(9)
    expected = 0
    for round_ in range(20):
        writer = python(WRITER, path, f"round {round_}", 10**6, 5_000)
        assert writer.stdout is not None
        stop_after = dice.randint(1, 60)
        acknowledged = 0
        for line in writer.stdout:
            acknowledged = int(line)
            if acknowledged == stop_after:
                writer.kill()
        assert writer.wait() == -9

        survived = TinyStore(path).get("totals", f"round {round_}")
        assert survived is not None
        assert survived["n"] in (acknowledged, acknowledged + 1)  # at most the one whose word did not get through
        expected += survived["n"]
        assert TinyStore(path).get("totals", "all") == {"n": expected}


def put(store: TinyStore) -> None:
    store.put("entries", "new", {"n": 1})


def compact(store: TinyStore) -> None:
    store.compact()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork; the kill -9 test covers the same on other systems")
@pytest.mark.parametrize("act", [put, compact])
@pytest.mark.parametrize("before", ["nothing", "a journal", "a torn one", "a compacted one"])
def test_dying_at_any_step_loses_nothing_that_was_there(
    tmp_path: Path, act: Callable[[TinyStore], None], before: str
) -> None:
    for step in range(40):
        path = tmp_path / str(step) / "store.jsonl"
        if before != "nothing":
            store = TinyStore(path)
            store.put("entries", "old", {"n": 0})
            store.put("entries", "old", {"n": 1})
        if before == "a compacted one":
            store.compact()
        if before == "a torn one":
            with path.open("ab") as file:
                file.write(b'{"entries":{"old":nul')

        finished = die_at(step, act, path) is None

        after = dict(TinyStore(path).scan("entries"))
        assert after.pop("new", {"n": 1}) == {"n": 1}
        assert after == ({} if before == "nothing" else {"old": {"n": 1}})
        if finished and act is put:
            assert TinyStore(path).count("entries") == len(after) + 1
        TinyStore(path).put("entries", "next", {})
        TinyStore(path).compact()
        assert TinyStore(path).get("entries", "next") == {}
        if before == "a torn one":
            torn = [file.read_bytes() for file in path.parent.glob("*.torn-*")]
            assert b'{"entries":{"old":nul' in torn
        if finished:
            assert step > 2
            return
    pytest.fail("more steps than expected")


def test_a_clock_that_goes_back_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.jsonl"
    reader = TinyStore(path)
    for n, time in enumerate((2_000_000_000, 1_000_000_000, 1_500_000_000)):
        TinyStore(path).put("entries", str(n), {})
        os.utime(path, (time, time))
        assert reader.count("entries") == n + 1


def test_a_file_that_took_over_the_number_of_an_older_one_is_read_from_its_start(tmp_path: Path) -> None:
    """A file system gives the inode of a removed file to a new one, and lines that are alike end alike."""
    path, other = tmp_path / "store.jsonl", tmp_path / "other.jsonl"
    reader, writer = TinyStore(path), TinyStore(path)
    for n in range(3):
        writer.put("entries", "a", {"n": n, "padding": "x" * 200})
        TinyStore(other).put("entries", "b", {"n": n, "padding": "x" * 200})
    assert reader.get("entries", "a") is not None
    before = path.read_bytes()
    TinyStore(other).put("entries", "c", {"n": 3})

    path.write_bytes(other.read_bytes())  # in place: the same inode

    assert path.read_bytes()[len(before) - 100 :].startswith(before[-100:]), "the same bytes before the old end"
    assert [key for key, _ in reader.scan("entries")] == ["b", "c"]
    writer.put("entries", "d", {})
    assert [key for key, _ in TinyStore(path).scan("entries")] == ["b", "c", "d"]


def test_a_waiting_writer_notices_a_compaction(tmp_path: Path) -> None:
    path = tmp_path / "store.jsonl"
    first, second = TinyStore(path), TinyStore(path)
    for n in range(10):
        first.put("entries", "a", {"n": n})
    assert second.get("entries", "a") == {"n": 9}

    first.compact()
    second.put("entries", "b", {})
    first.put("entries", "c", {})

    assert [key for key, _ in TinyStore(path).scan("entries")] == ["a", "b", "c"]
    assert journal.WORTH_COMPACTING == 1_000_000
