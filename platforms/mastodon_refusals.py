"""What it means when a Mastodon server refuses: which error, in which words. Pure.

https://docs.joinmastodon.org/entities/Error/ is what Mastodon says. Pixelfed answers with what Laravel makes of its
errors when JSON is asked for: `message` and `errors` for a form that is not right, and 500 for nearly everything
(its app/Exceptions/Handler.php); others say `detail`, or nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from platforms.errors import AuthFailed, Duplicate, PlatformError, RateLimited, Rejected, Unreachable
from platforms.mastodon_accounts import part, parts, time

#: The ends of addresses where somebody without a valid token is sent to by servers that redirect.
_LOGINS = ("/login", "/sign_in", "/signin")


class Gone(Rejected):
    """The server has no such record, or has it no more."""


class Forbidden(AuthFailed):
    """HTTP 403: a missing scope or a disabled account, but also whatever else a server forbids."""


class NoSuchCall(Unreachable):
    """The answer is not the API's: the server lacks the call, or is no such server at all."""


class Missing(NoSuchCall):
    """HTTP 404 or 410 without a word: there is no such record, or no such call, or no such server."""


def refusal(answer: Any, subject: str, address: str, remedy: str, now: datetime) -> PlatformError:
    """The error that an answer (of `requests`) with an error status stands for. `remedy`: how to get a new token."""
    words = words_of(answer.text)
    status = _meant(answer.status_code, answer.text, words)
    problem = f"the server says: {words or answer.reason} (HTTP {answer.status_code})"
    if status == 429:
        return RateLimited(subject, "the server wants fewer requests", retry_at=rate_limit_end(answer.headers, now))
    if status in {401, 403}:
        return (AuthFailed if status == 401 else Forbidden)(subject, problem, remedy)
    if status == 413 or (status in {400, 422} and (words or answer.request.method == "POST")):
        return Rejected(subject, problem)  # what was sent is not right, whoever says so
    if status in {405, 501} or (not words and status < 500 and status != 408):
        lacking = Missing if status in {404, 410} else NoSuchCall
        return lacking(subject, problem, f"check that {address} is a Mastodon server")
    if status >= 500 or status == 408:
        return Unreachable(subject, problem)
    return (Gone if status in {404, 410} else Rejected)(subject, problem)


def astray(answer: Any, subject: str, remedy: str) -> PlatformError | None:
    """The error that a redirect stands for, not followed or followed to a page for logging in; else None."""
    where = _where(answer.headers.get("Location", "") if answer.is_redirect else answer.url)
    if (answer.is_redirect or answer.history) and where.rstrip("/").endswith(_LOGINS):
        return AuthFailed(subject, "the server asks for a login", remedy)
    if not answer.is_redirect:
        return None
    check = "check that `server` is the address the server itself uses"
    return Unreachable(subject, f"the server leads to {where} (HTTP {answer.status_code})", check)


def _where(address: str) -> str:
    """The server and path of an address, without its query, where secrets may stand."""
    try:
        return printable("".join(urlsplit(address)[1:3]))
    except ValueError:
        return "no address"


def _meant(status: int, text: str, words: str) -> int:
    """The status that a refusal should have had."""
    said = _said(text)
    if status >= 400 and isinstance(said.get("message"), str) and part(said, "errors"):
        return 422
    if status == 500 and words == "Unauthenticated.":
        return 401
    return 404 if status == 500 and words.startswith("No query results for model") else status


def words_of(refusal: str) -> str:
    """What a server's refusal says; empty when it says nothing as an API does."""
    said = _said(refusal)
    words = [said.get(name) for name in ("error", "error_description", "message")]
    words += [listed[0] for listed in part(said, "errors").values() if isinstance(listed, list) and listed]
    words += [said.get("detail"), *(one.get("msg") for one in parts(said, "detail"))]
    return printable(": ".join(dict.fromkeys(word for word in words if isinstance(word, str) and word)))


def as_refusal_of_a_post(error: PlatformError) -> PlatformError:
    """What a server's refusal of a post means, where its words say more than its status."""
    said = error.problem.lower()
    if isinstance(error, Rejected) and "duplicate idempotency" in said:  # Pixelfed, which keeps keys but not for what
        return Duplicate(error.subject, error.problem)
    if isinstance(error, AuthFailed) and "empty statuses" in said:  # Pixelfed, of a post without a picture
        return Rejected(error.subject, error.problem, 'this server wants pictures: set picture = "attach"')
    return error


def printable(said: object) -> str:
    """A server's words on one line, without what could act on a terminal, and not without end."""
    text = "" if said is None else str(said)[:600]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:300]


def rate_limit_end(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When a rate limit ends, by our clock; None when that is not said, or past.

    `X-RateLimit-Reset` is ISO-8601 on Mastodon and seconds since 1970 elsewhere; `Retry-After` is in seconds. Both are
    by the server's clock, which `Date` tells.
    """
    reset, wait = headers.get("X-RateLimit-Reset") or "", headers.get("Retry-After") or ""
    end = None
    if re.fullmatch(r"[0-9]{1,11}", reset):
        end = datetime.fromtimestamp(int(reset), UTC)
    elif reset:
        end = time(reset)
    elif re.fullmatch(r"[0-9]{1,6}", wait):
        return now + timedelta(seconds=int(wait))
    if end is None:
        return None
    end += now - (_http_date(headers.get("Date")) or now)
    return end if end > now else None


def _http_date(said: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(said) if said else None
    except ValueError:
        return None


def _said(text: str) -> Mapping[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
