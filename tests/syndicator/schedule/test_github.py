"""GitHub: a workflow that actionlint accepts, run by real bash, git and syndicator on machines that forget."""

import json
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from counterparts.actionlint import install as actionlint
from counterparts.actions_runner import Runner
from counterparts.desk import Desk, item, rss

from syndicator import settings
from syndicator.schedule import github
from syndicator.schedule.base import ScheduleError
from syndicator.schedule.job import job

ACCOUNTS = """
[accounts.links]
platform = "linkblog"
folder = "what I [read]*"

[accounts.pond]
platform = "memory"
file = "pond.jsonl"
"""
SKY = """
[accounts.sky-blue]
platform = "bluesky"
server = "https://bsky.social"
handle = "robin.example"
"""


def git(folder: Path, *words: str, expect: int = 0) -> str:
    identity = ("-c", "user.name=Robin", "-c", "user.email=robin@example.org")
    done = subprocess.run(["git", *identity, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stderr
    return done.stdout.strip()


class Repository:
    """A repository with settings and a workflow, as its owner pushed it; `origin` stands for GitHub."""

    def __init__(self, folder: Path, inside: str = "") -> None:
        self.origin, self.clone = folder / "origin.git", folder / "clone"
        git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        git(folder, "clone", "--quiet", str(self.origin), str(self.clone))
        self.inside = inside
        home = self.clone / inside
        home.mkdir(exist_ok=True)
        self.desk = Desk(home)
        self.desk.add(ACCOUNTS)
        self.desk.feed(rss(item(1)))
        (self.clone / ".gitignore").write_text("data/\n")
        self.job = job(settings.load(self.desk.settings), package="syndicator==0.1.0")
        assert github.Github().install(self.job)
        self.push()
        (workflow,) = (self.clone / ".github" / "workflows").iterdir()
        self.runner = Runner(self.origin, f".github/workflows/{workflow.name}", folder)
        self.branch = f"refs/heads/{workflow.stem}-state"

    def push(self) -> None:
        git(self.clone, "add", "--all")
        git(self.clone, "commit", "--quiet", "--message=Mine")
        git(self.clone, "push", "--quiet", "origin", "HEAD:main")

    def kept(self, path: str) -> str:
        """A file on the branch with the state; "" when it isn't there."""
        names = git(self.origin, "ls-tree", "-r", "-z", "--name-only", self.branch).split("\0")
        full = f"{self.inside}/{path}" if self.inside else path
        return git(self.origin, "show", f"{self.branch}:{full}") if full in names else ""

    def posts(self) -> list[str]:
        return [json.loads(line)["text"] for line in self.kept("pond.jsonl").splitlines()]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


# --- Its text


@pytest.mark.skipif(not actionlint.is_installed(), reason="no actionlint: run tests/counterparts/actionlint/install.py")
@pytest.mark.parametrize("inside", ["", "Ärger 'q' \"d\" 100% $HOME\\ #"])
def test_actionlint_finds_nothing_wrong(inside, tmp_path):
    repository = Repository(tmp_path, inside)
    repository.desk.add(SKY)
    text = github.workflow_text(
        job(settings.load(repository.desk.settings), package="git+https://forge.example/a@1f"), repository.clone
    )
    assert json.loads(actionlint.lint(text, repository.runner.workflow)) == []
    assert "SYNDICATOR_SKY_BLUE_TOKEN: ${{ secrets.SYNDICATOR_SKY_BLUE_TOKEN }}" in text


def test_one_run_at_a_time_and_no_more_leave_than_needed(repository):
    (text,) = (file.text for file in github.Github().timer(repository.job).files)
    workflow = yaml.safe_load(text)
    assert workflow["concurrency"] == {"group": "syndicator", "cancel-in-progress": False}
    assert workflow["permissions"] == {"contents": "write", "actions": "write"}
    assert "actions/workflows/syndicator.yml/enable" in text


def test_it_has_the_time_that_a_run_may_take(repository):
    job = replace(repository.job, limit=timedelta(minutes=50, seconds=1))
    (text,) = (file.text for file in github.Github().timer(job).files)
    (told,) = yaml.safe_load(text)["jobs"].values()
    (run,) = (step for step in told["steps"] if step.get("name") == "Run")
    assert (run["timeout-minutes"], told["timeout-minutes"]) == (51, 76)
    assert not github.Github().status(job).current
    with pytest.raises(ScheduleError, match=r"6 hours.*budget"):
        github.Github().timer(replace(job, limit=timedelta(hours=6)))


def test_the_name_is_the_same_in_every_clone(tmp_path):
    names = []
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        names.append(Repository(tmp_path / place, "blog").runner.workflow)
    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"data": "../data"}, "must be found again"),
        ({"data": "~/data"}, "must be found again"),
        ({"data": "."}, "must lie in a folder below|must not hold the settings"),
        ({"data": "${{ secrets.X }}"}, "GitHub fills in"),
    ],
)
def test_what_would_be_lost_or_misread_is_refused(change, told, repository):
    text = repository.desk.settings.read_text("utf-8")
    repository.desk.settings.write_text(f"data = {json.dumps(change['data'])}\n{text}", "utf-8")
    with pytest.raises(ScheduleError, match=told):
        github.Github().timer(job(settings.load(repository.desk.settings), package="syndicator"))


