"""The first hour: `init` asks what it must, or says how not to be asked; a bad data folder is told in a sentence."""

import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from counterparts import fake_bluesky
from counterparts.desk import BIN, Desk, item, rss
from counterparts.feed_server import FeedServer, Handler, Route

from syndicator import settings, urls


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, "")
    desk.settings.unlink()
    desk.environment["TZ"] = "Europe/London"
    opener = tmp_path.parent / f"{tmp_path.name}-bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text("#!/bin/sh\n")  # no test opens a browser
    opener.chmod(0o755)
    desk.environment["PATH"] = f"{opener.parent}:{desk.environment['PATH']}"
    return desk


def init(desk: Desk, *words: str, answers: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / "syndicator", "init", *words],
        cwd=desk.folder, env=desk.environment, input=answers, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_without_anybody_to_answer_the_way_out_is_named(desk: Desk) -> None:
    done = init(desk)
    assert done.returncode == 2
    [told] = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert "--yes" in told
    assert "--blog" in told
    assert "Aborted" not in done.stderr
    assert not desk.settings.exists()


def test_settings_that_are_there_are_noticed_before_anything_is_asked(desk: Desk) -> None:
    desk.settings.write_text("# mine\n")
    done = init(desk)
    assert (done.returncode, desk.settings.read_text()) == (0, "# mine\n")
    assert "left as it is" in done.stdout
    assert "?" not in done.stderr
    assert "Your" not in done.stderr
    for command in ("import FILE|URL", "add URL", "login NAME --platform NETWORK", "schedule install"):
        assert f"syndicator {command}" in done.stdout, "what is missing comes with its command"
    assert "next: syndicator plan" in done.stderr


def test_the_zone_is_asked_again_until_it_is_one(desk: Desk) -> None:
    done = init(desk, answers="\nMars/Olympus\nAsia/Tokyo\n")
    assert done.returncode == 0, done.stderr
    assert "[Europe/London]" in done.stderr
    assert "'Mars/Olympus' is not a time zone" in done.stderr
    assert settings.load(desk.settings).me.timezone.key == "Asia/Tokyo"
    assert done.stdout.startswith("wrote syndicator.toml\n"), "no question leaves a trace on stdout"


def test_yes_takes_the_systems_zone(desk: Desk) -> None:
    assert init(desk, "--yes").returncode == 0
    assert settings.load(desk.settings).me.timezone.key == "Europe/London"


def test_a_person_may_leave(desk: Desk) -> None:
    """At a terminal, the end of input is a person's wish and no lack of an option."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        [BIN / "syndicator", "init"], cwd=desk.folder, env=desk.environment, stdin=there, stderr=subprocess.PIPE
    )
    os.write(here, b"\x04")
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"--yes" not in told


def test_settings_that_can_not_be_read_are_left_and_complained_about(desk: Desk) -> None:
    desk.settings.write_text("[me\n")
    done = init(desk, "--yes")
    assert (done.returncode, desk.settings.read_text()) == (2, "[me\n")
    assert "not valid TOML" in done.stderr


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("link", "leads to gone.toml, which is not there; put that back, or remove the link"),
        ("folder", "can't be read: Is a directory; name a settings file"),
        ("half", "not valid TOML: Invalid value (at end of document); "),
    ],
)
def test_what_can_not_be_settings_is_told_with_its_remedy(what: str, told: str, desk: Desk) -> None:
    match what:
        case "link":
            desk.settings.symlink_to("gone.toml")
        case "folder":
            desk.settings.mkdir()
        case "half":
            desk.settings.write_text("[me]\nname =")
    done = init(desk, "--yes")
    assert done.returncode == 2
    assert f"error: syndicator.toml: {told}" in done.stderr
    assert "left as it is" in done.stdout
    assert desk.settings.is_symlink() == (what == "link")


def test_a_folder_that_can_not_be_is_told_before_anything_is_asked(desk: Desk) -> None:
    (desk.folder / "file").write_text("")
    done = init(desk, "file/new", answers="\n" * 9)
    assert done.returncode == 2
    assert done.stderr.startswith("error: file/new: can't be written: ")
    assert done.stderr.endswith("is no folder; choose another folder\n")


# --- A blog that is there


ROLL = b"""<opml version="2.0"><body><outline type="rss" text="Bo" xmlUrl="https://bo.example/feed"/>
<outline type="rss" text="Cy" xmlUrl="https://cy.example/feed"/></body></opml>"""
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Adas Garten</title><language>de-at</language>
<link>https://ada.example/</link><item><title>Eins</title><link>https://ada.example/1</link></item></channel></rss>"""
PAGE = b"""<html><title>Ada</title><link rel="alternate" type="application/rss+xml" href="/feed.xml">
<link rel="blogroll" type="text/xml" href="/roll.opml"><h1>Ada</h1>"""


