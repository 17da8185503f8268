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

Each adapter translates its SDK's errors into these once and chains the cause. Nothing here knows the command line.
"""

from __future__ import annotations

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


#: What the HTTP libraries call it when no connection came about; by name, so that none of them is imported for it.
_NO_CONNECTION = frozenset(
    {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ConnectTimeout", "ConnectError"}
    | {"InvalidURL", "InvalidSchema"}
)


def silence(subject: str, problem: str, error: BaseException, remedy: str = "") -> Unreachable:
    """The error for a call that got no answer: NotSent where `error`, or what it wraps, says that none could come."""
    wrapped: list[object] = [error]
    for _ in range(6):  # libraries wrap each other's errors, as causes, reasons or arguments
        if any(type(each).__name__ in _NO_CONNECTION for each in wrapped):
            return NotSent(subject, problem, remedy)
        wrapped = [inner for each in wrapped for inner in _inside(each)]
    return Unreachable(subject, problem, remedy)


def _inside(error: object) -> list[BaseException]:
    if not isinstance(error, BaseException):
        return []
    found = (error.__cause__ or error.__context__, getattr(error, "reason", None), *error.args)
    return [each for each in found if isinstance(each, BaseException)]
