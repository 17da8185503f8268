"""The blogroll for readers: an OPML of the curated sources beside the pages of an account that asks for it. Effects.

It is written after a run, twice: as `blogroll.opml`, which the pages link to, and where machines look for it
(https://opml.org/blogroll.opml, `/.well-known/recommendations.opml`). What is nobody's business stays out. Whom I
recommend is marked by the category `recommended`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from urllib.parse import parse_qsl

from ledger.entry import Direction, Identity, Kind
from ledger.people import People, Person
from syndicator import urls
from syndicator.files import replace_file
from syndicator.sources import health as healths
from syndicator.sources import opml
from syndicator.sources.base import Source
from syndicator.sources.blogroll import Subscription
from syndicator.sources.guard import is_public
from syndicator.sources.subscriptions import Subscriptions
from syndicator.urls import weburl
from syndicator.workspace import Workspace

FILES = ("blogroll.opml", ".well-known/recommendations.opml")
#: A tag or a folder of this name keeps a source out, in any case of letters.
PRIVATE = "private"
#: One of this name is a recommendation by me.
RECOMMENDED = "recommended"
#: In each file, so that nobody else's is ever overwritten.
_MARK = b"<!-- Written by Syndicator after each run: what is changed here is lost. -->\n"

_SECRET = re.compile(r"(?i)(?:.*[_-])?(?:auth|key|apikey|token|secret|sig|signature|password|passwd|pass|pwd|hash)")
_AT_HOME = ("localhost", "local", "internal", "lan", "home", "home.arpa")


def put_out(space: Workspace, subscribed: Subscriptions) -> list[str]:
    """Write the blogroll for each account with `blogroll = true`; gives sentences about what could not be written."""
    settings = space.settings
    tables = {name: table for name, table in settings.accounts.items() if table.blogroll}
    if not tables:
        return []
    known = healths.load(space.state)
    read = (each for each in subscribed.feeds if not healths.of(each, known).gone)
    named = [healths.named(each, known) for each in read]
    shown = public(named, recommended(space, named))
    declaration, rest = opml.write(f"{settings.me.name or 'My'} blogroll", shown).split(b"\n", 1)
    content = declaration + b"\n" + _MARK + rest
    problems = []
    for name, table in tables.items():
        for file in FILES:
            path = settings.beside(table.folder) / file
            if problem := _write(path, content):
                problems.append(f"{name}: {path}: {problem}")
    return problems


def recommended(space: Workspace, sources: Iterable[Source]) -> frozenset[str]:
    """Which of the sources (their addresses) I recommend: tagged or filed so, or of somebody to whom I gave it."""
    people, given = space.book.people(), _given(space)
    return frozenset(each.url for each in sources if is_tagged(each, RECOMMENDED) or _writer(each, people) in given)


def unread(space: Workspace, sources: Iterable[Source]) -> list[Person]:
    """The people to whom I gave a recommendation, and of whom none of the sources is."""
    people = space.book.people()
    read = {_writer(each, people) for each in sources}
    return sorted((who for key, who in _given(space).items() if key not in read), key=lambda who: who.name)


def _given(space: Workspace) -> dict[str, Person]:
    """Whom I recommended by the ledger, by the person's id."""
    people = space.book.people()
    given = (entry for entry in space.book.entries() if entry.direction is Direction.GIVEN and not entry.private)
    found = (people.of(entry.identity) for entry in given if entry.kind is Kind.RECOMMEND)
    return {person.id: person for person in found}


def _writer(source: Source, people: People) -> str:
    """The id of the person whose site a source is of; "" for none."""
    site = urls.site_of(source.site or source.url)
    return people.of(Identity("web", site)).id if site else ""


def public(sources: Iterable[Source], marked: Collection[str] = ()) -> list[Subscription]:
    """Those of the sources that anybody may know of, without their tags; those `marked` (addresses) as recommended.

    Left out are my own feeds, what is tagged or filed as private, what is worth nothing to me (`weight = 0`), and
    addresses that work for me alone: files, hosts at home, and those with a login or what looks like a key.
    """
    return [
        Subscription(
            each.url,
            each.title,
            each.site if _is_open(each.site) else "",
            tags=(RECOMMENDED,) if each.url in marked else (),
            folders=each.folders,
        )
        for each in sources
        if each.kind == "curated" and each.weight and not is_tagged(each, PRIVATE) and _is_open(each.url)
    ]


def is_tagged(source: Source, tag: str) -> bool:
    """Whether a source is tagged or filed under a name, in any case of letters."""
    names = (*source.folders, *(part for tag in source.tags for part in tag.split("/")))
    return any(name.strip().casefold() == tag for name in names)


def _is_open(url: str) -> bool:
    parsed = weburl.parse(url)
    if parsed is None or parsed.user or parsed.password or _is_at_home(urls.host(url)):
        return False
    return not any(_SECRET.fullmatch(name) for name, _ in parse_qsl(parsed.query or "", keep_blank_values=True))


def _is_at_home(host: str) -> bool:
    try:
        return not is_public(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return "." not in host or any(host == name or host.endswith(f".{name}") for name in _AT_HOME)


def _write(path: Path, content: bytes) -> str:
    """Write what changed; gives what is wrong, and leaves alone what somebody else wrote."""
    try:
        before = path.read_bytes() if path.exists() else b""
        if before and _MARK not in before:
            return "is not ours, and was left alone; move it away, or set blogroll = false"
        if before != content:
            replace_file(path, content)
    except OSError as error:
        return f"can't be written: {error.strerror or error}"
    return ""
