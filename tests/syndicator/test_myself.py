"""Who I am on each network, and that I earn no favours from myself."""

import os
import signal
from pathlib import Path

import directories
import pytest
from pieces import NOON
from small_world import MINE, SmallWorld

from ledger.entry import Identity
from platforms.abilities import Profile
from platforms.base import Actor, Interaction
from platforms.errors import Unreachable
from syndicator import myself, networks, stop, timebox

ROBIN, DID = Identity("bluesky", "robin.bsky.social"), Identity("bluesky", "did:plc:robin")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    directories.open_for(monkeypatch)
    return SmallWorld(tmp_path, monkeypatch)


def mention(handle: str, did: str = "did:plc:x") -> Interaction:
    return Interaction("mention", Actor(handle, did), id=f"at://{handle}", target=f"{MINE}/1", at=NOON)


def test_what_my_other_accounts_do_is_no_favour(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    robin = Profile(Actor("robin.bsky.social", "did:plc:robin"))
    monkeypatch.setattr(directories.Sky, "whoami", lambda self: robin)
    world.account("sky", "bluesky")
    world.account("other", "bluesky", handle="@Project.bsky.social", collect=False)
    mine = (mention("project.bsky.social"), mention("Robin.bsky.social"), mention("did:plc:robin"))
    world.happens("sky", *mine, mention("ada.bsky.social"))
    report = world.run()
    assert [str(entry.identity) for entry in world.received()] == ["bluesky:ada.bsky.social"]
    assert report.collected["sky"] == 1


def test_the_settings_and_every_login_tell_who_i_am(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    robin = Profile(Actor("robin.bsky.social", "did:plc:robin"))
    monkeypatch.setattr(directories.Sky, "whoami", lambda self: robin)
    world.account("sky", "bluesky", handle="old.bsky.social")
    space = world.open()
    before = {Identity("web", "robin.example"), Identity("bluesky", "old.bsky.social")}
    assert myself.mine(space.settings, space.state) == before
    assert myself.ask(space, networks.open_accounts(space))
    assert myself.mine(space.settings, space.state) == before | {ROBIN, DID}


def test_each_login_is_asked_once_a_week_and_what_it_said_holds_till_it_says_something_else(world: SmallWorld) -> None:
    script = world.account("sky", "bluesky")

    def ask(**later: float) -> bool:
        world.clock.move(**later)
        space = world.open()
        return myself.ask(space, networks.open_accounts(space))

    assert [ask(), ask(days=6), ask(days=1)] == [True, False, True]
    script["whoami"] = [Unreachable("sky", "no answer")]
    assert not ask(days=30)
    space = world.open()
    assert ROBIN in myself.mine(space.settings, space.state)
    assert len(script.called("whoami")) == 3
    del world.accounts["sky"]
    world.account("lake", "bluesky")
    assert ask()
    assert list(world.stored(myself.COLLECTION)) == ["lake"]


def test_a_network_that_charges_is_not_asked(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(networks.ADAPTERS, "charging", "small_world:Charging")
    world.account("bird", "charging", monthly_budget_usd=1.0)
    space = world.open()
    assert not myself.ask(space, networks.open_accounts(space))


def test_a_new_credential_may_be_another_s(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directories.Sky, "credential", ("token",), raising=False)
    monkeypatch.setenv("SYNDICATOR_SKY_TOKEN", "one")
    script = world.account("sky", "bluesky")
    for token in ("one", "one", "two"):
        monkeypatch.setenv("SYNDICATOR_SKY_TOKEN", token)
        space = world.open()
        myself.ask(space, networks.open_accounts(space))
    assert len(script.called("whoami")) == 2


def test_a_signal_and_the_time_are_heeded_between_two_logins(world: SmallWorld) -> None:
    scripts = [world.account(name, "bluesky") for name in ("sky", "lake")]
    scripts[0]["whoami"] = [lambda: os.kill(os.getpid(), signal.SIGTERM)]
    space = world.open()
    with stop.listening(), pytest.raises(stop.Stopped):
        myself.ask(space, networks.open_accounts(space))
    assert [len(script.called("whoami")) for script in scripts] == [1, 0]
    with timebox.within(0):
        assert not myself.ask(space, networks.open_accounts(space))
    assert len(scripts[1].called("whoami")) == 0
    assert myself.ask(space, networks.open_accounts(space))
