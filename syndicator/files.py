"""Write a whole file so that a crash leaves either the old one or the new one, never half of one."""

from __future__ import annotations

import glob
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from time import time

from ledger.store.durable import make_folder, sync_folder

#: How old (seconds) a new file is that nobody is writing any more: whoever began it was killed.
_FORSAKEN = 3600


def replace_file(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write `data` to a new file beside `path`, make it durable, and put it in the place of the old one.

    The new file has `mode` from its first byte on. Raises OSError; the old file is then untouched. What killed
    processes left of their new files is removed after an hour.
    """
    make_folder(path.parent)
    _sweep(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            Path(name).chmod(mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _sweep(path: Path) -> None:
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.new"):
        with suppress(OSError):
            if time() - left.stat().st_mtime > _FORSAKEN:
                left.unlink()
