"""One server that speaks Mastodon's API: its calls, and its errors in our words. What to ask is decided elsewhere.

Acts go through Mastodon.py. Lists are read past it, on its own session: of a Link header it keeps nothing but `max_id`,
while other servers page by `page`, `cursor` or `offset`. Nothing here lets it ask for the server's version: where
/api/v1/instance is missing, it would ask for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from mastodon import Mastodon as Client
from mastodon import MastodonAPIError, MastodonError, MastodonNetworkError, MastodonRatelimitError

from platforms.base import Login
from platforms.errors import (
    AuthFailed,
    PlatformError,
    RateLimited,
    Rejected,
    Unreachable,
    Unsupported,
    new_login,
    silence,
    why,
)
from platforms.mastodon_wire import path_of, printable, rate_limit_end, words_of

#: What the SDK says in place of the words of a server that has no such API.
_NO_API = "Endpoint not found."
#: How many pages with nothing on them are passed over in a list that has more behind them.
EMPTY_PAGES = 5
#: The shortest page that servers give when asked for many: a list as long as this may have been cut.
_FULL_PAGE = 20


class Gone(Rejected):
    """The server has no such record, or has it no more."""


class Forbidden(AuthFailed):
    """HTTP 403: a missing scope or a disabled account, but also whatever else a server forbids."""


class NoSuchCall(Unreachable):
    """The answer is not the API's: the server lacks the call, or is no such server at all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer: its JSON, and where its list goes on, by relation."""

    json: Any
    status: int = 200
    links: Mapping[str, str] = field(default_factory=dict)

    def mapping(self) -> Mapping[str, Any]:
        """The record that was asked for; empty where the answer is none."""
        return self.json if isinstance(self.json, Mapping) else {}

    def rows(self) -> list[Mapping[str, Any]]:
        """The records of a list that have an id; what else is in it is left out."""
        listed = self.json if isinstance(self.json, list) else []
        return [row for row in listed if isinstance(row, Mapping) and row.get("id")]


