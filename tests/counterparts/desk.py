"""An owner's folder with settings, feeds and state, and the commands run there as its owner runs them: as processes."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from counterparts import forks
from counterparts.forks import BIN

SETTINGS = """
[me]
name = "Robin"
sites = ["https://robin.example"]

[[sources]]
kind = "curated"
feed = "ada.xml"
title = "Ada's garden"

[plan]
first_run = 100
spread = false
min_gap = "0m"
stagger = "0m"
quiet = ""
jitter = "0m"
grace = "0m"
author_gap = "0m"
per_day = 100
mix = { own = 1, curated = 1, notes = 1 }

"""


def item(number: int, *, guid: str = "", title: str = "", link: str = "", body: str = "", days: float = 1) -> str:
    """One RSS item about gardening, `days` old."""
    date = format_datetime(datetime.now(UTC) - timedelta(days=days))
    return f"""<item>
      <title>{title or f"Pruning code like apple trees, part {number}"}</title>
      <link>{link or f"https://ada.example/pruning/{number}"}</link>
      <guid isPermaLink="false">{guid or f"ada-{number}"}</guid>
      <pubDate>{date}</pubDate>
      <description>{body or "What a winter pruning teaches about deleting code. " * 12}</description>
    </item>"""


def rss(*items: str, title: str = "Ada's garden", site: str = "https://ada.example/") -> str:
    """An RSS 2.0 feed."""
    return f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>
    <title>{title}</title><link>{site}</link><description>Gardening and code</description>{"".join(items)}
    </channel></rss>"""


def fetched(**counts: int) -> dict[str, int]:
    """What `run --json` says of the sources: these counts, and zero for all others."""
    return dict.fromkeys(("ok", "unchanged", "failed", "waiting", "not_due", "retired", "late"), 0) | counts


def account(name: str, platform: str, options: Mapping[str, object]) -> str:
    """The `[accounts.NAME]` table of the settings."""
    lines = [
        f"{key} = {json.dumps(value if isinstance(value, (bool, list)) else str(value))}"
        for key, value in options.items()
    ]
    return "\n".join([f"[accounts.{name}]", f'platform = "{platform}"', *lines, "", ""])


#: Runs a command without root's right to write and read what its owner may not.
UNPRIVILEGED = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.getuid() == 0 else ()


class Desk:
    """A folder to work in. `secrets` become environment variables of the commands."""

    def __init__(self, folder: Path, settings: str = SETTINGS) -> None:
        self.folder = folder
        self.settings = folder / "syndicator.toml"
        self.settings.write_text(settings, encoding="utf-8")
        self.environment = forks.environment()
        #: Run the installed programs themselves, and no forks of a process that has loaded them.
        self.programs = False

    def add(self, settings: str) -> None:
        """More settings."""
        self.settings.write_text(self.settings.read_text(encoding="utf-8") + settings, encoding="utf-8")

    def add_account(self, name: str, platform: str, options: Mapping[str, object], secrets: Mapping[str, str]) -> None:
        """One account with its credential."""
        self.add(account(name, platform, options))
        self.environment |= {f"SYNDICATOR_{name}_{part}".upper(): value for part, value in secrets.items()}

    def feed(self, text: str, name: str = "ada.xml") -> None:
        """Write a feed."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(
        self,
        *words: object,
        python: str = "",
        expect: int | None = 0,
        cwd: Path | None = None,
        typed: str = "",
        under: Sequence[str] = (),
        loaded: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        """Run `syndicator …` (or `ledger …` if that is the first word) in the folder, or in `cwd`.

        `python` is code to run before it starts, and may be run when the program is `loaded` if that says so; `typed`
        is what comes to its input, `under` a program with its options that runs it.
        """
        program, folder = self._program(*words), cwd or self.folder
        if not (self.programs or under or (python and not loaded)) and forks.usable(self.environment):
            done = forks.run(program, folder, self.environment, typed=typed, python=python)
        else:
            done = subprocess.run(
                [*under, *self._command(program, python)],
                cwd=folder,
                env=self.environment,
                input=typed,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
        assert expect is None or done.returncode == expect, (
            f"{program}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def start(self, *words: object, python: str = "") -> subprocess.Popen[str]:
        """Start a command and go on; Ctrl-C is not ignored in it, as it would be in what a shell has in the background.

        Everything it starts has the same stderr: `communicate` waits for the last of them.
        """
        heeding = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n{python}"
        return subprocess.Popen(
            self._command(self._program(*words), heeding),
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _program(self, *words: object) -> list[str]:
        return [str(word) for word in (words if words and words[0] == "ledger" else ("syndicator", *words))]

    def _command(self, program: list[str], python: str) -> list[str]:
        name, *words = program
        if not python:
            return [str(BIN / name), *words]
        module = "syndicator.cli.ledger" if name == "ledger" else "syndicator.cli.main"
        code = f"import sys; sys.argv = {program!r}\n{python}\nfrom {module} import start; start()"
        return [sys.executable, "-c", code]

    def json(self, *words: object, expect: int | None = 0, cwd: Path | None = None) -> object:
        """Run a command with `--json` and read its one document."""
        return json.loads(self.run(*words, "--json", expect=expect, cwd=cwd).stdout)
