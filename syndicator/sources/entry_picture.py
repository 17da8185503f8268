"""Which picture goes with a feed's entry, and what that shows. Pure; entries are as feedparser gives them.

Media RSS (https://www.rssboard.org/media-rss): a `media:description` inside of `media:content` describes the picture;
Mastodon's feeds have it. Feedparser takes it for a text of the entry, plain beside the others that are HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol


class _Fields(Protocol):
    """The part of feedparser's dictionaries that is used here."""

    def get(self, key: str, default: Any = None) -> Any:
        """One field, or the default."""


def picture_of(entry: _Fields, enclosures: Iterable[_Fields]) -> tuple[str, str]:
    """The address of an entry's picture, perhaps relative, and what it shows; "" for what the feed does not say."""
    media = [file for file in entry.get("media_content") or () if _is_picture(file)]
    attached = [link for link in enclosures if _is_picture(link)]
    for picture in (*(entry.get("media_thumbnail") or ()), *media, *attached, entry.get("image") or {}):
        address = picture.get("url") or picture.get("href")
        if address:
            return str(address), _description(entry) if media else ""
    return "", ""


def _is_picture(file: _Fields) -> bool:
    return file.get("medium") == "image" or (file.get("type") or "").startswith("image/")


def _description(entry: _Fields) -> str:
    texts = [*(entry.get("content") or ()), entry.get("summary_detail") or {}]
    plain = [text.get("value") or "" for text in texts if text.get("type") == "text/plain"]
    return plain[0] if plain and len(plain) < sum(bool(text.get("value")) for text in texts) else ""