class Server:
    """The account's server. `anonymous`: the token is neither needed nor sent."""

    def __init__(self, login: Login, client: Client | None = None, *, anonymous: bool = False) -> None:
        self._login = login
        self._anonymous = anonymous
        self._last: Any = None
        self._client = self._listening(client) if client else None

    @property
    def name(self) -> str:
        """The account, as errors name it."""
        return self._login.account

    @property
    def address(self) -> str:
        """The server's URL, without a slash at the end. AuthFailed where none is set."""
        return str(self.client.api_base_url).rstrip("/")

    @property
    def client(self) -> Client:
        """The SDK's client; made when first needed, and without asking the server anything."""
        if self._client is None:
            server = str(self._login.options.get("server") or "")
            if not server:
                remedy = f'add server = "https://…" under [accounts.{self.name}]'
                raise AuthFailed(self.name, "no server is set", remedy)
            made = Client(
                api_base_url=server,
                ratelimit_method="throw",
                version_check_mode="none",
                request_timeout=self._login.timeout,
                user_agent="Syndicator",
            )
            # Set afterwards: the constructor would take a token that happens to be a file's name for that file.
            made.access_token = None if self._anonymous else self._login.secrets.get("token")
            self._client = self._listening(made)
        return self._client

    def call(self, method: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Call a method of the SDK's client, its errors translated."""
        client = self._ready()
        try:
            return method(client, *args, **named)
        except MastodonRatelimitError as error:
            if "Hit rate limit" not in str(error):  # the SDK stumbled over a header, whatever the server did
                raise Unreachable(self.name, f"no usable answer: {error}") from error
            raise self._refused(429, "", "") from error
        except MastodonNetworkError as error:
            raise self._silent(error) from error
        except MastodonAPIError as error:
            # (what happened, HTTP status, its phrase, the server's own words); otherwise an answer that was no JSON
            if len(error.args) != 4:
                raise NoSuchCall(self.name, f"no usable answer: {printable(error)}") from error
            _, status, phrase, words = error.args
            raise self._refused(int(status), "" if words == _NO_API else printable(words), str(phrase)) from error
        except MastodonError as error:
            raise Rejected(self.name, printable(error)) from error
        except (RecursionError, TypeError, ValueError, KeyError, AttributeError) as error:
            # The SDK expects what Mastodon answers; other servers answer otherwise.
            raise NoSuchCall(self.name, f"no usable answer: {printable(error)}") from error

    def ask(self, method: str, path: str, form: Mapping[str, Any] | None = None, files: Any = None) -> Answer:
        """Ask past the SDK; `path` may carry a query. The answer's JSON, whatever it is."""
        client = self._ready()
        headers = {"User-Agent": str(client.user_agent)}
        if client.access_token:
            headers["Authorization"] = f"Bearer {client.access_token}"
        try:
            said = client.session.request(
                method,
                self.address + path,
                data=form,
                files=files,
                headers=headers,
                timeout=client.request_timeout,
                # A redirect would turn a POST into a GET.
                allow_redirects=method == "GET",
                # As the SDK does: else a .netrc would replace the token.
                auth=lambda request: request,
            )
        except (OSError, ValueError) as error:  # what requests raises: all of it is an OSError, bad URLs a ValueError
            raise self._silent(error) from error
        if not said.ok or said.is_redirect:
            raise self._refused(said.status_code, words_of(said.text), said.reason)
        try:
            answer = said.json()
        except (ValueError, RecursionError) as error:
            raise NoSuchCall(self.name, f"no usable answer: {path.partition('?')[0]} gives no JSON") from error
        links = {rel: str(link["url"]) for rel, link in said.links.items() if "url" in link}
        return Answer(answer, said.status_code, links)

    def page(self, path: str, query: Mapping[str, str], onward: str = "next") -> Answer:
        """One page of a list; an empty one that says more is behind it (`onward`) gives the next that is not."""
        where: str | None = f"{path}?{urlencode(query)}"
        for _ in range(EMPTY_PAGES):
            assert where
            answer = self.ask("GET", where)
            if not isinstance(answer.json, list):
                raise NoSuchCall(self.name, f"no usable answer: {path} gives no list")
            where = path_of(answer.links.get(onward))
            if answer.json or not where:
                return answer
        raise Unreachable(self.name, f"{path} gives nothing but empty pages")

    def walk(self, path: str, expected: int | None = None) -> Iterator[Mapping[str, Any]]:
        """A list to its end, by its Link header, each record once. Unreachable where it breaks off or goes in circles.

        `expected` is how many there should be: a server without Link headers gives a first page and says no more.
        """
        answer = self.page(path, {"limit": "80"})
        seen: set[str] = set()
        linked = False
        while True:
            fresh = [row for row in answer.rows() if str(row["id"]) not in seen]
            if answer.json and not fresh:
                raise Unreachable(self.name, f"{path} goes in circles")
            seen.update(str(row["id"]) for row in fresh)
            yield from fresh
            linked = linked or bool(answer.links)
            onward = path_of(answer.links.get("next"))
            if not onward:
                break
            where = urlsplit(onward)
            answer = self.page(where.path, dict(parse_qsl(where.query, keep_blank_values=True)))
        if not linked and _FULL_PAGE <= len(seen) < (expected or 0):
            raise Unreachable(self.name, f"{path} ends after {len(seen)} of {expected}")

    @contextmanager
    def able_to(self, what: str) -> Iterator[None]:
        """Take it that a server which refuses the calls made here lacks them: Unsupported."""
        try:
            yield
        except (NoSuchCall, Rejected) as error:
            raise Unsupported(self.name, f"this server can't {what}: {error.problem}") from error

    def _ready(self) -> Client:
        client = self.client
        if not client.access_token and not self._anonymous:
            raise AuthFailed(self.name, "there is no token", self._new_token())
        return client

    def _listening(self, client: Client) -> Client:
        """The client, its last answer kept: the SDK hides its headers."""

        def remember(answer: Any, *_: Any, **__: Any) -> None:
            self._last = answer

        client.session.hooks["response"].append(remember)
        return client

    def _silent(self, error: Exception) -> PlatformError:
        problem = f"no answer from {self.address}: {why(error) or printable(error)}"
        return silence(self.name, problem, error)

    def _refused(self, status: int, words: str, phrase: str) -> PlatformError:
        problem = f"the server says: {words or phrase} (HTTP {status})"
        if status == 429:
            end = rate_limit_end(self._last.headers if self._last is not None else {}, datetime.now(UTC))
            return RateLimited(self.name, "the server wants fewer requests", retry_at=end)
        if status in {401, 403}:
            return (AuthFailed if status == 401 else Forbidden)(self.name, problem, self._new_token())
        if status == 413:
            return Rejected(self.name, problem)
        if status in {405, 501} or (not words and status < 500 and status != 408):
            return NoSuchCall(self.name, problem, f"check that {self.address} is a Mastodon server")
        if status >= 500 or status == 408:
            return Unreachable(self.name, problem)
        return (Gone if status in {404, 410} else Rejected)(self.name, problem)

    def _new_token(self) -> str:
        made = f"a token with the scopes read and write, made at {self.address}/settings/applications"
        return f"{new_login(self.name, 'token')} to {made}"
