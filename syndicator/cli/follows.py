"""`ledger follows`: who came and who went, and how following and followers stand. Only reads; follows nobody itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta, tzinfo
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syndicator.cli import completing
from syndicator.cli.app import MISUSED, App, JsonOption, fail, moment_at, open_workspace, show, show_json, width

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.entry import Identity
    from ledger.follows import Edge
    from ledger.followview import Overview
    from syndicator.workspace import Workspace

_LATELY = timedelta(days=30)
#: So many of a kind are named unless all are asked for.
_NAMED = 10
#: Following and followers this near to each other are a sign of health.
_NEAR = 0.10


def register(app: App) -> None:
    """Add the command."""
    app.command()(follows)


def follows(
    ctx: typer.Context,
    account: Annotated[
        str, typer.Option(metavar="ACCOUNT", autocompletion=completing.accounts, help="Only this account.")
    ] = "",
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Who came and went since then.", show_default="30 days ago")
    ] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Name all, however many.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show new and lost followers and how they were lost, who follows one way, and the balance. Changes nothing."""
    space = open_workspace(ctx)
    start = moment_at(space, since) or space.clock() - _LATELY
    known = space.book.follows.accounts()
    if account and account not in known and account not in space.settings.accounts:
        fail(f"no account {account!r}; accounts: {', '.join(space.settings.accounts) or 'none yet'}", MISUSED)
    found = [_overview(space, each, start) for each in known if account in ("", each)]
    if as_json:
        show_json([document(each, start) for each in found])
    else:
        limit = None if everybody else _NAMED
        show(*(line for each in found for line in lines(each, start, space.settings.me.timezone, limit, width())))
        if not found:
            show("No list of followers was read to its end yet; each run looks once a day where a network tells.")


def _overview(space: Workspace, account: str, since: datetime) -> Overview:
    from ledger.follows import SIDES
    from ledger.followview import overview

    kept = space.book.follows
    ends = [at for side in SIDES if (at := kept.walked(account, side))]
    followers, following = kept.edges(account, "followers"), kept.edges(account, "following")
    return overview(account, followers, following, since, max(ends, default=None))


def document(found: Overview, since: datetime) -> dict[str, Any]:
    """One account of `follows --json`."""
    return {
        "account": found.account,
        "walked": found.walked,
        "since": since,
        "followers": found.followers,
        "following": found.following,
        "gap": None if found.gap is None else round(found.gap, 4),
        "unsure": found.unsure,
        "new": [_edge(each) for each in found.new],
        "lost": [_edge(each) for each in found.lost],
        "only_i_follow": [_edge(each) for each in found.only_me],
        "only_they_follow": [_edge(each) for each in found.only_they],
        "tag_followers": [_edge(each) for each in found.taggers],
        "churners": [_edge(each) for each in found.churners],
    }


def _edge(edge: Edge) -> dict[str, Any]:
    return {**_who(edge.who), "since": edge.since, "ended": edge.ended, "how": edge.how}


def _who(who: Identity) -> dict[str, Any]:
    from ledger.who import profile_url

    return {"network": who.network, "handle": who.handle, "url": profile_url(who) or None}


def lines(found: Overview, since: datetime, zone: tzinfo, limit: int | None, columns: int = 80) -> Iterator[str]:
    """One account for people, in lines of at most so many `columns`; at most `limit` of a kind are named."""
    from syndicator.cli.fitted import fitted
    from syndicator.cli.owed import day

    head = f"{found.account}: {_count(found.followers)} followers, {_count(found.following)} following" + (
        f", as of {day(found.walked, zone)}" if found.walked else ""
    )
    yield from fitted(head, columns, "    ")
    if found.gap is not None:
        apart = "within ten percent of each other" if found.gap <= _NEAR else f"{found.gap:.0%} apart, not within ten"
        yield from fitted(f"    {apart} (a sign of health, not a target)", columns, "    ")
    if found.unsure:
        yield from fitted(f"    {found.unsure} missing once; a second look decides", columns, "    ")
    groups = (
        (f"new since {day(since, zone)}", found.new),
        (f"lost since {day(since, zone)}", found.lost),
        ("I follow, they don't", found.only_me),
        ("they follow, I don't", found.only_they),
        ("unfollowed within 72 hours of my following back", found.taggers),
        ("came and went twice within 90 days", found.churners),
    )
    for title, edges in groups:
        if edges:
            yield from fitted(f"  {title}: {len(edges)}", columns, "    ")
            yield from _table(edges, zone, limit, columns)


def _table(edges: Sequence[Edge], zone: tzinfo, limit: int | None, columns: int) -> Iterator[str]:
    """Who, since or until when, and where: in columns; what a row has no room for stands below it."""
    from ledger.who import profile_url
    from syndicator.cli.fitted import cells
    from syndicator.cli.owed import handle

    shown = [(handle(edge.who), _when(edge, zone), profile_url(edge.who)) for edge in edges[:limit]]
    named = max((size for who, _, _ in shown if (size := cells(who)) <= columns // 2), default=0)
    dated = max(len(when) for _, when, _ in shown)
    for who, when, url in shown:
        line = "    " + who
        for text, column in ((when, named), (url, named + 2 + dated if dated else named)):
            gap = " " * max(column + 4 - cells(line), 0) + "  "
            if text and cells(line + gap + text) > columns:
                yield line
                line = "        " + text
            elif text:
                line += gap + text
        yield line
    if more := len(edges) - len(shown):
        yield f"    {more} more (--all names them)"


def _when(edge: Edge, zone: tzinfo) -> str:
    from syndicator.cli.owed import day

    if edge.ended:
        return f"{edge.how} {day(edge.ended, zone)}"
    return day(edge.since, zone) if edge.since else ""


def _count(many: int | None) -> str:
    return "unknown" if many is None else f"{many:,}"
