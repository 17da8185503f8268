"""Servers are asked what they allow once a week, and what they said holds until they say something else."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pieces import NOON
from small_world import SmallWorld, entry

from platforms.errors import Rejected, Unreachable
from platforms.memory import LIMITS
from syndicator import run, server_limits
from syndicator.networks import open_account

LONG = "A title of many words. " * 60


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    return SmallWorld(tmp_path, monkeypatch)


def asked(world: SmallWorld, name: str = "pond") -> int:
    """How often the server of an account was asked."""
    return len(world.account(name, "spacious", **_options(world, name)).called("read_limits"))


def _options(world: SmallWorld, name: str) -> dict:
    return {key: value for key, value in world.accounts.get(name, {}).items() if key not in ("platform", "file")}


def allowed(world: SmallWorld, name: str = "pond") -> int | None:
    return open_account(world.open(), name).limits.length


def test_a_server_is_asked_once_a_week_and_taken_at_its_word_between_runs(world: SmallWorld) -> None:
    world.account(platform="spacious")
    assert allowed(world) == 500
    world.run()
    assert allowed(world) == 5000
    for _ in range(7 * 24):
        world.run(hours=0.9)
    assert asked(world) == 1
    world.run(days=1)
    assert asked(world) == 2


def test_the_run_that_asks_posts_by_the_answer_already(world: SmallWorld) -> None:
    world.account(platform="spacious")
    world.feed("ada", entry("https://ada.example/1", title=LONG))
    world.run()
    [post] = world.posts()
    assert 1000 < len(post.draft.text) <= 5000


def test_a_plan_is_made_by_the_answer_too_and_keeps_nothing(world: SmallWorld) -> None:
    world.account(platform="spacious")
    world.feed("ada", entry("https://ada.example/1", title=LONG))
    report = run.rehearse(world.open(scratch=True))
    [draft] = report.choice.drafts.values()
    assert len(draft.text) > 1000
    assert allowed(world) == 500


@pytest.mark.parametrize("error", [Unreachable("net", "no answer"), Rejected("net", "go away")])
def test_a_server_that_can_t_be_asked_keeps_what_it_said_and_is_asked_some_times_a_day(
    error: Exception, world: SmallWorld
) -> None:
    script = world.account(platform="spacious")
    script["read_limits"] = [error] * 3
    for _ in range(12):
        assert world.run(hours=1).errors == []
    assert asked(world) == 2
    assert allowed(world) == 500
    world.run(hours=7)
    world.run(hours=7)
    assert (asked(world), allowed(world)) == (4, 5000)
    script["read_limits"] = [error] * 99
    world.run(days=8)
    world.run(hours=1)
    assert (asked(world), allowed(world)) == (5, 5000)
    world.run(hours=6)
    assert (asked(world), allowed(world)) == (6, 5000)


def test_another_server_is_another_answer(world: SmallWorld) -> None:
    script = world.account(platform="spacious", server="https://one.example")
    world.run()
    script["read_limits"] = [Unreachable("net", "no answer")]
    world.account(platform="spacious", server="https://two.example")
    assert allowed(world) == 500
    world.run(hours=1)
    assert list(world.stored("limits")) == ["spacious https://two.example"], "the other one is forgotten"
    world.run(hours=7)
    assert allowed(world) == 5000


def test_accounts_on_one_server_share_its_answer(world: SmallWorld) -> None:
    scripts = [
        world.account("one", "spacious", server="https://net.example"),
        world.account("two", "spacious", server="https://NET.example/"),
    ]
    world.run()
    assert sum(len(script.called("read_limits")) for script in scripts) == 1
    assert (allowed(world, "one"), allowed(world, "two")) == (5000, 5000)


def test_channels_of_their_own_have_limits_of_their_own(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an Apprise account is on is told by its URL alone, which is its credential."""
    urls = {
        "disc": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "tele": "tgram://123456789:abcdefg_hijklmnop-qrstuvwxyz012345/987654321/",
    }
    for name, url in urls.items():
        world.account(name, "apprise")
        monkeypatch.setenv(f"SYNDICATOR_{name.upper()}_URL", url)
    world.run()
    assert (allowed(world, "disc"), allowed(world, "tele")) == (2000, 4096)
    monkeypatch.setenv("SYNDICATOR_TELE_URL", urls["disc"])
    assert allowed(world, "tele") == 500, "another channel never said anything yet"
    world.run(hours=1)
    assert (allowed(world, "disc"), allowed(world, "tele")) == (2000, 2000)
    assert sorted(world.stored("limits")) == ["apprise disc", "apprise tele"]


def test_networks_whose_servers_are_all_alike_are_not_asked(world: SmallWorld) -> None:
    world.account(platform="scripted")
    world.run()
    assert world.stored("limits") == {}
    assert allowed(world) == LIMITS.length


def test_without_a_network_nobody_is_asked(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world.account(platform="spacious")
    report = run.Report(started=NOON)
    for host in ("ada", "bob", "carl"):
        report.outage.saw(f"https://{host}.example/feed", False, "no such host", failed_before=False)
    space = world.open()
    accounts = [open_account(space, "pond")]
    assert run.as_servers_allow(space, accounts, report) == accounts
    assert asked(world) == 0
    [account] = run.as_servers_allow(space, accounts, run.Report(started=NOON))
    assert (asked(world), account.limits) == (1, replace(LIMITS, length=5000))


@pytest.mark.parametrize(
    "document",
    [{"tried": "yesterday"}, {"limits": {"length": "many"}, "tried": "2026-11-02T11:00:00Z"}, {}],
)
def test_what_can_t_be_read_is_asked_anew(document: dict, world: SmallWorld) -> None:
    world.account(platform="spacious")
    world.open().state.put(server_limits.COLLECTION, "spacious pond", document)
    assert allowed(world) == 500
    world.run()
    assert allowed(world) == 5000


def test_a_clock_that_was_wrong_once_keeps_no_server_from_being_asked(world: SmallWorld) -> None:
    world.account(platform="spacious")
    world.clock.now += timedelta(days=4000)
    world.run()
    world.clock.now -= timedelta(days=4000)
    world.run()
    assert asked(world) == 2


def test_a_bug_in_asking_is_raised_when_the_rest_is_done(world: SmallWorld) -> None:
    script = world.account(platform="spacious")
    script["read_limits"] = [KeyError("a bug")]
    world.account("other")
    world.feed("ada", entry("https://ada.example/1"))
    with pytest.raises(KeyError, match="a bug"):
        world.run()
    assert world.shared("other") == ["https://ada.example/1"]
