"""When two addresses are of one page, as far as addresses tell. Pure; for comparing only, never for visiting.

A server may tell such addresses apart, but one that shows two pieces of writing there is hardly to be found, while
every move to https, to a bare host or to another blog engine changes them, and phones have forms of their own.
"""

from __future__ import annotations

import re

# A canonical address in four: the scheme, the host, the path, and what follows it.
_CANONICAL = re.compile(r"https?://([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
# A host of at least two names behind a mark for phones, AMP or nothing at all.
_MARKED_HOST = re.compile(r"^(?:www|m|mobile|amp|touch)\.(?=[^.]+\.[^.])")
# What such a host begins with: asked first, since every address that is known goes through here at the start of a run.
_MARKS = ("www.", "m.", "mobile.", "amp.", "touch.")
_WIKI = re.compile(r"([a-z-]+)\.m\.(wik[a-z]+\.org)")
_OTHER_NAMES = {
    "twitter.com": "x.com",
    "old.reddit.com": "reddit.com",
    "new.reddit.com": "reddit.com",
    "np.reddit.com": "reddit.com",
    "youtube-nocookie.com": "youtube.com",
}
# What servers show for a folder; AMP and print forms of a page.
_ENDINGS = re.compile(
    r"/(?:index\.(?:[sx]?html?|php|aspx?|cfm|cgi|jsp)|default\.(?:html?|aspx?))$"
    r"|(?<=[^/])/(?:amp(?:\.html?)?|print)$"
    r"|(?<=[^/])\.amp(?=\.html?$|$)",
    re.IGNORECASE,
)
_ENDS = ("html", "htm", ".php", ".asp", ".aspx", ".cfm", ".cgi", ".jsp", "amp", "print")
_FORMS = re.compile(r"amp(?:_js_v)?(?:=.*)?|output(?:type)?=(?:amp|print)|print=(?:1|true|y|yes|print)|", re.IGNORECASE)
_VIDEO = re.compile(r"(?:youtu\.be|youtube\.com/(?:shorts|live|embed|v))/([\w-]{11})")
_WATCHED = re.compile(r"[?&]v=([\w-]{11})(?:&|$)")


def page_key(form: str) -> str:
    """Give what the canonical forms of one page's addresses have in common; "" for what is no canonical form.

    "www.", "m." and their like, http against https, trailing slashes, the names of index files, AMP and print forms and
    the order of the query don't count; other hosts, ports, folders and queries do.
    """
    match = _CANONICAL.fullmatch(form)
    if match is None:
        return ""
    host, path, query, fragment = match.groups()
    if host.startswith(_MARKS):
        host = _MARKED_HOST.sub("", host)
    elif ".m." in host:
        host = _WIKI.sub(r"\1.\2", host)
    host = _OTHER_NAMES.get(host, host)
    if host.startswith("youtu") and (video := _video(host + path, query or "")):
        return f"youtube.com/watch?v={video}"
    path = path.rstrip("/")
    if path[-5:].lower().endswith(_ENDS):
        path = _ENDINGS.sub("", path).rstrip("/")
    return host + path + (_sorted(query) if query else "") + (fragment or "")


def _sorted(query: str) -> str:
    parts = sorted(part for part in query[1:].split("&") if not _FORMS.fullmatch(part))
    return "?" + "&".join(parts) if parts else ""


def _video(place: str, query: str) -> str:
    """The id of a video, wherever in it and from whichever list it plays."""
    named = _WATCHED.search(query) if place == "youtube.com/watch" else _VIDEO.fullmatch(place)
    return named[1] if named else ""
