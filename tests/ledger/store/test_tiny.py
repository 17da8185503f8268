"""What every caller of a store counts on, on one file and in memory."""

import stat
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from tinydb import TinyDB, where

from ledger.store.base import Document, Store, StoreBusy, StoreDamaged, StoreError
from ledger.store.tiny import TinyStore, memory_store


class StopHere(Exception):
    """Leaves a transaction early."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "store.jsonl"


@pytest.fixture(params=["file", "memory", "scratch"])
def store(request: pytest.FixtureRequest, path: Path) -> Store:
    if request.param == "memory":
        return memory_store()
    return TinyStore(path, scratch=request.param == "scratch")


def folder(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir()} if path.parent.exists() else {}


def test_what_is_put_is_got(store: Store) -> None:
    store.put("entries", "a", {"who": "Zoë", "n": 1.5, "tags": ["x"], "none": None})

    assert store.get("entries", "a") == {"who": "Zoë", "n": 1.5, "tags": ["x"], "none": None}
    assert store.get("entries", "b") is None
    assert store.get("people", "a") is None
    assert store.count("entries") == 1


def test_scan_keeps_the_order_of_first_put(store: Store) -> None:
    store.put_many("entries", {"b": {"n": 1}, "a": {"n": 2}})
    store.put("entries", "c", {"n": 3})
    store.put("entries", "b", {"n": 4})
    store.delete("entries", ["a", "never"])
    store.put("entries", "a", {"n": 5})

    assert list(store.scan("entries")) == [("b", {"n": 4}), ("c", {"n": 3}), ("a", {"n": 5})]


def test_scan_is_not_moved_by_writes_made_meanwhile(store: Store) -> None:
    store.put_many("posts", {str(n): {"n": n} for n in range(3)})

    for key, post in store.scan("posts"):
        store.put("posts", f"{key} again", post)
        store.delete("posts", [key])

    assert [key for key, _ in store.scan("posts")] == ["0 again", "1 again", "2 again"]


def test_a_document_changed_after_the_put_is_not_changed_in_the_store(store: Store) -> None:
    document: Document = {"tags": ["a"]}
    with store.transaction():
        store.put("entries", "k", document)
        document["tags"].append("b")

    assert store.get("entries", "k") == {"tags": ["a"]}


def test_true_is_not_one(store: Store) -> None:
    store.put("entries", "k", {"v": 1})
    store.put("entries", "k", {"v": True})

    found = store.get("entries", "k")
    assert found is not None
    assert found["v"] is True


@pytest.mark.parametrize("bad", [{"v": object()}, {"v": "\ud800"}, {"v": {("a",): 1}}])
def test_what_json_cannot_say_is_refused_whole(store: Store, bad: Document) -> None:
    with pytest.raises((TypeError, ValueError)):
        store.put_many("entries", {"good": {}, "bad": bad})

    assert store.count("entries") == 0


def test_a_transaction_sees_its_own_writes_and_is_dropped_by_an_exception(store: Store) -> None:
    store.put_many("entries", {"a": {"n": 1}, "b": {"n": 2}})
    before = list(store.scan("entries"))

    def change_and_fail() -> None:
        store.put("entries", "a", {"n": 10})
        store.delete("entries", ["b"])
        store.put("people", "ada", {})
        assert list(store.scan("entries")) == [("a", {"n": 10})]
        assert store.get("entries", "b") is None
        assert store.count("entries") == 1
        assert store.count("people") == 1
        raise StopHere

    with pytest.raises(StopHere), store.transaction():
        change_and_fail()

    assert list(store.scan("entries")) == before
    assert store.count("people") == 0


def test_an_inner_transaction_that_fails_takes_back_only_its_own_writes(store: Store) -> None:
    with store.transaction():
        store.put("entries", "outer", {})
        with suppress(StopHere), store.transaction():
            store.put("entries", "inner", {})
            store.delete("entries", ["outer"])
            raise StopHere
        with store.transaction():
            store.put("entries", "second", {})

    assert [key for key, _ in store.scan("entries")] == ["outer", "second"]


def test_an_inner_transaction_is_not_kept_when_the_outer_one_fails(store: Store) -> None:
    with suppress(StopHere), store.transaction():
        with store.transaction():
            store.put("entries", "inner", {})
        raise StopHere

    assert store.count("entries") == 0


def test_tinydb_works_on_the_same_documents(store: TinyStore) -> None:
    table = store.db.table("entries")
    store.put_many("entries", {"a": {"kind": "boost", "n": 1}, "b": {"kind": "like", "n": 2}})

    assert table.search(where("kind") == "boost") == [{"kind": "boost", "n": 1}]
    new = table.insert({"kind": "reply", "n": 3})
    table.update({"seen": True}, where("n") > 1)
    table.remove(where("kind") == "boost")

    assert list(store.scan("entries")) == [
        ("b", {"kind": "like", "n": 2, "seen": True}),
        (new, {"kind": "reply", "n": 3, "seen": True}),
    ]
    assert store.db.tables() == {"entries"}
    store.db.drop_tables()
    assert store.count("entries") == 0


def test_a_failing_tinydb_update_changes_nothing(store: TinyStore) -> None:
    store.put_many("entries", {"a": {"n": [1]}, "b": {}})

    with pytest.raises(KeyError):
        store.db.table("entries").update(lambda document: document["n"].append(2))

    assert list(store.scan("entries")) == [("a", {"n": [1]}), ("b", {})]


def test_one_line_per_transaction_in_plain_utf8(path: Path) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {"who": "Zoë 🦊"})
    with store.transaction():
        store.put("people", "zoë", {})
        store.delete("entries", ["a"])
        store.put("entries", "short-lived", {})
        store.delete("entries", ["short-lived"])

    header, *lines = path.read_text(encoding="utf-8").splitlines()
    assert header.startswith('{"format":"syndicator-journal","version":1,"id":"')
    assert lines == ['{"entries":{"a":{"who":"Zoë 🦊"}}}', '{"people":{"zoë":{}},"entries":{"a":null}}']


def test_what_changes_nothing_writes_nothing(path: Path) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {"n": 1})
    before = path.read_bytes()

    store.put("entries", "a", {"n": 1})
    store.delete("entries", ["b"])
    store.put_many("entries", {})
    with store.transaction():
        store.put("entries", "b", {})
        store.delete("entries", ["b"])

    assert path.read_bytes() == before


def test_reading_creates_nothing(path: Path) -> None:
    store = TinyStore(path)

    assert store.get("entries", "a") is None
    assert list(store.scan("entries")) == []
    assert not path.parent.exists()


def test_files_are_private(path: Path) -> None:
    TinyStore(path).put("entries", "a", {})

    assert {name: stat.S_IMODE((path.parent / name).stat().st_mode) for name in folder(path)} == {
        "store.jsonl": 0o600,
        "store.jsonl.lock": 0o600,
    }


def test_scratch_reads_the_file_and_leaves_it_alone(path: Path) -> None:
    real = TinyStore(path)
    real.put_many("entries", {"a": {"n": 1}, "b": {"n": 2}})
    before = folder(path)

    scratch = TinyStore(path, scratch=True)
    scratch.db.table("entries").update({"seen": True}, where("n") == 1)
    scratch.delete("entries", ["b"])
    scratch.compact()
    assert list(scratch.scan("entries")) == [("a", {"n": 1, "seen": True})]
    assert folder(path) == before

    assert [key for key, _ in real.scan("entries")] == ["a", "b"]


def test_scratch_takes_no_lock(path: Path) -> None:
    real = TinyStore(path)
    with real.transaction():
        real.put("entries", "a", {})
        TinyStore(path, scratch=True, patience=0).put("entries", "b", {})


def test_another_store_sees_what_was_committed(path: Path) -> None:
    writer, reader = TinyStore(path), TinyStore(path)
    assert reader.count("entries") == 0
    writer.put("entries", "a", {"n": 1})
    assert reader.get("entries", "a") == {"n": 1}
    with writer.transaction():
        writer.put("entries", "a", {"n": 2})
        assert reader.get("entries", "a") == {"n": 1}
    table = reader.db.table("entries")
    assert table.search(where("n") == 2) == [{"n": 2}]
    writer.put("entries", "twin", {"n": 2})
    assert table.search(where("n") == 2) == [{"n": 2}, {"n": 2}]
    writer.delete("entries", ["twin"])
    reader.put("entries", "b", {})
    assert writer.count("entries") == 2


def test_a_second_writer_is_told_who_keeps_it_waiting(path: Path) -> None:
    first, second = TinyStore(path), TinyStore(path, patience=0.05)
    with (
        first.transaction(),
        pytest.raises(StoreBusy, match=r"store\.jsonl: another process has been writing for 0\.05"),
    ):
        second.put("entries", "a", {})

    second.put("entries", "a", {})
    assert first.count("entries") == 1


def test_threads_take_turns(path: Path) -> None:
    store = TinyStore(path)
    store.put("counters", "n", {"value": 0})

    def count() -> None:
        for _ in range(25):
            with store.transaction():
                counter = store.get("counters", "n")
                assert counter is not None
                store.put("counters", "n", {"value": counter["value"] + 1})
            assert len(list(store.scan("counters"))) == 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.get("counters", "n") == {"value": 100}


def test_a_newer_format_is_refused(path: Path) -> None:
    path.parent.mkdir()
    text = '{"format":"syndicator-journal","version":2}\n{"entries":{"a":{}}}\n'
    path.write_text(text)

    for use in (lambda store: store.get("entries", "a"), lambda store: store.put("entries", "b", {})):
        with pytest.raises(StoreError, match=r"newer version of this program \(format 2"):
            use(TinyStore(path))
    assert path.read_text() == text


@pytest.mark.parametrize("text", ["my shopping list\n", "my shopping list", '{"entries": {}}\n', "[]\n[]\n"])
def test_a_file_of_something_else_is_left_alone(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)

    with pytest.raises(StoreDamaged, match=r"damaged in line 1 .*nothing was changed"):
        TinyStore(path).put("entries", "a", {})
    assert path.read_text() == text


def test_the_file_of_stock_tinydb_is_left_alone(path: Path) -> None:
    TinyDB(path, create_dirs=True).insert({"n": 1})
    before = path.read_bytes()

    with pytest.raises(StoreDamaged):
        TinyStore(path).put("entries", "a", {})
    assert path.read_bytes() == before


def test_a_symbolic_link_stays_one(path: Path, tmp_path: Path) -> None:
    TinyStore(path).put("entries", "a", {})
    link = tmp_path / "link.jsonl"
    link.symlink_to(path)

    store = TinyStore(link)
    store.compact()
    store.put("entries", "b", {})

    assert link.is_symlink()
    assert TinyStore(path).count("entries") == 2
    assert {file.name for file in tmp_path.iterdir()} == {"data", "link.jsonl"}
