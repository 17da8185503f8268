"""Posts of the outbox as text that a person likes to read. Pure: documents in, lines out; times in their zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from syndicator.times import moment

Document = dict[str, Any]


def posts(documents: Sequence[Document], zone: ZoneInfo) -> Iterator[str]:
    """Posts by state, each as it will be sent, with all that happened to it since it was planned."""
    if not documents:
        yield "The queue is empty."
    for each in documents:
        yield f"{each['id']}  {each['state']:9}  {moment(each['when'], zone)}  {each['account']}{price(each)}"
        yield from as_read(each)
        if each["card"]:
            yield f"    card: {each['card']['title']}  {each['card']['url']}"
        if each["url"]:
            yield f"    {each['url']}"
        if each["error"]:
            yield f"    {each['error']}"
        if len(each["history"]) > 1:
            yield from (f"      {moment(step['at'], zone)}  {step['state']}: {step['why']}" for step in each["history"])


def price(post: Document) -> str:
    """What its network charges for a post, where it charges at all."""
    return f", ${post['price_usd']:.3f}" if post["price_usd"] else ""


def as_read(post: Document) -> Iterator[str]:
    """A post as its readers see it: behind its content warning, with its picture and what that shows."""
    if post["warning"]:
        yield f"    hidden behind: {post['warning']}"
    yield from (f"    │ {line}" for line in post["text"].splitlines())
    if post["image"]:
        yield f"    picture: {post['image']['url']}"
        yield f"    it shows: {post['image']['alt']}"
