"""What became of a post, or of its deletion: nothing is believed that the server did not say."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from counterparts.json_server import Answer, Call, JsonServer

from platforms.base import Draft, Login, PostRef
from platforms.errors import AuthFailed, NotSent, PlatformError, RateLimited
from platforms.mastodon import Mastodon

URL = "https://ben.example/p"
ME = {"id": "1", "acct": "ada@home.example"}
HTML = {"Content-Type": "text/html"}
PAGE = Answer(200, b"<!doctype html><title>Down for maintenance</title>", HTML)
WORDLESS = Answer(404, b"<h1>Not Found</h1>", HTML)
NO_RECORD = Answer(404, {"error": "Record not found"})


class World:
    """A server that answers by method and last word of the path, each time with the next of the answers there."""

    def __init__(self, **answers: Answer | None) -> None:
        self.asked: list[str] = []
        self._answers = answers
        self._server = JsonServer(self.handle)
        self.close = self._server.close
        self.adapter = Mastodon(Login("home", {"server": self._server.url}, {"token": "t"}, timeout=30))

    def handle(self, call: Call) -> Answer | None:
        name = f"{call.method} {call.path.rpartition('/')[2]}"
        self.asked.append(name)
        return self._answers.get(name, NO_RECORD)


Make = Callable[..., World]


@pytest.fixture
def make() -> Iterator[Make]:
    worlds: list[World] = []

    def new(answers: dict[str, Answer | None]) -> World:
        worlds.append(World(**answers))
        return worlds[-1]

    yield new
    for world in worlds:
        world.close()


@pytest.mark.parametrize(
    ("deleted", "looked"),
    [
        (Answer(200, {"id": "5"}), None),
        (NO_RECORD, None),
        (Answer(410, {"error": "Gone"}), None),
        (WORDLESS, WORDLESS),  # snac says nothing
        (Answer(500, {"error": "No query results for model [App\\Status] 5"}), None),
        (Answer(500, {"error": "oops"}), NO_RECORD),
        (None, NO_RECORD),  # done, and the answer lost
        (Answer(405, b""), NO_RECORD),
    ],
)
def test_what_is_gone_is_deleted(make: Make, deleted: Answer | None, looked: Answer | None) -> None:
    world = make({"DELETE 5": deleted, "GET 5": looked, "GET verify_credentials": Answer(200, ME)})
    world.adapter.delete(PostRef("5", ""))
    assert ("GET 5" in world.asked) is (looked is not None)


@pytest.mark.parametrize(
    "deleted",
    [
        PAGE,
        Answer(405, b""),
        Answer(400, b"<h1>Bad request</h1>", HTML),
        Answer(422, {"error": "no"}),
        Answer(302, b"", {"Location": "/"}),
        Answer(503, b"<h1>Down</h1>", HTML),
        Answer(404, b"<h1>Not Found</h1>", HTML),
        None,
    ],
)
@pytest.mark.parametrize("looked", [Answer(200, {"id": "5"}), PAGE, Answer(503, b""), None])
def test_what_nobody_says_is_gone_is_not_deleted(make: Make, deleted: Answer | None, looked: Answer | None) -> None:
    world = make({"DELETE 5": deleted, "GET 5": looked, "GET verify_credentials": Answer(200, ME)})
    with pytest.raises(PlatformError):
        world.adapter.delete(PostRef("5", ""))


def test_a_server_that_knows_nothing_at_all_proves_nothing(make: Make) -> None:
    """A domain that was sold answers 404 to everything."""
    world = make(dict.fromkeys(("DELETE 5", "GET 5", "GET verify_credentials"), WORDLESS))
    with pytest.raises(PlatformError):
        world.adapter.delete(PostRef("5", ""))


@pytest.mark.parametrize(
    ("deleted", "error"),
    [(Answer(401, {"error": "no"}), AuthFailed), (Answer(429, {"error": "slow"}), RateLimited)],
)
def test_what_a_login_or_a_limit_forbids_is_not_asked_about(make: Make, deleted: Answer, error: type) -> None:
    world = make({"DELETE 5": deleted})
    with pytest.raises(error):
        world.adapter.delete(PostRef("5", ""))
    assert world.asked == ["DELETE 5"]


def test_what_was_never_sent_is_not_deleted() -> None:
    adapter = Mastodon(Login("home", {"server": "http://127.0.0.1:9"}, {"token": "t"}, timeout=5))
    with pytest.raises(NotSent):
        adapter.delete(PostRef("5", ""))


def own(world: Make, *statuses: dict[str, Any]) -> Mastodon:
    told = [{"created_at": datetime.now(UTC).isoformat()} | one for one in statuses]
    answers = {"GET verify_credentials": Answer(200, ME), "GET statuses": Answer(200, told)}
    return world(answers).adapter


LINK = f'<a href="{URL}">{URL}</a>'
OTHER_WORDS = {"id": "8", "content": f"<p>I wrote this: {LINK}</p>", "visibility": "public"}
ANSWER = {"id": "9", "content": f"<p>@bob {LINK}</p>", "visibility": "direct", "in_reply_to_id": "4"}
POST = {"id": "7", "content": f"<p>Pruning<br>{LINK}</p>", "visibility": "public"}


@pytest.mark.parametrize(
    ("statuses", "found"),
    [
        ((ANSWER,), None),
        ((ANSWER, POST), "7"),
        ((ANSWER, OTHER_WORDS, POST), "7"),
        ((ANSWER, OTHER_WORDS), "8"),  # a server may have worded it in its own way
        ((POST | {"visibility": "unlisted"},), "7"),
        ((POST | {"visibility": "direct"},), None),
    ],
)
def test_a_post_is_found_by_its_words_before_its_link(
    make: Make, statuses: tuple[dict[str, Any], ...], found: str | None
) -> None:
    adapter = own(make, *statuses)
    ref = adapter.find(adapter.prepare(Draft(f"Pruning\n{URL}", URL), "k", datetime.now(UTC)))
    assert (ref.id if ref else None) == found
