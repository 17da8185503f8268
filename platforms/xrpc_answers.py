"""What an XRPC server says when it refuses: its status and words, and until when a limit holds. No SDK, no network."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: From this number on, seconds are counted since 1970 (this is 2001), and not from now on.
_SINCE_1970 = 1_000_000_000


def answered(error: Exception) -> tuple[int, str, str]:
    """Give status, XRPC name and message of an error answer: zero and nothing where there was no answer."""
    response = getattr(error, "response", None)
    if response is None:
        return 0, "", ""
    name, message = (" ".join(str(getattr(response.content, part, "") or "").split()) for part in ("error", "message"))
    return int(response.status_code), name[:80], message[:300]


def limit_end(error: Exception) -> datetime | None:
    """When the rate limit ends that an error answer tells of, if it says so."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    return end_said({str(name).lower(): str(said) for name, said in headers.items()}, datetime.now(UTC))


def end_said(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When a rate limit ends, by headers in lower case; None when that is not said, makes no sense, or is past.

    `retry-after` is in seconds, or a date; `ratelimit-reset` is in seconds since 1970 on Bluesky's own servers, and by
    others in milliseconds, or in seconds from now, as https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
    has it.
    """
    for name in ("retry-after", "ratelimit-reset"):
        with suppress(ValueError, OverflowError, OSError):
            said = headers.get(name) or ""
            end = _moment(int(said), now) if said.isdecimal() else parsedate_to_datetime(said).astimezone(UTC)
            if end > now:
                return end
    return None


def _moment(number: int, now: datetime) -> datetime:
    """What a number of a limit's end means."""
    if number < _SINCE_1970:
        return now + timedelta(seconds=number)
    return datetime.fromtimestamp(number / (1000 if number > 1000 * _SINCE_1970 else 1), UTC)
