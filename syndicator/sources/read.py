"""Reads sources: fetch them, parse what changed, remember how it went. Whose turn it is was decided before.

One bad source never stops the rest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicator.sources import health as healths
from syndicator.sources.base import Feed, NotAFeed, Source, SourceError, named
from syndicator.sources.fetch import Fetched, FetchOptions, FetchRequest, fetch_many
from syndicator.sources.health import Health
from syndicator.sources.parsing import parse_all
from syndicator.times import span_text

_MOVED = "if it moved, `syndicator remove` it and `add` its new address"
_SOONER = "`syndicator run --refresh` asks at once"
_RETIRED = "not asked any more; `syndicator remove URL` takes it out, `syndicator add URL` tries it again"


@dataclass(frozen=True, slots=True)
class Reading:
    """One source after it was asked: its new health, and its feed if that changed.

    `reached` is False when no connection to a server came about, None when none was wanted (a file, a private address).
    `first` marks its first good read; `resumed` is set on the first one at a new address: when it was last read at the
    old one. `error` is a sentence when it could not be read: it names the source, and ends
    with what happens next and what can be done. `remark` is one on a feed that was read, told the first time only.
    `late` is what the time did not reach for: nothing was learnt of it.
    """

    source: Source
    health: Health
    feed: Feed | None = None
    first: bool = False
    resumed: datetime | None = None
    error: str = ""
    remark: str = ""
    reached: bool | None = None
    late: bool = False


def read(
    sources: Sequence[Source],
    known: Mapping[str, Health],
    options: FetchOptions,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Reading]:
    """Ask these sources, due or not; yield a Reading for each, in their order, as soon as its turn has come.

    The same feeds give the same articles then, whoever answers first, and few of them are in memory at one time.
    """
    by_url = {source.url: source for source in sources}
    requests = [_request(source, healths.of(source, known)) for source in by_url.values()]
    turns, early = deque(by_url), dict[str, Reading]()
    for fetched, feed in parse_all(fetch_many(requests, options, progress), now):
        source = by_url[fetched.url]
        reading = _reading(source, healths.of(source, known), fetched, feed, now)
        early[source.url] = replace(reading, reached=_reached(fetched))
        while turns and turns[0] in early:
            yield early.pop(turns.popleft())


def _request(source: Source, health: Health) -> FetchRequest:
    return FetchRequest(
        url=source.url,
        at=health.moved_to,
        etag=health.etag,
        last_modified=health.last_modified,
        validated_at=health.validated_at,
        body_hash=health.body_hash,
        allow_files=source.url.startswith("file:"),
        failures=health.failures,
    )


def _reached(fetched: Fetched) -> bool | None:
    unheard = fetched.private or fetched.late or fetched.url.startswith("file:")
    return None if unheard else not fetched.unreached


def _reading(
    source: Source, health: Health, fetched: Fetched, feed: Feed | SourceError | None, now: datetime
) -> Reading:
    if fetched.late:
        return Reading(source, health, late=True)
    if fetched.status == "failed":
        if fetched.lost == "gone":
            return _retired(source, health, fetched, now)
        problem = SourceError(source.url, fetched.error, fetched.remedy or _MOVED)
        if fetched.unasked:
            return _put_off(source, health, problem, now, fetched.retry_after)
        return _failed(source, health, problem, now, fetched.retry_after)
    if feed is None:
        return Reading(source, healths.read_well(health, fetched, None, now))
    if isinstance(feed, SourceError):
        return _failed(source, healths.moved_back(health) if isinstance(feed, NotAFeed) else health, feed, now)
    return Reading(
        source,
        healths.read_well(health, fetched, feed, now),
        feed,
        first=health.first_ok is None,
        resumed=health.last_ok if health.moved_from else None,
        remark=_remark(source, health, feed),
    )


def _remark(source: Source, health: Health, feed: Feed) -> str:
    """What is to be said of a feed, unless it was said when it was read last."""
    told = health.error and not health.failures
    return "" if told or not feed.remark else f"{named(source.url, source.title or feed.title)}: {feed.remark}"


def _failed(
    source: Source, health: Health, error: SourceError, now: datetime, retry_after: datetime | None = None
) -> Reading:
    bad = healths.read_badly(health, error.reason, now, retry_after)
    again = "read again on the next run"
    if not source.url.startswith("file:"):
        again = f"asked again in {span_text(bad.wait(now))}"
    sooner = _SOONER if retry_after and bad.next_due == retry_after else ""
    return Reading(source, bad, error=_told(source, health, error.problem, again, error.remedy, sooner))


def _put_off(
    source: Source, health: Health, error: SourceError, now: datetime, retry_after: datetime | None
) -> Reading:
    """Nobody asked for it: that is told, and is no failure of its own."""
    later = healths.put_off(health, retry_after)
    wait = later.wait(now)
    again = f"asked again in {span_text(wait)}" if wait else "asked again on the next run"
    sooner = _SOONER if retry_after else ""
    return Reading(source, later, error=_told(source, health, error.problem, again, error.remedy, sooner))


def _retired(source: Source, health: Health, fetched: Fetched, now: datetime) -> Reading:
    gone = healths.retired(health, f"{fetched.error} ({_RETIRED})", now)
    return Reading(source, gone, error=_told(source, health, fetched.error, _RETIRED))


def _told(source: Source, health: Health, problem: str, *remedies: str) -> str:
    subject = named(source.url, source.title or health.title)
    return str(SourceError(subject, problem, "; ".join(filter(None, remedies))))
