"""Plain text and links out of what strangers write: HTML, half HTML, and text with entities in it.

Nothing here renders or keeps HTML; the size that is looked at is capped, so a bomb costs no more than a long article.
"""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser

from syndicator import urls

LONGEST_HTML = 2_000_000
DEEPEST_HTML = 3_000
_HARMLESS = 10_000  # characters: too few for attributes that take long
LONGEST_TITLE = 1_000
MOST_LINKS = 500

# Control and format characters that could rewrite a terminal or reorder a line; joiners stay, emoji need them.
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_SURROGATES = re.compile("[\ud800-\udfff\ufffe\uffff]")
# What is a tag and no "<T>" of a title about programming: it closes, has attributes, or is one that stands alone.
_STRAY_TAG = re.compile(r"</[a-z][a-z0-9]*\s*>|<(?:br|hr|wbr)\s*/?>|<[a-z][a-z0-9]*\s+[a-z-]+=[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,10}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});")
_ANY_TAG = re.compile(r"<[^<>]*>")
# Elements that nest as deeply as their author likes; others close each other or hold nothing.
_DEEPENING = re.compile(
    r"</?(?!(?:area|base|br|col|dd|dt|hr|img|input|li|link|meta|option|p|source|td|th|tr|wbr)\b)[a-z]", re.IGNORECASE
)
# A start tag with up to a thousand attributes, and whether more follow; nothing is looked at twice.
_START_TAG = re.compile(
    r"""<[a-z][^\s/>]*+(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+){0,1000}+"""
    r"""(?:(?=[\s/]*+([^\s/>])))?""",
    re.IGNORECASE,
)
_HIDDEN = ["script", "style", "template", "noscript", "iframe", "object", "svg"]
_BLOCKS = (
    "p, div, br, li, tr, td, th, h1, h2, h3, h4, h5, h6, blockquote, pre, figcaption, dt, dd, hr, section, article"
)

# Han, kana, Thai, Lao, Burmese, Khmer: written without spaces between words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def fold(text: str) -> str:
    """Take control characters out and fold every run of white space into one space."""
    return " ".join(_SURROGATES.sub("", _CONTROLS.sub("", text)).split())


def unescape(text: str) -> str:
    """Resolve character references that end in a semicolon; a bare `&copy=1` of a query stays."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def has_stray_tags(text: str) -> bool:
    """Tell whether a text of unclear type is HTML after all: what can only be a tag stands in it."""
    return _STRAY_TAG.search(text) is not None


def title_text(text: str, *, is_html: bool) -> str:
    """Make a title plain. Plain titles keep `<T>`, HTML ones lose their tags; references are resolved in both."""
    text = text[: LONGEST_TITLE * 10]
    return (text_of(text) if is_html else fold(unescape(text)))[:LONGEST_TITLE]


def tree_of(source: str) -> LexborHTMLParser | None:
    """Parse HTML without what would take the parser minutes, its work growing with the square of it.

    What nests too deeply is refused (None); an element keeps its first thousand attributes.
    """
    source = source[:LONGEST_HTML]
    return None if _nests_too_deeply(source) else LexborHTMLParser(_with_few_attributes(source))


def _nests_too_deeply(source: str) -> bool:
    if source.count("<") - source.count("</") <= DEEPEST_HTML:
        return False
    depth = 0
    for match in _DEEPENING.finditer(source):
        depth = max(0, depth - 1) if match[0][1] == "/" else depth + 1
        if depth > DEEPEST_HTML:
            return True
    return False


def _with_few_attributes(source: str) -> str:
    """Close a tag that goes on and on. What merely looks like one (`a<b` in a script) loses nothing by it."""
    if len(source) < _HARMLESS or not any(map(bool, _START_TAG.findall(source))):
        return source
    return _START_TAG.sub(lambda match: f"{match[0]}>" if match[1] else match[0], source)


def text_of(source: str) -> str:
    """Give the readable text of an HTML fragment, white space folded, a space between blocks."""
    if "<" not in source:
        return fold(unescape(source[:LONGEST_HTML]))
    tree = tree_of(source)
    if tree is None:
        return fold(unescape(_ANY_TAG.sub(" ", source[:LONGEST_HTML])))
    tree.strip_tags(_HIDDEN)
    for node in tree.css(_BLOCKS):
        node.insert_before(" ")
        node.insert_after(" ")
    return fold(tree.body.text(deep=True)) if tree.body is not None else ""


def links_of(source: str, base: str) -> tuple[str, ...]:
    """Give the http(s) addresses that an HTML fragment links to, absolute, in order, once each."""
    tree = tree_of(source) if "<" in source else None
    if tree is None:
        return ()
    found: dict[str, None] = {}
    for node in tree.css("a[href]"):
        url = absolute(node.attributes.get("href") or "", base)
        if url:
            found.setdefault(url)
        if len(found) >= MOST_LINKS:
            break
    return tuple(found)


def picture_text(source: str, base: str, picture: str) -> str:
    """Give what an HTML fragment says that a picture in it shows; "" where the picture is not there, or nobody says."""
    tree = tree_of(source) if "<img" in source.lower() else None
    for node in tree.css("img[src][alt]")[:MOST_LINKS] if tree else ():
        if absolute(node.attributes.get("src") or "", base) == picture:
            return fold(node.attributes.get("alt") or "")
    return ""


def absolute(link: str, base: str) -> str:
    """Make a link absolute; one that is a whole and clean http(s) address stays letter by letter. "" if it is none."""
    link = link.strip()
    if not link:
        return ""
    if re.match(r"https?://[!-~]+$", link, re.IGNORECASE):
        return link if urls.is_web(link) else ""
    return urls.resolve(base, link)


def count_words(text: str) -> int:
    """How many words a text has; where a script writes none apart, two of its characters count as one."""
    if text.isascii():
        return len(text.split())
    unspaced = len(_UNSPACED.findall(text))
    return len(_UNSPACED.sub(" ", text).split()) + (unspaced + 1) // 2


def shorten(text: str, limit: int) -> str:
    """Cut a text at a word boundary to at most `limit` characters, the ellipsis included."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > limit // 2 else head).rstrip(" ,;:.-") + "…"
