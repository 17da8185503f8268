"""What a web address means to us: the same article, the same site, mine or somebody else's.

Pure. None of these functions raises on garbage: an address that is no http(s) address gives "" (or False). Redirects
and rel=canonical are followed by the link checker; how an address is taken apart is `weburl`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import unquote

from ledger.who import UnknownWho, site_identity
from syndicator import weburl

# Parameters that say how a reader came, never what is shown. Only names with one well-known meaning stand here.
_TRACKING = re.compile(
    r"""
    (utm|mtm|pk|piwik|matomo|hsa|vero|oly)_.* | __hs.* | _hs(enc|mi) | hsctatracking
    | fbclid | fb_(action_ids|action_types|ref|source) | igsh(id)? | twclid | ttclid | li_fat_id
    | gcl(id|src) | dclid | [gw]braid | srsltid | _g[al] | msclkid | ys?clid | _openstat | rb_clickid | sc_cid | s_cid
    | mc_[ce]id | mkt_tok | ml_subscriber(_hash)? | wickedid | wt[_.]mc(_id)? | xtor | ncid | cmpid
    | at_(medium|campaign) | epik | __twitter_impression | guccounter | guce_referrer(_sig)? | _branch_match_id | __s
    """,
    re.VERBOSE,
)
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

# A canonical address in three: the host without "www.", the path, and what follows it.
_CANONICAL = re.compile(r"https?://(?:www\.)?([^/?#]*)([^?#]*)(.*)", re.DOTALL)
# What servers show for a folder.
_INDEX = re.compile(r"/(?:index\.(?:[sx]?html?|php|aspx?|cfm|cgi|jsp)|default\.(?:html?|aspx?))$", re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(r"[^\s/:@?#]+\.[^\s/:@?#]+(?::[0-9]+)?(?:[/?#]|$)")


def canonical(url: str) -> str:
    """Give the one form of an article's address, for comparing; "" when it is no http(s) address. Idempotent.

    Lower-case scheme and host (IDNA), no default port, login, dot segments or tracking parameters, one percent-encoding
    (RFC 3986, section 6.2.2), "/" for an empty path. Fragments go, except routes (`#!/x`, `#/x`) that choose the page.
    Order of the query, trailing slashes, "www." and http against https stay: servers may tell them apart.
    """
    parsed = weburl.parse(url)
    if parsed is None:
        return ""
    fragment = parsed.fragment or ""
    return str(
        replace(
            parsed,
            user="",
            password="",
            host=parsed.host.rstrip(".") or parsed.host,
            path=_PERCENT.sub(_one_encoding, parsed.path),
            query=_without_tracking(parsed.query or "") or None,
            fragment=_PERCENT.sub(_one_encoding, fragment) if re.match(r"(?:!|/)[^/]|!/.", fragment) else None,
        )
    )


def with_fragment(url: str) -> str:
    """Give the canonical form with whatever fragment the address has, for pages that hold several entries."""
    form, fragment = canonical(url), url.partition("#")[2].strip()
    return f"{form}#{fragment}" if form and fragment and "#" not in form else form


def page_key(form: str) -> str:
    """Give what the canonical forms of one page's addresses have in common: for comparing only, never for visiting.

    "www.", http against https, trailing slashes and the names of index files don't count; ports, folders and queries
    do. A server may tell the former apart, but one that shows two pieces of writing there is hardly to be found, while
    every move to https, to a bare host or to another blog engine changes them. "" for what is no canonical form.
    """
    match = _CANONICAL.fullmatch(form)
    return match[1] + _INDEX.sub("", match[2]).rstrip("/") + match[3] if match else ""


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
    """Tell whether `url` lies on one of `sites`: same host ("www." or not), and below its path when it has one."""
    parsed = _parsed(url)
    return parsed is not None and any(_lies_on(parsed, site) for site in map(_parsed, sites) if site is not None)


def _lies_on(page: weburl.WebUrl, site: weburl.WebUrl) -> bool:
    if _bare(page.host) != _bare(site.host) or page.port != site.port:
        return False
    folder = unquote(site.path).rstrip("/") + "/"
    return (unquote(page.path).rstrip("/") + "/").startswith(folder)


def _parsed(url: str) -> weburl.WebUrl | None:
    return weburl.parse(f"https://{url}" if _WITHOUT_SCHEME.match(url) else url)


def _bare(name: str) -> str:
    return name.rstrip(".").removeprefix("www.")


def _one_encoding(match: re.Match[str]) -> str:
    if not match[1]:
        return "%25"
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _without_tracking(query: str) -> str:
    return "&".join(_PERCENT.sub(_one_encoding, part) for part in query.split("&") if not _tracks(part))


def _tracks(part: str) -> bool:
    name, _, value = part.partition("=")
    name = unquote(name).lower()
    if name == "source":
        return value.startswith("rss-")  # Medium marks readers who came by feed
    return _TRACKING.fullmatch(name) is not None
