"""What users of such tools complain about most, one test each: what they got, and what happens here instead."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts.desk import Desk, item, rss
from counterparts.fake_mastodon import MastodonWorld
from small_world import SmallWorld, entry

from platforms import memory
from platforms.errors import Unreachable


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    """Somebody with one account that takes whatever may be shared, as soon as that may be."""
    world = SmallWorld(tmp_path, monkeypatch)
    world.fetch = {"check_links": False}
    world.plan["first_run"] = 0
    world.account()
    return world


@pytest.fixture
def mastodon(tmp_path: Path) -> Iterator[MastodonWorld]:
    network = MastodonWorld(tmp_path)
    yield network
    network.close()


def pieces(*numbers: int, hours: float = 3) -> list[str]:
    """Articles of Ada's, each an hour older than the one before."""
    return [entry(f"https://ada.example/{n}", hours=hours + place) for place, n in enumerate(numbers)]


def newest(name: str, number: int, **how: object) -> str:
    return entry(f"https://{name}.example/new-{number}", **how)


def started(world: SmallWorld, name: str = "ada") -> None:
    """One subscription that was read before."""
    world.feed(name, entry(f"https://{name}.example/old", hours=30))
    world.run()


def test_the_first_look_at_a_source_floods_nobody(world: SmallWorld) -> None:
    """Tools without a baseline post a whole archive, at the first run and for each new subscription."""
    world.feed("ada", *pieces(*range(50)))
    world.run()
    world.feed("bo", *(entry(f"https://bo.example/{n}") for n in range(50)))
    world.run(hours=1)
    assert world.shared() == []
    world.feed("bo", newest("bo", 1, hours=0), *(entry(f"https://bo.example/{n}") for n in range(50)))
    world.run(hours=1)
    assert world.shared() == ["https://bo.example/new-1"]


def test_nothing_is_posted_twice_when_an_answer_was_lost(tmp_path: Path, mastodon: MastodonWorld) -> None:
    """Tools that note what they posted when the network says so post it again when it could not say so."""
    desk = Desk(tmp_path)
    login = mastodon.login()
    desk.add_account("fosstodon", "mastodon", login.options, login.secrets)
    desk.add("[fetch]\ncheck_links = false\n")
    desk.feed(rss(item(1)))
    mastodon.lose_answer()
    first = desk.json("run", expect=None)
    again = desk.json("run")
    assert len(mastodon.posts()) == 1
    assert [len(report["posted"]) for report in (first, again)] == [1, 0]


def test_nothing_is_posted_twice_or_lost_after_errors_and_a_restart(world: SmallWorld) -> None:
    """Tools that note it before the call lose it, those that note it after the run post all of the run again."""
    started(world)
    world.account()["publish"] = [None, KeyboardInterrupt(), Unreachable("pond", "no answer")]
    world.feed("ada", *(newest("ada", n, hours=n) for n in range(3)))
    with pytest.raises(KeyboardInterrupt):
        world.run(hours=1)
    for _ in range(3):
        world.run(hours=1)
    assert sorted(world.shared()) == [f"https://ada.example/new-{n}" for n in range(3)]


@pytest.mark.parametrize(
    "again",
    [
        entry("https://ada.example/new-1", title="About pruning code, revised", guid="1"),
        entry("https://ada.example/new-1", title="About pruning code", guid="tag:ada.example,2026:other"),
        entry("https://ada.example/2026/11/new-1.html", title="About pruning code", guid="1"),
        entry("https://okafor.example/new-1", title="About pruning code", guid="https://okafor.example/new-1"),
        entry("http://www.ada.example/new-1/", title="Something else", guid="7", words=20),
    ],
    ids=["edited", "another guid", "another address", "another domain", "https and www"],
)
def test_a_changed_item_is_still_the_same_item(again: str, world: SmallWorld) -> None:
    """Tools that know items by one field post each of these again."""
    started(world)
    world.feed("ada", entry("https://ada.example/new-1", title="About pruning code", guid="1"))
    world.run(hours=1)
    world.feed("ada", again)
    world.run(hours=1)
    assert world.shared() == ["https://ada.example/new-1"]


def test_what_was_seen_is_never_forgotten(world: SmallWorld) -> None:
    """Tools that remember the last hundred items post the older ones again when a feed shows them anew."""
    started(world)
    world.feed("ada", newest("ada", 1))
    world.run(hours=1)
    world.plan["per_day"] = 0  # seen and passed over
    for start in (0, 2_500):
        world.feed("ada", *pieces(*range(start, start + 2_500)))
        world.run(hours=1)
    world.plan["per_day"] = 100
    world.clock.move(days=200)
    late = -200 * 24.0  # hours before NOON: the feed gives its old pieces today's date
    world.feed("ada", newest("ada", 1, hours=late), *pieces(*range(0, 5_000, 50), hours=late))
    world.run(hours=1)
    assert world.shared() == ["https://ada.example/new-1"]


def test_one_article_in_several_feeds_is_shared_once(world: SmallWorld) -> None:
    """Tools that keep a list for each feed post it once for each."""
    for name in ("ada", "planet", "digest"):
        started(world, name)
    link = "https://ada.example/pruning"
    world.feed("ada", entry(link, title="What pruning teaches us"))
    world.feed("planet", entry(f"{link}?utm_source=planet", title="Ada: What pruning teaches us", guid="planet-9"))
    world.run(hours=1)
    world.feed("digest", entry("http://www.ada.example/pruning/#top", title="A good one on pruning", guid="d1"))
    world.run(hours=1)
    assert world.shared() == [link]


