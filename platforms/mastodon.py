"""Mastodon, and the servers that speak its API (GoToSocial, Pixelfed, Akkoma, snac, Takahe …), through Mastodon.py.

Carries requests to the server and what it tells back. What to post, when, and how it is worded is decided elsewhere; so
is whether to try again. Ids are opaque strings: decimal, ULID, hex and UUID were all seen. What the JSON means is in
`mastodon_wire` and its neighbours, how a server is talked to in `mastodon_server`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from platforms import (
    mastodon_acts,
    mastodon_instance,
    mastodon_kept,
    mastodon_login,
    mastodon_notices,
    mastodon_people,
    mastodon_timeline,
)
from platforms.abilities import Act, Asker, Picture, Profile, Relation, TheirPost
from platforms.base import Actor, Draft, Interaction, Limits, Login, Page, PostRef, Request
from platforms.errors import AuthFailed, NotSent, PlatformError, RateLimited, Rejected, Unreachable, Unsupported
from platforms.mastodon_accounts import profile, time
from platforms.mastodon_limits import LIMITS
from platforms.mastodon_media import upload
from platforms.mastodon_refusals import Gone, Missing, NoSuchCall, as_refusal_of_a_post
from platforms.mastodon_server import Server
from platforms.mastodon_wire import made_from, ref, says_the_same
from platforms.text import graphemes, shorten

if TYPE_CHECKING:
    from mastodon import Mastodon as Client

# A post can't be older than its request, but the server's clock may be behind ours by this much.
CLOCKS_DIFFER = timedelta(minutes=5)
READ_BACK_PAGES = 10  # of 40 statuses: nobody writes more than that in the time until a retry
#: Characters of a content warning that every server takes; Pixelfed takes no more.
SHORT_WARNING = 140
#: The shortest full page of statuses: a server that can't page further has no more than this to show.
_SHORT_PAGE = 20


class Mastodon:
    """Option `server` (its URL); secret `token`, needed for all but logging in and asking for limits."""

    needs = ("server",)
    credential = ("token",)
    visibilities = ("public", "unlisted", "private", "direct")
    limits = LIMITS
    acts: frozenset[Act] = mastodon_acts.ACTS

    def __init__(self, login: Login, client: Client | None = None) -> None:
        self._login = login
        self._server = Server(login, client)
        self._account: Mapping[str, Any] = {}
        self.limits = login.limits or LIMITS

    def read_limits(self) -> Limits:
        """What this server says it allows; what it leaves out is Mastodon's default. No token needed.

        Unreachable when there is no answer, Unsupported when the server says nothing of it.
        """
        return mastodon_instance.read_limits(Server(self._login, anonymous=True))

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        """The payload is what is sent, and the article's URL to know the post by when it is read back."""
        payload = {
            "status": draft.text,
            "url": draft.url,
            "visibility": draft.visibility,
            "spoiler_text": draft.warning,
            "language": draft.language,
            "picture": draft.image is not None,
            "media": "",
        }
        return Request(key, dict(payload), now)

    def enrich(self, request: Request, picture: Picture | None) -> Request:
        """Upload the picture of a post that has one; its id is sent with the post. Cards are the server's own work."""
        if picture is None or not request.payload.get("picture"):
            return request
        return replace(request, payload={**request.payload, "media": upload(self._server, picture)})

    def simpler(self, request: Request) -> Request | None:
        """The post with a content warning as short as Pixelfed wants it, then without its picture.

        The link is in the text anyway. Each is another post to the server: a key is kept for what was refused, too.
        """
        said, again = request.payload, str(request.payload.get("again", ""))
        if graphemes(str(said["spoiler_text"])) > SHORT_WARNING:
            warning = shorten(str(said["spoiler_text"]), lambda text: graphemes(text) <= SHORT_WARNING)
            return replace(request, payload={**said, "spoiler_text": warning, "again": f"{again}-short"})
        if not said.get("media"):
            return None
        return replace(request, payload={**said, "media": "", "picture": False, "again": f"{again}-plain"})

    def publish(self, request: Request) -> PostRef:
        """Send the status under its idempotency key, which Mastodon keeps for an hour and other servers ignore."""
        said = request.payload
        try:
            status = self._server.call(
                "status_post",
                str(said["status"]),
                media_ids=[str(said["media"])] if said.get("media") else None,
                visibility=str(said["visibility"]),
                spoiler_text=str(said["spoiler_text"]) or None,
                language=str(said["language"]) if said["language"] else None,
                idempotency_key=f"{request.key}{said.get('again', '')}",
            )
        except PlatformError as error:
            meant = as_refusal_of_a_post(error)
            if meant is error:
                raise
            raise meant from error
        if not isinstance(status, dict) or not status.get("id"):
            # A redirect turns the POST into a GET, whose answer is a list.
            remedy = "check that `server` is the address the server itself uses"
            raise Unreachable(self._login.account, "the answer is no status", remedy)
        return ref(status)

    def find(self, request: Request) -> PostRef | None:
        """Read one's own statuses back to the time of the request, and know the post by its text, or by its link.

        The link alone may be that of another post about the same article, but a server may word a text in its own way.
        """
        floor = request.created - CLOCKS_DIFFER
        seen: set[str] = set()
        linked: PostRef | None = None
        query = {"exclude_reblogs": "true", "limit": "40"}
        path = f"/api/v1/accounts/{quote(self._my_id(), safe='')}/statuses"
        for _ in range(READ_BACK_PAGES):
            page = self._server.page(path, query).rows()
            fresh = [status for status in page if str(status["id"]) not in seen]
            recent = [status for status in fresh if (time(status.get("created_at")) or floor) >= floor]
            for status in filter(lambda status: made_from(status, request.payload), recent):
                if says_the_same(status, request.payload):
                    return ref(status)
                linked = linked or ref(status)
            if len(recent) < len(fresh) or not page:
                return linked
            if not fresh:  # the server ignores `max_id`, and gives the same page again
                break
            seen |= {str(status["id"]) for status in fresh}
            query["max_id"] = str(page[-1]["id"])
        if linked or len(seen) < _SHORT_PAGE:
            return linked
        raise Unsupported(self._login.account, f"more than {len(seen)} posts since this one was first sent")

    def delete(self, ref: PostRef) -> None:
        """Delete the status. One that is gone is no error, if it is the server's own word that it is."""
        try:
            self._server.call("status_delete", ref.id)
        except Gone:
            return
        except (AuthFailed, RateLimited, NotSent):
            raise
        except (Rejected, Unreachable):
            if not self._is_gone(ref):
                raise

    def _is_gone(self, ref: PostRef) -> bool:
        """Whether a server that knows the account does not know the status."""
        try:
            self._server.ask("GET", f"/api/v1/statuses/{quote(ref.id, safe='')}")
        except (Gone, Missing) as error:
            self._account = {}
            with suppress(PlatformError):
                return isinstance(error, Gone) or bool(self._me())
        except PlatformError:
            pass
        return False

    def interactions(self, cursor: str | None) -> Page:
        """Notifications after the cursor, oldest first where the server allows."""
        return mastodon_notices.read(self._server, self._my_id(), cursor)

    def whoami(self) -> Profile:
        """The account's own profile."""
        self._account = {}
        if found := profile(self._me(), self._server.home):
            return found
        raise NoSuchCall(self._login.account, "the server does not say what the account is called")

    def profile(self, handle: str) -> Profile | None:
        """Who has this handle, id or profile page."""
        return mastodon_people.find_account(self._server, handle)

    def followers(self) -> Iterator[Actor]:
        """Everybody who follows the account."""
        return mastodon_people.followers(self._server, self._me())

    def following(self) -> Iterator[Actor]:
        """Everybody the account follows."""
        return mastodon_people.following(self._server, self._me())

    def relations(self, ids: Sequence[str]) -> Mapping[str, Relation]:
        """How the account stands to others, by their ids on its server."""
        return mastodon_people.relations(self._server, ids)

    def reactions(self, ref: PostRef) -> Iterator[Interaction]:
        """Boosts and likes of a post, without times: the server tells none."""
        return mastodon_people.reactions(self._server, ref)

    def posts(self, handle: str) -> tuple[TheirPost, ...]:
        """What somebody wrote lately, answers and boosts left out."""
        return mastodon_timeline.posts(self._server, handle)

    def done(self, cursor: str | None) -> Page:
        """My boosts, answers, quotes and mentions, and where my posts lead."""
        return mastodon_timeline.diary(self._server, self._my_id(), cursor)

    def do(self, act: Act, target: str, text: str = "") -> str:
        """Boost, like or answer a post, follow or endorse an account; `text` is the answer's."""
        if act == "reply":
            return mastodon_acts.answer(self._server, self._my_id(), target, text)
        return mastodon_acts.do(self._server, act, target)

    def undo(self, act: Act, target: str) -> None:
        """Take an act back."""
        mastodon_acts.undo(self._server, act, target)

    def enroll(self, ask: Asker) -> Mapping[str, str]:
        """Get a token by OAuth."""
        return mastodon_login.enroll(self._login, ask)

    def _me(self) -> Mapping[str, Any]:
        """The account as its server knows it: surely with an id, and asked for once."""
        if not self._account:
            said = self._server.call("account_verify_credentials")
            if not isinstance(said, Mapping) or not said.get("id"):
                raise NoSuchCall(self._login.account, "the server does not say whose token it is")
            self._account = said
        return self._account

    def _my_id(self) -> str:
        """The account's id, asked for once with a token: it never changes."""
        name, server = mastodon_kept.id_of(self._login), self._server.address
        if not self._account and (kept := mastodon_kept.recall(self._login, server, name)):
            return kept
        mine = str(self._me()["id"])
        mastodon_kept.keep(self._login, server, name, mine)
        return mine
