"""What a Mastodon server says of itself: what it allows, and the domain of its accounts.

By /api/v2/instance, else by v1, which older servers have; nothing else is asked for it, and no token is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from platforms.base import Limits, Login
from platforms.errors import NotSent, PlatformError, RateLimited, Unreachable, Unsupported
from platforms.mastodon_kept import keep, recall
from platforms.mastodon_limits import limits_of
from platforms.mastodon_refusals import NoSuchCall

if TYPE_CHECKING:
    from platforms.mastodon_server import Server

_PATHS = ("/api/v2/instance", "/api/v1/instance")
_DOMAIN = re.compile(r"(?=.{1,253}$)[^\W_](?:[\w.-]*[^\W_])?(?::[0-9]{1,5})?")

T = TypeVar("T")


def read_limits(server: Server) -> Limits:
    """What the server allows. Unreachable where neither path gives an answer, Unsupported where none says anything."""
    return _asked(server, limits_of, "what it allows")


def home(server: Server, login: Login) -> str:
    """The domain of the server's accounts, which need not be the host they are served by; empty where it is not told.

    What was told once is kept between runs.
    """
    if kept := recall(login, server.address, "domain"):
        return kept
    with suppress(PlatformError):
        domain = _asked(server, domain_of, "its domain")
        keep(login, server.address, "domain", domain)
        return domain
    return ""


def domain_of(instance: Mapping[str, Any]) -> str:
    """The domain in handles, by an instance's JSON: GoToSocial has a name of its own for it, v1 of the API another."""
    said = [instance.get(name) for name in ("account_domain", "domain", "uri")]
    name = next((name for name in said if isinstance(name, str) and name), "")
    with suppress(ValueError):
        name = urlsplit(name).netloc if "//" in name else name
        return name.lower() if _DOMAIN.fullmatch(name) else ""
    return ""


def _asked(server: Server, wanted: Callable[[Mapping[str, Any]], T | None], what: str) -> T:
    """What is wanted of what the server says of itself, by the first path where it is said."""
    failed: PlatformError | None = None
    for path in _PATHS:
        try:
            if found := wanted(server.ask("GET", path).mapping()):
                return found
        except (RateLimited, NotSent):
            raise
        except PlatformError as error:
            failed = failed or error
    if isinstance(failed, Unreachable) and not isinstance(failed, NoSuchCall):
        raise failed
    raise Unsupported(server.name, f"the server doesn't say {what}") from failed
