"""What can go wrong on a network, told in one vocabulary.

    PlatformError            subject, what happened, remedy
    ├── AuthFailed           the credential is missing, wrong, expired or lacks a scope: a person must act
    ├── RateLimited          allowed again at `retry_at`
    ├── Rejected             the network understood and refused: sending it again will not help
    ├── Duplicate            the network says it already has this post, without saying where
    ├── Unreachable          no usable answer; the request may or may not have been carried out
    │   └── NotSent          not even a connection: nothing was carried out, for sure
    ├── OverBudget           the call was not made: the account's money is spent until `retry_at`
    └── Unsupported          this network or server cannot do that at all

Each adapter translates its SDK's errors into these once and chains the cause. Nothing here knows the command
line, but for how it is told to log in anew.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class PlatformError(Exception):
    """A network did not do what was asked.

    `subject` names the account or server, `problem` says what happened, `remedy` what a person can do (may be empty).
    """

    def __init__(self, subject: str, problem: str, remedy: str = "") -> None:
        self.subject = subject
        self.problem = problem
        self.remedy = remedy
        super().__init__(": ".join(part for part in (subject, problem) if part) + (f" ({remedy})" if remedy else ""))


class AuthFailed(PlatformError):
    """The credential was missing or refused. Not retried."""


class RateLimited(PlatformError):
    """Too many requests; `retry_at` (aware, UTC) is when the network says it may be tried again, if it says so."""

    def __init__(self, subject: str, problem: str, remedy: str = "", *, retry_at: datetime | None = None) -> None:
        super().__init__(subject, problem, remedy)
        self.retry_at = retry_at


class Rejected(PlatformError):
    """The network refused this content for good. Not retried."""


class Duplicate(PlatformError):
    """The network says the same post exists already and does not say where: read back before anything else."""


class Unreachable(PlatformError):
    """Timeout, reset, DNS failure or a 5xx. Whether the request took effect is unknown: read back first."""


class NotSent(Unreachable):
    """No connection came about (refused, no such host, no route): the request surely had no effect."""


class Unsupported(PlatformError):
    """The network, or this server of it, has no such ability."""


class OverBudget(PlatformError):
    """The call would cost more than the account's budget has left; it was not made. New money comes at `retry_at`."""

    def __init__(self, subject: str, problem: str, remedy: str = "", *, retry_at: datetime | None = None) -> None:
        super().__init__(subject, problem, remedy)
        self.retry_at = retry_at


#: The more telling first: one often comes with another.
_SILENCES: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "no such server"),
    (ConnectionRefusedError, "nobody listens there"),
    (ssl.SSLCertVerificationError, "its certificate can't be trusted"),
    (ssl.SSLError, "it does not speak TLS as it should"),
    (TimeoutError, "it took too long"),
    (ConnectionError, "the connection broke"),
)
#: What the HTTP libraries call it when no connection came about; by name, so that none of them is imported for it.
_NO_CONNECTION = frozenset(
    {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ConnectTimeout", "ConnectError"}
    | {"InvalidURL", "InvalidSchema"}
)


def silence(subject: str, problem: str, error: BaseException, remedy: str = "") -> Unreachable:
    """The error for a call that got no answer: NotSent where `error`, or what it wraps, says that none could come."""
    unsent = any(type(each).__name__ in _NO_CONNECTION for each in _wrapped(error))
    return (NotSent if unsent else Unreachable)(subject, problem, remedy)


def why(error: BaseException) -> str:
    """Why there was no answer, in words that name no address, from what an error wraps; empty if nothing tells."""
    wrapped = list(_wrapped(error))
    found = (words for kind, words in _SILENCES if any(isinstance(each, kind) for each in wrapped))
    lost = any(isinstance(each, OSError) and each.errno in {errno.ENETUNREACH, errno.EHOSTUNREACH} for each in wrapped)
    return "no network leads there" if lost else next(found, "")


def _wrapped(error: BaseException) -> Iterator[BaseException]:
    """An error and what it came of: libraries wrap each other's errors, as causes, reasons or arguments."""
    level: list[BaseException] = [error]
    for _ in range(6):
        yield from level
        level = [inner for each in level for inner in _inside(each)]


def _inside(error: BaseException) -> list[BaseException]:
    found = (error.__cause__ or error.__context__, getattr(error, "reason", None), *error.args)
    return [each for each in found if isinstance(each, BaseException)]


def variable(account: str, part: str) -> str:
    """The environment variable of one part of one account's credential, `SYNDICATOR_FOSSTODON_TOKEN`."""
    return f"SYNDICATOR_{re.sub(r'[^A-Za-z0-9]', '_', account)}_{part}".upper()


def new_login(account: str, *parts: str) -> str:
    """How to give an account a new credential of these parts: the end of a remedy."""
    return f"run `syndicator login {account}`, or set {', '.join(variable(account, part) for part in parts)}"
