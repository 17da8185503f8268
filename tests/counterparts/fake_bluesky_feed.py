"""What a small AppView shows of one person's feed: their posts, and of the account its reposts and answers too."""

import re
from collections.abc import Callable

from counterparts.fake_bluesky_ids import DID, POST, Fault, cid
from counterparts.json_server import Call


class FakeFeed:
    """A part of `FakeView`, which knows the records and the people."""

    repo: dict[str, dict[str, dict]]
    theirs: dict[str, tuple[dict, str]]
    _did_of: Callable[[str], str]
    _exists: Callable[[str], bool]
    _person: Callable[[str], dict]
    _post: Callable[[str], dict]
    _listed: Callable[[Call, list[dict], str], dict]

    def _get_author_feed(self, call: Call) -> dict:
        did = self._did_of(call.query["actor"])
        if not self._exists(did):
            raise Fault(400, "InvalidRequest", "Profile not found")
        items = self._my_feed() if did == DID else self._their_feed(did)
        if call.query.get("filter") == "posts_no_replies":
            items = [item for item in items if "reply" not in item["post"]["record"]]
        return self._listed(call, items, "feed")

    def _their_feed(self, did: str) -> list[dict]:
        """Somebody's posts, newest first."""
        own = [told for told in self.theirs if told.startswith(f"at://{did}/{POST}/")]
        return [{"post": self._post(told)} for told in reversed(own)]

    def _my_feed(self) -> list[dict]:
        """The account's posts and reposts, newest first."""
        items = []
        for rkey, record in self.repo.get(POST, {}).items():
            view = {"uri": uri(POST, rkey), "cid": cid(record), "author": self._person(DID), "record": record}
            item: dict = {"post": view | {"indexedAt": record["createdAt"]}}
            if parent := record.get("reply", {}).get("parent", {}).get("uri"):
                shown = self._post(parent) | {"$type": "app.bsky.feed.defs#postView"}
                item["reply"] = {"root": shown, "parent": shown}
            items.append((record["createdAt"], item))
        for rkey, record in self.repo.get("app.bsky.feed.repost", {}).items():
            reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": self._person(DID)}
            reason |= {"uri": uri("app.bsky.feed.repost", rkey), "indexedAt": record["createdAt"]}
            items.append((record["createdAt"], {"post": self._post(subject_of(record)), "reason": reason}))
        return [item for _, item in sorted(items, key=lambda each: each[0], reverse=True)]


def linked(text: str) -> dict:
    """The facets of a post's links."""
    marks = []
    for found in re.finditer(r"https://\S+", text):
        start, end = (len(text[:at].encode()) for at in found.span())
        feature = {"$type": "app.bsky.richtext.facet#link", "uri": found[0]}
        marks.append({"index": {"byteStart": start, "byteEnd": end}, "features": [feature]})
    return {"facets": marks} if marks else {}


def uri(collection: str, rkey: str) -> str:
    return f"at://{DID}/{collection}/{rkey}"


def subject_of(record: dict) -> str:
    subject = record.get("subject") or ""
    return subject["uri"] if isinstance(subject, dict) else subject
