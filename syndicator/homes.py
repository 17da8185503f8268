"""What people say of themselves at home: rel=me on the front pages of their sites, alsoKnownAs where accounts moved to.

Effects: fetching, the state. Only what may prove something is asked for: sites to which an account links, and accounts
to which another says it moved; a few in a run, each person at most once a month, whatever the answer was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from ledger.entry import Identity
from ledger.named import named
from ledger.people import People
from ledger.proof import Bond, is_nobodys
from syndicator import myself, stop, timebox, urls
from syndicator.credit.profiles import Known
from syndicator.fetch_options import fetch_options
from syndicator.linkcheck.checked import Check, is_reserved
from syndicator.linkcheck.verdict import is_page
from syndicator.pages.read import read
from syndicator.sources.fetch import Fetched, FetchRequest, fetch
from syndicator.workspace import Workspace

PAGES, ALIASES = "homes", "aliases"

_MONTH = timedelta(days=30)
_A_RUN = 5  # of each
_MOST = 20  # names that an account had before
_BEGINNING = 500_000  # bytes of a page, or of an account's description
#: What is asked for: a page, or an account as ActivityPub describes it (https://www.w3.org/TR/activitypub/#retrieving-objects).
_HTML = "text/html, application/xhtml+xml, */*;q=0.8"
_ACTIVITY = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


class Aliases(msgspec.Struct, frozen=True):
    """Which names an account says, at `at`, that it had before: every identity that its addresses may mean."""

    at: datetime
    of: tuple[str, ...] = ()


def visit(space: Workspace, profiles: Mapping[Identity, Known]) -> None:
    """Look at the homes whose turn it is, of people who ask for nothing else. Raises Stopped between two of them."""
    if not space.settings.fetch.check_links:
        return
    looked_up = (seen for who, seen in space.book.sightings().items() if who.network != "web" and not seen.opted_out)
    bonds = [bond for seen in looked_up for bond in seen.bonds]
    people = space.book.people()
    for site in _due(space, people, PAGES, (bond.other for bond in bonds if _is_askable_site(bond.other))):
        if timebox.is_up():
            return
        stop.check()
        space.state.put(PAGES, str(site), msgspec.to_builtins(_front_page(space, site.handle)))
    for who in _due(space, people, ALIASES, (bond.other for bond in bonds if bond.how == "moved")):
        found = profiles.get(who)
        if timebox.is_up() or found is None or not found.page:
            continue
        stop.check()
        space.state.put(ALIASES, str(who), msgspec.to_builtins(Aliases(space.clock(), _aliases(space, found.page))))


def pages(space: Workspace) -> list[Check]:
    """The front pages that are known."""
    return [msgspec.convert(document, Check) for _, document in space.state.scan(PAGES)]


def came_from(space: Workspace) -> dict[Identity, tuple[Bond, ...]]:
    """Of accounts that others say they moved to, what these say in return."""
    kept = {_identity(key): msgspec.convert(document, Aliases) for key, document in space.state.scan(ALIASES)}
    return {who: tuple(Bond(who, _identity(old), "alias", each.at) for old in each.of) for who, each in kept.items()}


def _due(space: Workspace, people: People, collection: str, homes: Iterable[Identity]) -> list[Identity]:
    """Those of the homes to look at now, that which waits longest first; none of a person who was visited lately."""
    now, is_me = space.clock(), myself.recognised(space.settings, space.state)
    asked = {_identity(key): datetime.fromisoformat(kept["at"]) for key, kept in space.state.scan(collection)}
    if old := [str(who) for who, at in asked.items() if abs(now - at) >= 3 * _MONTH]:
        space.state.delete(collection, old)
    lately = {people.of(who).id for who, at in asked.items() if timedelta() <= now - at < _MONTH}
    due: dict[str, Identity] = {}
    for who in sorted(set(homes), key=lambda who: (asked[who].timestamp() if who in asked else 0.0, who)):
        person = people.of(who)
        if person.id not in lately and not person.opted_out and not is_me(who):
            due.setdefault(person.id, who)
    gone = space.book.forgotten.among(due.values())
    return [who for who in due.values() if who not in gone][:_A_RUN]


def _is_askable_site(who: Identity) -> bool:
    return who.network == "web" and not is_nobodys(who) and not is_reserved(f"https://{who.handle}/")


def _front_page(space: Workspace, site: str) -> Check:
    """What a site's front page ties to it; nothing where it is not there, or leads to another site."""
    now, url = space.clock(), f"https://{site}" if "/" in site else f"https://{site}/"
    answer = _ask(space, url, _HTML)
    if answer.no_tls:
        answer = _ask(space, url.replace("https://", "http://", 1), _HTML)
    is_there = answer.body is not None and is_page(answer.content_type, answer.body)
    if answer.body is None or not is_there or urls.site_of(answer.final_url) != site:
        return Check(url=url, at=now, verdict="unsure")
    return Check(
        url=url, at=now, verdict="ok", credits=read(answer.body, answer.final_url, answer.content_type).credits
    )


def _aliases(space: Workspace, page: str) -> tuple[str, ...]:
    """The identities that an account says it had, by the description of it that its server gives to other servers."""
    answer = _ask(space, page, _ACTIVITY)
    if answer.body is None or urls.host(answer.final_url) != urls.host(page):
        return ()
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ()
    said = told.get("alsoKnownAs") if isinstance(told, dict) else None
    rows = said if isinstance(said, list) else [said]
    texts = [each for each in rows[:_MOST] if isinstance(each, str)]
    return tuple(dict.fromkeys(str(who) for each in texts for who in named(each) if who.network == "mastodon"))


def _ask(space: Workspace, url: str, accept: str) -> Fetched:
    options = replace(fetch_options(space.settings), accept=accept, max_bytes=_BEGINNING, beginning=accept == _HTML)
    return fetch(FetchRequest(url), options)


def _identity(key: str) -> Identity:
    network, _, handle = key.partition(":")
    return Identity(network, handle)