def served(kind: str, body: bytes) -> Route:
    def answer(handler: Handler) -> None:
        handler.answer(200, {"Content-Type": kind}, body)

    return answer


@pytest.fixture
def blog() -> Iterator[FeedServer]:
    with FeedServer() as server:
        server.routes = {
            "/": served("text/html", PAGE),
            "/feed.xml": served("application/rss+xml", FEED),
            "/roll.opml": served("text/x-opml", ROLL),
        }
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_the_blog_tells_its_feed_name_language_and_blogroll(desk: Desk, blog: FeedServer) -> None:
    done = init(desk, "--yes", "--blog", blog.url("/").removeprefix("http://"))
    assert done.returncode == 0, done.stderr
    found = settings.load(desk.settings)
    assert (found.me.name, found.me.language, found.me.sites) == ("Adas Garten", "de-at", (blog.url("/"),))
    assert [(each.kind, each.feed or each.opml) for each in found.sources] == [
        ("own", blog.url("/feed.xml")),
        ("curated", blog.url("/roll.opml")),
    ]
    assert found.fetch.allow_private == ("127.0.0.1",), "who names a server at home means it"
    assert f"{blog.url('/roll.opml')}: 2 feeds" in done.stdout
    assert "your own feed" not in done.stdout
    assert "blogs of others" not in done.stdout
    again = init(desk, "--yes", "--blog", "https://other.example")
    assert settings.load(desk.settings) == found
    assert again.stdout.partition("\n")[2] == done.stdout.partition("\n")[2], "it says what is there"


@pytest.mark.parametrize("link", ["https://ada.example/", ""])
def test_whoever_names_the_feed_gets_the_site_that_it_is_of(link: str, desk: Desk, blog: FeedServer) -> None:
    blog.routes["/feed.xml"] = served(
        "application/rss+xml", FEED.replace(b"https://ada.example/</link><i", link.encode() + b"</link><i")
    )
    done = init(desk, "--yes", "--blog", blog.url("/feed.xml"))
    assert done.returncode == 0, done.stderr
    found = settings.load(desk.settings)
    assert found.me.sites == (link or blog.url("/"),)
    assert urls.same_site(f"{found.me.sites[0]}1", found.me.sites)
    assert found.sources[0].feed == blog.url("/feed.xml")
    assert f"your site, as its feed says: {found.me.sites[0]}" in done.stderr
    assert found.fetch.allow_private == ("127.0.0.1",), "the feed is at home, wherever the site is"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--blog", "notaurl"), 2, "'notaurl' is not a web address; write for example https://ada.example"),
        (("--blog", "127.0.0.1:1"), 1, "no feed found: http://127.0.0.1:1/: refuses connections"),
        (("--sample", "--blog", "ada.example"), 2, "--sample brings a world of its own; leave out --blog"),
    ],
)
def test_a_mistyped_option_is_told_and_nothing_is_written(
    words: tuple[str, ...], code: int, told: str, desk: Desk
) -> None:
    done = init(desk, "--yes", *words)
    assert (done.returncode, desk.settings.exists()) == (code, False)
    assert told in done.stderr


