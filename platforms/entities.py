"""What each network finds in a text: mentions, tags and, from `links`, links. Pure; counting is in `text`.

X follows twitter-text 3.1.0, Mastodon its server's extractor, Bluesky `detectFacets` of @atproto/api 0.19: there the
clients and not the servers decide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import regex  # type: ignore[import-untyped]

from platforms import tlds
from platforms.links import LATIN, SPACES, Span, mastodon_urls, x_urls

_X_MENTION = regex.compile(
    r"(?:^|[^a-zA-Z0-9_!#$%&*@＠]|(?:^|[^a-zA-Z0-9_+~.-])[rR][tT]:?)[@＠]"
    r"([a-zA-Z0-9_]{1,20}(?:/[a-zA-Z][a-zA-Z0-9_-]{0,24})?)"
)
_MENTION_END = regex.compile(rf"[@＠{LATIN}]|://")
_LETTER = r"\p{L}\p{M}"
_TAG_SIGNS = r"_\xb7\u05be\u05f3\u05f4\u0f0b\u0f0c\u200c\u200d\u3003\u301c\u309b\u309c\u30a0\u30fb\ua67e\uff5e"
_TAG_CHAR = rf"[{_LETTER}\p{{Nd}}{_TAG_SIGNS}]"
_X_HASHTAG = regex.compile(
    rf"(?:^|\ufe0e|\ufe0f|(?!{_TAG_CHAR}|&)(?s:.))[#＃](?![\ufe0f\u20e3])({_TAG_CHAR}*[{_LETTER}]{_TAG_CHAR}*)"
)
_HASHTAG_END = regex.compile(r"[#＃]|://")
_X_CASHTAG = regex.compile(
    rf"(?ai)(?:^|[{SPACES}])\$([a-z]{{1,6}}(?:[._][a-z]{{1,2}})?)(?=\Z|[{SPACES}\ufeff!'#%&()*+,\\./:;<=>?@\[\]\^_{{|}}~$-])"
)


def x_mentions(text: str) -> tuple[Span, ...]:
    """`@name` and `@name/list` as X finds them (`extractMentionsOrListsWithIndices`)."""
    return tuple(
        Span("mention", found.start(1) - 1, found.end(), found[1])
        for found in _X_MENTION.finditer(text)
        if not _MENTION_END.match(text, found.end())
    )


def x_hashtags(text: str) -> tuple[Span, ...]:
    """Hashtags as X finds them; one that begins inside a link, or runs into one, is none (`extractHashtags`)."""
    return tuple(span for span in _apart((*_x_hashtags(text), *x_urls(text))) if span.kind == "hashtag")


def _x_hashtags(text: str) -> Iterator[Span]:
    for found in _X_HASHTAG.finditer(text):
        if not _HASHTAG_END.match(text, found.end()):
            yield Span("hashtag", found.start(1) - 1, found.end(), found[1])


def x_cashtags(text: str) -> tuple[Span, ...]:
    """`$TICKER` as X finds them (`extractCashtagsWithIndices`)."""
    return tuple(Span("cashtag", found.start(1) - 1, found.end(), found[1]) for found in _X_CASHTAG.finditer(text))


def x_entities(text: str) -> tuple[Span, ...]:
    """All that X finds, in order, without overlaps (`extractEntitiesWithIndices`)."""
    return _apart((*x_urls(text), *x_mentions(text), *_x_hashtags(text), *x_cashtags(text)))


def _apart(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Put spans in order; of two that overlap the earlier stays."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if not kept or kept[-1].end <= span.start:
            kept.append(span)
    return tuple(kept)


_MASTODON_MENTION = regex.compile(
    r"(?<![=/\w])@([A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)(?:@\w+(?:[.-]+\w+)*)?",
)


def mastodon_entities(text: str) -> tuple[Span, ...]:
    """Links and mentions (`value`: the user without the server) as Mastodon's server finds them, without overlaps."""
    mentions = (
        Span("mention", found.start(), found.end(), found[1])
        for found in _MASTODON_MENTION.finditer(text)
        if not _MENTION_END.match(text, found.end())
    )
    return _apart((*mastodon_urls(text), *mentions))


