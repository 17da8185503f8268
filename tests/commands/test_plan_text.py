"""What `plan` and the end of `run` look like: exact, within the width, in any script, grouped by reason."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from counterparts.desk import Desk, item, rss
from hypothesis import given
from hypothesis import strategies as st

from syndicator.cli import agenda
from syndicator.cli.fitted import cells, exact

POND = '[accounts.pond]\nplatform = "memory"\nfile = "pond.jsonl"\n'
JAPANESE = "余白のある日々について、そしてページの余白に親指を置く場所のこと。" * 3


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.environment["COLUMNS"] = "80"
    desk.add(POND)
    return desk


def sample(folder: Path) -> Desk:
    desk = Desk(folder)
    desk.environment["COLUMNS"] = "80"
    desk.run("init", str(folder / "world"), "--sample")
    desk.environment["SYNDICATOR_CONFIG"] = str(folder / "world" / "syndicator.toml")
    return desk


def test_a_plan_of_the_sample_fits_eighty_columns_and_says_all_there_is(tmp_path: Path) -> None:
    desk = sample(tmp_path)
    lines = desk.run("plan").stdout.splitlines()
    assert [line for line in lines if cells(line) > 80 and "://" not in line] == []
    assert re.fullmatch(r"8 posts, \d+ articles passed over\. Times are those of Europe/London\.", lines[0])
    assert any(re.search(r"  pond \(memory\)  79/500 characters$", line) for line in lines)
    assert any(re.search(r"  links \(linkblog\)  38 characters, no limit$", line) for line in lines)
    at = lines.index("    card: A queue is a promise with a date on it")
    assert lines[at + 1] == "          https://ada.example/notes/queue-promise/"
    assert lines[at + 2].startswith("          Everything my little publishing script")
    assert "     8  it was there when its source was first read (baseline)" in lines
    assert "     7  its author was shared within 3d (author_gap)" in lines
    assert not any("mix:" in line for line in lines)
    whole = desk.run("plan", "--all").stdout
    assert "mix: curated has" in whole
    assert "more (--all" not in whole
    assert desk.run("plan", "--verbose").stdout == whole


def test_a_reason_is_told_once_and_names_the_accounts_that_had_it() -> None:
    def skipped(account: str, article: str, reason: str) -> dict[str, object]:
        return {"account": account, "article": f"https://{article}", "note": None, "reason": reason}

    document = {
        "planned": [],
        "remarks": [],
        "skipped": [
            skipped("a", "ada.example/1", "ada.example was shared within 3d (author_gap)"),
            skipped("b", "ada.example/1", "ada.example was shared within 3d (author_gap)"),
            skipped("a", "bo.example/1", "bo.example was shared within 3d (author_gap)"),
            skipped("a", "cy.example/1", "too old: 12d, and max_age is 10d"),
            skipped("b", "cy.example/1", "too old: 12d1h, and max_age is 10d"),
        ],
    }
    assert list(agenda.lines(document, ZoneInfo("UTC"), everything=False, width=80)) == [
        "Nothing to post. 3 articles passed over.",
        "",
        "Passed over:",
        "     2  its author was shared within 3d (author_gap)",
        "          https://ada.example/1",
        "          https://bo.example/1  (a)",
        "     1  too old (max_age)",
        "          https://cy.example/1",
    ]


def test_a_post_in_a_script_without_spaces_is_shown_whole_and_within_the_width(desk: Desk) -> None:
    desk.feed(rss(item(1, title=JAPANESE)))
    lines = desk.run("plan").stdout.splitlines()
    text = [line[6:] for line in lines if line.startswith(("    │ ", "    ┊ "))]
    assert "".join(text[:-1]) == JAPANESE
    assert max(map(cells, lines)) <= 80


words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200)


@given(words, st.integers(20, 100))
def test_an_exact_line_loses_nothing_but_the_space_it_is_broken_at(text: str, width: int) -> None:
    lines = list(exact(text, width, "│ ", "┊ "))
    assert "".join(line[2:] for line in lines).replace(" ", "") == text.replace(" ", "") or not text.isascii()
    assert all(cells(line.rstrip()) <= width for line in lines) or "://" in text


def test_a_run_ends_with_what_is_to_come(tmp_path: Path) -> None:
    desk = sample(tmp_path)
    text = desk.run("run").stdout
    assert "Owed: Teodor Brandt (letters.example); `ledger owe` says what to return.\n" in text
    assert text.splitlines()[-1].startswith("Next run: ")


def test_a_run_tells_what_waits(desk: Desk) -> None:
    desk.settings.write_text(desk.settings.read_text() + 'approve = "ask"\n')
    desk.feed(rss(item(1), item(2)))
    assert "Yours to approve: 2 posts; `syndicator queue` shows them.\n" in desk.run("run").stdout
    [first, _] = desk.json("queue")
    assert (first["length"], first["limit"]) == (len(first["text"]), 500)
    assert f"{first['length']}/500 characters" in desk.run("queue").stdout
    desk.run("queue", "approve", first["id"])
    desk.settings.write_text(desk.settings.read_text() + "per_day = 0\n")
    assert "Queued: 1 post, the next on pond from " in desk.run("run").stdout
