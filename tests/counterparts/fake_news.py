"""Small fakes of the places where pages are submitted: Hacker News's search, and a site that runs Lobsters.

Shapes and answers: of the search, as https://hn.algolia.com/api says (fields of hits, tags, numeric filters, pages from
0, newest first); of Lobsters as its source has it (config/routes.rb, app/models/story.rb: 25 a page, pages from 1, 404
for a domain of which it has nothing).
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from counterparts.json_server import Answer, Call, JsonServer

from platforms.base import Login, Reporter
from platforms.hackernews import HackerNews
from platforms.lobsters import Lobsters

DOMAIN = "ada.example"
#: The first submission; each further one comes a minute later.
BEGINNING = datetime(2026, 10, 1, 8, tzinfo=UTC)


class _News:
    """What both have in common: stories of one domain after the other, by a number that grows."""

    name = ""

    def __init__(self, _folder: Path | None = None) -> None:
        self.told: list[dict[str, Any]] = []
        self.calls: list[Call] = []
        self._repeats = False
        self._next: Answer | None = None
        self._server = JsonServer(self._handle)
        self.url = self._server.url

    def adapter(self, *, login: bool = True, **options: Any) -> Reporter:
        raise NotImplementedError

    def login(self, **options: Any) -> Login:
        return Login("news", {"server": self.url, "domain": DOMAIN} | options, {}, 30.0)

    def posts(self) -> list[str]:
        return []

    def lose_answer(self) -> NoReturn:
        raise NotImplementedError

    delay_answer = lose_post = refuse_picture = empty_page = refuse_login = lose_answer

    def rate_limit(self, seconds: int) -> None:
        self._next = Answer(429, {"message": "slow down"}, {"Retry-After": str(seconds)})

    def fail(self, status: int) -> None:
        self._next = Answer(status, {"message": "on demand"})

    def answer(self, body: object, status: int = 200) -> None:
        """The next question is answered with this."""
        self._next = Answer(status, body)

    def mention(self, text: str) -> None:
        self.submit(title=text, author=f"reader{len(self.told)}")

    def act(self, kind: str) -> None:
        assert kind == "submit"
        self.submit()

    def repeat_page(self) -> None:
        self._repeats = True

    def close(self) -> None:
        self._server.close()

    def submit(self, url: str = f"https://{DOMAIN}/posts/1", title: str = "A post", author: str = "Grace") -> None:
        raise NotImplementedError

    @property
    def _at(self) -> datetime:
        return BEGINNING + timedelta(minutes=len(self.told))

    def _handle(self, call: Call) -> Answer:
        self.calls.append(call)
        ordered, self._next = self._next, None
        return ordered or self._listed(call)

    def _listed(self, call: Call) -> Answer:
        raise NotImplementedError


class FakeHackerNews(_News):
    """The counterpart of `platforms.hackernews`."""

    name = "hackernews"

    def adapter(self, *, login: bool = True, **options: Any) -> HackerNews:
        return HackerNews(self.login(**options))

    def submit(self, url: str = f"https://{DOMAIN}/posts/1", title: str = "A post", author: str = "Grace") -> None:
        self._add(author, "story", url=url, title=title, num_comments=3, points=7)

    def comment(self, text: str, author: str = "Grace") -> None:
        """A comment on some story; its text is HTML as Hacker News makes it."""
        self._add(author, "comment", comment_text=text, story_id=8000, story_url="https://elsewhere.example/")

    def _add(self, author: str, tag: str, **fields: Any) -> None:
        number = 40_000_000 + len(self.told)
        times = {"created_at": self._at.isoformat().replace("+00:00", "Z"), "created_at_i": int(self._at.timestamp())}
        tags = [tag, f"author_{author}", f"story_{fields.get('story_id', number)}"]
        self.told.append({"objectID": str(number), "author": author, "_tags": tags, **times, **fields})

    def _listed(self, call: Call) -> Answer:
        asked = call.query
        if call.path != "/api/v1/search_by_date":
            return Answer(404, {"message": "Not Found"})
        hits = [hit for hit in reversed(self.told) if self._repeats or self._is_within(hit, asked)]
        hits = [hit for hit in hits if self._has_words(hit, asked)]
        size, page = int(asked.get("hitsPerPage", 20)), 0 if self._repeats else int(asked.get("page", 0))
        shown = hits[:1000][size * page : size * (page + 1)]
        return Answer(200, {"hits": shown, "nbHits": len(hits), "page": page, "hitsPerPage": size})

    @staticmethod
    def _is_within(hit: dict[str, Any], asked: dict[str, str]) -> bool:
        for condition in filter(None, asked.get("numericFilters", "").split(",")):
            field, sign, number = re.fullmatch(r"(\w+)(<=|>)(\d+)", condition).groups()  # type: ignore[union-attr]
            if (hit[field] > int(number)) != (sign == ">"):
                return False
        return True

    @staticmethod
    def _has_words(hit: dict[str, Any], asked: dict[str, str]) -> bool:
        said = " ".join(str(hit.get(name, "")) for name in asked["restrictSearchableAttributes"].split(",")).lower()
        return all(word in re.findall(r"\w+", said) for word in re.findall(r"\w+", asked["query"].lower()))


class FakeLobsters(_News):
    """The counterpart of `platforms.lobsters`."""

    name = "lobsters"

    def adapter(self, *, login: bool = True, **options: Any) -> Lobsters:
        return Lobsters(self.login(**options))

    def submit(
        self, url: str = f"https://{DOMAIN}/posts/1", title: str = "A post", author: Any = "Grace", **fields: Any
    ) -> None:
        number = f"s{len(self.told):05}"
        self.told.append(
            {
                "short_id": number,
                "created_at": self._at.astimezone().isoformat(timespec="milliseconds"),
                "title": title,
                "url": url,
                "score": 9,
                "comment_count": 2,
                "submitter_user": author,
                "user_is_author": False,
                "short_id_url": f"{self.url}/s/{number}",
                "comments_url": f"{self.url}/s/{number}/a_post",
                "tags": ["web"],
                **fields,
            }
        )

    def _listed(self, call: Call) -> Answer:
        asked = re.fullmatch(rf"/domains/{re.escape(DOMAIN)}(?:/page/(\d+))?\.json", call.path)
        if not asked or not self.told:
            return Answer(404, {"error": "404"})
        page = 1 if self._repeats else int(asked[1] or 1)
        return Answer(200, self.told[::-1][25 * (page - 1) : 25 * page])
