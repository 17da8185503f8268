"""Whether this machine's clock is right, by the word of a server that is asked anyway."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from platforms.errors import PlatformError
from platforms.web import Web, host_of
from syndicator.doctor.finding import Finding, fault, mind, ok
from syndicator.settings import Settings
from syndicator.times import span_text

#: Signatures (X, Bluesky's sessions) are refused when clocks are further apart than this, or soon will be.
TOLERANCE = timedelta(minutes=2)
_SET = "set it, or have it set: timedatectl set-ntp true (Linux), the date and time settings elsewhere"


def servers(settings: Settings) -> list[str]:
    """Whom to ask the time, the likeliest to know first: the accounts' servers, then my own sites."""
    named = (*(table.server for table in settings.accounts.values()), *settings.me.sites)
    return list(dict.fromkeys(each for each in named if each.startswith(("http://", "https://"))))


def examine(addresses: Iterable[str], clock: Callable[[], datetime], timeout: float) -> Iterator[Finding]:
    """Ask one server after the other until one tells the time. `timeout` is in seconds, for each."""
    for address in addresses:
        before = clock()
        try:
            said = Web("clock", timeout).ask("HEAD", address).headers.get("date", "")
        except PlatformError:
            continue
        if there := _time(said):
            yield compared(there, before, clock(), host_of(address))
            return
    yield mind("clock", "no server told the time", "see that the clock is right, and that there is a network")


def compared(there: datetime, before: datetime, after: datetime, host: str) -> Finding:
    """What a server's time says of the clock here, which was read right before asking and after. Pure."""
    off = before - there if there < before else there - after if there > after else timedelta()
    if off <= TOLERANCE:
        return ok("clock", f"the clock agrees with that of {host}")
    where = "ahead of" if there < before else "behind"
    return fault("clock", f"this machine's clock is {span_text(off)} {where} that of {host}", _SET)


def _time(said: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(said)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
