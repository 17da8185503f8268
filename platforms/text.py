"""Counting, fitting and shortening a text by each network's own rule. Pure.

What counts as a link is in `links`, as a mention or a tag in `entities`, how a stranger's text is made safe in
`strangers`; what others need of them is named here too.

The composing stage fills a template and lets only the title give way:

    shorten(title, lambda title: fits(template.format(title=title, url=url), limits))
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Container, Iterable

import regex  # type: ignore[import-untyped]

from platforms.base import CountRule, Limits
from platforms.entities import (
    Facet,
    bluesky_entities,
    facets,
    mastodon_entities,
    x_cashtags,
    x_entities,
    x_hashtags,
    x_mentions,
)
from platforms.links import Span, x_urls
from platforms.strangers import neutral, plain

__all__ = [
    "URL_LENGTH",
    "Facet",
    "Span",
    "clean_newlines",
    "facets",
    "fits",
    "graphemes",
    "length",
    "mastodon_length",
    "measure",
    "neutral",
    "plain",
    "price",
    "shorten",
    "x_cashtags",
    "x_entities",
    "x_hashtags",
    "x_length",
    "x_mentions",
    "x_urls",
]

#: What any link counts on X (twitter-text config v3) and, unless its instance says otherwise, on Mastodon.
URL_LENGTH = 23

_CLUSTER = regex.compile(r"\X")


def length(text: str, rule: CountRule, *, url_length: int | None = None) -> int:
    """Count `text` by a network's rule; `url_length` replaces what that network counts for a link."""
    if rule == "characters":
        return len(text)
    if rule == "graphemes":
        return graphemes(text)
    if rule == "x":
        return x_length(text, URL_LENGTH if url_length is None else url_length)
    return mastodon_length(text, URL_LENGTH if url_length is None else url_length)


def measure(text: str, limits: Limits, warning: str = "") -> int:
    """Count `text` in the unit of `limits`, with the content warning that hides it, whose links count in full."""
    return length(text, limits.count, url_length=limits.url_length) + graphemes(warning)


def fits(text: str, limits: Limits, warning: str = "") -> bool:
    """Tell whether a network takes `text`: its length, and its UTF-8 bytes where those are limited too."""
    if limits.max_bytes is not None and len(text.encode("utf-8", "surrogatepass")) > limits.max_bytes:
        return False
    return limits.length is None or measure(text, limits, warning) <= limits.length


def price(text: str, limits: Limits) -> float:
    """What a network charges for a post of this text, in US dollars.

    A bare domain in it is a link as well; so is, to be on the safe side, an address of a domain that X does not know.
    """
    return limits.price_with_url_usd if "://" in text or x_urls(text) else limits.price_usd


def graphemes(text: str) -> int:
    """Count extended grapheme clusters (UAX 29)."""
    return sum(1 for _ in _CLUSTER.finditer(text))


#: What twitter-text config v3 counts twice: all outside four ranges of code points.
_HEAVY = regex.compile(r"[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_PICTURE = (
    r"(?:\p{Emoji_Modifier_Base}\p{Emoji_Modifier}"
    r"|(?=\p{Extended_Pictographic})(?:\p{Emoji_Presentation}|[©®]\ufe0f|[^©®]\ufe0f?))"
    r"(?:[\U000e0020-\U000e007e]+\U000e007f)?"
)
_EMOJI = regex.compile(rf"[0-9#*]\ufe0f?\u20e3|\p{{Regional_Indicator}}{{2}}|{_PICTURE}(?:\u200d{_PICTURE})*")


def x_length(text: str, url_length: int = URL_LENGTH) -> int:
    """Count as X does (twitter-text config v3): composed (NFC), links alike, most alphabets 1, the rest 2.

    A whole emoji is 2. Whether joined emoji are one is told by their properties and not by a list, so a made-up
    sequence counts 2 where X, which knows each by name, counts its parts.
    """
    text = unicodedata.normalize("NFC", text)
    text = _replace(text, ((span, "x" * url_length) for span in x_urls(text)))
    text = _EMOJI.sub("xx", text)
    return len(text) + sum(1 for _ in _HEAVY.finditer(text))


