"""The way to X: the SDK's client, what each call costs, and what goes wrong in our words.

tweepy brings neither a timeout nor a way to another server, and waits for as long as X says; `x_transport` and `Api`
bring them. X charges for what it carried out: a call that it refused costs nothing, one whose answer was lost counts
in full. The SDK takes a fifth of a second to load, hence it is imported with the first call.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from platforms.base import Login, Purpose
from platforms.errors import (
    AuthFailed,
    Duplicate,
    NotSent,
    PlatformError,
    RateLimited,
    Rejected,
    Unreachable,
    new_login,
    silence,
    why,
)

if TYPE_CHECKING:
    import tweepy

SERVER = "https://api.x.com"
WHERE = "copy the keys and tokens of an app with read and write permission from https://console.x.com"
SECRETS = ("api_key", "api_secret", "access_token", "access_secret")

#: A limit that ends within so many seconds is waited for, once in a call; a longer one is left to the next run.
PATIENCE = 15.0
#: Problems that lie with the app or its keys, not with the post (last part of the problem's `type`).
_APP_PROBLEMS = frozenset({"oauth1-permissions", "client-forbidden", "unsupported-authentication"})

Answer: TypeAlias = dict[str, Any]
Send: TypeAlias = "Callable[[tweepy.Client], Any]"
Settle: TypeAlias = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Charge:
    """What a call can cost at the most, in US dollars; see `platforms.base.Meter.reserve`."""

    what: Purpose
    most: float
    key: str
    ordered: bool = False


class Api:
    """The account's access to X. `client` is used instead of a new one, `sleep` instead of the clock's."""

    def __init__(
        self, login: Login, client: tweepy.Client | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.subject = login.account
        self._login = login
        self._given = client
        server = str(login.options.get("server") or SERVER)
        self._server = "" if server.rstrip("/") == SERVER else server
        self._sleep = sleep

    def read(self, send: Send, charge: Charge, cost: Callable[[Answer], float]) -> Answer:
        """Make one call that reads; gives the answer's JSON object. Raises any `PlatformError`.

        It costs `cost` of the answer when that is known, and nothing when X says that something went wrong: it charges
        for what it gave. An answer with neither data nor the word that there is none is no answer, for who took it for
        one would miss something for good.
        """
        answer, settle = self.call(send, charge, free=lambda error: _is_free(error) or _has_status(error))
        settle(cost(answer))
        if not answer.get("data") and (answer.get("errors") or not isinstance(answer.get("meta"), dict)):
            why = self._said(_problems(answer)) or "it does not say why"
            raise Unreachable(self.subject, f"X answers without data: {why}")
        return answer

    def call(
        self, send: Send, charge: Charge, free: Callable[[PlatformError], bool] = lambda error: _is_free(error)
    ) -> tuple[Answer, Settle]:
        """Make one call; gives the answer and a function to tell what it did cost.

        `free` tells which errors mean that X surely charged nothing. After any other the charge stays booked until the
        call is made again, or `release` says that nothing came of it.
        """
        client = self._client
        settle = self._login.meter.reserve(charge.what, charge.most, charge.key, ordered=charge.ordered)
        try:
            answer = self._patiently(client, send)
        except PlatformError as error:
            if free(error):
                settle(0.0)
            raise
        return answer, settle

    def release(self, key: str) -> None:
        """Nothing came of the call that was charged under this key, so X charged nothing."""
        self._login.meter.release(key)

    @property
    def owner(self) -> str:
        """The id of the account, as X puts it before the dash of an access token; "" if it is not there."""
        written, dash, _ = self._login.secrets.get("access_token", "").partition("-")
        return written if dash and written.isdecimal() else ""

    def _patiently(self, client: tweepy.Client, send: Send) -> Answer:
        try:
            return self._once(client, send)
        except RateLimited as limit:
            wait = (limit.retry_at - datetime.now(UTC)).total_seconds() + 1 if limit.retry_at else PATIENCE + 1
            if wait > PATIENCE:
                raise
        self._sleep(max(wait, 0.0))
        return self._once(client, send)

    def _once(self, client: tweepy.Client, send: Send) -> Answer:
        import requests
        import tweepy

        try:
            answer = send(client)
        except (tweepy.TweepyException, requests.RequestException) as error:
            raise self._translated(error) from error
        except (AttributeError, TypeError, ValueError) as error:  # tweepy trusts that any answer looks like X's
            raise self._no_answer(error) from error
        if not isinstance(answer, dict):
            raise Unreachable(self.subject, "the server answers, but not like X")
        return answer

    @cached_property
    def _client(self) -> tweepy.Client:
        missing = [name for name in SECRETS if not self._login.secrets.get(name)]
        if missing:
            raise AuthFailed(
                self.subject, "no " + ", ".join(missing).replace("_", " ") + " is set", self._remedy(missing)
            )
        if self._given:
            return self._given
        import tweepy

        from platforms.x_transport import Wire

        key, secret, token, token_secret = (self._login.secrets[name] for name in SECRETS)
        client = tweepy.Client(None, key, secret, token, token_secret, return_type=dict, wait_on_rate_limit=False)
        client.session.mount("https://", Wire(self._login.timeout, self._server))
        return client

    def _remedy(self, names: Sequence[str] = SECRETS) -> str:
        return f"{WHERE}, then {new_login(self.subject, *names)}"

    def _translated(self, error: Exception) -> PlatformError:
        import tweepy

        if not isinstance(error, tweepy.HTTPException):
            return self._no_answer(error)
        status, words = error.response.status_code, self._words(error)
        problem = f"X says {status} {words}"
        if status == 429:
            return RateLimited(self.subject, problem, retry_at=_moment(getattr(error, "reset_time", None)))
        if status == 402:
            tomorrow = datetime.now(UTC) + timedelta(days=1)
            return RateLimited(self.subject, problem, "add credit in X's developer console", retry_at=tomorrow)
        if status == 403 and "duplicate content" in words.lower():
            return Duplicate(self.subject, problem)
        if status == 401 or _is_about_the_app(error):
            return AuthFailed(self.subject, problem, self._remedy())
        if status >= 500 or status == 408:
            return Unreachable(self.subject, problem)
        return Rejected(self.subject, problem)

    def _no_answer(self, error: Exception) -> Unreachable:
        problem = f"no usable answer from X ({why(error) or type(error).__name__})"
        return silence(self.subject, problem, error)

    def _words(self, error: tweepy.HTTPException) -> str:
        return self._said(error.api_messages) or str(error.response.reason)

    def _said(self, messages: Iterable[object]) -> str:
        """X's words on one line, bounded, and without what must stay secret."""
        words = " ".join(" ".join(map(str, messages)).split())[:300]
        for secret in filter(None, self._login.secrets.values()):
            words = words.replace(secret, "…")
        return words


