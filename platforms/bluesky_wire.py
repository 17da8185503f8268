"""What Bluesky tells, in our words: notifications, found posts, likes, reposts, profiles. Pure: no SDK, no network.

Fields and reasons: https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from platforms.abilities import Profile, Relation
from platforms.base import Actor, Interaction
from platforms.text import facets

POST = "app.bsky.feed.post"
POST_URI = re.compile(rf"at://(?P<repo>[^/]+)/{re.escape(POST)}/(?P<rkey>[^/]+)")

#: Reason → the ledger's kind, and whether it was done to somebody else's post that I passed on. What has no line here
#: is no favour: joining by a starter pack of mine, verifications, posts of those I subscribed to, contacts.
_KINDS = {
    "like": ("like", False),
    "repost": ("boost", False),
    "follow": ("follow", False),
    "mention": ("mention", False),
    "reply": ("reply", False),
    "quote": ("quote", False),
    "like-via-repost": ("like", True),
    "repost-via-repost": ("boost", True),
}
REASONS = tuple(_KINDS)
#: A link that a search found is weaker evidence than a notification.
_FOUND = 0.8
#: What stands in for the handle of an account whose handle no longer proves itself: the same for all of them.
_NO_HANDLE = "handle.invalid"
#: Bytes of a label (com.atproto.label.defs), and labels that are read.
_LABEL, _LABELS = 128, 20
#: What an account labels itself as to be hidden from who is not logged in (com.atproto.label.defs#selfLabels).
_MEMBERS_ONLY = "!no-unauthenticated"
#: Names under these belong to a service: they prove nobody's own site.
_SERVICES = (".bsky.social", ".brid.gy")


def interaction(notification: Mapping[str, Any], handle: str) -> Interaction | None:
    """What somebody did for the account `handle`, or None if nothing was done for it, or nobody says who did it.

    `id` is the AT URI of their record. Only their posts have a page; `target` is the page of my post.
    """
    kind, secondhand = _KINDS.get(str(notification.get("reason")), ("", False))
    who = actor(notification.get("author"))
    if not kind or not who:
        return None
    record, uri = mapping(notification.get("record")), str(notification.get("uri") or "")
    return Interaction(
        kind=kind,
        actor=who,
        id=uri,
        url=page(uri, who.handle) if record.get("$type") == POST else "",
        target=page(str(notification.get("reasonSubject") or ""), handle),
        at=_happened(record.get("createdAt"), notification.get("indexedAt")),
        text=str(record.get("text") or ""),
        secondhand=secondhand,
        private=_is_for_members(notification.get("author")),
    )


def found(post: Mapping[str, Any], site: str) -> Interaction | None:
    """Somebody's post that links to `site` (an address of mine), or None if it doesn't after all.

    `target` is the page of mine that it links to first.
    """
    record, who, uri = mapping(post.get("record")), actor(post.get("author")), str(post.get("uri") or "")
    mine = next((link for link in links(record) if _within(link, site)), "")
    if not mine or not who or not POST_URI.fullmatch(uri):
        return None
    return Interaction(
        kind="share",
        actor=who,
        id=uri,
        url=page(uri, who.handle),
        target=mine,
        at=_happened(record.get("createdAt"), post.get("indexedAt")),
        text=str(record.get("text") or ""),
        trust=_FOUND,
        private=_is_for_members(post.get("author")),
    )


def reaction(kind: str, told: Mapping[str, Any], target: str) -> Interaction | None:
    """A like (`{"actor", "createdAt", "indexedAt"}`) or a repost (only who) of the post whose page is `target`."""
    author = told.get("actor") if kind == "like" else told
    who, private = actor(author), _is_for_members(author)
    at = _happened(told.get("createdAt"), told.get("indexedAt")) if kind == "like" else None
    return Interaction(kind=kind, actor=who, target=target, at=at, private=private) if who else None


def actor(author: object) -> Actor | None:
    """Who did it; the DID takes the place of a handle that is not valid. None where there is no DID."""
    said = mapping(author)
    did = str(said.get("did") or "")
    handle = str(said.get("handle") or _NO_HANDLE)
    known = did if handle == _NO_HANDLE else handle
    name = str(said.get("displayName") or "")
    return Actor(known, did, f"https://bsky.app/profile/{known}", name, bot=_is_bot(said)) if did else None


def profile(said: Mapping[str, Any]) -> Profile | None:
    """An account's profile. Its handle proves the domain it is, unless a service lends it."""
    who = actor(said)
    if who is None:
        return None
    text = str(said.get("description") or "")
    own_links = (str(said.get("website") or ""), *(mark.value for mark in facets(text) if mark.type == "link"))
    own = who.handle != who.id and not who.handle.endswith(_SERVICES)
    return Profile(
        who,
        text=text,
        links=tuple(dict.fromkeys(link for link in own_links if link)),
        verified=(f"https://{who.handle}",) if own else (),
        marks=_labels(said),
        created=time(said.get("createdAt")),
        posts=_count(said.get("postsCount")),
        followers=_count(said.get("followersCount")),
        following=_count(said.get("followsCount")),
    )


