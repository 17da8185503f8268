"""A state file that was cut, edited or taken over: a clear refusal with the way back, and nothing posted twice after.

What the store does with every kind of damage is tested in tests/ledger/store; here, what its owner sees.
"""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from counterparts.desk import Desk, item, rss

from platforms.memory import world

COMMANDS = [
    ("run",),
    ("plan",),
    ("queue",),
    ("sources",),
    ("judge",),
    ("share", "https://ada.example/9", "--text", "Nine"),
]
LEDGER_COMMANDS = [
    ("ledger", "owe"),
    ("ledger", "why", "ada.example"),
    ("ledger", "add", "link", "bob.example"),
    ("run",),
]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An owner who was linked to, after two runs."""
    desk = Desk(tmp_path)
    link = 'As <a href="https://robin.example/1">Robin</a> says. '
    desk.feed(rss(item(1, body=f"<![CDATA[{link * 5}]]>")))
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    desk.run("run")
    desk.feed(rss(*(item(n, body=f"<![CDATA[{link * 5}]]>") for n in (1, 2))))
    desk.run("run")
    return desk


def posted(desk: Desk) -> list[str]:
    return [post["url"] for post in world("pond", str(desk.folder / "pond.jsonl")).posts()]


def refusal(desk: Desk, *words: str) -> str:
    """The one sentence that a command refuses with, having posted nothing."""
    before = posted(desk)
    done = desk.run(*words, expect=1)
    assert posted(desk) == before
    [line] = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    return line


def bring_back(told: str, desk: Desk) -> None:
    """Type what the refusal says."""
    command = shlex.split(told.partition("To bring the newest backup back: ")[2].partition(";")[0])
    assert command[0] == "cp"
    assert "/backups/" in command[1]
    subprocess.run(command, check=True)


def nothing_is_lost(desk: Desk) -> None:
    before = posted(desk)
    assert desk.json("run")["posted"] == []
    assert posted(desk) == before
    assert len(before) == len(set(before)) == 2
    entries = [line for line in desk.run("ledger", "why", "ada.example").stdout.splitlines() if "ada.example" in line]
    assert len(entries) >= 4


def cut_in_a_line(data: bytes) -> bytes:
    return data[: len(data) // 2]


def cut_at_a_line(data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[:-1])


def a_line_is_broken(data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join([lines[0], lines[1].replace(b'"', b"'", 1), *lines[2:]])


def the_last_line_is_broken(data: bytes) -> bytes:
    return data[:-2] + b"\n"


def emptied(_data: bytes) -> bytes:
    return b""


def another_programs(_data: bytes) -> bytes:
    return b'{"milk": 1}\n{"eggs": 6}\n'


def a_hole(data: bytes) -> bytes:
    return data[:400] + b"\0" * 50 + data[450:]


DAMAGES = [cut_in_a_line, cut_at_a_line, a_line_is_broken, the_last_line_is_broken, emptied, another_programs, a_hole]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda each: each.__name__)
@pytest.mark.parametrize(("name", "commands"), [("state.jsonl", COMMANDS), ("ledger.jsonl", LEDGER_COMMANDS)])
def test_a_damaged_file_is_refused_with_the_way_back(desk: Desk, name: str, commands: list, damage) -> None:
    path = desk.folder / "data" / name
    path.write_bytes(damage(path.read_bytes()))
    broken = path.read_bytes()
    for words in commands:
        told = refusal(desk, *words)
        assert str(path) in told, words
        assert f"backups/{name}.20" in told, words
        assert "is damaged in line " in told or "has lost its end" in told, words
        assert path.read_bytes() == broken

    bring_back(told, desk)
    nothing_is_lost(desk)


@pytest.mark.parametrize(("name", "commands"), [("state.jsonl", COMMANDS), ("ledger.jsonl", LEDGER_COMMANDS)])
def test_a_file_that_is_gone_is_no_first_run(desk: Desk, name: str, commands: list) -> None:
    """Taken for one, all that `first_run` allows would be posted again."""
    path = desk.folder / "data" / name
    path.unlink()
    for words in commands:
        told = refusal(desk, *words)
        assert f"{path} is gone" in told, words
        assert not path.exists()
    bring_back(told, desk)
    nothing_is_lost(desk)


def test_a_run_that_breaks_off_keeps_copies_all_the_same(desk: Desk) -> None:
    """Else a bug in what reads one network would make all backups as old as itself."""
    shutil.rmtree(desk.folder / "data" / "backups")
    bug = "from platforms.memory import Memory; Memory.interactions = lambda *_: [][0]"
    with pytest.raises(AssertionError, match="Traceback"):
        desk.run("run", python=bug, expect=1)
    for name in ("state.jsonl", "ledger.jsonl"):
        [copy] = (desk.folder / "data" / "backups").glob(f"{name}.*")
        assert copy.read_bytes() == (desk.folder / "data" / name).read_bytes()


def test_a_file_of_a_newer_version_is_refused(desk: Desk) -> None:
    path = desk.folder / "data" / "state.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"version":2', b'"version":99', 1))
    told = refusal(desk, "run")
    assert "newer version" in told
    assert "install" in told
    assert len(posted(desk)) == 2


def test_a_valid_edit_by_hand_is_taken(desk: Desk) -> None:
    """Longer, shorter, or a line that is gone: it is its owner's file."""
    path = desk.folder / "data" / "ledger.jsonl"
    for old, new in ((b"Pruning code", b"Pruning"), (b"Pruning", b"Pruning and grafting")):
        assert old in path.read_bytes()
        path.write_bytes(path.read_bytes().replace(old, new))
        assert desk.json("run")["posted"] == []
    nothing_is_lost(desk)


def test_a_damaged_file_does_not_cost_its_backups(desk: Desk) -> None:
    path = desk.folder / "data" / "state.jsonl"
    kept = {copy: copy.read_bytes() for copy in (desk.folder / "data" / "backups").iterdir()}
    assert {copy.name.partition(".jsonl.")[0] for copy in kept} == {"state", "ledger"}
    path.write_bytes(path.read_bytes()[:300])
    for _ in range(3):
        desk.run("run", expect=1)
    assert {copy: copy.read_bytes() for copy in (desk.folder / "data" / "backups").iterdir()} == kept
