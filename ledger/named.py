"""Whom a text names: every handle, profile page, post and site in it, as identities. Pure.

What is looked for are addresses, not names: a name may be anybody's. Each way of writing somebody gives all identities
that it may mean, since a bare `ada.example` is a site and a Bluesky handle as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from ledger.entry import Identity
from ledger.who import UnknownWho, identity, site_identity

#: What handles and addresses are written with, between whatever else stands in a text.
_WORD = re.compile(r"[\w.@:/~%#?=&+!-]{3,2000}")
_AROUND = ".:!?#&=+-/"
_INSIDE = re.compile(r"https?://|at://", re.IGNORECASE)
#: An account by ActivityPub's name: /users/ada/statuses/5 is one of @ada's.
_ACTOR = re.compile(r"https?://([^/?#]+)/(?:users|profile|u|author)/([\w.-]+)(?:[/?#]|$)", re.IGNORECASE)
#: Pages of Hacker News that are somebody's, all by the name behind `id=`.
_HACKER = re.compile(r"news\.ycombinator\.com/(?!item)\w+\?(?:[^#]*&)?id=([\w-]+)", re.IGNORECASE)
_MOST_PARTS = 12
_REMEMBERED = 8192


def named(text: str) -> Iterator[Identity]:
    """Everybody whom a text may name, in no order and perhaps twice."""
    for said in (text, unquote(text)) if "%" in text else (text,):
        for word in _WORD.findall(said):
            if "." in word or "@" in word or ":" in word:
                yield from _meant(word)


@lru_cache(_REMEMBERED)
def _meant(word: str) -> tuple[Identity, ...]:
    """All that one word may mean: as it stands, each address in it, and each part of its path."""
    starts = [found.start() for found in _INSIDE.finditer(word)][:_MOST_PARTS]
    addresses = [word[start:].rstrip(_AROUND) for start in starts]
    parts = [part.strip(_AROUND) for part in re.split(r"[/?#&=]+", word)[:_MOST_PARTS]]
    found: dict[Identity, None] = {}
    for each in (word.strip(_AROUND), *addresses, *parts):
        found |= dict.fromkeys(_of(each))
    return tuple(found)


def _of(word: str) -> Iterator[Identity]:
    for read in (identity, site_identity):
        try:
            who = read(word)
        except UnknownWho:
            continue
        yield who
        if who.network == "web" and "/" not in who.handle and ":" not in who.handle:
            yield Identity("bluesky", who.handle)
    patterns = ((_ACTOR, "mastodon:{0[1]}@{0[0]}"), (_HACKER, "hackernews:{0[0]}"))
    for pattern, written in patterns:
        if found := pattern.search(word):
            try:
                yield identity(written.format(found.groups()))
            except UnknownWho:
                continue
