"""Naming authors with the real adapter, on a Bluesky server: the mention leads to the very account that was found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts.fake_bluesky import HANDLE, PASSWORD, FakeBluesky
from counterparts.feed_server import FeedServer
from counterparts.page_server import page
from small_world import SmallWorld, entry

BEA = "bea.test"


@pytest.fixture
def bluesky() -> Iterator[FakeBluesky]:
    fake = FakeBluesky()
    yield fake
    fake.close()


@pytest.fixture
def world(tmp_path: Path, bluesky: FakeBluesky, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    made = SmallWorld(tmp_path, monkeypatch)
    made.fetch["allow_private"] = ["127.0.0.1"]
    made.accounts["sky"] = {"platform": "bluesky", "server": bluesky.url, "handle": HANDLE}
    monkeypatch.setenv("SYNDICATOR_SKY_TOKEN", PASSWORD)
    return made


def share(world: SmallWorld, site: FeedServer, bluesky: FakeBluesky, handle: str) -> None:
    """Publish a page by somebody, and post about it."""
    bluesky.profiles.setdefault("did:plc:bea", {})["displayName"] = "Bea Baker"
    author = f'<a class="p-author h-card" href="https://bsky.app/profile/{handle}">Bea Baker</a>'
    site.routes["/walk"] = page(body=f'<div class="h-entry">{author}<p class="e-content">{"word " * 200}</p></div>')
    world.feed("ada", entry(site.url("/walk"), title="A walk"))
    world.run()


def test_the_mention_is_a_facet_with_the_account_s_own_id(
    world: SmallWorld, site: FeedServer, bluesky: FakeBluesky
) -> None:
    share(world, site, bluesky, BEA)
    [record] = bluesky.records.values()
    assert record["text"] == f"A walk\nby @{BEA}\n{site.url('/walk')}"
    [mention] = [each for each in record["facets"] if each["features"][0]["$type"].endswith("#mention")]
    start, end = mention["index"]["byteStart"], mention["index"]["byteEnd"]
    assert record["text"].encode()[start:end].decode() == f"@{BEA}"
    assert mention["features"][0]["did"] == "did:plc:bea"
    [post] = world.posts()
    assert post.names[0] == f"bluesky:{BEA}"


@pytest.mark.parametrize("handle", ["nobody.test", HANDLE])
def test_who_is_not_there_or_is_me_is_not_named(
    world: SmallWorld, site: FeedServer, bluesky: FakeBluesky, handle: str
) -> None:
    share(world, site, bluesky, handle)
    [record] = bluesky.records.values()
    assert "@" not in record["text"]


def test_who_opted_out_is_not_named(world: SmallWorld, site: FeedServer, bluesky: FakeBluesky) -> None:
    bluesky.profiles["did:plc:bea"] = {"description": "I bake. #NoBot"}
    share(world, site, bluesky, BEA)
    [record] = bluesky.records.values()
    assert "@" not in record["text"]
    assert "asks bots to leave them alone" in world.posts()[0].why[-1]
