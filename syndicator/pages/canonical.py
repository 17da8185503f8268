"""Which address a page gives as its own, believed only where it can be meant.

A wrong rel=canonical turns different articles into one. RFC 6596 asks for a target that holds what the page holds, and
Google's list of common mistakes (https://developers.google.com/search/blog/2013/04/5-common-mistakes-with-relcanonical)
names what is found instead; such declarations are ignored here as they are there:

- several that disagree, unless `og:url` sides with one of them;
- an address without its scheme, which then reads as a path below the page ("absolute URLs written as relative");
- a home page for a page that is none ("category or landing page specifies rel=canonical to a featured article", the
  other way round), also that of a language or of AMP;
- one in the body, where any comment could have put it;
- what a template or a machine for trying things out left behind: braces, `localhost`, private addresses.
"""

from __future__ import annotations

import ipaddress
import re

from syndicator import urls
from syndicator.pages.document import Document, attribute
from syndicator.urls import weburl

_HOME = re.compile(r"/(?:[a-z]{2,3}(?:[-_][a-z]{2,4})?|amp)?/?(?:index\.[a-z]{3,5})?", re.IGNORECASE)
#: Parameters that choose a page on sites whose every page is "/".
_CHOOSES = re.compile(r"(?:^|&)(?:p|page_id|post|id|article|story|entry|t|q|v)=", re.IGNORECASE)
_LEFT_BEHIND = re.compile(r"[{}<>]|%7b|\$\(|undefined|\[object", re.IGNORECASE)
_LOCAL = re.compile(r"localhost$|\.(?:localhost|local|test|invalid|internal|lan)$|^[^.]+$")


def canonical(page: Document) -> str:
    """The page's own address, absolute and http(s); "" where it declares none or none that can be meant.

    `og:url` stands in where there is no rel=canonical, if it names a page of the same site.
    """
    witness = _meant(page.meta("og:url"), page)
    declared = [
        _meant(attribute(node, "href"), page) for node in page.tree.css("head > link[rel~=canonical i][href]")[:50]
    ]
    forms = {urls.page_key(urls.canonical(address)): address for address in reversed(declared) if address}
    if len(forms) > 1:
        return forms.get(urls.page_key(urls.canonical(witness)), "") if witness else ""
    if forms:
        return next(iter(forms.values()))
    return witness if witness and not declared and _same_host(witness, page.url) else ""


def _meant(link: str, page: Document) -> str:
    link = link.strip()
    address = page.address(link) if link else ""
    target, here = weburl.parse(address), weburl.parse(page.url)
    if target is None or here is None or _LEFT_BEHIND.search(link):
        return ""
    lacks_scheme = "//" not in link and link.partition("/")[0].lower().removeprefix("www.") in _names_of(here.host)
    if lacks_scheme or (_is_local(target.host) and not _is_local(here.host)):
        return ""
    is_there = here.path in {"/", target.path} and not _CHOOSES.search(here.query or "")
    return "" if _is_home(target) and not is_there else address


def _is_home(url: weburl.WebUrl) -> bool:
    return _HOME.fullmatch(url.path) is not None and not _CHOOSES.search(url.query or "")


def _names_of(host: str) -> set[str]:
    return {host, host.removeprefix("www.")}


def _is_local(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return _LOCAL.search(host) is not None


def _same_host(one: str, other: str) -> bool:
    return urls.host(one).removeprefix("www.") == urls.host(other).removeprefix("www.")
