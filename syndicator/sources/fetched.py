"""The values of fetching: what to get, how, and how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

#: The statuses that speak of a whole server (RFC 6585, 4; RFC 9110, 15.6.4); any other is about what was asked for.
BUSY = (429, 503)

#: What a reader of feeds asks for.
FEEDS = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What to get, and what is known of it from last time (empty: nothing). `file:` needs `allow_files`.

    `at` is where it moved to for good: asked there, and at `url` again only if nothing is left there. `etag` and
    `last_modified` were given by `validated_at` (empty: by the address that is asked first) and are sent nowhere else.
    What came to nothing so many times in a row (`failures`) is asked after what fared better on its host.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    allow_files: bool = False
    at: str = ""
    validated_at: str = ""
    failures: int = 0


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How to fetch. `timeout` is seconds for one request, redirects and slow bodies included; `max_bytes` decoded.

    `contact` is a page about the one who asks; `allow_private` lists hosts and networks exempt from the guard. With
    `beginning` a longer body is cut at `max_bytes`, where it fails else; `accept` is the header that asks for a type.
    """

    concurrency: int = 32
    timeout: float = 20.0
    contact: str = ""
    allow_private: tuple[str, ...] = ()
    max_bytes: int = 10_000_000
    redirects: int = 5
    beginning: bool = False
    accept: str = FEEDS


@dataclass(frozen=True, slots=True)
class Fetched:
    """How one request went. `body` is there when `status` is "ok".

    When it is "failed", `error` says what went wrong without naming the address, and `remedy` what can be done about it
    if that follows from the error alone (else ""). `http_status` is 0 when no answer came, `private` says that the
    guard forbade the address, `unreached` that no connection came about to any server, `no_tls` that nobody speaks TLS
    at the https address that was asked. `unasked`: the server that had to answer was left alone, since others there
    went badly; `late`: the time was up before there was an answer. `lost` says that nothing is there ("missing": 404,
    or no such host) or never will be ("gone": 410, and no temporary redirect led to it).

    `final_url` is where redirects led, or failed. `permanent_url` is where to ask from now on, "" for `url` itself: the
    end of redirects that were all for good and kept encryption, else the `at` of the request. `max_age` is how long the
    answer is said to stay fresh, None where nothing is said; `retry_after` when the server wants to be asked again.
    `link` is the Link header (RFC 8288), for finding feeds.
    """

    url: str
    status: Literal["ok", "unchanged", "failed"]
    body: bytes | None = None
    content_type: str = ""
    final_url: str = ""
    permanent_url: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    http_status: int = 0
    retry_after: datetime | None = None
    max_age: timedelta | None = None
    link: str = ""
    lost: Literal["", "missing", "gone"] = ""
    error: str = ""
    remedy: str = ""
    private: bool = False
    unreached: bool = False
    no_tls: bool = False
    unasked: bool = False
    late: bool = False


def too_late(url: str) -> Fetched:
    """What there is of an address that was not asked, or not read, before the time for it was up."""
    return Fetched(url, "failed", error="not asked this time: the time of the run was up", unasked=True, late=True)
