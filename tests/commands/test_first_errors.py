"""The mistakes of a first hour: each is told in one sentence that names what is wrong and what to do."""

import json
import re
import shlex
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts.desk import UNPRIVILEGED, Desk, item, rss
from counterparts.feed_server import FeedServer, running
from counterparts.page_server import page
from filelock import FileLock

#: In the settings: what is written there, what of it the message names, and what the message says to do.
SETTINGS = [
    ("[me]\nnam = 'x'", "`nam` in [me]", "did you mean `name`?"),
    ("[me]\nsites = 'https://a.example'", "me.sites", 'a list, like ["one", "two"]'),
    ("[me]\nlanguage = 'english'", "'english'", "for example en or pt-BR"),
    ("[me]\ntimezone = 'Mars/Olympus'", "me.timezone", "Europe/London"),
    ("[plan]\nper_dai = 3", "per_dai", "did you mean `per_day`?"),
    ("[plan]\nper_day = 'six'", "plan.per_day", "whole number"),
    ("[plan]\nper_day = -1", "per_day", "between 0 and 1000"),
    ("[plan]\nmin_gap = 'often'", "plan.min_gap", "for example 90m"),
    ("[plan]\njitter = 10", "plan.jitter", 'for example "90m"'),
    ("[plan]\nquiet = '22-7'", "plan.quiet", "for example 08:30"),
    ("[plan]\nquiet = 22", "plan.quiet", 'for example "22:00-07:30"'),
    ("[plan]\nslots = ['8h']", "plan.slots[0]", "for example 08:30"),
    ("[plan]\nmix = { own = 1, other = 2 }", "`other` in [plan.mix]", "did you mean `notes`?"),
    ("[plan]\ncatch_up = 'never'", "plan.catch_up", "choose one of: expire, trickle, skip"),
    ("[plan]\nmin_score = 7", "min_score", "between 0 and 1"),
    ("[judge]\nweights = { luck = 1 }", "'luck'", "the parts are source, trust"),
    ("[credit]\nnever = 'bo'", "credit.never", 'a list, like ["one", "two"]'),
    ("[ledger]\nhalflife = '180d'", "halflife", "did you mean `half_life`?"),
    ("[ledger]\nhalf_life = 180", "ledger.half_life", 'for example "90m"'),
    ("[ledger]\nweights = { smile = 3 }", "'smile'", "the weights are link"),
    ("[ledger]\nretention = '1d'", "retention", "548d or more"),
    ("[fetch]\nconcurrency = 0", "concurrency", "at least 1"),
    ("[fetch]\nallow_private = ['my net']", "'my net'", "for example nas.local"),
    ("[run]\nbudget = 'soon'", "run.budget", "for example 90m"),
    ("[run]\nlog = 'x.txt'", "log", "for example syndicator.log"),
    ("[digest]\naccount = 'nobody'", "'nobody'", "add [accounts.nobody]"),
    ("[[sources]]\nkind = 'curated'", "sources[0]", "write one of: feed, opml"),
    ("[[sources]]\nkind = 'mine'\nfeed = 'a.xml'", "'mine'", "choose one of: own, curated, notes"),
    ("[[sources]]\nfeed = 'a.xml'", "sources[0]", "needs the key `kind`"),
    ("[[sources]]\nkind = 'own'\nfeed = 'a.xml'\nopml = 'b'", "has feed and opml", "write one of: feed"),
    ("[[sources]]\nkind = 'curated'\nfeed = 'a'\ninclude = ['/[/']", "'/[/'", "is not a regular expression"),
    ("[sources]\nkind = 'own'", "source", "[[sources]]"),
    ("[source]\nkind = 'own'", "`source`", "did you mean `sources`?"),
    ("[accounts.a]\nplatform = 'memory'\ntoken = 's3cret'", "`token`", "`syndicator login a`"),
    ("[accounts]\npond = 'memory'", "accounts.pond", "expected a table"),
    ("[accounts.'my pond']\nplatform = 'memory'", "'my pond'", "letters, digits, - and _"),
    ("[accounts.a]\nplatform = 'myspace'", "'myspace'", "choose one of: apprise, bluesky"),
    ("[accounts.a]\nserver = 'https://a.example'", "accounts.a", "needs the key `platform`"),
    ("[accounts.a]\nplatform = 'mastodon'", "[accounts.a]", "needs the key `server`"),
    ("[accounts.a]\nplatform = 'mastodon'\nserver = 'a.example'", "'a.example'", "write https://a.example"),
    (
        "[accounts.a]\nplatform = 'mastodon'\nserver = 'ftp://a.example'",
        "'ftp://a",
        "for example https://example.social",
    ),
    ("[accounts.a]\nplatform = 'bluesky'", "[accounts.a]", "needs the key `handle`"),
    ("[accounts.a]\nplatform = 'linkblog'", "[accounts.a]", "needs the key `folder`"),
    ("[accounts.a]\nplatform = 'memory'\napprove = 'maybe'", "'maybe'", "choose one of: auto, ask"),
    ("[accounts.a]\nplatform = 'memory'\ntemplate = '{titel}'", "{titel}", "it may use {title}"),
    ("[accounts.a]\nplatform = 'x'\nmonthly_budget_usd = 'lots'", "monthly_budget_usd", "expected a number"),
    ("name = Ada", "line 1", 'texts stand in quotes, like name = "Ada"'),
    ("[me\nname = 'x'", "line 1", "https://toml.io"),
    ("[me]\nname = 'a'\n[me]\nlanguage = 'en'", "line 3", "below its one [heading]"),
    ("[me]\nname = 'a'\nname = 'b'\n", "Cannot overwrite", "leave one of the two out"),
    ('data = "C:\\data"', "line 1", "in single quotes"),
    ('data = "C:\\users\\ada"', "line 1", "in single quotes"),
]

