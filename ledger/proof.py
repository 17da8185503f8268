"""How it is known that two identities are one human's: bonds between them, what each says of itself, how long it holds.

Pure. Where bonds come from is left to whoever collects them; what follows from them is decided in `kinship`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from ledger import shared_hosts
from ledger.entry import Identity
from ledger.who import UnknownWho, identity

How = Literal["verified", "rel-me", "domain", "renamed", "moved", "alias", "bridge", "page", "link"]
Strength = Literal["proof", "strong", "link"]

#: Ways that prove by themselves. A rel=me link, where an account says that it moved, or any other link proves only
#: together with one that leads back: anybody can say that they are now somebody famous.
_PROOFS = frozenset({"verified", "domain", "renamed", "bridge", "page"})
NEED_AN_ANSWER = frozenset({"rel-me", "moved"})
#: Two names of one and the same account: its new handle, its copy on another network, its own page.
SAME_ACCOUNT = frozenset({"renamed", "bridge", "page"})

#: After so long, what was found is looked at again.
RECHECK = timedelta(days=60)

_OF_BRIDGES = (".ap.brid.gy", ".web.brid.gy", "@bsky.brid.gy", "@web.brid.gy")
#: Names under these belong to a service, so that they prove nobody's own domain.
_SERVICES = (".bsky.social", ".brid.gy")


@dataclass(frozen=True, slots=True)
class Bond:
    """That `one` and `other` are the same human's, as `one` says, or its network for it.

    `how`: `verified`, a link that its network has proven to lead back (Mastodon's verified_at); `rel-me`, a rel=me link
    of a page of the site `one`; `domain`, a handle that is the host of the site `other`; `renamed`, what
    the network calls the account `one` now; `moved`, where it says to have moved, `alias`, from where it says to have
    come (ActivityPub's alsoKnownAs); `bridge`, the copy that Bridgy Fed makes; `page`, the account's own page and feed
    on its network; `link`, any other public link. `checked` is when it was looked at last, None for what the names
    alone show; a bond that no longer `holds` was true once.
    """

    one: Identity
    other: Identity
    how: How
    checked: datetime | None = None
    holds: bool = True

    @property
    def strength(self) -> Strength:
        """What it is worth by itself: a proof that failed later is still strong, and joins nobody any more."""
        if self.how in _PROOFS:
            return "proof" if self.holds else "strong"
        return "link"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What an identity was found to say of itself when it was looked at, at `at`.

    `found` tells whether there is such an account or page. `bot`, `opted_out` and `labelled` (as spam) are its
    profile's; `created` and the counts are None where its network does not say.
    """

    who: Identity
    at: datetime
    bonds: tuple[Bond, ...] = ()
    found: bool = True
    bot: bool = False
    opted_out: bool = False
    labelled: bool = False
    created: datetime | None = None
    posts: int | None = None
    followers: int | None = None
    following: int | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to look again; not at those who asked to be left alone. A clock may have jumped back."""
        return not self.opted_out and abs(now - self.at) >= RECHECK


def renewed(before: Sighting | None, now: Sighting, rests_on: Callable[[Bond], bool] = lambda _: False) -> Sighting:
    """The newer one, and with it the proofs of the one before that it no longer bears: they don't hold any more.

    Links that are gone are forgotten: they never proved anything, unless who is one person `rests_on` them. Not every
    page of a site says all that it says, so what a site said is given up only when it was not said again for long.
    """
    if before is not None and before.at > now.at:
        return before
    said = {(bond.other, bond.how) for bond in now.bonds}
    patience = RECHECK if now.who.network == "web" else timedelta()
    lost = []
    for bond in before.bonds if before else ():
        if (bond.other, bond.how) in said:
            continue
        if bond.checked is not None and now.at - bond.checked < patience:
            lost.append(bond)
        elif bond.strength != "link" or rests_on(bond):
            lost.append(replace(bond, holds=False, checked=now.at if bond.holds else bond.checked))
    return replace(now, bonds=tuple(sorted({*now.bonds, *lost}, key=_order)))


def by_name(identities: Iterable[Identity]) -> Iterator[Bond]:
    """Bonds that the names alone show, among these identities: bridged copies, domain handles, accounts' own pages.

    Bridgy Fed's names: https://fed.brid.gy/docs#fediverse-get-started and following.
    """
    known = frozenset(identities)
    for who in sorted(known):
        if (copy := _bridged(who)) in known and copy is not None:
            yield Bond(who, copy, "bridge")
        if who.network == "bluesky" and _is_own_domain(who.handle) and (site := Identity("web", who.handle)) in known:
            yield Bond(who, site, "domain")
        if who.network == "web" and (account := account_of(who)) != who and account in known:
            yield Bond(who, account, "page")


def account_of(who: Identity) -> Identity:
    """The account whose own page a web identity is: `@ada@example.social` for example.social/@ada; else itself."""
    if who.network != "web" or "/" not in who.handle:
        return who
    try:
        return identity(f"https://{who.handle.removesuffix('.rss')}")
    except UnknownWho:
        return who


def is_bridged(who: Identity) -> bool:
    """Whether it is a bridge's copy of an account elsewhere, and no account of its own."""
    return who.handle.endswith(_OF_BRIDGES)


def is_nobodys(who: Identity) -> bool:
    """Whether it is a host that many people share, without the part that tells them apart."""
    return who.network == "web" and who.handle in shared_hosts.SHARED_HOSTS


def is_shared(who: Identity) -> bool:
    """Whether it is somebody's place on a host that many people share."""
    return who.network == "web" and shared_hosts.is_shared(who.handle)


def _bridged(who: Identity) -> Identity | None:
    """The name of the copy that Bridgy Fed makes on the other network; None where it would make none."""
    if is_bridged(who):
        return None
    if who.network == "mastodon":
        name, _, server = who.handle.partition("@")
        return Identity("bluesky", f"{name.replace('_', '-')}.{server}.ap.brid.gy")
    if who.network == "bluesky" and not who.handle.startswith("did:"):
        return Identity("mastodon", f"{who.handle}@bsky.brid.gy")
    return None


def _is_own_domain(handle: str) -> bool:
    return not handle.startswith("did:") and not handle.endswith(_SERVICES)


def _order(bond: Bond) -> tuple[Identity, Identity, str]:
    return bond.one, bond.other, bond.how
