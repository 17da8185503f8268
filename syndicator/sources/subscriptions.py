"""The sources that the settings name, blogrolls and notes included: settings in, Sources, notes and problems out.

The blogrolls have been looked at by then (see `read_blogrolls`). The commands that edit subscriptions are in
`syndicator.cli.sources`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from syndicator.settings import Settings, SourceTable
from syndicator.sources.base import Source, SourceError
from syndicator.sources.notes import Notes, read_file
from syndicator.sources.read_blogrolls import Roll


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """All feeds to read, each once, the notes, and the blogrolls as they were found.

    `problems` are sentences about files that could not be used.
    """

    feeds: tuple[Source, ...]
    notes: tuple[Notes, ...]
    problems: tuple[str, ...]
    blogrolls: tuple[Roll, ...] = ()


def subscriptions(settings: Settings, blogrolls: Mapping[str, Roll]) -> Subscriptions:
    """Collect the sources of the settings; a file that can't be read is a problem and stops nothing else.

    `blogrolls` are by what `opml` says in the settings. A feed that is named twice keeps the first place: the owner's
    own words come before a blogroll's.
    """
    feeds: dict[str, Source] = {}
    notes: list[Notes] = []
    problems: list[str] = []
    for table in sorted(settings.sources, key=lambda table: bool(table.opml)):
        if table.kind == "notes":
            try:
                notes.append(read_file(settings.beside(table.file), table.per_day))
            except SourceError as error:
                problems.append(str(error))
            continue
        for source in _sources(table, settings, blogrolls):
            feeds.setdefault(source.url, source)
    problems += [problem for roll in blogrolls.values() for problem in roll.problems]
    return Subscriptions(tuple(feeds.values()), tuple(notes), tuple(problems), tuple(blogrolls.values()))


def blogrolls_of(settings: Settings) -> dict[str, str]:
    """The addresses (http, https or file) of the blogrolls, by what `opml` says in the settings."""
    return {table.opml: address(settings, table.opml) for table in settings.sources if table.opml}


def address(settings: Settings, where: str) -> str:
    """A `feed` or `opml` of the settings as a URL: paths are relative to the settings file."""
    if where.startswith(("http://", "https://", "file:///")):
        return where
    return settings.beside(where).absolute().as_uri()


def local_path(settings: Settings, table: SourceTable) -> Path | None:
    """The file behind an `opml` of the settings; None when it is on the web."""
    if not table.opml or table.opml.startswith(("http://", "https://")):
        return None
    return settings.beside(table.opml)


def _sources(table: SourceTable, settings: Settings, blogrolls: Mapping[str, Roll]) -> list[Source]:
    if table.feed:
        return [_source(table, address(settings, table.feed), table.title, "", table.tags, (), str(settings.path))]
    roll = blogrolls.get(table.opml, Roll(table.opml))
    return [
        _source(table, each.url, each.title, each.site, (*table.tags, *each.tags), each.folders, table.opml)
        for each in roll.feeds
    ]


def _source(
    table: SourceTable, url: str, title: str, site: str, tags: tuple[str, ...], folders: tuple[str, ...], origin: str
) -> Source:
    return Source(
        url=url,
        kind=table.kind,
        title=title,
        site=site,
        tags=tags,
        folders=folders,
        weight=table.weight,
        include=table.include,
        exclude=table.exclude,
        comment_first=table.comment_first,
        comment_wait=table.comment_wait,
        per_day=table.per_day,
        comments=table.comments,
        origin=origin,
    )
