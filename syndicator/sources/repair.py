"""XML text made safe and as well-formed as can be had without guessing, before any parser sees it.

The prolog goes (a DOCTYPE is where entity bombs live), and so does what no XML parser accepts: control characters, bare
ampersands, references to characters that do not exist, and HTML's named entities, which become what they name. What is
long without an end is shortened: the parser behind this looks for some things in a time that grows with their square.
"""

from __future__ import annotations

import re
from html.entities import html5
from xml.sax.saxutils import escape

# Atomic groups: what does not match is given up at once instead of being tried in every other way.
_PROLOG = re.compile(
    r"""
    [^<]+
    | (?> <!--.*?--> )
    | (?> <\?.*?\?> )
    | (?> <!DOCTYPE [^\[>]* (?: \[ (?> [^\]"'<]+ | "[^"]*" | '[^']*' | <!--.*?--> | <(?!!--) )*+ \] \s* )? > )
    | (?> <!(?!--|DOCTYPE)[^>]*> )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ELEMENT = re.compile(r"<[A-Za-z_]")
_REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));|([A-Za-z][A-Za-z0-9]{1,31};))?")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What e-mail addresses are looked for in. Starts at none of its characters but the first, so that each is read once.
_ENDLESS_WORD = re.compile(r"(?<![\w.+-])([\w.+-]{1000})[\w.+-]{1000,}", re.ASCII)
_MOST_BLANK_LINES = 1_000  # before the root element
_OWN_TO_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_CDATA, _CDATA_END = "<![CDATA[", "]]>"


def without_prolog(text: str) -> str:
    """Drop everything before the root element but its line breaks, so that line numbers in messages stay right.

    A prolog of over a thousand lines counts as a thousand.
    """
    position = 0
    while match := _PROLOG.match(text, position):
        position = match.end()
    root = _ELEMENT.search(text, position)
    position = root.start() if root else len(text)
    return "\n" * min(text.count("\n", 0, position), _MOST_BLANK_LINES) + text[position:]


def clean(text: str) -> str:
    """Take out what XML forbids, and outside CDATA mend references: `&eacute;` becomes é, a bare `&` is escaped.

    Of two thousand or more Latin letters, digits and `_.+-` in a row a thousand are left.
    """
    text = _ENDLESS_WORD.sub(r"\1", _NOT_XML.sub("", text))
    if "&" not in text:
        return text
    pieces, position = [], 0
    while (start := text.find(_CDATA, position)) >= 0 and (end := text.find(_CDATA_END, start)) >= 0:
        pieces += [_REFERENCE.sub(_mended, text[position:start]), text[start:end]]
        position = end
    pieces.append(_REFERENCE.sub(_mended, text[position:]))
    return "".join(pieces)


def _mended(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        if name in _OWN_TO_XML:
            return match[0]
        return escape(html5[name]) if name in html5 else f"&amp;{name}"
    if hexadecimal or decimal:
        number = int(hexadecimal, 16) if hexadecimal else int(decimal)
        allowed = number <= 0x10FFFF and not _NOT_XML.match(chr(number))
        return match[0] if allowed else ""
    return "&amp;"
