"""Plain HTTP for adapters whose network has no SDK: one request, one answer, errors in our vocabulary.

Time and size are bounded, redirects are told and not followed, and no error's text has an address's query in it, where
some networks want their token. What is asked, and what an answer means, is the adapter's business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3

from platforms.deadline import Watch, pool
from platforms.errors import AuthFailed, PlatformError, RateLimited, Rejected, Unreachable, Unsupported, silence, why

LARGEST = 5_000_000  # bytes of one answer
LONGEST_PAUSE = timedelta(days=30)  # what a server may ask for; more is a mistake
_WORDS = 300  # characters of a server's own words in an error


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. Names of `headers` are lower-case; `url` is the address that was asked."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str

    @property
    def json(self) -> Any:
        """The document in it; None when it is no JSON."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None

    @property
    def location(self) -> str:
        """The absolute http(s) address that the answer leads to, or tells of; empty when it names none."""
        try:
            address = urljoin(self.url, self.headers.get("location", "")) if self.headers.get("location") else ""
            return address if urlsplit(address).scheme in {"http", "https"} and urlsplit(address).hostname else ""
        except ValueError:
            return ""


class Web:
    """Asks servers for one account. `timeout` is seconds for a whole answer; `secret` is kept out of every error."""

    def __init__(self, account: str, timeout: float, secret: str = "") -> None:
        self._account = account
        self._timeout = timeout
        self._secret = secret

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        return pool(self._timeout)

    def ask(self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Answer:
        """Send one request. Unreachable when no whole answer came: it may have been carried out all the same."""
        # Packed answers are not asked for and not unpacked: these are small, and a bomb is not.
        said = {"User-Agent": "Syndicator", "Accept-Encoding": "identity", **(headers or {})}
        watch = Watch(self._timeout)
        try:
            with watch:
                response = self._pool.request(
                    method, url, headers=said, body=body, redirect=False, preload_content=False, decode_content=False
                )
                try:
                    content = self._read(response)
                finally:
                    response.close()
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            # Not the error's own words: some name the whole address.
            reason = watch.told or _reason(error)
            raise silence(self._account, f"no answer from {host_of(url)} ({reason})", error) from None
        return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, content, url)

    def _read(self, response: urllib3.BaseHTTPResponse) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := response.read1(65_536):
            parts.append(part)
            size += len(part)
            if size > LARGEST:
                raise ValueError(f"more than {LARGEST // 1_000_000} MB")
        return b"".join(parts)

    def refusal(self, answer: Answer, remedy: str, now: datetime | None = None) -> PlatformError:
        """The error that an answer other than success stands for. `remedy` is how to get another credential."""
        words = self._words(answer)
        problem = f"{host_of(answer.url)} says {answer.status}" + (f": {words}" if words else "")
        match answer.status:
            case 401 | 403:
                return AuthFailed(self._account, problem, remedy)
            case 429:
                return RateLimited(self._account, problem, retry_at=_retry_at(answer, now or datetime.now(UTC)))
            case 404 | 405 | 410 | 501:
                return Unsupported(self._account, problem, f"check the address in [accounts.{self._account}]")
            case 408:
                return Unreachable(self._account, problem)
            case status if status >= 500:
                return Unreachable(self._account, problem)
            case status if status < 400:
                return Unreachable(self._account, f"{problem}, which is no usable answer")
        return Rejected(self._account, problem)

    def _words(self, answer: Answer) -> str:
        """A server's own words of what is wrong, on one line, without our secret in them."""
        said = answer.json if isinstance(answer.json, Mapping) else {}
        words = [
            str(said[name]) for name in ("error", "error_description", "message") if isinstance(said.get(name), str)
        ]
        text = ": ".join(dict.fromkeys(words))
        if self._secret:
            text = text.replace(self._secret, "…")
        return " ".join(re.sub(r"[^\x20-\x7e\xa0-\U0010ffff]", " ", text[: 10 * _WORDS]).split())[:_WORDS]


def host_of(url: str) -> str:
    """The server in an address, which may be named in an error."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2] or "the server"
    except ValueError:
        return "the server"


def _reason(error: Exception) -> str:
    """What went wrong, in words that name no address."""
    if isinstance(error, TimeoutError) and str(error):
        return str(error)
    return why(error) or type(error).__name__


def _retry_at(answer: Answer, now: datetime) -> datetime | None:
    """When `Retry-After` says to come back: seconds, or a date. None when it says nothing that can be meant."""
    said = answer.headers.get("retry-after", "").strip()
    try:
        at = now + timedelta(seconds=int(said)) if said.isdecimal() else parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at if timedelta() < at - now < LONGEST_PAUSE else None
