"""What goes wrong is told in one sentence that names the subject and the remedy; the rest goes on; nothing is lost.

The many small mistakes of somebody new are in `test_first_errors`.
"""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from counterparts.desk import Desk, account, fetched, item, rss
from counterparts.fake_mastodon import MastodonWorld

from platforms.memory import forget, world


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An owner with one source and a memory account."""
    desk = Desk(tmp_path)
    desk.feed(rss(item(1), item(2)))
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    return desk


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that says what is wrong."""
    [line] = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    return line


def test_no_settings_at_all(tmp_path):
    desk = Desk(tmp_path)
    desk.settings.unlink()
    assert "syndicator init" in sentence(desk.run("run", expect=2))
    assert "syndicator init" in sentence(desk.run("ledger", "owe", expect=2))


def test_an_unknown_command_or_option_is_wrong_use(desk):
    assert desk.run("publish", expect=2).stdout == ""
    assert desk.run("run", "--fast", expect=2).stdout == ""


def test_a_missing_secret_names_its_variable_and_the_other_account_goes_on(desk):
    desk.add(account("fosstodon", "mastodon", {"server": "https://fosstodon.example"}))
    shown = desk.json("plan", expect=1)
    assert {planned["account"] for planned in shown["planned"]} == {"pond", "fosstodon"}
    report = desk.json("run", expect=1)
    for document in (shown, report):
        [error] = document["errors"]
        assert error.startswith("fosstodon:")
        assert "SYNDICATOR_FOSSTODON_TOKEN" in error
    assert {posted["account"] for posted in report["posted"]} == {"pond"}
    assert {post["account"] for post in desk.json("queue")} == {"pond"}, "nothing is queued where nobody can log in"


def test_a_refused_login_loses_nothing_and_heals_with_a_new_token(desk, tmp_path):
    network = MastodonWorld(tmp_path)
    try:
        login = network.login(token="wrong")
        desk.add_account("fosstodon", "mastodon", login.options, login.secrets)
        report = desk.json("run", expect=1)
        [failed] = [each for each in report["failed"] if each["account"] == "fosstodon"]
        assert "fosstodon" in failed["error"]
        assert "SYNDICATOR_FOSSTODON_TOKEN" in failed["error"]
        assert "wrong" not in json.dumps(report)
        held = {each["account"]: each["held"] for each in desk.json("accounts")}
        assert held["pond"] is None
        assert held["fosstodon"]
        desk.environment["SYNDICATOR_FOSSTODON_TOKEN"] = network.login().secrets["token"]
        healed = desk.json("run")
        assert {each["account"] for each in healed["posted"]} == {"fosstodon"}
        assert len(network.posts()) == len(healed["posted"]) == 2
    finally:
        network.close()


def test_a_secrets_file_that_others_can_read_is_refused(desk, tmp_path):
    (tmp_path / "data").mkdir()
    secrets = tmp_path / "data" / "secrets.toml"
    secrets.write_text('[pond]\ntoken = "hush"\n')
    secrets.chmod(0o644)
    told = sentence(desk.run("run", expect=2))
    assert "secrets.toml" in told
    assert "chmod 600" in told
    assert "hush" not in told


def test_a_malformed_opml_is_recovered_and_told(desk, tmp_path):
    (tmp_path / "broken.opml").write_text(
        '<opml version="2.0"><body>\n<outline text="Ada & friends" xmlUrl="https://ada.example/feed"/>\n'
        '<outline text="Bo" xmlUrl="https://bo.example/feed"/>\n<outline text="No feed"/></body>'
    )
    done = desk.json("import", "broken.opml")
    assert done["added"] == ["https://ada.example/feed", "https://bo.example/feed"]
    assert done["problems"][0]["line"] == 2
    assert {each["url"] for each in desk.json("sources")} >= set(done["added"])
    again = desk.json("import", "broken.opml")
    assert (again["added"], again["updated"]) == ([], [])
    assert again["unchanged"] == done["added"]


def test_a_file_that_is_no_opml_says_so(desk, tmp_path):
    (tmp_path / "notes.opml").write_text("milk, eggs, flour")
    assert "notes.opml" in sentence(desk.run("import", "notes.opml", expect=1))
    assert "nowhere.opml" in sentence(desk.run("import", "nowhere.opml", expect=2))


