"""What to do for somebody next, said with what is known locally: the table of returns. Pure.

`owe` decides for whom; carrying a suggestion out is left to the commands. Which articles pass the quality gate is
decided by whoever keeps the offers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.entry import Identity, Kind
from ledger.people import Person
from ledger.settlement import Line
from ledger.who import UnknownWho, profile_url, site_identity


@dataclass(frozen=True, slots=True)
class Offer:
    """Something of theirs that could be passed on: an article of a site, or a post on a network.

    It is alive and has passed the quality gate with `score` (0 to 1). `comments` is where it takes comments, if so.
    With `comment_by` it waits for a comment of mine until then, before it is shared.
    """

    identity: Identity
    url: str
    title: str
    published: datetime
    score: float = 0.0
    comments: str = ""
    comment_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What I decided or did about somebody. One record for each (identity, act, url); the last state counts.

    `act` is a suggestion's act, or `forgive` for everything received up to `at`. `state` is `queued`, `done` or
    `skipped`.
    """

    identity: Identity
    act: str
    at: datetime
    url: str = ""
    state: str = "done"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One act to return a favour with.

    `act` is `share`, `boost`, `thank`, `answer`, `read` or `wait`; `on` the network to do it on (`web` for articles);
    `text` words to start from, may be empty; `reason` what they did, or why to wait; `returns` the key of the entry it
    answers; `todo` the whole act in words, such as "boost their best recent post" (both empty for `wait`).
    """

    act: str
    on: str
    title: str
    url: str
    text: str
    reason: str
    returns: str = ""
    todo: str = ""


NOTHING_YET = "nothing to return yet"

#: Kinds in the order of the table of returns, and the act that answers each.
_ANSWERS: Mapping[Kind, str] = {
    Kind.LINK: "share",
    Kind.SHARE: "share",
    Kind.QUOTE: "share",
    Kind.SUBMIT: "share",
    Kind.BOOST: "boost",
    Kind.RECOMMEND: "thank",
    Kind.COMMENT: "answer",
    Kind.REPLY: "answer",
    Kind.MENTION: "answer",
    Kind.FOLLOW: "read",
    Kind.LIKE: "read",
    Kind.BOOKMARK: "read",
}
_STEPS = ("share", "boost", "thank", "answer", "read")

_DID = {
    Kind.LINK: "linked to you",
    Kind.RECOMMEND: "recommended you",
    Kind.SUBMIT: "submitted your page",
    Kind.SHARE: "shared your link",
    Kind.QUOTE: "quoted you",
    Kind.COMMENT: "commented on your page",
    Kind.BOOST: "boosted you",
    Kind.REPLY: "replied to you",
    Kind.MENTION: "mentioned you",
    Kind.BOOKMARK: "bookmarked your page",
    Kind.LIKE: "liked your post",
    Kind.FOLLOW: "followed you",
    Kind.THANK: "thanked you",
}


def suggest(
    person: Person,
    open_lines: Sequence[Line],
    offers: Sequence[Offer],
    sites_today: Collection[Identity],
    now: datetime,
    gone: Collection[str] = (),
) -> Suggestion:
    """The first possible return for what is open, most telling kind first; `wait` when nothing is possible.

    `offers` are theirs, best first, and may all be shared. `sites_today` have had their share today. Days are told in
    the zone of `now`. `gone` are addresses already acted on: what stands there is neither thanked for nor answered
    again.
    """
    by_act: dict[str, Line] = {}
    for line in sorted(open_lines, key=lambda line: -line.left):
        act = _ANSWERS.get(line.entry.kind)
        if act and not (act in {"thank", "answer"} and line.entry.url in gone):
            by_act.setdefault(act, line)
    steps = [step for step in _STEPS if step in by_act]
    for step in steps:
        if step == "read" and step != steps[0]:
            break  # reading is a return for those who only liked or followed
        made = _make(step, by_act[step], offers, sites_today, now)
        if made:
            return made
    return Suggestion("wait", "", "", "", "", _why_not(person, offers))


def choose_offers(
    offers: Sequence[Offer], now: datetime, max_age: timedelta, gone: Collection[str]
) -> tuple[Offer, ...]:
    """Offers not older than `max_age` and not in `gone` (URLs), best and newest first."""
    fresh = [offer for offer in offers if now - max_age <= offer.published <= now and offer.url not in gone]
    return tuple(sorted(fresh, key=lambda offer: (-offer.score, -offer.published.timestamp(), offer.url)))


def site_of(url: str) -> Identity:
    """The site of a page; what is no web address stands for itself."""
    try:
        return site_identity(url)
    except UnknownWho:
        return Identity("web", url)


def _make(
    step: str, line: Line, offers: Sequence[Offer], sites_today: Collection[Identity], now: datetime
) -> Suggestion | None:
    entry = line.entry
    reason, who = _reason(line, now), entry.identity
    match step:
        case "share":
            articles = (offer for offer in offers if offer.identity.network == "web")
            offer = next((offer for offer in articles if site_of(offer.url) not in sites_today), None)
            if offer is None:
                return None
            first = "comment on it, then " if offer.comments or offer.comment_by else ""
            todo = f"{first}share {_quoted(offer.title, 'their article')}"
            return Suggestion("share", "web", offer.title, offer.url, "", reason, entry.key, todo)
        case "boost":
            posts = (offer for offer in offers if offer.identity == who)
            post = next((post for post in posts if site_of(post.url) not in sites_today), None)
            title, url = (post.title, post.url) if post else ("", profile_url(who) or entry.url)
            todo = f"boost {_quoted(title, 'their best recent post')}"
            return Suggestion("boost", who.network, title, url, "", reason, entry.key, todo)
        case "thank":
            url = entry.url or profile_url(who)
            text = "Thank you for recommending my work!"
            return Suggestion("thank", who.network, "", url, text, reason, entry.key, "thank them, and recommend back")
        case "answer":
            url = entry.url or entry.my_url or profile_url(who)
            return Suggestion("answer", who.network, "", url, "", reason, entry.key, "answer them")
    return _read(line, offers, reason)


def _read(line: Line, offers: Sequence[Offer], reason: str) -> Suggestion:
    who = line.entry.identity
    latest = max(offers, key=lambda offer: offer.published, default=None)
    title, url = (latest.title, latest.url) if latest else ("", profile_url(who) or line.entry.url)
    on = latest.identity.network if latest else who.network
    then = "see what they write about" if line.entry.kind is Kind.FOLLOW else "comment if there is something to say"
    todo = f"read {_quoted(title, 'their latest')}, and {then}"
    return Suggestion("read", on, title, url, "", reason, line.entry.key, todo)


def _quoted(title: str, otherwise: str) -> str:
    return f"“{title}”" if title else otherwise


def _reason(line: Line, now: datetime) -> str:
    day = line.entry.when.astimezone(now.tzinfo)
    year = f" {day.year}" if day.year != now.year else ""
    return f"they {_DID[line.entry.kind]} on {day.day} {day:%b}{year}"


def _why_not(person: Person, offers: Sequence[Offer]) -> str:
    if any(offer.identity.network == "web" for offer in offers):
        return f"{NOTHING_YET}: their site has had its share today"
    if not any(who.network == "web" for who in person.identities):
        return f"{NOTHING_YET}: no site of theirs is known"
    return f"{NOTHING_YET}: look again when they publish"
