"""`ledger thanks`: who did what, as a text to paste, or as posts that wait in the queue for approval."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli import completing
from syndicator.cli.app import (
    MISUSED,
    App,
    JsonOption,
    fail,
    moment_at,
    open_workspace,
    printable,
    show,
    show_json,
    tell,
)

if TYPE_CHECKING:
    from syndicator.thanking import Made
    from syndicator.workspace import Workspace

_LATELY = timedelta(days=30)


class Format(StrEnum):
    """How the text is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


def register(app: App) -> None:
    """Add the command."""
    app.command()(thanks)


def thanks(
    ctx: typer.Context,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="What was done since then.", show_default="30 days ago")
    ] = None,
    written: Annotated[Format | None, typer.Option("--format", help="How to write it.", show_default="text")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there.", show_default=False)] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ACCOUNT",
            autocompletion=completing.accounts,
            help="Queue it as posts of this account, for approval; may be repeated.",
        ),
    ] = None,
    friday: Annotated[
        bool, typer.Option("--friday", help="A follow-friday post for each of those who did most; shown, without --to.")
    ] = False,
    limit: Annotated[int, typer.Option(metavar="N", help="With --friday: for so many people.", min=1, max=50)] = 3,
    as_json: JsonOption = False,
) -> None:
    """Thank those who did something for you, by name: in a text, or in posts that wait for your approval."""
    if (to or friday) and (written or out):
        fail("--format and --out are for the text; posts are written as their network wants them", MISUSED)
    if to or friday:
        space = open_workspace(ctx, scratch=not to)
        _posts(space, moment_at(space, since), to or (), limit if friday else 0, as_json=as_json)
        return
    space = open_workspace(ctx)
    _text(space, moment_at(space, since), written or Format.TEXT, out, as_json=as_json)


def _text(space: Workspace, since: datetime | None, written: Format, out: Path | None, *, as_json: bool) -> None:
    from ledger.thanks import thanks as gather
    from syndicator.cli import thanked
    from syndicator.files import replace_file
    from syndicator.thanking import left_out

    now = space.clock()
    groups = gather(
        space.book.people(), space.book.entries(), since or now - _LATELY, now, space.rules, left_out(space)
    )
    if as_json:
        show_json([thanked.document(each) for each in groups])
        return
    write = thanked.WRITERS[written]
    if out is None:
        show(*write(groups, shutil.get_terminal_size((80, 24)).columns))
        return
    try:
        replace_file(out, ("\n".join(map(printable, write(groups, None))) + "\n").encode())
    except OSError as error:
        fail(f"{out}: can't be written: {error.strerror or error}")
    tell(f"written to {out}")


def _posts(space: Workspace, since: datetime | None, to: Sequence[str], limit: int, *, as_json: bool) -> None:
    """Show the posts; put them into the queue of the accounts that are named. `limit` 0: a thank-you."""
    from syndicator import fridays, thanking
    from syndicator.cli import shapes, shown
    from syndicator.networks import accounts_to_share_on

    accounts, lately = accounts_to_share_on(space, to), space.clock() - _LATELY
    if not accounts:
        fail("there is no account to post to; add one to the settings")
    if limit:
        made = fridays.fridays(space, accounts, since or lately, limit)
    else:
        made = thanking.thank_yous(space, accounts, since, lately)
    posts = thanking.queue(space, made.posts) if to else made.posts
    documents = [shapes.post(post) for post in posts]
    if as_json:
        show_json(documents)
    elif documents:
        show(*shown.posts(documents, space.settings.me.timezone))
    tell(*made.troubles)
    _say_what_came_of_it(made, len(posts), queued=bool(to))


def _say_what_came_of_it(made: Made, count: int, *, queued: bool) -> None:
    some = f"{count} post{'s' * (count != 1)}"
    if not made.posts and made.troubles:
        fail("nothing could be queued")
    elif not count:
        tell("they are in the queue already" if made.posts else "there is nobody to thank in a post")
    elif queued:
        tell(f"{some} in the queue; `syndicator queue approve ID` lets one go out, `skip ID` takes it out")
    else:
        tell(f"{some} as they would be, not queued; with --to ACCOUNT they wait for your approval")