def mastodon_length(text: str, url_length: int = URL_LENGTH) -> int:
    """Count as Mastodon's server does (StatusLengthValidator): graphemes, links alike, no servers in mentions."""
    counted = ((span, "x" * url_length if span.kind == "url" else f"@{span.value}") for span in mastodon_entities(text))
    return graphemes(_replace(text, counted))


def _replace(text: str, changes: Iterable[tuple[Span, str]]) -> str:
    pieces: list[str] = []
    done = 0
    for span, new in changes:
        pieces += (text[done : span.start], new)
        done = span.end
    return "".join((*pieces, text[done:]))


_CJK = r"[\p{Han}\p{Hiragana}\p{Katakana}\u3000-\u303f\u30fc\uff00-\uff9f]"
_WORD_END = regex.compile(rf"(?=\s)|(?<={_CJK})|(?={_CJK})")  # these scripts put no spaces between words
_LOOSE = frozenset(",;:.…–—-(（[［「『、。，．：；")  # looks wrong before an ellipsis


def shorten(text: str, fits: Callable[[str], bool]) -> str:
    """Return the longest beginning of `text` that `fits`, with "…" after it; `text` itself if that fits.

    It ends at a word, or within one if not even the first word fits, but never inside a grapheme, nor inside what any
    of the networks takes for a link, a mention or a tag. Empty when nothing fits. `fits` is asked about whole
    results, some dozen times, and should be true of shorter texts if it is of longer ones.
    """
    if fits(text):
        return text
    spans = (*x_entities(text), *mastodon_entities(text), *bluesky_entities(text))
    links = {span.end for span in spans if span.kind == "url"}
    cuts = _cuts(text, spans)
    words = [end for at, end in cuts.items() if _WORD_END.match(text, at)]
    return _longest(text, words, links, fits) or _longest(text, list(cuts.values()), links, fits)


def _cuts(text: str, spans: Iterable[Span]) -> dict[int, int]:
    """Map each place where `text` may be cut to where it then ends: before loose punctuation and space."""
    inside = {at for span in spans for at in range(span.start + 1, span.end)}
    cuts, before, end = {}, 0, 0
    for at in (found.end() for found in _CLUSTER.finditer(text)):
        if at not in inside and at < len(text):
            piece = text[before:at]
            before, end = at, end if piece.isspace() or piece in _LOOSE else at
            if end:
                cuts[at] = end
    return cuts


def _longest(text: str, ends: list[int], links: Container[int], fits: Callable[[str], bool]) -> str:
    """Search from the front, in steps that double and halve: a hostile text is long, what fits of it is not."""
    best, low, step = "", 0, 1
    while low < len(ends) and step:
        after = min(low + step, len(ends))
        candidate = _with_ellipsis(text[: ends[after - 1]], links)
        if fits(candidate):
            best, low, step = candidate, after, step * 2
        else:
            step //= 2
    return best


def _with_ellipsis(text: str, links: Container[int]) -> str:
    """Put a space before the ellipsis after a word with a link: some networks would take it into the link."""
    word = text.split()[-1]
    linked = any(at in links for at in range(len(text) - len(word) + 1, len(text) + 1))
    return text + (" …" if linked else "…")


_GAP = regex.compile(r"[\s\xad\u200b-\u200d\u2060\ufeff]+")
_GAP_LINES = regex.compile(r"[\r\n](?s:.*)[\r\n]")


def clean_newlines(text: str) -> str:
    """Leave at most one empty line in a row, as Bluesky's app does before it posts (`cleanNewlines`)."""

    def squeezed(gap: regex.Match[str]) -> str:
        few = sum(gap[0].count(line) for line in "\r\n") < 3
        return str(gap[0] if few else _GAP_LINES.sub("\n\n", gap[0]))

    return str(_GAP.sub(squeezed, text))