def test_a_dead_feed_a_web_page_and_a_broken_feed_stop_nobody_else(desk, tmp_path):
    (tmp_path / "page.html").write_text("<!doctype html><title>A page</title><p>Not a feed.")
    (tmp_path / "cut.xml").write_text(rss(item(3, guid="cut"), item(4))[:-60])
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}/feed"
        for feed in ("missing.xml", "page.html", "cut.xml", dead):
            desk.add(f'[[sources]]\nkind = "curated"\nfeed = "{feed}"\n\n')
        desk.add('[fetch]\nallow_private = ["127.0.0.1"]\ntimeout = "5s"\n')
        report = desk.json("run", expect=1)
    assert report["fetched"] == fetched(ok=2, failed=3)
    for subject in ("missing.xml", "page.html", "127.0.0.1"):
        assert any(subject in error for error in report["errors"]), report["errors"]
    assert {posted["article"] for posted in report["posted"]} >= {"https://ada.example/pruning/1"}
    failing = {each["url"]: each for each in desk.json("sources") if each["failures"]}
    assert len(failing) == 3
    assert all(each["error"] for each in failing.values())
    assert [url for url, each in failing.items() if each["next_due"]] == [dead], "files are read on every run"


def test_a_private_address_is_refused_unless_the_settings_allow_it(desk):
    desk.add('[[sources]]\nkind = "curated"\nfeed = "http://127.0.0.1:9/feed"\n')
    [error] = desk.json("run", expect=1)["errors"]
    assert "127.0.0.1" in error
    assert "allow_private" in error


def test_a_damaged_journal_is_refused_and_left_alone(desk, tmp_path):
    desk.run("run")
    journal = tmp_path / "data" / "state.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    damaged = b"".join([lines[0], b"{half a line\n", *lines[1:]])
    journal.write_bytes(damaged)
    told = sentence(desk.run("run", expect=1))
    assert "state.jsonl" in told
    assert "line 2" in told
    assert journal.read_bytes() == damaged


def test_ledger_commands_name_what_they_do_not_understand(desk):
    assert "kinds:" in sentence(desk.run("ledger", "add", "smile", "ada.example", expect=2))
    assert "who?" in sentence(desk.run("ledger", "add", "link", "who?", expect=2))
    assert "number 7" in sentence(desk.run("ledger", "do", "7", expect=2))
    assert "nobody-known" in sentence(desk.run("ledger", "why", "nobody-known", expect=2))


def test_queue_verbs_refuse_what_can_not_be(desk):
    report = desk.json("run")
    posted = report["posted"][0]["id"]
    assert "posted" in sentence(desk.run("queue", "skip", posted, expect=2))
    assert "zzz" in sentence(desk.run("queue", "approve", "zzz", expect=2))
    assert "--posted" in sentence(desk.run("queue", "settle", posted, expect=2))


def test_control_characters_of_strangers_reach_no_terminal_and_no_post(desk, tmp_path):
    desk.feed(rss(item(1, title="Red \x1b[31malert&#27;[0m for @everyone and \u202eeverybody")).replace("\x1b", ""))
    shown = desk.run("plan").stdout
    desk.run("run")
    [text] = [post["text"] for post in world("pond", str(tmp_path / "pond.jsonl")).posts()]
    forget("pond")
    for where in (shown, text):
        assert "\x1b" not in where
        assert "\u202e" not in where
        assert "@everyone" not in where


HEAVY = ("tweepy", "atproto", "atproto_client", "mastodon", "feedparser", "selectolax", "urllib3", "requests", "rich")


def test_ledger_owe_loads_no_network_library(desk):
    desk.run("run")
    report = (
        f"import atexit, json; atexit.register(lambda: print(json.dumps([m for m in {HEAVY!r} if m in sys.modules])))"
    )
    loaded = json.loads(desk.run("ledger", "owe", python=report).stdout.splitlines()[-1])
    assert loaded == []
    loaded = json.loads(desk.run("ledger", "add", "link", "bo.example", python=report).stdout.splitlines()[-1])
    assert loaded == []


def test_python_m_syndicator_works(desk):
    done = subprocess.run(
        [sys.executable, "-m", "syndicator", "--version"], capture_output=True, text=True, check=True, cwd=desk.folder
    )
    assert done.stdout.startswith("syndicator ")
