"""What judging knows besides the one article before it: prepared once from everything that is known. Pure.

It holds for every account; what an account decides by its own pacing is in `judge`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import chain

from ledger.comments import commented
from ledger.entry import Entry
from syndicator import urls
from syndicator.articles import Article
from syndicator.judging.base import Part, Refusal, Remembered
from syndicator.judging.corroboration import Corroboration, sites_of
from syndicator.judging.languages import own_languages
from syndicator.judging.novelty import REMEMBERED, Novelty, Share
from syndicator.judging.reactions import Reactions, echoes
from syndicator.judging.rejections import Rules
from syndicator.judging.relevance import Relevance, Vocabulary, vocabulary
from syndicator.judging.source import SourceWeight
from syndicator.judging.substance import Substance
from syndicator.judging.trust import Trust, records
from syndicator.judging.weights import WEIGHTS, weights_with
from syndicator.linkcheck.checked import Check
from syndicator.outbox import LIVING, Post
from syndicator.settings import Settings
from syndicator.sources.base import Source


@dataclass(frozen=True, slots=True)
class Known:
    """Everything to learn from.

    `candidates` are the articles to choose from, each with a URL of its own; `mine` all of my own articles; `shared`
    every post with its article where that is known. `entries` are the ledger's, `pages` what the link check found by
    article URL, `lifts` what is owed to each web site.
    """

    candidates: Sequence[Article] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    mine: Sequence[Article] = ()
    shared: Sequence[tuple[Post, Article | None]] = ()
    entries: Iterable[Entry] = ()
    pages: Mapping[str, Check] = field(default_factory=dict)
    lifts: Mapping[str, float] = field(default_factory=dict)


#: A refusal, or what the parts add.
Look = tuple[Refusal | None, Mapping[str, float]]


@dataclass(frozen=True)
class Knowledge:
    """What was learnt. `parts` are those that are the same for every account, by name.

    `refused` has the reason against each candidate that was looked through already, None where there is none.
    `commented` are the addresses that I commented on.
    """

    rules: Rules = field(default_factory=Rules)
    weights: Mapping[str, float] = field(default_factory=lambda: weights_with({}))
    parts: Mapping[str, Part] = field(default_factory=lambda: _parts({}, Trust(), Reactions(), Novelty()))
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    lifts: Mapping[str, float] = field(default_factory=dict)
    refused: Mapping[str, Refusal | None] = field(default_factory=dict)
    commented: frozenset[str] = frozenset()
    _looks: dict[str, Look] | None = field(default=None, repr=False)
    _by_topics: dict[tuple[str, ...], Part] = field(default_factory=dict, repr=False)

    def remembering(self) -> Knowledge:
        """The same, looking at each article once however many accounts ask; each must have a URL of its own."""
        return replace(self, _looks={}, _by_topics={})

    def look(self, article: Article, source: Source) -> Look:
        """Why no account may share an article, else what each part adds to its score; 0 where accounts differ."""
        if self._looks is None:
            return self._look(article, source)
        known = self._looks.get(article.url)
        if known is None:
            known = self._looks[article.url] = self._look(article, source)
        return known

    def relevance(self, topics: tuple[str, ...]) -> Part:
        """The part `relevance` for accounts with these topics."""
        if self._looks is None:
            return Relevance(topics, self.vocabulary)
        return self._by_topics.setdefault(topics, Remembered(Relevance(topics, self.vocabulary)))

    def _look(self, article: Article, source: Source) -> Look:
        known = article.url in self.refused
        refusal = self.refused[article.url] if known else self.rules.refusal(article, source)
        if refusal or article.kind != "curated":
            return refusal, {}
        return None, {
            name: weight * part.fraction(article, source) if part else 0.0 for name, weight, part in self._weighed
        }

    @cached_property
    def _weighed(self) -> tuple[tuple[str, float, Part | None], ...]:
        """Every part of a score in its order; None for one that each account measures for itself."""
        return tuple((name, self.weights[name], self.parts.get(name)) for name in WEIGHTS)


def learn(settings: Settings, known: Known, now: datetime) -> Knowledge:
    """Prepare to judge by these settings and what is known."""
    posts = [post for post, _ in known.shared]
    rules = Rules(
        sites=settings.me.sites,
        languages=own_languages(settings.me.language, settings.judge.languages, known.mine),
        block=settings.judge.block,
        paywalled=settings.judge.paywalled,
        pages=known.pages,
        posted=frozenset(urls.canonical(post.ref.url) for post in posts if post.ref and post.ref.url),
    )
    came_from = {post.article: article.source for post, article in known.shared if article}
    refused = _refused(known, rules)
    trust = Trust(records(posts, came_from, _at_fault(known, refused)))
    reactions = Reactions(echoes(posts, known.entries, came_from, now))
    spread, count = _spread(known.candidates)
    novelty = Novelty(_lately(known.shared, now), spread, count)
    return Knowledge(
        rules=rules,
        weights=weights_with(settings.judge.weights),
        parts=_parts(known.sources, trust, reactions, novelty),
        vocabulary=vocabulary(known.mine, known.candidates),
        lifts=known.lifts,
        refused=refused,
        commented=commented(known.entries),
    )


def source_of(article: Article, sources: Mapping[str, Source]) -> Source:
    """The source an article is judged by: where it was seen first, else any current one that has it."""
    for url in (article.source, *article.sources):
        if url in sources:
            return sources[url]
    return Source(article.source, article.kind)


def _parts(sources: Mapping[str, Source], trust: Trust, reactions: Reactions, novelty: Novelty) -> dict[str, Part]:
    return {
        "source": SourceWeight(),
        "trust": trust,
        "corroboration": Corroboration(sites_of(sources.values())),
        "substance": Substance(),
        "novelty": novelty,
        "reactions": reactions,
    }


def _refused(known: Known, rules: Rules) -> dict[str, Refusal | None]:
    """What stands against each candidate that might be shared."""
    return {
        article.url: rules.refusal(article, source_of(article, known.sources))
        for article in known.candidates
        if not article.baseline
    }


def _at_fault(known: Known, refused: Mapping[str, Refusal | None]) -> Iterable[str]:
    """The source of each candidate that is refused for a fault of its own."""
    for article in known.candidates:
        refusal = refused.get(article.url)
        if refusal and refusal.blames:
            yield source_of(article, known.sources).url


def _spread(candidates: Iterable[Article]) -> tuple[dict[str, int], int]:
    """In how many articles each word occurs, and how many articles there are."""
    told = [article.terms for article in candidates if article.terms]
    return Counter(chain.from_iterable(told)), len(told)


def _lately(shared: Iterable[tuple[Post, Article | None]], now: datetime) -> list[Share]:
    """What readers saw lately, or will soon; an article that went to several accounts once."""
    latest: dict[str, Share] = {}
    for post, article in shared:
        if article and post.state in LIVING and now - post.happened <= REMEMBERED:
            known = latest.get(article.url)
            if known is None or known.when < post.happened:
                latest[article.url] = Share(article, post.happened)
    return list(latest.values())
