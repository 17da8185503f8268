"""What a choice is made from: the candidates, the sources they came through, and what is known besides. Reads state.

`plan`, `why`, `judge` and the offers of the ledger all judge by the same survey, so they never disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ledger.owe import Debt, lift
from syndicator import debts
from syndicator.articles import Article, Catalogue
from syndicator.judging.base import Judgement
from syndicator.judging.judge import Standard, explained, judge
from syndicator.judging.knowledge import Knowledge, Known, learn, source_of
from syndicator.linkcheck import lookout
from syndicator.linkcheck.checked import Check, filled
from syndicator.outbox import Outbox
from syndicator.settings import Plan
from syndicator.sources import health as healths
from syndicator.sources.base import Source
from syndicator.sources.subscriptions import Subscriptions
from syndicator.workspace import Workspace

#: For so long after an article became too old, a plan still says that it was.
_STILL_TOLD = timedelta(days=7)


@dataclass(frozen=True)
class Survey:
    """Everything that judging one time's candidates needs; `pages` are the link checks to believe, by article.

    `owed` are the web sites of everybody to whom a favour is to be returned, be it now or later.
    """

    now: datetime
    candidates: Sequence[Article]
    sources: Mapping[str, Source]
    knowledge: Knowledge
    pages: Mapping[str, Check] = field(default_factory=dict)
    owed: frozenset[str] = frozenset()

    def judge_all(self, pacings: Mapping[str, Plan]) -> dict[str, list[Judgement]]:
        """Judgements by account; accounts with the same standards share them."""
        made: dict[object, list[Judgement]] = {}
        judged = {}
        knowledge = self.knowledge.remembering()
        candidates = [(article, self.source_of(article)) for article in self.candidates]
        for account, pacing in pacings.items():
            key = (pacing.max_age, pacing.topics, pacing.min_score, pacing.first_run)
            if key not in made:
                standard = Standard(self.now, pacing, knowledge)
                made[key] = [judge(article, source, standard) for article, source in candidates]
            judged[account] = made[key]
        return judged

    def judge(self, article: Article, pacing: Plan) -> Judgement:
        """One article's judgement with its evidence, whether it is among the candidates or not."""
        article = filled(article, self.pages.get(article.url))
        standard = Standard(self.now, pacing, self.knowledge)
        source = self.source_of(article)
        return explained(judge(article, source, standard), source, standard)

    def explained(self, judgement: Judgement, pacing: Plan) -> Judgement:
        """A judgement with its evidence."""
        standard = Standard(self.now, pacing, self.knowledge)
        return explained(judgement, self.source_of(judgement.article), standard)

    def source_of(self, article: Article) -> Source:
        """The source that an article is judged by."""
        return source_of(article, self.sources)


def survey(
    space: Workspace, subscribed: Subscriptions, catalogue: Catalogue, now: datetime, max_age: timedelta
) -> Survey:
    """Look at everything that is known. Candidates are no older than `max_age`, or have only just become so."""
    sources = by_url(space, subscribed)
    pages, owing = lookout.known(space), debts.reckon(space, now)
    found = (each for each in candidates(catalogue, subscribed, now) if each.dated >= now - max_age - _STILL_TOLD)
    recent = [filled(each, pages.get(each.url)) for each in found]
    known = Known(
        candidates=recent,
        sources=sources,
        mine=[filled(article, pages.get(article.url)) for article in catalogue if article.kind == "own"],
        shared=[(post, catalogue.get(post.article)) for post in Outbox(space.state)],
        entries=space.book.entries(),
        pages=pages,
        lifts=_lifts(space, owing),
    )
    return Survey(now, recent, sources, learn(space.settings, known, now), pages, _owed(owing))


def by_url(space: Workspace, subscribed: Subscriptions) -> dict[str, Source]:
    """The subscribed feeds, with the titles and sites that they give themselves where their owner said none."""
    health = healths.load(space.state)
    return {source.url: healths.named(source, health) for source in subscribed.feeds}


def candidates(catalogue: Catalogue, subscribed: Subscriptions, now: datetime) -> Iterator[Article]:
    """The articles of the current sources, and the notes as articles of their own."""
    current = {source.url for source in subscribed.feeds}
    yield from (article for article in catalogue if not current.isdisjoint(article.sources))
    for file in subscribed.notes:
        source = file.source.url
        for note in file.notes:
            yield Article(url=note.url, kind="notes", title=note.title, site="", source=source, first_seen=now)


def _lifts(space: Workspace, owing: Sequence[Debt]) -> dict[str, float]:
    """The lift of each web site whose owner is owed."""
    table = space.settings.ledger
    lifts = lift(owing, table.reciprocity_lift, table.threshold)
    return {identity.handle: value for identity, value in lifts.items()}


def _owed(owing: Sequence[Debt]) -> frozenset[str]:
    persons = (debt.person for debt in owing if debt.standing == "owe")
    return frozenset(who.handle for person in persons for who in person.identities if who.network == "web")
