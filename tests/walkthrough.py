"""The pages' own commands, run as a reader would: block after block, in a folder of their own, at a time that stands.

A block of the language `console` has commands behind `$ ` and what they print below; one of `sh` has commands alone.
What stands in a comment before a block says how to take it:

    <!-- world: ran -->          where the page begins: in an `empty` folder, in the `sample`, or there after a run
    <!-- file: notes.txt -->     the block is this file's whole text, which the reader writes
    <!-- append: notes.txt -->   … or adds at its end
    <!-- typed: yes -->          what the reader answers
    <!-- exit: 1 -->             how the block's last command ends, if not well
    <!-- not run: why -->        why nobody can try it here

In what is printed `…` on a line of its own stands for any lines, and on a line for anything. Times, ids and folders
are those of the page. `SYNDICATOR_PAGES=write` has the tests write what was printed into the pages instead.
"""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from counterparts.desk import Desk
from counterparts.forks import BIN

#: When the reader sits there. The sample world's newest article is of the day before.
SHOWN = datetime(2026, 11, 22, 12, tzinfo=UTC)
#: Where the reader's folder is, as the pages have it.
HOME = "/home/robin"
LANGUAGES = ("console", "sh")
WRITING = os.environ.get("SYNDICATOR_PAGES") == "write"

_BLOCK = re.compile(
    r"(?P<before>(?:^[ ]*<!--[^>]*-->\n+)*)^(?P<indent> *)```(?P<language>[\w-]*)[^\n]*\n(?P<body>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_NOTE = re.compile(r"<!-- ([a-z ]+): (.*?) -->")
_CLOCK = f"""
from datetime import datetime
from syndicator import starter, workspace
now = datetime.fromisoformat({SHOWN.isoformat()!r})
class Shown(datetime):
    now = staticmethod(lambda zone: now)
workspace.datetime = Shown
copy = starter.write_sample
starter.write_sample = lambda folder, _: copy(folder, now)
"""


@dataclass(frozen=True)
class Block:
    """One fenced block of a page, without its indentation, and what is said before it."""

    language: str
    body: str
    notes: dict[str, str]
    #: Where the body stands in the page.
    place: tuple[int, int]
    indent: str = ""

    def commands(self) -> Iterator[tuple[str, str]]:
        """Each command with what the page says that it prints."""
        if self.language == "sh":
            yield from ((line, "") for line in self.body.splitlines() if line.strip() and not line.startswith("#"))
            return
        yield from re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", self.body, re.MULTILINE)

    def within(self, page: str, body: str) -> str:
        """The page with another body of this block."""
        lines = (f"{self.indent}{line}" if line.strip() else line for line in body.splitlines(keepends=True))
        return page[: self.place[0]] + "".join(lines) + page[self.place[1] :]


def blocks(text: str) -> list[Block]:
    """Every fenced block of a page, in order."""
    return [
        Block(
            found["language"],
            re.sub(rf"(?m)^{found['indent']}", "", found["body"]),
            dict(_NOTE.findall(found["before"])),
            found.span("body"),
            found["indent"],
        )
        for found in _BLOCK.finditer(text)
    ]


def world_of(text: str) -> str:
    """Where a page says that it begins."""
    found = re.search(r"<!-- world: (\w+) -->", text)
    return found[1] if found else ""


@dataclass
class Reader:
    """Somebody who does what a page says; `home` is the folder that the page calls /home/robin."""

    home: Path
    world: str
    desk: Desk = field(init=False)
    cwd: Path = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Desk(self.home, "")
        self.desk.settings.unlink()
        self.desk.environment |= {"COLUMNS": "80", "HOME": str(self.home), "TZ": "Europe/London"}
        self.cwd = self.home
        if self.world in {"sample", "ran"}:
            self.do("syndicator init --sample links")
            self.do("cd links")
        if self.world == "ran":
            self.do("syndicator run")

    def write(self, block: Block) -> None:
        """Write the file that a block is the text of."""
        if name := block.notes.get("file"):
            (self.cwd / name).write_text(block.body, encoding="utf-8")
        if name := block.notes.get("append"):
            with (self.cwd / name).open("a", encoding="utf-8") as file:
                file.write("\n" + block.body)

    def do(self, command: str, *, typed: str = "", exits: int = 0) -> str:
        """What a command prints, both on stdout and on stderr."""
        words = shlex.split(re.sub(r"\s# .*", "", command))
        if words[:1] == ["cd"]:
            self.cwd = (self.cwd / words[1]).resolve()
            return ""
        if words[0] in {"syndicator", "ledger"}:
            named = words[1:] if words[0] == "syndicator" else words
            done = self.desk.run(*named, python=_CLOCK, loaded=True, expect=exits, cwd=self.cwd, typed=typed)
        else:
            done = subprocess.run(
                ["/bin/sh", "-c", command],
                cwd=self.cwd,
                env={**self.desk.environment, "PATH": f"{BIN}:{os.environ['PATH']}"},
                input=typed,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == exits, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return (done.stdout + done.stderr).replace(str(self.home), HOME)

    def follow(self, block: Block) -> str:
        """Do what a block says; give it as it should stand in the page."""
        if block.language not in LANGUAGES:
            self.write(block)
            return block.body
        told = list(block.commands())
        shown = []
        for place, (command, printed) in enumerate(told):
            exits = int(block.notes.get("exit", 0)) if place == len(told) - 1 else 0
            out = self.do(command, typed=block.notes.get("typed", "").replace(" / ", "\n") + "\n", exits=exits)
            kept = printed if not out.strip() or (printed and is_shown(printed, out)) else out
            shown.append(f"$ {command}\n{kept}")
        return block.body if block.language == "sh" else "".join(shown)


def is_shown(printed: str, out: str) -> bool:
    """Whether what a page says agrees with what came out."""
    lines = _plain(printed).splitlines()
    pattern = "".join(
        "(?:.*\n)*" if line.strip() == "…" else re.escape(line).replace("…", ".*") + "\n" for line in lines
    )
    return re.fullmatch(pattern, _plain(out)) is not None


def _plain(text: str) -> str:
    """Without what differs from one time to the next: ids, and spaces at the ends of lines."""
    text = re.sub(r"\b(?=[0-9a-f]*\d)[0-9a-f]{8,40}\b", "ID", text)
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip("\n") + "\n"
