"""What somebody types to name a source, as the address to ask: with a scheme, and people's handles as profiles.

Pure; whether anything is there is `find`'s business.
"""

from __future__ import annotations

import json
import re

from syndicator import urls
from syndicator.urls import weburl

_HANDLE = re.compile(r"(?:@|acct:)([\w.-]+)@([\w-]+(?:\.[\w-]+)*(?::\d+)?)", re.IGNORECASE)
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?:)|feed:(?=//)", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")
_SERVER = re.compile(r"(?:[^\s/:@?#]+\.[^\s/:@?#]+|localhost)(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_PROFILE = "http://webfinger.net/rel/profile-page"


def typed(text: str) -> str:
    """The address that somebody means: http, https or file; a handle (`@ada@example.social`) as its profile.

    `ada.example` is asked by https (see `by_http`). `feed:` addresses lose that word. "" for what can't be an address.
    """
    text = _trimmed(text)
    if match := _HANDLE.fullmatch(text):
        return urls.resolve("", f"https://{match[2]}/@{match[1]}")
    if match := _FEED_SCHEME.match(text):
        rest = text[match.end() :]
        text = f"http:{rest}" if rest.startswith("//") else rest
    if text[:5].lower() == "file:" or urls.is_web(text):
        return text
    return urls.resolve("", f"https://{text}") if _lacks_scheme(text) else ""


def by_http(text: str) -> str:
    """The address that is meant where its server knows no encryption; "" where the scheme was typed."""
    text = _trimmed(text)
    return urls.resolve("", f"http://{text}") if _lacks_scheme(text) else ""


def lookup(text: str) -> str:
    """Where the server of a handle tells what its profile is (WebFinger, RFC 7033); "" for what is no handle."""
    match = _HANDLE.fullmatch(text.strip())
    if match is None or weburl.parse(f"https://{match[2]}") is None:
        return ""
    return f"https://{match[2]}/.well-known/webfinger?resource=acct:{match[1]}@{match[2]}"


def profile(answer: bytes) -> str:
    """The profile's address out of what a server says of a handle; "" when it says none."""
    try:
        links = json.loads(answer)["links"]
        pages = [link["href"] for link in links if link.get("rel") == _PROFILE]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ""
    return next((page for page in pages if isinstance(page, str) and urls.is_web(page)), "")


def _trimmed(text: str) -> str:
    return text.strip().strip("<>")


def _lacks_scheme(text: str) -> bool:
    return not _SCHEME.match(text) and _SERVER.fullmatch(text) is not None
