"""One page taken apart once: its tree, the address that its links are relative to, and its meta elements.

What the parts mean is left to the readers beside this module. Pages are capped: what a page says of itself stands at
its beginning, and a stranger may send any number of megabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicator.sources import encoding, markup

LONGEST_PAGE = 1_500_000  # bytes
LONGEST_TEXT = 2_000  # characters of one text
MOST_METAS = 1_000
_CLOSING = re.compile(r"</[a-z][a-z0-9]*\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page. `metas` are pairs of lower-case name and content in the order of the page.

    Names are those of `name`, `property` (which may hold several) and, marked by a prefix, `itemprop:` and
    `http-equiv:`. Contents are as the page has them.
    """

    url: str
    base: str
    tree: LexborHTMLParser
    metas: tuple[tuple[str, str], ...]

    def meta(self, *names: str) -> str:
        """The first content that says anything, by the order of the names; plain text."""
        return next(filter(None, map(plain, self._contents(names))), "")

    def title(self, *names: str) -> str:
        """The same for titles, which keep the names of elements they are about."""
        return next(filter(None, map(title_text, self._contents(names))), "")

    def _contents(self, names: tuple[str, ...]) -> Iterator[str]:
        return (content for name in names for key, content in self.metas if key == name)

    def address(self, link: str) -> str:
        """A link of the page as an absolute http(s) address, "" when it is none; an empty link is none either."""
        return markup.absolute(link, self.base)


def open_page(body: bytes, url: str, content_type: str = "") -> Document | None:
    """Parse a page; None when there is nothing in it, or when it nests too deeply to be read."""
    text, _ = encoding.decode(_head_of(body), content_type)
    tree = markup.tree_of(text)
    if tree is None or tree.root is None:
        return None
    element = tree.css_first("base[href]")
    base = (markup.absolute(attribute(element, "href"), url) if element is not None else "") or url
    return Document(url, base, tree, tuple(_metas(tree)))


def plain(text: str) -> str:
    """A stranger's text in one line: references resolved, tags and control characters gone, no longer than allowed."""
    text = text[: LONGEST_TEXT * 4]
    folded = markup.text_of(text) if markup.has_stray_tags(text) else markup.fold(markup.unescape(text))
    return folded[:LONGEST_TEXT]


def title_text(text: str) -> str:
    """The same for a title: an element that it names (“<br>: the line break”) stays, markup that is closed goes."""
    text = text[: LONGEST_TEXT * 4]
    return plain(text) if _CLOSING.search(text) else markup.fold(markup.unescape(text))[:LONGEST_TEXT]


def attribute(node: LexborNode, name: str) -> str:
    """An attribute's value, "" where the element has none."""
    return node.attributes.get(name) or ""


def _head_of(body: bytes) -> bytes:
    """The beginning of a page, cut before a tag so that no character is torn."""
    return body if len(body) <= LONGEST_PAGE else body[:LONGEST_PAGE].rpartition(b"<")[0]


def _metas(tree: LexborHTMLParser) -> list[tuple[str, str]]:
    found = []
    for node in tree.css("meta")[:MOST_METAS]:
        given = node.attributes
        content = given.get("content") or ""
        names = [*(given.get("property") or "").split(), (given.get("name") or "").strip()]
        names += [f"itemprop:{name}" for name in (given.get("itemprop") or "").split()]
        if "http-equiv" in given and not _is_for_others(node):
            names.append(f"http-equiv:{(given.get('http-equiv') or '').strip()}")
        found += [(name.lower(), content) for name in names if name]
    return found


def _is_for_others(node: LexborNode) -> bool:
    """Whether only browsers without scripts obey it."""
    return node.parent is not None and node.parent.tag == "noscript"
