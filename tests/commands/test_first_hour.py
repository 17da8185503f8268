"""A new user's first hour at a real terminal: from an empty folder to runs by a timer with two accounts, and back."""

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from counterparts import fake_bluesky, own_crontab
from counterparts.desk import BIN, Desk, item, rss
from counterparts.fake_mastodon import MastodonWorld
from counterparts.feed_server import FeedServer, Handler, Route

pytestmark = pytest.mark.skipif(bool(own_crontab.why_not()), reason=own_crontab.why_not() or "-")

PAGE = '<html lang="en"><title>{}</title><link rel="alternate" type="application/rss+xml" href="/{}.xml"><p>{}'


class Hour:
    """A home with nothing in it, and the world around it."""

    def __init__(self, folder: Path, web: FeedServer, ada: FeedServer) -> None:
        self.home = folder / "home"
        self.home.mkdir()
        self.web, self.ada = web, ada
        self.desk = Desk(self.home, "")
        self.desk.settings.unlink()
        crontab = own_crontab.tool(folder / "bin")
        (folder / "bin" / "xdg-open").write_text("#!/bin/sh\n")
        (folder / "bin" / "xdg-open").chmod(0o755)
        self.desk.environment |= {
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_RUNTIME_DIR": "/none",
            "SSH_CONNECTION": "somewhere else",  # there is no browser here
            "PATH": f"{crontab.parent}:{self.desk.environment['PATH']}",
            "TZ": "Europe/London",
        }

    def type(self, *words: str) -> pexpect.spawn:
        return pexpect.spawn(
            str(BIN / "syndicator"), list(words), cwd=str(self.home), env=self.desk.environment, timeout=120,
            encoding="utf-8", dimensions=(50, 200),
        )  # fmt: skip

    def crontab(self) -> str:
        told = subprocess.run(["crontab", "-l"], env=self.desk.environment, capture_output=True, text=True, check=False)
        return told.stdout

    def files(self) -> set[str]:
        return {str(path.relative_to(self.home)) for path in self.home.rglob("*") if path.is_file()}


def page(kind: str, text: str) -> Route:
    def answer(handler: Handler) -> None:
        handler.answer(200, {"Content-Type": kind}, text.encode())

    return answer


@pytest.fixture
def hour(tmp_path: Path) -> Iterator[Hour]:
    with FeedServer() as web, FeedServer("127.0.0.2") as ada:
        words = "What a winter pruning teaches about deleting code. " * 20
        article = item(1, link=ada.url("/pruning"), title="Pruning code like apple trees", body=words)
        web.routes = {
            "/": page("text/html", PAGE.format("Robin", "robin", "Hello")),
            "/robin.xml": page("application/rss+xml", rss(title="Robin's notes", site=web.url("/"))),
        }
        ada.routes = {
            "/ada.xml": page("application/rss+xml", rss(article, site=ada.url("/"))),
            "/pruning": page("text/html", PAGE.format("Pruning code like apple trees", "ada", words)),
        }
        for each in (web, ada):
            threading.Thread(target=each.serve_forever, daemon=True).start()
        yield Hour(tmp_path, web, ada)
        web.shutdown()
        ada.shutdown()


@pytest.fixture
def sky() -> Iterator[fake_bluesky.FakeBluesky]:
    sky = fake_bluesky.FakeBluesky()
    yield sky
    sky.close()


@pytest.fixture
def fosstodon(tmp_path: Path) -> Iterator[MastodonWorld]:
    world = MastodonWorld(tmp_path)
    yield world
    world.close()


def answer(session: pexpect.spawn, **answers: str) -> None:
    """Wait for each question, by a word of it, and answer."""
    for word, line in answers.items():
        session.expect_exact(word.replace("_", " "))
        session.expect(r": $")
        session.sendline(line)


def set_up(hour: Hour, sky: fake_bluesky.FakeBluesky, fosstodon: MastodonWorld) -> None:
    """`syndicator init`, question by question."""
    (hour.home / "friends.opml").write_text(
        f'<opml version="2.0"><body><outline type="rss" text="Ada" xmlUrl="{hour.ada.url("/ada.xml")}"/></body></opml>'
    )
    session = hour.type("init")
    answer(session, address=hour.web.url("/"), name="Robin", language="", zone="", blogs="friends.opml")
    answer(session, network="bluesky", handle=fake_bluesky.HANDLE, server=sky.url, call="sky", approve="")
    answer(session, Log_in="", password=fake_bluesky.PASSWORD)
    session.expect_exact("sky: logged in as ")
    answer(session, network="1", server=fosstodon.url, call="", approve="n", Log_in="")
    session.expect(r"open this page: (\S+)")
    code = fosstodon.authorize(session.match[1]).text.partition("code: ")[2].partition("<")[0]
    answer(session, Code=code)
    session.expect_exact("mastodon: logged in as ")
    answer(session, network="", Install="y")
    session.expect_exact("next: syndicator plan")
    session.expect(pexpect.EOF)
    session.close()
    assert session.exitstatus == 0


def at_once(hour: Hour) -> None:
    """The owner edits the settings, so that posts need not wait for their time of day, and old articles count."""
    text = hour.desk.settings.read_text()
    for key, value in {
        "first_run": "5", "quiet": '""', "spread": "false", "min_gap": '"0m"', "grace": '"0m"', "stagger": '"0m"',
        "min_score": "0.0", "allow_private": '["127.0.0.0/8"]',
    }.items():  # fmt: skip
        text, count = re.subn(rf"(?m)^{key} = \S+", f"{key} = {value}", text)
        assert count == 1, key
    hour.desk.settings.write_text(text)


def test_from_an_empty_folder_to_runs_by_a_timer_and_back(
    hour: Hour, sky: fake_bluesky.FakeBluesky, fosstodon: MastodonWorld
) -> None:
    set_up(hour, sky, fosstodon)
    at_once(hour)
    plan = hour.desk.json("plan")
    assert isinstance(plan, dict)
    assert {each["account"] for each in plan["planned"]} == {"links", "sky", "mastodon"}
    assert (sky.posts(), fosstodon.posts()) == ([], [])

    [line] = [line for line in hour.crontab().splitlines() if " run" in line]
    started = line.split(maxsplit=5)[5]
    bare = {key: hour.desk.environment[key] for key in ("HOME", "PATH", "SYNDICATOR_KEYRING")}
    done = subprocess.run(
        ["sh", "-c", started], cwd="/", env=bare, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, len(fosstodon.posts()), sky.posts()) == (0, 1, []), done.stderr
    [waiting] = [post for post in json.loads(hour.desk.run("queue", "--json").stdout) if post["state"] == "awaiting"]
    hour.desk.run("queue", "approve", waiting["id"])
    hour.desk.run("run")
    assert (len(fosstodon.posts()), len(sky.posts())) == (1, 1)
    hour.desk.run("ledger", "owe")
    before = hour.desk.settings.read_bytes()
    again = hour.desk.run("init")
    assert "sky: bluesky" in again.stdout
    assert "still missing" not in again.stdout
    assert hour.desk.settings.read_bytes() == before

    hour.desk.run("schedule", "remove")
    for name in ("sky", "mastodon"):
        hour.desk.run("login", name, "--out")
    assert "syndicator" not in hour.crontab()
    beside = hour.files() - {"syndicator.toml", "blogroll.opml", "friends.opml"}
    assert {name.split("/")[0] for name in beside} == {"data", "public"}, "nothing is anywhere else in the home"
    for folder in ("data", "public"):
        shutil.rmtree(hour.home / folder)
