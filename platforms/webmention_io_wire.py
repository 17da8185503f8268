"""What webmention.io's mentions mean in our words. Pure: no network.

Fields: https://github.com/aaronpk/webmention.io#api. A webmention proves one thing: the page `wm-source` links to
`wm-target`. What that page says of its author is its own claim, hence whoever did it is the site that links; but what
came through Bridgy is an act on a network, told by a service that read it there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from platforms.base import Actor, Interaction
from platforms.webmention_io_bridgy import bridged

#: What the linking page says it is → the ledger's kind: on a page of their own, and on a network (through Bridgy).
_KINDS = {
    "in-reply-to": ("comment", "reply"),
    "like-of": ("like", "like"),
    "repost-of": ("boost", "boost"),
    "bookmark-of": ("bookmark", "bookmark"),
    "follow-of": ("follow", "follow"),
    "mention-of": ("link", "share"),
}
#: Where Ghost lists whom a site recommends; it sends a webmention from there to each.
_RECOMMENDATIONS = "/.well-known/recommendations.json"
#: A pingback is sent by any blog software for any link, and carries nothing that could be checked.
_PINGBACK = 0.3
_LONGEST = 20_000  # characters of a text


def number(mention: object) -> int:
    """The service's own number of a mention, which grows; 0 when it has none."""
    said = mention.get("wm-id") if isinstance(mention, Mapping) else None
    if isinstance(said, str) and said.isdecimal() and len(said) < 20:
        return int(said)
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else 0


def interaction(mention: Mapping[str, Any], mine: Collection[str]) -> Interaction | None:
    """What a mention says was done for me; None for what is private, my own, an RSVP, or no mention at all.

    None too where a bridge names nobody in particular. `mine` are the hosts of my own sites.
    """
    source, target = _web(mention.get("wm-source")), _web(mention.get("wm-target"))
    kinds = _KINDS.get(str(mention.get("wm-property")))
    if not source or not target or kinds is None or mention.get("wm-private") or mention.get("wm-deleted"):
        return None
    card = mention.get("author")
    author: Mapping[str, Any] = card if isinstance(card, Mapping) else {}
    url, name, page = _web(author.get("url")), _text(author.get("name")), _web(mention.get("url"))
    bridge = bridged(source, url, page)
    if bridge is None and host(source) in {host(target), *mine}:
        return None
    if bridge and (bridge.is_own or not bridge.is_somebody):
        return None
    theirs = url if url and host(url) == host(source) else source
    actor = bridge.actor(name) if bridge else Actor(host(source), url=theirs, name=name, network="web")
    return Interaction(
        kind=kinds[1] if bridge else "recommend" if urlsplit(source).path == _RECOMMENDATIONS else kinds[0],
        actor=actor,
        id=str(number(mention)),
        url=(page or source) if bridge else source,
        target=target,
        at=_time(mention),
        text=_content(mention),
        trust=_PINGBACK if mention.get("wm-protocol") == "pingback" else 1.0,
    )


def host(url: str) -> str:
    """The host of an address, as sites are compared."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _web(said: object) -> str:
    """An http(s) address; empty for anything else."""
    address = said if isinstance(said, str) else ""
    try:
        parts = urlsplit(address)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return address if known else ""


def _text(said: object) -> str:
    return said[:_LONGEST] if isinstance(said, str) else ""


def _content(mention: Mapping[str, Any]) -> str:
    """Their words as plain text: those of the page, else its summary or its name."""
    return next(filter(None, _texts(mention)), "")


def _texts(mention: Mapping[str, Any]) -> Iterator[str]:
    for name, part in (("content", "text"), ("summary", "value")):
        said = mention.get(name)
        yield _text(said.get(part)) if isinstance(said, Mapping) else _text(said)
    yield _text(mention.get("name"))


def _time(mention: Mapping[str, Any]) -> datetime | None:
    """When it was done: as the page says, unless the service has seen it before that; else when that saw it."""
    said = [_moment(mention.get(name)) for name in ("published", "wm-received")]
    return min((at for at in said if at), default=None)


def _moment(said: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(said))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
