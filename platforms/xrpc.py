"""A session with an AT Protocol server: sign in, keep and renew the session, call methods, translate what goes wrong.

A login is counted by the network (30 in five minutes, 300 a day), so its session is kept between runs and renewed; the
password is used only when there is none or it is refused. What is called, and what for, is left to `bluesky`.

The SDK takes most of a second to load, hence it is imported with the first call: limits and previews do without.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from platforms.base import Json, Login
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
from platforms.xrpc_answers import answered, limit_end

if TYPE_CHECKING:
    from atproto_client import Client, Session

SERVER = "https://bsky.social"
APP_PASSWORDS = "https://bsky.app/settings/app-passwords"

#: What XRPC calls a token that is no good (any more); a server answers these with 400, not 401.
_STALE = frozenset({"ExpiredToken", "InvalidToken"})


class Refused(Rejected):
    """Rejected, with the name XRPC gives the error (`InvalidSwap`, `RecordNotFound` …)."""

    def __init__(self, subject: str, problem: str, name: str) -> None:
        super().__init__(subject, problem)
        self.name = name


class Forbidden(AuthFailed):
    """403: the login is good, as far as that tells, but not for this very call."""


class Xrpc:
    """One account on one server.

    Options `handle` (needed) and `server`, where to log in: the account's own server is taken from there. Secret:
    `token`, an app password. Calls give the answer's JSON object and raise any `PlatformError`, `Refused` for a 4xx.
    """

    def __init__(self, login: Login, client: Client | None) -> None:
        self.subject = login.account
        self.handle = str(login.options.get("handle") or "").removeprefix("@").lower()
        self._server = str(login.options.get("server") or SERVER).rstrip("/")
        self._login = login
        self._given = client

    def query(self, method: str, parameters: Mapping[str, Json]) -> dict[str, Any]:
        """Read: `parameters` go into the URL."""
        from atproto_client.models.dot_dict import DotDict

        return self._call(lambda client: client.invoke_query(method, DotDict(dict(parameters))))

    def procedure(self, method: str, body: Mapping[str, Json]) -> dict[str, Any]:
        """Write: `body` is sent as it is, nulls too (the SDK's models would drop them)."""
        content = json.dumps(body).encode()
        return self._call(
            lambda client: client.invoke_procedure(method, content=content, input_encoding="application/json")
        )

    def upload(self, content: bytes, kind: str) -> dict[str, Any]:
        """Send a file of a MIME type to the account's server."""
        method = "com.atproto.repo.uploadBlob"
        return self._call(lambda client: client.invoke_procedure(method, content=content, input_encoding=kind))

    @property
    def did(self) -> str:
        """The account's lasting id; signs in to learn it."""
        return str(_session(self._client).did)

    @property
    def has_all_rights(self) -> bool:
        """Whether the session came of the account's own password, which may do more than an app password may."""
        return bool(_session(self._client).access_jwt_payload.scope == "com.atproto.access")

    def _call(self, send: Callable[[Client], Any]) -> dict[str, Any]:
        client = self._client
        try:
            content = self._sent(client, send)
        except _sdk_errors() as error:
            raise self._translated(error) from error
        if not isinstance(content, dict):
            raise Unreachable(self.subject, f"{self._server} answers, but not like a Bluesky server")
        return content

    def _sent(self, client: Client, send: Callable[[Client], Any]) -> object:
        """Send, and again where the session was not good any more: another process has renewed it, or this one does."""
        while True:
            try:
                return send(client).content
            except _sdk_errors() as error:
                if not _stale(error):
                    raise
            if not self._adopt(client):
                break
        self._renew(client)
        return send(client).content

    @cached_property
    def _client(self) -> Client:
        """The SDK's client, signed in: by the session of an earlier run, else by the app password."""
        from atproto_client import Client

        from platforms.xrpc_transport import Transport

        if not self.handle:
            raise AuthFailed(self.subject, "no handle is set", f"set handle in [accounts.{self.subject}]")
        if not self._login.secrets.get("token"):
            raise AuthFailed(self.subject, "no app password is set", self._remedy)
        client = self._given or Client(self._server, request=Transport(timeout=self._login.timeout))
        if session := self._recall():
            client.login(session_string=session, fetch_bsky_profile=False)
        client.on_session_change(lambda _event, changed: self._login.keep(self._owner + changed.encode()))
        if not session:
            self._log_in(client)
        return client

    def _log_in(self, client: Client) -> None:
        client.update_base_url(self._server)  # an old session may have led to a server the account has left
        try:
            # The profile is a matter of the AppView, and a bare PDS refuses to say.
            client.login(self.handle, self._login.secrets["token"], fetch_bsky_profile=False)
        except _sdk_errors() as error:
            trouble = self._translated(error)
            if isinstance(trouble, Rejected):
                trouble = AuthFailed(self.subject, trouble.problem, self._remedy)
            raise trouble from error

    def _adopt(self, client: Client) -> bool:
        """Take over the session that another process of this account has renewed meanwhile, if one did."""
        kept = self._recall()
        if not kept or kept == client.export_session_string():
            return False
        client.login(session_string=kept, fetch_bsky_profile=False)
        return True

    def _renew(self, client: Client) -> None:
        """Trade the refresh token for a new session; log in only when it is refused, for whatever reason."""
        session = _session(client)
        try:
            renewed = client.com.atproto.server.refresh_session(
                headers={"Authorization": f"Bearer {session.refresh_jwt}"}, ignore_session_check=True
            )
        except _sdk_errors() as error:
            status, _, _ = answered(error)
            if status == 429 or not 400 <= status < 500:
                raise
            if not self._adopt(client):  # the same token may just have been traded elsewhere
                self._log_in(client)
        else:
            session.access_jwt, session.refresh_jwt = renewed.access_jwt, renewed.refresh_jwt
            client.login(session_string=session.encode(), fetch_bsky_profile=False)

    def _recall(self) -> str:
        """Give the session kept for this very handle, server and password, if it can be read: they may have changed."""
        kept = self._login.recall() or ""
        session = kept.removeprefix(self._owner)
        return session if session != kept and _readable(session) else ""

    @cached_property
    def _owner(self) -> str:
        """What a kept session begins with: whose it is, without telling the password."""
        password = self._login.secrets["token"].encode()
        mark = hashlib.scrypt(password, salt=b"bluesky session", n=2**12, r=8, p=1, dklen=8).hex()
        return f"{self._server} {self.handle} {mark} "

    @property
    def _remedy(self) -> str:
        return f"make an app password at {APP_PASSWORDS}, then {new_login(self.subject, 'token')}"

    def _translated(self, error: Exception) -> PlatformError:
        status, name, message = answered(error)
        if not status:
            problem = f"no usable answer from {self._server} ({why(error) or type(error).__name__})"
            return silence(self.subject, problem, error)
        problem = f"{self._server} says {status}" + "".join(f" {part}" for part in (name, message) if part)
        problem = problem.replace(self._login.secrets["token"], "…")
        if status == 429:
            return RateLimited(self.subject, problem, retry_at=limit_end(error))
        if status in {401, 403} or name in _STALE:
            return (Forbidden if status == 403 else AuthFailed)(self.subject, problem, self._remedy)
        if status in {404, 501}:
            return Unsupported(self.subject, problem, f"check server in [accounts.{self.subject}]")
        if status >= 500 or status == 408:
            return Unreachable(self.subject, problem)
        return Refused(self.subject, problem, name)


def _session(client: Client) -> Session:
    from atproto_client import Session

    return Session.decode(client.export_session_string())


def _sdk_errors() -> tuple[type[Exception], ...]:
    """What a call may raise: the SDK lets some of httpx's errors through, and ValueError for a body that is no JSON."""
    from atproto_core.exceptions import AtProtocolError
    from httpx import HTTPError, InvalidURL

    return AtProtocolError, HTTPError, InvalidURL, ValueError


def _readable(session: str) -> bool:
    from atproto_client import Session
    from atproto_server.exceptions import InvalidTokenError

    try:
        return Session.decode(session).access_jwt_payload.exp is not None
    except (ValueError, InvalidTokenError):
        return False


def _stale(error: Exception) -> bool:
    """Tell whether the server refused the token rather than the call."""
    status, name, _ = answered(error)
    return status == 401 or name in _STALE
