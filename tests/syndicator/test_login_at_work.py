"""Logging in shows that it is at work where it may take a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from small_world import SmallWorld

from syndicator.login import log_in


class Answers:
    """Somebody who knows the credential."""

    def say(self, text: str) -> None:
        """Is told something."""

    def text(self, _prompt: str) -> str:
        """Answer."""
        return "ada"

    def secret(self, _prompt: str) -> str:
        """Answer unseen."""
        return "s3cret"

    def browse(self, url: str) -> None:
        """Look at a page."""


def test_the_network_and_the_keyring_are_waited_for_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = SmallWorld(tmp_path, monkeypatch)
    world.account("pond", "locked")
    began, ended = [], []

    @contextmanager
    def at_work(what: str) -> Iterator[None]:
        began.append(what)
        yield
        ended.append(what)

    done = log_in(world.open(), "pond", Answers(), at_work)
    assert not done.kept.in_keyring
    assert began == ended == ["asking locked who that is", began[-1]]
    assert "keyring may want to be unlocked" in began[-1]
