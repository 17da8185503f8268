"""Bytes from the web to text: byte order mark, declared encodings, then what the bytes themselves allow.

The text that comes out may still hold anything; markup and control characters are for others to judge.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED_UTF16 = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_XML = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)

# What browsers read under these labels (https://encoding.spec.whatwg.org/#names-and-labels).
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254"}


def decode(data: bytes, content_type: str = "") -> tuple[str, str]:
    """Give the text and the name of the encoding it was read in. Never fails: what fits nothing is replaced by U+FFFD.

    A byte order mark decides. Then UTF-8 if declared inside, then the `charset` of the HTTP header, then what is
    declared inside, UTF-8, and Windows-1252; the first that fits. (Servers add a wrong default charset more often than
    authors declare UTF-8 by mistake.) Where only Western Latin is claimed but the bytes make UTF-8, they are UTF-8:
    no Western text looks like that by chance.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, errors="replace"), name
    for start, name in _UNMARKED_UTF16:
        if data.startswith(start):
            return data.decode(name, errors="replace"), name
    for name in _candidates(data, content_type):
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            continue
    return _damaged(data)


def _candidates(data: bytes, content_type: str) -> list[str]:
    inside = _XML.match(data[:1024]) or _META.search(data[:4096])
    declared = _known(inside[1].decode("ascii", errors="replace")) if inside else ""
    header = _HEADER.search(content_type)
    sent = _known(header[1]) if header else ""
    names = [name for name in (declared if declared == "utf-8" else "", sent, declared) if name]
    return ["utf-8", *names] if names[:1] == ["cp1252"] else [*names, "utf-8"]


def _known(label: str) -> str:
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return ""
    if name.startswith(("utf-16", "utf-32")) or not _is_text_encoding(name):
        return ""  # the declaration itself was readable as ASCII, so it is wrong
    return _WIDER.get(name, name)


def _is_text_encoding(name: str) -> bool:
    try:
        return b"<".decode(name) == "<"
    except (LookupError, UnicodeError):
        return False


def _damaged(data: bytes) -> tuple[str, str]:
    """UTF-8 with a few broken bytes keeps the rest readable; where hardly anything fits, it was Windows-1252."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(1 for character in text if character > "\x7f") - broken
    if whole > broken:
        return text, "utf-8"
    return data.decode("cp1252", errors="replace"), "cp1252"
