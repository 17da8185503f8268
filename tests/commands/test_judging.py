"""`judge` and `why` as their owner runs them: everything that was read, the best first, each with its reasons."""

import json
from pathlib import Path
from typing import Any

import pytest
from counterparts.desk import Desk, item, rss

BEST, SHORT, OLD, PAID = (f"https://ada.example/{name}" for name in ("best", "short", "old", "paid"))
UNKNOWN = "https://ada.example/unknown"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A feed with one article of each sort, read by one run that had no account to post to."""
    desk = Desk(tmp_path)
    desk.feed(
        rss(
            item(1, link=SHORT, title="A short word", body="In short."),
            item(2, link=BEST, title="Pruning, at length"),
            item(3, link=OLD, title="Last year", days=300),
            item(4, link=PAID, title="Sponsored: better shears"),
        )
    )
    desk.run("run")
    return desk


def judged(desk: Desk, *options: str) -> list[dict[str, Any]]:
    document = json.loads(desk.run("judge", "--json", *options).stdout)
    found: list[dict[str, Any]] = document["articles"]
    return found


def test_everything_that_was_read_is_ranked_with_its_parts(desk: Desk) -> None:
    found = judged(desk)
    assert [each["url"] for each in found] == [BEST, SHORT, PAID]
    best = found[0]
    assert sum(best["parts"].values()) == pytest.approx(best["score"], abs=1e-9)
    assert [line.split(":")[0] for line in best["evidence"]] == list(best["parts"])
    assert (best["site"], best["rejected"], best["kind"]) == ("ada.example", None, "curated")
    assert best["source"].endswith("/ada.xml")
    assert found[2]["rejected"].startswith("sponsored: ")
    assert [each["url"] for each in judged(desk)] == [each["url"] for each in found]


def test_the_list_fits_a_terminal_and_counts_what_was_turned_down(desk: Desk) -> None:
    shown = desk.run("judge").stdout
    assert max(map(len, shown.splitlines())) <= 80
    assert shown.splitlines()[0].split(None, 1)[1].startswith("Pruning, at length")
    assert "2 of 3 may be shared." in shown
    assert "   1  sponsored" in shown
    assert "Sponsored: better shears" not in shown
    everything = desk.run("judge", "--all").stdout
    assert "Sponsored: better shears" in everything
    assert "      sponsored: its title (Sponsored:) says so" in everything


def test_an_account_judges_by_its_own_standards(desk: Desk) -> None:
    desk.add('[accounts.strict]\nplatform = "memory"\nfile = "strict.jsonl"\nmin_score = 0.99\n')
    assert all(each["rejected"] for each in judged(desk, "--account", "strict"))
    assert "accounts: strict" in desk.run("judge", "--account", "nobody", expect=2).stderr


def test_what_every_account_has_is_done_with(desk: Desk) -> None:
    desk.add('[accounts.pond]\nplatform = "memory"\nfile = "pond.jsonl"\n')
    desk.run("share", BEST)
    assert {each["url"]: each["rejected"] for each in judged(desk)}[BEST] == "already shared: on pond"


def test_nothing_read_is_nothing_to_judge(tmp_path: Path) -> None:
    assert "has a run read feeds yet?" in Desk(tmp_path).run("judge").stdout


def test_why_is_a_table_that_sums_to_the_score(desk: Desk) -> None:
    shown = desk.run("why", f"{BEST}/?utm_source=me").stdout
    assert max(map(len, shown.splitlines())) <= 100
    rows = [line.split() for line in shown.splitlines() if " of 0." in line]
    total = next(line.split()[1] for line in shown.splitlines() if line.startswith("  score "))
    assert sum(float(row[1]) for row in rows) == pytest.approx(float(total), abs=0.05)
    assert [row[0] for row in rows] == list(json.loads(desk.run("why", BEST, "--json").stdout)["judgement"]["parts"])
    assert "  substance " in shown
    assert "96 words" in shown


def test_why_tells_of_what_was_never_planned_and_of_what_nobody_knows(desk: Desk) -> None:
    assert "Not shared by itself: too old: 300d, and max_age is 10d" in desk.run("why", OLD).stdout
    assert "Not shared by itself: sponsored: " in desk.run("why", PAID).stdout
    assert "no source told of this article yet" in desk.run("why", UNKNOWN, expect=1).stderr


def test_why_tells_what_the_plan_does_and_what_chose_a_post(desk: Desk) -> None:
    pacing = 'author_gap = "3d"\n'
    desk.add(f'[accounts.pond]\nplatform = "memory"\nfile = "pond.jsonl"\n{pacing}')
    plan = desk.json("plan")
    [planned] = plan["planned"]
    assert planned["article"] == BEST
    document = json.loads(desk.run("why", BEST, "--json").stdout)
    [ahead] = document["plan"]
    assert (ahead["account"], ahead["when"] >= planned["when"]) == ("pond", True)
    assert "\npond: planned for " in desk.run("why", BEST).stdout
    passed = json.loads(desk.run("why", SHORT, "--json").stdout)["plan"]
    [reason] = [each["reason"] for each in plan["skipped"] if each["article"] == SHORT]
    assert passed == [{"account": "pond", "when": None, "reason": reason}]
    assert f"pond: passed over: {reason}" in desk.run("why", SHORT).stdout
    desk.settings.write_text(desk.settings.read_text().replace(pacing, ""))
    desk.run("run")
    document = json.loads(desk.run("why", BEST, "--json").stdout)
    assert document["plan"] == []
    [post] = document["posts"]
    assert f"chosen with score {post['score']:.2f}: {post['why'][0]}" in " ".join(desk.run("why", BEST).stdout.split())


def test_a_plan_names_the_runner_up_of_a_pick(desk: Desk) -> None:
    desk.add('[accounts.pond]\nplatform = "memory"\nfile = "pond.jsonl"\n')
    planned = desk.json("plan")["planned"]
    assert planned[0]["article"] == BEST
    assert planned[0]["why"][0].startswith("ahead of “A short word” (")
    assert " by substance +" in planned[0]["why"][0]
    assert planned[1]["why"][0] == "the only one of its kind that may go out then"
