"""Files that survive a crash: every function here returns only when its bytes are on the disk.

Knows nothing of documents or journals. Errors are plain `OSError`; `trouble` turns one into a sentence with a remedy.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ledger.store.base import StoreError

#: Only its owner may read what the ledger knows about people.
PRIVATE = 0o600

_BINARY: int = getattr(os, "O_BINARY", 0)  # Windows would turn \n into \r\n
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_MISPLACED = {errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOENT}


def trouble(path: Path, error: OSError, what: str) -> StoreError:
    """Say which file could not be read or written (`what`), why, and what a person can do."""
    if error.errno in _FULL:
        remedy = "free some space on that disk, then try again"
    elif error.errno in _REFUSED:
        remedy = "make the file and its folder readable and writable for this user"
    elif error.errno in _MISPLACED:
        remedy = "check that the path is right and that each part of it but the last is a folder"
    else:
        remedy = "check the disk, and keep a copy of the file before trying again"
    return StoreError(f"{path} could not be {what}: {error.strerror or error}; {remedy}")


def make_folder(folder: Path) -> None:
    """Create a folder and its parents, each durably."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make created, replaced and removed names in a folder durable (Windows has no such call and needs none)."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def append(path: Path, at: int, data: bytes) -> os.stat_result:
    """Append to a file that is `at` bytes long, creating it when `at` is 0; give its state afterwards.

    When anything fails, the file is cut back to `at` bytes as well as the disk allows.
    """
    create = os.O_CREAT if at == 0 else 0
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | _BINARY | create, PRIVATE)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
        if create:
            sync_folder(path.parent)
        return os.fstat(descriptor)
    except BaseException:
        with suppress(OSError):
            os.ftruncate(descriptor, at)
            os.fsync(descriptor)
        raise
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte: one call may stop short when a disk fills up or a signal arrives."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def write_file(path: Path, pieces: Iterable[bytes], *, new: bool = False) -> None:
    """Write a private file from pieces, over an old one unless it must be `new` (else `FileExistsError`).

    A file that could not be written whole is removed. The folder is left for the caller to sync.
    """
    mode = os.O_EXCL if new else os.O_TRUNC
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | _BINARY | mode, PRIVATE)
    try:
        for piece in pieces:
            write_all(descriptor, piece)
        os.fsync(descriptor)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    finally:
        os.close(descriptor)


def cut(path: Path, length: int) -> os.stat_result:
    """Shorten a file to `length` bytes and give its state afterwards."""
    descriptor = os.open(path, os.O_WRONLY | _BINARY)
    try:
        os.ftruncate(descriptor, length)
        os.fsync(descriptor)
        return os.fstat(descriptor)
    finally:
        os.close(descriptor)
