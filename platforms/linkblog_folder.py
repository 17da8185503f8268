"""A linkblog on disk: the list of its entries, and the files made from it. No file is ever seen half written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

import msgspec

from platforms.linkblog_book import Book
from platforms.linkblog_files import File

#: Which mark each file was made from, so that only what changed is made; written last, and safe to delete.
MADE = ".made.json"
#: What may be removed when it is no longer made.
_OURS = re.compile(r"archive/(?:[0-9]+\.(?:html|xml|json)|index\.html)")


def read_book(folder: Path) -> Book:
    """The entries, or a new book. Raises msgspec.DecodeError for a damaged list."""
    try:
        return msgspec.json.decode((folder / "links.json").read_bytes(), type=Book)
    except FileNotFoundError:
        return Book(1, f"urn:uuid:{uuid4()}", [])


def write_book(folder: Path, book: Book) -> None:
    """Keep the entries for good; not written when they are kept so already."""
    path, content = folder / "links.json", msgspec.json.format(msgspec.json.encode(book), indent=1)
    if not path.exists() or path.read_bytes() != content:
        write(path, content)
        _sync(folder)


def make_folder(folder: Path) -> None:
    """Have a folder and those above it, each durably."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)


def make(folder: Path, files: Iterable[File]) -> None:
    """Make what is missing or was made from something else, and remove what belongs to the linkblog no more.

    What a crash left unmade is made by the next call.
    """
    wanted = {file.name: file for file in files}
    made = _made(folder)
    stale = [file for file in wanted.values() if made.get(file.name) != file.mark or not (folder / file.name).exists()]
    gone = [name for name in made if name not in wanted]
    if not stale and not gone:
        return
    make_folder(folder / "archive")
    for file in stale:
        write(folder / file.name, file.make().encode())
    for name in filter(_OURS.fullmatch, gone):
        (folder / name).unlink(missing_ok=True)
    _sync(folder / "archive")
    _sync(folder)
    write(folder / MADE, msgspec.json.encode({file.name: file.mark for file in wanted.values()}))


def write(path: Path, content: bytes) -> None:
    """Replace a file at once by one whose bytes are on the disk."""
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _made(folder: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode((folder / MADE).read_bytes(), type=dict[str, str])
    except (FileNotFoundError, msgspec.DecodeError):
        return {}


def _sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    if os.name != "posix":
        return  # elsewhere a folder can't be synced
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
