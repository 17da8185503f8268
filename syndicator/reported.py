"""What networks and pages report, as ledger Entries. Pure: values in, Entries out.

Whoever did it is named as `ledger.who` names them, so that one person is one identity through whichever channel they
are heard of. One act that no ledger can hold costs only itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec.structs import replace

from ledger import codec, who
from ledger.entry import Direction, Entry, Identity, Kind
from platforms.base import Actor, Interaction

#: A reply of more words than this is more than a nod.
_SUBSTANTIAL = 25
#: Characters of what somebody said that are kept, to show what is answered.
_EXCERPT = 200
_SAID = frozenset({Kind.REPLY, Kind.COMMENT, Kind.MENTION})
#: Characters of an address or an id; nobody's is longer.
_LONGEST = 2000
_KINDS = {kind.value: kind for kind in Kind}
#: Networks whose handles have a form; elsewhere a handle is any text.
_KNOWN = frozenset({"bluesky", "mastodon", "x"})


@dataclass(frozen=True, slots=True)
class Reported:
    """What one page told: entries, what their actors call themselves, and why some acts can't be held."""

    entries: tuple[Entry, ...]
    names: dict[Identity, str]
    unreadable: tuple[str, ...] = ()


def read(
    network: str,
    acts: Iterable[Interaction],
    now: datetime,
    mine: Collection[Identity] = frozenset(),
    account: str = "",
) -> Reported:
    """Read what `network` told. Kinds the ledger does not know, and acts without an actor, are left out silently.

    So are those that I did: nobody owes a favour to themselves. `mine` are all that I am called, `account` is which of
    my accounts was told.
    """
    entries: list[Entry] = []
    names: dict[Identity, str] = {}
    unreadable: list[str] = []
    for act in acts:
        identity = identity_of(act.actor, network)
        if act.kind not in _KINDS or identity is None or identity in mine:
            continue
        try:
            entry = replace(_entry(network, act, identity, now), account=account)
            codec.check_entry(codec.write_entry(entry))
        except (ValueError, OverflowError) as error:
            unreadable.append(f"a {act.kind} by {identity}: {error}")
            continue
        entries.append(entry)
        if name := who.shown(act.actor.name):
            names.setdefault(identity, name)
    return Reported(tuple(entries), names, tuple(unreadable))


def _entry(network: str, act: Interaction, identity: Identity, now: datetime) -> Entry:
    """One act as an entry. ValueError or OverflowError for what the ledger can't hold."""
    if act.at is not None and act.at.tzinfo is None:
        raise ValueError("its time has no time zone")
    url, target, native = _plain(act.url), _plain(act.target), _plain(act.id)
    if max(map(len, (url, target, native))) > _LONGEST:
        raise ValueError(f"its address or id has more than {_LONGEST} characters")
    return Entry(
        direction=Direction.RECEIVED,
        kind=_KINDS[act.kind],
        identity=identity,
        recorded=now,
        at=act.at.astimezone(UTC) if act.at else None,
        url=url,
        my_url=target,
        channel=network,
        # An act of which nothing but its actor is told is one act, however often it is told.
        native_id=native or ("" if url or target or act.at else act.kind),
        trust=act.trust,
        note=_excerpt(act) if native or url or target else "",
        substantial=len(act.text.split()) > _SUBSTANTIAL,
        secondhand=act.secondhand,
        private=act.private,
    )


def _excerpt(act: Interaction) -> str:
    """How what somebody said to me begins, as one line; nothing of what was not said in public."""
    if act.private or act.kind not in _SAID:
        return ""
    words = " ".join(_plain(word) for word in act.text[: 4 * _EXCERPT].split())
    return words if len(words) <= _EXCERPT else f"{words[: _EXCERPT - 1].rstrip()}…"


def identity_of(actor: Actor, network: str) -> Identity | None:
    """Who an actor is, of whom `network` told: by their handle, else by their address; None for nobody.

    A handle that is not of its network's form is kept as it is, so that no act is lost for it.
    """
    on, handle = actor.network or network, _plain(actor.handle)
    if on == "web":
        return _first(actor.url, handle, f"web:{handle}")
    if handle.removeprefix("@"):
        known = _first(f"{on}:{handle}", actor.url) if on in _KNOWN else None
        if known and known.network == on:
            return known
        return Identity(on, handle.removeprefix("@").lower()[:_LONGEST])
    return _first(actor.url)


def _first(*said: str) -> Identity | None:
    """The first of several ways to name somebody that does name somebody."""
    for each in said:
        try:
            return who.identity(each)
        except who.UnknownWho:
            continue
    return None


def _plain(text: str) -> str:
    """A stranger's text without what a reader would not see."""
    return text if text.isprintable() else "".join(mark for mark in text if mark.isprintable())
