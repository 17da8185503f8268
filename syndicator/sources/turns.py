"""Turns at servers for one round: one request at a time, and none to a server that wants time or never answers.

What a server does is held against that server alone, not against another one whose redirect led there.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from syndicator.sources.answer import Failure

_PATIENCE = 3  # after so many requests in a row without an answer, a server is left alone


class NotAsked(Failure):
    """The server is left alone for the rest of the round.

    `cause` is what went wrong there, `until` when it wants to be asked again, if it said so.
    """

    def __init__(self, cause: Failure, until: datetime | None) -> None:
        super().__init__(f"not asked this time, after others on its server: {cause.problem}", cause.remedy)
        self.cause = cause
        self.until = until


class Server:
    """What is known of one server in this round. To be told of each answer, or of there being none, in its turn."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.left_alone: tuple[Failure, datetime | None] | None = None
        self._silent = 0

    def answered(self) -> None:
        """It answered, whatever it said."""
        self._silent = 0

    def wants_time(self, reason: Failure, until: datetime) -> None:
        """It asked to wait."""
        self.left_alone = reason, until

    def was_silent(self, failure: Failure) -> None:
        """No answer came."""
        self._silent += 1
        if self._silent >= _PATIENCE:
            self.left_alone = failure, None


class Turns:
    """The servers of one round, by host; safe to use from any thread."""

    def __init__(self) -> None:
        self._servers: dict[str, Server] = {}

    @contextmanager
    def at(self, host: str) -> Iterator[Server]:
        """Wait for a turn at a host and hold it. Raises NotAsked, also to those who wait, once it is left alone."""
        server = self._servers.setdefault(host, Server())
        with server.turn:
            if server.left_alone:
                raise NotAsked(*server.left_alone)
            yield server

    def left_alone(self) -> dict[str, str]:
        """The hosts that are asked for nothing more in this round, each with the reason."""
        servers = list(self._servers.items())
        return {host: NotAsked(*server.left_alone).problem for host, server in servers if server.left_alone}
