"""The last word on naming, right before posts are sent: who may not be named by now is not named after all.

Effects: the networks, which are only read, and the outbox. A post may have waited long for its approval or been brought
back by hand; others went out in the meantime, and people and settings change. Its owner's own words stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile

import msgspec

from ledger.entry import Identity
from syndicator.accounts import Account
from syndicator.compose import without_credit
from syndicator.credit import lookup
from syndicator.credit.acquaintance import Acquaintance, History, Named, Rules, too_soon, unwelcome
from syndicator.credit.belief import doubt_of_profile
from syndicator.credit.desk import acquaintance, named_by, rules
from syndicator.credit.mentions import mention, mentioned
from syndicator.credit.naming import NAMES_ITS_AUTHOR
from syndicator.outbox import NOT_FOUND, RETRIED, Outbox, Post, State, noted
from syndicator.workspace import Workspace

_BROUGHT_BACK = frozenset({RETRIED, NOT_FOUND})

#: A post in one of these states has called whom it names, or may have.
_OUT = frozenset({State.SENDING, State.POSTED, State.UNKNOWN, State.DELETED})


def take_out(
    space: Workspace, accounts: Sequence[Account], sending: Collection[str], bugs: list[Exception] | None = None
) -> list[Post]:
    """Take the author out of all that is due and may not name them now; store and return these posts.

    Only before the first try, or the first after its owner brought it back: what may be on the network already is sent
    again as it was, or looked for as it was. `sending` are the accounts on which posts go out; a bug of an adapter is
    kept in `bugs`, where there are any.
    """
    outbox, now = Outbox(space.state), space.clock()
    due = [each for each in outbox.in_state(State.QUEUED) if each.account in sending and _is_in_question(each, now)]
    if not due:
        return []
    guides = lookup.guides(accounts)
    known = acquaintance(space, guides)
    if lookup.look_up(space, accounts, _unheard_of(due, known), bugs):
        known = acquaintance(space, guides)
    out = [named_by(post) for post in outbox if post.names and (post.state in _OUT or _was_tried(post))]
    changed = []
    for post in due:
        why = "" if space.settings.credit.mention else "`mention` of [credit] is off"
        why = why or refusal(post, known, rules(space), out, now)
        if not why:
            out.append(Named(now, frozenset(post.names), post.site))
        elif outbox.swap(post, silent := unnamed(post, why, now)):
            changed.append(silent)
    return changed


def refusal(post: Post, known: Acquaintance, rules: Rules, out: History, now: datetime) -> str:
    """Why the author whom a post names may not be named now; "" if they may. `out` are those who were. Pure."""
    person = tuple(map(_identity, post.names))
    author, shown = person[0], f"@{person[0].handle}"
    found = known.of(author)
    if known.unasked or found is None:
        return f"{f'whose account {known.unasked[0]} is' if known.unasked else shown} could not be looked up"
    if why := doubt_of_profile(author, found):
        return why
    if mention(Identity(author.network, found.handle)) not in post.credit:
        return f"{shown} is now called @{found.handle}"
    around = [who for who in (Identity("web", post.site),) if who not in person]
    names = frozenset(post.names)
    return unwelcome(shown, person, around, known, rules) or too_soon(shown, names, out, now, rules.gap)


def unnamed(post: Post, why: str, now: datetime) -> Post:
    """The post without the line that names its author. Pure."""
    said = without_credit(post.draft.text, post.credit) or post.title
    told = f"author not named: {why}"
    reasons = (*(each for each in post.why if not each.startswith(NAMES_ITS_AUTHOR)), told)
    others = tuple(map(str, mentioned(said, post.platform)))
    draft = replace(post.draft, text=said)
    tried = post.tried if post.may_be_out else ()
    silent = msgspec.structs.replace(
        post, draft=draft, names=others, credit="", why=reasons, request=None, earlier=tried
    )
    return noted(silent, told, now)


def _is_in_question(post: Post, now: datetime) -> bool:
    return post.due <= now and bool(post.credit and post.names) and not _was_tried(post)


def _was_tried(post: Post) -> bool:
    """Whether a queued post was tried, and not brought back by hand since."""
    since = takewhile(lambda change: change.state is not State.SENDING, reversed(post.history))
    return post.state is State.QUEUED and post.attempts > 0 and not any(change.why in _BROUGHT_BACK for change in since)


def _unheard_of(posts: Iterable[Post], known: Acquaintance) -> list[Identity]:
    """Everybody whom these posts name, by every handle that can be asked for and is not known."""
    people = dict.fromkeys(_identity(name) for post in posts for name in post.names)
    handles = [who for who in people if mention(who) or who.handle.startswith("did:")]
    unasked = [Identity("me", name) for name in known.unasked]
    return [*(who for who in handles if who.network in known.networks and known.of(who) is None), *unasked]


def _identity(name: str) -> Identity:
    network, _, handle = name.partition(":")
    return Identity(network, handle)
