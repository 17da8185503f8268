"""Questions to whoever sits at the terminal, on stderr like all talk. Each has a default and takes Enter for it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

import typer

from syndicator.cli.app import MISUSED, fail, tell

_T = TypeVar("_T")


class Questions:
    """Asks, or takes every default where nobody is to be asked.

    A pipe may have the answers line by line. One that ends too soon is wrong use, and says `remedy`, until `settle`
    tells that the rest may be left for later.
    """

    def __init__(self, remedy: str, *, asks: bool = True) -> None:
        self.asks = asks
        self._remedy = remedy

    def settle(self) -> None:
        """What is not answered from here on takes its default."""
        self._remedy = ""

    def text(self, question: str, default: str = "", check: Callable[[str], str] = str.strip) -> str:
        """One line; asked again while `check` raises ValueError, whose words are shown."""
        if not sys.stdin.isatty():
            return self._ask(
                lambda: _piped(f"{question}{f' [{default}]' if default else ''}: ", default, check), default
            )
        known = bool(default)
        return self._ask(
            lambda: typer.prompt(question, default, value_proc=_heeding(check), show_default=known, err=True), default
        )

    def yes(self, question: str, *, default: bool) -> bool:
        """Yes or no."""
        if not sys.stdin.isatty():
            prompt = f"{question} [{'Y/n' if default else 'y/N'}]: "
            return self._ask(lambda: _piped(prompt, "y" if default else "n", _yes_or_no) == "y", default)
        return self._ask(lambda: typer.confirm(question, default, err=True), default)

    def _ask(self, question: Callable[[], _T], default: _T) -> _T:
        if not self.asks:
            return default
        try:
            return question()
        except typer.Abort:
            if sys.stdin.isatty():
                raise  # whoever sits there wanted out
            tell("")
            if self._remedy:
                fail(f"nobody is here to answer; {self._remedy}", MISUSED)
            self.asks = False
            return default


def is_interrupt(abort: BaseException) -> bool:
    """Whether it was Ctrl-C that ended a question, and not the end of the input."""
    return isinstance(abort, KeyboardInterrupt) or isinstance(abort.__context__, KeyboardInterrupt)


def _piped(prompt: str, default: str, check: Callable[[str], str]) -> str:
    """The next line of a pipe, with the question on stderr: what typer asks with leaves blanks on stdout there."""
    while True:
        tell(prompt)
        line = sys.stdin.readline()
        if not line:
            raise typer.Abort
        try:
            return check(line.strip() or default)
        except ValueError as error:
            tell(f"Error: {error}")


def _yes_or_no(answer: str) -> str:
    word = answer.lower()
    if word not in {"y", "yes", "n", "no"}:
        raise ValueError(f"{answer!r} is no answer; write y or n")
    return word[0]


def _heeding(check: Callable[[str], str]) -> Callable[[str], str]:
    def checked(answer: str) -> str:
        try:
            return check(answer)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return checked
