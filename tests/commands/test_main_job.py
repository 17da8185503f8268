"""The main job as its owner runs it, with the installed programs: run after run, and nothing is posted twice."""

import json
import re
from pathlib import Path

import pytest
from counterparts.desk import Desk, fetched, item, rss

from platforms.memory import forget, world


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The sample world after its first run."""
    folder = tmp_path_factory.mktemp("sample")
    desk = Desk(folder, "")
    desk.programs = True
    desk.settings.unlink()
    desk.run("init", folder, "--sample")
    desk.first = desk.json("run")
    return desk


def pond(folder: Path) -> list[str]:
    """What is on the sample's memory network."""
    posts = [post["text"] for post in world("pond", str(folder / "data" / "pond.jsonl")).posts()]
    forget("pond")
    return posts


def links(folder: Path) -> list[dict[str, object]]:
    return json.loads((folder / "public" / "feed.json").read_text("utf-8"))["items"]


def test_the_sample_is_read_published_and_booked(sample: Desk) -> None:
    report = sample.first
    assert report["fetched"] == fetched(ok=10)
    assert report["errors"] == report["failed"] == report["unknown"] == []
    assert {posted["account"] for posted in report["posted"]} == {"links", "pond"}
    assert report["collected"]["feeds"] == 6
    shared = [posted["article"] for posted in report["posted"] if posted["account"] == "links"]
    assert sorted(entry["external_url"] for entry in links(sample.folder)) == sorted(shared)
    page = (sample.folder / "public" / "index.html").read_text("utf-8")
    assert all(url in page for url in shared)
    assert (sample.folder / "public" / "feed.xml").read_text("utf-8").count("<entry") == len(shared)


def test_the_ledger_says_who_is_owed_and_what_to_share(sample: Desk) -> None:
    owed = {debt["person"]: debt for debt in sample.json("ledger", "owe")}
    assert owed["Ada Okafor"]["received"] == {"link": 3}
    assert owed["Juniper Vance"]["received"] == {"link": 2}
    brandt = owed["Teodor Brandt"]
    assert brandt["identities"] == [{"network": "web", "handle": "letters.example", "url": "https://letters.example"}]
    assert brandt["suggestion"]["act"] == "share"
    assert brandt["suggestion"]["url"].startswith("https://letters.example/")


def test_a_published_share_is_booked_as_given(sample: Desk) -> None:
    for posted in sample.first["posted"]:
        if "robin.example" in posted["article"] or posted["article"].startswith("note:"):
            continue
        who = posted["article"].split("/")[2]
        lines = sample.json("ledger", "why", who)["lines"]
        assert [line["url"] for line in lines if line["direction"] == "given"].count(posted["article"]) >= 1


def test_a_second_run_posts_nothing_and_asks_for_nothing_new(sample: Desk) -> None:
    before = links(sample.folder), pond(sample.folder)
    report = sample.json("run")
    assert report["posted"] == []
    assert report["fetched"] == fetched(unchanged=10)
    assert report["collected"]["feeds"] == 0
    assert (links(sample.folder), pond(sample.folder)) == before


def test_a_touched_feed_posts_nothing_twice(sample: Desk) -> None:
    """Guid, title and the link's tracking parameters of a posted article change: it stays one article."""
    posted = [each["article"] for each in sample.first["posted"] if each["article"].startswith("https://ada.example/")]
    assert posted, "the sample should share something of Ada's"
    path = sample.folder / "feeds" / "ada.xml"
    feed = path.read_text("utf-8")
    for url in posted:
        assert url in feed
        feed = feed.replace(f"<link>{url}</link>", f"<link>{url}?utm_source=feed&amp;utm_medium=rss</link>")
    feed = re.sub(r"<guid[^>]*>", '<guid isPermaLink="false">moved-', feed)
    feed = re.sub(r"(<item>.*?<title>)", r"\1Edited: ", feed, flags=re.DOTALL)
    path.write_text(feed, "utf-8")
    # Room for more on the same day, so that only identity keeps it from coming again.
    sample.settings.write_text(re.sub(r"per_day = \d+", "per_day = 50", sample.settings.read_text("utf-8")), "utf-8")
    report = sample.json("run")
    assert report["fetched"]["ok"] == 1
    urls = [entry["external_url"] for entry in links(sample.folder) if "external_url" in entry]
    assert len(urls) == len(set(urls))
    texts = pond(sample.folder)
    assert len(texts) == len(set(texts))
    again = {each["article"] for each in report["posted"]}
    assert again.isdisjoint(posted)


