"""One server that speaks Mastodon's API: its calls, and its errors in our words. What to ask is decided elsewhere.

Acts go through Mastodon.py. Lists are read past it, on its own session: of a Link header it keeps nothing but `max_id`,
while other servers page by `page`, `cursor` or `offset`. Nothing here lets it ask for the server's version: where
/api/v1/instance is missing, it would ask for ever.

The SDK takes a quarter of a second to load, hence it is imported with the first call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from platforms import mastodon_instance
from platforms.base import Login
from platforms.errors import (
    AuthFailed,
    PlatformError,
    Rejected,
    Unreachable,
    Unsupported,
    new_login,
    silence,
    why,
)
from platforms.mastodon_refusals import NoSuchCall, astray, printable, refusal
from platforms.mastodon_wire import onward_of, path_of

if TYPE_CHECKING:
    from mastodon import Mastodon as Client

#: How many pages with nothing on them are passed over in a list that has more behind them.
EMPTY_PAGES = 5
#: The shortest page that servers give when asked for many: a list as long as this may have been cut.
_FULL_PAGE = 20


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
        self._home: str | None = None
        self._client = self._listening(client) if client else None

    @property
    def name(self) -> str:
        """The account, as errors name it."""
        return self._login.account

    @property
    def address(self) -> str:
        """The server's URL, without a slash at the end. AuthFailed where none is set."""
        return str(self.client.api_base_url).rstrip("/")

    def home(self) -> str:
        """The domain in the handles of the server's own accounts; empty where it doesn't say."""
        if self._home is None:
            self._home = mastodon_instance.home(self, self._login)
        return self._home

    @property
    def client(self) -> Client:
        """The SDK's client; made when first needed, and without asking the server anything."""
        if self._client is None:
            server = str(self._login.options.get("server") or "")
            if not server:
                remedy = f'add server = "https://…" under [accounts.{self.name}]'
                raise AuthFailed(self.name, "no server is set", remedy)
            from mastodon import Mastodon

            from platforms.mastodon_session import Session

            made = Mastodon(
                api_base_url=server,
                ratelimit_method="throw",
                version_check_mode="none",
                request_timeout=self._login.timeout,
                user_agent="Syndicator",
                session=Session(),
            )
            # Set afterwards: the constructor would take a token that happens to be a file's name for that file.
            made.access_token = None if self._anonymous else self._login.secrets.get("token")
            self._client = self._listening(made)
        return self._client

    def call(self, method: str, *args: Any, **named: Any) -> Any:
        """Call the method of this name of the SDK's client, its errors translated."""
        client = self._ready()
        from mastodon import MastodonError, MastodonNetworkError, MastodonRatelimitError

        really = getattr(client, method)
        self._last = None
        try:
            said = really(*args, **named)
        except MastodonNetworkError as error:
            raise self._silent(error) from error
        except MastodonRatelimitError as error:
            if self._last is not None and self._last.status_code == 429:
                raise self._refused() from error
            # The SDK stumbled over a header, whatever the server did.
            raise Unreachable(self.name, f"no usable answer: {error}") from error
        except (MastodonError, RecursionError, TypeError, ValueError, KeyError, AttributeError) as error:
            raise self._odd(error) from error
        if self._last is not None and (led := astray(self._last, self.name, self._new_token())):
            raise led
        return said

    def _odd(self, error: Exception) -> PlatformError:
        """What it means when the SDK, which expects what Mastodon answers, can't do with an answer."""
        from mastodon import MastodonError

        if self._last is None:  # it asked nothing
            return (Rejected if isinstance(error, MastodonError) else NoSuchCall)(self.name, printable(error))
        if not self._last.ok:
            return self._refused()
        led = astray(self._last, self.name, self._new_token())
        return led or NoSuchCall(self.name, f"no usable answer: {printable(error)}")

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
                # As the SDK does: else a .netrc would replace the token.
                auth=lambda request: request,
            )
        except (OSError, ValueError) as error:  # what requests raises: all of it is an OSError, bad URLs a ValueError
            raise self._silent(error) from error
        if led := astray(said, self.name, self._new_token()):
            raise led
        if not said.ok:
            raise self._refused()
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

    def walk(self, path: str, expected: Callable[[], int | None]) -> Iterator[Mapping[str, Any]]:
        """A list to its end, by its Link header, each record once. Unreachable where it breaks off or goes in circles.

        `expected` tells how many there should be, asked where the list may have been cut: a server without Link
        headers gives a first page and says no more.
        """
        answer = self.page(path, {"limit": "80"})
        seen: set[str] = set()
        onward, linked = onward_of(answer.links), False
        while True:
            fresh = [row for row in answer.rows() if str(row["id"]) not in seen]
            if answer.json and not fresh:
                raise Unreachable(self.name, f"{path} goes in circles")
            seen.update(str(row["id"]) for row in fresh)
            yield from fresh
            linked = linked or bool(answer.links)
            if not (on := path_of(answer.links.get(onward))):
                break
            where = urlsplit(on)
            answer = self.page(where.path, dict(parse_qsl(where.query, keep_blank_values=True)), onward)
        total = expected() if len(seen) >= _FULL_PAGE else None
        # Servers that link their pages know where the end is, if not how many there are to the last one.
        missing = max(_FULL_PAGE, (total or 0) // 10) if linked else 0
        if total is not None and total - len(seen) > missing:
            raise Unreachable(self.name, f"{path} ends after {len(seen)} of {total}")

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

    def _refused(self) -> PlatformError:
        return refusal(self._last, self.name, self.address, self._new_token(), datetime.now(UTC))

    def _new_token(self) -> str:
        made = f"a token with the scopes read and write, made at {self.address}/settings/applications"
        return f"{new_login(self.name, 'token')} to {made}"
