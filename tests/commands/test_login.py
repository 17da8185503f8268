"""`syndicator login` as people and scripts use it: proven on the network, kept where nobody else looks, never shown."""

import stat
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from counterparts import fake_bluesky, fake_chat, fake_micropub, fake_webmention_io, fake_x
from counterparts.desk import BIN, Desk, item, rss
from counterparts.fake_mastodon import MastodonWorld


@dataclass(frozen=True)
class Case:
    """A network of which a credential is asked line by line: right, wrong, whom it says one is, what else to do."""

    world: Callable[[], Any]
    options: Callable[[Any], Mapping[str, object]]
    right: Mapping[str, str]
    wrong: Mapping[str, str]
    handle: Callable[[Any], str]
    where: str


CASES = {
    "bluesky": Case(
        fake_bluesky.FakeBluesky,
        lambda world: {"server": world.url, "handle": fake_bluesky.HANDLE},
        {"token": fake_bluesky.PASSWORD},
        {"token": "zzzz-zzzz-zzzz-zzzz"},
        lambda _world: fake_bluesky.HANDLE,
        "https://bsky.app/settings/app-passwords",
    ),
    "x": Case(
        fake_x.FakeX,
        lambda world: {"server": world.url},
        fake_x.SECRETS,
        {**fake_x.SECRETS, "access_secret": "mistyped-secret"},
        lambda _world: "ada",
        "copy the keys and tokens of an app with read and write permission from https://console.x.com",
    ),
    "micropub": Case(
        fake_micropub.FakeMicropub,
        lambda world: {"server": world.url},
        {"token": fake_micropub.TOKEN},
        {"token": "mistyped-token"},
        lambda world: world.url.removeprefix("http://"),
        "make a token ",
    ),
    "webmention.io": Case(
        fake_webmention_io.FakeWebmentionIo,
        lambda world: {"server": world.url, "domain": fake_webmention_io.DOMAIN},
        {"token": fake_webmention_io.TOKEN},
        {"token": "mistyped-token"},
        lambda _world: fake_webmention_io.DOMAIN,
        "copy your API key from",
    ),
    "apprise": Case(
        fake_chat.FakeChat,
        lambda _world: {},
        {"url": fake_chat.URL},
        {"url": "mistyped-address"},
        lambda _world: "Discord",
        "write the channel's URL as https://appriseit.com/services/ says",
    ),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def world(case: Case) -> Iterator[Any]:
    world = case.world()
    yield world
    world.close()


@pytest.fixture
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Desk:
    """Has an account `here` on the network of the case, if the test has one."""
    desk = Desk(tmp_path)
    if "case" in request.fixturenames:
        case, world = request.getfixturevalue("case"), request.getfixturevalue("world")
        desk.add_account("here", request.node.callspec.params["case"], case.options(world), {})
    return desk


def typed(secrets: Mapping[str, str]) -> str:
    return "".join(f"{line}\n" for line in secrets.values())


def kept(desk: Desk) -> dict[str, dict[str, str]]:
    return tomllib.loads((desk.folder / "data" / "secrets.toml").read_text("utf-8"))


def files(desk: Desk) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}


def leaks(secrets: Mapping[str, str], text: str) -> list[str]:
    return [part for part, value in secrets.items() if value in text]


def test_a_right_credential_is_proven_and_kept_for_its_owner_alone(case: Case, world: Any, desk: Desk) -> None:
    done = desk.run("login", "here", typed=typed(case.right))
    file = desk.folder / "data" / "secrets.toml"
    assert case.where.lower() in done.stderr.lower(), "who is asked learns where to get it"
    assert done.stdout == f"here: logged in as {case.handle(world)}; kept in {file}\n"
    assert kept(desk) == {"here": dict(case.right)}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    [account] = desk.json("accounts", "--check")
    assert (account["check"]["as"], account["check"]["ok"], account["missing"]) == (case.handle(world), True, None)


def test_no_secret_is_shown_or_stands_in_any_other_file(case: Case, desk: Desk) -> None:
    shown = [desk.run("login", "here", typed=typed(case.right))]
    shown += [desk.run("accounts", "--check"), desk.run("accounts", "--check", "--json"), desk.run("login", "--help")]
    assert leaks(case.right, "".join(done.stdout + done.stderr for done in shown)) == []
    others = b"".join(content for name, content in files(desk).items() if name != "secrets.toml")
    assert leaks(case.right, others.decode("utf-8", "replace")) == []


