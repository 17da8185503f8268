"""What I did and decided already, as far as it tells what not to suggest now. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from ledger.addresses import form
from ledger.entry import Entry, Identity, Kind
from ledger.quick import Written
from ledger.steps import site_of
from ledger.suggestion import Act

_SHARING = frozenset({Kind.SHARE, Kind.BOOST, Kind.LINK, Kind.QUOTE})
_WORDS = frozenset({Kind.REPLY, Kind.COMMENT, Kind.MENTION, Kind.THANK})


class Doings(msgspec.Struct, frozen=True):
    """Of all people, as of a day: `today` counts what was done on it, `sites` are those it was done for.

    The server of a post that I boosted is no such site. `gone` are addresses that I shared or decided on, as
    `addresses.form` has them, `acted` the acts that were decided on, each with what it is about.
    """

    today: int
    sites: frozenset[Identity]
    gone: frozenset[str]
    acted: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, acts: Sequence[Act], given: Iterable[Written | Entry], now: datetime) -> Doings:
        """By my acts until `now`, and by what is booked as given; a day is one of the zone of `now`."""
        today = [act for act in acts if reaches_out(act) and _is_same_day(act.at, now)]
        shares = [entry for entry in given if entry.kind in _SHARING and entry.when <= now]
        urls = [act.url for act in today if act.act != "boost"]
        urls += [entry.url for entry in shares if entry.kind is not Kind.BOOST and _is_same_day(entry.when, now)]
        return cls(
            len(today),
            frozenset({site_of(url) for url in urls if url}),
            frozenset({form(act.url) for act in acts if act.url} | {form(entry.url) for entry in shares}),
            frozenset({(act.act, act.url) for act in acts}),
        )


def reaches_out(act: Act) -> bool:
    """Whether an act was, or will be, something done for them; forgiving and skipping are not."""
    return act.state in {"queued", "done"} and act.act != "forgive"


def spoken_to(given: Iterable[Written | Entry], now: datetime) -> frozenset[str]:
    """The addresses, as `addresses.form` has them, that I wrote an answer or a comment to, with whatever app."""
    return frozenset({
        form(entry.url) for entry in given if entry.kind in _WORDS and entry.url and entry.when <= now
    })  # fmt: skip


def _is_same_day(moment: datetime, now: datetime) -> bool:
    return moment.astimezone(now.tzinfo).date() == now.date()
