"""How servers that speak Mastodon's API in part let somebody log in: registrations, leave given, codes, tokens."""

import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from counterparts.fake_mastodon_habits import Habits
from counterparts.json_server import Answer, Call


@dataclass
class Logins:
    """The applications, codes and tokens of one server. A token that was not given here may do everything."""

    habits: Habits
    apps: dict[str, str] = field(default_factory=dict)  # the scopes, by client id
    tokens: dict[str, str] = field(default_factory=dict)  # the scopes
    revoked: set[str] = field(default_factory=set)
    _codes: dict[str, tuple[str, str]] = field(default_factory=dict)  # of which client, and the scopes

    def handle(self, call: Call) -> Answer | None:
        """The answer to what belongs to a login, and to whom has no leave; None to everything else."""
        form = dict(parse_qsl(call.body.decode("utf-8", "replace"))) if call.method == "POST" else {}
        if call.path == "/api/v1/apps":
            name = f"client-{len(self.apps)}"
            self.apps[name] = form["scopes"]
            return Answer(200, {"client_id": name, "client_secret": "client-secret"})
        if call.path == "/oauth/token":
            return self._token(form)
        if call.path.startswith(("/.well-known", "/oauth")):
            return Answer(404, b"<h1>Not Found</h1>")
        return self._forbidden(call)

    def allow(self, address: str) -> str:
        """What a person does on the page of a login: allow it. Gives where the browser is sent, or the code shown."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert set(asked["scope"].split()) <= set(self.apps[asked["client_id"]].split()), "not what was registered"
        code = f"code-{len(self._codes)}"
        self._codes[code] = (asked["client_id"], asked["scope"])
        if asked["redirect_uri"].startswith("urn:"):
            return code
        back = {"code": code} | ({"state": asked["state"]} if self.habits.state else {})
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def _token(self, form: dict[str, str]) -> Answer:
        if form.get("client_id") not in self.apps:
            return Answer(401, {"error": "invalid_client"})
        if form["grant_type"] != "authorization_code":
            return Answer(400, {"error": "invalid_grant_type"})
        client, scopes = self._codes.pop(form.get("code", ""), ("", ""))
        if client != form["client_id"]:
            return Answer(400, {"error": "invalid_code"})
        token = f"token-{len(self.tokens)}"
        self.tokens[token] = scopes
        return Answer(200, {"access_token": token, "scope": scopes})

    def _forbidden(self, call: Call) -> Answer | None:
        token = (call.headers["Authorization"] or "").removeprefix("Bearer ")
        if token in self.revoked:
            status = 500 if self.habits.laravel else 401
            return Answer(status, {"error": "Unauthenticated." if self.habits.laravel else "invalid token"})
        scopes = self.tokens.get(token, "read write follow").split()
        need = "read" if call.method == "GET" else "write"
        if need in scopes or (self.habits.fine_scopes and any(one.startswith(f"{need}:") for one in scopes)):
            return None
        return Answer(403, {"error": "out_of_scope_for_token"})


def visit(address: str) -> threading.Thread:
    """A browser goes there, in its own time."""
    browser = threading.Thread(target=requests.get, args=(address,), kwargs={"timeout": 60}, daemon=True)
    browser.start()
    return browser
