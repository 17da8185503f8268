"""A card of somebody to look over before following back or reading them: what they say, write, and what gives pause.

Effects: their network is asked, which is only read, by an account of mine that may ask for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from ledger.entry import Identity
from ledger.people import Person
from platforms.abilities import Directory, Profile, TheirPost, Timeline
from platforms.errors import PlatformError
from platforms.text import neutral
from syndicator.accounts import Account
from syndicator.timelines import can_look

#: Characters of what they say of themselves, and of a post; so many posts and links are shown.
_BIO, _EXCERPT, _POSTS, _LINKS = 300, 100, 3, 3
#: The early signs of spam and of those who follow to be followed.
_YOUNG, _MANY, _RATIO = timedelta(days=30), 2000, 5


def card(who: Identity, person: Person, accounts: Iterable[Account], now: datetime) -> list[str]:
    """The lines of the card; none where no account can ask for nothing."""
    for account in accounts:
        adapter = account.adapter
        is_there = account.table.platform == who.network and isinstance(adapter, Directory)
        if is_there and not (account.held or account.missing) and not (account.publishes and account.limits.charges):
            assert isinstance(adapter, Directory)
            try:
                profile = adapter.profile(who.handle)
                posts = adapter.posts(who.handle) if isinstance(adapter, Timeline) and can_look(account) else ()
            except PlatformError as error:
                return [f"could not be asked: {error}"]
            return list(_lines(profile, posts, person, now)) if profile else ["nobody has this handle any more"]
    return []


def signs(profile: Profile, now: datetime) -> list[str]:
    """What gives pause about an account. Pure."""
    following, followers = profile.following or 0, profile.followers or 0
    is_young = profile.created is not None and now - profile.created < _YOUNG
    return [
        *([f"the account is under {_YOUNG.days} days old"] if is_young else []),
        *(["it has no posts"] if profile.posts == 0 else []),
        *([f"it follows {following:,} and {followers:,} follow it"] if _is_collecting(following, followers) else []),
        *(["it is a bot"] if profile.actor.bot else []),
        *(f"it is marked as {neutral(mark)}" for mark in profile.marks),
    ]


def _is_collecting(following: int, followers: int) -> bool:
    return following > _MANY and following > _RATIO * followers


def _lines(profile: Profile, posts: Sequence[TheirPost], person: Person, now: datetime) -> Iterator[str]:
    if words := _short(profile.text, _BIO):
        yield f"says: {words}"
    counts = ((profile.posts, "posts"), (profile.followers, "followers"), (profile.following, "followed"))
    told = [f"{count:,} {what}" for count, what in counts if count is not None]
    since = [f"there since {profile.created:%d %b %Y}"] if profile.created else []
    if told or since:
        yield ", ".join((*told, *since))
    yield from (f"link: {link}" for link in profile.links[:_LINKS])
    yield from (f"wrote: {_short(post.text, _EXCERPT)}" for post in posts[:_POSTS] if post.text)
    yield from (f"look twice: {sign}" for sign in (*signs(profile, now), *person.spam_signs))


def _short(text: str, most: int) -> str:
    words = neutral(text[: 4 * most])
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
