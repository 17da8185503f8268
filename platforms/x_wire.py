"""What X's posts mean in our words, and how a text looks after X has had it. Pure: no SDK, no network.

Fields: https://docs.x.com/x-api/fundamentals/data-dictionary
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from platforms.abilities import Profile
from platforms.base import Actor, Interaction, PostRef

_STATUS = re.compile(r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?P<name>\w+)/status/(?P<id>\d+)", re.IGNORECASE)
_ID = re.compile(r"[0-9]{1,30}")
_BOOSTED = re.compile(r"RT @(\w+):")


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of posts, newest first, with the users that came along and the token of the next page.

    `posts` are those that are posts: what has no id is left out, so that it hides no other. `charged` counts all that X
    sent, as its bill does.
    """

    posts: tuple[Mapping[str, Any], ...] = ()
    users: tuple[Mapping[str, Any], ...] = ()
    token: str = ""
    charged: int = 0


def listed(answer: Mapping[str, Any]) -> Listed:
    """The page in an answer."""
    sent, meta = _objects(answer.get("data")), answer.get("meta")
    token = str(meta.get("next_token") or "") if isinstance(meta, Mapping) else ""
    includes = answer.get("includes")
    users = _objects(includes.get("users")) if isinstance(includes, Mapping) else ()
    posts = tuple(post for post in sent if isinstance(post, Mapping) and _ID.fullmatch(str(post.get("id"))))
    return Listed(posts, tuple(user for user in users if isinstance(user, Mapping) and "id" in user), token, len(sent))


def _objects(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def ref(post: Mapping[str, Any]) -> PostRef:
    """Where a post lives; this address leads there whatever the account is called."""
    return PostRef(str(post["id"]), page(post["id"]))


def page(post_id: object) -> str:
    """The web page of a post."""
    return f"https://x.com/i/web/status/{post_id}"


def says(post: Mapping[str, Any], text: str) -> bool:
    """Whether a post is what became of `text`: X escapes `&`, `<` and `>`, and puts t.co addresses for links."""
    shown = html.unescape(str(post.get("text") or ""))
    for link in _entities(post, "urls"):
        shown = shown.replace(link.get("url") or "\0", link.get("expanded_url") or "")
    return _comparable(shown) == _comparable(text)


def linked(post: Mapping[str, Any]) -> bool:
    """Whether X made a link of something in a post."""
    return "https://t.co/" in str(post.get("text"))


def _comparable(text: str) -> str:
    """Fold away how one link can be written differently: scheme, case, escapes, a closing slash."""
    text = re.sub(r"https?://", "", unquote(unicodedata.normalize("NFC", text)), flags=re.IGNORECASE)
    return " ".join(word.removesuffix("/") for word in text.casefold().split())


def interactions(page: Listed, me: str) -> Iterator[Interaction]:
    """Give what the posts of one page of mentions of the account `me` (its id) were to it, oldest first.

    Needs the fields created_at, entities, in_reply_to_user_id and referenced_tweets, the expansion author_id
    and of users the field protected.
    """
    known = {str(user["id"]): user for user in page.users}
    for post in reversed(page.posts):
        try:
            act = _interaction(post, known, me)
        except (AttributeError, KeyError, TypeError):
            continue  # a post that is none must not hide the others
        if act:
            yield act


def _interaction(post: Mapping[str, Any], users: Mapping[str, Mapping[str, Any]], me: str) -> Interaction | None:
    kind, target = _act(post, me)
    if not kind:
        return None
    author = str(post.get("author_id") or "")
    return Interaction(
        kind=kind,
        actor=_author(author, users.get(author) or {}),
        id=str(post["id"]),
        url=page(post["id"]),
        target=page(target) if target else "",
        at=_time(post.get("created_at")),
        text=str(post.get("text") or ""),
        private=(users.get(author) or {}).get("protected") is True,
    )


def profile(user: Mapping[str, Any]) -> Profile:
    """An account as it describes itself; needs created_at, description, entities, public_metrics and url."""
    counts = user.get("public_metrics") or {}
    entities = user.get("entities") or {}
    links = [link for part in ("url", "description") for link in (entities.get(part) or {}).get("urls") or ()]
    return Profile(
        _author(str(user.get("id") or ""), user),
        text=html.unescape(str(user.get("description") or "")),
        links=tuple(dict.fromkeys(str(link["expanded_url"]) for link in links if link.get("expanded_url"))),
        created=_time(user.get("created_at")),
        posts=counts.get("tweet_count", counts.get("post_count")),
        followers=counts.get("followers_count"),
        following=counts.get("following_count"),
    )


def _act(post: Mapping[str, Any], me: str) -> tuple[str, str]:
    """The ledger's kind (empty: none), and the id of the post of mine it was done to."""
    others = {str(other.get("type")): str(other.get("id")) for other in post.get("referenced_tweets") or ()}
    names = {str(name.get("username")).lower() for name in _entities(post, "mentions") if str(name.get("id")) == me}
    if "retweeted" in others:
        whose = _BOOSTED.match(str(post.get("text")))
        return ("boost", others["retweeted"]) if whose and whose[1].lower() in names else ("", "")
    if "replied_to" in others and str(post.get("in_reply_to_user_id")) == me:
        return "reply", others["replied_to"]
    # The address of a quoted post names its author; and where I am not named at all, being quoted is why X tells me.
    if "quoted" in others and (not names or names & _authors(post, others["quoted"])):
        return "quote", others["quoted"]
    return "mention", ""


def _authors(post: Mapping[str, Any], linked: str) -> set[str]:
    links = (_STATUS.match(str(link.get("expanded_url"))) for link in _entities(post, "urls"))
    return {link["name"].lower() for link in links if link and link["id"] == linked}


def _author(user_id: str, user: Mapping[str, Any]) -> Actor:
    name = str(user.get("username") or "")
    url = f"https://x.com/{name}" if name else f"https://x.com/i/user/{user_id}"
    return Actor(name or user_id, user_id, url, str(user.get("name") or ""))


def _entities(post: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    return (post.get("entities") or {}).get(kind) or []


def _time(said: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(said)).astimezone(UTC)
    except ValueError:
        return None
