"""What became of a message, as far as Apprise's log tells: it says no more than yes or no otherwise. Pure.

A plugin warns with `error=404` of an HTTP status, and logs in detail what a server answered, what broke the connection
and how a mail server refused. It also logs the message itself, which is a stranger's: so each fact is looked for in its
own kind of line only. What is known to have broken before a message left counts as not sent; all else that is no clear
refusal is in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_STATUS = re.compile(r"\berror=(\d{3})\b")
_SMTP = re.compile(r"Exception: (?:\{'[^']{1,300}': )?\((\d{3}), b['\"](.{0,300})")
_BROKE = re.compile(r"[\w/ ]{0,40}Exception: ")
_ANSWERED = "Response Details:"
_RETRY_AFTER = re.compile(r"\"?retry_after\"?\s*:\s*(\d{1,7}(?:\.\d{1,6})?)")
_WORDS = re.compile(r"\"(?:message|description|errmsg|error)\"\s*:\s*\"((?:[^\"\\]|\\.){1,200})\"")
#: Of requests and urllib3, of Python's sockets, and of the resolver: nothing was sent yet.
_BEFORE = re.compile(
    r"Failed to establish a new connection|NameResolutionError|Failed to resolve|Connection refused"
    r"|ConnectTimeoutError|connect timeout|CERTIFICATE_VERIFY_FAILED|certificate verify failed"
    r"|Name or service not known|nodename nor servname|getaddrinfo failed|No route to host|Network is unreachable"
)
_NOBODY = "no connection"
_WHY = {"CERTIFICATE": "its certificate can't be trusted", "certificate": "its certificate can't be trusted"}


class What(Enum):
    """How far a message came."""

    SENT = "sent"
    NOT_SENT = "never left"
    REFUSED = "refused"
    TOO_MANY = "too many"
    UNKNOWN = "in doubt"


@dataclass(frozen=True, slots=True)
class Heard:
    """What one try told: whether it went well, its log in order (level, text), seconds it was asked to wait.

    `targets` is how many places it was for, `secrets` the parts of the URL that no text may show.
    """

    delivered: bool
    log: tuple[tuple[str, str], ...]
    pause: float = 0.0
    targets: int = 1
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a message came; `words` are the service's own, or why there are none, `pause` is seconds."""

    what: What
    status: int = 0
    words: str = ""
    pause: float = 0.0


def outcome_of(heard: Heard) -> Outcome:
    """Read the log of one try."""
    if heard.delivered:
        return Outcome(What.SENT)
    warned, broke, answered = _sorted(heard.log)
    statuses = [int(found) for found in _STATUS.findall(warned)]
    status, words = (statuses[-1] if statuses else 0), _words(answered, heard.secrets)
    if heard.targets > 1 or any(text.startswith("Sent ") for _, text in heard.log):
        return Outcome(What.UNKNOWN, status, words)  # some of it may be there
    if status == 429 or heard.pause:
        told = [float(found) for found in _RETRY_AFTER.findall(answered)]
        return Outcome(What.TOO_MANY, 429, words, max([heard.pause, *told]))
    if 400 <= status < 500 and status != 408:
        return Outcome(What.REFUSED, status, words)
    if not status and (mail := _SMTP.search(broke)):  # a mail server's no is one to the whole message
        words = _one_line(re.split(r"['\"]", mail[2])[0], heard.secrets)
        return Outcome(What.REFUSED if mail[1] >= "500" else What.NOT_SENT, int(mail[1]), words)
    if not status and (before := _BEFORE.search(broke)):
        return Outcome(What.NOT_SENT, words=next((why for sign, why in _WHY.items() if sign in before[0]), _NOBODY))
    return Outcome(What.UNKNOWN, status, words)


def _sorted(log: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """What was warned of, what broke, and what was answered, each as one text."""
    kept = [(level, text[:5000]) for level, text in log]
    yield "\n".join(text for level, text in kept if level in {"WARNING", "ERROR"})
    # The address comes before the cause, and may have the message in it.
    yield "\n".join(text.rpartition("(Caused by ")[2] for _, text in kept if _BROKE.match(text))
    yield "\n".join(text for _, text in kept if text.startswith(_ANSWERED))


def _words(answered: str, secrets: tuple[str, ...]) -> str:
    """The service's own words."""
    found = _WORDS.findall(answered)
    return _one_line(found[-1], secrets) if found else ""


def _one_line(words: str, secrets: tuple[str, ...]) -> str:
    """Words on one line and without a secret."""
    for secret in secrets:
        words = words.replace(secret, "…")
    return " ".join("".join(mark if mark.isprintable() else " " for mark in words).split())
