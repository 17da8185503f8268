"""Which files a linkblog consists of, each with a mark of all it is made from: the same mark, the same file. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import msgspec

from platforms.linkblog_book import PAGE, Book, Link, Site
from platforms.linkblog_feeds import Part, atom, json_feed
from platforms.linkblog_pages import archive_list, archive_page, front, span


@dataclass(frozen=True, slots=True)
class File:
    """A file to be made: its name within the folder, what tells its content from any other, and how to make it."""

    name: str
    mark: str
    make: Callable[[], str]


def files(site: Site, book: Book) -> Iterator[File]:
    """Every file, in an order in which none links to one that is still to be made.

    The last page of the archive is the one that grows; the others are full, and have feeds of their own. The newest
    feed has all that no full page has.
    """
    pages = book.pages()
    numbers = list(pages)
    marks = {number: _mark(links) for number, links in pages.items()}
    whole = _mark(repr(site), book.id, _design())
    for older, number, newer in zip([0, *numbers], numbers, [*numbers[1:], 0], strict=False):
        links = pages[number]
        make = partial(archive_page, site, number, links, older, newer)
        yield File(f"archive/{number}.html", _mark(whole, marks[number], older, newer), make)
        if newer:  # full
            after = newer if newer != numbers[-1] else 0
            yield from _feeds(site, book, Part(links, number, older, after), f"archive/{number}", whole, marks[number])
    full = numbers[-2] if len(numbers) > 1 else 0
    if full:
        spans = [span(site, number, links) for number, links in pages.items()]
        yield File("archive/index.html", _mark(whole, spans), partial(archive_list, site, spans))
    newest = book.links[:PAGE]
    older_at = f"{book.links[PAGE].file}#{book.links[PAGE].anchor}" if book.links[PAGE:] else ""
    yield File("index.html", _mark(whole, _mark(newest), older_at), partial(front, site, newest, older_at))
    told = {link.key for link in newest} | ({link.key for link in pages[numbers[-1]]} if numbers else set())
    links = [link for link in book.links if link.key in told]
    yield from _feeds(site, book, Part(links, older=full), "feed", whole, _mark(links))


def _feeds(site: Site, book: Book, part: Part, name: str, *mark: str) -> Iterator[File]:
    marked = _mark(*mark, part.older, part.newer)
    yield File(f"{name}.xml", marked, partial(atom, site, book, part))
    yield File(f"{name}.json", marked, partial(json_feed, site, book, part))


def _mark(*parts: str | int | bytes | Sequence[object] | list[Link]) -> str:
    return hashlib.blake2b(msgspec.json.encode(parts), digest_size=12).hexdigest()


@cache
def _design() -> str:
    """Changes with every change of these modules and the template: then all is made anew."""
    own = sorted(Path(__file__).parent.glob("linkblog*"))
    return _mark(*(path.read_bytes() for path in own if path.suffix in {".py", ".html"}))
