"""X: posts through API v2 with OAuth 1.0a keys of one's own. Every call costs money, so nothing is asked twice.

X knows no idempotency key: whether a post went out is read from one's own timeline, by its text, where X has put t.co
addresses in the place of links. tweepy brings neither a timeout nor a way to another server; both are in `_Wire`.

Left to others: what the text says and how long it is, the monthly budget, and the link card, which X makes itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
import tweepy
from requests.adapters import HTTPAdapter

from platforms.base import Draft, Json, Limits, Login, Page, PostRef, Request
from platforms.errors import AuthFailed, Duplicate, PlatformError, RateLimited, Rejected, Unreachable, Unsupported
from platforms.x_wire import interactions, ref, says

SERVER = "https://api.x.com"
SECRETS = ("api_key", "api_secret", "access_token", "access_secret")

#: A post may seem older than its request by this much: clocks differ, and X rounds to the second.
_SKEW = timedelta(minutes=15)
#: Posts read at once, and how often, until a search for one gives up ($0.001 each, the wanted one is mostly the first).
_PAGE, _PAGES = 10, 10
#: Problems that lie with the app or its keys, not with the post (last part of the problem's `type`).
_APP_PROBLEMS = frozenset({"oauth1-permissions", "client-forbidden", "unsupported-authentication"})


class X:
    """Publisher and Reporter for one X account.

    Option: `server`, an API other than X's (a proxy, a test). Secrets: `api_key`, `api_secret`, `access_token`,
    `access_secret`. `client` is a `tweepy.Client` with `return_type=dict` to use instead of a new one.
    """

    credential = ("api_key", "api_secret", "access_token", "access_secret")
    limits = Limits(
        length=280,
        count="x",
        url_length=23,
        card="server",
        price_usd=0.015,
        price_with_url_usd=0.20,
        source="https://docs.x.com/x-api/getting-started/pricing",
        read_on="2026-11-22",
    )

    def __init__(self, login: Login, client: tweepy.Client | None = None) -> None:
        self._api = _Api(login, client)

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        """Payload `{"text"}`, and `visibility` where X cannot give it."""
        payload: dict[str, Json] = {"text": draft.text}
        if draft.visibility in {"private", "direct"}:
            payload["visibility"] = draft.visibility
        return Request(key, payload, now)

    def publish(self, request: Request) -> PostRef:
        """Send it. X refuses a text it has from this account already: `Duplicate`, without saying where it is."""
        if "visibility" in request.payload:
            raise Unsupported(self._api.subject, "posts on X are public, and this one must not be")
        answer = self._api.call(lambda client: client.create_tweet(text=request.payload["text"], user_auth=True))
        post = answer.get("data")
        if not isinstance(post, dict) or not post.get("id"):
            raise Unreachable(self._api.subject, "X took the post but gave no id")
        return ref(post)

    def find(self, request: Request) -> PostRef | None:
        """Look through the account's posts since the request was made, newest first, for its text.

        Raises `Unsupported` when there are too many to read them all.
        """
        text = str(request.payload["text"])
        token: str | None = None
        for _ in range(_PAGES):
            page = self._timeline(request.created - _SKEW, token)
            for post in page.get("data") or ():
                if says(post, text):
                    return ref(post)
            token = (page.get("meta") or {}).get("next_token")
            if not token:
                return None
        raise Unsupported(self._api.subject, f"it is not among the newest {_PAGE * _PAGES} posts, and reading on costs")

    def delete(self, ref: PostRef) -> None:
        """Delete the post; one that is gone is no error."""
        if not ref.id.isdecimal():
            raise Rejected(self._api.subject, f"{ref.id} is not the id of a post on X")
        try:
            self._api.call(lambda client: client.delete_tweet(ref.id, user_auth=True))
        except Rejected as refusal:
            if not isinstance(refusal.__cause__, tweepy.NotFound):
                raise

    def interactions(self, cursor: str | None) -> Page:
        """Read the next mentions, replies and quotes after `cursor`, a page of at most 100 ($0.001 each).

        Without a cursor only the newest page is read: what lies further back costs more than it tells.
        """
        # Pages go back in time: the newest id seen becomes `since` once the last page is read.
        since, newest, token = json.loads(cursor) if cursor else (None, None, None)
        answer = self._api.call(
            lambda client: client.get_users_mentions(
                self._api.user_id,
                since_id=since,
                max_results=100,
                expansions=["author_id"],
                tweet_fields=["created_at", "entities", "in_reply_to_user_id", "referenced_tweets"],
                pagination_token=token,
                user_auth=True,
            )
        )
        meta = answer.get("meta") or {}
        newest = newest or meta.get("newest_id") or since
        token = meta.get("next_token") if since else None
        following = [since, newest, token] if token else [newest, None, None]
        return Page(tuple(interactions(answer, self._api.user_id)), json.dumps(following), more=bool(token))

    def _timeline(self, since: datetime, token: str | None) -> dict[str, Any]:
        return self._api.call(
            lambda client: client.get_users_tweets(
                self._api.user_id,
                start_time=since,
                exclude=["retweets"],
                max_results=_PAGE,
                tweet_fields=["created_at", "entities"],
                pagination_token=token,
                user_auth=True,
            )
        )


class _Api:
    """The account's access to X: makes the client, and translates what goes wrong."""

    def __init__(self, login: Login, client: tweepy.Client | None) -> None:
        self.subject = login.account
        self._login = login
        self._given = client

    def call(self, send: Callable[[tweepy.Client], Any]) -> dict[str, Any]:
        """Make one call; gives the answer's JSON object. Raises any `PlatformError`."""
        client = self._client
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
    def user_id(self) -> str:
        """The account's id. X puts it before the dash of an access token; only if it's not there is it asked for."""
        written, dash, _ = self._login.secrets.get("access_token", "").partition("-")
        if dash and written.isdecimal():
            return written
        me = self.call(lambda client: client.get_me(user_auth=True)).get("data") or {}
        return str(me.get("id", ""))

    @cached_property
    def _client(self) -> tweepy.Client:
        missing = [name for name in SECRETS if not self._login.secrets.get(name)]
        if missing:
            raise AuthFailed(
                self.subject, "no " + ", ".join(missing).replace("_", " ") + " is set", self._remedy(missing)
            )
        if self._given:
            return self._given
        key, secret, token, token_secret = (self._login.secrets[name] for name in SECRETS)
        client = tweepy.Client(None, key, secret, token, token_secret, return_type=dict, wait_on_rate_limit=False)
        client.session.mount("https://", _Wire(self._login.timeout, str(self._login.options.get("server") or SERVER)))
        return client

    def _remedy(self, names: tuple[str, ...] | list[str] = SECRETS) -> str:
        prefix = "SYNDICATOR_" + re.sub(r"[^A-Za-z0-9]", "_", self.subject).upper()
        return "set " + ", ".join(f"{prefix}_{name.upper()}" for name in names) + " from X's developer console"

    def _translated(self, error: Exception) -> PlatformError:
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
            return AuthFailed(self.subject, problem, f"give the app read and write permission, then {self._remedy()}")
        if status >= 500 or status == 408:
            return Unreachable(self.subject, problem)
        return Rejected(self.subject, problem)

    def _no_answer(self, error: Exception) -> Unreachable:
        return Unreachable(self.subject, f"no usable answer from X ({type(error).__name__})")

    def _words(self, error: tweepy.HTTPException) -> str:
        words = " ".join(" ".join(map(str, error.api_messages)).split())[:300] or str(error.response.reason)
        for secret in filter(None, self._login.secrets.values()):
            words = words.replace(secret, "…")
        return words


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


class _Wire(HTTPAdapter):
    """Gives every request a timeout, and takes it to another server where one is set.

    It stays signed for X's own host, which goes along as `Host`, as through a proxy.
    """

    def __init__(self, timeout: float, server: str) -> None:
        self._timeout = timeout
        self._server = "" if server.rstrip("/") == SERVER else server
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send, as `HTTPAdapter.send` does."""
        if self._server:
            signed, server = urlsplit(str(request.url)), urlsplit(self._server)
            request.headers["Host"] = signed.netloc
            path = server.path.rstrip("/") + signed.path
            request.url = urlunsplit((server.scheme, server.netloc, path, signed.query, ""))
            options["proxies"] = {}
        return super().send(request, *args, **{**options, "timeout": self._timeout})