def tells_of_none(error: PlatformError) -> bool:
    """Whether X says that there is no such post, or none any more."""
    import tweepy

    return isinstance(error.__cause__, tweepy.NotFound)


def _is_free(error: PlatformError) -> bool:
    """Whether X surely charged nothing: it refused the call, or never heard of it.

    A duplicate was paid for when it was first sent, and who sent it may not have lived to count it.
    """
    if isinstance(error, Duplicate):
        return False
    return isinstance(error, NotSent) or not isinstance(error, Unreachable)


def _has_status(error: PlatformError) -> bool:
    """Whether X answered, with a status of 400 or more."""
    import tweepy

    return isinstance(error.__cause__, tweepy.HTTPException)


def _problems(answer: Answer) -> list[str]:
    """What an answer says in the place of data."""
    errors = answer.get("errors")
    told = [each for each in (errors if isinstance(errors, list) else ()) if isinstance(each, dict)]
    return [str(each.get("detail") or each.get("title") or "") for each in told]


def _is_about_the_app(error: tweepy.HTTPException) -> bool:
    try:
        kind = str(error.response.json().get("type", ""))
    except (ValueError, AttributeError):
        return False
    return error.response.status_code == 403 and kind.rpartition("/")[2] in _APP_PROBLEMS


def _moment(epoch: int | None) -> datetime | None:
    try:
        return None if epoch is None else datetime.fromtimestamp(epoch, UTC)
    except (ValueError, OverflowError, OSError):
        return None
