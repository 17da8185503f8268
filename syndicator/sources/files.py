"""Local files behind file: URLs, read like answers from the web: with a validator and a cap."""

from __future__ import annotations

import stat
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from syndicator.sources.answer import Failure

_REMEDY = "put the file there, or name another"


def read(url: str, etag: str, limit: int) -> tuple[bytes | None, str]:
    """Give the content, None when it is unchanged since `etag`, and the file's present etag (from time and size).

    Raises Failure when there is no such regular file, or more than `limit` bytes in it.
    """
    parts = urlsplit(url)
    if parts.netloc not in {"", "localhost"}:
        raise Failure("names a file on another machine", "copy it here")
    path = Path(url2pathname(parts.path))
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise Failure("is not a file", _REMEDY)
        if about.st_size > limit:
            raise Failure(f"holds more than {limit / 1_000_000:g} MB", "shorten it")
        present = f"{about.st_mtime_ns}-{about.st_size}"
        return (None if present == etag else path.read_bytes()), present
    except FileNotFoundError as error:
        raise Failure("no such file", _REMEDY) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise Failure(f"can't be read: {getattr(error, 'strerror', None) or error}", _REMEDY) from error
