"""Getting a token for a Mastodon account: OAuth in the browser, or with a code to paste where there is no browser.

https://docs.joinmastodon.org/spec/oauth/ — the program registers itself once with each server and account, asks for no
more than it uses, and proves with PKCE, where the server has it, that who asked is who gets the token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from platforms.abilities import Asker
from platforms.base import Login
from platforms.errors import AuthFailed, PlatformError, RateLimited, Unreachable
from platforms.mastodon_browser import Listener
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
#: Asks the server to show the code instead of sending the browser back with it.
SHOWN = "urn:ietf:wg:oauth:2.0:oob"
#: Seconds that a person has to answer in the browser.
PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class App:
    """The program as one server knows it."""

    server: str
    id: str
    secret: str = field(repr=False)
    redirect: str
    scopes: str


def enroll(login: Login, ask: Asker, *, browser: bool | None = None) -> Mapping[str, str]:
    """A token, and the registration it came by. AuthFailed where the person said no or the code was no good.

    `browser`: whether there is one on this machine; found out where not said.
    """
    server = Server(login, anonymous=True)
    said = _oauth(server)
    scopes = _scopes(server, said)
    known = _known(login, server.address, scopes)
    here = _browser_here() if browser is None else browser
    listener = Listener.open(urlsplit(known.redirect).port if known else None) if here else None
    if listener is None:
        app = known if known and known.redirect == SHOWN else _register(server, SHOWN, scopes)
        return _finish(server, said, app, ask, None)
    with closing(listener):
        app = known if known and known.redirect == listener.url else _register(server, listener.url, scopes)
        return _finish(server, said, app, ask, listener)


def _finish(
    server: Server, said: Mapping[str, Any], app: App, ask: Asker, listener: Listener | None
) -> Mapping[str, str]:
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    proof = "S256" in (said.get("code_challenge_methods_supported") or ())
    query = {"response_type": "code", "client_id": app.id, "redirect_uri": app.redirect, "scope": app.scopes}
    query["state"] = state
    if proof:
        digest = hashlib.sha256(verifier.encode()).digest()
        query |= {
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
    address = f"{_authorize(server, said)}?{urlencode(query)}"
    code = _sent_back(server, ask, address, listener, state) if listener else _pasted(server, ask, address)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": app.redirect, "scope": app.scopes}
    form |= {"client_id": app.id, "client_secret": app.secret} | ({"code_verifier": verifier} if proof else {})
    return {"token": _token(server, said, form), "app": json.dumps(asdict(app))}


def _sent_back(server: Server, ask: Asker, address: str, listener: Listener, state: str) -> str:
    """The code, as the browser brings it back."""
    ask.say(f"Allow Syndicator at {server.address}, in the browser; it waits {PATIENCE / 60:.0f} minutes.")
    ask.browse(address)
    end = time.monotonic() + PATIENCE
    while (left := end - time.monotonic()) > 0:
        answer = listener.next(left)
        if hmac.compare_digest(answer.get("state", "").encode(), state.encode()):
            return _code(server, answer)
    raise AuthFailed(server.name, "nothing came back from the browser", "start the login again")


def _pasted(server: Server, ask: Asker, address: str) -> str:
    """The code that the server shows; or the address it stands in, should somebody copy that."""
    ask.say(f"Open this page in any browser, allow Syndicator at {server.address}, and copy the code you are shown.")
    ask.browse(address)
    given = ask.text("Code").strip()
    if given.startswith(("https://", "http://")):
        return _code(server, {name: values[0] for name, values in parse_qs(urlsplit(given).query).items()})
    return _code(server, {"code": given})


def _code(server: Server, answer: Mapping[str, str]) -> str:
    if answer.get("error"):
        problem = "leave was denied" if answer["error"] == "access_denied" else "the server gave no leave"
        raise AuthFailed(server.name, problem, "start the login again and allow it")
    if not answer.get("code"):
        raise AuthFailed(server.name, "no code was given", "start the login again and copy the code the page shows")
    return answer["code"]


def _token(server: Server, said: Mapping[str, Any], form: Mapping[str, str]) -> str:
    path = urlsplit(str(said.get("token_endpoint") or "")).path or "/oauth/token"
    try:
        token = server.ask("POST", path, form).mapping().get("access_token")
    except (RateLimited, NoSuchCall):
        raise
    except PlatformError as error:
        if type(error) is Unreachable:
            raise
        remedy = "start the login again and copy the whole code; it is good for one try and a few minutes"
        raise AuthFailed(server.name, f"the code was not taken: {error.problem}", remedy) from error
    if not isinstance(token, str) or not token:
        raise NoSuchCall(server.name, "no usable answer: there is no token in it")
    return token


def _register(server: Server, redirect: str, scopes: tuple[str, ...]) -> App:
    form = {"client_name": "Syndicator", "redirect_uris": redirect, "scopes": " ".join(scopes)}
    made = server.ask("POST", "/api/v1/apps", form).mapping()
    if not made.get("client_id") or not made.get("client_secret"):
        raise NoSuchCall(server.name, "no usable answer: the server registered no application")
    return App(server.address, str(made["client_id"]), str(made["client_secret"]), redirect, " ".join(scopes))


def _known(login: Login, address: str, scopes: tuple[str, ...]) -> App | None:
    """The registration of an earlier login, if it is with this server and for the same."""
    try:
        app = App(**json.loads(login.secrets.get("app", "")))
    except (ValueError, TypeError):
        return None
    return app if (app.server, app.scopes) == (address, " ".join(scopes)) else None


def _oauth(server: Server) -> Mapping[str, Any]:
    """What the server says of its OAuth (since 4.3); empty where it says nothing."""
    return _told(server, "/.well-known/oauth-authorization-server")


def _told(server: Server, path: str) -> Mapping[str, Any]:
    try:
        return server.ask("GET", path).mapping()
    except RateLimited:
        raise
    except PlatformError as error:
        if type(error) is Unreachable:
            raise
        return {}


def _scopes(server: Server, said: Mapping[str, Any]) -> tuple[str, ...]:
    """The fine scopes where the server says that it knows them, or is a Mastodon (they came with 2.4.3)."""
    supported = said.get("scopes_supported")
    if isinstance(supported, list):
        return SCOPES if set(SCOPES) <= set(map(str, supported)) else BROAD
    version = str(_told(server, "/api/v1/instance").get("version") or "compatible")
    return BROAD if "compatible" in version else SCOPES  # as in "2.7.2 (compatible; Pleroma 2.6)"


def _authorize(server: Server, said: Mapping[str, Any]) -> str:
    """Where a person gives leave; a server may do that on another host than its API."""
    where = str(said.get("authorization_endpoint") or "")
    sound = where.startswith(("https://", server.address + "/"))
    return where if sound else f"{server.address}/oauth/authorize"


def _browser_here() -> bool:
    """Whether a page opened here is seen by the person: not over ssh, and not without a screen."""
    if "SSH_CONNECTION" in os.environ:
        return False
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
