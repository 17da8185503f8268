"""The documents tell the truth: every command is in the reference and has help, every link leads somewhere."""

import re
import tomllib
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner
from walkthrough import LANGUAGES, SHOWN, blocks, world_of
from written import DOCUMENTS, ROOT, SPOKEN, spoken

from syndicator import workspace
from syndicator.cli import ledger, main
from syndicator.starter import write_sample

README_BLOCKS = blocks((ROOT / "README.md").read_text("utf-8"))
COMMANDS = (ROOT / "docs" / "commands.md").read_text("utf-8")


def commands(app: typer.Typer, prefix: str) -> dict[str, str]:
    """Every command with the first line of its help."""
    found = {}
    group = typer.main.get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        if hasattr(command, "commands"):
            found |= {f"{prefix} {name} {each}": inner.help or "" for each, inner in command.commands.items()}
            if prefix == "syndicator" and name == "ledger":
                found = {key: value for key, value in found.items() if not key.startswith("syndicator ledger")}
                continue
        found[f"{prefix} {name}"] = command.help or ""
    return found


EVERY = commands(main.make(), "syndicator") | commands(ledger.make(), "ledger")


@pytest.mark.parametrize("command", EVERY)
def test_every_command_has_help_and_a_row_in_the_reference(command):
    assert EVERY[command].strip().endswith((".", "then."))
    assert re.search(rf"`{re.escape(command)}[ `|\\\[]", COMMANDS), f"{command} is not in docs/commands.md"


def test_the_reference_names_no_command_that_is_not_there():
    named = set(re.findall(r"^\| `((?:syndicator|ledger) [a-z]+(?: [a-z]+)?)", COMMANDS, re.MULTILINE))
    assert named <= set(EVERY), named - set(EVERY)


def test_the_readme_names_commands_that_exist():
    shown = [block.body for block in README_BLOCKS]
    named = set(re.findall(r"^((?:syndicator|ledger) [a-z]+)", "\n".join(shown), re.MULTILINE))
    assert named
    assert named <= set(EVERY)
    assert "python3 bootstrap.py sample" in "\n".join(shown)
    assert "python3 bootstrap.py test" in "\n".join(shown)


[README_SAMPLE] = [block.body for block in README_BLOCKS if block.body.startswith("  1. ")]


def _sample(folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> str:
    """What `python3 bootstrap.py sample` says at that time of who is owed."""
    monkeypatch.setattr(workspace, "Workspace", partial(workspace.Workspace, clock=lambda: now))
    write_sample(folder, now)
    at = ["--config", str(folder / "syndicator.toml")]
    assert CliRunner().invoke(main.make(), [*at, "run"], catch_exceptions=False).exit_code == 0
    return CliRunner().invoke(ledger.make(), [*at, "owe"], catch_exceptions=False).stdout


def test_the_readme_shows_what_the_sample_prints(tmp_path, monkeypatch):
    assert _sample(tmp_path, SHOWN, monkeypatch) == README_SAMPLE


@pytest.mark.parametrize("hours", [10, -12, 24 * 100 + 5], ids=["evening", "midnight", "another month"])
def test_the_sample_prints_the_same_at_any_time(hours, tmp_path, monkeypatch):
    printed = _sample(tmp_path, SHOWN + timedelta(hours=hours), monkeypatch)
    assert printed != README_SAMPLE
    assert _undated(printed) == _undated(README_SAMPLE)


def _undated(text: str) -> str:
    """Without dates, which move with the day, and without the points, of which some fade by the hour."""
    return re.sub(r"\d+\.\d open|\b\d\d? [A-Z][a-z]{2}( \d{4})?\b", "…", text)


def _named(text: str) -> set[str]:
    """The commands that a text names in backticks. A first word that is no command's stands for itself."""
    found = set()
    for program, group, verb in re.findall(r"`(syndicator|ledger) ([a-z]+)(?: ([a-z]+))?", text):
        if (program, group) == ("syndicator", "ledger") and verb:
            found.add(f"ledger {verb}")
        else:
            both = f"{program} {group} {verb}"
            found.add(both if both in EVERY else f"{program} {group}")
    return found


#: Commands that no page can show at work, and where they are tried instead.
NOT_SHOWN = {
    "syndicator add": "asks blogs on the web; tests/commands/test_finding.py",
    "syndicator demo": "shows itself; tests/commands/test_demo.py",
    "syndicator login": "asks a network; tests/test_network_setup.py",
    "syndicator queue settle": "needs a post that got lost on its way; tests/commands/test_queue.py",
    "syndicator schedule": "makes timers of the machine; tests/commands/test_schedule.py",
    "syndicator schedule install": "likewise",
    "syndicator schedule remove": "likewise",
    "syndicator schedule status": "likewise",
}
TEXTS = {
    **{str(path.relative_to(ROOT)): path.read_text("utf-8") for path in DOCUMENTS},
    **{str(path.relative_to(ROOT)): path.read_text("utf-8") for path in (ROOT / "config").glob("*.toml")},
    **SPOKEN,
}


@pytest.mark.parametrize("text", TEXTS)
def test_every_command_that_is_named_exists(text):
    assert _named(TEXTS[text]) <= {*EVERY, "syndicator ledger"}


def test_a_command_that_is_not_there_would_be_found():
    told = """raise E(f"run `syndicator login {name}`, `syndicator queue dance` or `syndicator ledger " "forget x`")"""
    assert _named("\n".join(spoken(told))) == {"syndicator login", "syndicator queue", "ledger forget"}
    assert {"syndicator queue", "syndicator run", "ledger owe"} <= {
        name for text in TEXTS.values() for name in _named(text)
    }


def test_every_dependency_is_justified():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [re.match(r"[A-Za-z0-9.\-]+", entry)[0] for entry in project["dependencies"]]
    reasons = (ROOT / "docs" / "decisions" / "0004-dependencies.md").read_text("utf-8")
    assert [name for name in names if name not in reasons] == []


def _anchors(document: Path) -> set[str]:
    """What the headings of a document can be linked by, as GitHub makes it."""
    headings = re.findall(r"^#+ (.*)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document):
    for target, anchor in re.findall(r"\]\((?!https?://)([^)#]*)(?:#([^)]*))?\)", document.read_text("utf-8")):
        there = document.parent / target if target else document
        assert there.exists(), f"{document.name} links to {target}"
        assert not anchor or anchor in _anchors(there), f"{document.name} links to {target}#{anchor}"


def test_every_command_is_shown_on_a_page_that_is_run():
    shown = [
        command
        for document in DOCUMENTS
        if world_of(text := document.read_text("utf-8"))
        for block in blocks(text)
        if block.language in LANGUAGES and "not run" not in block.notes
        for command, _ in block.commands()
    ]
    assert {each for each in EVERY if not any(f"{one} ".startswith(f"{each} ") for one in shown)} <= set(NOT_SHOWN)


def test_every_page_is_in_the_contents_of_the_site():
    contents = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:\n")[2]
    pages = [str(path.relative_to(ROOT / "docs")) for path in sorted((ROOT / "docs").rglob("*.md"))]
    missing = [page for page in pages if not page.startswith("decisions/") and page not in contents]
    assert missing == [], f"put them under nav in mkdocs.yml: {missing}"


def test_decisions_are_numbered_once():
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert sorted(numbers) == [f"{number:04}" for number in range(1, len(numbers) + 1)]
