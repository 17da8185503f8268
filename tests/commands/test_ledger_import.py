"""`ledger import` as its owner runs it."""

from pathlib import Path

import pytest
from counterparts.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


TABLE = """kind,who,url,my_url,at,note,direction
link,ada.example,https://ada.example/1,https://robin.example/a,2026-10-03,,
upvote,x:joan,,,2026-10-06,,
share,ada.example,https://ada.example/2,,2026-10-06,,given
"""


def test_what_a_file_tells_is_booked_once_and_bad_lines_are_told(desk: Desk) -> None:
    (desk.folder / "acts.csv").write_text(TABLE)
    done = desk.run("ledger", "import", "acts.csv", expect=1)
    assert done.stdout.splitlines() == ["2 booked, 0 already there"]
    assert "acts.csv, line 3: 'upvote' is no kind of favour" in done.stderr
    again = desk.json("ledger", "import", "acts.csv", expect=1)
    assert (again["added"], again["unchanged"], [each["line"] for each in again["problems"]]) == (0, 2, [3])
    why = desk.run("ledger", "why", "ada.example").stdout
    assert ("link" in why, "share" in why) == (True, True)


def test_a_name_means_whom_the_ledger_knows_by_it(desk: Desk) -> None:
    desk.run("ledger", "add", "like", "@grace@example.social", "--my-url", "https://robin.example/a")
    (desk.folder / "acts.jsonl").write_text('{"kind": "boost", "who": "Grace", "at": "2026-10-01"}\n')
    desk.run("ledger", "import", "acts.jsonl")
    assert "boost" in desk.run("ledger", "why", "@grace@example.social").stdout


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("acts.txt", b"", "acts are read from .csv or .jsonl"),
        ("acts.csv", b"kind,who\nlike,\xff", "is not in UTF-8; save it as that"),
        ("acts.csv", None, "can't be read: No such file or directory; check the path"),
    ],
)
def test_what_is_no_such_file_is_told(desk: Desk, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (desk.folder / name).write_bytes(content)
    assert said in " ".join(desk.run("ledger", "import", name, expect=2).stderr.split())


def test_what_was_imported_is_reckoned_before_owe_is_asked(desk: Desk) -> None:
    acts = "".join(f"boost,person{number}.example,https://person{number}.example/1,,,,\n" for number in range(60))
    (desk.folder / "acts.csv").write_text(TABLE.splitlines(keepends=True)[0] + acts)
    desk.run("ledger", "import", "acts.csv")
    kept = desk.folder / "data" / "reckoned.cache"
    before = kept.read_bytes(), kept.stat().st_ino
    desk.run("ledger", "owe")
    assert (kept.read_bytes(), kept.stat().st_ino) == before
