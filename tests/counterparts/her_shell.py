"""A person at a shell: bash in a terminal of its own, typed into and read from."""

from pathlib import Path

import pexpect
from counterparts.forks import BIN

PROMPT = "her turn> "


class Shell:
    """Bash in a terminal of 80 columns."""

    def __init__(self, home: Path, variables: dict[str, str]) -> None:
        self._bash = pexpect.spawn(
            "bash", ["--norc", "--noprofile"], cwd=str(home), encoding="utf-8", timeout=120, dimensions=(50, 80),
            env={**variables, "PATH": f"{BIN}:{variables['PATH']}", "PS1": PROMPT, "HISTFILE": "", "TERM": "dumb"},
        )  # fmt: skip
        self._bash.expect_exact(PROMPT)

    def types(self, line: str) -> None:
        self._bash.sendline(line)

    def answers(self, question: str, line: str) -> str:
        """Wait for a question, by words of it, and answer; gives what was shown before."""
        self._bash.expect_exact(question)
        before = str(self._bash.before)
        self._bash.expect(r": ?$")
        self.types(line)
        return before

    def reads(self, pattern: str) -> str:
        """Wait for something to be shown; gives it."""
        self._bash.expect(pattern)
        return str(self._bash.match.group())

    def sees(self, exit_code: int = 0) -> str:
        """All that is shown until it is her turn again; what she started must have ended so."""
        self._bash.expect_exact(PROMPT)
        shown = str(self._bash.before)
        self.types("echo ended: $?")
        code = self.reads(r"ended: \d+\s").removeprefix("ended: ").strip()
        self._bash.expect_exact(PROMPT)
        assert code == str(exit_code), shown
        return shown.replace("\r\n", "\n")

    def runs(self, line: str, exit_code: int = 0) -> str:
        """Type a command and wait for its end; gives what it showed."""
        self.types(line)
        return self.sees(exit_code).partition("\n")[2]

    def close(self) -> None:
        self._bash.close(force=True)
