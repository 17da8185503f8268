"""XML text made safe and as well-formed as can be had without guessing, before any parser sees it.

The prolog goes (a DOCTYPE is where entity bombs live), and so does what no XML parser accepts: control characters,
references to characters that do not exist, and HTML's named entities, which become the characters they name.
"""

from __future__ import annotations

import re
from html.entities import html5

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
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_NUMBERED = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OWN_TO_XML = frozenset("<>&\"'")


def without_prolog(text: str) -> str:
    """Drop everything before the root element but its line breaks, so that line numbers in messages stay right."""
    position = 0
    while match := _PROLOG.match(text, position):
        position = match.end()
    root = _ELEMENT.search(text, position)
    position = root.start() if root else len(text)
    return "\n" * text.count("\n", 0, position) + text[position:]


def clean(text: str) -> str:
    """Replace named HTML entities by their characters and take out what XML forbids. Markup stays as it is."""
    text = _NOT_XML.sub("", text)
    if "&" not in text:
        return text
    return _NAMED.sub(_character, _NUMBERED.sub(_reference, text))


def _character(match: re.Match[str]) -> str:
    character = html5.get(match[1], "")
    return match[0] if not character or character in _OWN_TO_XML else character


def _reference(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    return match[0] if number <= 0x10FFFF and (number in {9, 10, 13} or not _NOT_XML.match(chr(number))) else ""
