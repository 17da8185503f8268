"""Sources that fail, are gone or fell silent, and how the pages they lead to were found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from syndicator import alarms
from syndicator.doctor.finding import Finding, error, fault, mind, ok, several
from syndicator.linkcheck.checked import Check
from syndicator.settings import Settings
from syndicator.sources import copies as kept_copies
from syndicator.sources import health as healths
from syndicator.sources.base import Source, named
from syndicator.sources.copies import Copies
from syndicator.sources.health import Health
from syndicator.sources.read_blogrolls import Roll
from syndicator.sources.subscriptions import Subscriptions, blogrolls_of, subscriptions

#: A source that failed so often in a row is no accident.
_OFTEN = 3
_WEEK = timedelta(days=7)
#: So many pages make a sample, of which such a part without an answer is not the pages' fault.
_SAMPLE, _PART = 10, 0.8


def as_last_read(settings: Settings, copies: Copies) -> Subscriptions:
    """The subscriptions by the copies of their blogrolls that the last run left; nobody is asked for anything."""
    rolls = {}
    for origin, address in blogrolls_of(settings).items():
        kept = copies.get(address)
        feeds = kept_copies.feeds_of(address, copies, kept.copy.includes) if kept.copy else ()
        rolls[origin] = Roll(origin, feeds, error=kept.health.error)
    return subscriptions(settings, rolls)


def examine(subscribed: Subscriptions, known: Mapping[str, Health], now: datetime) -> Iterator[Finding]:
    """How the sources fare. Pure."""
    for problem in subscribed.problems:
        yield error("sources", problem, "mend that file, or take it out of the settings")
    for roll in subscribed.blogrolls:
        if roll.error:
            yield mind(
                "sources", f"{roll.origin}: {roll.error}", "the last good copy is used; mend `opml` if it is wrong"
            )
    yield from several(_failing(subscribed.feeds, known), "syndicator sources")
    silent = alarms.silent_sources(((source, healths.of(source, known)) for source in subscribed.feeds), now)
    over = "look whether it goes on elsewhere, or take it out: syndicator remove URL"
    yield from several((mind("sources", alarm.text, over) for alarm in silent), "syndicator sources")
    well = sum(bool(each.last_ok) and not each.failures for each in (healths.of(s, known) for s in subscribed.feeds))
    if not subscribed.feeds:
        yield mind("sources", "there are none", "syndicator add URL, or import a blogroll: syndicator import FILE")
    elif well:
        yield ok("sources", f"{well} of {len(subscribed.feeds)} were read well when they were asked last")


def _failing(feeds: Sequence[Source], known: Mapping[str, Health]) -> Iterator[Finding]:
    for source in feeds:
        health = healths.of(source, known)
        called = named(source.url, source.title or health.title)
        if health.gone:
            yield mind("sources", f"{called}: gone for good, by its server's word", f"syndicator remove {source.url}")
        elif health.failures and source.kind == "own":
            yield fault(
                "sources", f"{called}: {health.error}", "it is your own: see that it can be read from elsewhere"
            )
        elif health.failures >= _OFTEN:
            again = f"look at it in a browser; if it is no more: syndicator remove {source.url}"
            yield mind("sources", f"{called}: failed {health.failures} times: {health.error}", again)


def links(checks: Collection[Check], looks: bool, now: datetime) -> Iterator[Finding]:
    """How the pages were found that were looked at within a week. Pure."""
    if not looks:
        yield mind("links", "pages are not looked at before they are shared", "set check_links = true in [fetch]")
        return
    recent = [check for check in checks if timedelta() <= now - check.at < _WEEK]
    counts = Counter(check.verdict for check in recent)
    silent = [check for check in recent if check.verdict == "unsure" and not check.status]
    text = f"{counts['ok']} pages found well within a week, {counts['dead']} dead, {counts['unsure']} to be asked again"
    if len(recent) >= _SAMPLE and len(silent) >= _PART * len(recent):
        why = Counter(check.reason for check in silent).most_common(1)[0][0]
        yield fault("links", f"{text}; {len(silent)} gave no answer ({why})", "see that this machine reaches the web")
    elif recent:
        yield ok("links", text)


def missing_files(settings: Settings) -> Iterator[Finding]:
    """Blogrolls of the settings that are files, and are not there."""
    for origin, address in blogrolls_of(settings).items():
        path = settings.beside(origin) if address.startswith("file:") else None
        if path and not path.is_file():
            yield fault("sources", f"{path}: no such file", "mend `opml` in the settings, or put the file there")