def test_a_wrong_one_is_refused_with_a_remedy_and_the_old_one_stays(case: Case, desk: Desk) -> None:
    desk.run("login", "here", typed=typed(case.right))
    before = (desk.folder / "data" / "secrets.toml").read_bytes()
    refused = desk.run("login", "here", typed=typed(case.wrong), expect=1)
    assert refused.stdout == ""
    [told] = [line for line in refused.stderr.splitlines() if line.startswith("error: ")]
    assert told.startswith("error: here: ")
    assert case.where in told
    assert told.endswith("; nothing was changed")
    assert leaks({part: case.wrong[part] for part in case.wrong if case.wrong[part] != case.right[part]}, told) == []
    assert (desk.folder / "data" / "secrets.toml").read_bytes() == before
    assert desk.json("accounts", "--check")[0]["check"]["ok"]


def test_a_wrong_one_is_not_kept_where_there_was_none(case: Case, desk: Desk) -> None:
    desk.run("login", "here", typed=typed(case.wrong), expect=1)
    assert not (desk.folder / "data" / "secrets.toml").exists()
    [account] = desk.json("accounts")
    assert "syndicator login here" in account["missing"]


def test_an_empty_answer_and_no_answer_change_nothing(case: Case, desk: Desk) -> None:
    desk.run("login", "here", typed=typed(case.right))
    before = files(desk)
    empty = desk.run("login", "here", typed="\n" * len(case.right), expect=1)
    assert "was given" in empty.stderr
    silent = desk.run("login", "here", typed="", expect=2)
    assert "nobody is there to answer; run it in a terminal, or pipe the answer in" in silent.stderr
    assert files(desk) == before


def test_a_dead_server_is_named_and_nothing_changes(case: Case, world: Any, desk: Desk) -> None:
    if case.world is fake_chat.FakeChat:
        pytest.skip("apprise asks nobody whether a URL is good")
    world.close()
    told = desk.run("login", "here", typed=typed(case.right), expect=1).stderr
    assert "nobody listens there" in told
    assert "check the address in [accounts.here]" in told
    assert not (desk.folder / "data" / "secrets.toml").exists()


# --- One network will do for the rest


@pytest.fixture
def sky() -> Iterator[fake_bluesky.FakeBluesky]:
    sky = fake_bluesky.FakeBluesky()
    yield sky
    sky.close()


@pytest.fixture
def on_sky(desk: Desk, sky: fake_bluesky.FakeBluesky) -> Desk:
    desk.add_account("sky", "bluesky", {"server": sky.url, "handle": fake_bluesky.HANDLE}, {})
    return desk


RIGHT = typed(CASES["bluesky"].right)


def test_what_else_stands_in_the_file_stays(on_sky: Desk) -> None:
    (on_sky.folder / "data").mkdir()
    file = on_sky.folder / "data" / "secrets.toml"
    file.write_text('# my own words\n[other]\ntoken = "of another account"\n')
    file.chmod(0o600)
    on_sky.run("login", "sky", typed=RIGHT)
    assert file.read_text().startswith('# my own words\n[other]\ntoken = "of another account"\n')
    on_sky.run("login", "sky", "--out")
    assert kept(on_sky) == {"other": {"token": "of another account"}}


def test_logging_out_forgets_the_credential_and_its_session(on_sky: Desk) -> None:
    on_sky.run("login", "sky", typed=RIGHT)
    assert on_sky.run("login", "sky", "--out").stdout == "sky: forgot its credential\n"
    assert on_sky.run("login", "sky", "--out").stdout == "sky: there was no credential to forget\n"
    assert kept(on_sky) == {}
    assert (on_sky.folder / "data" / "sessions.json").read_text() == "{}"


def test_an_environment_variable_wins_and_that_is_said(on_sky: Desk) -> None:
    on_sky.environment["SYNDICATOR_SKY_TOKEN"] = "of-another-time"
    done = on_sky.run("login", "sky", typed=RIGHT)
    assert "SYNDICATOR_SKY_TOKEN is set as well, and wins: unset it" in done.stderr
    assert not on_sky.json("accounts", "--check", expect=1)[0]["check"]["ok"]
    assert "SYNDICATOR_SKY_TOKEN is set as well" in on_sky.run("login", "sky", "--out").stderr
    del on_sky.environment["SYNDICATOR_SKY_TOKEN"]
    assert on_sky.json("accounts")[0]["missing"]


def test_the_password_of_the_whole_account_works_but_is_warned_of(on_sky: Desk, sky: fake_bluesky.FakeBluesky) -> None:
    sky.scope = "com.atproto.access"
    done = on_sky.run("login", "sky", typed=RIGHT)
    assert "better make an app password" in done.stderr
    assert kept(on_sky)


