"""Write a whole file so that a crash leaves either the old one or the new one, never half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ledger.store.durable import make_folder, sync_folder


def replace_file(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write `data` to a new file beside `path`, make it durable, and put it in the place of the old one.

    The new file has `mode` from its first byte on. Raises OSError; the old file is then untouched.
    """
    make_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
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
