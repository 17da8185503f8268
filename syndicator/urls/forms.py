"""What a web address means to us: the same article, the same site, mine or somebody else's.

Pure. None of these functions raises on garbage: an address that is no http(s) address gives "" (or False). Redirects
and rel=canonical are followed by the link checker; how an address is taken apart is `weburl`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from urllib.parse import unquote

from ledger.who import UnknownWho, site_identity
from syndicator.urls import weburl
from syndicator.urls.same_page import page_key
from syndicator.urls.tracking import tracks
from syndicator.urls.wrapped import carried

_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

_SESSION = re.compile(r";jsessionid=[\w.!-]*", re.IGNORECASE)
#: Nobody wraps one address in others so often and means well.
_DEEPEST = 8
#: One item's address is asked for several times in a row.
_REMEMBERED = 512
#: The site of every source is asked for with every survey, the pages' by each part of a judgement.
_SITES_REMEMBERED = 4096
_WITHOUT_SCHEME = re.compile(r"[^\s/:@?#]+\.[^\s/:@?#]+(?::[0-9]+)?(?:[/?#]|$)")


@lru_cache(_REMEMBERED)
def canonical(url: str) -> str:
    """Give the one form of an article's address, to compare and share; "" when it is no http(s) address. Idempotent.

    Lower-case scheme and host (IDNA), no default port, login, dot segments, session ids or tracking parameters, one
    percent-encoding (RFC 3986, section 6.2.2), "/" for an empty path. Fragments go, except routes (`#!/x`, `#/x`) that
    choose the page. An address that another one carries (`wrapped`) stands for it. Order of the query, trailing
    slashes, "www." and http against https stay: servers may tell them apart, and what is shared must be there.
    """
    parsed = weburl.parse(url)
    if parsed is None:
        return ""
    first = form = _normal(parsed)
    for _ in range(_DEEPEST):
        inner = carried(form)
        if inner is None:
            return str(form)
        form = _normal(inner)
    return str(first)


def with_fragment(url: str) -> str:
    """Give the canonical form with whatever fragment the address has, for pages that hold several entries."""
    form, fragment = canonical(url), url.partition("#")[2].strip()
    return f"{form}#{fragment}" if form and fragment and "#" not in form else form


def page_of(stored: str) -> str:
    """Give the `page_key` of an address that any version of this program stored, by the rules of today."""
    # Every address that is known goes through here when a run starts: most can have no other form than they had.
    may_differ = "?" in stored or ";" in stored or "/amp/" in stored or "ampproject.org/" in stored
    return page_key(with_fragment(stored) if may_differ or "feedsportal.com/" in stored else stored)


def is_front_page(url: str) -> bool:
    """Tell whether an address is that of a whole site: no path, or an index file, and no query."""
    page = page_key(canonical(url))
    return bool(page) and not re.search("[/?#]", page)


def resolve(base: str, url: str) -> str:
    """Resolve a link found on `base` as browsers do (WHATWG URL); "" when the result is no http(s) address."""
    parsed = weburl.parse(url, weburl.parse(base))
    return "" if parsed is None else str(parsed)


def is_web(url: str) -> bool:
    """Tell whether this is an absolute http(s) address."""
    return weburl.parse(url) is not None


def host(url: str) -> str:
    """Give the host of an address in lower-case ASCII, without its port; an address may lack its scheme."""
    parsed = _parsed(url)
    return "" if parsed is None else parsed.host.rstrip(".")


def is_whole_host(site: str) -> bool:
    """Tell whether a site is all of its host: it names no port and no path."""
    parsed = _parsed(site)
    return parsed is not None and parsed.port is None and parsed.path.strip("/") == ""


@lru_cache(_SITES_REMEMBERED)
def site_of(url: str) -> str:
    """Name the web site by the ledger's rule: the host without "www.", with the person's place on shared hosts.

    `https://www.ada.example/x` → `ada.example`; `https://medium.com/@ada/x` → `medium.com/@ada`. A first path segment
    of `@name` or `~name` is a person's place on any host.
    """
    parsed = _parsed(url)
    try:
        return "" if parsed is None else site_identity(str(parsed)).handle
    except UnknownWho:
        return ""


def same_site(url: str, sites: Iterable[str]) -> bool:
    """Tell whether `url` lies on one of `sites`: same host ("www." or not), and below its path when it has one.

    A site that names no port stands for all of its host.
    """
    parsed = _parsed(url)
    return parsed is not None and any(_lies_on(parsed, site) for site in map(_parsed, sites) if site is not None)


def _lies_on(page: weburl.WebUrl, site: weburl.WebUrl) -> bool:
    if _bare(page.host) != _bare(site.host) or site.port not in (None, page.port):
        return False
    folder = unquote(site.path).rstrip("/") + "/"
    return (unquote(page.path).rstrip("/") + "/").startswith(folder)


def _parsed(url: str) -> weburl.WebUrl | None:
    return weburl.parse(f"https://{url}" if _WITHOUT_SCHEME.match(url) else url)


def _bare(name: str) -> str:
    return name.rstrip(".").removeprefix("www.")


def _normal(url: weburl.WebUrl) -> weburl.WebUrl:
    fragment = url.fragment or ""
    name = url.host.rstrip(".") or url.host
    return replace(
        url,
        user="",
        password="",
        host=name,
        path=_PERCENT.sub(_one_encoding, _SESSION.sub("", url.path)),
        query=_without_tracking(url.query or "", name) or None,
        fragment=_PERCENT.sub(_one_encoding, fragment) if re.match(r"(?:!|/)[^/]|!/.", fragment) else None,
    )


def _one_encoding(match: re.Match[str]) -> str:
    if not match[1]:
        return "%25"
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _without_tracking(query: str, name: str) -> str:
    return "&".join(_PERCENT.sub(_one_encoding, part) for part in query.split("&") if not tracks(part, name))
