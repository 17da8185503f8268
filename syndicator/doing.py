"""Carries out an act of return on a network, after a person has seen it and said yes. Effects: the network, the book.

The act is the adapter's to do, and doing it twice is like doing it once; so one that was cut off before it was booked
is done and booked by doing it again. What no account can do is left to a person, at a web address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ledger.book import Numbered
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.suggestion import Act as Record
from ledger.suggestion import Suggestion
from ledger.who import profile_url
from platforms.abilities import Act, Doer, Intents
from platforms.errors import PlatformError
from platforms.text import fits
from syndicator.accounts import Account
from syndicator.workspace import Workspace

#: What each suggested act is on a network, and what it is booked as.
_ON_NETWORKS: Mapping[str, Act] = {"boost": "boost", "recommend": "endorse", "answer": "reply", "thank": "reply"}
BOOKED_AS: Mapping[str, Kind] = {
    "share": Kind.SHARE,
    "boost": Kind.BOOST,
    "thank": Kind.THANK,
    "recommend": Kind.RECOMMEND,
    "answer": Kind.REPLY,
    "comment": Kind.COMMENT,
    "read": Kind.LIKE,
}


class CannotDo(Exception):
    """An act can't be carried out as it is asked for; the message says why."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One act, exactly: by which account, to what (a post's or a profile's address), in what words."""

    account: Account
    act: Act
    target: str
    text: str = ""


def deed(space: Workspace, row: Numbered, accounts: Iterable[Account], text: str = "") -> Deed | None:
    """What would be done for a suggestion; None where no account can do it, so that it is left to a person.

    `text` are the person's own words, instead of those suggested. CannotDo for a text that the network does not take.
    """
    suggestion = row.suggestion
    assert suggestion is not None
    act = _ON_NETWORKS.get(suggestion.act)
    who = whom(space, row)
    if act is None or not _is_concrete(who, suggestion, act):
        return None
    for account in _on(suggestion.on, accounts):
        if isinstance(account.adapter, Doer) and act in account.adapter.acts:
            words = _addressed(who, text or suggestion.text) if act == "reply" else ""
            if act == "reply" and words and account.publishes and not fits(words, account.limits):
                raise CannotDo(f"{account.name}: this text is longer than a post may be there")
            return Deed(account, act, suggestion.url, words)
    return None


def carry_out(space: Workspace, row: Numbered, number: int, done: Deed) -> Entry:
    """Do it and book it as given. Any PlatformError of the network."""
    assert isinstance(done.account.adapter, Doer)
    if done.act == "reply" and not done.text:
        raise CannotDo("a reply needs words: give them with --text")
    made = done.account.adapter.do(done.act, done.target, done.text)
    return book(space, row, number, channel=done.account.table.platform, my_url=made if "://" in made else "")


def book(space: Workspace, row: Numbered, number: int, *, channel: str = "hand", my_url: str = "") -> Entry:
    """Book a suggestion as carried out: the favour, the act, and that its number is dealt with, all or nothing."""
    suggestion, now, who = row.suggestion, space.clock(), whom(space, row)
    assert suggestion is not None
    entry = Entry(
        Direction.GIVEN,
        BOOKED_AS[suggestion.act],
        who,
        recorded=now,
        at=now,
        url=suggestion.url,
        my_url=my_url,
        channel=channel,
        # What is done to a profile is no single thing: it is another act for each favour that it answers.
        native_id=suggestion.returns if suggestion.is_of_favour else "",
        in_return_for=suggestion.returns,
    )
    with space.book.transaction():
        space.book.append([entry])
        space.book.record(Record(who, suggestion.act, now, suggestion.decides))
        space.book.settle_number(number, row, "done")
    return entry


def whom(space: Workspace, row: Numbered) -> Identity:
    """Which of a person's identities a suggestion is about: whoever did the favour, else theirs on its network."""
    suggestion = row.suggestion
    assert suggestion is not None
    favour = space.book.entry(suggestion.returns) if suggestion.returns else None
    own = space.book.people().of(row.identity).identities
    there = [who for who in ((favour.identity,) if favour else ()) + own if who.network == suggestion.on]
    return next(iter(there), favour.identity if favour else row.identity)


def web_intent(row: Numbered, accounts: Sequence[Account], text: str = "") -> str:
    """The page where a person does it with one click; the suggestion's own address where its network has none."""
    suggestion = row.suggestion
    assert suggestion is not None
    act = _ON_NETWORKS.get(suggestion.act)
    for account in _on(suggestion.on, accounts):
        if act and isinstance(account.adapter, Intents):
            try:
                return account.adapter.intent(act, suggestion.url, text or suggestion.text)
            except PlatformError:  # there is no such page for this very act or address
                break
    return suggestion.url


def _on(network: str, accounts: Iterable[Account]) -> list[Account]:
    """The accounts of a network that can be used."""
    return [each for each in accounts if each.table.platform == network and not (each.missing or each.held)]


def _is_concrete(who: Identity, suggestion: Suggestion, act: Act) -> bool:
    """Whether it is known what it is done to: a profile can be endorsed, and neither boosted nor answered."""
    is_profile = suggestion.url == profile_url(who)
    return bool(suggestion.url) and (act == "endorse" or not is_profile)


def _addressed(whom: Identity, text: str) -> str:
    """A reply as it is sent: on Mastodon it reaches nobody who is not named in it."""
    who = f"@{whom.handle}"
    named = whom.network == "mastodon" and who.lower() not in text.lower()
    return f"{who} {text}" if text and named else text
