"""What X does to a text: links become t.co addresses, and it is counted by weight. A few top-level domains only."""

import hashlib
import html
import re

import regex

LINK = re.compile(r"https?://\S+|(?<![\w@./-])(?:[\w-]+\.)+(?:example|com|org)\b(?:/\S*)?")
#: Code points that weigh one in X's configuration v3; all others weigh two, and so does any emoji.
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


def shorten(text: str) -> tuple[str, list[dict]]:
    """Text as X shows it, links replaced by t.co addresses and `&<>` escaped, and the entities of the links."""
    shown, urls, end = "", [], 0
    for link in LINK.finditer(text):
        shown += html.escape(text[end : link.start()], quote=False)
        short = "https://t.co/" + hashlib.sha256(link[0].encode()).hexdigest()[:10]
        expanded = link[0] if link[0].startswith("http") else f"http://{link[0]}"
        display = expanded.partition("://")[2][:26]
        span = {"start": len(shown), "end": len(shown) + len(short)}
        urls.append({**span, "url": short, "expanded_url": expanded, "display_url": display})
        shown, end = shown + short, link.end()
    return shown + html.escape(text[end:], quote=False), urls


def weight(text: str) -> int:
    """How X counts: 23 for a link, 2 for an emoji, else by code point."""
    bare, links = LINK.subn("", text)

    def one(grapheme: str) -> int:
        if regex.search(r"\p{Emoji_Presentation}|\ufe0f", grapheme):
            return 2
        return sum(1 if any(low <= ord(char) <= high for low, high in LIGHT) else 2 for char in grapheme)

    return 23 * links + sum(map(one, regex.findall(r"\X", bare)))
