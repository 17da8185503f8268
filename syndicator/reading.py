"""The reading stage of a run: blogrolls followed, feeds and notes read, articles gathered; the report tells of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from syndicator import articles
from syndicator.articles import Catalogue
from syndicator.follow import follow
from syndicator.intake import take_in
from syndicator.networks import ADAPTERS
from syndicator.outbox import Outbox, State
from syndicator.progress import Progress, counting
from syndicator.report import Report
from syndicator.sources.notes import astray
from syndicator.sources.subscriptions import Subscriptions
from syndicator.workspace import Workspace


def read_sources(
    space: Workspace,
    report: Report,
    progress: Progress | None,
    *,
    oldest: timedelta = timedelta(),
    refresh: bool = False,
) -> tuple[Subscriptions, Catalogue]:
    """Follow the blogrolls, unless their copies are younger than `oldest`; read what is due, or all to `refresh`."""
    now = report.started
    catalogue = articles.load(space.state)
    subscribed = follow(space, catalogue, now, counting(progress, "reading blogrolls"), oldest=oldest, refresh=refresh)
    report.blogrolls = subscribed.blogrolls
    telling = counting(progress, "reading sources")
    report.intake = take_in(space, subscribed, catalogue, now, telling, refresh=refresh, outage=report.outage)
    if late := report.intake.late:
        report.left.append(f"{late} source{'s' * (late != 1)}, still to be read")
    report.errors += [*subscribed.problems, *report.intake.errors]
    report.errors += [*_orphans(space), *astray(subscribed.notes, space.settings.accounts, ADAPTERS)]
    report.collected["feeds"] = report.intake.links_to_me
    return subscribed, catalogue


def _orphans(space: Workspace) -> list[str]:
    """Posts that wait for an account the settings no longer have."""
    waiting = Outbox(space.state).in_state(State.AWAITING, State.QUEUED)
    lost = Counter(post.account for post in waiting if post.account not in space.settings.accounts)
    return [
        f"{name}: {count} post{'s wait' if count > 1 else ' waits'} for this account, which the settings no longer"
        " have; put it back, or take out what waits with `syndicator queue skip`"
        for name, count in lost.items()
    ]
