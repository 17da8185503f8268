"""Copies of a journal: one for each day with a change, brought up to date cheaply, and what they are good for."""

import errno
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.store import backups, journal
from ledger.store.base import StoreDamaged, StoreError
from ledger.store.tiny import TinyStore

DAY = date(2026, 11, 2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "store.jsonl"


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the day that the store believes it is."""

    def be(day: date) -> None:
        monkeypatch.setattr(journal, "_today", lambda: day)

    be(DAY)
    return be


def copies(path: Path) -> dict[str, bytes]:
    return {copy.name.removeprefix("store.jsonl."): copy.read_bytes() for copy in backups.copies(path, DAY)}


def test_there_is_a_copy_of_each_day_with_a_change(path: Path, today: Any) -> None:
    store = TinyStore(path)
    store.back_up()
    assert copies(path) == {}, "there is nothing to copy yet"

    contents = {}
    for number in range(10):
        today(DAY + timedelta(number))
        if number not in (3, 4):  # quiet days
            store.put("entries", str(number), {})
            contents[f"{DAY + timedelta(number)}"] = path.read_bytes()
        store.back_up()

    assert copies(path) == dict(list(contents.items())[-backups.KEPT :])
    assert all(copy.stat().st_mode & 0o777 == 0o600 for copy in backups.copies(path, DAY))


def test_the_copy_of_a_day_grows_with_its_journal(path: Path, today: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {"text": "x" * 5_000})
    store.back_up()
    [copy] = backups.copies(path, DAY)
    inode = copy.stat().st_ino
    store.put("entries", "b", {})

    written, write = [], os.write
    monkeypatch.setattr(os, "write", lambda file, data: (written.append(len(data)), write(file, data))[1])
    store.back_up()
    store.back_up()

    assert copies(path) == {"2026-11-02": path.read_bytes()}
    assert copy.stat().st_ino == inode
    assert len(written) == 1
    assert written[0] < 50


@pytest.mark.parametrize("how", ["compacted", "edited", "another"])
def test_another_file_of_the_same_name_is_copied_whole_and_no_copy_is_lost(path: Path, today: Any, how: str) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {"text": "apple"})
    store.put("entries", "a", {"text": "pear"})
    store.back_up()
    before = path.read_bytes()
    today(DAY + timedelta(1))
    store.put("entries", "b", {})
    store.back_up()
    same_day = path.read_bytes()
    if how == "compacted":
        store.compact()
    elif how == "edited":
        path.write_bytes(path.read_bytes().replace(b"pear", b"a pear"))
    else:
        TinyStore(path.with_name("other")).put("entries", "new", {})
        path.with_name("other").replace(path)

    TinyStore(path).back_up()

    aside = {} if how == "compacted" else {"2026-11-03-1": same_day}
    assert copies(path) == {"2026-11-02": before, **aside, "2026-11-03": path.read_bytes()}
    assert next(iter(backups.copies(path, DAY + timedelta(1)))).name == "store.jsonl.2026-11-03"


def test_a_journal_that_is_gone_is_no_new_beginning(path: Path, today: Any) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {})
    store.back_up()
    whole = path.read_bytes()
    path.unlink()

    for use in (
        lambda: TinyStore(path).count("entries"),
        lambda: TinyStore(path).put("entries", "b", {}),
        lambda: TinyStore(path).back_up(),
        lambda: TinyStore(path, scratch=True).count("entries"),
        lambda: store.count("entries"),
    ):
        with pytest.raises(StoreDamaged, match=r"is gone, though .* cp \S+ \S+store\.jsonl; to begin anew, move"):
            use()
    assert not path.exists()
    assert copies(path) == {"2026-11-02": whole}

    path.parent.joinpath("backups").rename(path.parent / "elsewhere")
    TinyStore(path).put("entries", "b", {})


def test_a_journal_that_is_gone_but_for_its_history_is_no_new_beginning(path: Path) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {})
    store.compact()
    path.unlink()
    with pytest.raises(StoreDamaged, match=r"cp \S+\.bak \S+store\.jsonl"):
        TinyStore(path).count("entries")


def test_a_damaged_journal_costs_no_copy(path: Path, today: Any) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {})
    store.put("entries", "b", {})
    store.back_up()
    before = copies(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"oops\n" + lines[2])

    for day in range(1, 20):
        today(DAY + timedelta(day))
        with pytest.raises(StoreDamaged, match=rf"line 2 .*: cp \S+backups/store\.jsonl\.{DAY} \S+store\.jsonl$"):
            TinyStore(path).back_up()

    assert copies(path) == before


def test_a_clock_that_jumped_costs_no_copy(path: Path, today: Any) -> None:
    """A year ahead and back: the copies of the days before are still the best there are."""
    store = TinyStore(path)
    for number in range(5):
        today(DAY + timedelta(number))
        store.put("entries", str(number), {})
        store.back_up()
    for day in (DAY + timedelta(365), DAY + timedelta(4), DAY + timedelta(5)):
        today(day)
        store.put("entries", str(day), {})
        store.back_up()

    found = [copy.name[-10:] for copy in backups.copies(path, DAY + timedelta(5))]
    assert found == [f"2026-11-0{day}" for day in (7, 6, 5, 4, 3, 2)] + ["2027-11-02"]
    assert TinyStore(path).count("entries") == 8


@pytest.mark.parametrize("left", [0, 1, 40, -1, -2, -20], ids=lambda left: f"[:{left}]")
def test_a_journal_that_lost_its_end_is_refused_with_its_copy(path: Path, today: Any, left: int) -> None:
    """Cut anywhere, also where a line ends: without a copy that looks like a journal with less in it."""
    store = TinyStore(path)
    for key in "abc":
        store.put("entries", key, {"text": key})
    store.back_up()
    whole = path.read_bytes()
    path.write_bytes(whole[:left])

    for command in (lambda: TinyStore(path).count("entries"), lambda: TinyStore(path).put("entries", "d", {})):
        with pytest.raises(StoreDamaged, match=rf"lost its end: .*cp \S+{DAY} \S+; if you shortened it yourself, rem"):
            command()
    assert path.read_bytes() == whole[:left]
    assert sorted(file.name for file in path.parent.iterdir()) == ["backups", "store.jsonl", "store.jsonl.lock"]

    backups.copies(path, DAY)[0].replace(path)  # what the message says
    assert TinyStore(path).count("entries") == 3


def test_zeros_where_the_end_was_are_a_lost_end(path: Path, today: Any) -> None:
    """As some file systems leave after a power cut."""
    store = TinyStore(path)
    store.put("entries", "a", {})
    store.put("entries", "b", {})
    store.back_up()
    path.write_bytes(path.read_bytes()[:-30] + b"\0" * 30)

    with pytest.raises(StoreDamaged, match="lost its end"):
        TinyStore(path).count("entries")


def test_a_journal_that_was_shortened_by_hand_is_taken_as_it_is(path: Path, today: Any) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {})
    store.put("entries", "b", {})
    store.back_up()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])

    assert [key for key, _ in TinyStore(path).scan("entries")] == ["b"]


def test_a_copy_that_a_crash_left_torn_is_mended(path: Path, today: Any) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {})
    store.back_up()
    [copy] = backups.copies(path, DAY)
    size = copy.stat().st_size
    store.put("entries", "b", {})
    copy.write_bytes(path.read_bytes()[: size + 7])
    (copy.parent / "store.jsonl.new").write_text("half of")

    assert TinyStore(path).count("entries") == 2
    store.back_up()
    assert copies(path) == {"2026-11-02": path.read_bytes()}


def test_a_copy_that_can_not_be_written_leaves_the_others(
    path: Path, today: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {})
    store.back_up()
    store.put("entries", "b", {})
    before = copies(path)

    def full(*_given: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for day in (DAY, DAY + timedelta(1)):
        today(day)
        with monkeypatch.context() as broken:
            broken.setattr(os, "write", full)
            with pytest.raises(StoreError, match=r"backups could not be written.*free some space"):
                store.back_up()
        assert copies(path) == before
    store.back_up()
    assert copies(path) == before | {"2026-11-03": path.read_bytes()}


def test_a_dry_run_keeps_no_copy(path: Path) -> None:
    TinyStore(path).put("entries", "a", {})
    TinyStore(path, scratch=True).back_up()
    assert not (path.parent / "backups").exists()
