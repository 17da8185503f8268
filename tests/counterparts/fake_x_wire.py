"""What the fake X reads and writes on the wire: signatures, problems, and the fields of posts and users."""

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from urllib.parse import quote, unquote

from counterparts.json_server import Answer, Call

#: The account, as X shows it; every other user has a name and no more.
ME = "1234567"
ADA = {
    "id": ME,
    "name": "Ada",
    "username": "ada",
    "created_at": "2011-04-04T18:36:24.000Z",
    "description": "Gardens &amp; compilers",
    "url": "https://t.co/0123456789",
    "entities": {
        "url": {
            "urls": [{"url": "https://t.co/0123456789", "expanded_url": "https://ada.example", "start": 0, "end": 23}]
        }
    },
    "public_metrics": {
        "followers_count": 3,
        "following_count": 2,
        "tweet_count": 1,
        "post_count": 1,
        "listed_count": 0,
    },
}


def problem(status: int, detail: str, kind: str = "about:blank", headers: dict[str, str] | None = None) -> Answer:
    if kind != "about:blank":
        kind = f"https://api.x.com/2/problems/{kind}"
    body: dict[str, object] = {"title": detail.partition(".")[0], "detail": detail, "type": kind, "status": status}
    if kind.endswith("invalid-request"):
        body["errors"] = [{"parameters": {}, "message": detail}]
    if kind.endswith("resource-not-found"):
        body["resource_type"] = "post"
    return Answer(status, body, headers or {})


def too_many(seconds: int) -> Answer:
    """A limit that ends so many seconds from now."""
    reset = {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0"}
    reset["x-rate-limit-reset"] = str(int(time.time()) + seconds)
    return problem(429, "Too Many Requests", headers=reset)


def asked(query: Mapping[str, str], of: str) -> set[str]:
    """The fields that a call asks for; posts were once called tweets, and X knows both names."""
    names = ("tweet.fields", "post.fields") if of == "post" else (f"{of}.fields",)
    return {each for name in names for each in query.get(name, "").split(",") if each}


def only(thing: Mapping[str, object], fields: set[str]) -> dict[str, object]:
    """The fields of a post or user that have something to say."""
    return {name: value for name, value in thing.items() if name in fields and value}


class Signatures:
    """Checks signatures as RFC 5849 says, with the URL the client signed for, and that no nonce comes twice."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = secrets
        self._nonces: set[str] = set()

    def good(self, call: Call) -> bool:
        given = {
            name: unquote(value)
            for name, value in re.findall(r'(oauth_\w+)="([^"]*)"', call.headers.get("Authorization", ""))
        }
        signature, nonce = given.pop("oauth_signature", ""), given.get("oauth_nonce", "")
        host = call.headers["Host"]
        url = f"{'http' if host.startswith('127.') else 'https'}://{host}{call.path}"
        pairs = sorted((_encode(name), _encode(value)) for name, value in (*given.items(), *call.pairs))
        base = "&".join(_encode(part) for part in (call.method, url, "&".join("=".join(pair) for pair in pairs)))
        key = "&".join(_encode(self._secrets[name]) for name in ("api_secret", "access_secret"))
        expected = base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()
        fresh = nonce not in self._nonces and abs(time.time() - int(given.get("oauth_timestamp", 0))) < 300
        self._nonces.add(nonce)
        keys = (given.get("oauth_consumer_key"), given.get("oauth_token"))
        known = keys == (self._secrets["api_key"], self._secrets["access_token"])
        return fresh and known and hmac.compare_digest(signature, expected)


def _encode(text: str) -> str:
    return quote(text, safe="-._~")


def within(tweet: dict, query: dict[str, str]) -> bool:
    """Whether a query that asks for a part of a timeline asks for this post too."""
    return (
        tweet["created_at"] >= query.get("start_time", "")
        and int(query.get("since_id", 0)) < int(tweet["id"]) < int(query.get("until_id", 2**63))
        and not (query.get("exclude") == "retweets" and tweet["text"].startswith("RT @"))
    )
