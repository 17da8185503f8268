"""One writer at a time: between instances, between this lock and filelock's, and over a lock file that was removed."""

from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from ledger.store.turns import Turns


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl.lock"


def test_one_has_it_and_then_the_other(path):
    one, other = Turns(path, 0), Turns(path, 0)
    assert one.take()
    assert not other.take()
    one.give_up()
    assert other.take()
    assert not one.take()
    other.give_up()


def test_filelock_and_this_keep_each_other_out(path):
    ours, theirs = Turns(path, 0), FileLock(path, 0)
    assert ours.take()
    with pytest.raises(Timeout):
        theirs.acquire()
    ours.give_up()
    with theirs:
        assert not ours.take()
    assert ours.take()
    ours.give_up()


def test_a_lock_file_that_was_removed_is_made_anew(path):
    turns = Turns(path, 0)
    assert turns.take()
    path.unlink()
    turns.give_up()
    assert turns.take()
    assert path.exists()
    turns.give_up()


def test_what_cannot_be_opened_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        Turns(tmp_path / "nowhere" / "lock", 0).take()
