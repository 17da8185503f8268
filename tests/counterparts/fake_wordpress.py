"""A small WordPress with articles and comments: pages, REST comments, feeds of comments.

Shapes as WordPress 6 gives them: the Link header and element of its API, `/wp-json/wp/v2/comments` with its paging (400
past the last page), `/comments/feed/` and each article's own, with pingbacks among the comments.
"""

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape as xml

from counterparts.feed_server import FeedServer, Handler


class FakeWordPress:
    """Lives on a feed server; `api`, `site_feed` and `article_feeds` say which of its doors are open."""

    def __init__(self, server: FeedServer) -> None:
        self.server = server
        self.comments: list[dict] = []
        self.api = self.site_feed = self.article_feeds = True
        for path, route in {
            "/": self._home,
            "/feed/": self._articles,
            "/wp-json/wp/v2/comments": self._rest,
            "/comments/feed/": lambda handler: self._feed(handler, "") if self.site_feed else handler.answer(404, {}),
            **{f"/{page}/feed/": lambda handler, page=page: self._feed(handler, page) for page in ("a", "b")},
        }.items():
            server.routes[path] = route

    @property
    def url(self) -> str:
        return self.server.url("")

    def comment(
        self,
        name: str,
        text: str = "Well said.",
        site: str = "",
        *,
        at: datetime,
        page: str = "a",
        kind: str = "comment",
    ) -> None:
        number = len(self.comments) + 1
        self.comments.append(
            {
                "id": number,
                "name": name,
                "site": site,
                "text": text,
                "at": at.astimezone(UTC),
                "page": page,
                "kind": kind,
            }
        )

    def _home(self, handler: Handler) -> None:
        links = [f'<link rel="https://api.w.org/" href="{self.url}/wp-json/">'] if self.api is not None else []
        if self.site_feed:
            links.append(
                f'<link rel="alternate" type="application/rss+xml" title="Me &raquo; Comments Feed"'
                f' href="{self.url}/comments/feed/">'
            )
        handler.answer(200, {"Content-Type": "text/html"}, f"<html><head>{''.join(links)}</head></html>".encode())

    def _articles(self, handler: Handler) -> None:
        comments = "<wfw:commentRss>{0}/{1}/feed/</wfw:commentRss>" if self.article_feeds else ""
        items = "".join(
            f"<item><title>Article {page}</title><link>{self.url}/{page}/</link>"
            f"<pubDate>Sun, 01 Nov 2026 08:00:00 GMT</pubDate>{comments.format(self.url, page)}</item>"
            for page in ("a", "b")
        )
        self._rss(handler, items)

    def _feed(self, handler: Handler, page: str) -> None:
        shown = [each for each in reversed(self.comments) if not page or each["page"] == page][:10]
        self._rss(handler, "".join(map(self._item, shown)))

    def _item(self, said: dict) -> str:
        place = f"{self.url}/{said['page']}/#comment-{said['id']}"
        return (
            f"<item><title>Comment on Article by {xml(said['name'])}</title><link>{place}</link>"
            f"<dc:creator><![CDATA[{said['name']}]]></dc:creator><pubDate>{format_datetime(said['at'])}</pubDate>"
            f'<guid isPermaLink="false">{self.url}/?p=1#comment-{said["id"]}</guid>'
            f"<description>{xml(said['text'])}</description></item>"
        )

    def _rss(self, handler: Handler, items: str) -> None:
        text = (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:wfw="http://wellformedweb.org/CommentAPI/"><channel><title>Me</title>'
            f"<link>{self.url}/</link>{items}</channel></rss>"
        )
        handler.answer(200, {"Content-Type": "application/rss+xml; charset=UTF-8"}, text.encode())

    def _rest(self, handler: Handler) -> None:
        if not self.api:
            handler.answer(401, {"Content-Type": "application/json"}, b'{"code": "rest_forbidden"}')
            return
        asked = {name: values[-1] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        after = datetime.fromisoformat(asked["after"]) if "after" in asked else datetime.min.replace(tzinfo=UTC)
        found = [each for each in self.comments if each["at"] > after and each["kind"] == "comment"]
        size, page = int(asked.get("per_page", 10)), int(asked.get("page", 1))
        shown = sorted(found, key=lambda each: each["at"])[size * (page - 1) : size * page]
        if page > 1 and not shown:
            handler.answer(400, {"Content-Type": "application/json"}, b'{"code": "rest_comment_invalid_page_number"}')
            return
        told = [
            {
                "id": each["id"],
                "author": 0,
                "author_name": escape(each["name"]),
                "author_url": each["site"],
                "date_gmt": f"{each['at']:%Y-%m-%dT%H:%M:%S}",
                "link": f"{self.url}/{each['page']}/#comment-{each['id']}",
                "content": {"rendered": f"<p>{escape(each['text'])}</p>\n"},
                "type": "comment",
                "status": "approved",
            }
            for each in shown
        ]
        handler.answer(200, {"Content-Type": "application/json"}, json.dumps(told).encode())
