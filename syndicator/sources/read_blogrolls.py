"""Looks at the blogrolls of the settings: at files each time, at the web by conditional requests; copies are kept.

A look that comes to nothing, or to something not to be believed (see `live.doubt`), unsubscribes nobody: the last good
copy is used until a better answer comes, and the trouble is told. What a blogroll includes is followed one level deep.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from syndicator.sources import copies as kept_copies
from syndicator.sources import files, find_blogroll, live, opml
from syndicator.sources.answer import Failure
from syndicator.sources.base import SourceError, named
from syndicator.sources.blogroll import Blogroll, Include, Subscription
from syndicator.sources.copies import Copies, Copy, Kept
from syndicator.sources.fetch import Fetched, FetchOptions, FetchRequest, fetch_many
from syndicator.sources.live import Change
from syndicator.times import span_text

#: So many lists that one blogroll includes are followed.
MOST_INCLUDES = 100

_MEND = "mend `opml` in the settings, or put the file there"
_NO_ANSWER = "check the address in a browser"


@dataclass(frozen=True, slots=True)
class Look:
    """How to look. A copy from the web that was read after `since` is good enough; any copy is when that is None.

    With `refresh` those are asked too that failed so lately that they would be left alone.
    """

    options: FetchOptions
    now: datetime
    since: datetime | None = None
    progress: Callable[[int, int], None] | None = None
    refresh: bool = False


@dataclass(frozen=True, slots=True)
class Roll:
    """One blogroll as it is now: its feeds and those of the lists it includes, and what changed since the last look.

    `first` marks its first sight. `problems` are sentences about this look, `error` is what is wrong at present: it
    stays while nothing is asked because of it.
    """

    origin: str
    feeds: tuple[Subscription, ...] = ()
    change: Change = field(default_factory=Change)
    first: bool = False
    problems: tuple[str, ...] = ()
    error: str = ""


def read_blogrolls(origins: Mapping[str, str], copies: Copies, look: Look) -> dict[str, Roll]:
    """Look at each blogroll, by its `origin` in the settings and its address (http, https or file); never raises.

    What was read is put into `copies`; storing them is left to the caller.
    """
    before = {origin: _before(address, copies) for origin, address in origins.items()}
    subjects = {address: origin for origin, address in origins.items()}
    told = _look_at(subjects, copies, look)
    included = {origin: _includes(address, copies) for origin, address in origins.items()}
    lists = {each.url: named(each.url, each.title) for found in included.values() for each in found}
    told |= _look_at({url: called for url, called in lists.items() if url not in subjects}, copies, look)
    rolls = {}
    for origin, address in origins.items():
        addresses = (address, *(each.url for each in included[origin]))
        feeds = kept_copies.feeds_of(address, copies, included[origin])
        known = before[origin]
        rolls[origin] = Roll(
            origin=origin,
            feeds=feeds,
            change=Change() if known is None else live.compare(known, feeds),
            first=known is None,
            problems=tuple(problem for each in addresses for problem in told.get(each, ())),
            error="; ".join(filter(None, (copies.get(each).health.error for each in addresses))),
        )
    return rolls


def addresses_of(origins: Mapping[str, str], copies: Copies) -> set[str]:
    """The addresses of all outline files that the blogrolls are made of now."""
    included = (each.url for address in origins.values() for each in _includes(address, copies))
    return {*origins.values(), *included}


def _before(address: str, copies: Copies) -> tuple[Subscription, ...] | None:
    if copies.get(address).copy is None:
        return None
    return kept_copies.feeds_of(address, copies, _includes(address, copies))


def _includes(address: str, copies: Copies) -> tuple[Include, ...]:
    copy = copies.get(address).copy
    return tuple(each for each in copy.includes if each.url != address)[:MOST_INCLUDES] if copy else ()


def _look_at(subjects: Mapping[str, str], copies: Copies, look: Look) -> dict[str, tuple[str, ...]]:
    """Look at each address, called by its subject; what there is to tell, by address."""
    told: dict[str, tuple[str, ...]] = {}
    asked: dict[str, list[str]] = {}
    for address, subject in subjects.items():
        kept = copies.get(address)
        if address.startswith("file:"):
            after, told[address] = _look_at_file(address, subject, kept, look)
            copies.put(address, after)
        elif not kept.is_fresh(look.since) and (look.refresh or kept.may_be_asked(look.now)):
            asked.setdefault(kept.health.url, []).append(address)
    requests = [_request(url, [copies.get(address) for address in addresses]) for url, addresses in asked.items()]
    for fetched in fetch_many(requests, look.options, look.progress):
        for address in asked[fetched.url]:
            after, told[address] = _take(address, subjects[address], copies.get(address), fetched, look)
            copies.put(address, after)
    return told


def _request(url: str, asking: Sequence[Kept]) -> FetchRequest:
    """One request for all whose list lies there; "unchanged" must be true for each of them."""
    requests = {_conditional(url, each) for each in asking}
    return requests.pop() if len(requests) == 1 else FetchRequest(url)


def _conditional(url: str, kept: Kept) -> FetchRequest:
    known = kept.health
    if kept.copy is None:
        return FetchRequest(url)
    return FetchRequest(url, known.etag, known.last_modified, known.body_hash, validated_at=known.validated_at)


def _look_at_file(address: str, subject: str, kept: Kept, look: Look) -> tuple[Kept, tuple[str, ...]]:
    try:
        body, _ = files.read(address, "", look.options.max_bytes)
    except Failure as failure:
        return _held(kept, address, SourceError(named(address), failure.problem, _MEND), look)
    found = opml.read(body or b"", base=address, allow_files=True)
    if reason := live.doubt(_feeds(kept), found, on_web=False):
        return _held(kept, address, SourceError(subject, reason, "mend the file"), look)
    copy = Copy(found.sources, found.includes)
    return kept_copies.read_well(kept, copy, look.now), _complaints(found, subject, "mend the file")


def _take(address: str, subject: str, kept: Kept, fetched: Fetched, look: Look) -> tuple[Kept, tuple[str, ...]]:
    """What an answer means for what is kept."""
    if fetched.status == "failed":
        problem = SourceError(subject, fetched.error, fetched.remedy or _NO_ANSWER)
        return _held(kept, address, problem, look, fetched)
    if fetched.status == "unchanged":
        return kept_copies.read_well(kept, kept.copy or Copy(), look.now, fetched), ()
    found, discovered = find_blogroll.read_answer(fetched), bool(kept.copy and kept.copy.discovered)
    is_page = not found.whole and not find_blogroll.holds_lists(found) and kept.health.url == address
    if is_page and (discovered or kept.copy is None):
        try:
            behind = find_blogroll.behind(fetched, look.options)
        except SourceError as error:
            return _held(kept, address, SourceError(subject, error.problem, error.remedy), look)
        found, fetched, discovered = behind.blogroll, behind.answer, True
    if reason := live.doubt(_feeds(kept), found, on_web=True):
        return _held(kept, address, SourceError(subject, reason, "if it lasts, tell its owner"), look)
    copy = Copy(found.sources, found.includes, discovered)
    return kept_copies.read_well(kept, copy, look.now, fetched), _complaints(found, subject, "tell its owner")


def _held(
    kept: Kept, address: str, error: SourceError, look: Look, failed: Fetched | None = None
) -> tuple[Kept, tuple[str, ...]]:
    """The copy is used on; told are what is wrong, what happens next, and what can be done."""
    count = len(_feeds(kept))
    used = f"its last good copy of {count} feed{'s' * (count != 1)} is used" if kept.copy else ""
    standing = SourceError(error.subject, error.problem, "; ".join(filter(None, (used, error.remedy))))
    if failed and failed.unasked:
        after = kept_copies.put_off(kept, failed.retry_after)
    else:
        retry_after = failed.retry_after if failed else None
        after = kept_copies.read_badly(kept, address, str(standing), look.now, retry_after)
    wait = after.health.wait(look.now)
    later = f"asked again in {span_text(wait)}" if wait else "asked again on the next run"
    again = "" if address.startswith("file:") else later
    told = SourceError(error.subject, error.problem, "; ".join(filter(None, (used, again, error.remedy))))
    return after, (str(told),)


def _complaints(found: Blogroll, subject: str, remedy: str) -> tuple[str, ...]:
    problems = tuple(str(SourceError(subject, str(problem), remedy)) for problem in found.problems)
    more = len(found.includes) - MOST_INCLUDES
    if more <= 0:
        return problems
    return (*problems, str(SourceError(subject, f"includes more than {MOST_INCLUDES} lists; {more} are left out")))


def _feeds(kept: Kept) -> tuple[Subscription, ...]:
    return kept.copy.feeds if kept.copy else ()
