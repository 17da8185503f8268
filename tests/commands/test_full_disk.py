"""A disk that is full, or may not be written: said in a sentence, nothing lost, and well again once that is mended."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts.desk import UNPRIVILEGED, Desk, item, rss
from counterparts.small_disk import mounted

from ledger.book import Book
from ledger.entry import Direction
from ledger.store.tiny import TinyStore
from platforms.memory import world
from syndicator.outbox import Outbox, State
from syndicator.upgrades import open_state

#: What is left free for a run, in pages of 4 KB: from nothing to enough.
PAGE, FREE = 4096, range(14)


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of 1 MB."""
    with mounted("1m", "tests/ledger/store has the same for a single store") as folder:
        yield folder


def leave(disk: Path, pages: int) -> Path:
    """Fill the disk but for so many pages; gives what fills it."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free
    filler.write_bytes(b"\0" * max(0, free - pages * PAGE))
    return filler


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two articles that link to the owner, for a network whose file is on another disk."""
    desk = Desk(tmp_path)
    link = 'As <a href="https://robin.example/1">Robin</a> says. '
    desk.feed(rss(*(item(n, body=f"<![CDATA[{link * 5}]]>") for n in (1, 2))))
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    return desk


def posted(desk: Desk) -> list[str]:
    return [post["url"] for post in world("pond", str(desk.folder / "pond.jsonl")).posts()]


def test_a_disk_that_fills_up_at_any_moment_of_a_run(disk: Path, desk: Desk) -> None:
    """With less and less room it ends sooner and sooner, and each time the next run does the rest."""
    told: Counter[str] = Counter()
    settings = desk.settings.read_text()
    for pages in FREE:
        home = disk / f"free{pages}"
        desk.settings.write_text(f'data = "{home}"\n{settings}')
        (desk.folder / "pond.jsonl").unlink(missing_ok=True)
        filler = leave(disk, pages)
        full = desk.run("run", expect=None)
        before = posted(desk)
        told[_sentence(full.returncode, full.stdout + full.stderr)] += 1
        assert len(set(before)) == len(before)

        filler.unlink()
        desk.run("run")
        assert sorted(posted(desk)) == ["https://ada.example/pruning/1", "https://ada.example/pruning/2"], pages
        posts = list(Outbox(open_state(home, scratch=True)))
        assert [(post.state, post.booked) for post in posts] == [(State.POSTED, True)] * 2, pages
        book = Book(TinyStore(home / "ledger.jsonl", scratch=True))
        assert Counter(entry.direction for entry in book.entries()) == {Direction.GIVEN: 2, Direction.RECEIVED: 2}
        assert not book.problems
        assert desk.json("run")["posted"] == []
        shutil.rmtree(home)
    assert told["well"] >= 1, told
    assert told["full"] >= 5, told
    assert told.total() == told["well"] + told["full"]


def _sentence(code: int, text: str) -> str:
    """What a run on a full disk says: which file, and what to do. `Desk` sees to it that there is no traceback."""
    if code == 0:
        return "well"
    assert code == 1
    assert "No space left on device" in text
    assert "free some space on that disk" in text
    return "full"


def test_a_linkblog_on_a_full_disk_waits_and_the_other_account_goes_on(disk: Path, desk: Desk) -> None:
    desk.add_account("links", "linkblog", {"folder": str(disk / "public")}, {})
    filler = leave(disk, 2)
    report = desk.json("run", expect=1)
    assert len(posted(desk)) == 2
    [failed] = [each for each in report["failed"] if each["account"] == "links"]
    assert "No space left on device" in failed["error"]
    assert str(disk / "public") in failed["error"]

    filler.unlink()
    desk.run("run", expect=None)  # what was being sent is asked for; what failed has its time
    for post in desk.json("queue"):
        if post["state"] == "queued":
            desk.run("queue", "skip", post["id"])
            desk.run("queue", "retry", post["id"])
    desk.run("run")
    entries = json.loads((disk / "public" / "feed.json").read_text("utf-8"))["items"]
    assert sorted(entry["external_url"] for entry in entries) == sorted(posted(desk))


def test_a_data_folder_that_may_not_be_written(desk: Desk) -> None:
    """What only reads goes on; what writes says which file and what to do; afterwards nothing is missing."""
    desk.run("run")
    data = desk.folder / "data"
    desk.feed(rss(item(1), item(2), item(3)))
    modes = {path: path.stat().st_mode for path in (data, *data.rglob("*"))}
    for path in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    commands = {
        ("plan",): 0,
        ("queue",): 0,
        ("sources",): 0,
        ("ledger", "owe"): 0,
        ("why", "https://ada.example/pruning/1"): 0,
        ("run", "--dry-run"): 0,
        ("run",): 1,
        ("share", "https://ada.example/other", "--text", "Other"): 1,
        ("ledger", "collect"): 1,
        ("ledger", "add", "link", "ada.example", "--url", "https://ada.example/9"): 1,
    }
    for words, code in commands.items():
        done = desk.run(*words, under=UNPRIVILEGED, expect=code)
        if code:
            assert f"error: {data}" in done.stderr, words
            assert "writable for this user" in done.stderr, words
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before
    assert len(posted(desk)) == 2

    for path, mode in modes.items():
        path.chmod(mode)
    assert len(desk.json("run")["posted"]) == 1


def test_a_settings_folder_that_may_not_be_written(desk: Desk) -> None:
    """A run needs none of it but its data; what would change the settings says that it can't."""
    desk.run("run")
    outside = desk.folder.parent / "other.xml"
    outside.write_text(rss(item(7), title="Bob", site="https://bob.example/"))
    text = desk.settings.read_text()
    desk.settings.chmod(0o444)
    desk.folder.chmod(0o555)
    try:
        refused = desk.run("add", outside.as_uri(), under=UNPRIVILEGED, expect=1)
        desk.run("run", under=UNPRIVILEGED)
    finally:
        desk.folder.chmod(0o755)
    assert "could not be written, and nothing was changed: Permission denied; make the file" in refused.stderr
    assert desk.settings.read_text() == text
