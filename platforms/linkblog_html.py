"""Pieces of HTML that the pages and the feeds of a linkblog share. Pure.

Everything shown is escaped here, whoever wrote it; addresses are safe already (`linkblog` lets only http and https in).
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlsplit

from platforms.linkblog_book import Link

#: An address within a text. It ends before the punctuation of the sentence, and before a bracket it did not open.
_ADDRESS = re.compile(
    r"""(https?://(?:[^\s<>"'()\[\]]|\([^\s<>"'()]*\))*(?:[^\s<>"'()\[\].,;:!?…]|\([^\s<>"'()]*\)))"""
)


def body(link: Link) -> str:
    """Comment, description and source, the same on the page and in the feeds; each in its own direction."""
    paragraphs = re.split(r"\n\s*\n", link.comment) if link.comment else []
    parts = [f'<p dir="auto">{"<br>".join(map(_linked, paragraph.splitlines()))}</p>' for paragraph in paragraphs]
    if link.description:
        parts.append(f'<blockquote dir="auto"{lang(link.language)}><p>{escape(link.description)}</p></blockquote>')
    if credit := _credit(link):
        parts.append(f'<p class="from">— {credit}</p>')
    return "\n".join(parts)


def a(url: str, text: str, attributes: str = "") -> str:
    """A link, or the bare text where there is no address. `attributes` are HTML already."""
    return f'<a{attributes} href="{escape(url)}">{escape(text)}</a>' if url else escape(text)


def lang(language: str) -> str:
    """The attribute that says which language an element is in; nothing when nobody knows."""
    return f' lang="{escape(language)}"' if language else ""


def _credit(link: Link) -> str:
    """Who wrote it, and where: no words, so that it is right in every language."""
    author = f"<bdi>{escape(link.author)}</bdi>" if link.author and link.author != link.site else ""
    site = f"<bdi>{a(link.site_url or link.url, link.site)}</bdi>" if link.site else ""
    return ", ".join(filter(None, (author, site)))


def _linked(line: str) -> str:
    """A line of the owner's own as HTML: all of it escaped, and the web addresses in it made links."""
    return "".join(a(part, part) if _is_web(part) else escape(part) for part in _ADDRESS.split(line))


def _is_web(text: str) -> bool:
    try:
        return bool(_ADDRESS.fullmatch(text) and urlsplit(text).hostname)
    except ValueError:
        return False
