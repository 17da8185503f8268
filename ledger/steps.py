"""The single returns that a suggestion can be, each made concrete from what is known of somebody. Pure.

Which of them is offered first is decided by `suggest`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.entry import Entry, Identity, Kind
from ledger.people import Person
from ledger.settlement import Line
from ledger.suggestion import Offer, Suggestion
from ledger.who import UnknownWho, profile_url, site_identity

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
#: Where one account can recommend another.
_ENDORSING = "mastodon"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one person when a return is looked for.

    `offers` are theirs, best first, and may all be passed on; `read` are the identities whose work is looked at, with
    or without anything to offer. `sites_today` have had something done for them today. `gone` are addresses already
    acted on, `acted` the acts and addresses that are decided on. Days are told in the zone of `now`.
    """

    person: Person
    now: datetime
    offers: Sequence[Offer] = ()
    read: Collection[Identity] = frozenset()
    sites_today: Collection[Identity] = frozenset()
    gone: Collection[str] = frozenset()
    acted: Collection[tuple[str, str]] = frozenset()

    def articles(self) -> list[Offer]:
        """Their articles whose site may still have something done today."""
        found = (offer for offer in self.offers if offer.identity.network == "web")
        return [offer for offer in found if site_of(offer.url) not in self.sites_today]

    def is_done(self, act: str, url: str) -> bool:
        """Whether that was done, or passed over."""
        return (act, url) in self.acted


def site_of(url: str) -> Identity:
    """The site of a page; what is no web address stands for itself."""
    try:
        return site_identity(url)
    except UnknownWho:
        return Identity("web", url)


def _share(line: Line, known: Known) -> Suggestion | None:
    offer = next(iter(known.articles()), None)
    if offer is None:
        return None
    first = "comment on it, then " if offer.comments or offer.comment_by else ""
    todo = f"{first}share {_quoted(offer.title, 'their article')}"
    return _suggestion("share", "web", line, known, offer.url, todo, title=offer.title)


def _boost(line: Line, known: Known) -> Suggestion | None:
    """Their best post on the network where they boosted; their profile, where nobody can look at their posts."""
    who = line.entry.identity
    posts = (offer for offer in known.offers if offer.identity == who)
    post = next((post for post in posts if site_of(post.url) not in known.sites_today), None)
    if post is None and who in known.read:
        return None
    title, url = (post.title, post.url) if post else ("", profile_url(who) or line.entry.url)
    todo = f"boost {_quoted(title, 'their best recent post')}"
    return _suggestion("boost", who.network, line, known, url, todo, title=title)


def _thank(line: Line, known: Known) -> Suggestion | None:
    url = line.entry.url or profile_url(line.entry.identity)
    if url in known.gone or known.is_done("thank", url):
        return None
    text = "Thank you for recommending my work!"
    on = line.entry.identity.network
    return _suggestion("thank", on, line, known, url, "thank them, and recommend back", text=text)


def _recommend(line: Line, known: Known) -> Suggestion | None:
    """Back into the blogroll with their site; where none is known, an endorsement by an account that can."""
    sites = (who for who in known.person.identities if who.network == "web")
    accounts = (who for who in known.person.identities if who.network == _ENDORSING)
    who = next(sites, None) or next(accounts, None)
    url = profile_url(who) if who else ""
    if who is None or known.is_done("recommend", url):
        return None
    how = f"put {who.handle} into your blogroll, tagged as recommended" if who.network == "web" else "endorse them"
    return _suggestion("recommend", who.network, line, known, url, f"recommend them back: {how}")


def _answer(line: Line, known: Known) -> Suggestion | None:
    url = _where(line.entry)
    if line.entry.url in known.gone or known.is_done("answer", url):
        return None
    return _suggestion("answer", line.entry.identity.network, line, known, url, "answer them")


def _comment(line: Line, known: Known) -> Suggestion | None:
    latest = max(known.articles(), key=lambda offer: offer.published, default=None)
    if latest is None:
        return None
    todo = f"comment on {_quoted(latest.title, 'their latest')}"
    return _suggestion("comment", "web", line, known, latest.url, todo, title=latest.title)


def _read(line: Line, known: Known) -> Suggestion | None:
    who = line.entry.identity
    latest = max(known.offers, key=lambda offer: offer.published, default=None)
    title, url = (latest.title, latest.url) if latest else ("", profile_url(who) or line.entry.url)
    on = latest.identity.network if latest else who.network
    then = "see what they write about" if line.entry.kind is Kind.FOLLOW else "comment if there is something to say"
    todo = f"read {_quoted(title, 'their latest')}, and {then}"
    return _suggestion("read", on, line, known, url, todo, title=title)


#: Every return, in the order in which they are looked at.
STEPS: Mapping[str, Callable[[Line, Known], Suggestion | None]] = {
    "share": _share,
    "boost": _boost,
    "thank": _thank,
    "recommend": _recommend,
    "answer": _answer,
    "comment": _comment,
    "read": _read,
}


def _suggestion(
    act: str, on: str, line: Line, known: Known, url: str, todo: str, *, title: str = "", text: str = ""
) -> Suggestion:
    return Suggestion(act, on, title, url, text, _reason(line, known.now), line.entry.key, todo)


def _where(entry: Entry) -> str:
    return entry.url or entry.my_url or profile_url(entry.identity)


def _quoted(title: str, otherwise: str) -> str:
    return f"“{title}”" if title else otherwise


def _reason(line: Line, now: datetime) -> str:
    day = line.entry.when.astimezone(now.tzinfo)
    year = f" {day.year}" if day.year != now.year else ""
    return f"they {_DID[line.entry.kind]} on {day.day} {day:%b}{year}"
