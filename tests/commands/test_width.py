"""What `why` and `preview` print fits the terminal, and takes what it has."""

from pathlib import Path

import pytest
from counterparts.desk import Desk, item, rss

from syndicator.cli.fitted import cells

LONG = "On the patience of orchards, and of the people who prune them in the cold, with notes on wood and rot"
CJK = "冬の剪定が教えてくれるコードの消し方と、果樹園の忍耐についての長い長い長い長い長い長い長い覚え書き"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.add("[fetch]\ncheck_links = false\n")
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    desk.feed(rss(item(1, title=LONG), item(2, title=CJK), title=LONG))
    desk.run("run")
    return desk


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_lines_fit_and_nothing_is_left_out(columns: int, desk: Desk) -> None:
    desk.environment["COLUMNS"] = str(columns)
    why = desk.run("why", "https://ada.example/pruning/1").stdout
    preview = desk.run("preview", "./ada.xml").stdout
    for text in (why, preview):
        wide = [line for line in text.splitlines() if cells(line) > columns and "://" not in line]
        assert wide == []
        assert LONG in " ".join(text.split())
    assert CJK in "".join(preview.split())


def test_a_wide_terminal_needs_fewer_lines(desk: Desk) -> None:
    commands = (("why", "https://ada.example/pruning/1"), ("preview", "./ada.xml"))
    counts = []
    for columns in (60, 160):
        desk.environment["COLUMNS"] = str(columns)
        counts.append([len(desk.run(*words).stdout.splitlines()) for words in commands])
    narrow, wide = counts
    assert all(few < many for few, many in zip(wide, narrow, strict=True))
