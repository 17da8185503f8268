"""Two blogs on loopback that know each other: Ada's garden, and Bo's, whom her blogroll names."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from counterparts.desk import item, rss
from counterparts.feed_server import FeedServer, Handler, Route

_PAGE = b"""<html><title>Ada's garden</title><link rel="alternate" type="application/rss+xml" href="/feed.xml">
<link rel="blogroll" type="text/xml" href="/roll.opml"><h1>Ada's garden</h1>"""
_ROLL = """<opml version="2.0"><body><outline type="rss" text="Bo" xmlUrl="{}"/></body></opml>"""


def _served(kind: str, text: str | bytes) -> Route:
    body = text if isinstance(text, bytes) else text.encode()

    def answer(handler: Handler) -> None:
        handler.answer(200, {"Content-Type": kind}, body)

    return answer


class Blog(FeedServer):
    """A blog of a few items, with a page for each."""

    def __init__(self, host: str, title: str) -> None:
        super().__init__(host)
        self._title = title
        self._items: list[str] = []

    def writes(self, path: str, title: str, links_to: str = "") -> None:
        """One more item in the feed, and the page that it leads to."""
        link = f'<a href="{links_to}">this</a>' if links_to else "this"
        body = f"<p>{title}: {link} is what happened, and why it took so long until somebody wrote it down.</p>" * 12
        page = f"<html lang=en><title>{title}</title><article><h1>{title}</h1>{body}</article>"
        self.routes[path] = _served("text/html", page)
        self._items.append(item(0, guid=path, title=title, link=self.url(path), body=f"<![CDATA[{body}]]>", days=0.1))
        feed = rss(*reversed(self._items), title=self._title, site=self.url("/"))
        self.routes["/feed.xml"] = _served("application/rss+xml", feed)


@contextmanager
def neighbours() -> Iterator[tuple[Blog, Blog]]:
    """Ada's blog and Bo's, on hosts of their own."""
    with Blog("127.0.0.1", "Ada's garden") as ada, Blog("127.0.0.2", "Bo builds") as bo:
        ada.routes["/"] = _served("text/html", _PAGE)
        ada.routes["/roll.opml"] = _served("text/x-opml", _ROLL.format(bo.url("/feed.xml")))
        ada.writes("/first", "The first frost of the year")
        bo.writes("/shed", "A shed from one tree")
        for blog in (ada, bo):
            threading.Thread(target=blog.serve_forever, daemon=True).start()
        yield ada, bo
        for blog in (ada, bo):
            blog.shutdown()
