"""Carries out an act of return on a network, after a person has seen it and said yes. Effects: the network, the book.

The act is the adapter's to do, and doing it twice is like doing it once; so one that was cut off before it was booked
is done and booked by doing it again. What no account can do is left to a person, at a web address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from ledger.book import Numbered
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.suggestion import Act as Record
from platforms.abilities import Act, Doer, Intents
from platforms.errors import PlatformError
from platforms.text import fits, plain
from syndicator import acting
from syndicator.accounts import Account
from syndicator.workspace import Workspace

#: What each suggested act is booked as.
BOOKED_AS: Mapping[str, Kind] = {
    "share": Kind.SHARE,
    "boost": Kind.BOOST,
    "thank": Kind.THANK,
    "recommend": Kind.RECOMMEND,
    "answer": Kind.REPLY,
    "comment": Kind.COMMENT,
    "read": Kind.LIKE,
}


#: What can be answered, and of which the ledger keeps how it begins.
_SAID = frozenset({Kind.REPLY, Kind.COMMENT, Kind.MENTION})


class CannotDo(Exception):
    """An act can't be carried out as it is asked for; the message says why."""


class WhichAccount(CannotDo):
    """Several accounts could do it as well as each other: `names`."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        super().__init__(f"several accounts could do that: {', '.join(names)}; choose one with --account")


@dataclass(frozen=True, slots=True)
class Deed:
    """One act, exactly: by which account, to what (a post's or a profile's address), in what words."""

    account: Account
    act: Act
    target: str
    text: str = ""


def account_of(space: Workspace, row: Numbered, accounts: Iterable[Account]) -> Account | None:
    """Which of the accounts carries a suggestion out, as `acting` has it; None where no account does such an act.

    WhichAccount where it can't be told.
    """
    suggestion = row.suggestion
    assert suggestion is not None
    who = whom(space, row)
    if acting.act_of(suggestion, who) is None:
        return None
    there = {each.name: each for each in accounts if each.table.platform == suggestion.on}
    tables = {name: account.table for name, account in there.items()}
    if not there:
        return None
    if name := acting.account_for(favour(space, row), suggestion.on, who, tables):
        return there[name]
    usable = [name for name, account in there.items() if not (account.missing or account.held)]
    if len(usable) == 1:
        return there[usable[0]]
    raise WhichAccount(tuple(usable or there))


def deed(space: Workspace, row: Numbered, account: Account | None, text: str = "") -> Deed | None:
    """What would be done for a suggestion; None where the account can't do it, so that it is left to a person.

    `text` are the person's own words, instead of those suggested. CannotDo for a text that the network does not take.
    """
    suggestion = row.suggestion
    assert suggestion is not None
    act = acting.act_of(suggestion, whom(space, row))
    if act is None or account is None or account.missing or account.held:
        return None
    if not (isinstance(account.adapter, Doer) and act in account.adapter.acts):
        return None
    whole = Deed(account, act, suggestion.url)
    return worded(space, row, whole, text or suggestion.text) if act == "reply" else whole


def worded(space: Workspace, row: Numbered, whole: Deed, text: str) -> Deed:
    """A reply in these words, as it is sent. CannotDo for a text that the network does not take."""
    words, account = _addressed(whom(space, row), plain(text).strip()), whole.account
    if words and account.publishes and not fits(words, account.limits):
        raise CannotDo(f"{account.name}: this text is longer than a post may be there")
    return replace(whole, text=words)


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


def favour(space: Workspace, row: Numbered) -> Entry | None:
    """What of theirs a suggestion answers, if it is in the ledger (still)."""
    assert row.suggestion is not None
    return space.book.entry(row.suggestion.returns) if row.suggestion.returns else None


def said(space: Workspace, row: Numbered) -> str:
    """How what they said begins, that a suggestion answers; "" for anything else."""
    answered = favour(space, row)
    return answered.note if answered and answered.kind in _SAID else ""


def whom(space: Workspace, row: Numbered) -> Identity:
    """Which of a person's identities a suggestion is about: whoever did the favour, else theirs on its network."""
    assert row.suggestion is not None
    return acting.whom(space.book.people().of(row.identity), row.suggestion, favour(space, row))


def web_intent(space: Workspace, row: Numbered, account: Account | None, text: str = "") -> str:
    """The page where a person does it with one click; the suggestion's own address where its network has none."""
    suggestion = row.suggestion
    assert suggestion is not None
    act = acting.act_of(suggestion, whom(space, row))
    if act and account and not (account.missing or account.held) and isinstance(account.adapter, Intents):
        with suppress(PlatformError):  # there may be no such page for this very act or address
            return account.adapter.intent(act, suggestion.url, text or suggestion.text)
    return suggestion.url


def _addressed(whom: Identity, text: str) -> str:
    """A reply as it is sent: on Mastodon it reaches nobody who is not named in it. Nobody else is called."""
    who = f"@{whom.handle}"
    if not text or whom.network != "mastodon":
        return text
    is_named = re.search(rf"(?<![\w@/]){re.escape(who)}(?![\w-]|\.\w)", text, re.IGNORECASE)
    return text if is_named else f"{who} {text}"