def test_one_broken_feed_stops_no_other(world: SmallWorld) -> None:
    """Tools that read in one loop end at the first feed that can't be parsed."""
    for name in ("ada", "bo", "cy", "dot"):
        started(world, name)
    (world.folder / "ada.xml").write_bytes(b"\xff\xfe<rss")
    (world.folder / "bo.xml").unlink()
    world.feed("cy", entry("https://cy.example/<&>", title="]]>", guid="<![CDATA["), newest("cy", 1))
    world.feed("dot", newest("dot", 1))
    report = world.run(hours=1)
    assert {"https://cy.example/new-1", "https://dot.example/new-1"} <= set(world.shared())
    assert [any(name in error for error in report.errors) for name in ("ada.xml", "bo.xml")] == [True, True]


def test_a_late_item_is_not_missed_and_equal_dates_fire_once(world: SmallWorld) -> None:
    """Tools that ask for what is newer than the newest miss the first, and take the second twice or never."""
    started(world)
    world.feed("ada", newest("ada", 1, hours=1))
    world.run(hours=1)
    twins = [newest("ada", 2, hours=1), newest("ada", 3, hours=1)]
    world.feed("ada", newest("ada", 4, hours=100), twins[0], newest("ada", 1, hours=1))
    world.run(hours=1)
    world.feed("ada", *twins, newest("ada", 4, hours=100), newest("ada", 1, hours=1))
    world.run(hours=1)
    world.run(hours=1)
    assert sorted(world.shared()) == [f"https://ada.example/new-{n}" for n in (1, 2, 3, 4)]


def test_after_an_outage_the_backlog_is_not_dumped(world: SmallWorld) -> None:
    """Tools that post whatever is new post a week of it in one minute."""
    world.plan |= {"per_day": 4, "min_gap": "2h"}
    started(world)
    world.feed("ada", *(newest("ada", n, hours=-24 * 4 + n) for n in range(40)))
    at_once = world.run(days=5)
    assert len(world.shared()) <= 1, at_once
    for _ in range(11):
        world.run(hours=1)
    assert len(world.shared()) == 4  # the day's share, and it is late in the evening


def test_stale_items_are_not_shared_and_it_is_said_why(world: SmallWorld) -> None:
    """Tools that post what they have not seen post what a feed digs out of its archive."""
    started(world)
    world.feed("ada", newest("ada", 1, hours=24 * 11), newest("ada", 2, hours=24 * 400), newest("ada", 3, hours=24 * 9))
    report = world.run(hours=1)
    assert world.shared() == ["https://ada.example/new-3"]
    reasons = {each.article: each.reason for each in report.choice.plan.skipped}
    assert "max_age" in reasons["https://ada.example/new-1"]


def test_a_post_says_in_which_language_it_is(world: SmallWorld) -> None:
    """Tools that say none, or the account's, hide posts from those who could read them."""
    world.me["language"] = "de"
    for name, language in (("ada", "de-AT"), ("bo", ""), ("cy", "fr")):
        started(world, name)
        world.feed(name, newest(name, 1))
        path = world.folder / f"{name}.xml"
        path.write_text(path.read_text().replace("<channel>", f"<channel><language>{language}</language>"))
    report = world.run(hours=1)
    assert {post["url"]: post["language"] for post in posts(world)} == {
        "https://ada.example/new-1": "de",
        "https://bo.example/new-1": None,
    }
    reasons = {each.article: each.reason for each in report.choice.plan.skipped}
    assert "languages" in reasons["https://cy.example/new-1"]


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"exclude": ["цветы"]}, ["抽選", "गाजर"]),
        ({"exclude": ["/抽[選籤]|розыгрыш/"]}, ["ЦВЕТЫ", "गाजर"]),
        ({"include": ["गाजर"]}, ["गाजर"]),
        ({"include": ["#संपादकीय", "संपादकीय"]}, ["गाजर"]),
    ],
)
def test_filters_work_in_every_script(filters: dict[str, list[str]], left: list[str], world: SmallWorld) -> None:
    """Tools whose words are ASCII, or whose case is, let all of these through or none."""
    titles = {"ЦВЕТЫ": "ЦВЕТЫ: весной", "抽選": "春の抽選会のお知らせ", "गाजर": "गाजर उगाना"}
    world.feed("ada", entry("https://ada.example/old"), **filters)
    world.run()
    tagged = "<category>संपादकीय</category></item>"
    entries = [entry(f"https://ada.example/{n}", title=title) for n, title in enumerate(titles.values())]
    world.feed("ada", *entries[:2], entries[2].replace("</item>", tagged))
    world.run(hours=1)
    assert {url[-1] for url in world.shared()} == {str(list(titles).index(name)) for name in left}


def test_tracking_parameters_are_left_behind(world: SmallWorld) -> None:
    """Tools that pass on what a feed gives pass on who is to be counted."""
    started(world)
    link = "https://ada.example/x?utm_source=rss&amp;utm_medium=feed&amp;id=7&amp;fbclid=abc#comments"
    world.feed("ada", entry(link, title="About pruning", guid="1"))
    world.run(hours=1)
    assert world.shared() == ["https://ada.example/x?id=7"]
    assert [post["text"] for post in posts(world)] == ["About pruning\nhttps://ada.example/x?id=7"]


def posts(world: SmallWorld) -> list[dict[str, str]]:
    """What is to be seen on the account."""
    return memory.world("pond", str((world.folder / "pond.jsonl").absolute())).posts()
