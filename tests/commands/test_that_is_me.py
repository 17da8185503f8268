"""Whoever names themselves where somebody else is meant is told so, and nothing is booked."""

from pathlib import Path

import pytest
from counterparts.desk import Desk, account

from ledger.book import Book
from ledger.store.tiny import TinyStore


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.add(account("sky", "bluesky", {"handle": "robin.bay.example"}))
    desk.run("ledger", "add", "link", "ada.example")
    return desk


ME = ["robin.example", "https://www.robin.example/about", "@robin.bay.example", "@robin.example"]


@pytest.mark.parametrize("who", ME)
@pytest.mark.parametrize(
    "words", [("add", "link"), ("give", "thank"), ("forget", "--yes"), ("people", "merge", "ada.example")]
)
def test_no_command_takes_me_for_somebody_else(desk: Desk, words: tuple[str, ...], who: str) -> None:
    before = (desk.folder / "data" / "ledger.jsonl").read_bytes()
    assert "that is you" in desk.run("ledger", *words, who, expect=2).stderr
    assert (desk.folder / "data" / "ledger.jsonl").read_bytes() == before


def test_neither_does_a_file_of_acts(desk: Desk) -> None:
    (desk.folder / "acts.csv").write_text("kind,who,at\nlink,robin.example,2026-01-01\nlink,bob.example,2026-01-01\n")
    done = desk.run("ledger", "import", "acts.csv", expect=1)
    assert done.stdout == "1 booked, 0 already there\n"
    assert "line 2: robin.example: that is you" in done.stderr


def test_nor_the_ledger_of_somebody_for_whom_i_did_something(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    other = Desk(tmp_path / "theirs")
    other.settings.write_text(other.settings.read_text().replace("robin.example", "ada.example"))
    other.run("ledger", "add", "link", "robin.example")
    other.run("ledger", "add", "link", "bob.example")
    other.run("ledger", "people", "tag", "robin.example", "friend")
    other.run("ledger", "export", "theirs.jsonl")
    done = desk.json("ledger", "import", other.folder / "theirs.jsonl", expect=1)
    assert [each["message"] for each in done["problems"]] == [
        "left out: that is you, and the ledger is about others"
    ] * 2
    book = Book(TinyStore(desk.folder / "data" / "ledger.jsonl"))
    assert {entry.identity.handle for entry in book.entries()} == {"ada.example", "bob.example"}