def test_options_that_come_too_late_are_named(desk: Desk) -> None:
    desk.settings.write_text("# mine\n")
    done = init(desk, "--yes", "--blog", "ada.example", "--every", "30m")
    assert (done.returncode, desk.settings.read_text()) == (0, "# mine\n")
    assert "--blog, --every: not heeded, since there are settings; change them in syndicator.toml" in done.stderr


def test_a_blogroll_of_nobody_else_is_no_blogroll(desk: Desk, blog: FeedServer) -> None:
    mine = blog.url("/feed.xml").encode()
    blog.routes["/roll.opml"] = served("text/x-opml", b'<opml><body><outline xmlUrl="%s"/></body></opml>' % mine)
    done = init(desk, "--yes", "--blog", blog.url("/"))
    assert f"your site's blogroll has no feed but your own: {blog.url('/roll.opml')}" in done.stderr
    assert "your site has a blogroll" not in done.stderr
    assert [each.kind for each in settings.load(desk.settings).sources] == ["own"]


def test_the_screens_of_init_fit_eighty_columns_and_name_files_as_they_are_typed(desk: Desk) -> None:
    desk.environment["COLUMNS"] = "80"
    done = init(desk, "new", answers="\n" * 9)
    stands = done.stdout[done.stdout.index("settings  ") :]
    ours = [*stands.splitlines(), *done.stderr.partition("A timer starts")[0].splitlines()]
    assert [line for line in ours if len(line) > 80] == []
    assert str(desk.folder) not in stands
    assert "syndicator --config new/syndicator.toml schedule install" in stands


@pytest.mark.parametrize(("feed", "told"), [("", "there are no sources yet: "), ("feed.xml", "`first_run = 3`")])
def test_a_first_plan_of_nothing_says_what_would_change_that(feed: str, told: str, desk: Desk) -> None:
    source = f'[[sources]]\nkind = "curated"\nfeed = "{feed}"\n' if feed else ""
    desk.settings.write_text(f'{source}[accounts.pond]\nplatform = "memory"\nfile = "pond.jsonl"\n')
    desk.feed(rss(item(1)), "feed.xml")
    done = desk.run("plan")
    assert done.stdout.startswith("Nothing to post.")
    assert told in done.stderr


def test_a_machine_without_a_timer_is_no_error_of_who_only_pressed_enter(desk: Desk, tmp_path: Path) -> None:
    desk.environment |= {"PATH": str(tmp_path / "nothing"), "XDG_RUNTIME_DIR": "/none"}
    done = init(desk, answers="\n" * 9)
    assert done.returncode == 0, done.stderr
    assert "no timer for now: no timer found: " in done.stderr
    assert init(desk, "given", "--yes", "--every", "30m").returncode == 1


def test_a_blogroll_is_taken_over_and_one_that_can_not_be_is_told(desk: Desk, blog: FeedServer) -> None:
    (desk.folder / "mine.opml").write_bytes(ROLL)
    done = init(desk, "new", "--yes", "--name", "Ada", "--opml", "mine.opml")
    assert (done.returncode, f"2 feeds written to {Path('new/blogroll.opml')}" in done.stdout) == (0, True)
    assert "syndicator --config new/syndicator.toml plan" in done.stderr
    assert [each.opml for each in settings.load(desk.folder / "new" / "syndicator.toml").sources] == ["blogroll.opml"]
    lost = init(desk, "other", "--yes", "--opml", "nowhere.opml")
    assert lost.returncode == 1
    assert (
        "nowhere.opml: can't be read: No such file or directory (check the path); no blogroll was taken" in lost.stderr
    )
    assert settings.load(desk.folder / "other" / "syndicator.toml").sources == ()


