"""Files of earlier versions: read as those of today, stored so by the first writer, and kept as they were."""

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from dying import die_at

from ledger.store import upgrades
from ledger.store.base import StoreError
from ledger.store.tiny import TinyStore
from ledger.store.upgrades import Collections, Upgrade


def with_networks(old: Collections) -> Collections:
    """Version 2: who is named with a network."""
    entries = {key: {**entry, "who": f"web:{entry['who']}"} for key, entry in old.get("entries", {}).items()}
    return {**old, "entries": entries}


def in_people(old: Collections) -> Collections:
    """Version 3: people are a collection of their own, and drafts are no more."""
    people = {entry["who"]: {"acts": 1} for entry in old.get("entries", {}).values()}
    return {"entries": old.get("entries", {}), "people": people}


TWO: Sequence[Upgrade] = (with_networks, in_people)
ENTRIES = {"a": {"who": "web:ada"}, "b": {"who": "web:bob"}}
PEOPLE = {"web:ada": {"acts": 1}, "web:bob": {"acts": 1}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "store.jsonl"
    store = TinyStore(path)
    store.put_many("entries", {"a": {"who": "ada"}, "b": {"who": "bob"}})
    store.put("drafts", "x", {})
    return path


def version(path: Path) -> object:
    return json.loads(path.read_bytes().split(b"\n")[0])["version"]


def contents(store: TinyStore) -> dict[str, dict[str, object]]:
    return {name: found for name in ("entries", "people", "drafts") if (found := dict(store.scan(name)))}


@pytest.mark.parametrize("scratch", [False, True])
def test_a_reader_sees_todays_documents_and_leaves_the_file_alone(path: Path, scratch: bool) -> None:
    before = path.read_bytes()
    assert contents(TinyStore(path, scratch=scratch, upgrades=TWO)) == {"entries": ENTRIES, "people": PEOPLE}
    assert path.read_bytes() == before
    assert {file.name for file in path.parent.iterdir()} == {"store.jsonl", "store.jsonl.lock"}


def test_the_first_writer_stores_them_and_keeps_the_file_as_it_was(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = path.read_bytes()
    store = TinyStore(path, upgrades=TWO)
    with caplog.at_level(logging.WARNING):
        store.put("people", "web:eve", {"acts": 2})
    assert [line.getMessage() for line in caplog.records] == [
        f"{path}: upgraded from version 1 to 3; as it was it is kept in store.jsonl.version-1"
    ]
    assert path.with_name("store.jsonl.version-1").read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o600
    assert version(path) == 3
    expected = {"entries": ENTRIES, "people": {**PEOPLE, "web:eve": {"acts": 2}}}
    assert contents(store) == contents(TinyStore(path, upgrades=TWO)) == expected

    caplog.clear()
    TinyStore(path, upgrades=TWO).put("people", "web:eve", {"acts": 3})
    assert not caplog.records
    assert not path.with_name("store.jsonl.version-1-2").exists()


def test_only_what_is_behind_is_upgraded(path: Path) -> None:
    TinyStore(path, upgrades=TWO[:1]).put("drafts", "y", {})
    assert version(path) == 2
    assert contents(TinyStore(path, upgrades=TWO)) == {"entries": ENTRIES, "people": PEOPLE}


def test_a_new_file_is_of_the_newest_version(tmp_path: Path) -> None:
    store = TinyStore(tmp_path / "new.jsonl", upgrades=TWO)
    store.put("entries", "a", {"who": "as it is"})
    assert version(tmp_path / "new.jsonl") == 3
    assert TinyStore(tmp_path / "new.jsonl", upgrades=TWO).get("entries", "a") == {"who": "as it is"}


def test_an_earlier_program_refuses_what_was_upgraded_and_notices_it_meanwhile(path: Path) -> None:
    earlier = TinyStore(path)
    assert earlier.count("entries") == 2
    TinyStore(path, upgrades=TWO).put("people", "web:eve", {})
    upgraded = path.read_bytes()
    for store in (earlier, TinyStore(path)):
        with pytest.raises(StoreError, match=r"newer version .*\(format 3, .* up to 1\).*install the newer version"):
            store.put("entries", "c", {"who": "carol"})
    assert path.read_bytes() == upgraded


def test_what_an_earlier_program_adds_while_it_is_read_is_upgraded_too(path: Path) -> None:
    reader = TinyStore(path, upgrades=TWO)
    assert contents(reader)["entries"] == ENTRIES
    TinyStore(path).put("entries", "c", {"who": "carol"})
    assert contents(reader)["entries"] == {**ENTRIES, "c": {"who": "web:carol"}}
    assert "web:carol" in contents(reader)["people"]


def test_an_older_copy_brought_back_is_upgraded_again_and_kept_under_the_next_number(path: Path) -> None:
    older = path.read_bytes()
    TinyStore(path, upgrades=TWO).put("people", "web:eve", {})
    path.write_bytes(older)
    store = TinyStore(path, upgrades=TWO)
    store.put("people", "web:fay", {})
    assert contents(store)["people"] == {**PEOPLE, "web:fay": {}}
    assert path.with_name("store.jsonl.version-1-2").read_bytes() == older


def test_without_hard_links_a_copy_is_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: object, **named: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    before = path.read_bytes()
    TinyStore(path, upgrades=TWO).put("people", "web:eve", {})
    kept = path.with_name("store.jsonl.version-1")
    assert kept.read_bytes() == before
    assert kept.stat().st_mode & 0o777 == 0o600


def test_forgetting_leaves_nothing_of_earlier_versions(path: Path) -> None:
    store = TinyStore(path, upgrades=TWO)
    store.delete("entries", ["a"])
    store.drop_history()
    assert not [
        file
        for file in path.parent.rglob("*")
        if file.is_file() and b"ada" in file.read_bytes().replace(b"web:ada", b"")
    ]
    assert not list(path.parent.glob("*.version-*"))


def test_an_upgrade_changes_nothing_that_it_was_given(path: Path) -> None:
    tables = TinyStore(path)._storage._journal.tables
    TinyStore(path).count("entries")
    before = {name: dict(table) for name, table in tables.items()}
    upgrades.upgraded(tables, TWO)
    assert {name: dict(table) for name, table in tables.items()} == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_dying_at_any_step_of_an_upgrade_loses_nothing(tmp_path: Path) -> None:
    for step in range(60):
        path = tmp_path / str(step) / "store.jsonl"
        TinyStore(path).put_many("entries", {"a": {"who": "ada"}, "b": {"who": "bob"}})
        before = path.read_bytes()

        finished = die_at(step, lambda store: store.put("people", "web:eve", {}), path, upgrades=TWO) is None

        after = contents(TinyStore(path, upgrades=TWO))
        assert after["entries"] == ENTRIES
        assert {who: told for who, told in after["people"].items() if who != "web:eve"} == PEOPLE
        TinyStore(path, upgrades=TWO).put("people", "web:eve", {"acts": 2})
        assert version(path) == 3
        kept = list(path.parent.glob("*.version-1*"))
        assert [file.read_bytes() for file in kept] == [before]
        if finished:
            assert step > 5
            return
    pytest.fail("more steps than expected")
