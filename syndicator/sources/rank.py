"""Which of a page's feeds is the best one: posts before comments, all of a site before a part of it, full text first.

Pure, and by what addresses and titles say; nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

_COMMENTS = re.compile(
    r"comment|replies|kommentar|commentaire|coment[aá]rio|commenti|reacties|комментари|コメント|评论|評論|댓글",
    re.IGNORECASE,
)
_PART = re.compile(
    r"/(?:categor(?:y|ies)|cat|tags?|tagged|topics?|labels?|authors?|search|series|section)/"
    r"|/posts/default/-/|[?&](?:cat|tag|category|author|s|q|search)=",
    re.IGNORECASE,
)
_FULL = re.compile(r"\bfull\b|full[ _-]?(?:text|content|post)|volltext|texte[ _-]int[eé]gral", re.IGNORECASE)
_SHORT = re.compile(r"summar|excerpt|teaser|headline|extrait|kurzfassung|\bpartial\b", re.IGNORECASE)
# The first segments of a path that name a language rather than a place or a subject.
_LANGUAGE = re.compile(
    "ar|bg|ca|cs|da|de|el|en|es|et|eu|fa|fi|fr|gl|he|hi|hr|hu|id|ja|ko|lt|lv|nb|nl|nn|pl|pt|ro|ru|sk|sl|sr|sv|th|tr|uk"
    "|vi|zh"
)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page names: absolute address, the page's title for it, and its media type if the page says.

    `language` is the one the page gives for it (`hreflang`), "" where it gives none.
    """

    url: str
    title: str = ""
    type: str = ""
    language: str = ""


def best_first(links: Iterable[FeedLink], language: str = "") -> tuple[FeedLink, ...]:
    """Order a page's feeds, each address once; `language` is the page's own. What is equal keeps the page's order."""
    unique: dict[str, FeedLink] = {}
    for link in links:
        unique.setdefault(link.url, link)
    return tuple(sorted(unique.values(), key=lambda link: _flaws(link, _primary(language))))


def _flaws(link: FeedLink, language: str) -> tuple[bool, ...]:
    text = f"{link.url} {link.title}"
    own = _primary(link.language) or _in_path(link.url)
    return (
        _COMMENTS.search(text) is not None,
        bool(own and language and own != language),
        _PART.search(link.url) is not None,
        _SHORT.search(text) is not None,
        _FULL.search(text) is None,
    )


def _primary(tag: str) -> str:
    tag = tag.strip().lower()
    return "" if tag.startswith("x-") else re.split("[-_]", tag)[0]


def _in_path(url: str) -> str:
    first = _primary(urlsplit(url).path.strip("/").partition("/")[0])
    return first if _LANGUAGE.fullmatch(first) else ""
