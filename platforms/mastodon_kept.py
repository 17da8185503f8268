"""What is kept of a Mastodon account between runs, so that its server need not be asked each time. No network.

In the login's session string: the server, and by name what was told there.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress

from platforms.base import Login


def recall(login: Login, server: str, name: str) -> str:
    """What was kept under a name; empty if that is nothing, or was told by another server."""
    return _all(login, server).get(name, "")


def keep(login: Login, server: str, name: str, what: str) -> None:
    """Keep something for the next run, beside what is kept already."""
    if recall(login, server, name) != what:
        login.keep(json.dumps({**_all(login, server), "server": server, name: what}))


def id_of(login: Login) -> str:
    """The name for the id of the account that this very token belongs to, which does not tell the token."""
    token = login.secrets.get("token", "").encode()
    return f"id {hashlib.scrypt(token, salt=b'mastodon id', n=2**12, r=8, p=1, dklen=8).hex()}"


def _all(login: Login, server: str) -> dict[str, str]:
    with suppress(ValueError):
        said = json.loads(login.recall() or "")
        if isinstance(said, dict) and said.get("server") == server:
            return {str(name): what for name, what in said.items() if isinstance(what, str)}
    return {}
