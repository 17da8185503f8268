"""Acts from a file: each line is an act or a problem with its number, and reading it again changes nothing."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entry import Direction, Identity, Kind
from ledger.people import People
from syndicator.acts_file import COLUMNS, Acts, Format, read
from syndicator.cli.app import read_moment

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
HEAD = ",".join(COLUMNS)


def acts(text: str, written: Format = "csv", now: datetime = NOW) -> Acts:
    return read(
        text, written, lambda who: People(()).find(who).identities[0], lambda said: read_moment(said, now, ZONE), now
    )


def problem(text: str, written: Format = "csv") -> tuple[int, str]:
    [found] = acts(text, written).problems
    return found.line, found.message


def test_a_table_has_one_act_on_a_row() -> None:
    found = acts(
        f"\ufeff{HEAD}\r\n"
        "link,ada.example,https://ada.example/1,https://me.example/a,2026-10-03,,\r\n"
        "\r\n"
        'boost,@grace@example.social,,https://me.example/b,2026-10-05T09:30,"on, the\ntrain",given\r\n'
    )
    link, boost = found.entries
    assert found.problems == ()
    assert (link.kind, link.direction, link.identity) == (
        Kind.LINK,
        Direction.RECEIVED,
        Identity("web", "ada.example"),
    )
    assert (link.url, link.my_url, link.channel) == ("https://ada.example/1", "https://me.example/a", "import")
    assert link.at == datetime(2026, 10, 2, 23, tzinfo=UTC), "midnight where its owner lives"
    assert (boost.direction, boost.note) == (Direction.GIVEN, "on, the train")
    assert boost.at == datetime(2026, 10, 5, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_come_in_any_order_case_and_separator(separator: str) -> None:
    rows = [("My URL", "WHO", "extra", "Kind"), ("https://me.example/a", "x:ada", "5", "LIKE")]
    [entry] = acts("\n".join(separator.join(row) for row in rows)).entries
    assert (str(entry.identity), entry.kind, entry.my_url) == ("x:ada", Kind.LIKE, "https://me.example/a")


def test_json_lines_have_one_act_on_a_line() -> None:
    rows = [
        {"Kind": "quote", "who": "ada.bsky.social", "at": "2026-10-01T00:00:00Z", "note": None, "likes": 5},
        {"kind": "share", "who": "ada.example", "url": "https://ada.example/1", "direction": "given"},
    ]
    quote, share = acts("\n\n".join(map(json.dumps, rows)), "jsonl").entries
    assert (quote.kind, str(quote.identity), quote.at) == (
        Kind.QUOTE,
        "bluesky:ada.bsky.social",
        datetime(2026, 10, 1, tzinfo=UTC),
    )
    assert (share.direction, share.url, share.at) == (Direction.GIVEN, "https://ada.example/1", None)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("repost,x:ada,,,2026-10-01,,", "'repost' is no kind of favour; kinds: link, recommend"),
        ("like,,,,2026-10-01,,", "says not who did it"),
        ("like,somebody else,,,2026-10-01,,", "nobody is known as 'somebody else': "),
        ("like,x:ada,,,,,", "can't be told from another; write `at`, `url` or `my_url`"),
        ("like,x:ada,,,soon,,", "'soon' is no time"),
        ("like,x:ada,,,09:30,,", "'09:30' has no date; write for example 2026-11-03"),
        ("like,x:ada,,,2026-11-03,,", "2026-11-03 has not come yet"),
        ("like,x:ada,javascript:alert(1),,,,", "under `url` is no web address; write it in full"),
        ("like,x:ada,,me.example/a,,,", "under `my_url` is no web address"),
        ("like,x:ada,,,2026-10-01,,sideways", "'sideways' is no direction; write received"),
        ('like,"' + "x" * 140_000 + '"', "is no CSV"),
    ],
)
def test_a_row_that_can_t_be_read_is_told_and_the_others_are_read(row: str, said: str) -> None:
    good = "like,x:ada,,,2026-10-01,,"
    found = acts(f"{HEAD}\n{good}\n{row}\n{good}")
    assert len(found.entries) == 2
    [told] = found.problems
    assert told.line == 3
    assert said in told.message


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "is no JSON; write one object on each line"),
        ("[" * 100_000, "is no JSON"),
        ("[1]", "is no object; write for example"),
        ('{"kind": "like", "who": 5}', "has a who that is no text; put it in quotes"),
    ],
)
def test_a_json_line_that_can_t_be_read_is_told_too(line: str, said: str) -> None:
    number, message = problem(f"\n{line}\n", "jsonl")
    assert number == 2
    assert said in message


def test_a_table_without_its_header_is_told_how_to_begin() -> None:
    assert problem("like,x:ada\nlike,x:bea") == (1, f"names no column kind and who; begin with: {HEAD}")
    assert acts("") == acts("\n\n") == Acts(())


_CELLS = st.sampled_from(
    ["", "like", "link", "ada.example", "x:ada", "https://a.example/", "2026-10-01", "given", '"', "a\x00b", "é"]
)


@given(st.lists(st.lists(_CELLS, min_size=7, max_size=7), max_size=6), st.sampled_from(["csv", "jsonl"]))
def test_reading_again_later_gives_the_same_entries(rows: list[list[str]], written: Any) -> None:
    if written == "csv":
        text = "\n".join([HEAD, *(",".join(row) for row in rows)])
    else:
        text = "\n".join(json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows)
    once, again = acts(text, written), acts(text, written, datetime(2026, 12, 24, tzinfo=UTC))
    assert [entry.key for entry in once.entries] == [entry.key for entry in again.entries]
    assert once.problems == again.problems
