"""Commands about judging: why, judge."""

from __future__ import annotations

from typing import Annotated

import typer

from syndicator.cli import completing
from syndicator.cli.app import (
    App,
    JsonOption,
    fail,
    moment_at,
    open_workspace,
    show,
    show_json,
    web_address,
    width,
)
from syndicator.cli.posts import AtOption


def register(app: App) -> None:
    """Add this group's commands."""
    app.command()(why)
    app.command()(judge)


def why(
    ctx: typer.Context,
    url: Annotated[
        str, typer.Argument(metavar="URL", autocompletion=completing.articles, help="Any address of the article.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Tell how an article is judged, for when it is planned or why it is passed over, and where it was posted."""
    from syndicator.cli import judged
    from syndicator.cli.progress import working
    from syndicator.explain import explain
    from syndicator.networks import open_accounts, publishing

    space = open_workspace(ctx, scratch=True)
    with working("planning"):
        found = explain(space, url, publishing(open_accounts(space)))
    if found is None:
        web_address(url)
        fail(f"{url}: no source told of this article yet; `syndicator preview FEED` shows what a feed gives")
    document = judged.why(found)
    if as_json:
        show_json(document)
    else:
        show(*judged.why_lines(document, space.settings.me.timezone, width()))


def judge(
    ctx: typer.Context,
    account: Annotated[
        str,
        typer.Option(
            metavar="ACCOUNT",
            autocompletion=completing.accounts,
            help="By the topics, ages and least score of this account.",
        ),
    ] = "",
    at: AtOption = None,
    everything: Annotated[bool, typer.Option("--all", help="List every article, those turned down too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Judge every article that was read, the best first. Reads no feeds and changes nothing."""
    from syndicator.cli import judged
    from syndicator.explain import rank

    space = open_workspace(ctx, scratch=True)
    document = judged.ranking(rank(space, account, moment_at(space, at)))
    if as_json:
        show_json(document)
    else:
        show(*judged.ranking_lines(document, everything=everything))
