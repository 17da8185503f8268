"""Files of one's own short texts, used in rotation. Reading only; which text is next is for the plan to say."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from syndicator.sources.base import SourceError


@dataclass(frozen=True, slots=True)
class Note:
    """One short text. `id` is made from its words alone: moving it changes nothing, editing makes it new."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Notes:
    """A file of notes as it was read; `path` is absolute."""

    path: Path
    notes: tuple[Note, ...]


def read_file(path: Path) -> Notes:
    """Read a file of notes. Raises SourceError when it isn't there, can't be read or is no UTF-8 text."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        remedy = "put the file of notes there, or mend `file` in the settings"
        raise SourceError(str(path), f"can't be read: {error.strerror or error}", remedy) from error
    except UnicodeDecodeError as error:
        raise SourceError(str(path), f"is not UTF-8 text at byte {error.start}", "save it as UTF-8") from error
    return Notes(path, read_notes(text))


def read_notes(text: str) -> tuple[Note, ...]:
    """Read notes: one per paragraph, blank lines between, the same text once. Lines starting with "# " are comments.

    A hashtag at the start of a line is text: only a hash followed by a space, or by nothing, makes a comment.
    """
    lines = (line.rstrip() for line in text.removeprefix("\ufeff").splitlines())
    kept = "\n".join(line for line in lines if not line.startswith("# ") and line != "#")
    paragraphs = (paragraph.strip() for paragraph in re.split(r"\n\s*\n", kept))
    return tuple(Note(_id(paragraph), paragraph) for paragraph in dict.fromkeys(filter(None, paragraphs)))


def _id(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]
