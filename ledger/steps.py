"""The single returns that a suggestion can be, each made concrete from what is known of somebody. Pure.

Which of them is offered first is decided by `suggest`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from ledger.addresses import form
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
#: The channel of what its owner told.
_BY_HAND = "hand"
#: Acts in words, which a person may have done in any app already.
_IN_WORDS = frozenset({"thank", "answer", "comment"})


class Known(msgspec.Struct, frozen=True):
    """What is known of one person when a return is looked for.

    `offers` are theirs, best first, and may all be passed on; `read` are the identities whose work is looked at, with
    or without anything to offer. `sites_today` have had something done for them today. `gone` are addresses already
    shared or decided on, `spoken_to` those that I wrote an answer or a comment to, both as `addresses.form` has them;
    `acted` are the acts that were decided on, each with what it is about. Days are told in the zone of `now`.
    """

    person: Person
    now: datetime
    offers: Sequence[Offer] = ()
    read: Collection[Identity] = frozenset()
    sites_today: Collection[Identity] = frozenset()
    gone: Collection[str] = frozenset()
    acted: Collection[tuple[str, str]] = frozenset()
    spoken_to: Collection[str] = frozenset()

    def articles(self) -> list[Offer]:
        """Their articles whose site may still have something done today."""
        found = (offer for offer in self.offers if offer.identity.network == "web")
        return [offer for offer in found if site_of(offer.url) not in self.sites_today]

    def is_done(self, act: str, about: str) -> bool:
        """Whether that was done, by whatever app, or passed over."""
        return (act, about) in self.acted or (act in _IN_WORDS and form(about) in self.spoken_to)


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
    return _suggestion("share", "web", line, known, offer.url, todo, about=offer.url, title=offer.title)


def _boost(line: Line, known: Known) -> Suggestion | None:
    """Their best post on the network where they boosted; their profile, where nobody can look at their posts."""
    who = line.entry.identity
    post = next((offer for offer in known.offers if offer.identity == who), None)
    if post is None and who in known.read:
        return None
    title, about = (post.title, post.url) if post else ("", "")
    todo = f"boost {_quoted(title, 'their best recent post')}"
    return _suggestion("boost", who.network, line, known, about or _profile(line), todo, about=about, title=title)


def _thank(line: Line, known: Known) -> Suggestion | None:
    about = line.entry.url
    if form(about) in known.gone:
        return None
    on, text = _place(line.entry), "Thank you for recommending my work!"
    todo = "thank them, and recommend back"
    return _suggestion("thank", on, line, known, about or _profile(line), todo, about=about, text=text)


def _recommend(line: Line, known: Known) -> Suggestion | None:
    """Back into the blogroll with their site; where none is known, an endorsement by an account that can."""
    sites = (who for who in known.person.identities if who.network == "web")
    accounts = (who for who in known.person.identities if who.network == _ENDORSING)
    who = next(sites, None) or next(accounts, None)
    if who is None:
        return None
    url = profile_url(who)
    how = f"put {who.handle} into your blogroll, tagged as recommended" if who.network == "web" else "endorse them"
    return _suggestion("recommend", who.network, line, known, url, f"recommend them back: {how}", about=url)


def _answer(line: Line, known: Known) -> Suggestion | None:
    entry, about = line.entry, line.entry.url
    if form(about) in known.gone:
        return None
    url = about or entry.my_url or _profile(line)
    return _suggestion("answer", _place(entry), line, known, url, "answer them", about=about)


def _comment(line: Line, known: Known) -> Suggestion | None:
    open_to_words = (offer for offer in known.articles() if not known.is_done("comment", offer.url))
    latest = max(open_to_words, key=lambda offer: offer.published, default=None)
    if latest is None:
        return None
    todo = f"comment on {_quoted(latest.title, 'their latest')}"
    return _suggestion("comment", "web", line, known, latest.url, todo, about=latest.url, title=latest.title)


def _read(line: Line, known: Known) -> Suggestion | None:
    latest = max(known.offers, key=lambda offer: offer.published, default=None)
    title, about = (latest.title, latest.url) if latest else ("", "")
    on = latest.identity.network if latest else line.entry.identity.network
    then = "see what they write about" if line.entry.kind is Kind.FOLLOW else "comment if there is something to say"
    todo = f"read {_quoted(title, 'their latest')}, and {then}"
    return _suggestion("read", on, line, known, about or _profile(line), todo, about=about, title=title)


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
    act: str, on: str, line: Line, known: Known, url: str, todo: str, *, about: str, title: str = "", text: str = ""
) -> Suggestion | None:
    """The act, unless it is done or passed over: the one place that every step asks.

    What leads to a profile, where `about` names nothing of theirs, is known by the favour it answers.
    """
    key = line.entry.key
    if known.is_done(act, about or key):
        return None
    return Suggestion(act, on, title, url, text, _reason(line, known.now), key, todo, about or key)


def _profile(line: Line) -> str:
    """Where they are to be found; where only their network knows that, where they did the favour."""
    return profile_url(line.entry.identity) or line.entry.url


def _place(entry: Entry) -> str:
    """The network on which an act can be answered: theirs, if it or I said that they did it there; else the web.

    Whose address somebody gave on a page elsewhere is their own word: it may be anybody's, who would be called by name.
    """
    who = entry.identity
    if entry.channel in (who.network, _BY_HAND) or _is_on_profile(entry):
        return who.network
    return "web"


def _is_on_profile(entry: Entry) -> bool:
    """Whether the act stands under the address of the account that it is said to be of."""
    profile = profile_url(entry.identity)
    return bool(profile and entry.url) and site_of(entry.url) == site_of(profile)


def _quoted(title: str, otherwise: str) -> str:
    return f"“{title}”" if title else otherwise


def _reason(line: Line, now: datetime) -> str:
    day = line.entry.when.astimezone(now.tzinfo)
    year = f" {day.year}" if day.year != now.year else ""
    return f"they {_DID[line.entry.kind]} on {day.day} {day:%b}{year}"
