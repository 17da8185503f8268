"""From articles to a plan with its drafts: what `plan` shows and `run` acts on. Reads state, changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from ledger import pod
from ledger.entry import Identity
from ledger.store.resting import collector_resting
from platforms.base import Draft
from syndicator import accounts, urls
from syndicator.articles import Article, Catalogue
from syndicator.compose import TooLong, compose
from syndicator.credit.desk import Desk, open_desk
from syndicator.credit.naming import Naming
from syndicator.judging.base import Judgement
from syndicator.judging.lifted import LIFT, once_for_each
from syndicator.linkcheck import lookout
from syndicator.linkcheck.checked import Check, picture_text
from syndicator.outbox import Outbox
from syndicator.plan import Channel, Past, Plan, plan
from syndicator.planned import SourceOf
from syndicator.settings import AccountTable
from syndicator.settings import Plan as Pacing
from syndicator.sources.base import Source
from syndicator.sources.subscriptions import Subscriptions
from syndicator.survey import Survey, survey
from syndicator.workspace import Workspace

_UNSEEN = "its page was not checked yet"


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan with the exact draft of each planned post, by account and article URL, whom it names, and in what words.

    `credits` are the lines of the drafts that name an author. `unknown` are people who would have to be looked up
    before a post may name them. `pages` are what is known of the articles' pages. Where nothing was judged, since
    nothing is due, `opening` is the next time to post, if one is near.
    """

    plan: Plan = field(default_factory=Plan)
    drafts: Mapping[tuple[str, str], Draft] = field(default_factory=dict)
    names: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    credits: Mapping[tuple[str, str], str] = field(default_factory=dict)
    unknown: tuple[Identity, ...] = ()
    pages: Mapping[str, Check] = field(default_factory=dict)
    opening: datetime | None = None


@collector_resting()
def choose(
    space: Workspace,
    channels: Sequence[Channel],
    subscribed: Subscriptions,
    catalogue: Catalogue,
    now: datetime,
    *,
    only_seen: bool = False,
    left_alone: Mapping[str, str] | None = None,
    guides: Mapping[str, str] | None = None,
    horizon: timedelta = timedelta(days=1),
) -> Choice:
    """Judge every candidate, plan the time from `now` to the `horizon` and compose its posts.

    An article that can't be made to fit on an account is turned down there, and the plan is made again without it.
    With `only_seen` nothing is planned whose page must be looked at first. `left_alone` are the hosts where no page can
    be looked at in this run, with the reason; `guides` the accounts that can look authors up, each with its network.
    """
    oldest = max((channel.pacing.max_age for channel in channels), default=timedelta())
    seen = survey(space, subscribed, catalogue, now, oldest)
    pacings = {channel.name: channel.pacing for channel in channels}
    judged = _in_their_words(seen.judge_all(pacings), channels, subscribed)
    if only_seen or left_alone:
        unchecked = _unchecked(space, seen, only_seen=only_seen, left_alone=left_alone or {})
        judged = {
            name: [_turned_down(each, unchecked.get(each.article.url)) for each in judged[name]] for name in judged
        }
    before = _returning(space, accounts.past(Outbox(space.state), catalogue), seen.owed, now)
    judged = _lifted_once(space, judged, before, now)
    zone, source_of = space.settings.me.timezone, _source_of(seen, subscribed)
    while True:
        made = plan(channels, judged, before, now=now, zone=zone, horizon=horizon, source_of=source_of, owed=seen.owed)
        desk = open_desk(space, catalogue, seen.pages, guides or {})
        composed = _compose_all(made, channels, space.settings.accounts, seen, desk)
        if not composed.refused:
            return Choice(
                _explained(made, pacings, seen, composed.namings),
                composed.drafts,
                {where: naming.names for where, naming in composed.namings.items()},
                {where: naming.line for where, naming in composed.namings.items()},
                tuple(who for naming in composed.namings.values() for who in naming.unknown),
                seen.pages,
            )
        judged = {
            name: [_turned_down(each, composed.refused.get((name, each.article.url))) for each in judgements]
            for name, judgements in judged.items()
        }


def _returning(space: Workspace, before: Sequence[Past], owed: Collection[str], now: datetime) -> list[Past]:
    """The posts with whether each returns a favour: by the ledger, or, while it is on its way, because one is owed."""
    book = space.book
    done = pod.returned(book.people(), book.entries(), now, space.rules, book.acts())
    urls_done = {urls.canonical(url) for url in done}
    return [
        replace(each, returns=each.article in urls_done or (each.when >= now and each.site in owed))
        if each.kind == "curated"
        else each
        for each in before
    ]