def test_the_sample_runs_from_anywhere(tmp_path: Path) -> None:
    """Everything that the settings and the blogroll name is found beside them, not beside whoever starts the run."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    desk = Desk(tmp_path / "elsewhere", "")
    desk.settings.unlink()
    desk.run("init", tmp_path / "sample", "--sample")
    report = desk.json("run", "--config", "../sample/syndicator.toml", cwd=elsewhere)
    assert report["fetched"]["ok"] == 10
    assert report["errors"] == []
    assert len(links(tmp_path / "sample")) > 0
    assert list(elsewhere.iterdir()) == []


def test_a_piece_in_a_feed_and_a_planet_is_posted_once(tmp_path: Path) -> None:
    """The planet has another form of the address, and no text."""
    desk = Desk(tmp_path)
    desk.add('[[sources]]\nkind = "curated"\nfeed = "planet.xml"\n\n')
    desk.add_account("links", "linkblog", {"folder": "public"}, {})
    desk.feed(rss(item(1, link="https://d.example/piece"), site="https://d.example/"))
    there = item(
        2, link="https://www.d.example/piece/?utm_medium=planet", title="Pruning code like apple trees, part 1"
    )
    there = re.sub(r"<description>.*</description>", "", there)
    desk.feed(rss(there, title="Planet", site="https://planet.example/"), "planet.xml")
    assert len(desk.json("run")["posted"]) == 1
    edited = item(3, link="https://www.d.example/piece/index.html", title="Edited", body="Written anew. " * 30)
    desk.feed(rss(edited, site="https://d.example/"))
    assert desk.json("run")["posted"] == []
    assert len(links(tmp_path)) == 1


def test_do_puts_the_suggested_share_into_the_queue(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "")
    desk.settings.unlink()
    desk.run("init", tmp_path, "--sample")
    desk.run("run")
    [first, *_] = desk.json("ledger", "owe")
    assert first["suggestion"]["act"] == "share"
    done = desk.run("ledger", "do", 1)
    assert first["person"] in done.stdout
    queued = [post for post in desk.json("queue") if post["state"] == "queued"]
    assert {post["article"] for post in queued} == {first["suggestion"]["url"]}
    assert {post["account"] for post in queued} == {"links", "pond"}
    after = {debt["person"]: debt for debt in desk.json("ledger", "owe", "--all")}
    assert after[first["person"]]["suggestion"] in (None, *[{**first["suggestion"], "act": "wait"}]) or (
        after[first["person"]]["suggestion"]["url"] != first["suggestion"]["url"]
    )


def test_the_first_run_posts_nothing_old(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.settings.write_text(desk.settings.read_text().replace("first_run = 100", "first_run = 0"))
    desk.add_account("links", "linkblog", {"folder": "public"}, {})
    desk.feed(rss(*(item(number) for number in range(30))))
    assert desk.json("run")["posted"] == []
    desk.feed(rss(item(99, days=0.01), *(item(number) for number in range(30))))
    assert [posted["article"] for posted in desk.json("run")["posted"]] == ["https://ada.example/pruning/99"]


def test_plan_changes_nothing_and_shows_the_exact_text(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.add_account("pond", "memory", {"file": "pond.jsonl", "template": "{title}: {url}"}, {})
    desk.feed(rss(item(1)))
    before = sorted(path.name for path in tmp_path.rglob("*"))
    plan = desk.json("plan")
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    [planned] = plan["planned"]
    assert planned["text"] == "Pruning code like apple trees, part 1: https://ada.example/pruning/1"
    assert planned["length"] == len(planned["text"])
    assert planned["limit"] == 500
    assert abs(sum(planned["parts"].values()) - planned["score"]) < 1e-9
    [posted] = desk.json("run")["posted"]
    assert posted["article"] == planned["article"]
    assert [post["text"] for post in world("pond", str(tmp_path / "pond.jsonl")).posts()] == [planned["text"]]
    forget("pond")


def test_approve_ask_waits_for_a_person(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.add_account("pond", "memory", {"file": "pond.jsonl", "approve": "ask"}, {})
    desk.feed(rss(item(1)))
    report = desk.json("run")
    assert report["posted"] == []
    [waiting] = report["awaiting"]
    desk.run("queue", "edit", waiting["id"], "--text", "In my own words: https://ada.example/pruning/1")
    desk.run("queue", "approve", waiting["id"])
    assert len(desk.json("run")["posted"]) == 1
    assert [post["text"] for post in world("pond", str(tmp_path / "pond.jsonl")).posts()] == [
        "In my own words: https://ada.example/pruning/1"
    ]
    forget("pond")


def test_a_failing_source_is_told_once_and_counted_while_it_waits(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.feed(rss(item(1)))
    desk.add('[[sources]]\nkind = "curated"\nfeed = "http://127.0.0.1:1/feed"\ntitle = "Bo"\n\n')
    desk.add('[fetch]\nallow_private = ["127.0.0.1"]\n')
    first = desk.json("run", expect=1)
    assert first["fetched"] == fetched(ok=1, failed=1)
    [error] = first["errors"]
    assert error.startswith("Bo (http://127.0.0.1:1/feed): refuses connections (asked again in 15m; ")
    second = desk.json("run")
    assert second["fetched"] == fetched(unchanged=1, waiting=1)
    assert second["errors"] == []
    assert desk.run("run").stdout.startswith("Sources: 0 read, 1 unchanged, 0 failed, 1 failing and waiting.\n")


def test_notes_that_are_not_there_are_told_and_the_rest_is_posted(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.feed(rss(item(1)))
    desk.add('[[sources]]\nkind = "notes"\nfile = "notes.txt"\n\n')
    desk.add_account("links", "linkblog", {"folder": "public"}, {})
    report = desk.json("run", expect=1)
    [error] = report["errors"]
    assert error.startswith(f"{tmp_path / 'notes.txt'}: can't be read: ")
    assert "`file` in the settings" in error
    assert len(report["posted"]) == 1
    (tmp_path / "notes.txt").write_text("A note of mine, long enough to be worth reading.\n")
    again = desk.json("run")
    assert again["errors"] == []
    assert [posted["article"][:5] for posted in again["posted"]] == ["note:"]


def test_unshare_deletes_everywhere_and_takes_the_favour_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    desk.add_account("links", "linkblog", {"folder": "public"}, {})
    desk.feed(rss(item(1)))
    assert len(desk.json("run")["posted"]) == 2
    assert len(desk.json("ledger", "why", "ada.example")["lines"]) == 2
    desk.run("unshare", "https://ada.example/pruning/1?utm_source=x")
    assert world("pond", str(tmp_path / "pond.jsonl")).posts() == []
    forget("pond")
    assert links(tmp_path) == []
    assert desk.json("ledger", "why", "ada.example")["lines"] == []
    assert desk.json("run")["posted"] == []
    desk.run("unshare", "https://ada.example/pruning/1", expect=2)


def test_two_runs_at_once_post_once(tmp_path: Path) -> None:
    import subprocess

    from counterparts.desk import BIN

    desk = Desk(tmp_path)
    desk.add_account("links", "linkblog", {"folder": "public"}, {})
    desk.feed(rss(*(item(number) for number in range(5))))
    runs = [
        subprocess.Popen(
            [BIN / "syndicator", "run", "--wait", "60"], cwd=tmp_path, env=desk.environment, stdout=subprocess.DEVNULL
        )
        for _ in range(3)
    ]
    assert [run.wait(120) for run in runs] == [0, 0, 0]
    urls = [entry["external_url"] for entry in links(tmp_path)]
    assert len(urls) == len(set(urls)) == 5
