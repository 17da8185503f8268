"""Addresses that carry another address: click counters, "you are leaving" pages, alerts, AMP caches. Pure.

Only services that are known to lead to the very address they carry stand here, so that it may be visited and shared in
their place. Archives keep another state of a page, affiliate networks are marks that a filter wants to see, and
counters that tell nothing (feedproxy.google.com, t.co) must be asked where they lead: none of these is unwrapped.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, unquote_plus

from syndicator.urls import weburl
from syndicator.urls.weburl import WebUrl

#: Host and path of each service, and the parameter that carries the address.
_IN_QUERY = tuple(
    (re.compile(place), names.split())
    for place, names in (
        (r"(?:www\.)?google(?:\.[a-z]{2,3}){1,2}/url", "url q"),
        (r"news\.google\.com/news/url", "url"),
        (r"www\.bing\.com/news/apiclick\.aspx", "url"),
        (r"(?:l|lm|m|www)\.facebook\.com/l\.php", "u"),
        (r"l\.(?:instagram\.com|threads\.(?:com|net)|messenger\.com|wl\.co)/(?:l(?:\.php)?)?", "u"),
        (r"(?:www\.|m\.)?youtube\.com/redirect", "q"),
        (r"t\.umblr\.com/redirect", "z"),
        (r"out\.reddit\.com/.*", "url"),
        (r"medium\.com/m/global-identity(?:-2)?", "redirectUrl"),
        (r"www\.linkedin\.com/(?:redir/redirect|redir/general-malware-page|safety/go)/?", "url"),
        (r"slack-redir\.net/link", "url"),
        (r"(?:away\.)?vk\.com/away\.php", "to"),
        (r"duckduckgo\.com/l/", "uddg"),
        (r"steamcommunity\.com/linkfilter/?", "url u"),
        (r"getpocket\.com/redirect", "url"),
        (r"[a-z0-9]+\.safelinks\.protection\.outlook\.com/", "url"),
        (r"exit\.sc/", "url"),
    )
)
#: Without one of these in its query, an address carries none there.
_ADDRESS = re.compile(r"https?(?::|%3A)", re.IGNORECASE)
#: AMP caches name the page behind "/c/s/" or "/amp/s/"; without "s" it is http (amp.dev, "AMP Cache URL format").
_AMP_CACHE = re.compile(
    r"(?:(?:[a-z0-9-]+\.)?cdn\.ampproject\.org/(?:c|v|wp)|www\.google(?:\.[a-z]{2,3}){1,2}/amp|www\.bing\.com/amp)"
    r"/(s/)?([^/]+\.[^/]+/.*)"
)
#: FeedsPortal wrote an address into a path, with a "0" and a letter for what may not stand there.
_FEEDSPORTAL = re.compile(r"[a-z0-9.-]*feedsportal\.com/c/.*/(0L(?:[^0/]|0[A-JLNOS])+)/(?:story|ia)\d*\.html?")
_LETTERS = dict(zip("ABCDEFGHIJLNOS", ("0", *"./?-=&,_%", "http://", ".com", ".co.uk", "www."), strict=True))


def carried(url: WebUrl) -> WebUrl | None:
    """The address that `url`, in normal form, leads to if it belongs to one of these services; it may be one again."""
    place = url.host + url.path
    if url.query and _ADDRESS.search(url.query):
        return _in_query(place, url.query)
    if match := _AMP_CACHE.fullmatch(place):
        query = f"?{url.query}" if url.query else ""
        return weburl.parse(f"http{'s' if match[1] else ''}://{match[2]}{query}")
    if match := _FEEDSPORTAL.fullmatch(place):
        return weburl.parse(unquote(re.sub("0([A-Z])", lambda coded: _LETTERS[coded[1]], match[1])))
    return None


def _in_query(place: str, query: str) -> WebUrl | None:
    names = next((names for service, names in _IN_QUERY if service.fullmatch(place)), ())
    given = [part.partition("=") for part in query.split("&")]
    found = (weburl.parse(unquote_plus(value)) for wanted in names for name, _, value in given if name == wanted)
    return next((url for url in found if url), None)
