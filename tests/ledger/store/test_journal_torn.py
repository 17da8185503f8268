"""What a crash or a stray edit leaves in the file: torn tails are set aside, damage is named and left alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.store.base import StoreDamaged
from ledger.store.tiny import TinyStore

LINES = (
    b'{"format":"syndicator-journal","version":1,"id":"0123456789abcdef"}\n',
    '{"entries":{"a":{"who":"Zoë"}}}\n'.encode(),
    b'{"entries":{"b":{"n":1}},"people":{"ada":{}}}\n',
    b'{"entries":{"a":null,"c":{"n":[1,{"x":"\\n"}]}}}\n',
)
WHOLE = b"".join(LINES)
STATES = (
    {},
    {"a": {"who": "Zoë"}},
    {"a": {"who": "Zoë"}, "b": {"n": 1}},
    {"b": {"n": 1}, "c": {"n": [1, {"x": "\n"}]}},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.jsonl"


def torn_files(path: Path) -> list[bytes]:
    return [file.read_bytes() for file in sorted(path.parent.glob("*.torn-*"))]


def clear(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def test_cut_at_every_byte_it_opens_at_the_last_whole_transaction_and_can_be_written(path: Path) -> None:
    for length in range(len(WHOLE) + 1):
        clear(path.parent)
        path.write_bytes(WHOLE[:length])
        whole = WHOLE[:length].count(b"\n")
        kept = sum(map(len, LINES[:whole]))
        state = STATES[max(0, whole - 1)]

        assert dict(TinyStore(path).scan("entries")) == state, length
        assert path.read_bytes() == WHOLE[:length], "reading changes nothing"

        TinyStore(path).put("entries", "new", {})
        assert dict(TinyStore(path).scan("entries")) == {**state, "new": {}}, length
        if kept:
            assert path.read_bytes() == WHOLE[:kept] + b'{"entries":{"new":{}}}\n'
        assert torn_files(path) == ([WHOLE[kept:length]] if length > kept else [])


@given(garbage=st.binary(min_size=1, max_size=40).filter(lambda tail: b"\n" not in tail), newline=st.booleans())
def test_any_unreadable_last_line_is_set_aside(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes, newline: bool
) -> None:
    path = tmp_path_factory.mktemp("garbage") / "store.jsonl"
    tail = b"\0" + garbage + (b"\n" if newline else b"")  # begins as a power cut leaves it: no JSON does
    path.write_bytes(WHOLE + tail)

    assert dict(TinyStore(path).scan("entries")) == STATES[-1]
    TinyStore(path).put("entries", "new", {})

    assert torn_files(path) == [tail]
    assert path.read_bytes() == WHOLE + b'{"entries":{"new":{}}}\n'


@pytest.mark.parametrize(
    "tail", [b"\0" * 4096, b"\xff\n", b"[]\n", b'{"entries":{"a":1}}\n', b'{"entries":[]}', b"{}{\n"]
)
def test_tails_of_many_kinds(path: Path, tail: bytes) -> None:
    path.write_bytes(WHOLE + tail)

    TinyStore(path).put("entries", "new", {})

    assert torn_files(path) == [tail]
    assert dict(TinyStore(path).scan("entries")) == {**STATES[-1], "new": {}}


def test_a_file_of_zeros_is_an_empty_store(path: Path) -> None:
    path.write_bytes(b"\0" * 512)

    TinyStore(path).put("entries", "new", {})

    assert torn_files(path) == [b"\0" * 512]
    assert TinyStore(path).count("entries") == 1


def test_two_torn_tails_within_a_second_are_both_kept(path: Path) -> None:
    for tail in (b'{"one', b'{"two', b'{"three'):
        with path.open("ab") as file:
            file.write((b"" if path.stat().st_size else WHOLE) + tail)
        TinyStore(path).put("entries", tail.decode(), {})

    assert sorted(torn_files(path)) == [b'{"one', b'{"three', b'{"two']
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in path.parent.glob("*.torn-*"))


def test_an_open_store_sees_a_tail_torn_meanwhile(path: Path) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {})
    with path.open("ab") as file:
        file.write(b'{"entries":{"b":')

    assert store.count("entries") == 1
    store.put("entries", "c", {})
    assert [key for key, _ in TinyStore(path).scan("entries")] == ["a", "c"]
    assert torn_files(path) == [b'{"entries":{"b":']


@pytest.mark.parametrize("bad", [b"", b"\0", b"\xff", b"{", b"[]", b'{"entries":{"a":1}}'])
@pytest.mark.parametrize("number", [2, 3])
def test_a_damaged_line_before_the_last_is_named_and_nothing_is_changed(path: Path, number: int, bad: bytes) -> None:
    lines = list(LINES)
    lines[number - 1] = bad + b"\n"
    path.write_bytes(b"".join(lines))
    path.with_name("store.jsonl.bak").write_bytes(WHOLE)
    if bad == b"":  # an empty line tells nothing, so it harms nothing
        assert TinyStore(path).get("people", "ada") == ({} if number == 2 else None)
        return

    store = TinyStore(path)
    for _ in range(2):
        with pytest.raises(StoreDamaged, match=rf"store\.jsonl is damaged in line {number} .*store\.jsonl\.bak"):
            store.get("entries", "a")
        with pytest.raises(StoreDamaged):
            store.put("entries", "new", {})
    assert path.read_bytes() == b"".join(lines)
    assert torn_files(path) == []


def test_damage_in_front_of_a_torn_tail_is_still_damage(path: Path) -> None:
    path.write_bytes(WHOLE + b"\0\n" + b'{"entr')

    with pytest.raises(StoreDamaged, match="line 5 "):
        TinyStore(path).put("entries", "new", {})


def test_a_mended_file_is_read_by_the_same_store(path: Path) -> None:
    path.write_bytes(LINES[0] + b"oops\n" + LINES[2])
    store = TinyStore(path)
    with pytest.raises(StoreDamaged):
        store.count("entries")

    path.write_bytes(LINES[0] + LINES[2])

    assert store.count("entries") == 1


def test_the_line_is_named_also_when_it_came_later(path: Path) -> None:
    path.write_bytes(WHOLE)
    store = TinyStore(path)
    assert store.count("entries") == 2
    with path.open("ab") as file:
        file.write(LINES[1] + b"oops\n" + LINES[2])

    with pytest.raises(StoreDamaged, match="line 6 "):
        store.count("entries")


def test_a_line_taken_back_and_written_over_is_noticed(path: Path) -> None:
    path.write_bytes(WHOLE)
    store = TinyStore(path)
    assert store.get("entries", "c") is not None

    with path.open("r+b") as file:
        file.seek(len(WHOLE) - len(LINES[3]))
        file.write(b'{"entries":{"other":{"long enough":"to go past the place where the store had stopped"}}}\n')
        file.truncate()

    assert [key for key, _ in store.scan("entries")] == ["a", "b", "other"]


def test_another_file_in_its_place_is_noticed_even_if_it_ends_alike(path: Path) -> None:
    path.write_bytes(LINES[0] + LINES[1] + LINES[2] * 3)
    store = TinyStore(path)
    assert store.get("entries", "a") == {"who": "Zoë"}

    restored = path.with_name("restored")
    restored.write_bytes(LINES[0] + LINES[1].replace(b"Zo", b"Bo") + LINES[2] * 3)
    restored.replace(path)

    assert store.get("entries", "a") == {"who": "Boë"}


def test_a_file_removed_or_put_back_is_noticed(path: Path) -> None:
    store = TinyStore(path)
    store.put("entries", "a", {})
    kept = path.read_bytes()

    path.unlink()
    assert store.count("entries") == 0
    path.write_bytes(kept)
    assert store.count("entries") == 1


def test_a_transaction_larger_than_one_read(path: Path) -> None:
    documents = {f"{n:05}": {"text": "x" * 1000} for n in range(9_000)}
    TinyStore(path).put_many("entries", documents)
    TinyStore(path).put("entries", "last", {})
    with path.open("ab") as file:
        file.write(b'{"entries":{"' + b"x" * 5_000_000)

    store = TinyStore(path)
    assert store.count("entries") == 9_001
    store.put("entries", "more", {})
    assert len(torn_files(path)[0]) == 5_000_013


def test_a_number_that_no_document_can_hold_is_damage_when_it_is_read(path: Path) -> None:
    path.write_bytes(WHOLE + b'{"people":{"bob":{"cadence":1e999}}}\n')
    store = TinyStore(path)

    assert dict(store.scan("entries")) == STATES[-1]
    with pytest.raises(StoreDamaged, match="'bob' can't be read"):
        dict(store.scan("people"))
    with pytest.raises(StoreDamaged, match="'bob' can't be read"):
        store.get("people", "bob")
