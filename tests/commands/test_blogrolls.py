"""Blogrolls as their owner meets them: imported, exported, and followed while they live on the web."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts.desk import Desk, item, rss
from counterparts.feed_server import FeedServer, body, running, status

LOCAL = '[fetch]\nallow_private = ["127.0.0.1"]\n'
HTML = {"Content-Type": "text/html"}


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with running() as found:
        yield found


def opml(*lines: str) -> bytes:
    return f"<opml version='2.0'><body>{''.join(lines)}</body></opml>".encode()


def line(url: str, title: str, **more: str) -> str:
    attributes = {"text": title, "xmlUrl": url, **more}
    return "<outline " + " ".join(f'{name}="{value}"' for name, value in attributes.items()) + "/>"


def kept(desk: Desk) -> set[tuple[str, ...]]:
    """What makes a subscription, of each."""
    listed = desk.json("sources")
    return {(each["url"], each["title"], each["site"], *each["folders"], "|", *each["tags"]) for each in listed}


def test_import_finds_the_blogroll_of_a_page_and_a_second_time_finds_nothing_new(
    server: FeedServer, tmp_path: Path
) -> None:
    desk = Desk(tmp_path, LOCAL)
    server.routes["/"] = body(b"<link rel=blogroll href=/r.opml><link rel=blogroll href=/old.opml title=Old>", **HTML)
    server.routes["/r.opml"] = body(opml(line("https://a.example/f", "A"), line("https://b.example/f", "B")))
    done = desk.run("import", server.url("/"), "--json")
    assert json.loads(done.stdout)["added"] == ["https://a.example/f", "https://b.example/f"]
    assert done.stderr == f"found: {server.url('/r.opml')}\nalso there: {server.url('/old.opml')} (Old)\n"
    again = desk.json("import", server.url("/"))
    assert (again["added"], again["updated"], len(again["unchanged"])) == ([], [], 2)
    there = f"<outline text='News'>{line('https://a.example/f', 'A', category='x,y')}</outline>"
    server.routes["/r.opml"] = body(opml(there, line("https://b.example/f", "Bob")))
    assert desk.json("import", server.url("/"))["updated"] == ["https://a.example/f", "https://b.example/f"]
    assert kept(desk) == {
        ("https://a.example/f", "A", "", "News", "|", "x", "y"),
        ("https://b.example/f", "Bob", "", "|"),
    }


def test_import_of_a_page_without_a_blogroll_says_what_was_tried(server: FeedServer, tmp_path: Path) -> None:
    desk = Desk(tmp_path, LOCAL)
    server.routes["/"] = body(b"<p>Hello", **HTML)
    done = desk.run("import", server.url("/"), expect=1)
    assert f"error: {server.url('/')}: is no OPML and names no blogroll; nor is there one in the usual" in done.stderr
    assert desk.json("sources") == []


def test_what_is_exported_imports_to_the_same_set(tmp_path: Path) -> None:
    lines = (
        line("https://a.example/f?x=1&amp;y=&lt;2&gt;", "Q &amp; &quot;A&quot; \u202e&#9;&lt;b&gt;", category="/a/b,c"),
        line("https://b.example/f", "Жизнь 日本 🚀", htmlUrl="https://b.example/"),
        f"<outline text='F &amp; G'><outline text='Sub/way'>{line('https://c.example/f', 'C')}</outline></outline>",
        f"<outline text='Other'>{line('https://c.example/f', 'C again', category='z')}</outline>",
    )
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    one, two = Desk(tmp_path / "one", ""), Desk(tmp_path / "two", "")
    (one.folder / "given.opml").write_bytes(opml(*lines))
    assert len(one.json("import", "given.opml")["added"]) == 3
    one.run("export", "../out.opml")
    assert len(two.json("import", "../out.opml")["added"]) == 3
    assert kept(one) == kept(two)
    assert ("https://c.example/f", "C", "", "F & G", "Sub/way", "|", "z", "Other") in kept(one)
    assert len(two.json("import", "../out.opml")["unchanged"]) == 3
    assert len(one.json("import", "../out.opml")["unchanged"]) == 3


def test_a_live_blogroll_is_told_of_followed_and_survives_its_server(server: FeedServer, tmp_path: Path) -> None:
    desk = Desk(tmp_path, LOCAL)
    desk.add(f'[[sources]]\nkind = "curated"\nopml = "{server.url("/roll.opml")}"\n')
    ada, bob, new = (server.url(f"/{name}.xml") for name in ("ada", "bob", "new"))
    server.routes |= {f"/{name}.xml": body(rss(item(1), title=name).encode()) for name in ("ada", "bob", "new")}
    server.routes["/roll.opml"] = body(opml(line(ada, "Ada"), line(bob, "Bob")))
    first = desk.json("run")
    [roll] = first["blogrolls"]
    assert roll == {
        "origin": server.url("/roll.opml"), "feeds": 2, "first": True, "added": [], "gone": [], "renamed": [],
        "moved": [], "error": None,
    }  # fmt: skip
    server.routes["/roll.opml"] = body(opml(line(new, "Ada"), line(server.url("/eve.xml"), "Eve")))
    server.routes["/eve.xml"] = body(rss(item(2), title="eve").encode())
    [roll] = desk.json("run")["blogrolls"]
    assert roll["moved"] == [{"from": ada, "to": new}]
    assert (roll["added"], roll["gone"]) == ([server.url("/eve.xml")], [bob])
    server.routes["/roll.opml"] = body(opml(line(new, "Ada Okafor"), line(bob, "Bob")))
    told = desk.run("run").stdout
    assert f"Blogroll {server.url('/roll.opml')}: 1 added, 1 gone, 1 renamed; 2 feeds now.\n" in told
    assert "    renamed  Ada → Ada Okafor\n" in told
    server.routes["/roll.opml"] = status(503)
    held = desk.json("run", expect=1)
    assert "its last good copy of 2 feeds is used; asked again in 15m" in held["errors"][0]
    assert "has trouble of its own, 503" in held["blogrolls"][0]["error"]
    assert {each["url"] for each in desk.json("sources", expect=1)} == {new, bob}


def test_without_a_network_the_last_copy_does_for_all_that_reads(tmp_path: Path) -> None:
    desk = Desk(tmp_path, LOCAL)
    with running() as server:
        desk.add(f'[[sources]]\nkind = "curated"\nopml = "{server.url("/roll.opml")}"\n')
        server.routes["/roll.opml"] = body(opml(line(server.url("/ada.xml"), "Ada", category="x")))
        server.routes["/ada.xml"] = body(rss(item(1)).encode())
        desk.run("run")
    assert [each["title"] for each in desk.json("sources")] == ["Ada"]
    assert 'category="x"' in desk.run("export").stdout
    assert desk.run("export", "-").stdout == desk.run("export").stdout
    assert desk.json("why", "https://ada.example/pruning/1")["article"]["sources"]
    assert "roll.opml" not in str(desk.json("plan", expect=None)["errors"])


def test_export_says_what_stays_behind(tmp_path: Path) -> None:
    desk = Desk(tmp_path, '[[sources]]\nkind = "curated"\nfeed = "https://a.example/f"\n')
    assert desk.run("export").stderr == ""
    desk.add('weight = 2.0\nexclude = ["ads"]\n')
    assert desk.run("export").stderr.startswith("weights, include, exclude and comment_first stay in the settings")


def test_whom_i_recommend_is_exported_by_itself_and_imports_again(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    one, two = Desk(tmp_path / "one", ""), Desk(tmp_path / "two", "")
    lines = (
        line("https://a.example/f", "A & more", htmlUrl="https://a.example/", category="secret,Recommended"),
        line("https://b.example/f", "山田", htmlUrl="https://b.example/"),
        line("https://c.example/f", "C", htmlUrl="https://c.example/", category="recommended,private"),
        line("https://d.example/f", "D", htmlUrl="https://d.example/"),
    )
    (one.folder / "given.opml").write_bytes(opml(*(each.replace("& more", "&amp; more") for each in lines)))
    one.run("import", "given.opml")
    one.run("ledger", "give", "recommend", "b.example")
    one.run("ledger", "give", "recommend", "eve.example")
    done = one.run("export", "--recommended", "../out.opml")
    assert "no feed of eve.example is among your sources" in done.stderr
    assert "2 feeds written" in done.stderr
    assert "secret" not in (tmp_path / "out.opml").read_text("utf-8")
    assert len(two.json("import", "../out.opml")["added"]) == 2
    told = [(each["url"], each["title"], each["site"], each["tags"]) for each in two.json("sources")]
    assert told == [
        ("https://a.example/f", "A & more", "https://a.example/", ["recommended"]),
        ("https://b.example/f", "山田", "https://b.example/", ["recommended"]),
    ]
    two.run("export", "--recommended", "../again.opml")
    assert (tmp_path / "again.opml").read_bytes() == (tmp_path / "out.opml").read_bytes()
