"""A small X API v2 with one account: OAuth 1.0a checked for real, t.co links, duplicates refused, faults on demand.

It keeps the bill that X would send. What it answers is kept honest by X's own SDK, which parses it in
`tests/platforms/test_fake_x.py`. Not here: media, streams, likes, OAuth 2.0.
"""

import itertools
import re
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from counterparts.fake_x_wire import ADA, ME, Signatures, asked, only, problem, too_many, within
from counterparts.json_server import Answer, Call, JsonServer
from counterparts.x_text import shorten, weight

from platforms.base import FREE, Login, Meter
from platforms.x import X

SECRETS = {
    "api_key": "key-of-the-app",
    "api_secret": "secret-of-the-app/+&=",
    "access_token": f"{ME}-token-of-the-account",
    "access_secret": "secret-of-the-account%",
}


class FakeX:
    """The counterpart of `platforms.x`."""

    name = "x"

    def __init__(self, _folder: Path | None = None) -> None:
        self.secrets = dict(SECRETS)
        self.users: dict[str, dict] = {ME: dict(ADA)}
        self.tweets: dict[str, dict] = {}
        self.silent: list[tuple[str, str]] = []
        self.calls: list[str] = []
        self.items_read = 0
        self.bill = 0.0
        self.meter: Meter = FREE
        self.slept: list[float] = []
        self.timeout = 5.0
        self._ids = itertools.count((int(time.time() * 1000) - 1_288_834_974_657) << 22)
        self._tells_me: set[str] = set()
        self._signatures = Signatures(self.secrets)
        self._next: Answer | str | None = None
        self._next_read: Answer | str | None = None
        self._repeats = False
        self._forgotten = 0  # so many of the oldest posts may be repeated
        self._over = threading.Event()
        self.received = threading.Event()  # a post whose answer is held back is there
        self._server = JsonServer(self._handle)
        self.url = self._server.url

    def adapter(self, *, login: bool = True, **secrets: str) -> X:
        return X(self.login(login=login, **secrets), sleep=self.slept.append)

    def login(self, *, login: bool = True, **secrets: str) -> Login:
        options = {"server": self.url}
        return Login("x", options, SECRETS | secrets if login else {}, self.timeout, meter=self.meter)

    def posts(self) -> list[str]:
        return [tweet["written"] for tweet in self.tweets.values() if tweet["author_id"] == ME]

    def forget(self) -> None:
        self._forgotten = len(self.posts())

    def lose_answer(self) -> None:
        self._next = "lose"

    def delay_answer(self) -> None:
        self._next, self.timeout = "delay", 1.0
        self.received.clear()

    def refuse_login(self) -> None:
        self.secrets["access_secret"] = "revoked"

    def rate_limit(self, seconds: int) -> None:
        self._next = too_many(seconds)

    def fail(self, status: int, detail: str = "on demand", kind: str = "about:blank") -> None:
        self._next = problem(status, detail, kind)

    def heal(self) -> None:
        self._next = self._next_read = None

    def fail_read(self, answer: Answer | None = None) -> None:
        """The next page of posts is answered with this; without one, the answer is lost."""
        self._next_read = answer or "lose"

    def mention(self, text: str) -> None:
        self.post(f"@ada {text}", self._somebody())

    def act(self, kind: str) -> None:
        """X tells of replies and quotes; likes, follows and reposts it does not."""
        mine = next((tweet_id for tweet_id in reversed(self.tweets) if self.tweets[tweet_id]["author_id"] == ME), "")
        who = self._somebody()
        if kind == "mention":
            self.post("hello @ada", who)
        elif kind == "reply":
            self.post("@ada indeed", who, reply_to=mine)
        elif kind == "quote":
            self.post("look", who, quote=mine)
        elif kind == "boost":
            self.boost(mine, who)
        elif kind in {"like", "follow"}:
            self.silent.append((kind, who))
        else:
            raise NotImplementedError(kind)

    def repeat_page(self, on: bool = True) -> None:
        self._repeats = on

    def empty_page(self) -> None:
        self._next_read = "empty"

    def lose_post(self) -> None:
        mine = [tweet_id for tweet_id, tweet in self.tweets.items() if tweet["author_id"] == ME]
        del self.tweets[mine[-1]]

    def refuse_picture(self) -> NoReturn:
        raise NotImplementedError

    def close(self) -> None:
        self._over.set()
        self._server.close()

    def _somebody(self) -> str:
        return self.user(f"reader{len(self.users)}")

    def user(self, name: str) -> str:
        """Somebody else; gives their id."""
        user_id = str(2_000_000 + len(self.users))
        self.users[user_id] = {"id": user_id, "name": name.title(), "username": name}
        return user_id

    def post(
        self, text: str, author: str = ME, *, at: datetime | None = None, reply_to: str = "", quote: str = ""
    ) -> str:
        """Put a post there, as written by somebody in X's own pages; gives its id."""
        tweet_id = str(next(self._ids))
        written = f"{text} {self._status(quote)}" if quote else text
        shown, urls = shorten(written)
        ids = {user["username"]: user["id"] for user in self.users.values()}
        names = [name for name in re.finditer(r"@(\w+)", shown) if name[1] in ids]
        mentions = [
            {"start": name.start(), "end": name.end(), "username": name[1], "id": ids[name[1]]} for name in names
        ]
        others = [{"type": kind, "id": other} for kind, other in (("replied_to", reply_to), ("quoted", quote)) if other]
        self.tweets[tweet_id] = {
            "id": tweet_id,
            "text": shown,
            "edit_history_tweet_ids": [tweet_id],
            "author_id": author,
            "created_at": (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "entities": {"urls": urls, "mentions": mentions},
            "referenced_tweets": others,
            "referenced_posts": others,
            "in_reply_to_user_id": self.tweets[reply_to]["author_id"] if reply_to else None,
            "written": written,
        }
        about = {name["id"] for name in mentions} | {self.tweets[other["id"]]["author_id"] for other in others}
        if author != ME and ME in about:  # it names me, answers me or quotes me: it is among my mentions
            self._tells_me.add(tweet_id)
        return tweet_id

    def boost(self, tweet_id: str, author: str = ME) -> None:
        """Pass on a post, as somebody does in X's own pages."""
        other = self.tweets[tweet_id]
        again = self.post(f"RT @{self.users[other['author_id']]['username']}: {other['written']}", author)
        self.tweets[again]["referenced_tweets"] = [{"type": "retweeted", "id": tweet_id}]
        self._tells_me.discard(again)

    def _status(self, tweet_id: str) -> str:
        return f"https://twitter.com/{self.users[self.tweets[tweet_id]['author_id']]['username']}/status/{tweet_id}"

    # -- the server

    def _handle(self, call: Call) -> Answer | None:
        self.calls.append(f"{call.method} {call.path}")
        if not self._signatures.good(call):
            return problem(401, "Unauthorized")
        if (call.method, call.path) == ("POST", "/2/tweets"):
            ordered, self._next = self._next, None
            answer = ordered if isinstance(ordered, Answer) else self._create(call.json)
            if ordered == "delay":
                self.received.set()
                return replace(answer, after=self._over)
            return None if ordered == "lose" else answer
        if call.method == "DELETE" and (found := re.fullmatch(r"/2/tweets/(\d+)", call.path)):
            return self._delete(found[1])
        if call.path == "/2/users/me":
            self.bill += 0.010
            return Answer(200, {"data": only(self.users[ME], {"id", "name", "username"} | asked(call.query, "user"))})
        if found := re.fullmatch(rf"/2/users/{ME}/(tweets|mentions)", call.path):
            ordered, self._next_read = self._next_read, None
            answer = ordered if isinstance(ordered, Answer) else self._page(call.query, found[1], ordered == "empty")
            return None if ordered == "lose" else answer
        return problem(404, "Not Found")

    def _create(self, body: dict) -> Answer:
        text = body.get("text", "")
        if not text:
            return problem(400, "One or more parameters to your request was invalid.", "invalid-request")
        if text in self.posts()[self._forgotten :]:
            return problem(403, "You are not allowed to create a Tweet with duplicate content.")
        if weight(text) > 280:
            return problem(403, "Your Tweet text is too long.")
        tweet = self.tweets[self.post(text)]
        self.bill += 0.20 if tweet["entities"]["urls"] else 0.015
        return Answer(201, {"data": only(tweet, {"id", "text", "edit_history_tweet_ids"})})

    def _delete(self, tweet_id: str) -> Answer:
        if self.tweets.pop(tweet_id, None) is None:
            return problem(404, f"Could not find tweet with id: [{tweet_id}].", "resource-not-found")
        self.bill += 0.010
        return Answer(200, {"data": {"deleted": True}})

    def _page(self, query: dict[str, str], what: str, empty: bool) -> Answer:
        size, start = int(query.get("max_results", 10)), int(query.get("pagination_token", "t0")[1:])
        if not 5 <= size <= 100:
            return problem(400, "The `max_results` query parameter value is not between 5 and 100", "invalid-request")
        found = [tweet for tweet in reversed(self.tweets.values()) if self._is_asked_for(tweet, query, what)]
        if self._repeats and what == "mentions":
            found, start = [self.tweets[each] for each in reversed(self.tweets) if each in self._tells_me], 0
        page = [] if empty else found[start : start + size]
        meta: dict[str, object] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
        if start + len(page) < len(found):
            meta["next_token"] = f"t{start + len(page)}"
        fields = {"id", "text", "edit_history_tweet_ids"} | asked(query, "post")
        fields |= {"author_id"} & set(query.get("expansions", "").split(","))
        body: dict[str, object] = ({"data": [only(tweet, fields) for tweet in page]} if page else {}) | {"meta": meta}
        authors = {tweet["author_id"] for tweet in page} if "author_id" in fields else set()
        if authors:
            about = {"id", "name", "username"} | asked(query, "user")
            body["includes"] = {"users": [only(self.users[each], about) for each in authors]}
        self.items_read += len(page)
        self.bill += len(page) * 0.001 + len(authors) * 0.010
        return Answer(200, body)

    def _is_asked_for(self, tweet: dict, query: dict[str, str], what: str) -> bool:
        told = tweet["author_id"] == ME if what == "tweets" else tweet["id"] in self._tells_me
        return told and within(tweet, query)