def _lifted_once(
    space: Workspace, judged: Mapping[str, Sequence[Judgement]], before: Sequence[Past], now: datetime
) -> dict[str, Sequence[Judgement]]:
    """The judgements of each account with at most one article of each person lifted, and none of whom today has one."""
    if not any(LIFT in each.parts for judgements in judged.values() for each in judgements):
        return dict(judged)
    person_of = {
        who.handle: person.id for person in space.book.people() for who in person.identities if who.network == "web"
    }
    today = now.astimezone(space.settings.me.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    busy = {person_of.get(post.site, post.site) for post in before if post.live and post.when >= today}
    shared = {name: {post.article for post in before if post.account == name} for name in judged}
    return {name: once_for_each(each, person_of, shared[name], busy) for name, each in judged.items()}


def _in_their_words(
    judged: Mapping[str, Sequence[Judgement]], channels: Sequence[Channel], subscribed: Subscriptions
) -> dict[str, Sequence[Judgement]]:
    """The judgements with each note in the words that it has for the account."""
    notes = {note.url: note for file in subscribed.notes for note in file.notes if note.variants}
    if not notes:
        return dict(judged)
    platforms = {channel.name: channel.platform for channel in channels}
    return {
        name: [
            _in_words(each, notes[each.article.url].words_for(name, platforms[name]))
            if each.article.url in notes
            else each
            for each in judgements
        ]
        for name, judgements in judged.items()
    }


def _in_words(note: Judgement, words: str) -> Judgement:
    if not words:
        return _turned_down(note, "this note has no words for this account")
    return msgspec.structs.replace(note, article=msgspec.structs.replace(note.article, title=words))


def _source_of(seen: Survey, subscribed: Subscriptions) -> SourceOf:
    """Which source an article counts for; notes count for their file."""
    files = {file.source.url: file.source for file in subscribed.notes}
    return lambda article: files.get(article.source) or seen.source_of(article)


def _unchecked(space: Workspace, seen: Survey, *, only_seen: bool, left_alone: Mapping[str, str]) -> dict[str, str]:
    """The articles whose pages were not looked at, and why that speaks against planning them; "" if it does not."""
    reasons = {host: f"its page was {reason}" for host, reason in left_alone.items()}
    unseen = lookout.unseen(space, (article.url for article in seen.candidates))
    return {url: reasons.get(urls.host(url), _UNSEEN if only_seen else "") for url in unseen}


def _explained(
    made: Plan, pacings: Mapping[str, Pacing], seen: Survey, namings: Mapping[tuple[str, str], Naming]
) -> Plan:
    """The plan with the evidence for what it took, a word on pages that nobody could read, and on the authors."""
    planned = []
    for each in made.planned:
        page, naming = seen.pages.get(each.article.url), namings[each.account, each.article.url]
        remarks = (f"its page: {page.reason}" if page and page.reason else "", naming.why)
        why = (*each.why, *filter(None, remarks))
        planned.append(replace(each, judgement=seen.explained(each.judgement, pacings[each.account]), why=why))
    return replace(made, planned=tuple(planned))


@dataclass(slots=True)
class _Composed:
    """The drafts of a plan and whom they name, and why some could not be made."""

    drafts: dict[tuple[str, str], Draft] = field(default_factory=dict)
    namings: dict[tuple[str, str], Naming] = field(default_factory=dict)
    refused: dict[tuple[str, str], str] = field(default_factory=dict)


def _compose_all(
    made: Plan, channels: Sequence[Channel], tables: Mapping[str, AccountTable], seen: Survey, desk: Desk
) -> _Composed:
    """Compose the posts of a plan in the order of their times: nobody is named again too soon."""
    limits = {channel.name: channel.limits for channel in channels}
    composed = _Composed()
    for each in made.planned:
        where, table = (each.account, each.article.url), tables[each.account]
        naming = desk.naming(each.article, table, each.when)
        site = credit(each.article, seen.source_of(each.article))
        alt = picture_text(each.article, seen.pages.get(each.article.url))
        try:
            draft = compose(
                each.article,
                table,
                limits[each.account],
                site_title=site,
                image_alt=alt,
                credit=desk.line(naming),
            )
        except TooLong as error:
            composed.refused[where] = str(error)
        else:
            composed.drafts[where] = draft
            composed.namings[where] = desk.sealed(naming, draft, table, each.when, each.article.site)
    return composed


def credit(article: Article, source: Source) -> str:
    """What to call the site an article is on: its source's title, unless that is somebody who passed it on."""
    own = {urls.site_of(where) for where in (source.site, source.url) if where}
    return source.title if article.site in own else ""


def _turned_down(judgement: Judgement, reason: str | None) -> Judgement:
    return msgspec.structs.replace(judgement, rejected=reason) if reason and not judgement.rejected else judgement
