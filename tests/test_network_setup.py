"""What a page says of setting up a network works, but for addresses and names: on the network's counterpart."""

import re

import pytest
import tomlkit
from counterparts.desk import Desk, item, rss
from walkthrough import blocks
from written import ROOT

from syndicator.networks import ADAPTERS, adapter_class
from tests.platforms.contract import open_counterpart

PAGES = {name: ROOT / "docs" / "networks" / f"{name.replace('.', '-')}.md" for name in ADAPTERS}
#: Keys of an account whose values are the reader's own.
PERSONAL = ("server", "handle", "domain")


def setup(platform):
    return PAGES[platform].read_text("utf-8").partition("\n## Setup\n")[2].partition("\n## ")[0]


def told(platform):
    """The commands that the section names, in order, each once."""
    return list(dict.fromkeys(re.findall(r"`syndicator ((?:login|accounts|plan|run)[^`|…]*)`", setup(platform))))


@pytest.fixture
def world(request, tmp_path):
    world = open_counterpart(request.param, tmp_path / "world")
    yield request.param, world
    world.close()


@pytest.mark.parametrize("world", ADAPTERS, indirect=True, ids=ADAPTERS)
def test_the_setup_of_a_page_works(world, tmp_path):
    platform, counterpart = world
    theirs = counterpart.login() if hasattr(counterpart, "login") else None
    [block] = [each for each in blocks(setup(platform)) if each.language == "toml"]
    document = tomlkit.parse(block.body)
    [account] = document["accounts"]
    table = document["accounts"][account]
    for key in PERSONAL:
        if theirs and key in theirs.options:
            table[key] = theirs.options[key]
    table.pop("syndicate_to", None)  # places that only the reader's own site knows
    desk = Desk(tmp_path)
    desk.feed(rss(item(1)))
    desk.add(tomlkit.dumps(document))
    secrets = theirs.secrets if theirs else {}
    for command in told(platform):
        words = command.split()
        if words[:1] == ["login"] and platform == "mastodon":  # asks in the browser: tests/commands/test_login.py
            desk.environment |= {f"SYNDICATOR_{account}_{part}".upper(): value for part, value in secrets.items()}
            continue
        desk.run(*words, typed="".join(f"{value}\n" for value in secrets.values()))
    [shown] = desk.json("accounts", "--check")
    assert (shown["account"], shown["check"]["ok"]) == (account, True)
    if hasattr(adapter_class(platform, ""), "publish") and "run" not in told(platform):
        assert [each["account"] for each in desk.json("plan")["planned"]] == [account]


@pytest.mark.parametrize("platform", ADAPTERS)
def test_where_there_is_a_login_the_page_names_the_command(platform):
    needed = bool(getattr(adapter_class(platform, ""), "credential", ()))
    assert any(each.startswith("login ") for each in told(platform)) is needed