@dataclass(frozen=True, slots=True)
class Facet:
    """One Bluesky facet, from `start` to `end` in UTF-8 bytes.

    `value` is what the feature needs: the URI of a link (with `https://` where the text has none), the handle of a
    mention (still to be resolved), the name of a tag (a cashtag in capitals, with its `$`).
    """

    type: Literal["link", "mention", "tag"]
    start: int
    end: int
    value: str


_SPACE = r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"  # what JavaScript calls white space
_HIDDEN = r"\xad\u2060\u200a-\u200d\u20e2"
_TAG_CHAR = rf"[^{_SPACE}{_HIDDEN}]"
_BSKY_MENTION = regex.compile(
    rf"(?<![^{_SPACE}(])@([a-zA-Z0-9.-]*(?:[a-zA-Z0-9](?![a-zA-Z0-9_])|[.-](?=[a-zA-Z0-9_])))"
)
_BSKY_LINK = regex.compile(
    rf"(?<![^{_SPACE}(])(?:(?i:https?)://[^{_SPACE}/][^{_SPACE}]*|([a-zA-Z][a-zA-Z0-9]*(?:\.[a-zA-Z0-9]+)+)[^{_SPACE}]*)"
)
_BSKY_TAG = regex.compile(rf"(?<![^{_SPACE}])[#＃]((?!\ufe0f){_TAG_CHAR}*[^0-9{_SPACE}\p{{P}}{_HIDDEN}]{_TAG_CHAR}*)")
_BSKY_CASHTAG = regex.compile(rf"(?<![^{_SPACE}(])\$([A-Za-z][A-Za-z0-9]{{0,4}})(?=[{_SPACE}.,;:!?)\"'\u2019]|\Z)")


_FACETS: dict[str, Literal["link", "mention", "tag"]] = {
    "url": "link",
    "mention": "mention",
    "hashtag": "tag",
    "cashtag": "tag",
}


def facets(text: str) -> tuple[Facet, ...]:
    """Detect links, mentions and tags as Bluesky's own clients do (`RichText.detectFacets`), in order of start."""
    found = []
    done = start = 0
    for span in bluesky_entities(text):
        start += _bytes(text[done : span.start])
        done = span.start
        found.append(Facet(_FACETS[span.kind], start, start + _bytes(text[span.start : span.end]), span.value))
    return tuple(found)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def bluesky_entities(text: str) -> tuple[Span, ...]:
    """Facets in code points, in order of start; they may overlap. `value` as in `Facet`.

    Unlike `detectFacets`, no `http://` without a host, which the network would refuse with the whole post, and
    `https://` before a domain that happens to begin with `http`.
    """
    return tuple(sorted((*_bsky_mentions(text), *_bsky_links(text), *_bsky_tags(text)), key=lambda span: span.start))


def _bsky_mentions(text: str) -> Iterator[Span]:
    for found in _BSKY_MENTION.finditer(text):
        if _in_root_zone(found[1]) or found[1].endswith(".test"):
            yield Span("mention", found.start(), found.end(), found[1])


def _bsky_links(text: str) -> Iterator[Span]:
    for found in _BSKY_LINK.finditer(text):
        link, domain = _closed(found[0]), found[1]
        if domain and _in_root_zone(domain):
            yield Span("url", found.start(), found.start() + len(link), f"https://{link}")
        elif link.startswith("http") and not domain and link.partition("://")[2]:
            yield Span("url", found.start(), found.start() + len(link), link)


def _bsky_tags(text: str) -> Iterator[Span]:
    for found in _BSKY_TAG.finditer(text):
        tag = _without_punctuation(found[1])
        if 0 < len(tag.encode("utf-16-le", "surrogatepass")) <= 2 * 64:
            yield Span("hashtag", found.start(), found.start(1) + len(tag), tag)
    for found in _BSKY_CASHTAG.finditer(text):
        yield Span("cashtag", found.start(), found.end(), f"${found[1].upper()}")


def _in_root_zone(domain: str) -> bool:
    return "." in domain and domain.rpartition(".")[2] in tlds.ROOT


def _closed(link: str) -> str:
    """Leave out one closing punctuation mark, then a closing parenthesis that nothing opened."""
    if link[-1] in ".,;:!?":
        link = link[:-1]
    return link[:-1] if link.endswith(")") and "(" not in link else link


def _without_punctuation(tag: str) -> str:
    end = len(tag)
    while end and unicodedata.category(tag[end - 1]).startswith("P"):
        end -= 1
    return tag[:end]
