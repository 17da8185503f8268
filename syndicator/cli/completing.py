"""What a shell proposes for an argument: accounts, people, posts, suggestions, sources. Loads no SDK, asks no network.

On any error nothing is proposed and nothing said. What would have to be quoted in a shell, or could do something there,
is no proposal: people and sources are named by strangers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import typer

if TYPE_CHECKING:
    from ledger.entry import Identity
    from syndicator.workspace import Workspace

#: A word to put on the command line, and what it is.
Proposal: TypeAlias = tuple[str, str]

#: So many are proposed at once; bytes of the largest journal that is read for it: somebody waits for the answer.
_MOST, _LARGEST = 100, 30_000_000

_HARMLESS = r"[\w@.:/+%,][\w@.:/+%,=-]{0,499}"
_NOT_HARMLESS = r"[^\w@.:/ -]+"
_HELP = 60

#: What bash has put behind it already of the word that is completed; see `rejoined`.
_prefix: list[str] = []


def prepare(environment: MutableMapping[str, str]) -> None:
    """Undo what bash does to words when it asks for proposals."""
    words, place = environment.get("COMP_WORDS", "").split("\n"), environment.get("COMP_CWORD", "")
    if len(words) > 1 and place.isdecimal():
        whole, prefix = rejoined(words, int(place))
        environment["COMP_WORDS"], environment["COMP_CWORD"] = "\n".join(whole), str(len(whole) - 1)
        _prefix[:] = [prefix]


def rejoined(words: Sequence[str], place: int) -> tuple[list[str], str]:
    """The words up to the one at `place`, which bash breaks at `:`, `@` and `=`, and what comes before its last part.

    Only that last part is completed. See COMP_WORDBREAKS in bash(1). Pure.
    """
    whole: list[str] = []
    joins = False
    for number, word in enumerate([*words[:place], *(words[place : place + 1] or [""])]):
        if word == "=" and whole and whole[-1].startswith("--"):
            if number == place:
                return [*whole, ""], ""
            continue
        joins = bool(whole) and (joins or word == ":" or (word == "@" and whole[-1].startswith("@")))
        before = whole.pop() if joins else ""
        joins = word in (":", "@")
        if number == place:
            if word == ":":
                return [*whole, ""], before + word
            at = "@" if before.endswith("@") else ""  # bash breaks there, and replaces it all the same
            return [*whole, at + word], before.removesuffix("@")
        whole.append(before + word)
    return whole, ""


def _proposing(find: Callable[[Workspace], Iterable[Proposal]]) -> Callable[[typer.Context, str], list[Proposal]]:
    """A function for `autocompletion`."""

    def propose(ctx: typer.Context, incomplete: str) -> list[Proposal]:
        try:
            return list(_fitting(find(_workspace(ctx)), "".join(_prefix), incomplete))
        except Exception:
            return []

    return propose


def _fitting(found: Iterable[Proposal], prefix: str, incomplete: str) -> Iterator[Proposal]:
    """The first of them that begin with what is there, without what the shell has put aside of it."""
    seen: set[str] = set()
    for value, told in found:
        if value.startswith(prefix + incomplete) and value not in seen and re.fullmatch(_HARMLESS, value):
            seen.add(value)
            yield value[len(prefix) :], " ".join(re.sub(_NOT_HARMLESS, " ", told).split())[:_HELP]
        if len(seen) == _MOST:
            return


def _workspace(ctx: typer.Context) -> Workspace:
    """The settings that the line names, or those that would be used."""
    from syndicator.cli.app import open_workspace

    at: typer.Context | None = ctx
    while at:
        if config := at.params.get("config"):
            ctx.obj = Path(config).expanduser()
            break
        at = at.parent  # type: ignore[assignment]
    space = open_workspace(ctx, scratch=True)
    for name in ("state.jsonl", "ledger.jsonl"):
        file = space.settings.data_folder / name
        if file.exists() and file.stat().st_size > _LARGEST:
            raise ValueError(f"{file} is too large to be read now")
    return space


@_proposing
def accounts(space: Workspace) -> Iterator[Proposal]:
    """The accounts of the settings."""
    yield from ((name, table.platform) for name, table in space.settings.accounts.items())


@_proposing
def people(space: Workspace) -> Iterator[Proposal]:
    """Everybody who is known, by their handles and sites, and by names of one word."""
    known = list(space.book.people())
    for person in known:
        yield from ((_typed(identity), person.name) for identity in person.identities)
    yield from ((person.name, "") for person in known)
    for identity in space.book.sheaves().identities():
        yield _typed(identity), ""


def _typed(who: Identity) -> str:
    """A handle as WHO takes it."""
    at = {"web": "", "bluesky": "", "mastodon": "@"}
    return f"{at[who.network]}{who.handle}" if who.network in at else f"{who.network}:{who.handle}"


@_proposing
def suggestions(space: Workspace) -> Iterator[Proposal]:
    """The numbers that the last `ledger owe` showed."""
    for number, row in enumerate(space.book.numbers(), 1):
        yield str(number), f"{row.suggestion.act} {row.identity}" if row.suggestion else str(row.identity)


def posts(*states: str) -> Callable[[typer.Context, str], list[Proposal]]:
    """The ids of posts in one of these states, those of the latest first."""

    @_proposing
    def find(space: Workspace) -> Iterator[Proposal]:
        from syndicator.outbox import Outbox, State

        found = Outbox(space.state).in_state(*map(State, states))
        for post in sorted(found, key=lambda post: post.due, reverse=True):
            yield post.id, f"{post.account} {post.title}"

    return find


@_proposing
def sources(space: Workspace) -> Iterator[Proposal]:
    """The feeds of the settings, and those that were read."""
    from syndicator.sources import health

    yield from ((table.feed, table.title) for table in space.settings.sources if "://" in table.feed)
    yield from ((url, known.title) for url, known in health.load(space.state).items())


@_proposing
def articles(space: Workspace) -> Iterator[Proposal]:
    """What was posted or waits, by the articles' addresses."""
    from syndicator.outbox import Outbox

    found = sorted(Outbox(space.state), key=lambda post: post.due, reverse=True)
    yield from ((post.article, post.title) for post in found)


@_proposing
def doable(space: Workspace) -> Iterator[Proposal]:
    """Those of them with something to do."""
    for number, row in enumerate(space.book.numbers(), 1):
        if row.suggestion:
            yield str(number), f"{row.suggestion.act} {row.identity}"


def networks(ctx: typer.Context, incomplete: str) -> list[Proposal]:
    """The networks that an account can be on."""
    from syndicator.enlist import OFFERS

    return [(each.platform, each.line) for each in OFFERS if each.platform.startswith(incomplete)]


def one_of(*words: str) -> Callable[[typer.Context, str], list[Proposal]]:
    """Words that are always the same."""
    return lambda ctx, incomplete: [(word, "") for word in words if word.startswith(incomplete)]
