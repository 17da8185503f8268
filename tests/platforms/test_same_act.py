"""One act that several channels tell of, from their servers to the ledger: it counts once, in whichever order."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from counterparts.fake_bluesky import HANDLE, FakeBluesky
from counterparts.fake_mastodon import MastodonWorld
from counterparts.fake_webmention_io import FakeWebmentionIo

from ledger.entry import Kind
from ledger.settle import settle
from ledger.settlement import Line, State
from platforms.base import Publisher, Reporter
from syndicator.accounts import Account
from syndicator.record import collect_from
from syndicator.settings import parse
from syndicator.workspace import Workspace

from .contract import request

MY_PAGE = "https://ada.example/posts/1"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    platforms = ("mastodon", "bluesky", "webmention.io")
    accounts = {name.partition(".")[0]: {"platform": name} for name in platforms}
    return Workspace(parse({"accounts": accounts}, tmp_path / "syndicator.toml"))


@pytest.fixture
def mastodon(tmp_path: Path) -> Iterator[MastodonWorld]:
    world = MastodonWorld(tmp_path / "mastodon")
    yield world
    world.close()


@pytest.fixture
def webmentions() -> Iterator[FakeWebmentionIo]:
    world = FakeWebmentionIo()
    yield world
    world.close()


@pytest.fixture
def bluesky() -> Iterator[FakeBluesky]:
    world = FakeBluesky()
    yield world
    world.close()


def collect(space: Workspace, adapter: Reporter, name: str) -> int:
    found = collect_from(space, Account(name, space.settings.accounts[name.partition(".")[0]], adapter, ""))  # type: ignore[arg-type]
    assert found.errors == ()
    return found.new


def lines(space: Workspace) -> list[Line]:
    """The ledger as of now: all of it is one person's."""
    entries = space.book.entries()
    assert len({entry.identity for entry in entries}) == 1
    return list(settle(entries, datetime.now(UTC), space.rules).lines)


@pytest.mark.parametrize("order", [1, -1], ids=["network first", "bridge first"])
@pytest.mark.parametrize(
    ("kind", "prop", "path", "fragment"),
    [
        ("like", "like-of", "like", "#favorited-by-2"),
        ("boost", "repost-of", "repost", "#reblogged-by-2"),
        ("reply", "in-reply-to", "comment", ""),
    ],
)
def test_what_mastodon_tells_and_bridgy_sends_counts_once(
    space: Workspace,
    mastodon: MastodonWorld,
    webmentions: FakeWebmentionIo,
    kind: str,
    prop: str,
    path: str,
    fragment: str,
    order: int,
) -> None:
    adapter = mastodon.adapter()
    assert isinstance(adapter, Publisher)
    mine = adapter.publish(request(adapter))
    mastodon.act(kind)
    [told] = mastodon.adapter().interactions(None).interactions
    webmentions.add(
        f"https://brid.gy/{path}/mastodon/@alice@mock.local/{mine.id}/2",
        prop,
        url=f"{mine.url}{fragment}" if fragment else told.url,
        author={"type": "card", "name": "Bob", "url": told.actor.url},
    )
    channels = [("mastodon", mastodon), ("webmention.io", webmentions)]
    for name, world in channels[::order] * 2:
        collect(space, world.adapter(), name)
    assert sorted(entry.channel for entry in space.book.entries()) == ["mastodon", "webmention.io"]
    assert sorted(line.state for line in lines(space)) == [State.OPEN, State.REPEAT]


def test_a_mention_on_bluesky_that_links_to_my_site_counts_once_at_its_best_value(
    space: Workspace, bluesky: FakeBluesky
) -> None:
    text = f"@{HANDLE} read {MY_PAGE}"
    start = len(text.encode()) - len(MY_PAGE)
    feature = {"$type": "app.bsky.richtext.facet#link", "uri": MY_PAGE}
    facet = {"index": {"byteStart": start, "byteEnd": len(text.encode())}, "features": [feature]}
    bluesky.notify("mention", "bea", record={"$type": "app.bsky.feed.post", "text": text, "facets": [facet]})
    for _ in range(2):
        collect(space, bluesky.adapter(sites=["https://ada.example"]), "bluesky")
    told = lines(space)
    assert sorted(line.entry.kind for line in told) == [Kind.MENTION, Kind.SHARE]
    [counts] = [line for line in told if line.state is not State.REPEAT]
    assert (counts.entry.kind, counts.entry.trust) == (Kind.SHARE, 0.8)
    assert counts.weight * counts.entry.trust == pytest.approx(7 * 0.8)
