"""What the link check learnt of pages, kept between runs: one Check for each article that was about to be shared.

Pure but for reading and writing the collection. How a page is looked at is `check`'s business, what its answer means
`verdict`'s; whether an article is worth sharing is judged elsewhere, with these as evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from syndicator import urls
from syndicator.articles import Article
from syndicator.pages.base import Credit

if TYPE_CHECKING:
    from ledger.store.base import Store

COLLECTION = "checks"

#: For so long a page that was found well counts as there when posts are planned, and right before one is sent.
PLANNING, POSTING = timedelta(days=1), timedelta(hours=1)
#: A check is kept for so long: few articles are shared when they are older, and those are simply looked at again.
_KEPT = timedelta(days=30)

#: Names that nobody can register: RFC 2606 and RFC 6761. `localhost` is not among them: it is a real place, one's own.
_NOBODYS_ENDINGS = (".example", ".test", ".invalid")
_NOBODYS_DOMAINS = ("example.com", "example.net", "example.org")

_REFUSED = "link check: "

#: A feed with fewer words gives a teaser only; how long the article is, its page tells.
_TEASER_WORDS = 120


class Check(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How one article's page was found at `at` (UTC). `url` is the article's canonical URL, and the key.

    `verdict`: "ok" may be shared, "dead" may not, "unsure" may not yet. `reason` is a sentence's end that does not name
    the address; an ok page has one too where robots could not read it. `again` is when a page that is not ok may be
    asked again, None for never; `tries` counts the looks since `since` that did not find it ok. `server_until` is when
    its server wants to be asked again for anything, None where it said nothing of the kind. `final_url` and `canonical`
    are where redirects led and what the page calls itself, in normal form, `permanent_url` is where they led for good
    ("": nowhere); the texts are the page's own, "" where it has none. `paywall` and `adult` are marks that it bears.
    `status` is the HTTP status, 0 without answer.
    """

    url: str
    at: datetime
    verdict: Literal["ok", "dead", "unsure"]
    reason: str = ""
    status: int = 0
    final_url: str = ""
    permanent_url: str = ""
    canonical: str = ""
    title: str = ""
    description: str = ""
    site_name: str = ""
    author: str = ""
    language: str | None = None
    image: str = ""
    image_alt: str = ""
    credits: tuple[Credit, ...] = ()
    words: int = 0
    paywall: str = ""
    adult: bool = False
    tries: int = 0
    since: datetime | None = None
    again: datetime | None = None
    server_until: datetime | None = None
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""

    @property
    def ok(self) -> bool:
        """Whether the page may be shared as far as anyone can tell."""
        return self.verdict == "ok"

    @property
    def lasting(self) -> bool:
        """Whether the page stays where it was found: redirects led there for good, or it says so itself.

        Any other redirect may lead to a question ("are you over 18?") or to an address for this one visit.
        """
        return self.final_url in (self.url, self.permanent_url, self.canonical)

    @property
    def place(self) -> str:
        """Where its readers end up for good: where lasting redirects led, else the address itself."""
        return self.final_url if self.lasting and self._is_elsewhere(self.final_url) else self.url

    @property
    def called(self) -> str:
        """What the page calls itself, else where it is."""
        return self.canonical if self._is_elsewhere(self.canonical) else self.place

    def _is_elsewhere(self, address: str) -> bool:
        return address not in ("", self.url, urls.canonical(self.url))

    def holds(self, now: datetime, within: timedelta = PLANNING) -> bool:
        """Whether it is still to be believed: a good one for a time, any other until its page may be asked again."""
        if self.ok:
            return now - self.at < within
        return self.again is None or now < self.again


def load(store: Store) -> dict[str, Check]:
    """Every check that is kept, by the article's URL."""
    return {url: msgspec.convert(document, Check) for url, document in store.scan(COLLECTION)}


def save(store: Store, checks: Iterable[Check]) -> None:
    """Store checks in place of earlier ones of the same articles."""
    if documents := {check.url: msgspec.to_builtins(check) for check in checks}:
        store.put_many(COLLECTION, documents)


def prune(store: Store, now: datetime) -> None:
    """Forget the checks of pages that nobody asked for in a long time."""
    if old := [url for url, check in load(store).items() if now - check.at > _KEPT]:
        store.delete(COLLECTION, old)


def standing(checks: Mapping[str, Check], now: datetime) -> dict[str, Check]:
    """The checks to judge by: a page that may be asked again gets another chance, as if nothing were known of it."""
    return {url: check for url, check in checks.items() if check.ok or check.holds(now)}


def refusal(check: Check | None) -> str:
    """Why an article may not be shared after this check; "" when it may, or when none was made."""
    return "" if check is None or check.ok else _REFUSED + check.reason


def whereabouts(check: Check | None) -> tuple[str, str]:
    """Where a page was found, and what it calls itself; twice "" where it was not read."""
    return (check.place, check.called) if check and check.ok else ("", "")


def moved(before: tuple[str, str], check: Check | None) -> str:
    """Why an article may not be shared as it was planned, by its `whereabouts` then; "" when they are the same now."""
    now = whereabouts(check)
    if not (before[0] and now[0]):
        return ""
    if not _is_same(before[0], now[0]):
        return f"{_REFUSED}its page moved to {now[0]} since it was planned"
    return "" if _is_same(before[1], now[1]) else f"{_REFUSED}its page calls itself {now[1]} since it was planned"


def _is_same(one: str, other: str) -> bool:
    return one == other or (urls.page_key(one) or one) == (urls.page_key(other) or other)


def is_refusal(reason: str) -> bool:
    """Tell whether a reason is one that `refusal` gave."""
    return reason.startswith(_REFUSED)


def is_reserved(url: str) -> bool:
    """Tell whether an address is one for examples and tests, where no page can ever be: it is not looked up."""
    host = urls.host(url)
    return f".{host}".endswith((*_NOBODYS_ENDINGS, *(f".{domain}" for domain in _NOBODYS_DOMAINS)))


def picture_text(article: Article, check: Check | None) -> str:
    """What the page says that the article's picture shows, else what the feed says; "" where nobody says."""
    same = check is not None and check.image != "" and check.image == article.image
    return (check.image_alt if check and same else "") or article.image_alt


def filled(article: Article, check: Check | None) -> Article:
    """The article with what its page says where its feed says nothing: title, summary, author, picture and so on.

    The page is believed before what a feed says of the language of all its entries.
    """
    if check is None or not check.ok:
        return article
    return msgspec.structs.replace(
        article,
        title=article.title or check.title,
        summary=article.summary or check.description,
        author=article.author or check.author,
        image=article.image or check.image or None,
        language=article.language if article.own_language else check.language or article.language,
        words=article.words if article.words >= _TEASER_WORDS else max(article.words, check.words),
    )
