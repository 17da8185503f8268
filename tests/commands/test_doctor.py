"""`syndicator doctor` as its owner runs it: each trouble is provoked and told with its remedy."""

import re
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from counterparts import own_crontab
from counterparts.desk import UNPRIVILEGED, Desk, item, rss
from counterparts.fake_mastodon import MastodonWorld

from syndicator.upgrades import open_state


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An owner with one source, a memory account and none of this machine's timers, after a run."""
    folder = tmp_path / "home"
    folder.mkdir()
    desk = Desk(folder)
    desk.feed(rss(item(1)))
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    desk.environment |= {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_RUNTIME_DIR": "/none"}
    desk.environment["PATH"] = f"{own_crontab.tool(tmp_path / 'bin').parent}:{desk.environment['PATH']}"
    desk.run("run")
    return desk


def troubles(desk: Desk, *options: str, fault: bool = True) -> dict[str, tuple[str, str]]:
    """What is not well, but for the timer and the time: the text and the remedy by area and level."""
    document = desk.json("doctor", *options, expect=int(fault))
    assert document["ok"] is not fault
    found = [each for each in document["findings"] if each["level"] != "ok"]
    assert all(each["remedy"] for each in found)
    return {
        f"{each['level']} {each['area']}": (each["text"], each["remedy"])
        for each in found
        if each["area"] not in ("schedule", "clock")
    }


def test_all_is_well(desk: Desk) -> None:
    before = {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}
    assert troubles(desk, fault=False) == {}
    assert troubles(desk, "--offline", fault=False) == {}
    told = desk.run("doctor").stdout
    assert "ok     runs: the last run ended " in told
    assert "mind   schedule: no timer is installed\n       → syndicator schedule install" in told
    assert told.endswith("0 faults, 2 to mind\n")
    assert {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()} == before


def test_settings_that_can_not_be_used(desk: Desk) -> None:
    desk.add("[plan.typo]\n")
    [(text, _)] = troubles(desk).values()
    assert "syndicator.toml" in text
    desk.settings.unlink()
    assert troubles(desk)["fault settings"][1] == "`syndicator init` writes one"


def test_before_the_first_run(desk: Desk) -> None:
    shutil.rmtree(desk.folder / "data")
    (desk.folder / "pond.jsonl").unlink()
    before = sorted(desk.folder.rglob("*"))
    assert set(troubles(desk, fault=False)) == {"mind state", "mind runs"}
    assert sorted(desk.folder.rglob("*")) == before


def test_a_timer_that_is_not_what_it_should_be_is_mended_by_its_remedy(desk: Desk) -> None:
    (desk.folder / ".git").mkdir()
    desk.run("schedule", "install", "--backend", "github", "--every", "2h", "--package", "syndicator==0.1.0")
    assert "ok     schedule: github starts a run every 2h" in desk.run("doctor", "--offline").stdout
    desk.add('[run]\nbudget = "40m"\n')
    remedy = "syndicator schedule install --backend github --every 2h --package syndicator==0.1.0"
    told = desk.run("doctor", "--offline").stdout
    assert f"mind   schedule: github has a timer that is not what would be written now\n       → {remedy}\n" in told
    assert remedy in desk.run("schedule", "status").stdout
    desk.run(*remedy.split()[1:])
    assert "ok     schedule: github starts a run every 2h" in desk.run("doctor", "--offline").stdout
    assert [timer["every"] for timer in desk.json("schedule", "status")["timers"]] == ["2h"]


def test_secrets_that_others_can_read(desk: Desk) -> None:
    desk.add_account("far", "mastodon", {"server": "https://far.example"}, {})
    assert troubles(desk, "--offline")["fault credentials"][1] == "syndicator login far"
    secrets = desk.folder / "data" / "secrets.toml"
    secrets.write_text('[far]\ntoken = "hush-hush-hush"\n')
    secrets.chmod(0o644)
    assert "run: chmod 600" in "".join(troubles(desk, "--offline")["fault credentials"])
    secrets.chmod(0o600)
    assert troubles(desk, "--offline", fault=False) == {}

    (desk.folder / "cron.log").write_text("GET /api?token=hush-hush-hush")
    done = desk.run("doctor", "--offline", expect=1)
    assert f"{desk.folder / 'cron.log'}: the token of far stands in it" in done.stdout
    assert "hush-hush-hush" not in done.stdout + done.stderr
    (desk.folder / "cron.log").unlink()
    desk.add("# hush-hush-hush\n")
    assert "syndicator.toml: the token of far" in troubles(desk, "--offline")["fault credentials"][0]


def test_a_feed_among_the_sites(desk: Desk) -> None:
    site = "https://robin.example"
    desk.settings.write_text(desk.settings.read_text().replace(f'"{site}"', f'"{site}/feed.xml", "{site}/a-page"'))
    done = desk.run("doctor", "--offline", expect=None).stdout
    assert f"mind   settings: {site}/feed.xml in `sites` is a feed" in done
    assert "under [me] in" in done
    assert "a-page" not in done


def test_a_password_in_an_address(desk: Desk) -> None:
    desk.settings.write_text(desk.settings.read_text().replace('"ada.xml"', '"https://robin:hush@ada.example/feed"'))
    text, _ = troubles(desk, "--offline")["fault credentials"]
    assert text.endswith("syndicator.toml: an address in it holds a password")


def test_state_that_is_damaged_gone_or_torn(desk: Desk) -> None:
    """One damaged file is told once, and all else is looked at all the same."""
    state, ledger = desk.folder / "data" / "state.jsonl", desk.folder / "data" / "ledger.jsonl"
    whole = state.read_bytes()
    state.write_bytes(whole.replace(b"\n", b"\noops\n", 1))
    document = desk.json("doctor", "--offline", expect=1)
    faults = [each for each in document["findings"] if each["level"] == "fault"]
    assert [each["area"] for each in faults] == ["state"]
    assert "state.jsonl is damaged in line 2" in faults[0]["text"]
    assert "backups/state.jsonl.20" in faults[0]["remedy"]
    assert any(each["area"] == "ledger" and each["level"] == "ok" for each in document["findings"])

    state.unlink()
    assert troubles(desk, "--offline")["fault state"][0].startswith(f"{state} is gone, though there are copies of it")
    state.write_bytes(whole)
    assert troubles(desk, "--offline", fault=False) == {}

    with ledger.open("ab") as file:
        file.write(b'{"entries":{"x')
    desk.run("ledger", "add", "link", "ada.example", "--url", "https://ada.example/9")
    assert "torn" in troubles(desk, "--offline", fault=False)["mind state"][0]
    shutil.rmtree(desk.folder / "data" / "backups")
    assert "no copy yet" in desk.run("doctor", "--offline").stdout


def test_a_data_folder_that_can_not_be_written(desk: Desk) -> None:
    folder = desk.folder / "data"
    folder.chmod(0o555)
    done = desk.run("doctor", "--offline", under=UNPRIVILEGED, expect=1)
    folder.chmod(0o755)
    assert f"fault  state: {folder} could not be written: Permission denied" in done.stdout
    assert "→ make the file and its folder readable and writable for this user" in done.stdout
    assert "ok     runs: " in done.stdout, "the rest is looked at all the same"


def test_a_run_that_died_and_one_that_is_on(desk: Desk) -> None:
    owner = desk.folder / "data" / "run.owner"
    owner.write_text("process 1 on pine, since 2026-11-01 08:00:00 UTC\n")
    assert "a run died (process 1 on pine" in troubles(desk, "--offline", fault=False)["mind runs"][0]
    desk.run("run")
    assert troubles(desk, "--offline", fault=False) == {}

    on = desk.start("run", python="from syndicator import run\nrun.run = lambda *a, **b: signal.pause()")
    try:
        while not owner.exists():
            assert on.poll() is None
        assert "ok     runs: a run is on (process " in desk.run("doctor", "--offline").stdout
        owner.write_text("process 1 on pine, since 2026-11-01 08:00:00 UTC\n")
        assert "a run is on for " in troubles(desk, "--offline")["fault runs"][0]
    finally:
        on.send_signal(signal.SIGKILL)
        on.communicate()


def test_posts_that_wait_for_a_person(desk: Desk) -> None:
    desk.settings.write_text(desk.settings.read_text().replace("[accounts.pond]", '[accounts.pond]\napprove = "ask"'))
    desk.feed(rss(item(1), item(2)))
    desk.run("run")
    assert "1 post waits for your approval" in troubles(desk, fault=False)["mind posts"][0]

    store = open_state(desk.folder / "data")
    [(key, waiting)] = [(key, each) for key, each in store.scan("posts") if each["state"] == "awaiting"]
    store.put("posts", key, {**waiting, "state": "unknown"})
    text, remedy = troubles(desk)["fault posts"]
    assert "may have arrived or not" in text
    assert f"syndicator queue settle {waiting['id']} --posted URL" in remedy
    desk.run("queue", "settle", waiting["id"], "--not-posted")
    assert "fault posts" not in troubles(desk, fault=False)


def test_sources_that_fail(desk: Desk) -> None:
    desk.add('[[sources]]\nkind = "own"\nfeed = "mine.xml"\n\n[[sources]]\nkind = "curated"\nopml = "roll.opml"\n')
    desk.run("run", expect=1)
    document = desk.json("doctor", "--offline", expect=1)
    faults = [each["text"] for each in document["findings"] if each["level"] == "fault"]
    assert any("roll.opml: no such file" in text for text in faults)
    assert any("mine.xml" in text for text in faults)


def test_accounts_are_asked_unless_offline(desk: Desk, tmp_path: Path) -> None:
    network = MastodonWorld(tmp_path)
    try:
        login = network.login()
        desk.add_account("fosstodon", "mastodon", login.options, login.secrets)
        told = desk.run("doctor").stdout
        assert "ok     accounts: fosstodon: logged in as " in told
        assert "ok     clock: the clock agrees with that of 127.0.0.1" in told

        desk.environment["SYNDICATOR_FOSSTODON_TOKEN"] = "wrong-wrong-wrong"
        assert troubles(desk, "--offline", fault=False) == {}
        text, remedy = troubles(desk)["fault accounts"]
        assert text.startswith("fosstodon: ")
        assert "syndicator login fosstodon" in remedy
        assert "wrong-wrong-wrong" not in text + remedy
    finally:
        network.close()


def test_a_server_that_is_not_there(desk: Desk) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        server = f"http://127.0.0.1:{closed.getsockname()[1]}"
        desk.add_account("far", "mastodon", {"server": server}, {"token": "hush-hush-hush"})
        text, remedy = troubles(desk)["fault accounts"]
    assert "nobody listens there" in text
    assert "[accounts.far]" in remedy


@pytest.fixture
def wrong_time() -> Iterator[str]:
    """The address of a server whose clock is a day ahead."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            self.end_headers()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string((datetime.now(UTC) + timedelta(days=1)).timestamp())

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_clock_that_is_wrong(desk: Desk, wrong_time: str) -> None:
    desk.settings.write_text(desk.settings.read_text().replace("https://robin.example", wrong_time))
    done = desk.run("doctor", expect=1)
    assert re.search(r"fault  clock: this machine's clock is (1d|23h59m) behind that of 127", done.stdout)
    assert "timedatectl" in done.stdout
    assert " clock: " not in desk.run("doctor", "--offline").stdout


@pytest.mark.skipif(bool(own_crontab.why_not()), reason=own_crontab.why_not())
def test_a_timer_that_is_there(desk: Desk) -> None:
    desk.run("schedule", "install", "--backend", "cron")
    told = desk.run("doctor", "--offline").stdout
    assert "ok     schedule: cron starts a run every 30m" in told
    assert told.endswith("all is well\n")
