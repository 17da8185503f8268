"""When something was published, from what feeds write into their date fields.

Reads RFC 3339 and ISO 8601, RFC 822 with the liberties people take, numeric dates that start with the year, and epochs.
Whatever other notation the feed parser knows comes in as a fallback, and nothing implausible gets through.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_SKEW = timedelta(days=1)

_ISO = re.compile(
    r"(\d{4})[-/.]?(\d{2}|(?<=[-/.])\d)[-/.]?(\d{2}|(?<=[-/.])\d)"
    r"(?:[T\s]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
# Zones that the standard library's reader of RFC 822 dates takes for UTC; hours east.
_ZONES = {
    "BST": 1, "IST": 5.5, "WET": 0, "WEST": 1, "CET": 1, "MET": 1, "CEST": 2, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "AWST": 8, "ACST": 9.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip


def read(text: str, fallback: datetime | None = None) -> datetime | None:
    """Read one date as UTC; without a zone it is taken for UTC. `fallback` is what another reader made of it."""
    text = " ".join(text.split())
    if not text or len(text) > 100:
        return fallback if text else None
    if _EPOCH.fullmatch(text):
        return _epoch(text)
    match = _ISO.match(text)
    if match:
        return _iso(match) or fallback
    return _rfc822(text) or fallback


def plausible(when: datetime | None, now: datetime) -> datetime | None:
    """Give a date as it may be used: None before 1990 or over a day ahead, `now` for a clock that is a little fast."""
    if when is None or when < EARLIEST or when > now + _SKEW:
        return None
    return min(when, now)


def _epoch(text: str) -> datetime | None:
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)


def _iso(match: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        # RFC 3339 allows a leap second and ISO 8601 midnight as 24:00; a datetime knows neither.
        start = datetime(year, month, day, hour % 24 if hour == 24 else hour, minute, min(second, 59), tzinfo=UTC)
        return start + timedelta(days=hour // 24) - timedelta(minutes=_minutes_east(match[7] or ""))
    except (ValueError, OverflowError):
        return None


def _minutes_east(zone: str) -> int:
    if not zone or zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if zone[0] == "-" else minutes


def _rfc822(text: str) -> datetime | None:
    try:
        parts = parsedate_tz(text)
    except (ValueError, IndexError, OverflowError):  # the reader trips over some of what feeds contain
        return None
    if parts is None:
        return None
    year, month, day, hour, minute, second = parts[:6]
    offset = parts[9]
    if abs(offset or 0) > 86_400:
        return None
    zone = text.rsplit(" ", 1)[-1].strip("()").upper()
    if not offset and zone in _ZONES:
        offset = int(_ZONES[zone] * 3600)
    try:
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC) - timedelta(seconds=offset or 0)
    except (ValueError, OverflowError):
        return None
