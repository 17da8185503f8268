"""The lock of a run, seen at the moments when its owner has no name."""

from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from syndicator import workspace
from syndicator.settings import load
from syndicator.workspace import Busy, Workspace


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    settings = tmp_path / "syndicator.toml"
    settings.write_text("")
    (tmp_path / "data").mkdir()
    return Workspace(load(settings))


@pytest.fixture
def held(space: Workspace) -> FileLock:
    """The lock, in the hands of somebody who has not said a name."""
    lock = FileLock(space.settings.data_folder / "run.lock")
    lock.acquire()
    return lock


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[], object]], list[float]]:
    """Let something happen during the n-th wait of whoever asks for the lock."""

    def arrange(number: int, act: Callable[[], object]) -> list[float]:
        waits: list[float] = []

        def sleep(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == number:
                act()

        monkeypatch.setattr(workspace.time, "sleep", sleep)
        return waits

    return arrange


def test_an_owner_that_is_slow_to_say_its_name_is_named(space: Workspace, held: FileLock, meanwhile: Callable) -> None:
    owner = space.settings.data_folder / "run.owner"
    waits = meanwhile(60, lambda: owner.write_text("process 7 on oak, since 2026-11-03 08:00:00 UTC\n"))
    with (
        pytest.raises(Busy, match=r"^a run is on \(process 7 on oak, since 2026-11-03 08:00:00 UTC\); try again"),
        space.lock(),
    ):
        pass
    assert len(waits) == 60
    held.release()


def test_an_owner_that_was_about_to_leave_is_followed(space: Workspace, held: FileLock, meanwhile: Callable) -> None:
    waits = meanwhile(3, held.release)
    with space.lock() as died:
        assert died == ""
    assert len(waits) == 3


def test_an_owner_without_a_name_is_not_waited_for_for_ever(
    space: Workspace, held: FileLock, meanwhile: Callable
) -> None:
    waits = meanwhile(0, lambda: None)
    with pytest.raises(Busy, match="another process"), space.lock():
        pass
    assert 5 < sum(waits) < 15
    held.release()
