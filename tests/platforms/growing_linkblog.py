"""A linkblog of any size to test with, its entries five hours apart."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from platforms.base import Card, Draft, Login, PostRef
from platforms.linkblog import Linkblog

ADDRESS = "https://ada.example/links/"
START = datetime(2026, 1, 5, 8, tzinfo=UTC)


def linkblog(folder: Path, **options: str) -> Linkblog:
    given = {"folder": str(folder), "title": "Ada’s links", "author": "Ada", "url": ADDRESS, **options}
    return Linkblog(Login("links", given))


def article(number: int) -> Draft:
    url = f"https://ben.example/{number}"
    card = Card(url, f"Number {number}.", f"About {number}", site="Ben writes", site_url="https://ben.example/")
    return Draft(f"Number {number}.\nWell said.", url, card, "en")


def share(blog: Linkblog, number: int, *, at: datetime | None = None) -> PostRef:
    return blog.publish(blog.prepare(article(number), f"k{number}", at or START + timedelta(hours=5 * number)))


def grow(folder: Path, count: int, **options: str) -> Linkblog:
    """A linkblog with so many entries, of which only the last is published one by one."""
    blog = linkblog(folder, **options)
    if count > 1:
        made = (blog.prepare(article(number), f"k{number}", START) for number in range(count - 1))
        links = [
            {"key": request.key, "at": f"{START + timedelta(hours=5 * number):%Y-%m-%dT%H:%M:%SZ}", **request.payload}
            for number, request in enumerate(made)
        ]
        folder.mkdir(parents=True, exist_ok=True)
        # As an earlier version wrote it: without pages and authors.
        old = [{key: link[key] for key in link if key != "author"} for link in reversed(links)]
        book = {"version": 1, "id": "urn:uuid:11111111-2222-4333-8444-555555555555", "links": old}
        (folder / "links.json").write_text(json.dumps(book), "utf-8")
    share(blog, count - 1)
    return blog


def read(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