def test_a_wrong_interval_is_told_before_anything_is_written(desk: Desk) -> None:
    done = init(desk, "--yes", "--every", "often")
    assert (done.returncode, desk.settings.exists()) == (2, False)
    assert "'often'" in done.stderr


# --- At a terminal


def at_terminal(desk: Desk, *words: str) -> pexpect.spawn:
    return pexpect.spawn(
        str(BIN / "syndicator"), list(words), cwd=str(desk.folder), env=desk.environment, timeout=120, encoding="utf-8",
        dimensions=(50, 200),
    )  # fmt: skip


def answer(session: pexpect.spawn, **answers: str) -> None:
    """Wait for each question, by a word of it, and answer."""
    for word, line in answers.items():
        session.expect_exact(word.replace("_", " "))
        session.expect(r": $")
        session.sendline(line)


@pytest.fixture
def sky() -> Iterator[fake_bluesky.FakeBluesky]:
    sky = fake_bluesky.FakeBluesky()
    yield sky
    sky.close()


def test_a_new_user_is_led_to_a_first_account(desk: Desk, blog: FeedServer, sky: fake_bluesky.FakeBluesky) -> None:
    session = at_terminal(desk, "init")
    answer(session, address=blog.url("/"), name="Ada", language="", zone="", blogs="")
    answer(session, network="nonsense", choose="bluesky", handle="ada", full=fake_bluesky.HANDLE, server=sky.url)
    answer(session, call="sky", approve="", Log_in="", password="zzzz-zzzz-zzzz-zzzz")
    session.expect_exact("error: sky: ")
    answer(session, Try_the_login="y", password=fake_bluesky.PASSWORD)
    session.expect_exact(f"sky: logged in as {fake_bluesky.HANDLE}")
    answer(session, network="")
    session.expect_exact("This is what it would be")
    answer(session, Install="")
    session.expect_exact("next: syndicator plan")
    shown = session.before
    session.expect(pexpect.EOF)
    session.close()
    assert session.exitstatus == 0
    assert f"sky: bluesky {sky.url} {fake_bluesky.HANDLE}, logged in, each post waits for you" in shown
    account = settings.load(desk.settings).accounts["sky"]
    assert (account.server, account.handle, account.approve) == (sky.url, fake_bluesky.HANDLE, "ask")
    assert "# [accounts.mastodon]" in desk.settings.read_text(), "the comments stay"


@pytest.mark.parametrize(("answers", "stands"), [(0, False), (3, False), (6, True)])
def test_whoever_stops_is_told_what_stands_and_how_to_go_on(
    answers: int, stands: bool, desk: Desk, blog: FeedServer
) -> None:
    session = at_terminal(desk, "init")
    asked = {"address": blog.url("/"), "name": "Ada", "language": "", "zone": "", "blogs": "", "network": "memory"}
    answer(session, **dict(list(asked.items())[:answers]))
    session.expect(r": $")
    session.sendintr()
    session.expect_exact("stopped: ")
    session.expect(pexpect.EOF)
    told = session.before
    session.close()
    assert session.exitstatus == 130
    assert ("`syndicator init` tells what is missing" in told) == stands == desk.settings.exists()
    if stands:
        assert list(settings.load(desk.settings).accounts) == ["links"]


# --- Accounts that are added later


