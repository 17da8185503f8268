"""Bluesky: posts are records in the account's repository on its personal data server (PDS, AT Protocol).

The key of the record is chosen when the post is prepared, and `putRecord` with `swapRecord: null` creates it only where
there is none: so the same request can be sent any number of times and is one post.

What a record says is in `bluesky_record`, what others did in `bluesky_inbox`, who they are in `bluesky_people`, what
can be done towards them in `bluesky_acts`, the session and its errors in `xrpc`. What a post's text says and how long
it is, and finding and shrinking its picture, is left to others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from platforms import bluesky_acts, bluesky_inbox, bluesky_people, bluesky_record, bluesky_timeline
from platforms.abilities import Act, Asker, Picture, Profile, Relation, TheirPost
from platforms.base import Actor, Draft, Interaction, Login, Page, PostRef, Request
from platforms.bluesky_repo import create, remove, stored
from platforms.bluesky_wire import POST, POST_URI, page
from platforms.errors import AuthFailed, Duplicate, Rejected, Unreachable, Unsupported
from platforms.xrpc import APP_PASSWORDS, Xrpc

if TYPE_CHECKING:
    from atproto_client import Client


class Bluesky:
    """One Bluesky account: all abilities but those that need a web page of the network's or a server's own limits.

    Options: `handle` (needed), `server` (where to log in; the account's own PDS is taken from there), `sites` (mine:
    links to them are searched for). Secret: `token`, an app password. `client` is an `atproto_client.Client` to use
    instead of a new one.
    """

    needs = ("handle",)
    credential = ("token",)
    limits = bluesky_record.LIMITS
    acts = bluesky_acts.ACTS

    def __init__(self, login: Login, client: Client | None = None) -> None:
        self._login = login
        self._xrpc = Xrpc(login, client)

    # -- posts

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        """Choose the record's key and build the record; the payload is described in `bluesky_record`."""
        return Request(key, bluesky_record.payload(draft, key, now), now)

    def enrich(self, request: Request, picture: Picture | None) -> Request:
        """Make mentions of the handles in the text that lead to somebody, and put the picture where it belongs."""
        sent = request.payload
        people = {}
        for handle in bluesky_record.mentioned(sent["record"]["text"]):
            if did := bluesky_people.resolve(self._xrpc, handle):
                people[handle] = did
        sent = bluesky_record.with_mentions(sent, people)
        if picture and bluesky_record.takes_picture(sent):
            blob = self._xrpc.upload(picture.content, picture.type).get("blob")
            if not isinstance(blob, dict):
                raise Unreachable(self._xrpc.subject, "the server does not say what became of the picture")
            sent = bluesky_record.with_picture(sent, blob, picture)
        return replace(request, payload=sent)

    def simpler(self, request: Request) -> Request | None:
        """The same post without its picture, then with the link in its text instead of a card."""
        left = bluesky_record.simpler(request.payload)
        return replace(request, payload=left) if left else None

    def publish(self, request: Request) -> PostRef:
        """Create the record; where this very post exists already nothing changes, and its reference is returned."""
        if "visibility" in request.payload:
            raise Unsupported(self._xrpc.subject, "every post on Bluesky is public, and this one must not be")
        if not create(self._xrpc, POST, request.payload["rkey"], request.payload["record"]):
            self._expect_this_post(request)
        return self._ref(request)

    def find(self, request: Request) -> PostRef | None:
        """Read the record under the request's key; a different record there is not this post."""
        found = stored(self._xrpc, POST, request.payload["rkey"])
        same = found is not None and bluesky_record.same_post(found, request.payload)
        return self._ref(request) if same else None

    def delete(self, ref: PostRef) -> None:
        """Delete the post; the server does not mind when it is gone."""
        where = POST_URI.fullmatch(ref.id)
        if where is None:
            raise Rejected(self._xrpc.subject, f"{ref.id} is not a Bluesky post")
        remove(self._xrpc, POST, where["rkey"])

    # -- others

    def interactions(self, cursor: str | None) -> Page:
        """Read the next page of notifications, then of posts that link to my sites."""
        sites = self._login.options.get("sites")
        mine = [site for site in sites if isinstance(site, str)] if isinstance(sites, list) else []
        return bluesky_inbox.read(self._xrpc, mine, cursor, datetime.now(UTC))

    def reactions(self, ref: PostRef) -> Iterator[Interaction]:
        """Likes (with times) and reposts (without) of a post of mine."""
        return bluesky_people.reactions(self._xrpc, ref)

    def profile(self, handle: str) -> Profile | None:
        """Who has this handle or DID."""
        return bluesky_people.look_up(self._xrpc, handle)

    def followers(self) -> Iterator[Actor]:
        """Everybody who follows the account."""
        return bluesky_people.everybody(self._xrpc, "app.bsky.graph.getFollowers", "followers")

    def following(self) -> Iterator[Actor]:
        """Everybody the account follows."""
        return bluesky_people.everybody(self._xrpc, "app.bsky.graph.getFollows", "follows")

    def relations(self, ids: Sequence[str]) -> Mapping[str, Relation]:
        """How the account stands to others, by their DIDs."""
        return bluesky_people.relations(self._xrpc, ids)

    def posts(self, handle: str) -> tuple[TheirPost, ...]:
        """What somebody wrote lately, answers and reposts left out."""
        return bluesky_timeline.posts(self._xrpc, handle)

    def done(self, cursor: str | None) -> Page:
        """My reposts, answers and quotes, and where my posts lead."""
        return bluesky_timeline.diary(self._xrpc, cursor, datetime.now(UTC))

    # -- acts

    def do(self, act: Act, target: str, text: str = "") -> str:
        """Like, boost, reply or follow; gives the AT URI of the record."""
        return bluesky_acts.do(self._xrpc, act, target, text, datetime.now(UTC))

    def undo(self, act: Act, target: str) -> None:
        """Take it back."""
        bluesky_acts.undo(self._xrpc, act, target)

    # -- the login

    def whoami(self) -> Profile:
        """Whose app password it is."""
        return bluesky_people.whoami(self._xrpc)

    def enroll(self, ask: Asker) -> Mapping[str, str]:
        """Ask for an app password, and say so when it is the account's own password."""
        ask.browse(APP_PASSWORDS)
        token = ask.secret(f"App password of {self._xrpc.handle or self._xrpc.subject}").strip()
        if not token:
            raise AuthFailed(self._xrpc.subject, "no app password was given", f"make one at {APP_PASSWORDS}")
        if Xrpc(replace(self._login, secrets={"token": token}), None).has_all_rights:
            ask.say(
                "this is the account's own password, which can change and delete the account: better make an app "
                f"password at {APP_PASSWORDS} and log in again"
            )
        return {"token": token}

    def _expect_this_post(self, request: Request) -> None:
        """Something is under the key of this post already: make sure that it is the post."""
        found = stored(self._xrpc, POST, request.payload["rkey"])
        if found is None:
            raise Duplicate(self._xrpc.subject, "the server has a post under this key but hides it")
        if not bluesky_record.same_post(found, request.payload):
            raise Rejected(
                self._xrpc.subject,
                f"another post has the record key {request.payload['rkey']} already",
                "skip this post and share the link again: it gets a new key",
            )

    def _ref(self, request: Request) -> PostRef:
        uri = f"at://{self._xrpc.did}/{POST}/{request.payload['rkey']}"
        return PostRef(uri, page(uri, self._xrpc.handle))
