"""Commands about posts: plan, run, share, unshare."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syndicator.cli import completing
from syndicator.cli.app import (
    MISUSED,
    App,
    JsonOption,
    RefreshOption,
    clock,
    fail,
    mention,
    moment_at,
    open_workspace,
    recount,
    show,
    show_json,
    tell,
    width,
)
from syndicator.cli.loudness import is_verbose

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from syndicator.cli.ending import Outlook
    from syndicator.outbox import Post
    from syndicator.report import Report
    from syndicator.workspace import Workspace

AtOption = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="As of then; in time to come: all until then. 2026-11-03 …", show_default=False),
]
AllOption = Annotated[bool, typer.Option("--all", help="Also list every article that was passed over, and why.")]


def register(app: App) -> None:
    """Add this group's commands."""
    app.command()(plan)
    app.command()(run)
    app.command()(share)
    app.command()(unshare)


def plan(ctx: typer.Context, at: AtOption = None, everything: AllOption = False, as_json: JsonOption = False) -> None:
    """Show what would be posted, where, when and why. Writes to no network and changes nothing."""
    from syndicator.cli import agenda, complaints

    space = open_workspace(ctx, scratch=True)
    report, document = _rehearsal(space, moment_at(space, at))
    if as_json:
        show_json(document)
    else:
        zone, everything = space.settings.me.timezone, everything or is_verbose()
        show(*agenda.lines(document, zone, everything=everything, width=width()))
        if advice := agenda.advice(document, has_sources=bool(space.settings.sources)):
            mention(advice)
        tell(*complaints.problems(report))
    if report.errors:
        raise typer.Exit(1)


def run(
    ctx: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="End after the plan; store and send nothing.")] = False,
    wait: Annotated[float, typer.Option(metavar="SECONDS", help="How long to wait for a run that is on.")] = 0.0,
    refresh: RefreshOption = False,
    as_json: JsonOption = False,
) -> None:
    """Do one scheduled run: fetch, plan, publish what is due, collect, book. Safe to start twice."""
    from syndicator import stop
    from syndicator.cli import agenda, complaints, ending, logged, render, shapes
    from syndicator.cli.progress import progress
    from syndicator.outcomes import Posted
    from syndicator.run import run as run_once

    if not wait >= 0:  # nan isn't either
        fail(f"--wait takes seconds, 0 or more, and not {wait:g}", MISUSED)
    space = open_workspace(ctx, scratch=dry_run, logged=True)
    zone = space.settings.me.timezone
    if dry_run:
        report, planned = _rehearsal(space, refresh=refresh)
        lines = agenda.lines(planned, zone, everything=is_verbose(), width=width())
        document = {**shapes.run(report), "plan": planned}
        wrong = complaints.problems(report)
    else:
        with stop.listening(), space.lock(wait) as died, logged.watched("run") as reports, progress() as counting:
            try:
                report = run_once(space, refresh=refresh, progress=counting)
            finally:
                uncopied = space.back_up()
            report.errors += uncopied
            report.died = died
            _add_problems(space, report)
            reports.append(report)
        lines, document = chain(render.run(report, zone), ending.outlook(_outlook(space), zone)), shapes.run(report)
        wrong = complaints.lines(report, zone)
    if as_json:
        show_json(document)
    else:
        (show if dry_run else recount)(*lines)
        tell(*wrong)
    if report.stopped:
        raise typer.Exit(stop.Stopped(report.stopped).exit_code)
    if report.errors or any(not isinstance(outcome, Posted) for outcome in report.outcomes):
        raise typer.Exit(1)


def _outlook(space: Workspace) -> Outlook:
    """What is to come, as far as it is known when a run has ended."""
    from ledger.owe import owe
    from syndicator.cli.ending import Outlook
    from syndicator.outbox import Outbox, State
    from syndicator.schedule import installed

    now, book = space.clock().astimezone(space.settings.me.timezone), space.book
    memory = space.memory()
    debts = owe(book.people(), book.sheaves(), now, space.rules, book.offers(), book.acts(), memory=memory)
    posts = Outbox(space.state).in_state(State.QUEUED, State.AWAITING)
    return Outlook(
        queued=[post for post in posts if post.state is State.QUEUED],
        awaiting=sum(post.state is State.AWAITING for post in posts),
        owed=[debt.person for debt in debts if debt.standing == "owe" and not debt.waiting],
        # Timers go by the machine's clock.
        next_run=None if clock.get() else installed.next_run(space.settings.path, now),
    )


