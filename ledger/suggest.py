"""What to do for somebody next, said with what is known locally: the table of returns. Pure.

`owe` decides for whom; carrying a suggestion out is left to the commands. Which articles pass the quality gate is
decided by whoever keeps the offers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from ledger.addresses import form
from ledger.entry import Kind
from ledger.settlement import Line
from ledger.steps import STEPS, Known
from ledger.steps import site_of as site_of
from ledger.suggestion import Act as Act
from ledger.suggestion import Offer as Offer
from ledger.suggestion import Suggestion as Suggestion
from ledger.who import profile_url

NOTHING_YET = "nothing to return yet"

#: Kinds in the order of the table of returns, and the acts that answer each, the first that is possible.
_ANSWERS: Mapping[Kind, tuple[str, ...]] = {
    Kind.LINK: ("share",),
    Kind.SHARE: ("share",),
    Kind.QUOTE: ("share",),
    Kind.SUBMIT: ("share",),
    Kind.BOOST: ("boost",),
    Kind.RECOMMEND: ("thank", "recommend"),
    Kind.COMMENT: ("answer", "comment"),
    Kind.REPLY: ("answer", "comment"),
    Kind.MENTION: ("answer", "comment"),
    Kind.FOLLOW: ("read",),
    Kind.LIKE: ("read",),
    Kind.BOOKMARK: ("read",),
}


def suggest(open_lines: Sequence[Line], known: Known) -> Suggestion:
    """The first possible return for what is open, most telling kind first; `wait` when nothing is possible.

    Of several favours that one act answers it returns the greatest. What was done, or passed over, is not suggested
    again: the next favour has its turn, or the next act of the table.
    """
    by_act: dict[str, list[Line]] = {}
    for line in sorted(open_lines, key=lambda line: -line.left):
        for act in _ANSWERS.get(line.entry.kind, ()):
            by_act.setdefault(act, []).append(line)
    steps = [step for step in STEPS if step in by_act]
    for step in steps:
        if step == "read" and step != steps[0]:
            break  # reading is a return for those who only liked or followed
        lines = by_act[step]
        if step == "read" and not known.offers:
            lines = [max(lines, key=lambda line: line.entry.when)]  # passed over, it is for every favour before
        for line in lines:
            if made := STEPS[step](line, known):
                return made
    return Suggestion("wait", "", "", "", "", _why_not(known, steps))


def choose_offers(
    offers: Sequence[Offer], now: datetime, max_age: timedelta, gone: Collection[str]
) -> tuple[Offer, ...]:
    """Offers not older than `max_age` and not in `gone` (as `addresses.form` has them), best and newest first."""
    fresh = [offer for offer in offers if now - max_age <= offer.published <= now and form(offer.url) not in gone]
    return tuple(sorted(fresh, key=lambda offer: (-offer.score, -offer.published.timestamp(), offer.url)))


def _why_not(known: Known, steps: Sequence[str]) -> str:
    sites = [who for who in known.person.identities if who.network == "web"]
    if any(offer.identity.network == "web" for offer in known.offers) and not known.articles():
        return f"{NOTHING_YET}: their site has had its share today"
    of_sites = bool({"share", "comment"}.intersection(steps))
    if any(who in known.read for who in (sites if of_sites else known.person.identities)):
        return f"{NOTHING_YET}: look again when they publish"
    if sites:
        return f"{NOTHING_YET}: their site is not among your sources: `syndicator add {profile_url(sites[0])}`"
    return f"{NOTHING_YET}: no site of theirs is known"
