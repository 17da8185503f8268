"""The linkblog as it grows: pages that stay where they are, feeds that lead through all of it, few files written."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin

import pytest
from feed_rules import ATOM, broken_in_atom, broken_in_json_feed
from hypothesis import given
from hypothesis import strategies as st

from platforms.base import PostRef
from platforms.linkblog_book import PAGE, Book, Link
from syndicator.sources.parse import parse

from .growing_linkblog import ADDRESS, START, article, grow, linkblog, read, share


def changed(folder: Path, do: Callable[[], object]) -> set[str]:
    """The files that were written anew, added or removed."""
    before = {path: path.stat().st_ino for path in folder.rglob("*") if path.is_file()}
    do()
    after = {path: path.stat().st_ino for path in folder.rglob("*") if path.is_file()}
    return {path.relative_to(folder).as_posix() for path in before | after if before.get(path) != after.get(path)}


def hrefs(html: bytes) -> list[str]:
    return [part.split('"')[0] for part in html.decode().split('href="')[1:]]


@pytest.mark.parametrize("count", [0, 1, PAGE, PAGE + 1, 3 * PAGE, 1_000])
def test_every_link_within_leads_somewhere(tmp_path: Path, count: int) -> None:
    if count:
        grow(tmp_path, count)
    else:
        linkblog(tmp_path).delete(PostRef("none", ""))
    files = read(tmp_path)
    broken = []
    for name, content in files.items():
        if not name.endswith(".html"):
            continue
        for href in hrefs(content):
            where, _, anchor = urljoin(ADDRESS + name, href).partition("#")
            target = where.removeprefix(ADDRESS) or "index.html"
            if where.startswith(ADDRESS) and (target not in files or f'id="{anchor}"'.encode() not in files[target]):
                broken += [(name, href)] if anchor or target not in files else []
    assert broken == []
    assert len([name for name in files if name.startswith("archive/") and name.endswith(".html")]) == (
        0 if not count else 1 if count <= PAGE else -(-count // PAGE) + 1
    )


def test_walking_to_older_pages_shows_every_entry(tmp_path: Path) -> None:
    grow(tmp_path, 4 * PAGE + 7)
    files, name, seen = read(tmp_path), "index.html", list[str]()
    while name:
        page = files[name].decode()
        seen += [part.partition("<")[0] for part in page.split('class="u-bookmark-of" href="')[1:]]
        older = page.partition('<link rel="next" href="')[2].partition('"')[0].partition("#")[0]
        name = urljoin(name, older) if older else ""
    assert len(set(seen)) == 4 * PAGE + 7
    assert seen[:PAGE] == sorted(seen[:PAGE], key=lambda each: int(each.split("/")[3].split('"')[0]), reverse=True)


@pytest.mark.parametrize("url", [ADDRESS, ""])
def test_the_feeds_lead_through_everything_once(tmp_path: Path, url: str) -> None:
    grow(tmp_path, 4 * PAGE + 7, url=url)
    files, name, found = read(tmp_path), "feed.xml", dict[str, str]()
    while name:
        assert broken_in_atom(files[name]) == []
        feed = ET.fromstring(files[name])
        found |= {entry.findtext(f"{ATOM}id", ""): name for entry in feed.iter(f"{ATOM}entry")}
        before = [link.get("href", "") for link in feed.iter(f"{ATOM}link") if link.get("rel") == "prev-archive"]
        name = urljoin(ADDRESS + name, before[0]).removeprefix(ADDRESS) if before else ""
    assert len(found) == 4 * PAGE + 7


def test_the_json_feeds_lead_through_everything(tmp_path: Path) -> None:
    grow(tmp_path, 4 * PAGE + 7)
    files, name, ids = read(tmp_path), "feed.json", set[str]()
    while name:
        assert broken_in_json_feed(files[name]) == []
        feed = json.loads(files[name])
        assert feed["feed_url"] == ADDRESS + name
        ids |= {item["id"] for item in feed["items"]}
        name = feed.get("next_url", "").removeprefix(ADDRESS)
    assert len(ids) == 4 * PAGE + 7


def test_the_feeds_have_the_newest_and_are_no_longer(tmp_path: Path) -> None:
    grow(tmp_path, 3 * PAGE + 20)
    items = json.loads((tmp_path / "feed.json").read_text("utf-8"))["items"]
    assert [item["title"] for item in items] == [f"Number {n}." for n in range(3 * PAGE + 19, 2 * PAGE + 19, -1)]


@pytest.mark.parametrize("name", ["feed.xml", "feed.json", "archive/1.xml", "archive/2.json"])
def test_our_own_reader_understands_every_item(tmp_path: Path, name: str) -> None:
    grow(tmp_path, 3 * PAGE)
    feed = parse((tmp_path / name).read_bytes(), url=ADDRESS + name, now=START + timedelta(days=365))
    first = {"feed.xml": 2 * PAGE, "feed.json": 2 * PAGE, "archive/1.xml": 0, "archive/2.json": PAGE}[name]
    assert feed.problem == ""
    assert (feed.title, feed.language) == ("Ada’s links", "en")
    assert len(feed.items) == PAGE
    for item, number in zip(feed.items, range(first + PAGE - 1, first - 1, -1), strict=True):
        assert item.title == f"Number {number}."
        assert item.published == START + timedelta(hours=5 * number)
        assert item.author == "Ada"
        assert f"https://ben.example/{number}" in {item.url, *item.links} or "/archive/" in item.url
        assert "Well said." in item.summary or "About" in item.summary


def test_a_new_entry_writes_few_files_however_many_there_are(tmp_path: Path) -> None:
    blog = grow(tmp_path, 20 * PAGE + 3)
    written = changed(tmp_path, lambda: share(blog, 20 * PAGE + 3))
    assert written == {
        "links.json",
        ".made.json",
        "index.html",
        "feed.xml",
        "feed.json",
        "archive/21.html",
        "archive/index.html",
    }


def test_a_full_page_gets_feeds_and_is_then_left_alone(tmp_path: Path) -> None:
    blog = grow(tmp_path, 2 * PAGE)
    assert not (tmp_path / "archive" / "2.xml").exists()
    share(blog, 2 * PAGE)
    full = {name: content for name, content in read(tmp_path).items() if name.startswith(("archive/1.", "archive/2."))}
    assert {f"archive/{n}.{ending}" for n in (1, 2) for ending in ("html", "xml", "json")} == set(full)
    for number in range(2 * PAGE + 1, 2 * PAGE + 6):
        share(blog, number)
    assert {name: content for name, content in read(tmp_path).items() if name in full} == full


def test_an_address_is_for_ever(tmp_path: Path) -> None:
    blog = grow(tmp_path, 2 * PAGE - 1)
    refs = [share(blog, number) for number in range(2 * PAGE - 1, 2 * PAGE + 3)]
    blog.delete(PostRef(json.loads((tmp_path / "links.json").read_text("utf-8"))["links"][-1]["key"], ""))
    first = blog.find(blog.prepare(article(0), "k0", START))
    assert first is not None
    blog.delete(first)
    for number, ref in enumerate(refs, 2 * PAGE - 1):
        assert blog.find(blog.prepare(article(number), f"k{number}", START)) == ref
        page, _, anchor = ref.url.removeprefix(ADDRESS).partition("#")
        assert f'id="{anchor}"' in (tmp_path / page).read_text("utf-8")
        assert anchor == ref.id


def test_deleting_an_old_entry_touches_its_page_alone(tmp_path: Path) -> None:
    blog = grow(tmp_path, 6 * PAGE)
    ref = blog.find(blog.prepare(article(PAGE + 3), f"k{PAGE + 3}", START))
    assert ref is not None
    written = changed(tmp_path, lambda: blog.delete(ref))
    pages = {"archive/2.html", "archive/2.xml", "archive/2.json", "archive/index.html"}
    assert written == {"links.json", ".made.json", *pages}
    assert all(b"Number 53." not in content for name, content in read(tmp_path).items() if not name.startswith("."))


def test_a_page_that_loses_its_last_entry_goes(tmp_path: Path) -> None:
    blog = grow(tmp_path, PAGE + 1)
    (tmp_path / "archive" / "mine.html").write_text("the owner's own")
    ref = blog.find(blog.prepare(article(PAGE), f"k{PAGE}", START))
    assert ref is not None
    blog.delete(ref)
    assert {name for name in read(tmp_path) if name.startswith("archive/")} == {"archive/1.html", "archive/mine.html"}
    assert "prev-archive" not in (tmp_path / "feed.xml").read_text("utf-8")


def test_what_comes_late_is_in_the_feeds_all_the_same(tmp_path: Path) -> None:
    blog = grow(tmp_path, PAGE + 5)
    share(blog, 9_999, at=START - timedelta(days=3))
    for document in ("feed.xml", "archive/2.html"):
        assert "Number 9999." in (tmp_path / document).read_text("utf-8")
    assert "Number 9999." not in (tmp_path / "archive" / "1.html").read_text("utf-8")


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"index.html": 1}', '{"../../precious": "x", "links.json": "x"}'])
def test_without_its_memory_of_what_was_made_all_is_made_and_nothing_else_touched(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "a" / "public"
    (tmp_path / "precious").write_text("x")
    blog = grow(folder, 2 * PAGE)
    before = read(folder)
    (folder / "index.html").write_text("old")
    (folder / ".made.json").write_text(damage)
    assert blog.find(blog.prepare(article(3), "k3", START))
    assert read(folder) == before
    assert (tmp_path / "precious").exists()


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3)), max_size=300),
    st.integers(1, 4),
)
def test_an_entry_never_changes_its_page(times: list[tuple[int, int]], batches: int) -> None:
    links = [
        Link(f"k{n}", START + timedelta(hours=hour), "t", "", "", "", "", "", "", page=page)
        for n, (hour, page) in enumerate(times)
    ]
    book = Book(1, "urn:x", [])
    for batch in range(batches):
        before = {link.key: link.page for link in book.links}
        book.links += links[batch::batches]
        given = {link.key: link.page for link in book.links if link.page}
        book.arrange()
        after = {link.key: link.page for link in book.links}
        assert before.items() <= given.items() <= after.items()
        assert all(after.values())
        assert [(link.at, link.key) for link in book.links] == sorted(((x.at, x.key) for x in book.links), reverse=True)
        assert sum(map(len, book.pages().values())) == len(book.links)
    fresh = Book(1, "urn:x", [Link(f"k{n}", START, *[""] * 7) for n in range(len(times))])
    fresh.arrange()
    assert all(len(page) == PAGE for page in list(fresh.pages().values())[:-1])
