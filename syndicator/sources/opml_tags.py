"""How a Subscription is written as the attributes of an outline, and its categories both ways.

The rules are OPML 2.0's (http://opml.org/spec2.opml, "Subscription lists" and "category").
"""

from __future__ import annotations

from syndicator.sources import markup
from syndicator.sources.blogroll import Subscription


def attributes_of(subscription: Subscription) -> dict[str, str]:
    """The attributes of a feed's outline, without empty ones; `text` is required and falls back on the URL."""
    title = markup.fold(subscription.title)
    attributes = {
        "type": subscription.kind or "rss",
        "text": title or subscription.url,
        "title": title,
        "xmlUrl": subscription.url,
        "htmlUrl": subscription.site,
        "category": category(subscription.tags),
    }
    return {name: value for name, value in attributes.items() if value}


def category(tags: tuple[str, ...]) -> str:
    """Write tags as a category: commas between, a slash before what is a hierarchy (`Boston/Weather`)."""
    plain = (markup.fold(tag.replace(",", " ")).strip("/ ") for tag in tags)
    return ",".join(f"/{tag}" if "/" in tag else tag for tag in plain if tag)


def tags_of(category: str) -> tuple[str, ...]:
    """Read a category: `/Boston/Weather,news` gives `Boston/Weather` and `news`, each tag once."""
    tags = ("/".join(filter(None, map(str.strip, markup.fold(part).split("/")))) for part in category.split(","))
    return tuple(dict.fromkeys(filter(None, tags)))


def folder_tag(folders: tuple[str, ...]) -> tuple[str, ...]:
    """The path of a folder as a tag, in the form in which `category` gives it back; none for no folder."""
    return tags_of(category(("/".join(folders),)))