def test_what_only_this_machine_has_can_not_be_installed_there(repository, tmp_path):
    loaded = settings.load(repository.desk.settings)
    with pytest.raises(ScheduleError, match="--package"):
        github.Github().timer(job(loaded, package=tmp_path.as_uri()))
    (file,) = github.Github().timer(job(loaded, package=(repository.clone / "tool").as_uri())).files
    assert 'PACKAGE: "./tool"' in file.text


def test_without_a_repository_there_is_no_workflow(tmp_path):
    with pytest.raises(ScheduleError, match="git init"):
        github.Github().timer(job(settings.load(Desk(tmp_path).settings)))


def test_it_comes_and_goes(repository):
    backend = github.Github()
    found = backend.status(repository.job)
    assert (found.every, found.active, found.current) == (timedelta(minutes=30), None, True)
    assert not backend.install(repository.job)
    assert [backend.remove(repository.job), backend.remove(repository.job)] == [True, False]
    assert backend.status(repository.job) is None


# --- Its runs


@pytest.mark.parametrize("inside", ["", "Ärger 'q' \"d\" 100% $HOME #"])
def test_the_state_goes_from_run_to_run(inside, tmp_path):
    repository = Repository(tmp_path, inside)
    first = repository.runner.run()
    assert first.ok, first.log
    assert len(repository.posts()) == 1
    assert repository.kept("what I [read]*/index.html")

    again = repository.runner.run()
    assert again.ok, again.log
    assert len(repository.posts()) == 1, "posted twice"

    repository.desk.feed(rss(item(1), item(2, title="Grafting tests onto old trees")))
    repository.push()
    assert repository.runner.run().ok
    assert len(repository.posts()) == 2
    assert git(repository.origin, "rev-list", "--count", repository.branch) == "1", "the branch grows with each run"


def test_no_credential_gets_onto_the_branch(repository):
    data = repository.clone / "data"
    data.mkdir()
    (data / "sessions.json").write_text('{"sky": "hunter2"}')
    git(repository.clone, "add", "--force", "data")
    repository.push()
    assert repository.runner.run().ok
    names = git(repository.origin, "ls-tree", "-r", "--name-only", repository.branch).splitlines()
    assert "data/state.jsonl" in names
    assert {name for name in names if "/s" in name} == {"data/state.jsonl", "data/state.jsonl.lock"}


