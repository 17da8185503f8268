"""The blogroll for readers: an OPML of the curated sources beside the pages of an account that asks for it. Effects.

It is written after a run, twice: as `blogroll.opml`, which the pages link to, and where machines look for it
(https://opml.org/blogroll.opml, `/.well-known/recommendations.opml`). What is nobody's business stays out.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import parse_qsl

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
    shown = public(healths.named(each, known) for each in read)
    declaration, rest = opml.write(f"{settings.me.name or 'My'} blogroll", shown).split(b"\n", 1)
    content = declaration + b"\n" + _MARK + rest
    problems = []
    for name, table in tables.items():
        for file in FILES:
            path = settings.beside(table.folder) / file
            if problem := _write(path, content):
                problems.append(f"{name}: {path}: {problem}")
    return problems


def public(sources: Iterable[Source]) -> list[Subscription]:
    """Those of the sources that anybody may know of, without their tags.

    Left out are my own feeds, what is tagged or filed as private, what is worth nothing to me (`weight = 0`), and
    addresses that work for me alone: files, hosts at home, and those with a login or what looks like a key.
    """
    return [
        Subscription(each.url, each.title, each.site if _is_open(each.site) else "", folders=each.folders)
        for each in sources
        if each.kind == "curated" and each.weight and not _is_private(each) and _is_open(each.url)
    ]


def _is_private(source: Source) -> bool:
    names = (*source.folders, *(part for tag in source.tags for part in tag.split("/")))
    return any(name.strip().casefold() == PRIVATE for name in names)


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
