"""What an account's settings ask of its network is refused at once where that can't do it."""

from pathlib import Path

import pytest

from syndicator import networks, settings
from syndicator.settings import SettingsError
from syndicator.workspace import Workspace

OPTIONS = {
    "apprise": "",
    "bluesky": 'handle = "ada.example"',
    "hackernews": 'domain = "ada.example"',
    "linkblog": 'folder = "public"',
    "lobsters": 'domain = "ada.example"',
    "mastodon": 'server = "https://mastodon.example"',
    "memory": 'file = "memory.json"',
    "micropub": 'server = "https://ada.example"',
    "webmention.io": 'domain = "ada.example"',
    "x": "",
}
#: What only tells of others.
REPORTERS = {"hackernews", "lobsters", "webmention.io"}
#: Where each can be given; a post anywhere else is for everybody to read.
GIVEN = {"mastodon", "memory"}


def open_one(folder: Path, platform: str, more: str) -> networks.Account:
    file = folder / "syndicator.toml"
    file.write_text(
        f'[me]\nname = "Ada"\nsites = ["https://ada.example"]\n'
        f'[accounts.one]\nplatform = "{platform}"\n{OPTIONS[platform]}\n{more}\n'
    )
    return networks.open_account(Workspace(settings.load(file)), "one")


@pytest.mark.parametrize("platform", sorted(networks.ADAPTERS.keys() - REPORTERS))
@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "direct"])
def test_a_post_never_gets_more_public_than_it_shall_be(tmp_path: Path, platform: str, visibility: str) -> None:
    if visibility == "public" or platform in GIVEN:
        assert open_one(tmp_path, platform, f'visibility = "{visibility}"').publishes
        return
    with pytest.raises(SettingsError) as caught:
        open_one(tmp_path, platform, f'visibility = "{visibility}"')
    assert f'[accounts.one] has visibility = "{visibility}", which {platform} can\'t give' in str(caught.value)


@pytest.mark.parametrize("platform", sorted(REPORTERS))
def test_a_network_that_only_tells_of_others_asks_nothing_of_posts(tmp_path: Path, platform: str) -> None:
    assert not open_one(tmp_path, platform, 'visibility = "private"').publishes
