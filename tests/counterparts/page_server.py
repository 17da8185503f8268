"""Web pages for the feed server to answer with."""

from counterparts import feed_server
from counterparts.feed_server import Handler, Route

HTML = "text/html; charset=utf-8"


def html(title: str = "A walk", head: str = "", body: str = "") -> bytes:
    """A page in English of 200 words, if nothing else is said."""
    start = f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head>"
    return f"{start}<body><p>{body or 'word ' * 200}".encode()


def page(title: str = "A walk", head: str = "", body: str = "") -> Route:
    """Answers with a page."""
    return feed_server.body(html(title, head, body), Content_Type=HTML)


def validated_page(etag: str = '"v1"') -> Route:
    """Answers with a page, or says that it is as it was."""

    def route(handler: Handler) -> None:
        same = handler.headers.get("If-None-Match") == etag
        handler.answer(304 if same else 200, {"ETag": etag, "Content-Type": HTML}, b"" if same else html())

    return route
