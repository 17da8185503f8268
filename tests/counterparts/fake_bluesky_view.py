"""What a small AppView knows: one account's notifications, people, likes, reposts and links, told page by page."""

import itertools
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from counterparts.fake_bluesky_feed import FakeFeed, linked, subject_of, uri
from counterparts.fake_bluesky_ids import DID, HANDLE, POST, Fault, cid
from counterparts.json_server import Call

KINDS = {"like": "feed.like", "boost": "feed.repost", "repost": "feed.repost", "follow": "graph.follow"}


class Other(NamedTuple):
    """Somebody else."""

    did: str
    handle: str


class FakeView(FakeFeed):
    """Told by hand (`notify`), or made of what others wrote (`write`, `act`). `repo` are the account's own records."""

    def __init__(self) -> None:
        self.repo: dict[str, dict[str, dict]] = {}
        self.notifications: list[dict] = []
        self.theirs: dict[str, tuple[dict, str]] = {}  # URI → record and when it was seen
        self.profiles: dict[str, dict] = {}  # DID → what differs from the usual
        self.methods_missing: dict[str, int] = {}  # method → status it is answered with
        self.repeating = self.empty_next = False
        self._moments = itertools.count()

    # -- others

    def notify(self, reason: str, who: str, *, subject: str = "", text: str = "", record: dict | None = None) -> str:
        """Tell of something that somebody did now, one second after the last; gives the URI of their record."""
        at = self._moment()
        collection = "app.bsky." + KINDS.get(reason, "feed.post")
        content = record or {"$type": collection, "createdAt": at} | ({"text": text} if text else {})
        return self._tell(reason, self._add(who, collection, content, at), content, at, subject)

    def write(self, text: str, *, who: str = "bea", **more: object) -> str:
        """A post of somebody else; gives its URI."""
        at = self._moment()
        return self._add(who, POST, {"$type": POST, "createdAt": at, "text": text, **more}, at)

    def act(self, kind: str, who: str = "bea") -> None:
        """Bea does this to the newest post."""
        at = self._moment()
        if kind == "follow":
            record, subject = {"subject": DID}, ""
        else:
            rkey = max(self.repo[POST])
            subject = uri(POST, rkey)
            post = {"uri": subject, "cid": cid(self.repo[POST][rkey])}
            record = {
                "like": {"subject": post},
                "boost": {"subject": post},
                "reply": {"text": "I agree", "reply": {"root": post, "parent": post}},
                "quote": {"text": "read this", "embed": {"$type": "app.bsky.embed.record", "record": post}},
            }[kind]
        collection = "app.bsky." + KINDS.get(kind, "feed.post")
        content = {"$type": collection, "createdAt": at, **record}
        reason = {"boost": "repost"}.get(kind, kind)
        self._tell(reason, self._add(who, collection, content, at), content, at, subject)

    @property
    def other(self) -> Other:
        """Who does things to others here."""
        return Other("did:plc:bea", "bea.test")

    def written(self, collection: str) -> list[dict]:
        """The account's own records, oldest first."""
        return [record for _, record in sorted(self.repo.get(collection, {}).items())]

    def mention(self, text: str) -> None:
        self.notify("mention", "bea", text=f"@{HANDLE} {text}")

    def somebody_writes(self, text: str) -> str:
        self.write(text, **linked(text))
        return self.other.handle

    def repeat_page(self) -> None:
        self.repeating = True

    def empty_page(self) -> None:
        self.empty_next = True

    def lose_post(self) -> None:
        del self.repo[POST][max(self.repo[POST])]

    def _moment(self) -> str:
        seconds = next(self._moments)
        return f"2026-11-02T12:{seconds // 60 % 60:02}:{seconds % 60:02}.{seconds // 3600:03}Z"

    def _add(self, who: str, collection: str, record: dict, at: str) -> str:
        told = f"at://did:plc:{who}/{collection}/3k{len(self.theirs):011}"
        self.theirs[told] = record, at
        return told

    def _tell(self, reason: str, told: str, record: dict, at: str, subject: str) -> str:
        notification = {
            "uri": told,
            "cid": cid(record),
            "author": self._person(told.split("/")[2]),
            "reason": reason,
            "record": record,
            "isRead": False,
            "indexedAt": at,
        }
        self.notifications.insert(0, notification | ({"reasonSubject": subject} if subject else {}))
        return told

    # -- methods

    def _list_notifications(self, call: Call) -> dict:
        older = [one for one in self.notifications if self.repeating or one["indexedAt"] < self._from(call, "9")]
        return self._page(call, older, "notifications", lambda last: last["indexedAt"])

    def _search_posts(self, call: Call) -> dict:
        hits = [self._post(told) for told in reversed(self.theirs) if _links_to(self.theirs[told][0], call)]
        older = [hit for hit in hits if self.repeating or hit["indexedAt"] < self._from(call, "9")]
        return self._page(call, older, "posts", lambda last: last["indexedAt"])

    def _get_followers(self, call: Call) -> dict:
        people = [told.split("/")[2] for told, (record, _) in self.theirs.items() if record.get("subject") == DID]
        return {"subject": self._person(DID)} | self._people(call, people, "followers")

    def _get_follows(self, call: Call) -> dict:
        people = [record["subject"] for record in self.repo.get("app.bsky.graph.follow", {}).values()]
        return {"subject": self._person(DID)} | self._people(call, people, "follows")

    def _get_relationships(self, call: Call) -> dict:
        others = [value for name, value in call.pairs if name in {"others", "others[]"}]
        return {"actor": DID, "relationships": [self._relationship(did) for did in others]}

    def _relationship(self, did: str) -> dict:
        if not self._exists(did):
            return {"$type": "app.bsky.graph.defs#notFoundActor", "actor": did, "notFound": True}
        theirs = (
            told for told, (record, _) in self.theirs.items() if record.get("subject") == DID and f"//{did}/" in told
        )
        state = {"following": self._mine("app.bsky.graph.follow", did), "followedBy": next(theirs, None)}
        told = {name: value for name, value in state.items() if value} | self.profiles.get(did, {}).get("relation", {})
        return {"$type": "app.bsky.graph.defs#relationship", "did": did, **told}

    def _get_likes(self, call: Call) -> dict:
        likes = [
            {"actor": self._person(told.split("/")[2]), "createdAt": record["createdAt"], "indexedAt": at}
            for told, (record, at) in self.theirs.items()
            if record["$type"] == "app.bsky.feed.like" and subject_of(record) == call.query["uri"]
        ]
        return {"uri": call.query["uri"]} | self._listed(call, likes, "likes")

    def _get_reposted_by(self, call: Call) -> dict:
        people = [
            told.split("/")[2]
            for told, (record, _) in self.theirs.items()
            if record["$type"] == "app.bsky.feed.repost" and subject_of(record) == call.query["uri"]
        ]
        return {"uri": call.query["uri"]} | self._people(call, people, "repostedBy")

    def _get_posts(self, call: Call) -> dict:
        uris = [value for name, value in call.pairs if name in {"uris", "uris[]"}]
        return {"posts": [self._post(told) for told in uris if told in self.theirs]}

    def _get_profile(self, call: Call) -> dict:
        did = self._did_of(call.query["actor"])
        if not self._exists(did):
            raise Fault(400, "InvalidRequest", "Profile not found")
        state = {"following": self._mine("app.bsky.graph.follow", did)}
        counts = {"postsCount": 3, "followersCount": 2, "followsCount": 1}
        return self._person(did) | counts | {"viewer": {name: value for name, value in state.items() if value}}

    def _resolve_handle(self, call: Call) -> dict:
        did = self._did_of(call.query["handle"])
        if not self._exists(did):
            raise Fault(400, "InvalidRequest", "Unable to resolve handle")
        return {"did": did}

    # -- parts

    def _post(self, told: str) -> dict:
        record, at = self.theirs[told]
        states = {"like": self._mine("app.bsky.feed.like", told), "repost": self._mine("app.bsky.feed.repost", told)}
        viewer = {name: value for name, value in states.items() if value}
        author = self._person(told.split("/")[2])
        return {"uri": told, "cid": cid(record), "author": author, "record": record, "indexedAt": at, "viewer": viewer}

    def _mine(self, collection: str, subject: str) -> str | None:
        records = self.repo.get(collection, {}).items()
        return next((uri(collection, rkey) for rkey, record in records if subject_of(record) == subject), None)

    def _person(self, did: str) -> dict:
        name = did.rpartition(":")[2]
        handle = HANDLE if did == DID else f"{name}.test"
        usual = {"did": did, "handle": handle, "displayName": name.title(), "createdAt": "2026-01-01T00:00:00.000Z"}
        return usual | {key: value for key, value in self.profiles.get(did, {}).items() if key != "relation"}

    def _did_of(self, name: str) -> str:
        if name == HANDLE:
            return DID
        return name if name.startswith("did:") else f"did:plc:{name.removesuffix('.test')}"

    def _exists(self, did: str) -> bool:
        return did == DID or bool(re.fullmatch(r"did:plc:(bea|cyd|dan|n\d+)", did))

    def _people(self, call: Call, dids: list[str], part: str) -> dict:
        return self._listed(call, [self._person(did) for did in dids], part)

    def _listed(self, call: Call, items: list[dict], part: str) -> dict:
        start = int(self._from(call, "0"))
        page = items[start : start + int(call.query.get("limit", 50))]
        after = start + len(page)
        return {part: page} | ({"cursor": str(after)} if after < len(items) else {})

    def _page(self, call: Call, items: list[dict], part: str, place) -> dict:
        before = self._from(call, "9")
        if self.empty_next:
            self.empty_next = False
            return {part: [], "cursor": f"empty {before}"}
        page = items[: int(call.query.get("limit", 50))]
        return {part: page} | ({"cursor": place(page[-1])} if page else {})

    def _from(self, call: Call, start: str) -> str:
        place = call.query.get("cursor", start).removeprefix("empty ")
        if not re.fullmatch(r"9|\d+|[\d:.TZ-]+", place):
            raise Fault(502, "InternalServerError", "Internal Server Error")
        return place


def _links_to(record: dict, call: Call) -> bool:
    """Whether a post has a link or a card that leads to the domain."""
    embed = record.get("embed", {}).get("external", {}).get("uri", "")
    links = [feature.get("uri", "") for mark in record.get("facets", []) for feature in mark["features"]]
    return any(urlsplit(link).hostname == call.query.get("domain") for link in (embed, *links))
