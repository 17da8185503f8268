"""What a power cut could undo: nothing that was acknowledged. Read from what commands really ask of the system."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts import strace
from counterparts.desk import Desk, item, rss
from counterparts.fake_mastodon import MastodonWorld
from counterparts.strace import Call

WHY_NOT = strace.why_not()
pytestmark = pytest.mark.skipif(bool(WHY_NOT) and (strace.is_there() or not os.environ.get("CI")), reason=WHY_NOT)


@pytest.fixture
def network(tmp_path: Path) -> Iterator[MastodonWorld]:
    assert not WHY_NOT
    world = MastodonWorld(tmp_path)
    yield world
    world.close()


@pytest.fixture
def desk(tmp_path: Path, network: MastodonWorld) -> Desk:
    """An owner with a feed, a linkblog and an account on a server."""
    folder = tmp_path / "home"
    folder.mkdir()
    desk = Desk(folder)
    desk.feed(rss(item(1), item(2)))
    desk.add_account("links", "linkblog", {"folder": "public"}, {})
    login = network.login()
    desk.add_account("fosstodon", "mastodon", login.options, login.secrets)
    return desk


def traced(desk: Desk, *words: str, typed: str = "") -> list[Call]:
    trace = desk.folder.parent / "trace"
    desk.run(*words, typed=typed, under=strace.tracing(trace))
    return strace.calls(trace)


def test_a_post_is_on_the_disk_before_it_is_on_its_way_and_its_outcome_before_anything_else(
    desk: Desk, network: MastodonWorld
) -> None:
    done = traced(desk, "run")

    state = [call for call in done if call.path.name == "state.jsonl" and call.name in strace.WRITES]
    sent = [call for call in done if call.name == "sendto" and "POST /api/v1/statuses" in call.text]
    assert len(sent) == len(network.posts()) == 2
    for number, call in enumerate(sent):
        intents = [each for each in state if each.done < call.begun and '"account":"fosstodon"' in each.text]
        assert '"state":"sending"' in intents[-1].text
        assert strace.synced_between(done, intents[-1], call.begun)
        outcomes = [each for each in state if call.done < each.begun and '"account":"fosstodon"' in each.text]
        assert '"state":"posted"' in outcomes[0].text
        end = sent[number + 1].begun if number + 1 < len(sent) else done[-1].done
        assert strace.synced_between(done, outcomes[0], end)


def test_what_a_first_run_leaves_survives_a_power_cut(desk: Desk) -> None:
    done = traced(desk, "run")

    assert list(strace.losses(done, desk.folder)) == []
    replaced = {call.path.name for call in done if call.name in strace.RENAMES}
    assert {"links.json", "index.html", "feed.xml", "feed.json", "sessions.json"} <= replaced
    assert any(name.startswith("state.jsonl.20") for name in replaced)


def test_what_the_next_run_adds_survives_too(desk: Desk) -> None:
    desk.run("run")
    desk.feed(rss(item(3)))

    done = traced(desk, "run")

    assert list(strace.losses(done, desk.folder)) == []
    assert any(call.path.parent.name == "backups" and "O_APPEND" in call.flags for call in done), "the copy grew"


def test_credentials_settings_and_entries_survive_a_power_cut(desk: Desk) -> None:
    desk.add_account("chat", "apprise", {}, {})
    commands = {
        "secrets.toml": (("login", "chat"), "json://127.0.0.1:9/"),
        "ledger.jsonl": (("ledger", "add", "link", "ada.example", "--url", "https://ada.example/9"), ""),
        "roll.opml": (("export", "roll.opml"), ""),
        "syndicator.toml": (("add", (desk.folder / "bob.xml").as_uri()), ""),
    }
    desk.feed(rss(item(9), title="Bob", site="https://bob.example/"), "bob.xml")
    for name, (words, typed) in commands.items():
        done = traced(desk, *words, typed=typed)
        assert list(strace.losses(done, desk.folder)) == [], name
        assert name in {call.path.name for call in done if call.name in strace.RENAMES | strace.WRITES}


LOSSES = {
    'write(3</d/a.jsonl>, "x", 1) = 1': "a.jsonl was written and not synced",
    'openat(AT_FDCWD</d>, "/d/a.jsonl", O_WRONLY|O_CREAT, 0600) = 3</d/a.jsonl>': "has a name that was not synced",
    'rename("/d/.a.new", "/d/a") = 0\nfsync(4</d>) = 0': "replaced by a file that was not synced",
    'write(3</d/.a.new>, "x", 1) = 1\nfsync(3</d/.a.new>) = 0\nrename("/d/.a.new", "/d/a") = 0': "a has a name that",
    'openat(AT_FDCWD</d>, "/d/a.toml", O_WRONLY|O_TRUNC) = 3</d/a.toml>': "emptied to be written over",
    "ftruncate(3</d/a.jsonl>, 5) = 0": "was cut",
    'mkdir("/d/data", 0777) = 0': "data has a name that was not synced",
    'write(3</d/a.jsonl>, "x", 1 <unfinished ...>\nfsync(3</d/a.jsonl>) = 0\n<... write resumed>) = 1': "not synced",
}


@pytest.mark.parametrize("told", LOSSES)
def test_a_loss_is_seen(told: str, tmp_path: Path) -> None:
    """The reader of traces itself: without it, the tests above would prove nothing."""
    trace = tmp_path / "trace"
    process = ("8" if "resumed" in line or "unfinished" in line else "7" for line in told.splitlines())
    trace.write_text("\n".join(f"{each}  {line}" for each, line in zip(process, told.splitlines(), strict=True)))
    assert [LOSSES[told] in loss for loss in strace.losses(strace.calls(trace), Path("/d"))] == [True]
