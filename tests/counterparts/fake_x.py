"""A small X API v2 with one account: OAuth 1.0a checked for real, t.co links, duplicates refused, faults on demand.

What it answers is kept honest by X's own SDK, which parses it in `tests/platforms/test_fake_x.py`. Not here: media,
streams, likes, OAuth 2.0.
"""

import base64
import hashlib
import hmac
import itertools
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

from counterparts.json_server import Answer, Call, JsonServer
from counterparts.x_text import shorten, weight

from platforms.base import Login
from platforms.x import X

ME = "1234567"
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
        self.users = {ME: {"id": ME, "name": "Ada", "username": "ada"}}
        self.tweets: dict[str, dict] = {}
        self.calls: list[str] = []
        self.items_read = 0
        self._ids = itertools.count((int(time.time() * 1000) - 1_288_834_974_657) << 22)
        self._nonces: set[str] = set()
        self._next: Answer | str | None = None
        self._server = JsonServer(self._handle)
        self.url = self._server.url

    # -- the counterpart

    def adapter(self, *, login: bool = True, **secrets: str) -> X:
        return X(self.login(login=login, **secrets))

    def login(self, *, login: bool = True, timeout: float = 5.0, **secrets: str) -> Login:
        return Login("x", {"server": self.url}, SECRETS | secrets if login else {}, timeout)

    def posts(self) -> list[str]:
        return [tweet["written"] for tweet in self.tweets.values() if tweet["author_id"] == ME]

    def lose_answer(self) -> None:
        self._next = "lose"

    def refuse_login(self) -> None:
        self.secrets["access_secret"] = "revoked"

    def rate_limit(self, seconds: int) -> None:
        reset = {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0"}
        reset["x-rate-limit-reset"] = str(int(time.time()) + seconds)
        self._next = problem(429, "Too Many Requests", headers=reset)

    def fail(self, status: int, detail: str = "on demand", kind: str = "about:blank") -> None:
        self._next = problem(status, detail, kind)

    def mention(self, text: str) -> None:
        self.post(f"@ada {text}", self.user(f"reader{len(self.users)}"))

    def close(self) -> None:
        self._server.close()

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
        self.tweets[tweet_id] = {
            "id": tweet_id,
            "text": shown,
            "edit_history_tweet_ids": [tweet_id],
            "author_id": author,
            "created_at": (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "entities": {
                "urls": urls,
                "mentions": [
                    {"start": name.start(), "end": name.end(), "username": name[1], "id": ids[name[1]]}
                    for name in names
                ],
            },
            "referenced_tweets": [
                {"type": kind, "id": other} for kind, other in (("replied_to", reply_to), ("quoted", quote)) if other
            ],
            "in_reply_to_user_id": self.tweets[reply_to]["author_id"] if reply_to else None,
            "written": written,
        }
        return tweet_id

    def boost(self, tweet_id: str) -> None:
        """Pass on a post, as the owner of the account does in X's own pages."""
        other = self.tweets[tweet_id]
        mine = self.post(f"RT @{self.users[other['author_id']]['username']}: {other['written']}")
        self.tweets[mine]["referenced_tweets"] = [{"type": "retweeted", "id": tweet_id}]

    def _status(self, tweet_id: str) -> str:
        return f"https://twitter.com/{self.users[self.tweets[tweet_id]['author_id']]['username']}/status/{tweet_id}"

    def _tells_me(self, tweet: dict) -> bool:
        """Whether a post is among my mentions: it names me, answers me or quotes me."""
        if tweet["author_id"] == ME:
            return False
        others = (self.tweets.get(other["id"], {}) for other in tweet["referenced_tweets"])
        named = any(name["id"] == ME for name in tweet["entities"]["mentions"])
        return named or any(other.get("author_id") == ME for other in others)

    # -- the server

    def _handle(self, call: Call) -> Answer | None:
        self.calls.append(f"{call.method} {call.path}")
        if not self._signed(call):
            return problem(401, "Unauthorized")
        if (call.method, call.path) == ("POST", "/2/tweets"):
            ordered, self._next = self._next, None
            answer = ordered if isinstance(ordered, Answer) else self._create(call.json)
            return None if ordered == "lose" else answer
        if call.method == "DELETE" and (found := re.fullmatch(r"/2/tweets/(\d+)", call.path)):
            return self._delete(found[1])
        if call.path == "/2/users/me":
            return Answer(200, {"data": self.users[ME]})
        if found := re.fullmatch(rf"/2/users/{ME}/(tweets|mentions)", call.path):
            return self._page(call.query, found[1])
        return problem(404, "Not Found")

    def _signed(self, call: Call) -> bool:
        """Check the signature as RFC 5849 says, with the URL the client signed for, and that no nonce comes twice."""
        given = {
            name: unquote(value)
            for name, value in re.findall(r'(oauth_\w+)="([^"]*)"', call.headers.get("Authorization", ""))
        }
        signature, nonce = given.pop("oauth_signature", ""), given.get("oauth_nonce", "")
        host = call.headers["Host"]
        url = f"{'http' if host.startswith('127.') else 'https'}://{host}{call.path}"
        pairs = sorted((encode(name), encode(value)) for name, value in (*given.items(), *call.pairs))
        base = "&".join(encode(part) for part in (call.method, url, "&".join("=".join(pair) for pair in pairs)))
        key = "&".join(encode(self.secrets[name]) for name in ("api_secret", "access_secret"))
        expected = base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()
        fresh = nonce not in self._nonces and abs(time.time() - int(given.get("oauth_timestamp", 0))) < 300
        self._nonces.add(nonce)
        keys = (given.get("oauth_consumer_key"), given.get("oauth_token"))
        known = keys == (self.secrets["api_key"], self.secrets["access_token"])
        return fresh and known and hmac.compare_digest(signature, expected)

    def _create(self, body: dict) -> Answer:
        text = body.get("text", "")
        if not text:
            return problem(400, "One or more parameters to your request was invalid.", "invalid-request")
        if text in self.posts():
            return problem(403, "You are not allowed to create a Tweet with duplicate content.")
        if weight(text) > 280:
            return problem(403, "Your Tweet text is too long.")
        tweet = self.tweets[self.post(text)]
        return Answer(201, {"data": {name: tweet[name] for name in ("id", "text", "edit_history_tweet_ids")}})

    def _delete(self, tweet_id: str) -> Answer:
        if self.tweets.pop(tweet_id, None) is None:
            return problem(404, f"Could not find tweet with id: [{tweet_id}].", "resource-not-found")
        return Answer(200, {"data": {"deleted": True}})

    def _page(self, query: dict[str, str], what: str) -> Answer:
        size, start = int(query.get("max_results", 10)), int(query.get("pagination_token", "t0")[1:])
        if not 5 <= size <= 100:
            return problem(400, "The `max_results` query parameter value is not between 5 and 100", "invalid-request")
        since = query.get("start_time", "")
        found = [
            tweet
            for tweet in reversed(self.tweets.values())
            if (tweet["author_id"] == ME if what == "tweets" else self._tells_me(tweet))
            and tweet["created_at"] >= since
            and int(tweet["id"]) > int(query.get("since_id", 0))
            and not (query.get("exclude") == "retweets" and tweet["text"].startswith("RT @"))
        ]
        page = found[start : start + size]
        self.items_read += len(page)
        fields = {"id", "text", "edit_history_tweet_ids"}
        fields |= set(f"{query.get('tweet.fields', '')},{query.get('post.fields', '')}".split(","))
        meta: dict[str, object] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
        if start + size < len(found):
            meta["next_token"] = f"t{start + size}"
        fields |= {"author_id"} & set(query.get("expansions", "").split(","))
        data = [{name: value for name, value in tweet.items() if name in fields and value} for tweet in page]
        body: dict[str, object] = ({"data": data} if data else {}) | {"meta": meta}
        if "author_id" in fields and page:
            body["includes"] = {"users": [self.users[each] for each in {tweet["author_id"] for tweet in page}]}
        return Answer(200, body)


def problem(status: int, detail: str, kind: str = "about:blank", headers: dict[str, str] | None = None) -> Answer:
    if kind != "about:blank":
        kind = f"https://api.twitter.com/2/problems/{kind}"
    body: dict[str, object] = {"title": detail.partition(".")[0], "detail": detail, "type": kind, "status": status}
    if kind.endswith("invalid-request"):
        body["errors"] = [{"parameters": {}, "message": detail}]
    return Answer(status, body, headers or {})


def encode(text: str) -> str:
    return quote(text, safe="-._~")
