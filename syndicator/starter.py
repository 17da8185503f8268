"""The files that `syndicator init` writes: commented starter settings, or a sample world to try everything on.

Both come with the package as data, and nothing here overwrites a file. Asking the questions is for `cli`; finding a
blog's feed and reading OPML are for `sources`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomlkit

from syndicator.settings import SettingsError

SETTINGS = "syndicator.toml"

_LOCAL_TIME = "/etc/localtime"

#: The sample's files besides its settings; a folder stands for all its files.
_SAMPLE = ("blogroll.opml", "notes.txt", "feeds")

# English by their standards, whatever this machine speaks (RFC 822 section 5, which RSS 2.0 follows).
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(
    rf"(?P<weekday>{'|'.join(_WEEKDAYS)}), (?P<day>\d\d) (?P<month>{'|'.join(_MONTHS)}) (?P<year>\d{{4}})(?= \d\d:\d\d)"
    # A time, a tag's end or a quote follows a date; what merely looks like one in an address or a text stays as it is.
    r"|(?<![\w/.,-])(?P<iso>\d{4}-\d\d-\d\d)(?=T\d\d:\d\d|[<\"])"
)


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known about the owner. What stays empty keeps the starter's default, or stays commented out.

    `site` and `feed` are URLs; `blogroll` is the path (relative to the settings) or URL of an OPML file; `private` is a
    host in the owner's own house that may be asked.
    """

    name: str = ""
    site: str = ""
    feed: str = ""
    timezone: str = ""
    language: str = ""
    blogroll: str = ""
    private: str = ""


def config_folder() -> Traversable:
    """The packaged data: `config/` within the installed package, or beside it in a checkout."""
    installed = resources.files("syndicator") / "config"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "config"


def write_starter(path: Path, answers: Answers) -> list[Path]:
    """Write the starter settings to this file; return what was written: nothing, if there are settings already.

    Raises SettingsError when the folder can't be written.
    """
    return _write_new(path.parent, {path.name: starter_text(answers).encode()})


def check_folder(folder: Path) -> None:
    """SettingsError for a folder that nothing can be written to, before anybody answers questions for nothing."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not there.is_dir():
        raise SettingsError(f"{folder}: can't be written: {there} is no folder; choose another folder")
    if not os.access(there, os.W_OK):
        raise SettingsError(f"{folder}: can't be written: {there} is not yours to write; choose another folder")


def starter_text(answers: Answers) -> str:
    """The starter settings with the answers filled in, all comments kept."""
    text = (config_folder() / "starter.toml").read_text("utf-8")
    if answers.feed:
        text = _uncomment(text, 'kind = "own"')
    if answers.blogroll:
        text = _uncomment(text, "opml = ")
    document: Any = tomlkit.parse(text)
    for key in ("name", "timezone", "language"):
        if answer := getattr(answers, key):
            document["me"][key] = answer
    if answers.site:
        document["me"]["sites"] = [answers.site]
    if answers.private:
        document["fetch"]["allow_private"] = [answers.private]
    if answers.name:
        document["accounts"]["links"]["title"] = f"{answers.name}'s links"
    for source in document.get("sources", ()):
        key = "feed" if source["kind"] == "own" else "opml"
        source[key] = answers.feed if key == "feed" else answers.blogroll
    return tomlkit.dumps(document)


def system_zone() -> str:
    """The name of this machine's time zone (`Europe/London`); empty when it does not say, as on Windows.

    `TZ` comes first, as everywhere; then where the link /etc/localtime leads: below a folder `zoneinfo`.
    """
    told = os.environ.get("TZ", "").removeprefix(":") or os.path.realpath(_LOCAL_TIME)
    name = re.sub(r".*/zoneinfo[^/]*/(?:posix/|right/)?", "", told)
    return name if is_zone(name) else ""


def is_zone(name: str) -> bool:
    """Whether a time zone has this name."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    return True


def write_sample(folder: Path, now: datetime) -> list[Path]:
    """Copy the sample world, its newest article dated yesterday (UTC); return what was written.

    A folder that has settings is left alone: the result is empty. The settings come last, so that a copy that broke
    off is completed by the next call. Raises SettingsError when the folder can't be written.
    """
    if (folder / SETTINGS).exists():
        return []
    config = config_folder()
    files = dict(_read(config, _SAMPLE))
    newest = max(written for name, data in files.items() if name.startswith("feeds/") for written in dates_in(data))
    shift = now.astimezone(UTC).date() - timedelta(days=1) - newest
    moved = {name: move_dates(data, shift) for name, data in files.items()}
    return _write_new(folder, {**moved, SETTINGS: (config / "sample.toml").read_bytes()})


def dates_in(data: bytes) -> Iterator[date]:
    """Every RFC 822 and ISO 8601 date in a feed, as its author's calendar shows it."""
    return (_read_date(match) for match in _DATE.finditer(data.decode("latin-1")))


def move_dates(data: bytes, shift: timedelta) -> bytes:
    """Move every date in a feed by whole days; times, zones and all other bytes stay as they are.

    Works in any encoding that extends ASCII, since the bytes pass through Latin-1 unchanged.
    """

    def moved(match: re.Match[str]) -> str:
        day = _read_date(match) + shift
        if match["iso"]:
            return day.isoformat()
        return f"{_WEEKDAYS[day.weekday()]}, {day.day:02} {_MONTHS[day.month - 1]} {day.year:04}"

    return _DATE.sub(moved, data.decode("latin-1")).encode("latin-1")


def _read_date(match: re.Match[str]) -> date:
    if iso := match["iso"]:
        return date.fromisoformat(iso)
    return date(int(match["year"]), _MONTHS.index(match["month"]) + 1, int(match["day"]))


def _uncomment(text: str, marker: str) -> str:
    """Bring the one commented paragraph that has `marker` to life."""
    paragraphs = text.split("\n\n")
    (place,) = (place for place, paragraph in enumerate(paragraphs) if f"\n# {marker}" in paragraph)
    paragraphs[place] = re.sub(r"(?m)^# ", "", paragraphs[place])
    return "\n\n".join(paragraphs)


def _read(folder: Traversable, names: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        found = folder / name
        if found.is_dir():
            yield from ((f"{name}/{each.name}", each.read_bytes()) for each in found.iterdir() if each.is_file())
        else:
            yield name, found.read_bytes()


def _write_new(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    try:
        return [folder / name for name, data in files.items() if _write_one(folder / name, data)]
    except OSError as error:
        raise SettingsError(f"{folder}: can't be written: {error.strerror or error}; choose another folder") from error


def _write_one(path: Path, data: bytes) -> bool:
    """Write a file that is not there yet; exclusive creation keeps what somebody else puts there at the same moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = path.open("xb")
    except FileExistsError:
        return False
    try:
        with file:
            file.write(data)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return True
