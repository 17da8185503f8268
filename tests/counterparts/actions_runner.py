"""A machine of GitHub Actions, as far as our workflow knows it: fresh clones, steps run by bash, a bare repository.

It does what the documentation of workflows says of `env`, `if`, outputs, `defaults.run.shell` and failing steps. What
needs GitHub itself is left out: installing the package (the one that is tested is there), and `gh`.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

#: Steps that are not run, by the first word of their name.
LEFT_OUT = ("Install", "Stay")


@dataclass
class Outcome:
    """What became of one run of the workflow: each step's outcome, and all that was printed."""

    steps: dict[str, str] = field(default_factory=dict)
    log: str = ""

    @property
    def ok(self) -> bool:
        return "failure" not in self.steps.values()


@dataclass
class Runner:
    """Runs one workflow of a repository. `secrets` are what the repository has, `home` a folder for its machines."""

    origin: Path
    workflow: str
    home: Path
    secrets: Mapping[str, str] = field(default_factory=dict)
    runs: int = 0

    def run(
        self,
        *,
        inputs: Mapping[str, str] | None = None,
        dies_before: str = "",
        meanwhile: Callable[[str], None] = lambda step: None,
        path: str = "",
    ) -> Outcome:
        """Do it once. The machine dies before the step `dies_before`; `meanwhile` is called before each step.

        `path` has programs that come before the machine's own.
        """
        self.runs += 1
        machine = self.home / f"machine-{self.runs}"
        there = machine / "temp" / "syndicator" / "bin"
        there.mkdir(parents=True)
        (there / "syndicator").symlink_to(Path(sys.executable).parent / "syndicator")
        subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{self.origin}", machine / "work"], check=True)
        document = yaml.safe_load((machine / "work" / self.workflow).read_text("utf-8"))
        outcome, outputs = Outcome(), dict[str, dict[str, str]]()
        for step in document["jobs"]["run"]["steps"]:
            name = step.get("name", "")
            if dies_before and name.startswith(dies_before):
                return outcome
            if "uses" in step or name.startswith(LEFT_OUT):
                continue
            meanwhile(name)
            if not _wanted(step.get("if", ""), outcome):
                outcome.steps[name] = "skipped"
                continue
            fill = {"inputs": inputs or {}, "secrets": self.secrets, "steps": outputs}
            environment = {
                **{key: value for key, value in os.environ.items() if not key.startswith(("SYNDICATOR_", "GIT_"))},
                **{key: _filled(str(value), fill) for key, value in {**document["env"], **step.get("env", {})}.items()},
                "RUNNER_TEMP": str(machine / "temp"),
                "GITHUB_OUTPUT": str(machine / "output"),
                "GITHUB_RUN_ID": str(self.runs),
                "PATH": f"{path}{os.pathsep}{os.environ['PATH']}",
            }
            done = _bash(step["run"], machine / "work", environment)
            outcome.log += done.stdout + done.stderr
            outcome.steps[name] = "failure" if done.returncode else "success"
            if "id" in step:
                outcome.steps[step["id"]] = outcome.steps[name]
                outputs[step["id"]] = _outputs(machine / "output")
        return outcome


def _bash(script: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """As `shell: bash` does it."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def _wanted(condition: str, so_far: Outcome) -> bool:
    """The conditions that the workflow has: none, or always() and a step's outcome."""
    if not condition:
        return so_far.ok
    found = re.fullmatch(r"\$\{\{ always\(\) && steps\.(\w+)\.outcome == '(\w+)' \}\}", condition)
    assert found, f"a condition that is not known here: {condition}"
    return so_far.steps.get(found[1]) == found[2]


def _filled(text: str, values: Mapping[str, Any]) -> str:
    """`${{ a.b }}` and `${{ steps.a.outputs.b }}` filled in; what is not there is empty."""

    def fill(found: re.Match[str]) -> str:
        value: Any = values
        for key in found[1].replace(".outputs.", ".").split("."):
            value = value.get(key, "") if value else ""
        return str(value)

    return re.sub(r"\$\{\{ ([\w.]+) \}\}", fill, text)


def _outputs(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines()) if file.exists() else {}
