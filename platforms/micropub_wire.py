"""What Micropub's requests and answers mean in our words. Pure: no network.

The standard: https://www.w3.org/TR/micropub/; lists of posts and their paging:
https://indieweb.org/Micropub-extensions.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

FORM = "application/x-www-form-urlencoded"
_LINK = r"https?://[^\s<>\"]+[^\s<>\"'.,;:!?)\]]"
_ENDED = r"(?![\w/%?=&#~-]|\.\w)"  # an address does not go on here
_TAG = re.compile(r"<[^<>]*>")
_LONGEST = 100_000  # characters of one post that are looked at


@dataclass(frozen=True, slots=True)
class Target:
    """A place a site can pass posts on to: its id there, and the names a person may call it by."""

    uid: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.uid} ({self.names[0]})" if self.names else self.uid

    def is_called(self, name: str) -> bool:
        """Whether a person means this place by a name."""
        return name.casefold() in {each.casefold() for each in (self.uid, *self.names)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One post of the site, as it tells of it. `published` is None when it says no time, or one without a zone."""

    url: str
    content: str
    published: datetime | None

    def is_from(self, payload: Mapping[str, Any]) -> bool:
        """Whether it is what became of a request: it links to the same article, or says the same."""
        seen = self.content[:_LONGEST]
        link = str(payload.get("url") or "").rstrip("/")
        if link and re.search(rf"{re.escape(link)}/?{_ENDED}", html.unescape(seen)):
            return True
        return _words(seen) == _words(str(payload["html"]))


def as_html(text: str, url: str | None = None, warning: str = "") -> str:
    """A plain text as HTML that says the same anywhere: its links live, everything else just words.

    HTML, since servers disagree about plain text: some take it for Markdown, others leave its links dead. `url` is a
    link of the text that may end in a sign which other links can't end in.
    """
    parts, end = [], 0
    for found in re.finditer(rf"{re.escape(url)}{_ENDED}|{_LINK}" if url else _LINK, text):
        address = html.escape(found[0])
        parts += [html.escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    parts.append(html.escape(text[end:]))
    shown = f"<p>{'<br>'.join(''.join(parts).splitlines())}</p>"
    return f"<details><summary>{html.escape(warning)}</summary>{shown}</details>" if warning else shown


def creation(content: str, targets: Sequence[str], destination: str, *, form: bool) -> tuple[str, bytes]:
    """The request that makes a post: its content type and body. `targets` are the uids of where to pass it on to.

    JSON is the standard's way to send HTML. As a form, HTML is sent as if it were text, and to pass a post on nowhere
    is said as well: https://help.micro.blog/t/micropub-cross-posting-and-syndicate-to/1579
    """
    if form:
        pairs = [("h", "entry"), ("content", content), *(("mp-syndicate-to[]", uid) for uid in targets or [""])]
        return FORM, urlencode([*pairs, *([("mp-destination", destination)] if destination else [])]).encode()
    properties: dict[str, Any] = {"content": [{"html": content}]}
    properties |= {"mp-syndicate-to": list(targets)} if targets else {}
    properties |= {"mp-destination": [destination]} if destination else {}
    return "application/json", json.dumps({"type": ["h-entry"], "properties": properties}).encode()


def targets_in(config: object) -> tuple[Target, ...] | None:
    """The places that a configuration lists; None when it says nothing of them."""
    listed = config.get("syndicate-to") if isinstance(config, Mapping) else None
    if not isinstance(listed, list):
        return None
    found = []
    for each in listed:
        if isinstance(each, str):
            each = {"uid": each}
        if isinstance(each, Mapping) and isinstance(each.get("uid"), str):
            service = each.get("service")
            names = (each.get("name"), service.get("name") if isinstance(service, Mapping) else None)
            found.append(Target(each["uid"], tuple(dict.fromkeys(name for name in names if isinstance(name, str)))))
    return tuple(found)


def wanted(names: Sequence[str], known: Sequence[Target]) -> tuple[list[str], list[str]]:
    """The uids that the owner's names stand for, and the names that stand for none."""
    uids: dict[str, None] = {}
    unknown = []
    for name in names:
        meant = [each.uid for each in known if each.is_called(name)]
        uids |= dict.fromkeys(meant)
        if not meant:
            unknown.append(name)
    return list(uids), unknown


def destination_in(config: object, site: str) -> str:
    """Which of several blogs behind one endpoint a site is (micro.blog's `destination`); empty when there is one."""
    listed = config.get("destination") if isinstance(config, Mapping) else None
    uids = [str(each["uid"]) for each in listed or () if isinstance(each, Mapping) and isinstance(each.get("uid"), str)]
    return next((uid for uid in uids if _host(uid) == _host(site)), "") if len(uids) > 1 else ""


def address_in(answer: object) -> str:
    """The address of a post that a server tells in its answer's body; empty when there is none."""
    url = answer.get("url") if isinstance(answer, Mapping) else None
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else ""


def is_list(answer: object) -> bool:
    """Whether an answer is a list of posts."""
    return isinstance(answer, Mapping) and isinstance(answer.get("items"), list)


def entries(answer: Mapping[str, Any], base: str) -> tuple[Entry, ...]:
    """The living posts of a list; `base` is the address that links of theirs are relative to."""
    return tuple(_entry(item, base) for item in answer["items"] if not is_deleted(item))


def after(answer: object) -> str:
    """The cursor of the next page of a list; empty when none is named."""
    paging = answer.get("paging") if isinstance(answer, Mapping) else None
    return str(paging.get("after") or "") if isinstance(paging, Mapping) else ""


def is_deleted(item: object) -> bool:
    """Whether a post that is still told of was deleted."""
    found = item.get("properties") if isinstance(item, Mapping) else None
    properties = found if isinstance(found, Mapping) else {}
    return bool(properties.get("deleted")) or _first(properties, "post-status") == "deleted"


def _entry(item: object, base: str) -> Entry:
    found = item.get("properties") if isinstance(item, Mapping) else None
    properties = found if isinstance(found, Mapping) else {}
    content = _first(properties, "content")
    if isinstance(content, Mapping):
        content = content.get("html") or content.get("value") or content.get("text")
    url = str(_first(properties, "url") or "")
    return Entry(urljoin(base, url) if url else "", str(content or ""), _time(properties))


def _first(properties: Mapping[str, Any], name: str) -> Any:
    values = properties.get(name)
    return (values[0] if values else None) if isinstance(values, list) else values


def _time(properties: Mapping[str, Any]) -> datetime | None:
    """When a post was made. A time without its zone would be hours off, so it is none."""
    try:
        at = datetime.fromisoformat(str(_first(properties, "published")))
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _words(content: str) -> list[str]:
    return html.unescape(_TAG.sub(" ", content)).split()


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