def test_copies_of_the_state_are_neither_kept_nor_brought_back(repository, tmp_path):
    """An older version had them on the branch; so has one whose owner put them there."""
    assert repository.runner.run().ok
    before = tmp_path / "before"
    git(tmp_path, "clone", "--quiet", f"--branch={Path(repository.branch).name}", str(repository.origin), str(before))
    assert (before / "data" / "state.jsonl").exists()
    assert not (before / "data" / "backups").exists()
    copy = before / "data" / "backups" / "state.jsonl.2026-01-01"
    copy.parent.mkdir()
    copy.write_text("as it was")
    git(before, "add", "--all", "--force")
    git(before, "commit", "--quiet", "--message=ended: an older version")
    git(before, "push", "--quiet", "origin", "HEAD")

    again = repository.runner.run()
    assert again.ok, again.log
    machine = tmp_path / f"machine-{repository.runner.runs}" / "work" / "data" / "backups"
    assert list(machine.iterdir())
    assert not (machine / copy.name).exists()
    assert "backups" not in git(repository.origin, "ls-tree", "-r", "--name-only", repository.branch)
    assert len(repository.posts()) == 1


def test_one_source_that_fails_is_a_warning(repository):
    repository.desk.add('[[sources]]\nkind = "curated"\nfeed = "missing.xml"\n')
    repository.push()
    outcome = repository.runner.run()
    assert (outcome.steps["Run"], outcome.steps["Save the state"]) == ("success", "success"), outcome.log
    assert "\n::warning::something failed" in outcome.log
    assert "Posted on pond" in outcome.log
    assert "missing.xml" in outcome.log
    assert len(repository.posts()) == 1


def test_a_run_that_broke_off_fails_and_saves_the_state_too(repository, tmp_path):
    """Its exit code is that of a run in which something failed, but it has nothing to report."""
    assert repository.runner.run().ok
    kept = tmp_path / "kept"
    git(tmp_path, "clone", "--quiet", f"--branch={Path(repository.branch).name}", str(repository.origin), str(kept))
    with (kept / "data" / "state.jsonl").open("a") as state:
        state.write("oops\noops\n")
    git(kept, "commit", "--quiet", "--all", "--message=ended: damaged")
    git(kept, "push", "--quiet", "origin", "HEAD")
    outcome = repository.runner.run()
    assert (outcome.steps["Run"], outcome.steps["Save the state"]) == ("failure", "success"), outcome.log
    assert "is damaged" in outcome.log
    assert "::warning::" not in outcome.log
    assert len(repository.posts()) == 1


def test_after_a_run_whose_machine_died_nothing_is_posted_until_its_owner_looked(repository):
    repository.runner.run(dies_before="Save")
    outcome = repository.runner.run()
    assert (outcome.steps["Fetch the state"], outcome.steps["Run"]) == ("failure", "skipped")
    assert "after_a_lost_run" in outcome.log
    assert repository.runner.run(inputs={"after_a_lost_run": "true"}).ok
    assert repository.runner.run().ok


def test_a_run_that_another_overtook_posts_nothing(repository, tmp_path):
    """Both saw the same state; the other one's mark was on the branch first."""
    assert repository.runner.run().ok
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    overtaking = tmp_path / "overtaking"
    overtaking.mkdir()
    (overtaking / "git").write_text(
        f'#!/bin/sh\nif [ "$1" = push ]; then\n'
        f"  other=$({real} commit-tree $({real} write-tree) -m 'begun: another run')\n"
        f'  {real} push --quiet --force origin $other:{repository.branch} || exit 9\nfi\nexec {real} "$@"\n'
    )
    (overtaking / "git").chmod(0o755)
    outcome = repository.runner.run(path=str(overtaking))
    assert outcome.steps == {
        "Fetch the state": "failure",
        "state": "failure",
        "Run": "skipped",
        "Save the state": "skipped",
    }


def test_a_state_that_can_not_be_asked_for_is_not_taken_for_a_first_run(repository):
    assert repository.runner.run().ok

    def unreachable(step: str) -> None:
        if step == "Fetch the state":
            repository.origin.rename(repository.origin.with_suffix(".away"))

    outcome = repository.runner.run(meanwhile=unreachable)
    assert (outcome.steps["Fetch the state"], outcome.steps["Run"]) == ("failure", "skipped")
