"""`ledger owe` read by eye: names in any script, long handles and titles, in 80 columns and in more."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counterparts.desk import Desk

from ledger.book import Book
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.people import Person
from ledger.store.tiny import TinyStore
from ledger.suggest import Offer
from syndicator.cli.fitted import cells, fitted, listed

NOW = datetime.now(UTC)
NAMES = (
    "山田太郎と花子のとても長い名前のブログ",
    "محمد بن موسى الخوارزمي",
    "Ада Лавлейс",
    "🦊" * 20,
    "e\u0301" * 30,
    "Ada",
)
TITLE = "What a winter pruning teaches about deleting code, about patience, and about neighbours"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.add("\n[ledger]\nsuggestions_per_day = 20\n")
    store = TinyStore(desk.folder / "data" / "ledger.jsonl")
    book = Book(store)
    for number, name in enumerate(NAMES):
        site = Identity("web", f"p{number}.example")
        far = (
            Identity("mastodon", f"p{number}@a-long-name.example.social"),
            Identity("bluesky", f"p{number}.bsky.social"),
        )
        book.save_people(Person(f"p{number}", name, (site, *(far if name != "Ada" else ()))))
        page, mine = f"https://p{number}.example/1", "https://robin.example/1"
        kinds = (Kind.LINK, Kind.RECOMMEND, Kind.COMMENT, Kind.BOOKMARK, Kind.QUOTE)
        book.append(
            Entry(Direction.RECEIVED, kind, site, NOW, NOW - timedelta(days=3), f"{page}#{kind}", mine)
            for kind in kinds
        )
        book.set_offers({site: [Offer(site, f"https://p{number}.example/2", TITLE, NOW)]})
    store.close()
    return desk


def read(desk: Desk, columns: int) -> list[str]:
    desk.environment["COLUMNS"] = str(columns)
    return desk.run("ledger", "owe").stdout.splitlines()


def test_every_line_fits_and_nothing_is_lost(desk: Desk) -> None:
    narrow = read(desk, 80)
    assert max(cells(line) for line in narrow) <= 80
    wide = read(desk, 160)
    assert max(cells(line) for line in wide) > 80
    assert " ".join(" ".join(wide).split()).count(TITLE) == len(NAMES)
    assert " ".join(" ".join(narrow).split()).count(TITLE) == len(NAMES)
    for name in NAMES:
        assert any(name in line for line in narrow), name
        assert any(name in line for line in wide), name


def test_one_line_says_who_where_there_is_room_and_the_name_leads_where_not(desk: Desk) -> None:
    found = read(desk, 80)
    at = next(number for number, line in enumerate(found) if "محمد" in line)
    assert found[at].endswith("محمد بن موسى الخوارزمي")
    assert found[at + 1 : at + 3] == [
        "     p1.example, @p1@a-long-name.example.social, p1.bsky.social on Bluesky",
        "     30.1 open",
    ]
    [ada] = [line for line in found if "Ada" in line]
    assert ada.endswith("Ada (p5.example)  30.1 open")


def test_a_word_that_is_too_long_stays_whole() -> None:
    address = "https://ada.example/" + "a" * 80
    assert list(fitted(f"     see {address} there", 40, "     ")) == ["     see", f"     {address}", "     there"]
    assert list(listed([address, "b"], 40, "  ")) == [f"  {address},", "  b"]
    assert (cells("日本"), cells("e\u0301"), cells("abc"), cells("\u200bа")) == (4, 1, 3, 1)
