"""Web intents: the pages of X where a person does an act with one click. Pure: no SDK, no network.

Returning a favour on X is never done by us: apps of one's own may not like, follow or quote, and a reply works only
when its author named the account. Parameters: https://docs.x.com/x-for-websites/web-intents/overview
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from platforms.abilities import Act
from platforms.base import Limits
from platforms.errors import Rejected, Unsupported
from platforms.text import fits, shorten

_INTENT = "https://x.com/intent/"
_HOST = r"(?:https?://)?(?:www\.|mobile\.)?(?:x|twitter)\.com/"
_POST = re.compile(rf"(?:{_HOST}(?:i/web|\w{{1,20}})/status(?:es)?/)?(?P<id>\d{{1,20}})(?:[/?#].*)?", re.IGNORECASE)
_BY_ID = re.compile(rf"(?:{_HOST}i/user/)?(?P<id>\d{{1,20}})(?:[/?#].*)?", re.IGNORECASE)
_BY_NAME = re.compile(rf"(?:{_HOST}(?!i/)@?|@|x:@?|)(?P<name>\w{{1,20}})(?:[/?#].*)?", re.IGNORECASE | re.ASCII)


def intent(subject: str, act: Act, target: str, text: str, limits: Limits) -> str:
    """The address of the page for an act. `target` is the link to share, else a post or an account by id or address.

    The text is shortened until it fits a post, together with the link.
    Raises Unsupported for an act that X has not, Rejected for a target that is of no use to it.
    """
    if act == "share":
        link = {"url": target} if target else {}
        if target and not target.lower().startswith(("https://", "http://")):
            raise _useless(subject, target, "no web address")
        return _page("tweet", {"text": _fitting(text, target, limits), **link})
    if act == "follow":
        return _page("follow", _account(subject, target))
    post = _POST.fullmatch(target.strip())
    if act not in {"reply", "boost", "like"}:
        raise Unsupported(subject, f"there is no way to {act} somebody on X")
    if not post:
        raise _useless(subject, target, "not the address of a post on X")
    if act == "reply":
        return _page("tweet", {"in_reply_to": post["id"], "text": _fitting(text, "", limits)})
    return _page("retweet" if act == "boost" else "like", {"tweet_id": post["id"]})


def _account(subject: str, target: str) -> dict[str, str]:
    """An id where there is one, as X recommends: accounts may be renamed."""
    target = target.strip()
    if found := _BY_ID.fullmatch(target):
        return {"user_id": found["id"]}
    if found := _BY_NAME.fullmatch(target):
        return {"screen_name": found["name"]}
    raise _useless(subject, target, "not an account on X")


def _fitting(text: str, link: str, limits: Limits) -> str:
    return shorten(text, lambda shown: fits(f"{shown} {link}".strip(), limits))


def _page(name: str, given: dict[str, str]) -> str:
    filled = {key: value for key, value in given.items() if value}
    return f"{_INTENT}{name}" + (f"?{urlencode(filled, quote_via=quote, errors='replace')}" if filled else "")


def _useless(subject: str, target: str, why: str) -> Rejected:
    return Rejected(subject, f"{target[:100]!r} is {why}")
