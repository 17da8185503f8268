"""What reaches the disk, in which order, and what happens when it does not."""

import errno
import os
import resource
import shutil
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from counterparts.small_disk import mounted

from ledger.store import journal
from ledger.store.base import StoreError
from ledger.store.tiny import TinyStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "store.jsonl"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the disk, as `verb name`, in order; the lock's own file is left out."""
    told: list[str] = []
    names: dict[int, str] = {}
    real = {name: getattr(os, name) for name in ("open", "write", "fsync", "ftruncate", "replace", "link", "unlink")}

    def open_(name: Any, flags: int, *rest: Any, **named: Any) -> int:
        descriptor: int = real["open"](name, flags, *rest, **named)
        names[descriptor] = Path(name).name
        return descriptor

    def on_descriptor(verb: str) -> Any:
        def call(descriptor: int, *rest: Any) -> Any:
            told.append(f"{verb} {names[descriptor]}")
            return real[verb](descriptor, *rest)

        return call

    def on_names(verb: str) -> Any:
        def call(*paths: Any, **named: Any) -> Any:
            told.append(" ".join([verb, *(Path(name).name for name in paths)]))
            return real[verb](*paths, **named)

        return call

    monkeypatch.setattr(os, "open", open_)
    for verb in ("write", "fsync", "ftruncate"):
        monkeypatch.setattr(os, verb, on_descriptor(verb))
    for verb in ("replace", "link", "unlink"):
        monkeypatch.setattr(os, verb, on_names(verb))
    return told


def test_a_transaction_is_synced_before_it_is_acknowledged(path: Path, calls: list[str]) -> None:
    store = TinyStore(path)

    store.put("entries", "a", {})
    assert calls == [f"fsync {path.parent.parent.name}", "write store.jsonl", "fsync store.jsonl", "fsync data"]

    calls.clear()
    store.put("entries", "b", {})
    assert calls == ["write store.jsonl", "fsync store.jsonl"]

    calls.clear()
    with store.transaction():
        store.put_many("entries", {"c": {}, "d": {}})
        store.delete("entries", ["a"])
        assert calls == []
    assert calls == ["write store.jsonl", "fsync store.jsonl"]


def test_compaction_replaces_the_file_when_its_successor_is_on_the_disk(path: Path, calls: list[str]) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {})
    store.compact()
    calls.clear()

    store.compact()

    assert [call for call in calls if call != "write store.jsonl.new"] == [
        "fsync store.jsonl.new",
        "unlink store.jsonl.bak",
        "link store.jsonl store.jsonl.bak",
        "replace store.jsonl.new store.jsonl",
        "fsync data",
    ]


def test_a_torn_tail_is_safe_aside_before_it_is_cut_off(path: Path, calls: list[str]) -> None:
    TinyStore(path).put("entries", "a", {})
    with path.open("ab") as file:
        file.write(b"{")
    calls.clear()

    TinyStore(path).put("entries", "b", {})

    verbs = [call.replace(next(path.parent.glob("*.torn-*")).name, "TORN") for call in calls]
    assert verbs == [
        "write TORN",
        "fsync TORN",
        "fsync data",
        "ftruncate store.jsonl",
        "fsync store.jsonl",
        "write store.jsonl",
        "fsync store.jsonl",
    ]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("first", [True, False])
def test_a_failed_sync_leaves_file_and_memory_as_they_were(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, first: bool
) -> None:
    path.parent.mkdir()
    store = TinyStore(path)
    if not first:
        store.put("entries", "a", {})
    before, rows = path.read_bytes() if path.exists() else b"", list(store.scan("entries"))

    def fail(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(StoreError, match=r"store\.jsonl could not be written, and nothing was stored: .*; "):
            store.put("entries", "b", {})

    assert path.read_bytes() == before
    assert list(store.scan("entries")) == rows
    store.put("entries", "b", {})
    assert [key for key, _ in TinyStore(path).scan("entries")] == [key for key, _ in rows] + ["b"]


def test_a_write_that_stops_short_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))

    TinyStore(path).put("entries", "a", {"text": "longer than seven bytes"})

    assert TinyStore(path).get("entries", "a") == {"text": "longer than seven bytes"}


def test_a_write_interrupted_by_ctrl_c_leaves_no_trace(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {})
    before, write = path.read_bytes(), os.write

    def interrupted(descriptor: int, data: bytes) -> int:
        write(descriptor, data[:7])
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.put("entries", "b", {})

    assert path.read_bytes() == before
    assert store.count("entries") == 1


