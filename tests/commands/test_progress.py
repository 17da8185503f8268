"""Progress: drawn for a person, on stderr, for work over a second; and for nobody else."""

import sys

import pexpect
import pytest

WORK = """
import time
from syndicator.cli.progress import working
with working("reading [all]"):
    time.sleep({})
print("done")
"""


def terminal(seconds: float, **environment: str) -> pexpect.spawn:
    """A terminal in which there are so many seconds of work."""
    return pexpect.spawn(
        sys.executable, ["-c", WORK.format(seconds)], encoding="utf-8", timeout=60, dimensions=(24, 80),
        env={"TERM": "xterm", "PATH": "", **environment},
    )  # fmt: skip


def test_work_of_a_while_is_shown() -> None:
    child = terminal(60)
    child.expect_exact("reading [all]")
    child.close(force=True)


@pytest.mark.parametrize(
    ("seconds", "environment"), [(0, {}), (1.5, {"TERM": "dumb"}), (1.5, {"SYNDICATOR_TALK": "quiet"})]
)
def test_nothing_is_drawn_for_short_work_or_if_unwanted(seconds: float, environment: dict[str, str]) -> None:
    child = terminal(seconds, **environment)
    child.expect(pexpect.EOF)
    assert str(child.before).strip() == "done"


ASKING = """
import time
from syndicator.cli.progress import progress
with progress() as tell:
    tell("asking the moon", 0, 0)
    time.sleep(60)
"""


def test_nothing_is_made_up_of_what_nobody_can_count() -> None:
    child = pexpect.spawn(
        sys.executable, ["-c", ASKING], encoding="utf-8", timeout=60, dimensions=(24, 80),
        env={"TERM": "xterm", "PATH": ""},
    )  # fmt: skip
    child.expect_exact("asking the moon")
    child.expect("0/(100|[?])")
    assert child.match
    assert child.match[1] == "?"
    child.close(force=True)
