"""The sources that the settings name, blogrolls and notes included: settings in, Sources, notes and problems out.

These files are read again each time: what their owner adds there is followed on the next run. The commands that edit
subscriptions are in `syndicator.cli.sources`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from syndicator.settings import Settings, SourceTable
from syndicator.sources import opml
from syndicator.sources.base import Source, SourceError
from syndicator.sources.notes import Notes, read_file

#: Reads a blogroll that lies behind a URL; SourceError if it can't be had.
Download = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """All feeds to read, each once, and the notes. `problems` are sentences about files that could not be used."""

    feeds: tuple[Source, ...]
    notes: tuple[Notes, ...]
    problems: tuple[str, ...]


def subscriptions(settings: Settings, download: Download) -> Subscriptions:
    """Collect the sources of the settings; a file that can't be read is a problem and stops nothing else.

    A feed that is named twice keeps the first place: the owner's own words come before a blogroll's.
    """
    feeds: dict[str, Source] = {}
    notes: list[Notes] = []
    problems: list[str] = []
    for table in sorted(settings.sources, key=lambda table: bool(table.opml)):
        try:
            if table.kind == "notes":
                notes.append(read_file(settings.beside(table.file)))
                continue
            found, complaints = _sources(table, settings, download)
        except SourceError as error:
            problems.append(str(error))
            continue
        problems += complaints
        for source in found:
            feeds.setdefault(source.url, source)
    return Subscriptions(tuple(feeds.values()), tuple(notes), tuple(problems))


def address(settings: Settings, where: str) -> str:
    """A `feed` or `opml` of the settings as a URL: paths are relative to the settings file."""
    if where.startswith(("http://", "https://", "file:///")):
        return where
    return settings.beside(where.removeprefix("file:")).absolute().as_uri()


def local_path(settings: Settings, table: SourceTable) -> Path | None:
    """The file behind an `opml` of the settings; None when it is on the web."""
    if not table.opml or table.opml.startswith(("http://", "https://")):
        return None
    return settings.beside(table.opml.removeprefix("file:"))


def read_blogroll(settings: Settings, table: SourceTable, download: Download) -> opml.Blogroll:
    """The blogroll that one `[[sources]]` names. Raises SourceError if there is no reading it at all."""
    path = local_path(settings, table)
    if path is None:
        return opml.read(download(table.opml))
    return _read_file(path, "mend `opml` in the settings, or put the file there")


def read_blogroll_at(where: str, download: Download) -> opml.Blogroll:
    """The blogroll at a path or URL. Raises SourceError if there is no reading it at all."""
    if where.startswith(("http://", "https://")):
        return opml.read(download(where))
    return _read_file(Path(where.removeprefix("file://")).expanduser(), "check the path")


def _read_file(path: Path, remedy: str) -> opml.Blogroll:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), f"can't be read: {error.strerror or error}", remedy) from error
    return opml.read(data, base=path.absolute().as_uri(), allow_files=True)


def _sources(table: SourceTable, settings: Settings, download: Download) -> tuple[list[Source], list[str]]:
    if table.feed:
        source = _source(table, address(settings, table.feed), table.title, "", table.tags, (), str(settings.path))
        return [source], []
    blogroll = read_blogroll(settings, table, download)
    complaints = [str(SourceError(table.opml, str(problem), "mend the file")) for problem in blogroll.problems]
    sources = [
        _source(table, each.url, each.title, each.site, (*table.tags, *each.tags), each.folders, table.opml)
        for each in blogroll.sources
    ]
    return sources, complaints


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
        origin=origin,
    )