def test_a_script_adds_an_account_and_logs_it_in_at_once(desk: Desk, sky: fake_bluesky.FakeBluesky) -> None:
    desk.settings.write_text("# mine\r\n[me]\r\nname = 'Ada' # me\r\n")
    words = ["login", "sky", "--platform", "bluesky", "--server", sky.url, "--handle", f"@{fake_bluesky.HANDLE}"]
    before = desk.settings.read_bytes()
    refused = desk.run(*words, typed="zzzz-zzzz-zzzz-zzzz\n", expect=1)
    assert refused.stderr.endswith("; nothing was changed\n")
    assert "run the same command again" in refused.stderr
    assert "run `syndicator login" not in refused.stderr, "there is no such account"
    assert desk.settings.read_bytes() == before
    done = desk.run(*words, typed=f"{fake_bluesky.PASSWORD}\n")
    assert done.stdout.splitlines()[0].startswith(f"sky: logged in as {fake_bluesky.HANDLE}; kept in ")
    assert done.stdout.splitlines()[1] == f"sky: added to {desk.settings}"
    assert desk.settings.read_bytes().startswith(before)
    [account] = json.loads(desk.run("accounts", "--check", "--json").stdout)
    assert (account["account"], account["check"]["ok"]) == ("sky", True)
    desk.run(*words, typed=f"{fake_bluesky.PASSWORD}\n")  # it is there by now, and logged in anew
    assert desk.settings.read_text().count("[accounts.sky]") == 1
    assert "sky is an account of bluesky" in desk.run("login", "sky", "--platform", "x", expect=2).stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["far"], "no account 'far'; accounts: none yet; --platform NETWORK adds it"),
        (["far", "--platform", "friendster"], "'friendster' is no network; choose one of: mastodon, bluesky"),
        (["far", "--platform", "mastodon"], "an account of mastodon needs: server; give it with --server URL"),
        (["far", "--platform", "mastodon", "--server", "here"], "'here' is no server; write for example https://"),
        (["a b", "--platform", "memory", "--set", "file=x.jsonl"], "'a b' can't be an account's name"),
        (["far", "--platform", "memory", "--set", "file"], "--set file: write it as KEY=VALUE"),
        (["far", "--platform", "memory", "--set", "file=x", "--set", "token=hush"], "unknown key `token`"),
        (["far", "--platform", "memory", "--set", "file=x", "--approve", "maybe"], "choose ask or auto"),
    ],
)
def test_each_wrong_word_about_an_account_is_named_with_its_remedy(words: list[str], told: str, desk: Desk) -> None:
    desk.settings.write_text("# mine\n")
    done = desk.run("login", *words, expect=2)
    assert told in done.stderr
    assert "hush" not in done.stderr
    assert desk.settings.read_text() == "# mine\n"


def test_an_account_without_a_login_is_just_written(desk: Desk) -> None:
    desk.settings.write_text("")
    done = desk.run("login", "far", "--platform", "memory", "--set", "file=x.jsonl", "--approve", "auto")
    assert done.stdout == f"far: added to {desk.settings}\n"
    assert desk.settings.read_text() == '[accounts.far]\nplatform = "memory"\nfile = "x.jsonl"\n'


# --- The data folder


@pytest.mark.parametrize("place", ["data", "data/run.lock", "data/run.owner"])
def test_a_data_folder_that_can_not_be_is_one_sentence(desk: Desk, place: str) -> None:
    desk.settings.write_text("")
    where = desk.folder / place
    where.parent.mkdir(exist_ok=True)
    if place == "data":
        where.write_text("a file, not a folder")
    else:
        where.mkdir()
    for command in (["run"], ["ledger", "collect"]):
        told = desk.run(*command, expect=1).stderr
        assert told.startswith("error: ")
        assert str(where) in told
        assert "check that the path is right" in told
    if place != "data":
        where.rmdir()
        desk.run("run")


READ_ONLY = """
import os
really = os.open
def refuse(path, flags, *rest, **named):
    if str(path).endswith("run.lock"):
        raise PermissionError(13, "Permission denied", str(path))
    return really(path, flags, *rest, **named)
os.open = refuse
"""


@pytest.mark.skipif(sys.platform == "win32", reason="locks are taken in another way there")
def test_a_folder_that_may_not_be_written_says_so(desk: Desk) -> None:
    desk.settings.write_text("")
    told = desk.run("run", python=READ_ONLY, expect=1).stderr
    assert told.startswith(f"error: {desk.folder / 'data' / 'run.lock'} could not be written: Permission denied")
    assert "writable for this user" in told
