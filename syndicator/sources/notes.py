"""Files of one's own short texts, used in rotation. Reading only; which text is next is for the plan to say."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from syndicator.sources.base import Source, SourceError

#: What begins other words for some accounts or networks; not the words of a Markdown link.
_FOR = re.compile(r"\s*\[on\s([^\[\]]*)\](?!\()", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Note:
    """One short text. `id` is made from its words alone: moving it changes nothing, editing makes it new.

    `variants` are other words for some accounts or networks, by their names in lower case: "" where none is named.
    Without a `text` the note is for these alone; where there is one, it stays the same note whatever variants it has.
    """

    id: str
    text: str
    variants: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """What it is called as an article."""
        return f"note:{self.id}"

    @property
    def title(self) -> str:
        """What it is shown as: its text, or the first of its variants."""
        return self.text or next(iter(self.variants.values()), "")

    def words_for(self, account: str, platform: str) -> str:
        """What it says on one account: the words for it, else those for its network, else the text; maybe nothing."""
        own = (self.variants.get(name.casefold()) for name in (account, platform))
        return next(filter(None, own), self.text)


@dataclass(frozen=True, slots=True)
class Notes:
    """A file of notes as it was read; `path` is absolute, `source` the file as a source."""

    path: Path
    notes: tuple[Note, ...]
    per_day: int | None = None

    @property
    def source(self) -> Source:
        """The file as a source of articles."""
        return Source(self.path.as_uri(), "notes", per_day=self.per_day)


def read_file(path: Path, per_day: int | None = None) -> Notes:
    """Read a file of notes. Raises SourceError when it isn't there, can't be read or is no UTF-8 text."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        remedy = "put the file of notes there, or mend `file` in the settings"
        raise SourceError(str(path), f"can't be read: {error.strerror or error}", remedy) from error
    except UnicodeDecodeError as error:
        raise SourceError(str(path), f"is not UTF-8 text at byte {error.start}", "save it as UTF-8") from error
    return Notes(path, read_notes(text), per_day)


def read_notes(text: str) -> tuple[Note, ...]:
    """Read notes: one per paragraph, blank lines between. Lines starting with "# " are comments.

    The same text is one note, with the other words of all its paragraphs; the last of those for one account count.

    A hashtag at the start of a line is text: only a hash followed by a space, or by nothing, makes a comment. A line
    that starts with `[on NAME]` or `[on NAME, NAME]` begins other words for these accounts or networks.
    """
    lines = (line.rstrip() for line in text.removeprefix("\ufeff").splitlines())
    kept = "\n".join(line for line in lines if not line.startswith("# ") and line != "#")
    paragraphs = (paragraph.strip() for paragraph in re.split(r"\n\s*\n", kept))
    notes: dict[str, Note] = {}
    for note in map(_note, filter(None, paragraphs)):
        if note.title:
            before = notes.get(note.id, note)
            notes[note.id] = replace(note, variants={**before.variants, **note.variants})
    return tuple(notes.values())


def astray(files: Iterable[Notes], accounts: Collection[str], networks: Collection[str]) -> list[str]:
    """A sentence for each name that some words are for and nobody has: a misspelt one silences them. Pure."""
    known = {name.casefold() for name in (*accounts, *networks)}
    told = []
    for file in files:
        for name in dict.fromkeys(name for note in file.notes for name in note.variants if name not in known):
            like = get_close_matches(name, sorted(known), 1)
            meant = f"did you mean {like[0]}?" if like else f"accounts: {', '.join(accounts) or 'none yet'}"
            told.append(f"{file.path}: [on {name}] names no account or network, so nobody gets its words ({meant})")
    return told


def _note(paragraph: str) -> Note:
    """One paragraph, taken apart where a line says whom the words after it are for."""
    text: list[str] = []
    variants: dict[str, list[str]] = {}
    part = text
    for line in paragraph.splitlines():
        if marker := _FOR.match(line):
            part = []
            names = [name.strip().casefold() for name in marker[1].split(",")]
            variants |= dict.fromkeys(filter(None, names), part) or {"": part}
            line = line[marker.end() :]
        part.append(line)
    words = {name: "\n".join(lines).strip() for name, lines in variants.items()}
    common = "\n".join(text).strip()
    return Note(_id(common or paragraph), common, {name: said for name, said in words.items() if said})


def _id(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]
