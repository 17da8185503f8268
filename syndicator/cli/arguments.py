"""Arguments that several commands take, with what shells propose for them."""

from __future__ import annotations

from typing import Annotated

import typer

from syndicator.cli import completing

#: As `ledger.entry` and `ledger.people` have them, which are not loaded for help.
KINDS = (
    *("link", "recommend", "submit", "share", "quote", "boost", "comment", "reply", "mention", "bookmark", "like"),
    *("follow", "thank"),
)
ROLES = ("fan", "prospect", "collaborator", "mentor", "influencer", "friend", "press")

KindArgument = Annotated[
    str,
    typer.Argument(
        metavar="KIND",
        autocompletion=completing.one_of(*KINDS),
        help="link, recommend, share, quote, boost, comment, …",
    ),
]
WhoArgument = Annotated[
    str,
    typer.Argument(
        metavar="WHO",
        autocompletion=completing.people,
        help="A handle (@ada@example.social, x:ada), a site (ada.example) or a name.",
    ),
]
