"""A folder for the demonstration, apart from all that is the user's, of which nothing is left in the end.

Whatever ends it (the end, an error, Ctrl-C, SIGTERM, a closed terminal), the folder goes. No settings, credentials or
keyring of the user are looked at meanwhile.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from syndicator import stop

#: A closed terminal, where the system tells of it.
_HUNG_UP = (signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()
_OURS = "SYNDICATOR_"
#: A keyring that is empty and stays so.
_NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}


class NoPlace(Exception):
    """The folder to keep the world in can't be used; the message says why and what to do."""


@contextmanager
def folder(keep: Path | None = None) -> Iterator[Path]:
    """An empty folder for as long as the block lasts, or `keep`, which stays. Raises NoPlace.

    A signal is kept for `stop.check`; those that follow are ignored, so that nothing keeps from cleaning up.
    """
    with stop.listening(_HUNG_UP, second=_not_twice), _nobodys_environment():
        if keep:
            yield _made(keep)
            return
        made = Path(tempfile.mkdtemp(prefix="syndicator-demo-"))
        try:
            yield made
        finally:
            shutil.rmtree(made)


def _not_twice(_number: int, _frame: FrameType | None) -> None:
    """The first signal was heard; what is begun takes no second."""


def _made(keep: Path) -> Path:
    """A new or empty folder."""
    try:
        keep.mkdir(parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise NoPlace(f"{keep} has files in it; name a folder that is empty or not there yet")
    except OSError as error:
        raise NoPlace(f"{keep} can't be used: {error.strerror or error}; name another folder") from error
    return keep.absolute()


@contextmanager
def _nobodys_environment() -> Iterator[None]:
    """Without variables of ours, which name the user's settings and credentials, and without a keyring."""
    before = dict(os.environ)
    for name in [name for name in before if name.startswith(_OURS)]:
        del os.environ[name]
    os.environ.update(_NO_KEYRING)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
