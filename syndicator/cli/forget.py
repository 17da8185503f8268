"""`ledger forget`: erases a person, and never collects them again."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli import completing
from syndicator.cli.app import MISUSED, App, fail, open_workspace, show, tell

if TYPE_CHECKING:
    from syndicator.forget import Forgotten
    from syndicator.workspace import Workspace


def register(app: App) -> None:
    """Add the command."""
    app.command()(forget)


def forget(
    ctx: typer.Context,
    person: Annotated[
        str, typer.Argument(metavar="WHO", autocompletion=completing.people, help="A handle, a site or a name.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Let them be met again; what was erased stays gone.")] = False,
) -> None:
    """Erase a person from all files, and collect nothing of them any more. What is erased stays gone."""
    from ledger.erase import identities_of
    from syndicator import forget as forgetting
    from syndicator.cli.me import Me
    from syndicator.cli.owed import named

    space = open_workspace(ctx)
    if undo:
        _undo(space, person)
        return
    found = space.book.people().find(person, {entry.identity for entry in space.book.entries()})
    Me(space).refuse(found.identities)
    told = sum(1 for entry in space.book.entries() if entry.identity in found.identities)
    acts = f"{told} act{'s' * (told != 1)}"
    tell(f"This erases {named(found)}: {acts}, and all that was noted of them, copies included, for good.")
    if not yes:
        if not sys.stdin.isatty():
            fail(f"nothing was done: nobody is there to ask; ledger forget {shlex.quote(person)} --yes", MISUSED)
        if not typer.confirm("Forget them?", err=True):
            tell("nothing was done")
            return
    with space.lock():
        done = forgetting.forget(space, found)
    handles = len(identities_of(found))
    what = "handles and sites" if handles != 1 else "handle or site"
    show(f"forgotten, {handles} {what}; nothing of them will be collected again")
    _tell_what_is_read(done)
    if done.posts_left and not done.still_read:
        tell(f"posts that stay, since it is not known whether they are out: {done.posts_left}; `syndicator queue`")


def _tell_what_is_read(done: Forgotten) -> None:
    for site, feeds in done.still_read.items():
        tell(f"{site} is still among your sources: its articles and your posts of them stay;")
        for feed in feeds:
            if feed.origin.startswith(("http://", "https://")):
                tell(f"    take {feed.url} out where it stands, {feed.origin}, or have it taken out there")
            else:
                tell(f"    `syndicator remove {shlex.quote(feed.url)}`")
        tell(f"    then forget them once more: ledger forget {site}")


def _undo(space: Workspace, who: str) -> None:
    from ledger.people import identity

    named = identity(who)
    if named not in space.book.forgotten:
        fail("nobody of that handle was forgotten; name the very handle or site", MISUSED)
    space.book.forgotten.remove([named])
    show("what they do from now on is collected again")
