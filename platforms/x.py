"""X: posts through API v2 with OAuth 1.0a keys of one's own. Every call costs money, so nothing is asked twice.

X knows no idempotency key: whether a post went out is read from one's own timeline, by its text, where X has put t.co
addresses in the place of links. The way to X is in `x_api`, where reading mentions stands in `x_mentions`.

Left to others: what the text says and how long it is, keeping the budget (the login's meter does), and the link card,
which X makes itself. Left out for their price are followers, profiles of others, and who liked or reposted what: X asks
$0.010 for each user, again at every look.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from platforms.abilities import Act, Profile
from platforms.base import Draft, Json, Limits, Login, Page, PostRef, Request
from platforms.errors import Rejected, Unreachable, Unsupported
from platforms.text import price
from platforms.x_api import SECRETS, WHERE, Answer, Api, Charge, tells_of_none
from platforms.x_intents import intent
from platforms.x_mentions import PAGE, from_cursor, to_cursor
from platforms.x_wire import interactions, linked, listed, profile, ref, says

if TYPE_CHECKING:
    import tweepy

#: A post may seem older than its request by this much: clocks differ, and X rounds to the second.
_SKEW = timedelta(minutes=15)
#: Posts read at once, and how often, until a search for one gives up. The wanted one is mostly the first, and X gives
#: no fewer: so a post can be looked for as long as half a cent is left.
_FIND, _FINDS = 5, 20


class X:
    """Publisher, Reporter, Witness and Intents for one X account.

    Option: `server`, an API other than X's (a proxy, a test). Secrets: `api_key`, `api_secret`, `access_token`,
    `access_secret`. `client` is a `tweepy.Client` with `return_type=dict` to use instead of a new one, `sleep` is what
    waits for a limit to end.
    """

    credential = SECRETS
    where = WHERE
    #: X names the kinds of calls and their prices, but not which call is of which kind. Where that is doubtful, the
    #: dearer kind is taken: a user in the answer is a user read ("User: Read"), to delete is "Interaction: Delete".
    limits = Limits(
        length=280,
        count="x",
        url_length=23,
        card="server",
        price_usd=0.015,
        price_with_url_usd=0.20,
        price_read_usd=0.001,
        price_read_other_usd=0.005,
        price_user_usd=0.010,
        price_delete_usd=0.010,
        source="https://docs.x.com/x-api/getting-started/pricing",
        read_on="2026-11-22",
    )

    def __init__(
        self, login: Login, client: tweepy.Client | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._api = Api(login, client, sleep)

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        """Payload `{"text"}`, and `visibility` where X cannot give it."""
        payload: dict[str, Json] = {"text": draft.text}
        if draft.visibility in {"private", "direct"}:
            payload["visibility"] = draft.visibility
        return Request(key, payload, now)

    def publish(self, request: Request) -> PostRef:
        """Send it. X refuses a text it has from this account already: `Duplicate`, without saying where it is."""
        if "visibility" in request.payload:
            raise Unsupported(self._api.subject, "posts on X are public, and this one must not be")
        text = str(request.payload["text"])
        cost = price(text, self.limits)
        answer, settle = self._api.call(
            lambda client: client.create_tweet(text=text, user_auth=True), Charge("posts", cost, request.key)
        )
        post = answer.get("data")
        if not isinstance(post, dict) or not post.get("id"):
            raise Unreachable(self._api.subject, "X took the post but gave no id")
        settle(max(cost, self.limits.price_with_url_usd if linked(post) else 0.0))
        return ref(post)

    def find(self, request: Request) -> PostRef | None:
        """Look through the account's posts since the request was made, newest first, for its text.

        What is surely not there was not charged either. Raises `Unsupported` when there are too many to read them all.
        """
        text = str(request.payload["text"])
        token = ""
        for _ in range(_FINDS):
            page = listed(self._timeline(request, token))
            for post in page.posts:
                if says(post, text):
                    return ref(post)
            token = page.token
            if not token:
                self._api.release(request.key)
                return None
        raise Unsupported(self._api.subject, f"it is not among the newest {_FIND * _FINDS} posts, and reading on costs")

    def delete(self, ref: PostRef) -> None:
        """Delete the post; one that is gone is no error."""
        if not ref.id.isdecimal():
            raise Rejected(self._api.subject, f"{ref.id} is not the id of a post on X")
        try:
            self._api.call(
                lambda client: client.delete_tweet(ref.id, user_auth=True),
                Charge("posts", self.limits.price_delete_usd, f"delete {ref.id}", ordered=True),
            )
        except Rejected as refusal:
            if not tells_of_none(refusal):
                raise

    def interactions(self, cursor: str | None) -> Page:
        """Read the next mentions, replies and quotes after `cursor`, newest page first; on the first visit so many.

        Whoever wrote them comes along, and is charged for.
        """
        walk = from_cursor(cursor)
        answer = self._api.read(
            lambda client: client.get_users_mentions(
                self._owner,
                max_results=PAGE,
                expansions=["author_id"],
                tweet_fields=["created_at", "entities", "in_reply_to_user_id", "referenced_tweets"],
                user_fields=["protected"],
                user_auth=True,
                **walk.question(),
            ),
            Charge("reads", PAGE * (self.limits.price_read_usd + self.limits.price_user_usd), _today("mentions")),
            self._cost,
        )
        page = listed(answer)
        new = replace(page, posts=tuple(walk.new(page.posts)))
        walk, more = walk.after(page.posts, page.token)
        return Page(tuple(interactions(new, self._owner)), to_cursor(walk), more)

    def whoami(self) -> Profile:
        """The account's own profile; charged as one user."""
        me = self._me(ordered=True).get("data")
        if not isinstance(me, dict) or not me.get("id"):
            raise Unreachable(self._api.subject, "X took the login but does not say whose it is")
        return profile(me)

    def intent(self, act: Act, target: str = "", text: str = "") -> str:
        """X's own page for the act; see `x_intents`."""
        return intent(self._api.subject, act, target, text, self.limits)

    @cached_property
    def _owner(self) -> str:
        return self._api.owner or str((self._me(ordered=False).get("data") or {}).get("id", ""))

    def _me(self, *, ordered: bool) -> Answer:
        return self._api.read(
            lambda client: client.get_me(
                user_auth=True, user_fields=["created_at", "description", "entities", "public_metrics", "url"]
            ),
            Charge("reads", self.limits.price_user_usd, _today("whoami"), ordered),
            lambda _answer: self.limits.price_user_usd,
        )

    def _timeline(self, request: Request, token: str) -> Answer:
        return self._api.read(
            lambda client: client.get_users_tweets(
                self._owner,
                start_time=request.created - _SKEW,
                exclude=["retweets"],
                max_results=_FIND,
                tweet_fields=["created_at", "entities"],
                pagination_token=token or None,
                user_auth=True,
            ),
            Charge("posts", _FIND * self.limits.price_read_usd, _today(f"find {request.key}")),
            self._cost,
        )

    def _cost(self, answer: Answer) -> float:
        page = listed(answer)
        return page.charged * self.limits.price_read_usd + len(page.users) * self.limits.price_user_usd


def _today(question: str) -> str:
    """Names a question of this day: X charges once for what is read twice on one day (UTC)."""
    return f"{question} {datetime.now(UTC):%Y-%m-%d}"