def _rehearsal(space: Workspace, at: datetime | None = None, *, refresh: bool = False) -> tuple[Report, dict[str, Any]]:
    """A run up to its plan, and the plan as a document, with what waits in the queue already."""
    from syndicator.cli import planned
    from syndicator.cli.progress import progress
    from syndicator.networks import limits_of
    from syndicator.outbox import Outbox, State
    from syndicator.run import rehearse

    with progress() as counting:
        report = rehearse(space, at=at, refresh=refresh, progress=counting)
    _add_problems(space, report)
    waiting = Outbox(space.state).in_state(State.AWAITING, State.QUEUED)
    names = planned.Names(_answered(space, waiting), _notes(space), planned.remarks(space.settings))
    return report, planned.plan(at or report.started, waiting, report, limits_of(space), names)


def _add_problems(space: Workspace, report: Report) -> None:
    """What of the ledger could not be read is a problem of the run as well."""
    report.errors += [problem for problem in space.book.problems if problem not in report.errors]


def _answered(space: Workspace, waiting: Iterable[Post]) -> dict[str, str]:
    """Whom each post answers that waits as a return, by the post's id."""
    from syndicator.cli.owed import named

    people = space.book.people()
    favours = ((post.id, space.book.entry(post.in_return_for)) for post in waiting if post.in_return_for)
    return {post: named(people.of(favour.identity)) for post, favour in favours if favour}


def _notes(space: Workspace) -> dict[str, str]:
    """The texts of the notes, by what they are called as articles. A file that can't be read is told by the run."""
    from syndicator.sources.notes import read_notes

    files = (space.settings.beside(table.file) for table in space.settings.sources if table.kind == "notes")
    texts = (file.read_text(encoding="utf-8", errors="replace") for file in files if file.is_file())
    return {note.url: note.title for text in texts for note in read_notes(text)}


def share(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The link to share.")],
    text: Annotated[str, typer.Option(metavar="T", help="Your own words instead of the title.")] = "",
    to: Annotated[
        list[str] | None,
        typer.Option(metavar="ACCOUNT", autocompletion=completing.accounts, help="Only there; may be repeated."),
    ] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Even if its page is not there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Put one link into the queue by hand, at each account's next free time."""
    from syndicator.cli import logged, shapes, shown
    from syndicator.cli.progress import working
    from syndicator.networks import accounts_to_share_on
    from syndicator.share import queue_link

    space = open_workspace(ctx, logged=True)
    chosen = accounts_to_share_on(space, to or ())
    with working("looking at the page"):
        queued = queue_link(space, chosen, url, say=text, anyway=anyway)
    logged.by_hand("shared by hand", *queued.posts)
    if as_json:
        show_json([shapes.post(post) for post in queued.posts])
    elif queued.posts:
        show(*shown.posts([shapes.post(post) for post in queued.posts], space.settings.me.timezone, width()))
    for reason in queued.reasons:
        tell(f"not queued: {reason}")
    if queued.doubt:
        tell(f"could not see whether its page is there, so look yourself: {queued.doubt}")
    for note in queued.notes:
        tell(f"queued, but it can't go out yet: {note}")
    if not queued.posts:
        fail("nothing was queued" if chosen else "there is no account to share to; add one to the settings", 1)


def unshare(
    ctx: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="ID|URL",
            autocompletion=completing.posts("posted"),
            help="A post's id or address, or an article's address.",
        ),
    ],
    gone: Annotated[bool, typer.Option("--gone", help="You deleted it yourself: only book that.")] = False,
) -> None:
    """Delete what was posted, on every network it went to."""
    from syndicator.cli import account_table, logged
    from syndicator.cli.progress import working
    from syndicator.networks import open_account
    from syndicator.unshare import take_back

    space = open_workspace(ctx, logged=True)
    with working("deleting"):
        results = take_back(space, what, lambda name: open_account(space, name).publisher, gone=gone)
    if not results:
        fail(f"{what}: nothing posted under that id or address; `syndicator queue --all` lists posts", 2)
    for result in results:
        outcome = f"not deleted: {result.error}" if result.error else "deleted"
        logged.by_hand(outcome, result.post)
        show(f"{result.post.id}  {account_table.on_account(result.post.account, outcome)}")
    if any(result.error for result in results):
        raise typer.Exit(1)
