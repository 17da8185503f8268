"""The post that a page marks up as h-entry, and the h-cards of who wrote it.

Rules: https://microformats.org/wiki/h-entry and, simplified, https://indieweb.org/authorship-spec: the entry's own
author, else that of the feed around it. Entries inside of another are replies or quotations and not the page's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from syndicator import urls
from syndicator.pages import mf2
from syndicator.pages.claims import Claims
from syndicator.pages.document import Document, attribute
from syndicator.pages.mf2_values import Picture

MOST_ENTRIES = 50
LONGEST_NAME = 300  # characters; whoever gives a longer name has marked up a note


@dataclass(frozen=True, slots=True)
class Entry:
    """What the h-entry claims, and the addresses of its authors' h-cards in order."""

    claims: Claims
    author_urls: tuple[str, ...] = ()


def h_entry(page: Document) -> Entry:
    """Read the entry that a page is about: the only one there, or the one of this very address."""
    node = _main_entry(page)
    if node is None:
        return Entry(Claims())
    entry = mf2.item(node, page)
    authors = entry.properties.get("author", ()) or _authors_around(page)
    cards = [author for author in authors if isinstance(author, mf2.Item)]
    names = [card.first("name") for card in cards] or [author for author in authors if isinstance(author, str)]
    photo = next(iter(entry.properties.get("photo", ()) or entry.properties.get("featured", ())), "")
    content = entry.first("content")
    name = entry.first("name")
    return Entry(
        Claims(
            title=name if len(name) <= LONGEST_NAME and not (content and content.startswith(name)) else "",
            description=entry.first("summary"),
            author=", ".join(dict.fromkeys(name for name in names[:5] if "://" not in name and name)),
            image=page.address(photo.url if isinstance(photo, Picture) else photo if isinstance(photo, str) else ""),
            image_alt=photo.alt if isinstance(photo, Picture) else "",
            published=entry.first("published"),
        ),
        tuple(url for card in cards for url in card.texts("url") if urls.is_web(url)),
    )


def _main_entry(page: Document) -> LexborNode | None:
    entries = [node for node in page.tree.css(".h-entry") if not _is_inside(node, ("h-entry", "h-cite"))][:MOST_ENTRIES]
    if len(entries) == 1:
        return entries[0]
    here = urls.page_key(urls.canonical(page.url))
    return next((node for node in entries if here in _own_addresses(node, page)), None)


def _own_addresses(node: LexborNode, page: Document) -> set[str]:
    links = node.css("a.u-url[href], link.u-url[href]")[:5]
    return {urls.page_key(urls.canonical(page.address(attribute(link, "href")))) for link in links}


def _authors_around(page: Document) -> tuple[mf2.Item, ...]:
    cards = [node for node in page.tree.css(".p-author.h-card") if not _is_inside(node, ("h-entry", "h-cite"))]
    return tuple(mf2.item(node, page) for node in cards[:1])


def _is_inside(node: LexborNode, classes: tuple[str, ...]) -> bool:
    above = node.parent
    while above is not None:
        if not set(classes).isdisjoint(attribute(above, "class").split()):
            return True
        above = above.parent
    return False
