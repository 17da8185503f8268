"""The first hour again, by a person at a shell with systemd: from an empty folder to a timer that posts, and back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts import fake_bluesky, own_systemd
from counterparts.fake_mastodon import MastodonWorld
from counterparts.forks import environment
from counterparts.her_shell import Shell
from counterparts.neighbours import Blog, neighbours

#: What she changes in the settings: no rest at night, no spread over the day, and Bo's machine is at home too.
EDIT = r"""sed -i -E -e 's/^(quiet) = "[^"]*"/\1 = ""/' -e 's/^(spread) = true/\1 = false/' \
  -e 's/^(grace|jitter|min_gap|stagger) = "[^"]*"/\1 = "0m"/' \
  -e 's/^(allow_private) = \[[^]]*\]/\1 = ["127.0.0.1", "127.0.0.2"]/' syndicator.toml"""


@pytest.fixture
def web() -> Iterator[tuple[Blog, Blog]]:
    with neighbours() as web:
        yield web


@pytest.fixture
def fosstodon(tmp_path: Path) -> MastodonWorld:
    return MastodonWorld(tmp_path)


@pytest.fixture
def sky() -> Iterator[fake_bluesky.FakeBluesky]:
    sky = fake_bluesky.FakeBluesky()
    yield sky
    sky.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def shell(home: Path) -> Iterator[Shell]:
    """Hers, with a systemd of her own."""
    if own_systemd.why_not():
        pytest.skip(own_systemd.why_not())
    with own_systemd.started(home) as of_systemd:
        own = {key: of_systemd[key] for key in ("XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")}
        away = {"HOME": str(home), "TZ": "Europe/London", "SSH_CONNECTION": "from afar"}
        shell = Shell(home, {**environment(), **own, **away})
        yield shell
        shell.close()


def files(home: Path) -> set[str]:
    """The files in her home but those of systemd itself."""
    found = (str(path.relative_to(home)) for path in home.rglob("*") if not path.is_dir())
    return {name for name in found if not name.startswith(("runtime", "manager.log"))}


def set_up(shell: Shell, ada: Blog, fosstodon: MastodonWorld, sky: fake_bluesky.FakeBluesky) -> None:
    """All questions of `init`."""
    shell.types("syndicator init")
    shell.answers("Your blog's address", ada.url("/"))
    shell.answers("Your name", "Ada")
    for question in ("language", "time zone", "Other people's blogs"):
        shell.answers(question, "")

    shell.answers("Add an account?", "mastodon")
    shell.answers("server", fosstodon.url)
    shell.answers("call it", "fosstodon")
    shell.answers("until you approve it?", "")
    shell.answers("Log in now?", "")
    page = shell.reads(r"open this page: \S+\s").removeprefix("open this page: ").strip()
    shell.answers("Code", fosstodon.authorize(page).text.partition("code: ")[2].partition("<")[0])

    shell.answers("Add an account?", "bluesky")
    shell.answers("handle", fake_bluesky.HANDLE)
    shell.answers("server", sky.url)
    shell.answers("call it", "sky")
    shell.answers("until you approve it?", "n")
    shell.answers("Log in now?", "")
    shell.answers("password", fake_bluesky.PASSWORD)

    shell.answers("Add an account?", "")
    shell.answers("Install it?", "y")
    shown = shell.sees()
    for line in ("fosstodon: mastodon {}, logged in, each post waits for you", "sky: bluesky {} ada.test, logged in"):
        assert line.format(fosstodon.url if "fosstodon" in line else sky.url) in " ".join(shown.split()), (
            "however wide the terminal is"
        )
    assert re.search(r"schedule +systemd: a run every 30m", shown)
    assert shown.rstrip().endswith("next: syndicator plan")


def test_an_hour_from_an_empty_folder_to_a_timer_and_back(
    shell: Shell, home: Path, web: tuple[Blog, Blog], fosstodon: MastodonWorld, sky: fake_bluesky.FakeBluesky
) -> None:
    ada, bo = web
    before = files(home)
    shell.runs("mkdir blog && cd blog")
    set_up(shell, ada, fosstodon, sky)

    told = shell.runs("syndicator plan", exit_code=1)
    assert "allow_private" in told, "Bo's blog is on a private network: a setting of that name permits it"
    shell.runs(EDIT)
    assert "Nothing to post. 2 articles passed over." in shell.runs("syndicator plan"), "nothing old is posted"
    assert "Sources: 2 read" in shell.runs("syndicator run")

    ada.writes("/second", "Leaves are the cheapest mulch")
    bo.writes("/mulch", "Mulching, as Ada does it", links_to=ada.url("/first"))
    shown = shell.runs("syndicator run --refresh")
    assert len(sky.posts()) == 2
    assert fosstodon.posts() == []
    waiting = re.findall(r"Waits for you on fosstodon: .*\(syndicator queue approve (\w+)\)", shown)
    assert len(waiting) == 2

    shell.runs(f"syndicator queue approve {' '.join(waiting)}")
    [unit] = set(re.findall(r"syndicator-[\w-]+\.service", " ".join(files(home))))
    shell.runs(f"systemctl --user start {unit}")
    assert len(fosstodon.posts()) == 2, "the timer's own run posted what she approved"
    assert len(sky.posts()) == 2, "and nothing twice"

    bob = fosstodon.client("bob_token")
    bob.status_reblog(fosstodon.client().timeline_home()[0].id)
    assert "fosstodon: 1 new (1 boost)" in shell.runs("ledger collect")
    assert "Bob (@bob@mock.local)" in shell.runs("ledger owe --all")
    assert "boost" in shell.runs("ledger why bob@mock.local")
    assert "all is well" in shell.runs("syndicator doctor")

    leave(shell)
    assert files(home) == before
    assert not (home / "blog").exists()


def leave(shell: Shell) -> None:
    """What docs/how-to/leaving.md says."""
    assert "removed" in shell.runs("syndicator schedule remove")
    for account in ("sky", "fosstodon"):
        assert "forgot its credential" in shell.runs(f"syndicator login {account} --out")
    shell.runs("cd .. && rm -r blog")
