"""What somebody should know who does not look every day: silence where there was none, and what waits for a person.

Pure: facts in, sentences out, with when each is told again. Gathering the facts is for `watch`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicator import history
from syndicator.history import Ended
from syndicator.outbox import Post
from syndicator.sources.base import Source, named
from syndicator.sources.health import Health
from syndicator.times import span_text

DAILY = timedelta(days=1)

#: Silence is what lasts this many times as long as usual, and no shorter than this: nobody runs or writes by the clock.
_TIMES = 3
_LEAST_RUNS, _LEAST_WRITES = timedelta(minutes=45), timedelta(days=3)
_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One sentence. `key` is what it is about; told again after `again`, never if that is None, while it stands."""

    key: str
    text: str
    again: timedelta | None = DAILY


def missed_runs(runs: Sequence[Ended], now: datetime, every: timedelta | None = None) -> Iterator[Alarm]:
    """No run ended well for three intervals; how long one is, the runs themselves tell.

    It is no shorter than `every`, that of the timer, where that is known: runs by hand come in between.
    """
    usual = history.usual_interval(runs)
    if usual is None:
        return
    usual = max(usual, every or usual)
    well = [run.finished for run in runs if run.how == "well"]
    since = max(well) if well else min(run.started for run in runs)
    if now - since > max(_TIMES * usual, _LEAST_RUNS):
        text = f"no run ended well for {span_text(now - since)}, where one does every {span_text(usual)}"
        yield Alarm("runs", f"{text}; see whether the timer and this machine were on, and what the runs said")


def silent_sources(sources: Iterable[tuple[Source, Health]], now: datetime) -> Iterator[Alarm]:
    """Sources that fell silent for three times their habit since they are read; each silence is told once."""
    for source, health in sources:
        if health.gone or health.gap is None or health.last_item is None or health.first_ok is None:
            continue
        late = health.last_item + max(_TIMES * health.gap, _LEAST_WRITES)
        if health.first_ok < late < now:
            called = named(source.url, source.title or health.title)
            silence, usual = span_text(now - health.last_item), span_text(health.gap)
            key = f"silent {source.url} {health.last_item.isoformat()}"
            yield Alarm(key, f"{called}: nothing new for {silence}, where something comes every {usual}", None)


def running_out(expiry: Mapping[str, datetime], now: datetime) -> Iterator[Alarm]:
    """Credentials, by account, that run out within a week or did."""
    for account, at in expiry.items():
        if at - now <= _SOON:
            when = f"runs out in {span_text(at - now)}" if at > now else "has run out"
            yield Alarm(f"expiry {account}", f"{account}: its credential {when}; renew it: syndicator login {account}")


def unknown_posts(posts: Sequence[Post]) -> Iterator[Alarm]:
    """Posts of which nobody knows whether they arrived: all in one sentence."""
    if posts:
        ids = ", ".join(f"{post.id} on {post.account}" for post in posts[:5]) + (", …" if len(posts) > 5 else "")
        count = f"{len(posts)} post{'s' * (len(posts) != 1)}"
        yield Alarm("unknown", f"{count} may have arrived or not: look, then `syndicator queue settle` ({ids})")


def due(alarms: Iterable[Alarm], told: Mapping[str, datetime], now: datetime) -> list[Alarm]:
    """Those to be told now; `told` is when each was told last. A time to come was written by a clock that was wrong."""
    return [
        alarm
        for alarm in alarms
        if alarm.key not in told or (alarm.again and not timedelta() <= now - told[alarm.key] < alarm.again)
    ]
