"""From a page with a picture to posts that show it, as a user meets it: planned, sent, and told where it failed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts import feed_server, pictures
from counterparts.desk import SETTINGS, Desk, item, rss
from counterparts.feed_server import FeedServer
from counterparts.page_server import page

from platforms import memory

ALT = "A heron on a lock gate"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server.running("127.0.0.2") as running:
        head = f'<meta property="og:image" content="/p.jpg"><meta property="og:image:alt" content="{ALT}">'
        running.routes |= {"/1": page("Pruning", head), "/p.jpg": pictures.answer(pictures.picture(size=(3000, 2000)))}
        yield running


@pytest.fixture
def desk(tmp_path: Path, server: FeedServer) -> Desk:
    """Accounts that put the picture on their cards, attach it, and leave it out."""
    desk = Desk(tmp_path, '[fetch]\nallow_private = ["127.0.0.2"]\n' + SETTINGS)
    for where in ("card", "attach", "none"):
        options = {"file": f"{where}.jsonl", "picture": where}
        warning = {"content_warning": "birds"} if where == "attach" else {}
        desk.add_account(where, "memory", options | warning, {})
    desk.feed(rss(item(1, link=server.url("/1")), site=server.url("/")))
    return desk


def posts(desk: Desk, account: str) -> list[dict]:
    return memory.world(account, str(desk.folder / f"{account}.jsonl")).posts()


def test_a_picture_is_planned_as_it_will_be_sent(desk: Desk, server: FeedServer) -> None:
    planned = {each["account"]: each for each in desk.json("plan")["planned"]}
    assert {name: each["image"] for name, each in planned.items()} == {
        "card": None,
        "attach": {"url": server.url("/p.jpg"), "alt": ALT},
        "none": None,
    }
    assert {name: each["card"] and each["card"]["image"] for name, each in planned.items()} == {
        "card": server.url("/p.jpg"),
        "attach": None,
        "none": None,
    }
    assert {name: each["warning"] for name, each in planned.items()} == {"card": None, "attach": "birds", "none": None}
    shown = desk.run("plan").stdout
    assert "    hidden behind: birds\n    │ " in shown
    assert f"    picture: {server.url('/p.jpg')}\n    it shows: {ALT}\n" in shown
    assert server.asked("/p.jpg") == [], "nothing is fetched for a plan"


def test_it_is_fetched_once_and_sent_as_each_account_wants_it(desk: Desk, server: FeedServer) -> None:
    desk.run("run")
    assert len(server.asked("/p.jpg")) == 1
    [card], [attached], [without] = (posts(desk, name) for name in ("card", "attach", "none"))
    assert (card["picture"]["width"], card["picture"]["alt"]) == (1200, ALT)
    assert (attached["picture"]["width"], attached["picture"]["alt"], attached["warning"]) == (2000, ALT, "birds")
    assert "picture" not in without
    assert [bool(post["title"]) for post in (card, attached, without)] == [True, False, True]
    queued = {each["account"]: each for each in desk.json("queue")}
    assert (queued["attach"]["image"]["alt"], queued["attach"]["warning"]) == (ALT, "birds")


def test_a_picture_that_fails_costs_no_post_and_is_told(desk: Desk, server: FeedServer) -> None:
    server.routes["/p.jpg"] = page("Log in first")
    desk.run("run")
    assert len(server.asked("/p.jpg")) == 1
    assert [len(posts(desk, name)) for name in ("card", "attach", "none")] == [1, 1, 1]
    assert not any("picture" in post for name in ("card", "attach") for post in posts(desk, name))
    history = {each["account"]: [step["why"] for step in each["history"]] for each in desk.json("queue")}
    assert history["card"] == ["planned", "its picture was left out: it is a web page", "try 1", "published"]
    assert history["none"] == ["planned", "try 1", "published"]


def test_an_edited_post_may_be_as_long_as_its_warning_leaves_room(desk: Desk) -> None:
    desk.settings.write_text(
        desk.settings.read_text().replace('picture = "attach"', 'picture = "attach"\napprove = "ask"')
    )
    desk.run("run")
    [post] = [each for each in desk.json("queue") if each["account"] == "attach"]
    assert "501 is too long" in desk.run("queue", "edit", post["id"], "--text", "x" * 496, expect=1).stderr
    desk.run("queue", "edit", post["id"], "--text", "x" * 495)


def test_a_warning_where_nothing_can_be_hidden_is_refused(desk: Desk) -> None:
    desk.add_account("links", "linkblog", {"folder": "public", "content_warning": "birds"}, {})
    told = desk.run("plan", expect=2).stderr
    assert "[accounts.links] has a content_warning, which linkblog can't hide a post behind" in " ".join(told.split())
