"""Naming authors with the real adapter, on a Mastodon server: who is found there, and who asked not to be named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from counterparts.fake_mastodon import TOKEN, MastodonWorld
from counterparts.feed_server import FeedServer
from counterparts.page_server import page
from small_world import SmallWorld, entry


class KnowsItsName:
    """An ASGI application in front of the mock: as real servers do, it finds its own people by their whole handle."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/api/v1/accounts/lookup":
            scope = {**scope, "query_string": scope["query_string"].replace(b"%40mock.local", b"")}
        await self.app(scope, receive, send)


@pytest.fixture
def mastodon(tmp_path: Path) -> Iterator[MastodonWorld]:
    world = MastodonWorld(tmp_path)
    world.wire.app = KnowsItsName(world.wire.app)
    yield world
    world.close()


@pytest.fixture
def world(tmp_path: Path, mastodon: MastodonWorld, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    made = SmallWorld(tmp_path, monkeypatch)
    made.fetch["allow_private"] = ["127.0.0.1"]
    made.accounts["pond"] = {"platform": "mastodon", "server": mastodon.url}
    monkeypatch.setenv("SYNDICATOR_POND_TOKEN", TOKEN)
    return made


def share(world: SmallWorld, site: FeedServer, mastodon: MastodonWorld, creator: str, **bob: Any) -> str:
    """Publish a page by somebody, and give the text of the post about it."""
    fields = [("Blog", site.url("/")), *bob.pop("fields", ())]
    mastodon.client("bob_token").account_update_credentials(fields=fields, **bob)
    site.routes["/walk"] = page(head=f'<meta name="fediverse:creator" content="{creator}">')
    world.feed("ada", entry(site.url("/walk"), title="A walk"))
    world.run()
    [post] = world.posts()
    return post.draft.text.replace(site.url("/walk"), "URL")


def test_the_author_is_named(world: SmallWorld, site: FeedServer, mastodon: MastodonWorld) -> None:
    assert share(world, site, mastodon, "@bob@mock.local") == "A walk\nby @bob@mock.local\nURL"
    [text] = mastodon.posts()
    assert "by @bob@mock.local" in text


@pytest.mark.parametrize("creator", ["@nobody@mock.local", "@nobody@elsewhere.example", "@alice@mock.local"])
def test_who_is_not_there_or_is_me_is_not_named(
    world: SmallWorld, site: FeedServer, mastodon: MastodonWorld, creator: str
) -> None:
    assert share(world, site, mastodon, creator) == "A walk\nURL"


@pytest.mark.parametrize(
    "wish",
    [{"note": "Baker. #NoBot"}, {"fields": [("Please", "#nobot")]}, {"display_name": "Bob #nobot"}, {"bot": True}],
)
def test_who_opted_out_in_their_profile_is_not_named(
    world: SmallWorld, site: FeedServer, mastodon: MastodonWorld, wish: dict[str, object]
) -> None:
    assert share(world, site, mastodon, "@bob@mock.local", **wish) == "A walk\nURL"
