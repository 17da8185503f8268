"""Jobs to make timers of: usual ones, and the most awkward paths there may be."""

from datetime import timedelta
from pathlib import Path

from syndicator.schedule.base import Job

PLAIN = Job(Path("/home/robin/blog/syndicator.toml"), ("/home/robin/.local/bin/syndicator",))
#: Everything that one of the quoting rules takes for its own.
AWKWARD = "Ärger 100%h \\%d \"q\" 'a' $HOME $$ `x` ${Y} ; #&<> 日本\\"

#: Some of them fewer, which systemd takes for a program's name.
SPACED = "Ärger 100%h $HOME $$ `x` ; #&<> 日本"


def every(minutes: int, job: Job = PLAIN) -> Job:
    return Job(job.settings, job.program, timedelta(minutes=minutes))


def recorder(folder: Path) -> Path:
    """A program called syndicator that writes down, one word to a line, what it was started with; `words` beside it."""
    folder.mkdir(parents=True)
    program = folder / "syndicator"
    program.write_text('#!/bin/sh\nfor word in "$0" "$@"; do printf "%s\\n" "$word"; done >"$(dirname "$0")/words"\n')
    program.chmod(0o755)
    return program
