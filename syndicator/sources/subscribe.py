"""Adds and removes subscriptions where their owner can see and edit them: in the blogroll file and the settings file.

Feeds go into the first blogroll of the settings that is a file; where there is none, `blogroll.opml` is made beside the
settings and named in them. Both files keep everything else that stands in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.store.durable import trouble
from syndicator import urls
from syndicator.files import replace_file
from syndicator.settings import Settings, edit
from syndicator.sources import opml
from syndicator.sources.base import Source
from syndicator.sources.blogroll import Blogroll, Problem, Skip, Subscription
from syndicator.sources.subscriptions import address, local_path

_DEFAULT = "blogroll.opml"
_AGAIN = "appears more than once in the file; its tags and folders are taken together"
_ANOTHER = "is another outline file; import it by itself, or name the whole blogroll as `opml` in the settings"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of each feed of an imported blogroll, by URL; nothing is dropped without a reason."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    skipped: tuple[Skip, ...]
    problems: tuple[Problem, ...]


def take_over(settings: Settings, blogroll: Blogroll, current: Iterable[Source]) -> Imported:
    """Merge a blogroll into the subscriptions; what is there already is updated where the file says otherwise.

    A feed that the settings themselves name is left as it is. Raises SourceError if the own blogroll can't be edited.
    """
    known = {_key(source.url): source for source in current}
    editable = _in_own_file(settings)
    new = [each for each in blogroll.sources if _key(each.url) not in known]
    changed = [
        each for each in blogroll.sources if _key(each.url) in editable and _differs(each, editable[_key(each.url)])
    ]
    touched = {_key(each.url) for each in (*new, *changed)}
    if touched:
        _edit(settings, add=[*new, *changed], remove=[each.url for each in changed])
    again = [Skip(url, _AGAIN) for url in blogroll.duplicates]
    others = [Skip(each.url, _ANOTHER, each.title) for each in blogroll.includes]
    return Imported(
        added=tuple(each.url for each in new),
        updated=tuple(each.url for each in changed),
        unchanged=tuple(each.url for each in blogroll.sources if _key(each.url) not in touched),
        skipped=(*blogroll.skipped, *again, *others),
        problems=blogroll.problems,
    )


def add(settings: Settings, subscription: Subscription) -> Path:
    """Subscribe to one feed; return the file it stands in now."""
    return _edit(settings, add=[subscription])


def remove(settings: Settings, url: str) -> Path | None:
    """Unsubscribe from one feed; return the file it stood in, None when no file of the owner's names it."""
    if _key(url) in _in_own_file(settings):
        return _edit(settings, remove=[url])
    return _remove_from_settings(settings, url)


def _edit(settings: Settings, add: Sequence[Subscription] = (), remove: Sequence[str] = ()) -> Path:
    path = _own_file(settings)
    target = path or settings.beside(_DEFAULT)
    if target.exists():
        base = target.absolute().as_uri()
        data = opml.edit(target.read_bytes(), add=add, remove=remove, where=str(target), base=base)
    else:
        data = opml.write(f"{settings.me.name or 'My'} blogroll".strip(), add)
    _write(target, data)
    if path is None:
        edit.add_source(settings.path, {"kind": "curated", "opml": _DEFAULT})
    return target


def _own_file(settings: Settings) -> Path | None:
    paths = (local_path(settings, table) for table in settings.sources if table.kind == "curated")
    return next((path for path in paths if path), None)


def _in_own_file(settings: Settings) -> dict[str, Subscription]:
    path = _own_file(settings)
    if path is None or not path.exists():
        return {}
    base = path.absolute().as_uri()
    blogroll = opml.read(path.read_bytes(), base=base, allow_files=True)
    return {_key(each.url): each for each in blogroll.sources}


def _remove_from_settings(settings: Settings, url: str) -> Path | None:
    for position, table in enumerate(settings.sources):
        if table.feed and _key(url) in {_key(table.feed), _key(address(settings, table.feed))}:
            edit.remove_source(settings.path, position)
            return settings.path
    return None


def _write(path: Path, data: bytes) -> None:
    try:
        replace_file(path, data)
    except OSError as error:
        raise trouble(path, error, "written, and nothing was changed") from error


def _key(url: str) -> str:
    return urls.resolve("", url) or url


def _differs(new: Subscription, old: Subscription) -> bool:
    """Whether an imported line says something else than the own one does; what it leaves out is no difference."""
    pairs = ((new.title, old.title), (new.site, old.site), (new.tags, old.tags), (new.folders, old.folders))
    return any(said and said != known for said, known in pairs)
