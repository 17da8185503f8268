"""Posts of the outbox as text that a person likes to read. Pure: documents in, lines out; times in their zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from syndicator.cli.fitted import exact, fitted
from syndicator.times import moment

Document = dict[str, Any]

#: So much of a card's description is shown, unless all is asked for.
_DESCRIBED = 3


def posts(documents: Sequence[Document], zone: ZoneInfo, width: int = 80) -> Iterator[str]:
    """Posts by state, each as it will be sent, with all that happened to it since it was planned."""
    if not documents:
        yield "The queue is empty."
    for each in documents:
        measured = f"  {length(each)}" if each.get("length") is not None else ""
        yield f"{each['id']}  {each['state']:9}  {moment(each['when'], zone)}  {each['account']}{measured}{price(each)}"
        yield from as_read(each, width)
        if each["card"]:
            yield from fitted(f"    card: {each['card']['title']}  {each['card']['url']}", width, " " * 10)
        if each["url"]:
            yield f"    {each['url']}"
        if each["error"]:
            yield from fitted(f"    {each['error']}", width, "      ")
        if len(each["history"]) > 1:
            for step in each["history"]:
                yield from fitted(f"      {moment(step['at'], zone)}  {step['state']}: {step['why']}", width, " " * 8)


def length(post: Document) -> str:
    """How long a post is, by its network's count, and how long it may be."""
    return f"{post['length']}/{post['limit']} characters" if post["limit"] else f"{post['length']} characters, no limit"


def price(post: Document) -> str:
    """What its network charges for a post, where it charges at all."""
    return f", ${post['price_usd']:.3f}" if post["price_usd"] else ""


def as_read(post: Document, width: int = 80) -> Iterator[str]:
    """A post as its readers see it: behind its content warning, with its picture and what that shows.

    A line of the post begins with │, what a narrow terminal has of it in the next line with ┊.
    """
    if post["warning"]:
        yield from fitted(f"    hidden behind: {post['warning']}", width, " " * 8)
    for line in post["text"].splitlines():
        yield from exact(line, width, "    │ ", "    ┊ ")
    if post["image"]:
        yield f"    picture: {post['image']['url']}"
        yield from fitted(f"    it shows: {post['image']['alt']}", width, " " * 8)


def card(shown: Document | None, width: int, *, whole: bool = False) -> Iterator[str]:
    """The preview below a post: its title, address, description (`whole`, or as much as gives an idea), and picture."""
    if not shown:
        return
    yield from exact(" ".join(shown["title"].split()), width, "    card: ", " " * 10)
    yield f"          {shown['url']}"
    described = list(exact(" ".join(shown["description"].split()), width, " " * 10, " " * 10))
    if shown["description"]:
        yield from described if whole else described[:_DESCRIBED]
        if not whole and len(described) > _DESCRIBED:
            yield "          …"
    if shown["image"]:
        yield f"          picture: {shown['image']}"
