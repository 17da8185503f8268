"""The log of what runs did, also those that a timer started: `syndicator.log` in the data folder, one line an event.

The one place where logging is set up. Only what our own modules say gets in, by `logging.getLogger(__name__)`: what
SDKs say is nobody's business and may hold tokens. A log that can't be written stops nothing; `doctor` tells of it.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from ledger.store.durable import PRIVATE, make_folder, write_all
from syndicator.files import replace_file

#: Bytes of one file, and how many there are: the one that is written to, and older ones with a number in their names.
SIZE, FILES = 1_000_000, 5

#: Our own loggers.
_OURS = ("syndicator", "platforms", "ledger")
#: No command reports what the store warns of, so that the person is told of it here.
_STORE = "ledger.store"
#: Characters of one line: strangers have a say in it.
_LONGEST = 1000
#: Seconds for another process to finish its line; after that ours is written all the same, and nothing is moved.
_PATIENCE = 5.0

_BINARY: int = getattr(os, "O_BINARY", 0)  # Windows would turn \n into \r\n
_LOGIN_IN_ADDRESS = re.compile(r"(?<=://)[^/\s@]{1,200}@")

_secrets: set[str] = set()


def hide(*secrets: str) -> None:
    """Have these never get into a log. Shorter ones than 8 characters are in every other word."""
    _secrets.update(secret for secret in secrets if len(secret) >= 8)


def write_to(path: Path | None, *, size: int = SIZE, files: int = FILES) -> None:
    """Log into a file from now on (None: into none): what happened, not each step."""
    _add(LogFile(path, size=size, files=files) if path else logging.NullHandler(), logging.INFO)
    store = logging.getLogger(_STORE)
    if not any(type(each) is _Warned for each in store.handlers):
        store.addHandler(_Warned(logging.WARNING))


def speak(stream: TextIO | None = None) -> None:
    """Tell each step as it happens, with the seconds since the start of the program: on stderr."""
    handler = _Spoken(stream or sys.stderr)
    handler.setFormatter(_Elapsed())
    _add(handler, logging.DEBUG)


def broke_off(error: Exception, *, is_bug: bool) -> None:
    """Tell of an error that ended a command, if anything is logged at all."""
    logger = logging.getLogger(__name__)
    if logging.getLogger("syndicator").handlers:
        logger.error("broke off: %s", f"a bug, {type(error).__name__}: {error}" if is_bug else error)


def _add(handler: logging.Handler, level: int) -> None:
    """One handler of each kind, at each of our loggers."""
    handler.setLevel(level)
    for name in _OURS:
        logger = logging.getLogger(name)
        for old in [each for each in logger.handlers if type(each) is type(handler)]:
            logger.removeHandler(old)
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel(min(each.level or logging.DEBUG for each in logger.handlers))


def line_of(record: logging.LogRecord) -> str:
    """What an event says, on one line that can steer no terminal, with no secret in it and of a bounded length."""
    text = _LOGIN_IN_ADDRESS.sub("", record.getMessage())
    for secret in _secrets:
        text = text.replace(secret, "…")
    text = " ".join("".join(char if char.isprintable() else " " for char in text[: 4 * _LONGEST]).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


class LogFile(logging.Handler):
    """Appends lines to a file, which becomes an older one when it is full, from any number of processes."""

    def __init__(self, path: Path, *, size: int = SIZE, files: int = FILES) -> None:
        super().__init__()
        self.path, self._size, self._files = path, size, files

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, whole or not at all."""
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        line = f"{when} {record.levelname} [{record.process}] {_part(record)}: {line_of(record)}\n"
        data = line.encode("utf-8", "replace")
        with suppress(OSError):  # a full disk, say: the work itself is what matters
            make_folder(self.path.parent)
            self._write(data)

    def _write(self, data: bytes) -> None:
        from filelock import FileLock, Timeout

        lock = FileLock(_lock_of(self.path))
        try:
            lock.acquire(timeout=_PATIENCE)
        except Timeout:
            self._append(data)
            return
        try:
            with suppress(FileNotFoundError):
                if self.path.stat().st_size + len(data) > self._size:
                    self._make_room()
            self._append(data)
        finally:
            lock.release()

    def _append(self, data: bytes) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _BINARY, PRIVATE)
        try:
            at = os.fstat(descriptor).st_size
            try:
                write_all(descriptor, data)
            except OSError:
                os.ftruncate(descriptor, at)
                raise
        finally:
            os.close(descriptor)

    def _make_room(self) -> None:
        older = older_files(self.path, self._files)
        for new, old in zip(reversed(older), [*reversed(older[:-1]), self.path], strict=True):
            with suppress(FileNotFoundError):
                old.replace(new)


def older_files(path: Path, files: int = FILES) -> list[Path]:
    """What older files of a log are called, the youngest first. Pure."""
    return [path.with_name(f"{path.stem}.{number}{path.suffix}") for number in range(1, files)]


def scrub(path: Path, tells: Callable[[str], bool], *, files: int = FILES) -> None:
    """Take the lines that tell of somebody out of a log and its older files. Raises OSError."""
    from filelock import FileLock

    if not path.parent.is_dir():
        return
    with FileLock(_lock_of(path), timeout=_PATIENCE):
        for each in filter(Path.exists, (path, *older_files(path, files))):
            lines = each.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
            kept = [line for line in lines if not tells(line)]
            if len(kept) < len(lines):
                replace_file(each, "".join(kept).encode(), mode=PRIVATE)


def _lock_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


class _Warned(logging.Handler):
    """Tells the person on stderr, who is told once."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say it, unless each step is told anyway."""
        if not any(type(each) is _Spoken for each in logging.getLogger("ledger").handlers):
            print(line_of(record), file=sys.stderr)  # noqa: T201


class _Spoken(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the library's name
        """Say nothing of a reader that left."""


class _Elapsed(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Such as `   1.2s  sending: posted on pond: …`."""
        return f"{record.relativeCreated / 1000:6.1f}s  {_part(record)}: {line_of(record)}"


def _part(record: logging.LogRecord) -> str:
    """The part of the program that speaks, without the packages around it."""
    return record.name.rpartition(".")[2]
