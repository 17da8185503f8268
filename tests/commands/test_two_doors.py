"""One act that comes in by two doors counts once in `ledger why`, whichever was first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from counterparts.desk import Desk, item, rss
from counterparts.fake_news import FakeHackerNews, FakeLobsters
from counterparts.fake_webmention_io import DOMAIN, TOKEN, FakeWebmentionIo

MINE = f"https://{DOMAIN}/posts/1"
HERS = "https://grace.example/reading"


@pytest.fixture
def mentions() -> Iterator[FakeWebmentionIo]:
    world = FakeWebmentionIo()
    yield world
    world.close()


@pytest.fixture
def desk(tmp_path: Path, mentions: FakeWebmentionIo) -> Desk:
    desk = Desk(tmp_path)
    desk.settings.write_text(desk.settings.read_text().replace("https://robin.example", f"https://{DOMAIN}"))
    desk.add_account("mentions", "webmention.io", {"server": mentions.url, "domain": DOMAIN}, {"token": TOKEN})
    desk.feed(rss())
    return desk


def through_feed(desk: Desk, _mentions: FakeWebmentionIo) -> None:
    body = f'<![CDATA[I read <a href="{MINE}">this</a>. {"word " * 200}]]>'
    desk.feed(rss(item(1, link=HERS, body=body), title="Grace", site="https://grace.example/"))
    desk.run("ledger", "collect", "--refresh")


def through_webmention(desk: Desk, mentions: FakeWebmentionIo) -> None:
    mentions.add(HERS)
    desk.run("ledger", "collect")


def through_file(desk: Desk, _mentions: FakeWebmentionIo) -> None:
    row = f"link,grace.example,{HERS},{MINE},{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"
    (desk.folder / "acts.csv").write_text(f"kind,who,url,my_url,at\n{row}\n")
    desk.run("ledger", "import", "acts.csv")


def balance(desk: Desk, who: str) -> float:
    found: dict[str, Any] = desk.json("ledger", "why", who)
    return float(found["balance"])


DOORS = (through_feed, through_webmention, through_file)


@pytest.mark.parametrize(("first", "second"), list(permutations(DOORS, 2)))
def test_a_link_counts_once_through_any_two_doors(
    desk: Desk, mentions: FakeWebmentionIo, first: Any, second: Any
) -> None:
    """A link weighs 10; the earliest time that is told of it counts, so that it may have faded a little."""
    first(desk, mentions)
    assert 9 < balance(desk, "grace.example") <= 10
    second(desk, mentions)
    assert 9 < balance(desk, "grace.example") <= 10


@pytest.mark.parametrize(("platform", "made"), [("hackernews", FakeHackerNews), ("lobsters", FakeLobsters)])
def test_a_submission_that_is_told_twice_counts_once(desk: Desk, platform: str, made: Any) -> None:
    news = made()
    try:
        desk.add_account("news", platform, {"server": news.url, "domain": DOMAIN}, {})
        desk.add_account("again", platform, {"server": news.url, "domain": DOMAIN}, {})
        news.submit(MINE)
        told = desk.json("ledger", "collect")["collected"]
        assert (told["feeds"], told["mentions"], told["news"] + told["again"]) == (0, 0, 1), "whichever comes first"
        once = balance(desk, f"{platform}:grace")
        news.repeat_page()
        assert not any(desk.json("ledger", "collect")["collected"].values())
        assert balance(desk, f"{platform}:grace") == pytest.approx(once, rel=0.01)
    finally:
        news.close()
