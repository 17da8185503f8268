"""A live blogroll from one look to the next: what was added, gone, renamed or moved, and when not to believe a look.

Pure. Reading blogrolls is for `read_blogrolls`, acting on what changed for `syndicator.follow`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from syndicator import urls
from syndicator.sources.blogroll import Blogroll, Subscription

#: A malformed answer that lacks more than half of at least so many feeds lost them by accident.
_MANY = 10


@dataclass(frozen=True, slots=True)
class Renamed:
    """A feed whose title, folders or tags changed: how it was called, and how it is now."""

    url: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A feed that has another address now."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """How a blogroll differs from what it was; feeds by their addresses. Nothing has changed at its first sight."""

    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    moved: tuple[Moved, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.renamed or self.moved)


def compare(before: Iterable[Subscription], after: Iterable[Subscription]) -> Change:
    """Tell how one blogroll became the other. Of two feeds with one address the first counts."""
    old, new = _by_url(before), _by_url(after)
    moved = _moves(old, new)
    left, came = {each.before for each in moved}, {each.after for each in moved}
    both = ((old[url], new[url]) for url in old if url in new)
    return Change(
        added=tuple(url for url in new if url not in old and url not in came),
        gone=tuple(url for url in old if url not in new and url not in left),
        renamed=tuple(Renamed(was.url, *_names(was, now)) for was, now in both if _said(was) != _said(now)),
        moved=tuple(moved),
    )


def doubt(before: Sequence[Subscription], found: Blogroll, *, on_web: bool) -> str:
    """Why what was found is not to be believed when it is compared with what was there before; "" when it is.

    A well-formed blogroll is always believed, but for an empty one from the web: servers answer so when they have lost
    something, and whoever means it takes the address out of the settings.
    """
    if not before:
        return ""
    if not found.sources and not found.includes and (on_web or not found.whole):
        return str(found.problems[-1]) if found.problems else "names no feeds any more"
    if found.wellformed:
        return ""
    lost = {each.url for each in before} - {each.url for each in found.sources}
    if lost and not found.whole:
        return f"breaks off: {_first_problem(found)}"
    if len(before) >= _MANY and len(lost) > len(before) / 2:
        return f"lacks {len(lost)} of {len(before)} feeds and is malformed: {_first_problem(found)}"
    return ""


def _first_problem(found: Blogroll) -> str:
    """Where and why it is malformed; not that the rest was kept, since it was not."""
    return str(found.problems[0]).partition(";")[0]


def _by_url(feeds: Iterable[Subscription]) -> dict[str, Subscription]:
    found: dict[str, Subscription] = {}
    for each in feeds:
        found.setdefault(each.url, each)
    return found


def _moves(old: dict[str, Subscription], new: dict[str, Subscription]) -> list[Moved]:
    """Pair what is gone with what was added: by another form of its address, by its site, by its title.

    Only what no other feed has in common counts: channels of one service share a site, and many blogs are called Blog.
    A title alone is no sign where the two name different sites.
    """
    moved: dict[str, str] = {}
    gone, added = old.keys() - new.keys(), new.keys() - old.keys()
    for mark in _MARKS if gone and added else ():
        were, are = _alone(old.values(), mark), _alone(new.values(), mark)
        for key, url in were.items():
            now = are.get(key)
            if url in gone and now in added and (mark is not _title or _may_share_a_site(old[url], new[now])):
                moved[url] = now
                gone.remove(url)
                added.remove(now)
    return [Moved(was, now) for was, now in moved.items()]


def _alone(feeds: Iterable[Subscription], mark: Callable[[Subscription], str]) -> dict[str, str]:
    """The feeds with a mark that no other one has, by that mark."""
    marked = [(mark(each), each.url) for each in feeds]
    counted = Counter(key for key, _ in marked)
    return {key: url for key, url in marked if key and counted[key] == 1}


def _title(feed: Subscription) -> str:
    return feed.title.casefold()


def _may_share_a_site(was: Subscription, now: Subscription) -> bool:
    before, after = urls.site_of(was.site), urls.site_of(now.site)
    return not (before and after) or before == after


_MARKS: tuple[Callable[[Subscription], str], ...] = (
    lambda feed: urls.page_key(urls.canonical(feed.url)),
    lambda feed: urls.page_key(urls.canonical(feed.site)),
    _title,
)


def _said(feed: Subscription) -> tuple[object, ...]:
    return feed.title, feed.folders, frozenset(feed.tags)


def _names(was: Subscription, now: Subscription) -> tuple[str, str]:
    """How a feed is called before and after: by its title, with folders and tags where they changed."""
    with_folders, with_tags = was.folders != now.folders, set(was.tags) != set(now.tags)
    first, second = (
        " / ".join((*(each.folders if with_folders else ()), each.title or each.url))
        + (f" [{', '.join(each.tags)}]" if with_tags else "")
        for each in (was, now)
    )
    return first, second
