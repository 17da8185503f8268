"""`syndicator queue`: the posts that wait, what became of the others, and the verbs that move them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli import completing
from syndicator.cli.app import App, JsonOption, fail, new_app, open_workspace, show, show_json, tell, width

if TYPE_CHECKING:
    from syndicator.outbox import Outbox, Post
    from syndicator.workspace import Workspace

#: States that a hand can still change.
_OPEN = ("awaiting", "queued", "unknown", "rejected", "expired", "cancelled")
IdArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID", autocompletion=completing.posts(*_OPEN), help="The post's id, as `syndicator queue` shows it."
    ),
]
IdsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="ID…", autocompletion=completing.posts(*_OPEN), help="Posts' ids, as `syndicator queue` shows them."
    ),
]


def register(app: App) -> None:
    """Add the group and its verbs."""
    queue = new_app("The posts that wait, and what became of the others.", default=list_posts)
    for verb in (approve, edit, skip, retry, settle):
        queue.command()(verb)
    app.add_typer(queue, name="queue")


def list_posts(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also the posts that are done with.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List posts by state."""
    from syndicator.cli import shapes, shown
    from syndicator.networks import limits_of
    from syndicator.outbox import Outbox, State

    space = open_workspace(ctx, scratch=True)
    done_with = (State.POSTED, State.EXPIRED, State.CANCELLED, State.DELETED)
    states = [state for state in State if everything or as_json or state not in done_with]
    limits = limits_of(space)
    documents = [shapes.post(post, limits.get(post.account)) for post in Outbox(space.state).in_state(*states)]
    if as_json:
        show_json(documents)
    else:
        show(*shown.posts(documents, space.settings.me.timezone, width()))


def approve(ctx: typer.Context, ids: IdsArgument) -> None:
    """Let posts go out that wait for approval."""
    from syndicator import byhand
    from syndicator.times import moment

    space = open_workspace(ctx, logged=True)
    zone = space.settings.me.timezone
    for post in _change(space, ids, lambda found, at: byhand.approve(found, at, zone)):
        if post.favour and post.when > space.clock():
            tell(f"{post.id} goes out {moment(post.when, zone)}")


def skip(ctx: typer.Context, ids: IdsArgument) -> None:
    """Take posts out of the queue; their articles don't come back by themselves."""
    from syndicator import byhand
    from syndicator.record import not_returned

    space = open_workspace(ctx, logged=True)
    not_returned(space, _change(space, ids, byhand.skip))


def retry(ctx: typer.Context, ids: IdsArgument) -> None:
    """Queue posts again that were rejected, expired or skipped; an account that was held is tried again."""
    from syndicator import byhand
    from syndicator.accounts import Holds

    space = open_workspace(ctx, logged=True)
    for post in _change(space, ids, byhand.retry):
        Holds(space.state).release(post.account)


def edit(
    ctx: typer.Context,
    wanted: IdArgument,
    text: Annotated[str, typer.Option(metavar="T", help="The new text; without it your $EDITOR opens.")] = "",
) -> None:
    """Change the text of a post that is not out. What you write is what is sent; it is shown once more."""
    from platforms import text as counting
    from syndicator import byhand
    from syndicator.cli import shapes, shown
    from syndicator.networks import open_account
    from syndicator.outbox import Outbox

    space = open_workspace(ctx, logged=True)
    post = _find(Outbox(space.state), wanted)
    new = counting.plain(text or _in_editor(post.draft.text)).strip()
    if not new or new == post.draft.text:
        fail("the text was left as it is")
    limits = open_account(space, post.account).limits
    if not counting.fits(new, limits, post.draft.warning):
        fail(f"{counting.measure(new, limits, post.draft.warning)} is too long: {post.platform} takes {limits.length}")
    changed = _change(space, [wanted], lambda found, at: byhand.edit(found, new, limits, at))
    show(*shown.posts([shapes.post(each) for each in changed], space.settings.me.timezone))


def settle(
    ctx: typer.Context,
    wanted: IdArgument,
    posted: Annotated[str, typer.Option(metavar="URL", help="It is there, at this address.")] = "",
    not_posted: Annotated[bool, typer.Option("--not-posted", help="It is not there: send it again.")] = False,
) -> None:
    """Say of an unknown post whether it arrived, after you looked; of one that was given up, that it did."""
    from syndicator import byhand
    from syndicator.record import book_shares
    from syndicator.urls import is_web

    if bool(posted) == not_posted:
        fail("say either --posted URL or --not-posted", 2)
    if posted and not is_web(posted):
        fail(f"{posted!r} is not the address of a post; write it in full, with https://", 2)
    space = open_workspace(ctx, logged=True)
    _change(space, [wanted], lambda post, at: byhand.settle(post, posted or None, at))
    book_shares(space)


def _change(space: Workspace, ids: list[str], change: Callable[[Post, datetime], Post]) -> list[Post]:
    """Change all the named posts, or none of them; say what became of each."""
    from syndicator.cli import logged
    from syndicator.outbox import Outbox

    outbox = Outbox(space.state)
    with space.state.transaction():
        changed = [change(_find(outbox, wanted), space.clock()) for wanted in ids]
        outbox.save(*changed)
    for post in changed:
        logged.by_hand(post.history[-1].why, post)
        show(f"{post.id}  {post.state}  {post.account}  {post.title}")
    return changed


def _find(outbox: Outbox, wanted: str) -> Post:
    """A post by its id, or by the beginning of one if there is only one such."""
    exact = outbox.get(wanted)
    found = [exact] if exact else [post for post in outbox if wanted and post.id.startswith(wanted)]
    if len(found) != 1:
        fail(f"{'no' if not found else 'more than one'} post {wanted!r}; `syndicator queue --all` lists them", 2)
    return found[0]


def _in_editor(text: str) -> str:
    """The text as its owner left it in $VISUAL or $EDITOR."""
    import os
    import shlex
    import subprocess
    import tempfile
    from pathlib import Path

    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        fail("set $EDITOR, or give the new text with --text", 2)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "post.txt"
        file.write_text(text, encoding="utf-8")
        try:
            done = subprocess.run([*shlex.split(editor), str(file)], check=False)  # noqa: S603  the owner's editor
        except (OSError, ValueError) as error:
            fail(f"{editor} can't be started ({error}); set $EDITOR, or give the new text with --text", 2)
        if done.returncode:
            fail("the editor failed; the text was left as it is")
        return file.read_text(encoding="utf-8", errors="replace")
