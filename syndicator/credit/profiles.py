"""Who has a handle now, as far as naming them goes: kept for a week, and no more of it than is needed.

Pure but for reading and writing the collection. When somebody is looked up is for `lookup`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from ledger.entry import Identity
from ledger.who import UnknownWho, claimed_site, identity
from platforms.abilities import Profile
from syndicator import urls

if TYPE_CHECKING:
    from ledger.store.base import Store

COLLECTION = "profiles"

#: So long it is believed what was found, also that nobody was.
_KEPT = timedelta(days=7)
_MOST_SITES = 10
_LONGEST_NAME = 200

#: Tags by which people ask programs to leave them alone, also as `#NoBots` and with a full-width sign.
_LEAVE_ME_ALONE = re.compile(r"#no[-_ ]?(bot|bridg)", re.IGNORECASE)
#: What an account can be marked as, so that nobody behind it is to be called: not one person, not there any more, or
#: not to be trusted. Mastodon's fields, then Bluesky's labels (https://docs.bsky.app/docs/advanced-guides/moderation).
_BARRED = frozenset({
    "group", "memorial", "suspended", "limited",
    "!takedown", "!suspend", "!hide", "impersonation", "spam", "scam",
})  # fmt: skip
_HIDDEN = re.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


class Known(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found when a handle was looked up at `at` (UTC).

    `handle` is how its network writes it now, "" when nobody has it. `sites` are those that the network has proven to
    be theirs, `links` others that they link to (to the front page, or to their own page on a shared host), `moved_to`
    is the handle they use instead; all are written as the ledger does. `also_on` are sites of which only a page further
    down is proven to be theirs. `page` is the account's own page. `barred` is what the account is marked as, if nobody
    behind it is to be called; `blocked` tells that they blocked me or I them.
    `created` and the counts are None where the network does not say.
    """

    at: datetime
    handle: str = ""
    name: str = ""
    bot: bool = False
    opted_out: bool = False
    moved_to: str = ""
    page: str = ""
    barred: str = ""
    blocked: bool = False
    sites: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    also_on: tuple[str, ...] = ()
    created: datetime | None = None
    posts: int | None = None
    followers: int | None = None
    following: int | None = None


def known(network: str, found: Profile | None, at: datetime, *, blocked: bool = False) -> Known:
    """What to keep of a profile; None for a handle that nobody has."""
    if found is None:
        return Known(at=at)
    sites = dict.fromkeys(site.handle for site in map(claimed_site, found.verified) if site)
    links = dict.fromkeys(site.handle for site in map(claimed_site, found.links) if site and site.handle not in sites)
    further = dict.fromkeys(site for site in map(urls.site_of, found.verified) if site and site not in sites)
    return Known(
        at=at,
        handle=_handle(network, found.actor.handle),
        name=found.actor.name[:_LONGEST_NAME],
        bot=found.actor.bot,
        opted_out=opted_out(found),
        moved_to=_handle(network, found.moved_to) or found.moved_to[:_LONGEST_NAME],
        page=found.actor.url if urls.is_web(found.actor.url) and len(found.actor.url) <= _LONGEST_NAME else "",
        barred=next((mark.lower() for mark in found.marks if mark.lower() in _BARRED), ""),
        blocked=blocked,
        sites=tuple(sites)[:_MOST_SITES],
        links=tuple(links)[:_MOST_SITES],
        also_on=tuple(further)[:_MOST_SITES],
        created=found.created,
        posts=found.posts,
        followers=found.followers,
        following=found.following,
    )


def opted_out(found: Profile) -> bool:
    """Whether a profile asks programs to leave its owner alone, anywhere in it."""
    said = "\n".join((found.actor.name, found.text, *found.links))
    return _LEAVE_ME_ALONE.search(unicodedata.normalize("NFKC", _HIDDEN.sub("", said))) is not None


def load(store: Store, now: datetime) -> dict[Identity, Known]:
    """What is known and still believed, by the identity that was looked up."""
    found = {key: msgspec.convert(document, Known) for key, document in store.scan(COLLECTION)}
    return {_identity(key): each for key, each in found.items() if _holds(each, now)}


def save(store: Store, found: Mapping[Identity, Known], now: datetime) -> None:
    """Keep what was found, and forget what is no longer believed."""
    with store.transaction():
        old = [key for key, each in store.scan(COLLECTION) if not _holds(msgspec.convert(each, Known), now)]
        if old:
            store.delete(COLLECTION, old)
        if found:
            store.put_many(COLLECTION, {str(who): msgspec.to_builtins(each) for who, each in found.items()})


def _holds(each: Known, now: datetime) -> bool:
    return abs(now - each.at) < _KEPT


def _identity(key: str) -> Identity:
    network, _, handle = key.partition(":")
    return Identity(network, handle)


def _handle(network: str, handle: str) -> str:
    """A handle as the ledger writes it; "" for one that can't be somebody's."""
    try:
        who = identity(f"{network}:{handle}") if handle else None
    except UnknownWho:
        return ""
    return who.handle if who else ""