def relation(said: Mapping[str, Any]) -> Relation:
    """How my account stands to another."""
    blocks = ("blocking", "blockedBy", "blockingByList", "blockedByList")
    return Relation(
        following=bool(said.get("following")),
        followed_by=bool(said.get("followedBy")),
        blocked=any(said.get(block) for block in blocks),
    )


def page(uri: str, handle: str) -> str:
    """The web page of a post, given its AT URI; what is no post's stays as it is."""
    post = POST_URI.fullmatch(uri)
    return f"https://bsky.app/profile/{handle}/post/{post['rkey']}" if post else uri


def time(said: object) -> datetime | None:
    """An aware time in UTC; None for what is none: the time is their client's, and may be anything."""
    try:
        at = datetime.fromisoformat(str(said))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def mapping(said: object) -> Mapping[str, Any]:
    """What should be a JSON object; an empty one for anything else."""
    return said if isinstance(said, dict) else {}


def mappings(said: object) -> list[Mapping[str, Any]]:
    """The objects in what should be a list of them."""
    return [each for each in said if isinstance(each, dict)] if isinstance(said, list) else []


def _happened(created: object, indexed: object) -> datetime | None:
    """When it happened: as its client says, unless the network has seen it before that."""
    times = [at for at in (time(created), time(indexed)) if at]
    return min(times) if times else None


def _is_bot(said: Mapping[str, Any]) -> bool:
    """Whether its owner has labelled the account as automated; what others call it does not count."""
    return any(label.get("val") == "bot" and label.get("src") == said["did"] for label in mappings(said.get("labels")))


def _is_for_members(author: object) -> bool:
    """Whether an account asks to be shown only to who is logged in: all there is public, but some mind."""
    return _MEMBERS_ONLY in _labels(mapping(author))


def _labels(said: Mapping[str, Any]) -> tuple[str, ...]:
    """What moderators and the owner have labelled the account as, and not taken back."""
    labels = (label for label in mappings(said.get("labels")) if label.get("neg") is not True)
    found = dict.fromkeys(str(label.get("val") or "")[:_LABEL] for label in labels)
    return tuple(filter(None, found))[:_LABELS]


def _count(said: object) -> int | None:
    return said if isinstance(said, int) else None


def links(record: Mapping[str, Any]) -> Iterator[str]:
    """Where a post leads: its card first, then the links in its text."""
    embed = mapping(record.get("embed"))
    for part in (embed, mapping(embed.get("media"))):
        if uri := mapping(part.get("external")).get("uri"):
            yield str(uri)
    for mark in mappings(record.get("facets")):
        yield from (str(feature["uri"]) for feature in mappings(mark.get("features")) if feature.get("uri"))


def _within(link: str, site: str) -> bool:
    """Whether a link leads to a site, which may be a folder of a host; `www.` makes no difference."""
    try:
        there, mine = urlsplit(link), urlsplit(site)
        same = _host(there.hostname) == _host(mine.hostname)
    except ValueError:
        return False
    folder = mine.path.rstrip("/") + "/"
    return same and there.scheme in {"http", "https"} and (there.path.rstrip("/") + "/").startswith(folder)


def _host(name: str | None) -> str:
    return (name or "").lower().removeprefix("www.")
