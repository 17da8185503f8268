"""Finding links in a text as X and Mastodon do. Pure; mentions and tags are in `entities`.

X follows twitter-text 3.1.0; Mastodon's server uses the same with wider paths and more schemes. Domains are searched
label by label and not by one big pattern: the published ones need quadratic time on long runs without a space, and
strangers write those.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import regex  # type: ignore[import-untyped]

from platforms import tlds


@dataclass(frozen=True, slots=True)
class Span:
    """One entity, from `start` to `end` in code points; `value` is the URL as written, or the name without its sign."""

    kind: Literal["url", "mention", "hashtag", "cashtag"]
    start: int
    end: int
    value: str


SPACES = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
NEVER = r"\ufffe\ufeff\uffff"
_BIDI = r"\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
LATIN = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b\u02bb"
    r"\u0300-\u036f\u1e00-\u1eff"
)


def _pair(char: str) -> str:
    """Match parentheses around `char`s; inside them may be one more pair."""
    return rf"(?:\((?:{char}+|{char}*\({char}+\){char}*)\))"


def _most(char: str) -> str:
    return rf"{char}*(?:{_pair(char)}{char}*)*"


_RUN = regex.compile(rf"[^!'#%&()*+,\\/:;<=>?@\[\]\^{{|}}~${SPACES}{NEVER}{_BIDI}]+")
_ENTRY = regex.compile(rf"(?<![A-Za-z0-9@＠$#＃{NEVER}])[^-_]")
_TLD = regex.compile(r"(?ai)xn--[-0-9a-z]+|[a-z]++(?![0-9@+-])")
_TLD_SIZES = sorted({len(name) for name in tlds.X if not name.isascii()}, reverse=True)
_TLD_END = regex.compile(r"(?![0-9A-Za-z@+-])")
_ASCII_LABELS = regex.compile(rf"(?ai)(?:[-a-z0-9{LATIN}]+\.)+")
_LABEL_DOTS = regex.compile(r"[\u3002\uff0e\uff61]")

_X_CHAR = rf"[a-z\u0400-\u04ff0-9!*';:=+,.$/%#\[\]\u2013_~@|&{LATIN}-]"
_X_LAST = rf"[+a-z\u0400-\u04ff0-9=_#/{LATIN}-]"
_X_QUERY = r"(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]_.,~|-]*[a-z0-9_&=#/-])?"
_X_TAIL = regex.compile(rf"(?ai)(?::[0-9]+)?(?P<path>/(?:{_most(_X_CHAR)}{_X_LAST})?{_pair(_X_CHAR)}*)?{_X_QUERY}")
_X_SCHEME = regex.compile(rf"(?ai)(?<![a-z0-9@＠$#＃{NEVER}])https?://\Z")
_TCO = regex.compile(rf"(?ai)https?://t\.co/([a-z0-9]+){_X_QUERY}")

_WIDE = r"\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\uffef\U00010000-\U0010fffd"
_MASTODON_CHAR = r"[^\p{White_Space}<>()?]"
_MASTODON_LAST = rf"""(?:[^\p{{White_Space}}()?!*"'「」<>;:=,.$%\[\]~&|@]|{_pair(_MASTODON_CHAR)})"""
_MASTODON_QUERY = rf"(?:\?[A-Za-z0-9!?*'();:&=+$/%#\[\]_.,~|@\^{_WIDE}-]*[A-Za-z0-9_&=#/{_WIDE}-])?"
_MASTODON_TAIL = regex.compile(
    rf"(?::[0-9]+)?(?P<path>/(?:{_most(_MASTODON_CHAR)}{_MASTODON_LAST})?)?{_MASTODON_QUERY}"
)
_MASTODON_SCHEME = regex.compile(
    rf"(?ai)(?<![a-z0-9@＠$#＃{NEVER}])(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://\Z",
)


@dataclass(slots=True)
class _Label:
    """A label of a possible domain: where it lies, and where a domain ends that goes on after its dot.

    `chain` is that end when more labels follow, `tld` when the top-level domain follows directly.
    """

    start: int
    end: int
    chain: int | None = None
    tld: int | None = None

    def entry(self, text: str, spent: int) -> int | None:
        """Return the first place in this label after `spent` where a domain begins."""
        if (self.chain is None and self.tld is None) or self.start == self.end or text[self.end - 1] in "-_":
            return None
        first = self.start
        if self.chain is None:  # the label before the top-level domain takes no underscore
            first = max(first, text.rfind("_", self.start, self.end) + 1)
        found = _ENTRY.search(text, max(first, spent + 1), self.end)
        if first == spent == 0 and not (found and found.start() == 1) and text[0] not in "-_":
            return 0
        return found.start() if found else None

    def reach(self) -> int:
        """Return where the longest domain through this label ends; only after `entry` found one."""
        end = self.tld if self.chain is None else self.chain
        assert end is not None
        return end


def _tld_end(text: str, start: int, stop: int) -> int | None:
    """Return where the top-level domain at `start` ends, if there is one."""
    name = _TLD.match(text, start, stop)
    if name and (name[0].lower() in tlds.X or "-" in name[0]):
        return int(name.end())
    for end in (start + size for size in _TLD_SIZES if start + size <= stop):
        if text[start:end] in tlds.X and _TLD_END.match(text, end, stop):
            return end
    return None


def _labels(text: str, start: int, end: int) -> list[_Label]:
    """Split a run at its dots and find, from the right, which labels a domain can go through."""
    labels = []
    for part in text[start:end].split("."):
        labels.append(_Label(start, start + len(part)))
        start += len(part) + 1
    for label, after in zip(labels[-2::-1], labels[:0:-1], strict=True):
        label.tld = _tld_end(text, after.start, len(text))
        sound = after.start < after.end and text[after.start] not in "-_" and text[after.end - 1] not in "-_"
        if sound and after.chain is not None:
            label.chain = after.chain
        elif sound and "_" not in text[after.start : after.end]:
            label.chain = after.tld
    return labels


@dataclass(frozen=True, slots=True)
class _Link:
    """A link as first found: `domain` to `tld` is its domain; `scheme` tells whether `start` is that of a scheme."""

    start: int
    domain: int
    tld: int
    end: int
    scheme: bool
    path: bool


def _links(text: str, scheme: regex.Pattern[str], tail: regex.Pattern[str]) -> Iterator[_Link]:
    """Yield the leftmost, longest candidates; no character serves two of them, not even as the one before."""
    spent = 0
    for run in _RUN.finditer(text):
        if "." not in run[0]:
            continue
        for label in _labels(text, *run.span()):
            while (at := label.entry(text, spent)) is not None:
                before = scheme.search(text, max(at - 12, 0), at) if at == run.start() else None
                start = before.start() if before and (before.start() > spent or not before.start()) else at
                rest = tail.match(text, label.reach())
                assert rest
                yield _Link(start, at, label.reach(), rest.end(), start < at, bool(rest["path"]))
                spent = rest.end()


def _is_domain(text: str, link: _Link) -> bool:
    """RFC 3490 as twitter-text reads it: labels of at most 63 characters once in punycode, 4096 in all."""
    domain = text[link.domain : link.tld]
    if domain.startswith("xn--") and not any(_ascii_domains(domain, 0, len(domain))):
        return False
    scheme = link.domain - link.start if link.scheme else len("https://")
    return scheme + link.end - link.start <= 4096 and all(_ascii_length(label) <= 63 for label in domain.split("."))


def _ascii_length(label: str) -> int:
    if label.isascii() or len(label) > 63:  # punycode only makes longer
        return len(label)
    parts = _LABEL_DOTS.split(label)
    return len(parts) - 1 + sum(len(p if p.isascii() else b"xn--" + p.encode("punycode")) for p in parts)


def _ascii_domains(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the domains between `start` and `stop` whose labels are all Latin, each as long as can be."""
    while labels := _ASCII_LABELS.search(text, start, stop):
        dots = (at for at in range(labels.end() - 1, labels.start(), -1) if text[at] == ".")
        end = next((end for dot in dots if (end := _tld_end(text, dot + 1, stop))), None)
        if end:
            yield labels.start(), end
        start = end or labels.end()


def _with_scheme(text: str, link: _Link) -> Span | None:
    end = link.end
    if tco := _TCO.match(text, link.start, link.end):  # X's own shortener: nothing after its code belongs to it
        if len(tco[1]) > 40:
            return None
        end = tco.end()
    return Span("url", link.start, end, text[link.start : end])


def _without_scheme(text: str, link: _Link) -> Iterator[Span]:
    """Yield the ASCII domains inside the domain, the last of them with the path."""
    if link.start and text[link.start - 1] in "-_./":
        return
    domains = list(_ascii_domains(text, link.domain, link.tld))
    for start, end in domains[:-1]:
        yield Span("url", start, end, text[start:end])
    for start, end in domains[-1:]:
        last = link.end if link.path else end
        yield Span("url", start, last, text[start:last])


def x_urls(text: str) -> tuple[Span, ...]:
    """Links as X finds them, with or without scheme (`extractUrlsWithIndices`)."""
    spans: list[Span] = []
    for link in _links(text, _X_SCHEME, _X_TAIL):
        if not _is_domain(text, link):
            continue
        if not link.scheme:
            spans += _without_scheme(text, link)
        elif span := _with_scheme(text, link):
            spans.append(span)
    return tuple(spans)


def mastodon_urls(text: str) -> tuple[Span, ...]:
    """Links as Mastodon's server finds them: only those with a scheme."""
    found = (link for link in _links(text, _MASTODON_SCHEME, _MASTODON_TAIL) if link.scheme and _is_domain(text, link))
    return tuple(span for link in found if (span := _with_scheme(text, link)))
