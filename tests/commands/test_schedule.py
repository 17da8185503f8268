"""`syndicator schedule` as its owner runs it: shown, installed, looked at, removed, on this machine's real tools."""

import plistlib
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counterparts import own_crontab, own_systemd
from counterparts.desk import Desk, item, rss

needs_systemd = pytest.mark.skipif(bool(own_systemd.why_not()), reason=own_systemd.why_not())
needs_crontab = pytest.mark.skipif(bool(own_crontab.why_not()), reason=own_crontab.why_not())

LINKS = '[accounts.links]\nplatform = "linkblog"\nfolder = "public"\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with nothing of this machine's timers in sight."""
    folder = tmp_path / "Robin's blog 100%"
    folder.mkdir()
    desk = Desk(folder)
    desk.add(LINKS)
    desk.feed(rss(item(1)))
    desk.environment |= {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_RUNTIME_DIR": "/none"}
    desk.environment["PATH"] = f"{own_crontab.tool(tmp_path / 'bin').parent}:{desk.environment['PATH']}"
    desk.environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
    return desk


@pytest.fixture
def managed(desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    """A desk with a systemd of its own."""
    with own_systemd.started(tmp_path / "") as environment:
        desk.environment |= {key: environment[key] for key in ("HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")}
        yield desk


@needs_systemd
def test_a_timer_runs_it(managed: Desk) -> None:
    """The whole of it: found by itself as the best there is, and started by systemd the run does its work."""
    told = managed.run("schedule", "install", "--every", "20m").stdout
    assert told.startswith("systemd: a run every 20m, by ")
    assert "nothing changed" in managed.run("schedule", "install", "--every", "20m").stdout

    (timer,) = managed.json("schedule", "status")["timers"]
    assert (timer["backend"], timer["every"], timer["active"], timer["current"]) == ("systemd", "20m", True, True)
    assert timer["last"] is None
    assert timedelta() < datetime.fromisoformat(timer["next"]) - datetime.now(UTC) < timedelta(minutes=22)

    service = Path(timer["place"]).with_suffix(".service").name
    subprocess.run(["systemctl", "--user", "start", service], env=managed.environment, check=True)
    assert "ada.example/pruning/1" in (managed.folder / "public" / "index.html").read_text("utf-8")

    assert managed.run("schedule", "remove").stdout == "systemd: removed\n"
    assert managed.json("schedule", "status", expect=1)["timers"] == []


@needs_crontab
def test_without_systemd_cron_is_the_best(desk: Desk) -> None:
    done = desk.run("schedule", "install", "--every", "45m")
    assert done.stdout == "cron: a run every 30m, by your crontab\n"
    assert "cron can't keep 45m: it runs every 30m" in done.stderr
    (timer,) = desk.json("schedule", "status")["timers"]
    assert (timer["backend"], timer["every"], timer["next"]) == ("cron", "30m", None)

    subprocess.run(["git", "init", "--quiet"], cwd=desk.folder, check=True)
    told = desk.run("schedule", "install", "--backend", "github", "--package", "syndicator").stderr
    assert "note: cron runs it too; `syndicator schedule remove --backend cron` ends that" in told
    assert "more than one timer" in desk.run("schedule").stdout
    assert desk.run("schedule", "remove", "--backend", "cron").stdout == "cron: removed\n"
    assert desk.run("schedule", "remove").stdout == "github: removed\n"
    desk.run("schedule", "status", expect=1)


@pytest.mark.parametrize("words", [["schedule", "install", "--print"], ["schedule", "--print"]])
def test_what_is_shown_can_be_saved_as_it_is(words: list[str], desk: Desk) -> None:
    done = desk.run(*words, "--backend", "launchd", "--every", "1h")
    agent = plistlib.loads(done.stdout.encode())
    assert agent["ProgramArguments"][-3:] == ["--config", str(desk.settings), "run"]
    assert "would run launchctl bootstrap" in done.stderr
    assert not (Path(desk.environment["HOME"]) / "Library").exists()


def test_every_kind_can_be_shown_anywhere(desk: Desk) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=desk.folder, check=True)
    before = sorted(desk.folder.rglob("*"))
    for backend, mark in (
        ("systemd", "OnCalendar="),
        ("cron", " * * * "),
        ("launchd", "<plist"),
        ("windows", "<TimeTrigger>"),
        ("github", "runs-on: ubuntu-latest"),
    ):
        assert mark in desk.run("schedule", "--print", "--backend", backend, "--package", "syndicator").stdout
    assert sorted(desk.folder.rglob("*")) == before


def test_a_workflow_is_written_for_its_owner_to_push(desk: Desk) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=desk.folder, check=True)
    desk.add_account("fosstodon", "mastodon", {"server": "https://fosstodon.org"}, {})
    done = desk.run("schedule", "install", "--backend", "github", "--package", "syndicator==0.1.0")
    assert (desk.folder / ".github" / "workflows" / "syndicator.yml").exists()
    assert "SYNDICATOR_FOSSTODON_TOKEN" in done.stderr
    assert "default branch" in done.stderr
    (timer,) = desk.json("schedule", "status")["timers"]
    assert (timer["backend"], timer["active"], timer["current"]) == ("github", None, True)


def test_when_runs_may_take_longer_its_owner_is_told_to_install_it_anew(desk: Desk) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=desk.folder, check=True)
    install = ("schedule", "install", "--backend", "github", "--every", "1h", "--package", "syndicator==0.1.0")
    desk.run(*install)
    desk.add('[run]\nbudget = "1h"\n')
    assert f"`syndicator {' '.join(install)}`" in desk.run("schedule").stdout
    desk.run(*install)
    assert "has changed since" not in desk.run("schedule").stdout


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--every", "1m"], 2, "write whole minutes from 5m to 1d"),
        (["--every", "often"], 2, "is not a length of time"),
        (["--backend", "at"], 2, "choose one of: cron, github, launchd, systemd, windows"),
        (["--backend", "launchd"], 1, "launchd is not on this machine; `--print` shows"),
        (["--backend", "github"], 1, "git init"),
    ],
)
def test_what_can_not_be_installed_is_told(words: list[str], code: int, told: str, desk: Desk) -> None:
    done = desk.run("schedule", "install", *words, expect=code)
    assert told in done.stderr
    assert done.stdout == ""


def test_a_credential_that_no_timer_will_see_is_told(desk: Desk) -> None:
    desk.add_account("fosstodon", "mastodon", {"server": "https://fosstodon.org"}, {"token": "hunter2"})
    done = desk.run("schedule", "--print", "--backend", "systemd")
    assert "SYNDICATOR_FOSSTODON_TOKEN is set here" not in done.stdout
    assert "note: SYNDICATOR_FOSSTODON_TOKEN is set here, but no timer will see it" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr


def test_a_timer_is_found_and_removed_though_its_settings_are_gone(desk: Desk) -> None:
    units = Path(desk.environment["XDG_CONFIG_HOME"]) / "systemd" / "user"
    units.mkdir(parents=True)
    shown = desk.run("schedule", "--print", "--backend", "systemd").stdout
    for part in shown.split("# /")[1:]:
        path, _, text = part.partition("\n")
        Path(f"/{path}").write_text(text, "utf-8")
    desk.settings.unlink()
    (timer,) = desk.json("schedule", "status", expect=1)["timers"]
    assert (timer["every"], timer["active"]) == ("30m", False)
    assert desk.run("schedule", "remove").stdout == "systemd: removed\n"
    assert list(units.iterdir()) == []
    assert desk.run("schedule", "remove").stdout == "no timer was installed\n"


def test_what_cron_starts_leaves_its_complaints_to_be_mailed(desk: Desk) -> None:
    desk.add('[[sources]]\nkind = "curated"\nfeed = "missing.xml"\n')
    block = desk.run("schedule", "--print", "--backend", "cron").stdout
    [line] = [each for each in block.splitlines() if not each.startswith("#")]
    command = line.split(" ", 5)[5].replace(r"\%", "%")
    done = subprocess.run(["sh", "-c", command], env=desk.environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Problem: " in done.stderr
    assert "missing.xml" in done.stderr
