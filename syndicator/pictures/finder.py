"""Finds the pictures of drafts: fetched as pages are, behind the same guard, and once in a run whoever shows them."""

from __future__ import annotations

from dataclasses import replace

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


class Pictures:
    """The pictures of one run. `turns` are what it knows of servers, `seconds` what making one ready may take."""

    def __init__(self, options: FetchOptions, turns: Turns | None = None, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        wanted = replace(options, max_bytes=_MOST, beginning=False, accept=_ACCEPT)
        self._fetcher = Fetcher(wanted, turns)
        self._fetched: dict[str, Fetched] = {}
        self._made: dict[tuple[str, Need], Picture | NoPicture] = {}
        self._hopeless: dict[str, NoPicture] = {}

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
        made = self._hopeless.get(url) or self._made.get((url, needed)) or self._make(url, needed)
        return replace(made, alt=alt) if isinstance(made, Picture) else made

    def _make(self, url: str, needed: Need) -> Picture | NoPicture:
        """The picture, from now on the same for everybody who needs it so; what is hopeless is so for all."""
        fetched = self._fetch(url)
        if fetched.body is None:
            return NoPicture(fetched.error)
        with stop.waiting():
            made = make(fetched.body, needed, self._seconds)
        self._made[url, needed] = made
        if isinstance(made, NoPicture) and made.hopeless:
            self._hopeless[url] = made
        while sum(len(each.content) for each in self._made.values() if isinstance(each, Picture)) > _MADE:
            del self._made[next(iter(self._made))]
        return made

    def _fetch(self, url: str) -> Fetched:
        """The answer, from now on the same for everybody; the oldest are forgotten when all would be too much."""
        if url not in self._fetched:
            with stop.waiting():
                self._fetched[url] = self._fetcher.fetch(FetchRequest(url))
            while sum(len(each.body or b"") for each in self._fetched.values()) > _KEPT:
                del self._fetched[next(iter(self._fetched))]
        return self._fetched[url]
