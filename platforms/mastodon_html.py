"""The HTML that Mastodon's API gives, as text and links. Pure.

Read tag by tag in one pass: a parser that builds the tree, or looks for the end of a tag anew from each start, can be
kept busy for minutes by fifty thousand characters of a stranger's.
"""

from __future__ import annotations

import html
import re

#: Characters of HTML that are read.
_MOST = 50_000
_TAG = re.compile(r"<(/?[A-Za-z][^<>]*|[!?][^<>]*)>")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_HREF = re.compile(r"""\shref\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
#: What begins a new line.
_BREAKS = frozenset({"br", "p", "div", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})


class Content:
    """A status's HTML: `text` is what a reader sees, `links` where its links lead."""

    def __init__(self, html_or_not: object) -> None:
        self.links: list[str] = []
        pieces = _TAG.split(str(html_or_not or "")[:_MOST])  # text, tag, text, tag …, text
        said = [_shown(piece) if at % 2 == 0 else self._tag(piece) for at, piece in enumerate(pieces)]
        self.text = "".join(said).strip()

    def _tag(self, tag: str) -> str:
        """Note where a link leads; gives the line break that a tag makes."""
        name = _NAME.match(tag)
        if name is None:
            return ""  # the end of an element, or a comment
        if name[0].lower() == "a" and (href := _HREF.search(tag)):
            self.links += [link for link in (_shown(href[1] or href[2] or href[3] or ""),) if link]
        return "\n" if name[0].lower() in _BREAKS else ""


def _shown(text: str) -> str:
    """Text with its character references resolved; one of a number without end leaves it as it is."""
    try:
        return html.unescape(text)
    except ValueError:
        return text
