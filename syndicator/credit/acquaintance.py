"""What a naming goes by besides the page: the rules, who is known, who is to be left alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.entry import Identity
from ledger.people import People
from syndicator.credit.profiles import Known
from syndicator.times import span_text


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every post. `never` and `mine` are people by any of their identities, sites with all below."""

    gap: timedelta
    never: frozenset[Identity] = frozenset()
    mine: frozenset[Identity] = frozenset()


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What is known of people: looked-up handles, and the ledger's people.

    `networks` are those where somebody can be looked up: with a login there, by an adapter that knows how. `unasked`
    are accounts there of which it is not known whose they are: whoever is named may be me.
    """

    handles: Mapping[Identity, Known]
    people: People
    networks: frozenset[str]
    unasked: tuple[str, ...] = ()

    def of(self, who: Identity) -> Known | None:
        """What a look-up found of a handle."""
        return self.handles.get(who)


@dataclass(frozen=True, slots=True)
class Named:
    """That somebody was named at a time, or will be, by these of their identities, in sharing something of `site`."""

    at: datetime
    who: frozenset[str]
    site: str = ""


#: Everybody who was named, or will be.
History = Sequence[Named]


def unwelcome(
    shown: str, person: Iterable[Identity], around: Iterable[Identity], known: Acquaintance, rules: Rules
) -> str:
    """Why somebody is not to be named, as the end of a sentence; "" when nothing speaks against it.

    `around` is who speaks for them as well: the site that they write for.
    """
    person = tuple(person)
    concerned = (*person, *around)
    if _is_one_of(person, rules.mine):
        return f"{shown} is you"
    if _is_one_of(concerned, rules.never):
        return f"{shown} is in `never` of [credit], or the site is"
    if any(known.people.of(who).opted_out or known.people.of(who).muted for who in concerned):
        return f"{shown} opted out"
    for who in concerned:
        if (found := known.of(who)) and (why := left_alone(found)):
            return why.format(shown)
    return ""


def left_alone(found: Known) -> str:
    """Why whoever has a profile is to be left alone, with `{}` for their handle; "" when nothing in it says so."""
    if found.opted_out:
        return "the profile of {} asks bots to leave them alone"
    if found.blocked:
        return "{} and you don't want to hear of each other: one of you blocked the other"
    return f"{{}} is marked as {found.barred.removeprefix('!')}" if found.barred else ""


def too_soon(shown: str, names: frozenset[str], history: History, when: datetime, gap: timedelta) -> str:
    """Why somebody would be named too often, as the end of a sentence; "" when it is long enough ago."""
    near = any(abs(when - each.at) < gap for each in history if not names.isdisjoint(each.who))
    return f"{shown} is named in another post within {span_text(gap)}" if near else ""


def lies_on(site: str, sites: Iterable[str]) -> bool:
    """Whether a site is one of `sites`, or below one."""
    return any(site == each or site.endswith(f".{each}") or site.startswith(f"{each}/") for each in sites)


def _is_one_of(person: Iterable[Identity], people: frozenset[Identity]) -> bool:
    sites = [who.handle for who in people if who.network == "web"]
    return any(who in people or (who.network == "web" and lies_on(who.handle, sites)) for who in person)
