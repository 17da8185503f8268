"""Commands about accounts: login, and the list of accounts."""

from __future__ import annotations

import sys
from itertools import count
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syndicator.cli import completing
from syndicator.cli.app import (
    MISUSED,
    App,
    JsonOption,
    fail,
    load_settings,
    open_workspace,
    show,
    show_json,
    tell,
)
from syndicator.cli.terminal import is_watched

if TYPE_CHECKING:
    from syndicator.accounts import Account
    from syndicator.login import LoggedIn
    from syndicator.settings import Settings
    from syndicator.workspace import Workspace


def register(app: App) -> None:
    """Add this group's commands."""
    app.command()(login)
    app.command()(accounts)


PlatformOption = Annotated[
    str,
    typer.Option("--platform", metavar="NETWORK", autocompletion=completing.networks, help="Its network, if it's new."),
]
ServerOption = Annotated[str, typer.Option("--server", metavar="URL", help="With --platform: the server of it.")]
HandleOption = Annotated[str, typer.Option("--handle", metavar="NAME", help="With --platform: your name there.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="With --platform: another key of the account; may be repeated."),
]


def login(
    ctx: typer.Context,
    account: Annotated[
        str,
        typer.Argument(
            metavar="ACCOUNT", autocompletion=completing.accounts, help="Its name in the settings, or a new one."
        ),
    ],
    platform: PlatformOption = "",
    server: ServerOption = "",
    handle: HandleOption = "",
    keys: SetOption = None,
    approve: Annotated[str, typer.Option("--approve", help="With --platform: ask or auto.")] = "ask",
    out: Annotated[bool, typer.Option("--out", help="Forget the credential instead.")] = False,
) -> None:
    """Ask for an account's credential, check it on the network, and keep it. A new account is added to the settings.

    Secrets are typed unseen, or come from a pipe, one line for each; they are kept in the system's keyring, or, where
    there is none, in secrets.toml in the data folder, which only you can read. Mastodon is asked in the browser for
    leave to post.
    """
    settings = load_settings(ctx)
    if out:
        _log_out(settings, account)
    elif account in settings.accounts:
        there = settings.accounts[account].platform
        if platform not in {"", there}:
            fail(f"{account} is an account of {there}; to add one of {platform}, choose another name", MISUSED)
        log_in_as(settings, account)
    elif platform:
        if approve not in {"ask", "auto"}:
            fail(f"--approve {approve}: choose ask or auto", MISUSED)
        from syndicator.cli import enlisting

        given = {"server": server, "handle": handle} | _pairs(keys or [])
        enlisting.add_account(settings, account, platform, given, ask_first=approve == "ask")
    else:
        _offer(settings, account)


def log_in_as(settings: Settings, account: str, *, new: bool = False) -> None:
    """Ask for the credential of an account of these settings; leaves with what is wrong, and then nothing changed."""
    from platforms.errors import PlatformError
    from syndicator.account_check import explained
    from syndicator.cli.progress import working
    from syndicator.login import log_in
    from syndicator.workspace import Workspace

    try:
        done = log_in(Workspace(settings), account, Person(), working)
    except PlatformError as error:
        fail(f"{explained(account, error, new=new)}; nothing was changed")
    tell_of_login(account, done)


def tell_of_login(account: str, done: LoggedIn) -> None:
    """Who the account is, where its credential is kept, and what its owner should know of that."""
    who = f" as {done.profile.actor.handle}" if done.profile else ", which its network can't check"
    show(f"{account}: logged in{who}; kept in {done.kept.place}")
    if done.kept.note:
        tell(f"{account}: {done.kept.note}")
    if done.profile and done.profile.doubt:
        tell(f"{account}: {done.profile.doubt}")
    for variable in done.overruled:
        tell(f"but {variable} is set as well, and wins: unset it to use what was kept")


def _offer(settings: Settings, account: str) -> None:
    """There is no such account: at a terminal it can be added now."""
    from syndicator.cli import enlisting
    from syndicator.cli.asking import Questions
    from syndicator.enlist import check_name, offer_of

    known = ", ".join(settings.accounts) or "none yet"
    none = f"{settings.path}: no account {account!r}; accounts: {known}"
    if not sys.stdin.isatty():
        fail(f"{none}; --platform NETWORK adds it", MISUSED)
    tell(none, "To add it, choose its network, by name or number (Enter: leave it):", *enlisting.networks())
    questions = Questions("")
    chosen = questions.text("Network", "", lambda text: offer_of(text).platform if text.strip() else "")
    if not chosen:
        raise typer.Exit(MISUSED)
    try:
        check_name(account, settings.accounts)
    except ValueError as error:
        fail(str(error), MISUSED)
    if not enlisting.ask_account(settings, questions, offer_of(chosen), account):
        raise typer.Exit(1)


def _pairs(keys: list[str]) -> dict[str, str]:
    pairs = {}
    for each in keys:
        key, equals, value = each.partition("=")
        if not (equals and key.strip().isidentifier()):
            fail(f"--set {each}: write it as KEY=VALUE", MISUSED)
        pairs[key.strip()] = value.strip()
    return pairs


def accounts(
    ctx: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Ask each network whether the login works.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List accounts with their limits and health. Asks no network, unless told to `--check`."""
    from syndicator.cli import account_shape, account_table
    from syndicator.networks import open_accounts
    from syndicator.outbox import Outbox

    space = open_workspace(ctx, scratch=not check)  # what asking costs is remembered
    posts = list(Outbox(space.state))
    found = open_accounts(space)
    checks = _checked(space, found) if check else []
    found = open_accounts(space) if check else found  # what was held may be so no more, and limits may be others
    rows = [account_shape.account(account, posts, space.clock()) for account in found]
    for row, result in zip(rows, checks, strict=False):
        row["check"] = result
    if as_json:
        show_json(rows)
    else:
        show(*account_table.lines(rows))
    if any(row.get("check", {}).get("error") for row in rows):
        raise typer.Exit(1)


def _log_out(settings: Settings, account: str) -> None:
    from syndicator.login import log_out
    from syndicator.workspace import Workspace

    done = log_out(Workspace(settings), account)
    show(f"{account}: forgot its credential" if done.forgotten else f"{account}: there was no credential to forget")
    if done.trouble:
        tell(f"{account}: {done.trouble}")
    for variable in done.left:
        tell(f"but {variable} is set as well, and holds one: unset it")


def _checked(space: Workspace, found: list[Account]) -> list[dict[str, Any]]:
    """Ask the network of each account who it is, and what it allows."""
    from platforms.abilities import LimitsReader
    from syndicator import abreast, server_limits
    from syndicator.account_check import Checked, check_account
    from syndicator.accounts import Holds
    from syndicator.cli.progress import progress

    with progress() as counting:
        done = count(1)
        if counting:
            counting("asking networks", 0, len(found))

        def check(account: Account) -> Checked:
            checked = check_account(account, Holds(space.state))
            if checked.ok and isinstance(account.adapter, LimitsReader):
                server_limits.ask(space, account)
            if counting:
                counting("asking networks", next(done), len(found))
            return checked

        results = abreast.each(check, found)
    return [
        {
            "as": each.handle or None,
            "ok": each.ok,
            "error": each.error or None,
            "state": each.state or None,
            "doubt": each.doubt or None,
        }
        for each in results
    ]


class Person:
    """The person at the terminal, or a pipe that has the answers line by line."""

    def say(self, text: str) -> None:
        """Tell something."""
        tell(text)

    def text(self, prompt: str) -> str:
        """Ask for a line."""
        return str(typer.prompt(prompt, err=True)) if sys.stdin.isatty() else self._line(prompt)

    def secret(self, prompt: str) -> str:
        """Ask for a line that stays unseen."""
        return str(typer.prompt(prompt, hide_input=True, err=True)) if sys.stdin.isatty() else self._line(prompt)

    def browse(self, url: str) -> None:
        """Open a page in the browser, and show its address in case none opens."""
        tell(f"open this page: {url}")
        if sys.stdin.isatty() and is_watched():
            typer.launch(url)

    def _line(self, prompt: str) -> str:
        line = sys.stdin.readline()
        if not line:
            fail(f"{prompt}: nobody is there to answer; run it in a terminal, or pipe the answer in", 2)
        return line.rstrip("\r\n")