def test_a_file_that_may_not_grow(path: Path) -> None:
    """In a child of its own: the limit holds for a whole process, pytest's own output included."""
    limit = 2_000
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        try:
            _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
            fill_up(TinyStore(path), path)
        except BaseException:
            os.write(tell, traceback.format_exc().encode()[-60_000:])
        os._exit(0)
    os.close(tell)
    with os.fdopen(told) as failure:
        assert failure.read() == ""
    os.waitpid(child, 0)
    assert 0 < path.stat().st_size <= limit


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 64 KB."""
    with mounted("64k", "test_a_file_that_may_not_grow covers the same code") as folder:
        yield folder


def test_a_full_disk(small_disk: Path) -> None:
    path = small_disk / "store.jsonl"
    store = TinyStore(path)
    fill_up(store, path)

    with pytest.raises(StoreError, match=r"could not be compacted, but every document is still there: .*free some"):
        store.compact()
    assert sorted(file.name for file in small_disk.iterdir()) == ["store.jsonl", "store.jsonl.lock"]


def fill_up(store: TinyStore, path: Path) -> None:
    """Put documents until there is no room; every acknowledged one is there, the file is whole, smaller ones fit."""
    text = "x" * 300
    put = 0
    with suppress(StoreError):
        for put in count():
            store.put("entries", str(put), {"text": text})
    with pytest.raises(StoreError, match=r"store\.jsonl could not be written.*free some space on that disk"):
        store.put("entries", "more", {"text": text})

    assert put > 0
    for other in (store, TinyStore(path)):
        assert list(other.scan("entries")) == [(str(n), {"text": text}) for n in range(put)]
    assert path.read_bytes().endswith(b"}\n")
    store.delete("entries", ["0"])
    assert TinyStore(path).count("entries") == put - 1


def test_a_compaction_that_comes_by_itself_and_fails_fails_no_transaction(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "WORTH_COMPACTING", 500)
    store = TinyStore(path)
    link = path.parent / "store.jsonl.new"
    store.put("entries", "a", {"n": -1})
    link.mkdir()

    for n in range(40):
        store.put("entries", "a", {"n": n})

    assert TinyStore(path).get("entries", "a") == {"n": 39}


@pytest.mark.parametrize("use", ["get", "put"])
def test_a_folder_that_is_a_file(tmp_path: Path, use: str) -> None:
    (tmp_path / "data").write_text("not a folder")
    store = TinyStore(tmp_path / "data" / "store.jsonl")

    with pytest.raises(StoreError, match=r"data.store\.jsonl could not be .*check that the path is right"):
        store.get("entries", "a") if use == "get" else store.put("entries", "a", {})


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder that this process, for the time of the test not root, may read and not write."""
    folder = Path(tempfile.mkdtemp(prefix="readonly-"))
    TinyStore(folder / "store.jsonl").put("entries", "a", {})
    (folder / "store.jsonl.lock").unlink()
    (folder / "store.jsonl").chmod(0o444)
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_folder_can_be_read_and_says_so_when_written(nobody: Path) -> None:
    store = TinyStore(nobody / "store.jsonl")

    assert store.count("entries") == 1
    with pytest.raises(StoreError, match=r"store\.jsonl could not be .*writable for this user"):
        store.put("entries", "b", {})
    assert store.count("entries") == 1


def test_a_file_system_without_hard_links(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_names: Any, **_named: Any) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    store = TinyStore(path)
    store.put("entries", "a", {"n": 1})
    store.put("entries", "a", {"n": 2})
    before = path.read_bytes()

    store.compact()

    assert path.with_name("store.jsonl.bak").read_bytes() == before
    assert TinyStore(path).get("entries", "a") == {"n": 2}


def test_a_journal_that_is_mostly_history_compacts_itself(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "WORTH_COMPACTING", 2_000)
    store, other = TinyStore(path), TinyStore(path)
    for n in range(500):
        store.put("entries", f"key {n % 5}", {"n": n, "text": "x" * 20})
        assert other.get("entries", f"key {n % 5}") == {"n": n, "text": "x" * 20}

    assert path.stat().st_size < 3_000
    assert [document["n"] for _, document in TinyStore(path).scan("entries")] == [495, 496, 497, 498, 499]
    backup = path.with_name("store.jsonl.bak")
    assert backup.stat().st_size > 2_000
    assert TinyStore(backup).count("entries") == 5
    assert not path.with_name("store.jsonl.new").exists()


def test_a_journal_without_history_is_not_compacted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "WORTH_COMPACTING", 1_000)
    store = TinyStore(path)
    for n in range(50):
        store.put("entries", str(n), {"text": "x" * 20})

    assert not path.with_name("store.jsonl.bak").exists()


def test_a_backup_left_by_a_stopped_compaction_is_replaced(path: Path) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {"n": 1})
    path.with_name("store.jsonl.bak").hardlink_to(path)  # stopped between the link and the replace
    path.with_name("store.jsonl.new").write_text("half of")
    store.put("entries", "a", {"n": 2})

    store.compact()

    assert TinyStore(path.with_name("store.jsonl.bak")).get("entries", "a") == {"n": 2}
    assert path.read_bytes().count(b"\n") == 2