#: At the command line: what is typed, its exit code, what the message names, and what it says to do.
TYPED = [
    ("publish", 2, "'publish'", "--help"),
    ("run --fast", 2, "--fast", "--help"),
    ("run --wait soon", 2, "'soon'", "--help"),
    ("run --wait -1", 2, "--wait", "0 or more"),
    ("plan --at tomorrow", 2, "'tomorrow'", "for example 2026-11-03"),
    ("plan --at 25:00", 2, "'25:00'", "for example 2026-11-03"),
    ("judge --account nobody", 2, "'nobody'", "accounts: pond"),
    ("--config nowhere.toml run", 2, "nowhere.toml", "`syndicator init`"),
    ("--config . run", 2, ".: can't be read", "--config FILE"),
    ("--config list.txt run", 2, "list.txt", "https://toml.io"),
    ("import", 2, "FILE|URL", "--help"),
    ("import nowhere.opml", 2, "nowhere.opml", "check the path"),
    ("import .", 1, ".: can't be read", "check the path"),
    ("import list.txt", 1, "list.txt", "is it an OPML file?"),
    ("import empty.opml", 1, "empty.opml", "is it an OPML file?"),
    ("import page.html", 1, "page.html", "is it an OPML file?"),
    ("import http://nosuch.invalid/roll.opml", 1, "nosuch.invalid", "check the address"),
    ("export .", 1, ".: can't be written", "name another file"),
    ("add 'not an address'", 2, "'not an address'", "for example https://ada.example"),
    ("add ftp://ada.example/feed", 2, "'ftp://ada.example/feed'", "for example https://ada.example"),
    ("add @nobody", 2, "'@nobody'", "@ada@example.social"),
    ("add nosuch.invalid", 1, "nosuch.invalid", "check the address"),
    ("add ./nowhere.xml", 1, "nowhere.xml", "put the file there, or name another"),
    ("preview ./list.txt", 1, "list.txt", "a link called RSS"),
    ("remove https://never.example/feed", 2, "never.example", "`syndicator sources`"),
    ("share nosuch", 2, "'nosuch'", "with https://"),
    ("share 'javascript:alert(1)'", 2, "javascript", "with https://"),
    ("share https://nosuch.invalid/a", 2, "nosuch.invalid", "check the address"),
    ("share https://nosuch.invalid/a --text Look", 2, "nosuch.invalid", "check the address"),
    ("share https://ada.example/pruning/1 --to nobody", 2, "'nobody'", "accounts: pond"),
    ("unshare nothing", 2, "nothing", "`syndicator queue --all`"),
    ("why nothing", 2, "'nothing'", "with https://"),
    ("why https://ada.example/never", 1, "ada.example/never", "`syndicator preview FEED`"),
    ("queue approve zzz", 2, "'zzz'", "`syndicator queue --all`"),
    ("queue settle zzz", 2, "--posted URL", "--not-posted"),
    ("queue settle zzz --posted nothing", 2, "'nothing'", "with https://"),
    ("queue publish", 2, "'publish'", "choose one of: approve, edit, skip"),
    ("login nobody", 2, "'nobody'", "--platform NETWORK"),
    ("schedule install --every often", 2, "'often'", "for example 90m"),
    ("schedule install --every 1s", 2, "'1s'", "for example 30m"),
    ("schedule install --backend fax", 2, "'fax'", "choose one of: cron"),
    ("schedule install --backend windows", 1, "Task Scheduler", "`--print`"),
    ("init --yes page.html/x", 2, "page.html", "choose another folder"),
    ("ledger owe --limit 0", 2, "--limit", "--help"),
    ("ledger owe --at x", 2, "'x'", "for example 2026-11-03"),
    ("ledger why nobody", 2, "'nobody'", "@name@server"),
    ("ledger add smile ada.example", 2, "'smile'", "kinds: link"),
    ("ledger add link 'who?'", 2, "'who?'", "@name@server"),
    ("ledger add link ada.example --at 2999-01-01", 2, "2999-01-01", "when it has happened"),
    ("ledger do 7", 2, "number 7", "`ledger owe`"),
    ("ledger done 0", 2, "'N'", "--help"),
    ("ledger skip one", 2, "'one'", "--help"),
    ("ledger forgive 3", 2, "number 3", "`ledger owe`"),
    ("ledger people show nobody", 2, "'nobody'", "@name@server"),
    ("ledger people tag ada.example hero", 2, "'hero'", "roles: fan"),
    ("ledger people tag ada.example --cadence often", 2, "'often'", "for example every 30 days"),
    ("ledger people review --crowd nobody --real", 2, "'nobody'", "@name@server"),
    ("ledger follows --account nobody", 2, "'nobody'", "accounts: pond"),
    ("ledger thanks --format pdf", 2, "'pdf'", "'markdown'"),
    ("ledger forget nobody --yes", 2, "'nobody'", "@name@server"),
    ("ledger import nowhere.csv", 2, "nowhere.csv", "check the path"),
    ("ledger import nowhere", 2, "nowhere", "check the path"),
    ("ledger import list.txt", 2, "list.txt", ".csv or .jsonl"),
    ("ledger export syndicator.toml", 2, "syndicator.toml", "choose another name"),
]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An owner with one feed and one account, and some files that are not what they are taken for."""
    desk = Desk(tmp_path)
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    desk.feed(rss(item(1)))
    files = {"list.txt": "milk, eggs", "empty.opml": "", "page.html": "<!doctype html><title>A page</title>"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return desk


@pytest.fixture
def web() -> Iterator[FeedServer]:
    with running() as server:
        yield server


def told(desk: Desk, words: str, code: int, **how: object) -> str:
    """What a command says is wrong: one sentence, or how it is used; and that nothing came of it."""
    done = desk.run(*shlex.split(words), expect=code, **how)
    assert "import" in words or done.stdout == "", done.stdout
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    if not errors:
        assert done.stderr.startswith("Usage: "), done.stderr
        return re.sub(r"[\s│╭╮╰╯─]+", " ", done.stderr)
    [error] = errors
    assert done.stderr.splitlines()[-1] == error, done.stderr
    assert len(error) < 400, error
    return error


@pytest.mark.parametrize(("settings", "subject", "remedy"), SETTINGS, ids=[row[0][:60] for row in SETTINGS])
def test_in_the_settings(settings: str, subject: str, remedy: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, settings)
    error = told(desk, "run", 2)
    assert "syndicator.toml" in error
    assert subject in error
    assert remedy in error
    assert not (tmp_path / "data" / "state.jsonl").exists()


@pytest.mark.parametrize(("words", "code", "subject", "remedy"), TYPED, ids=[row[0] for row in TYPED])
def test_at_the_command_line(words: str, code: int, subject: str, remedy: str, desk: Desk) -> None:
    before = desk.settings.read_text()
    error = told(desk, words, code)
    assert subject in error
    assert remedy in error
    assert desk.settings.read_text() == before


def test_settings_in_another_encoding(desk: Desk) -> None:
    desk.settings.write_bytes("[me]\n# the gärden\nname = 'Ädä'\n".encode("latin-1"))
    error = told(desk, "run", 2)
    assert "syndicator.toml: line 2 is not UTF-8" in error
    assert "save the file as UTF-8" in error


def test_settings_that_are_named_and_not_there(desk: Desk) -> None:
    desk.environment["SYNDICATOR_CONFIG"] = "nowhere.toml"
    error = told(desk, "ledger owe", 2)
    assert "nowhere.toml" in error
    assert "`syndicator init`" in error


def test_a_second_run_while_one_is_on(desk: Desk, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with FileLock(data / "run.lock"):
        (data / "run.owner").write_text("process 17 on this machine, since 2026-11-01 08:00:00 UTC\n")
        error = told(desk, "run", 1)
    assert "process 17 on this machine, since 2026-11-01" in error
    assert "try again when it has ended" in error


@pytest.mark.skipif(not UNPRIVILEGED, reason="only root is kept from its own folder by another way than its mode")
def test_a_folder_that_can_not_be_written(desk: Desk, tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        error = told(desk, "run", 1, under=UNPRIVILEGED)
    finally:
        tmp_path.chmod(0o755)
    assert str(tmp_path / "data") in error
    assert "written" in error


def test_a_server_that_is_not_there_or_answers_with_something_else(desk: Desk, web: FeedServer) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}/feed"
        error = told(desk, f"add {dead}", 1)
        assert dead in error
        assert "allow_private" in error
        desk.add('[fetch]\nallow_private = ["127.0.0.1"]\n')
        error = told(desk, f"add {dead}", 1)
    assert dead in error
    assert "refuses connections (check the address" in error
    web.routes["/page"] = page("A page without a feed")
    for words in (f"add {web.url('/page')}", f"preview {web.url('/page')}", f"import {web.url('/page')}"):
        error = told(desk, words, 1)
        assert web.url("/page") in error
        assert re.search(r"look for|check|name", error), error


def test_a_credential_that_is_none(desk: Desk) -> None:
    """What `run` says of it goes on; what is not even a file of credentials ends it."""
    desk.add('[accounts.sky]\nplatform = "bluesky"\nhandle = "robin.example"\n')
    [error] = desk.json("plan", expect=1)["errors"]
    assert "sky" in error
    assert "`syndicator login sky`" in error
    secrets = desk.folder / "data" / "secrets.toml"
    secrets.parent.mkdir(exist_ok=True)
    secrets.write_text("token = hush-hush\n")
    secrets.chmod(0o600)
    error = told(desk, "run", 2)
    assert "secrets.toml" in error
    assert "[ACCOUNT]" in error
    assert "hush" not in error


def test_files_of_acts_with_wrong_lines(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "acts.csv").write_text("kind,who,at\nsmile,ada.example,2026-10-01\nlink,ada.example,2026-10-01\n")
    (tmp_path / "acts.jsonl").write_text(
        "{half\n" + json.dumps({"kind": "link", "who": "bo.example", "at": "2026-10-01"})
    )
    csv = desk.run("ledger", "import", "acts.csv", expect=1).stderr
    assert "acts.csv, line 2: 'smile'" in csv
    assert "kinds: link" in csv
    lines = desk.run("ledger", "import", "acts.jsonl", expect=1).stderr
    assert "acts.jsonl, line 1" in lines
    assert "write one object on each line" in lines
    assert {each["person"] for each in desk.json("ledger", "people", "list")} == {"ada.example", "bo.example"}
