"""Looks at the pages of articles that are about to be shared. Effects: this is the only place that fetches pages.

Polite: one request at a time per host, conditional where a page was read before, only the beginning of long ones. What
an answer means is for `verdict`, what a page says of itself for `pages`; keeping the checks is left to the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from syndicator import urls
from syndicator.linkcheck.checked import Check
from syndicator.linkcheck.verdict import asks_to_wait, is_page, out_of_reach, put_off, verdict
from syndicator.pages.base import PageFacts
from syndicator.pages.read import read
from syndicator.sources.fetch import Fetched, FetchOptions, FetchRequest, fetch_many
from syndicator.sources.outage import Outage
from syndicator.sources.turns import Turns

#: What a page says of itself stands at its beginning; so many decoded bytes of it are read.
_BEGINNING = 2_000_000
_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.8"


def check(
    addresses: Iterable[str],
    options: FetchOptions,
    now: datetime,
    known: Mapping[str, Check],
    progress: Callable[[int, int], None] | None = None,
    turns: Turns | None = None,
    outage: Outage | None = None,
) -> Iterator[Check]:
    """Look at the pages at these addresses; yield a Check for each as it answers, in no order.

    `known` are the checks that were made before, of these and of other articles, by address. A page that sends its
    readers on at once, as static sites do where something moved, is followed once. A server that asked to wait is not
    asked for anything till then. `turns` are what is known of servers since earlier in this run. `outage` is what was
    reached in this run before: where nothing was, and nothing is now, no page is to blame. What was not reached in time
    is left out.
    """
    outage, unreached = outage or Outage(), list[Fetched]()
    walls = {urls.host(each.url) for each in known.values() if each.ok and each.reason}
    busy = {urls.host(each.final_url or each.url): each for each in known.values() if asks_to_wait(each, now)}
    wanted = list(dict.fromkeys(addresses))
    yield from (put_off(url, busy[host], now, known.get(url)) for url in wanted if (host := urls.host(url)) in busy)
    turns = turns or Turns()
    requests = [_request(url, known.get(url)) for url in wanted if urls.host(url) not in busy]
    sent_on: dict[str, list[Fetched]] = {}
    for fetched in fetch_many(requests, _for_pages(options), progress, turns):
        if fetched.late:
            continue
        url, facts = fetched.url, _read(fetched)
        _tell(outage, fetched, known.get(url))
        if fetched.unreached:
            unreached.append(fetched)
        elif facts and facts.refresh:
            sent_on.setdefault(facts.refresh, []).append(fetched)
        else:
            yield verdict(url, fetched, facts, now, known.get(url), wall=urls.host(url) in walls)
    yield from (_unreached(fetched, outage.told, now, known.get(fetched.url)) for fetched in unreached)
    for fetched in fetch_many(map(FetchRequest, sent_on), _for_pages(options), turns=turns):
        if fetched.late:
            continue
        facts = _read(fetched)
        for sender in sent_on[fetched.url]:
            yield verdict(sender.url, _led_on(sender, fetched), facts, now, known.get(sender.url))


def _tell(outage: Outage, fetched: Fetched, known: Check | None) -> None:
    reached = None if fetched.private else not fetched.unreached
    outage.saw(fetched.url, reached, fetched.error, failed_before=known is not None and known.tries > 0)


def _unreached(fetched: Fetched, no_network: str, now: datetime, known: Check | None) -> Check:
    if no_network:
        return out_of_reach(fetched.url, no_network, now, known)
    return verdict(fetched.url, fetched, None, now, known)


def _request(url: str, known: Check | None) -> FetchRequest:
    """A conditional request only where the page as it was could be shared: else it is read anew.

    The validators are those of the end of its redirects, and mean nothing on the way there.
    """
    if known is None or not known.ok:
        return FetchRequest(url, failures=known.tries if known else 0)
    return FetchRequest(url, known.etag, known.last_modified, known.body_hash, validated_at=known.final_url)


def _led_on(sender: Fetched, fetched: Fetched) -> Fetched:
    """The answer at the address that a page sent its readers on to, which is for good if all before it was.

    Its validators belong to another address than the one that will be asked again.
    """
    lasts = urls.canonical(sender.permanent_url or sender.url) == urls.canonical(sender.final_url)
    there = (fetched.permanent_url or fetched.url) if lasts else ""
    return replace(fetched, permanent_url=there, etag="", last_modified="", body_hash="")


def _for_pages(options: FetchOptions) -> FetchOptions:
    return replace(options, max_bytes=_BEGINNING, beginning=True, accept=_ACCEPT)


def _read(fetched: Fetched) -> PageFacts | None:
    if fetched.body is None or not is_page(fetched.content_type, fetched.body):
        return None
    return read(fetched.body, fetched.final_url, fetched.content_type)