def test_an_account_that_needs_no_login_and_one_that_is_not_there(desk: Desk) -> None:
    desk.add_account("links", "linkblog", {"folder": "public"}, {})
    assert "links: a linkblog account needs no login" in desk.run("login", "links", expect=2).stderr
    assert "no account 'link'; accounts: links" in desk.run("login", "link", expect=2).stderr


def test_a_secret_is_no_argument(on_sky: Desk) -> None:
    assert "unexpected" in on_sky.run("login", "sky", fake_bluesky.PASSWORD, expect=2).stderr


def test_a_new_login_lifts_the_hold_and_the_next_run_posts(on_sky: Desk, sky: fake_bluesky.FakeBluesky) -> None:
    on_sky.run("login", "sky", typed=RIGHT)
    on_sky.feed(rss(item(1)))
    sky.refuse_login()
    assert "syndicator login sky" in on_sky.run("run", expect=1).stderr
    [account] = on_sky.json("accounts")
    assert account["held"]
    assert account["waiting"] == 1
    sky.password = fake_bluesky.PASSWORD  # the very same credential is good again, as after a suspension
    before = sky.logins
    on_sky.run("run", expect=None)
    assert (sky.posts(), sky.logins) == ([], before), "a held account is left alone"
    on_sky.run("login", "sky", typed=RIGHT)
    assert on_sky.json("accounts")[0]["held"] is None
    assert len(on_sky.json("run")["posted"]) == len(sky.posts()) == 1


@pytest.mark.parametrize("lifting", [["login", "sky"], ["accounts", "--check"]], ids=["login", "check"])
def test_a_login_that_works_lifts_the_hold_of_the_reading_too(
    lifting: list[str], on_sky: Desk, sky: fake_bluesky.FakeBluesky
) -> None:
    on_sky.feed(rss())
    on_sky.run("login", "sky", typed=RIGHT)
    sky.methods_missing["listNotifications"] = 403
    assert on_sky.json("run", expect=1)["errors"]
    del sky.methods_missing["listNotifications"]
    assert on_sky.json("run", expect=1)["errors"], "as long as it holds"
    [account] = on_sky.json("accounts")
    assert (account["held"], len(account["unread"])) == (None, 1)
    shown = on_sky.run("accounts").stdout
    assert "not read" in shown
    assert account["unread"][0] in " ".join(shown.split())
    on_sky.run(*lifting, typed=RIGHT)
    assert on_sky.json("accounts")[0]["unread"] == []
    assert on_sky.json("run")["errors"] == []


# --- The keyring of the system


@pytest.fixture
def keyring(on_sky: Desk) -> Path:
    """There is one; gives its file."""
    file = on_sky.folder / "entries.json"
    on_sky.environment |= {
        "SYNDICATOR_KEYRING": "",
        "PYTHON_KEYRING_BACKEND": "file_keyring.Keyring",
        "PYTHONPATH": str(Path(__file__).parents[1] / "counterparts"),
        "KEYRING_FILE": str(file),
    }
    return file


def test_where_there_is_a_keyring_it_has_the_credential_and_a_run_posts_with_it(
    on_sky: Desk, sky: fake_bluesky.FakeBluesky, keyring: Path
) -> None:
    done = on_sky.run("login", "sky", typed=RIGHT)
    assert done.stdout.endswith("; kept in the keyring of this system (file keyring Keyring)\n")
    others = {name: content for name, content in files(on_sky).items() if name != keyring.name}
    assert leaks(CASES["bluesky"].right, done.stdout + done.stderr + str(others)) == []
    on_sky.feed(rss(item(1)))
    on_sky.environment["KEYRING_MOOD"] = "locked"
    assert on_sky.json("run", expect=None)["posted"] == sky.posts() == []
    [account] = on_sky.json("accounts")
    assert "is in the keyring of this system, which can't be used now: it is locked" in account["missing"]
    assert "syndicator login sky" in account["missing"]
    on_sky.environment["KEYRING_MOOD"] = ""
    assert len(on_sky.json("run")["posted"]) == len(sky.posts()) == 1
    assert on_sky.run("login", "sky", "--out").stdout == "sky: forgot its credential\n"
    assert keyring.read_text() == "{}"


