"""Networks where people can be looked up: memory networks that go by the names of real ones, and who is to be found."""

import pytest
from small_world import Scripted

from platforms.abilities import Profile
from platforms.base import Actor
from platforms.bluesky import Bluesky
from platforms.mastodon import LIMITS as MASTODON
from syndicator import networks

#: Everybody there is on a network, by handle or id.
PEOPLE: dict[str, dict[str, Profile]] = {"mastodon": {}, "bluesky": {}}


class Fediverse(Scripted):
    """Looks up who is in `PEOPLE`, unless its script says otherwise."""

    network = "mastodon"
    limits = MASTODON

    def profile(self, handle: str) -> Profile | None:
        self._script.take("profile", handle)
        return PEOPLE[self.network].get(handle)

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


def live(network: str, handle: str, **more: object) -> None:
    """Somebody lives there."""
    about = {key: more.pop(key) for key in ("bot", "name") if key in more}
    PEOPLE[network][handle] = Profile(Actor(handle, **about), **more)
