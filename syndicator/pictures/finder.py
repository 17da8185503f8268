"""Finds the pictures of drafts: fetched as pages are, behind the same guard, and once in a run whoever shows them."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TypeVar

from platforms.abilities import Picture
from platforms.base import Draft, Limits
from syndicator import stop
from syndicator.linkcheck.checked import is_reserved
from syndicator.pictures.base import Need, NoPicture, need
from syndicator.pictures.worker import SECONDS, make
from syndicator.sources.fetch import Fetched, FetchOptions, FetchRequest
from syndicator.sources.fetcher import Fetcher
from syndicator.sources.turns import Turns

#: The most bytes of one picture that are fetched, and of all that are kept for who else shows them: as they came, and
#: as they were made ready.
_MOST, _KEPT, _MADE = 10_000_000, 60_000_000, 20_000_000
_ACCEPT = "image/jpeg, image/png, image/webp, image/avif, image/gif;q=0.8, image/*;q=0.5"

_Key = TypeVar("_Key")
_Held = TypeVar("_Held", Fetched, Picture | NoPicture)


class Pictures:
    """The pictures of one run, for any thread.

    `turns` are what it knows of servers, `seconds` what making one ready may take.
    """

    def __init__(self, options: FetchOptions, turns: Turns | None = None, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        wanted = replace(options, max_bytes=_MOST, beginning=False, accept=_ACCEPT)
        self._fetcher = Fetcher(wanted, turns)
        self._fetched: dict[str, Fetched] = {}
        self._made: dict[tuple[str, Need], Picture | NoPicture] = {}
        self._hopeless: dict[str, NoPicture] = {}
        self._in_hand: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def find(self, draft: Draft, limits: Limits) -> Picture | NoPicture | None:
        """The picture that a draft attaches, or that its card shows, as the network takes it; None if it shows none."""
        if draft.image:
            return self._picture(draft.image.url, draft.image.alt, need(draft, limits))
        if draft.card and draft.card.image:
            return self._picture(draft.card.image, draft.card.image_alt, need(draft, limits))
        return None

    def _picture(self, url: str, alt: str, needed: Need) -> Picture | NoPicture:
        if is_reserved(url):
            return NoPicture("its address is one for examples")
        with self._in_hand.setdefault(url, threading.Lock()):  # whoever wants the same one waits for it
            made = self._hopeless.get(url) or self._made.get((url, needed)) or self._make(url, needed)
        return replace(made, alt=alt) if isinstance(made, Picture) else made

    def _make(self, url: str, needed: Need) -> Picture | NoPicture:
        """The picture, from now on the same for everybody who needs it so; what is hopeless is so for all."""
        fetched = self._fetch(url)
        if fetched.body is None:
            return NoPicture(fetched.error)
        with stop.waiting():
            made = make(fetched.body, needed, self._seconds)
        if isinstance(made, NoPicture) and made.hopeless:
            self._hopeless[url] = made
        self._remember(self._made, (url, needed), made, _MADE)
        return made

    def _fetch(self, url: str) -> Fetched:
        """The answer, from now on the same for everybody."""
        fetched = self._fetched.get(url)
        if fetched is None:
            with stop.waiting():
                fetched = self._fetcher.fetch(FetchRequest(url))
            self._remember(self._fetched, url, fetched, _KEPT)
        return fetched

    def _remember(self, kept: dict[_Key, _Held], key: _Key, new: _Held, most: int) -> None:
        """Keep one more; the oldest are forgotten when all would be too much."""
        with self._guard:
            kept[key] = new
            while sum(map(_size, kept.values())) > most:
                del kept[next(iter(kept))]


def _size(held: Fetched | Picture | NoPicture) -> int:
    """In bytes."""
    if isinstance(held, Fetched):
        return len(held.body or b"")
    return len(held.content) if isinstance(held, Picture) else 0