def test_a_keyring_is_not_asked_for_the_queue_nor_for_what_the_environment_has(
    on_sky: Desk, sky: fake_bluesky.FakeBluesky, keyring: Path
) -> None:
    on_sky.run("login", "sky", typed=RIGHT)
    on_sky.feed(rss(item(1)))
    on_sky.run("run")
    asked = Path(f"{keyring}.asked")
    asked.unlink()
    assert len(on_sky.json("queue")) == len(sky.posts()) == 1
    assert not asked.exists()
    on_sky.environment["SYNDICATOR_SKY_TOKEN"] = CASES["bluesky"].right["token"]
    for words in (("plan",), ("accounts",), ("queue",)):
        on_sky.run(*words)
    assert not asked.exists()


def test_what_is_left_of_an_account_that_is_no_more_can_be_forgotten(on_sky: Desk, keyring: Path) -> None:
    on_sky.run("login", "sky", typed=RIGHT)
    on_sky.settings.write_text(on_sky.settings.read_text().partition("[accounts.sky]")[0])
    assert on_sky.run("login", "sky", "--out").stdout == "sky: forgot its credential\n"
    assert keyring.read_text() == "{}"
    assert "no account 'sky'" in on_sky.run("login", "sky", "--out", expect=2).stderr


def test_where_there_is_none_the_file_is_told_of(on_sky: Desk) -> None:
    on_sky.environment |= {"SYNDICATOR_KEYRING": "", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    done = on_sky.run("login", "sky", typed=RIGHT)
    assert "sky: only you can read that file; the system's keyring is not used: there is none here\n" in done.stderr
    assert kept(on_sky) == {"sky": CASES["bluesky"].right}


# --- Mastodon, which asks in the browser


@pytest.fixture
def fosstodon(tmp_path: Path) -> Iterator[MastodonWorld]:
    world = MastodonWorld(tmp_path)
    yield world
    world.close()


@pytest.fixture
def at_mastodon(desk: Desk, fosstodon: MastodonWorld) -> Desk:
    desk.add_account("fosstodon", "mastodon", {"server": fosstodon.url}, {})
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        desk.environment.pop(name, None)
    desk.environment["SSH_CONNECTION"] = "somewhere else"  # there is no screen, on any system
    return desk


def start(desk: Desk) -> tuple[subprocess.Popen[str], str]:
    """A login that waits for its person, and the page it wants to be opened."""
    login = subprocess.Popen(
        [BIN / "syndicator", "login", "fosstodon"],
        cwd=desk.folder,
        env=desk.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert login.stderr
    for line in login.stderr:
        if line.startswith("open this page: "):
            return login, line.removeprefix("open this page: ").strip()
    raise AssertionError("no page was named")


def test_a_pasted_code_logs_in_and_what_is_kept_posts(at_mastodon: Desk, fosstodon: MastodonWorld) -> None:
    login, page = start(at_mastodon)
    code = fosstodon.authorize(page).text.partition("code: ")[2].partition("<")[0]
    out, err = login.communicate(f"{code}\n", timeout=60)
    assert (login.returncode, out.partition(";")[0]) == (0, "fosstodon: logged in as alice@mock.local"), err
    secrets = kept(at_mastodon)["fosstodon"]
    assert set(secrets) == {"token", "app"}
    assert leaks({"code": code, "token": secrets["token"]}, out + err) == []
    at_mastodon.feed(rss(item(1)))
    assert len(at_mastodon.json("run")["posted"]) == len(fosstodon.posts()) == 1


def test_a_mistyped_code_keeps_nothing(at_mastodon: Desk, fosstodon: MastodonWorld) -> None:
    login, page = start(at_mastodon)
    fosstodon.authorize(page)
    out, err = login.communicate("mistyped\n", timeout=60)
    assert (login.returncode, out) == (1, "")
    assert "start the login again and copy the whole code" in err
    assert err.endswith("; nothing was changed\n")
    assert not (at_mastodon.folder / "data" / "secrets.toml").exists()


def test_where_there_is_a_browser_it_brings_the_answer_back(at_mastodon: Desk, fosstodon: MastodonWorld) -> None:
    del at_mastodon.environment["SSH_CONNECTION"]
    at_mastodon.environment["DISPLAY"] = ":0"
    login, page = start(at_mastodon)
    assert "You can close this page" in fosstodon.authorize(page).text
    out, err = login.communicate(timeout=60)
    assert (login.returncode, out.partition(";")[0]) == (0, "fosstodon: logged in as alice@mock.local"), err
    assert "nobody is there" not in err


def test_saying_no_in_the_browser_is_taken_for_a_no(at_mastodon: Desk) -> None:
    login, _ = start(at_mastodon)
    out, err = login.communicate("https://mastodon.example/?error=access_denied\n", timeout=60)
    assert (login.returncode, out) == (1, "")
    assert "leave was denied (start the login again and allow it); nothing was changed" in err
