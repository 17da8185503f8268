"""What a person can do towards others on Bluesky: like, repost, reply, follow, and take it back.

The key of each record is made from what is done to whom, and it is written only where there is none yet: so doing it
twice is doing it once, even while the network has not heard of the first time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from platforms.abilities import Act
from platforms.base import Json
from platforms.bluesky_people import resolve
from platforms.bluesky_record import POST, marked, mentioned, stamp, tid
from platforms.bluesky_repo import create, remove, stored
from platforms.bluesky_wire import POST_URI, mapping, mappings
from platforms.errors import Rejected, Unsupported
from platforms.xrpc import Refused, Xrpc

#: Act → the collection of its records, and the name of its record in the viewer's state.
_COLLECTIONS: dict[Act, tuple[str, str]] = {
    "like": ("app.bsky.feed.like", "like"),
    "boost": ("app.bsky.feed.repost", "repost"),
    "follow": ("app.bsky.graph.follow", "following"),
    "reply": (POST, ""),
}
ACTS: frozenset[Act] = frozenset(_COLLECTIONS)

#: The page of a post or of an account, in whatever app it is shown.
_PAGE = re.compile(r"https?://[^/\s]+/profile/(?P<repo>[^/?#\s]+)(/post/(?P<rkey>[^/?#\s]+))?/?([?#].*)?")
_RECORD = re.compile(r"at://(?P<repo>[^/]+)/(?P<collection>[^/]+)/(?P<rkey>[^/]+)")


def do(xrpc: Xrpc, act: Act, target: str, text: str, now: datetime) -> str:
    """Do it to a post or an account (its AT URI, DID, handle, or page); gives the AT URI of the record.

    Rejected when the target is gone, or was answered before in other words; Unsupported for another act.
    """
    collection, state = _collection(xrpc, act)
    subject = _subject(xrpc, act, target)
    view = _view(xrpc, act, subject)
    if view is None:
        raise Rejected(xrpc.subject, f"{target} is not there (any more)")
    if done := mapping(view.get("viewer")).get(state):
        return str(done)
    record: dict[str, Json] = {"$type": collection, "createdAt": stamp(now), **_content(xrpc, act, view, text)}
    rkey = _key(act, subject)
    if not create(xrpc, collection, rkey, record) and act == "reply":
        earlier = stored(xrpc, collection, rkey) or {}
        if earlier.get("text") != text:
            raise Rejected(xrpc.subject, f"{target} was answered already, in other words", "answer it in the app")
    return f"at://{xrpc.did}/{collection}/{rkey}"


def undo(xrpc: Xrpc, act: Act, target: str) -> None:
    """Delete the record of an act, be it from here or from an app; a reply only if it is from here."""
    collection, state = _collection(xrpc, act)
    subject = _subject(xrpc, act, target)
    view = _view(xrpc, act, subject) or {}
    done = _RECORD.fullmatch(str(mapping(view.get("viewer")).get(state) or ""))
    for rkey in {_key(act, subject), *([done["rkey"]] if done else [])}:
        remove(xrpc, collection, rkey)


def _collection(xrpc: Xrpc, act: Act) -> tuple[str, str]:
    if act not in _COLLECTIONS:
        raise Unsupported(xrpc.subject, f"Bluesky has no way to {act}")
    return _COLLECTIONS[act]


def _subject(xrpc: Xrpc, act: Act, target: str) -> str:
    """The AT URI of a post, or the DID of an account."""
    named = _PAGE.fullmatch(target) or POST_URI.fullmatch(target)
    repo = named["repo"] if named else target.removeprefix("at://").removeprefix("@")
    rkey = named["rkey"] if named else None
    if bool(rkey) != (act != "follow"):
        raise Rejected(xrpc.subject, f"{target} is no Bluesky {'account' if act == 'follow' else 'post'}")
    did = repo if repo.startswith("did:") else resolve(xrpc, repo.lower())
    if not did:
        raise Rejected(xrpc.subject, f"nobody on Bluesky is called {repo}")
    return f"at://{did}/{POST}/{rkey}" if rkey else did


def _view(xrpc: Xrpc, act: Act, subject: str) -> Mapping[str, Any] | None:
    """A post or an account as the network shows it to my account; None when it is gone."""
    if act != "follow":
        return next(iter(mappings(xrpc.query("app.bsky.feed.getPosts", {"uris": [subject]}).get("posts"))), None)
    try:
        return xrpc.query("app.bsky.actor.getProfile", {"actor": subject})
    except Refused:
        return None


def _content(xrpc: Xrpc, act: Act, view: Mapping[str, Any], text: str) -> dict[str, Json]:
    """What the record says besides its type and time."""
    if act == "follow":
        return {"subject": view["did"]}
    post: Json = {"uri": view["uri"], "cid": view["cid"]}
    if act != "reply":
        return {"subject": post}
    thread = mapping(mapping(view.get("record")).get("reply"))
    people = {handle: did for handle in mentioned(text) if (did := resolve(xrpc, handle))}
    answer: dict[str, Json] = {"text": text, "reply": {"root": thread.get("root") or post, "parent": post}}
    return answer | ({"facets": marks} if (marks := marked(text, people)) else {})


def _key(act: Act, subject: str) -> str:
    """A TID made from the hash alone: what it says of the time means nothing, but it is never to come."""
    digest = int.from_bytes(hashlib.sha256(f"{act} {subject}".encode()).digest()[:8])
    return tid(digest >> 5)
