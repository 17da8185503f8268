"""Getting a token for a Mastodon account: OAuth in the browser, or with a code to paste where there is no browser.

https://docs.joinmastodon.org/spec/oauth/ — the program proves with PKCE, where the server has it, that who asked is who
gets the token. How it is registered, and for what, is in `mastodon_apps`.
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
from contextlib import closing, suppress
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from platforms.abilities import Asker
from platforms.base import Login
from platforms.errors import AuthFailed
from platforms.mastodon_apps import (
    SHOWN,
    App,
    Dropped,
    authorize_at,
    is_registered,
    oauth,
    register,
    registered_before,
    scopes_of,
    token_for,
)
from platforms.mastodon_browser import Listener
from platforms.mastodon_server import Server

#: Seconds that a person has to answer in the browser.
PATIENCE = 300.0


def enroll(login: Login, ask: Asker, *, browser: bool | None = None) -> Mapping[str, str]:
    """A token, and the registration it came by. AuthFailed where the person said no or the code was no good.

    `browser`: whether there is one on this machine; found out where not said.
    """
    server = Server(login, anonymous=True)
    said = oauth(server)
    scopes = scopes_of(server, said)
    here = _browser_here() if browser is None else browser
    known = registered_before(login, server.address, scopes)
    if known and is_registered(server, said, known):
        with suppress(Dropped):
            return _with(server, said, known, scopes, ask, here)
        ask.say(f"{server.address} has forgotten this program: once more, please.")
    return _with(server, said, None, scopes, ask, here)


def _with(
    server: Server, said: Mapping[str, Any], known: App | None, scopes: tuple[str, ...], ask: Asker, here: bool
) -> Mapping[str, str]:
    """Log in by a registration that is known, where it will do, or by a new one."""
    listener = Listener.open(urlsplit(known.redirect).port if known else None) if here else None
    if listener is None:
        app = known if known and known.redirect == SHOWN else register(server, SHOWN, scopes)
        return _finish(server, said, app, ask, None)
    with closing(listener):
        app = known if known and known.redirect == listener.url else register(server, listener.url, scopes)
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
    address = f"{authorize_at(server, said)}?{urlencode(query)}"
    if listener is None:
        code = _pasted(server, ask, address)
    else:
        code = _sent_back(server, ask, address, listener, state, sure=bool(said))
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": app.redirect, "scope": app.scopes}
    form |= {"client_id": app.id, "client_secret": app.secret} | ({"code_verifier": verifier} if proof else {})
    return {"token": token_for(server, said, form), "app": json.dumps(asdict(app))}


def _sent_back(server: Server, ask: Asker, address: str, listener: Listener, state: str, *, sure: bool) -> str:
    """The code, as the browser brings it back. `sure`: whether the server surely sends the state along.

    What comes back with another state, or without one where there should be one, is somebody else's and passed over.
    """
    ask.say(f"Allow Syndicator at {server.address}, in the browser; it waits {PATIENCE / 60:.0f} minutes.")
    ask.browse(address)
    end = time.monotonic() + PATIENCE
    while (left := end - time.monotonic()) > 0:
        answer = listener.next(left)
        if hmac.compare_digest(answer.get("state", "").encode(), state.encode()):
            return _code(server, answer)
        if answer and "state" not in answer and not sure:
            return _vouched_for(server, ask, answer)
    raise AuthFailed(server.name, "nothing came back from the browser", "start the login again")


def _vouched_for(server: Server, ask: Asker, answer: Mapping[str, str]) -> str:
    """A code that came back without a state (Takahe), by the word of the person that it is theirs."""
    _code(server, answer)
    ask.say(
        "A code came back that does not say which login it is for, so it could be anybody's. "
        "If you have just allowed Syndicator, copy the address of the page that the browser shows now."
    )
    return _typed(server, ask)


def _pasted(server: Server, ask: Asker, address: str) -> str:
    """The code that the server shows."""
    ask.say(f"Open this page in any browser, allow Syndicator at {server.address}, and copy the code you are shown.")
    ask.browse(address)
    return _typed(server, ask)


def _typed(server: Server, ask: Asker) -> str:
    """The code, or the address it stands in, should somebody copy that."""
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


def _browser_here() -> bool:
    """Whether a page opened here is seen by the person: not over ssh, and not without a screen."""
    if "SSH_CONNECTION" in os.environ:
        return False
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
