"""The program as a Mastodon server knows it: registered once for each account, for what it uses and no more.

https://docs.joinmastodon.org/methods/apps/ and /methods/oauth/; what servers say of their OAuth: RFC 8414.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from platforms.base import Login
from platforms.errors import AuthFailed, NotSent, PlatformError, RateLimited, Unreachable
from platforms.mastodon_refusals import NoSuchCall
from platforms.mastodon_server import Server

#: All that is done with an account, and what it needs: read its own posts, notifications, followers and profile, look
#: people and posts up, post with pictures and delete, boost, like, follow, endorse.
SCOPES = (
    "read:accounts",
    "read:follows",
    "read:notifications",
    "read:search",
    "read:statuses",
    "write:accounts",
    "write:favourites",
    "write:follows",
    "write:media",
    "write:statuses",
)
#: The same on servers that know no finer ones.
BROAD = ("read", "write", "follow")
#: Versions of Mastodon and its forks, not "0.11.0" (Takahe), "2.7.2 (compatible; Pleroma 2.6)", "4.0.0 (not true; …)".
_MASTODON = re.compile(r"[2-9]\.\d+\.\d+(?:[-+][\w.+-]*)?")
#: Asks the server to show the code instead of sending the browser back with it.
SHOWN = "urn:ietf:wg:oauth:2.0:oob"


@dataclass(frozen=True, slots=True)
class App:
    """The program as one server knows it."""

    server: str
    id: str
    secret: str = field(repr=False)
    redirect: str
    scopes: str


class Dropped(AuthFailed):
    """The server does not know the application (any more)."""


def is_registered(server: Server, said: Mapping[str, Any], app: App) -> bool:
    """Whether the server still knows an application, so far as it says: old ones are dropped at times.

    Else the person would be sent to a page that says so, and to nobody but them.
    """
    form = {"grant_type": "client_credentials", "client_id": app.id, "client_secret": app.secret}
    try:
        token_for(server, said, form | {"redirect_uri": app.redirect, "scope": app.scopes.split()[0]})
    except Dropped:
        return False
    except (AuthFailed, NoSuchCall):
        return True  # it has no such grant
    return True


def token_for(server: Server, said: Mapping[str, Any], form: Mapping[str, str]) -> str:
    """The token that is given for a code. Dropped where the application is unknown, AuthFailed for a bad code."""
    try:
        path = urlsplit(str(said.get("token_endpoint") or "")).path or "/oauth/token"
        token = server.ask("POST", path, form).mapping().get("access_token")
    except (RateLimited, NoSuchCall):
        raise
    except PlatformError as error:
        if type(error) in {Unreachable, NotSent}:
            raise
        if isinstance(error, AuthFailed) or "invalid_client" in error.problem:
            raise Dropped(server.name, error.problem, "start the login again") from error
        remedy = "start the login again and copy the whole code; it is good for one try and a few minutes"
        raise AuthFailed(server.name, f"the code was not taken: {error.problem}", remedy) from error
    if not isinstance(token, str) or not token:
        raise NoSuchCall(server.name, "no usable answer: there is no token in it")
    return token


def register(server: Server, redirect: str, scopes: tuple[str, ...]) -> App:
    """Make the program known to the server."""
    form = {"client_name": "Syndicator", "redirect_uris": redirect, "scopes": " ".join(scopes)}
    made = server.ask("POST", "/api/v1/apps", form).mapping()
    if not made.get("client_id") or not made.get("client_secret"):
        raise NoSuchCall(server.name, "no usable answer: the server registered no application")
    return App(server.address, str(made["client_id"]), str(made["client_secret"]), redirect, " ".join(scopes))


def registered_before(login: Login, address: str, scopes: tuple[str, ...]) -> App | None:
    """The registration of an earlier login, if it is with this server and for the same."""
    try:
        app = App(**json.loads(login.secrets.get("app", "")))
    except (ValueError, TypeError):
        return None
    return app if (app.server, app.scopes) == (address, " ".join(scopes)) else None


def oauth(server: Server) -> Mapping[str, Any]:
    """What the server says of its OAuth (since 4.3); empty where it says nothing."""
    return _told(server, "/.well-known/oauth-authorization-server")


def _told(server: Server, path: str) -> Mapping[str, Any]:
    try:
        return server.ask("GET", path).mapping()
    except RateLimited:
        raise
    except PlatformError as error:
        if type(error) in {Unreachable, NotSent}:
            raise
        return {}


def scopes_of(server: Server, said: Mapping[str, Any]) -> tuple[str, ...]:
    """The fine scopes where the server says that it knows them, or is a Mastodon (they came with 2.4.3)."""
    supported = said.get("scopes_supported")
    if isinstance(supported, list):
        return SCOPES if set(SCOPES) <= set(map(str, supported)) else BROAD
    version = str(_told(server, "/api/v1/instance").get("version") or "")
    return SCOPES if _MASTODON.fullmatch(version) else BROAD


def authorize_at(server: Server, said: Mapping[str, Any]) -> str:
    """Where a person gives leave; a server may do that on another host than its API."""
    where = str(said.get("authorization_endpoint") or "")
    sound = where.startswith(("https://", server.address + "/"))
    return where if sound else f"{server.address}/oauth/authorize"
