"""Networks where people can be looked up: memory networks that go by the names of real ones, and who is to be found."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from small_world import Scripted

from platforms.abilities import Profile, Relation
from platforms.base import Actor
from platforms.bluesky import Bluesky
from platforms.mastodon import LIMITS as MASTODON
from syndicator import networks

#: Who has blocked an account there, or is blocked by it, by id.
BLOCKED: dict[str, set[str]] = {"mastodon": set(), "bluesky": set()}
#: Everybody there is on a network, by handle or id.
PEOPLE: dict[str, dict[str, Profile]] = {"mastodon": {}, "bluesky": {}}


class Fediverse(Scripted):
    """Looks up who is in `PEOPLE`, unless its script says otherwise."""

    network = "mastodon"
    limits = MASTODON

    def profile(self, handle: str) -> Profile | None:
        self._script.take("profile", handle)
        return PEOPLE[self.network].get(handle)

    def followers(self) -> Iterator[Actor]:
        return iter(())

    def following(self) -> Iterator[Actor]:
        return iter(())

    def relations(self, ids: Sequence[str]) -> Mapping[str, Relation]:
        self._script.take("relations", tuple(ids))
        return {each: Relation(blocked=each in BLOCKED[self.network]) for each in ids}

    def whoami(self) -> Profile:
        self._script.take("whoami", None)
        return Profile(Actor("robin@example.social" if self.network == "mastodon" else "robin.bsky.social"))


class Sky(Fediverse):
    network = "bluesky"
    limits = Bluesky.limits


def open_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have these networks in place of the real ones, with nobody on them."""
    for network, adapter in {"mastodon": Fediverse, "bluesky": Sky}.items():
        monkeypatch.setitem(networks.ADAPTERS, network, f"directories:{adapter.__name__}")
        PEOPLE[network].clear()
        BLOCKED[network].clear()


def live(network: str, handle: str, **more: object) -> None:
    """Somebody lives there."""
    about = {key: more.pop(key) for key in ("bot", "name") if key in more}
    PEOPLE[network][handle] = Profile(Actor(handle, f"id of {handle}", **about), **more)
