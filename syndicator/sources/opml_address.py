"""Where a feed's outline says that the feed is, and the address that can be read which that stands for.

Reading and editing go by the same rules: what is read under an address can be taken out under it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, urljoin

from syndicator import urls
from syndicator.paths import has_drive

#: What feeds' outlines say in `type`.
FEEDS = frozenset({"rss", "atom"})

# feed://host/x stands for http, feed:https://host/x for what follows it; itpc and pcast are Apple's of the same kind.
_FEED_BEFORE = re.compile(r"(?:feed|itpc|pcast):(?://)?(?=https?:)", re.IGNORECASE)
_FEED_INSTEAD = re.compile(r"(?:feed|itpc|pcast)://", re.IGNORECASE)
# Where somebody broke a long address into lines; strict readers give line breaks as spaces, the indentation follows.
_BREAK = re.compile(r"\s*[\t\r\n]\s*|\s{2,}")


def written_address(attributes: Mapping[str, str]) -> str:
    """What stands in `xmlUrl`, or in `url` where a feed has none; "" for what is no feed. Names are in lower case."""
    written = attributes.get("xmlurl", "").strip()
    if not written and attributes.get("type", "").strip().lower() in FEEDS:
        return attributes.get("url", "").strip()
    return written


def address_of(written: str, base: str, *, allow_files: bool) -> tuple[str, str]:
    """Turn what stands there into an address that can be read; the second value is the reason why it can't.

    Relative addresses are resolved against `base`; those of files count only when `allow_files` says so.
    """
    url = _BREAK.sub("", written)
    url = _FEED_INSTEAD.sub("http://", _FEED_BEFORE.sub("", url, count=1), count=1) if ":" in url[:6] else url
    if urls.is_web(url):
        return url.replace(" ", "%20"), ""
    if has_drive(url):
        url = "file:///" + quote(url.replace("\\", "/"), safe="/:%")
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url)
    if scheme and scheme[0].lower() not in {"file:", "http:", "https:"}:
        return "", f"{scheme[0]} addresses can't be read, only http and https"
    if " " in url and not scheme:
        return "", "holds spaces: is it an address? In one, they are written %20"
    url = url.replace(" ", "%20")
    if not scheme and base and (resolved := urls.resolve(base, url)):
        return resolved, ""
    # `file:feeds/ada.xml` is relative as well: to the blogroll, never to wherever the command was started.
    whole = urljoin(base, url.removeprefix(scheme[0]) if scheme else url) if base else url
    if not whole.lower().startswith("file:"):
        return "", "is not a whole web address"
    if not allow_files:
        return "", "is a file, which only a blogroll on this machine may name"
    return whole, ""
