"""What turns an article down whatever else speaks for it, and which setting would let it pass. Pure.

`Rules` are those of the owner, the same for every account; `not_now` has what each account decides by its own pacing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

from syndicator import urls
from syndicator.articles import Article
from syndicator.judging import marks
from syndicator.judging.base import Refusal
from syndicator.judging.filters import made
from syndicator.judging.languages import language_of
from syndicator.judging.places import bare_host, host_of, within
from syndicator.linkcheck.checked import Check, refusal
from syndicator.settings import Plan
from syndicator.sources.base import Source
from syndicator.times import span_text

_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Rules:
    """The owner's rules.

    `sites` are the owner's. `languages` are those of `language_of` that may be shared; empty admits all. `block` holds
    hosts and sites that are never shared, `pages` what the link check found, by the article's URL;
    `posted` the addresses of posts made so far: the feed of an account must not give it to itself.
    """

    sites: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset()
    block: tuple[str, ...] = ()
    paywalled: bool = False
    pages: Mapping[str, Check] = field(default_factory=dict)
    posted: frozenset[str] = frozenset()

    def refusal(self, article: Article, source: Source) -> Refusal | None:
        """Why no account may share it, if so."""
        if article.kind == "notes":
            return None
        if not article.title:
            return Refusal("its feed gives it no title or text")
        if article.url in self.posted:
            return Refusal("it is a post that was made here")
        if article.kind == "curated" and (refused := self._of_others(article, source)):
            return refused
        return _filtered(article, source) or self._page(article)

    def _of_others(self, article: Article, source: Source) -> Refusal | None:
        if host_of(article) in self._my_hosts and urls.same_site(article.url, self.sites):
            return Refusal("it is on one of my own sites and came through someone else's feed")
        if blocked := self._blocked(article):
            return Refusal(f"blocked: {blocked} stands in `block` of [judge]")
        if reason := marks.paid(article) or marks.adult(article):
            return Refusal(reason, blames=True)
        return self._foreign(article)

    def _blocked(self, article: Article) -> str:
        host = host_of(article)
        if self._blocked_hosts and within(host, self._blocked_hosts):
            return host
        return next((site for site in self._blocked_sites if urls.same_site(article.url, (site,))), "")

    @cached_property
    def _my_hosts(self) -> frozenset[str]:
        return frozenset(map(bare_host, self.sites))

    @cached_property
    def _blocked_hosts(self) -> frozenset[str]:
        """The entries that name a whole host: what lies below it is blocked too."""
        return frozenset(bare_host(entry) for entry in self.block if urls.is_whole_host(entry))

    @cached_property
    def _blocked_sites(self) -> tuple[str, ...]:
        return tuple(entry for entry in self.block if bare_host(entry) not in self._blocked_hosts)

    def _foreign(self, article: Article) -> Refusal | None:
        if not self.languages:
            return None
        language = language_of(article.language)
        if not language or language in self.languages:
            return None
        return Refusal(f"written in {language!r}; add that to `languages` of [judge] to share it")

    def _page(self, article: Article) -> Refusal | None:
        page = self.pages.get(article.url)
        if page is None:
            return None
        if reason := refusal(page):
            return Refusal(reason, blames=page.verdict == "dead")
        if article.kind != "curated":
            return None
        if page.paywall and not self.paywalled:
            return Refusal(f"paywall: {page.paywall}; `paywalled = true` in [judge] shares it", blames=True)
        if page.adult:
            return Refusal("adult: its page rates itself so", blames=True)
        return None


def not_now(
    article: Article, source: Source, plan: Plan, now: datetime, commented: Collection[str] = frozenset()
) -> str:
    """Why one account, with its own pacing, may not share it by itself now; empty when it may.

    `commented` are the addresses that I commented on.
    """
    if article.kind == "notes":
        return ""
    if is_baseline(article, plan):
        return "it was there when its source was first read (baseline)"
    until = comment_by(article, source, commented)
    if until and now < until:
        return f"comment first: it waits in `ledger owe` until {until:%Y-%m-%d %H:%M} UTC, and is shared then"
    age = now - article.dated
    return _too_old(_in_whole_hours(age), plan.max_age) if age > plan.max_age else ""


def is_baseline(article: Article, plan: Plan) -> bool:
    """Whether it is old news: there before its source was first read, or not among the newest few then."""
    return article.baseline or (article.rank is not None and article.rank >= plan.first_run)


def comment_by(article: Article, source: Source, commented: Collection[str]) -> datetime | None:
    """Until when it waits for a comment of mine; None when its source asks for none or there is one."""
    if not source.comment_first or article.kind != "curated":
        return None
    done = article.url in commented or any(alias in commented for alias in article.aliases)
    return None if done else article.first_seen + source.comment_wait


@lru_cache(maxsize=10_000)
def _too_old(age: timedelta, most: timedelta) -> str:
    return f"too old: {span_text(age)}, and max_age is {span_text(most)}"


def _in_whole_hours(age: timedelta) -> timedelta:
    """An age of more than a day in whole hours, as it is told: so that many articles have the same."""
    return timedelta(hours=age // _HOUR) if age.days else age


def _filtered(article: Article, source: Source) -> Refusal | None:
    if not (source.exclude or source.include):
        return None
    text = "\n".join((article.title, article.summary, " ".join(article.tags)))
    folded = text.casefold()
    for pattern in source.exclude:
        if made(pattern).matches(text, folded):
            return Refusal(f"excluded by {pattern!r}", blames=True)
    if source.include and not any(made(pattern).matches(text, folded) for pattern in source.include):
        return Refusal("matches none of the source's include words")
    return None
