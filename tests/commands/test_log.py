"""The log as runs write it, `--verbose` as people read it, and what `doctor` and `forget` do about it."""

import json
import re
from pathlib import Path

import pytest
from counterparts.desk import Desk, item, rss

POND = '[accounts.pond]\nplatform = "memory"\nfile = "pond.jsonl"\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.add(POND)
    desk.feed(rss(item(1)))
    return desk


def log(desk: Desk) -> list[str]:
    return (desk.folder / "data" / "syndicator.log").read_text().splitlines()


def test_the_log_says_what_each_run_did(desk: Desk) -> None:
    [posted] = desk.json("run")["posted"]
    (desk.folder / "ada.xml").unlink()
    desk.run("run", expect=1)
    first, second = "\n".join(log(desk)).split("run: run began")[1:]
    assert f"sending: posted on pond: {posted['url']} (post {posted['id']}, https://ada.example/pruning/1)" in first
    assert "sources: 1 read, 0 unchanged, 0 failed" in first
    assert re.search(r"run: run ended after \d", first)
    assert re.search(r"WARNING \[\d+\] run: .*ada\.xml", second)


def test_an_exit_code_is_no_bug_to_the_log(desk: Desk) -> None:
    (desk.folder / "ada.xml").unlink()
    desk.run("run", expect=1)
    desk.run("ledger", "collect", expect=None)
    assert "run ended" in "\n".join(log(desk))
    assert not [line for line in log(desk) if "broke off" in line or "a bug" in line]


def test_the_log_can_be_elsewhere_or_nowhere(desk: Desk, tmp_path: Path) -> None:
    desk.add(f"[run]\nlog = {json.dumps(str(tmp_path / 'logs' / 'mine.log'))}\n")
    desk.run("run")
    assert "run ended" in (tmp_path / "logs" / "mine.log").read_text()
    desk.settings.write_text(desk.settings.read_text().replace(str(tmp_path / "logs" / "mine.log"), ""))
    desk.run("run")
    assert not (desk.folder / "data" / "syndicator.log").exists()
    assert (tmp_path / "logs" / "mine.log").read_text().count("run ended") == 1


def test_a_log_of_another_name_is_refused(desk: Desk) -> None:
    desk.add('[run]\nlog = "state.jsonl"\n')
    assert "log must end in .log" in desk.run("run", expect=2).stderr


def test_only_what_acts_is_logged(desk: Desk) -> None:
    for words in (("plan",), ("run", "--dry-run"), ("queue",), ("doctor", "--offline"), ("ledger", "owe")):
        desk.run(*words, expect=None)
    assert not (desk.folder / "data" / "syndicator.log").exists()
    desk.run("ledger", "collect")
    assert any("collecting ended" in line for line in log(desk))


def test_verbose_tells_each_step_on_stderr(desk: Desk) -> None:
    done = desk.run("run", "--verbose")
    assert re.search(r"^ +\d+\.\ds  intake: \S+ada\.xml: read, 1 items$", done.stderr, re.MULTILINE)
    assert re.search(r"^ +\d+\.\ds  publish: sending to pond", done.stderr, re.MULTILINE)
    assert "Posted on pond" in done.stdout
    assert not any("intake" in line for line in log(desk))


def test_doctor_names_the_log_and_finds_secrets_in_older_files(desk: Desk) -> None:
    desk.run("run")
    told = {each["text"]: each["level"] for each in desk.json("doctor", "--offline", expect=None)["findings"]}
    [text] = [text for text in told if "syndicator.log" in text]
    assert "says what each run did" in text
    desk.add('[accounts.sky]\nplatform = "bluesky"\nhandle = "robin.example"\n')
    desk.environment["SYNDICATOR_SKY_TOKEN"] = "abcd-efgh-ijkl-mnop"
    (desk.folder / "data" / "syndicator.2.log").write_text("token abcd-efgh-ijkl-mnop\n")
    told = desk.json("doctor", "--offline", expect=1)["findings"]
    assert any("syndicator.2.log" in each["text"] and each["level"] == "fault" for each in told)


def test_forgetting_somebody_takes_them_out_of_the_log(desk: Desk) -> None:
    desk.run("run")
    desk.run("ledger", "add", "link", "zoe.example", "--url", "https://zoe.example/1")
    path = desk.folder / "data" / "syndicator.log"
    path.write_text(path.read_text() + "2026-11-01T00:00:00Z INFO [1] sending: posted (https://zoe.example/1)\n")
    before = len(log(desk))
    desk.run("ledger", "forget", "zoe.example", "--yes")
    assert "zoe" not in path.read_text()
    assert len(log(desk)) == before - 1


def test_the_log_says_what_was_done_by_hand(desk: Desk) -> None:
    desk.add("[fetch]\ncheck_links = false\n")
    link = "https://ada.example/pruning/1"
    [post] = desk.json("share", link, "--text", "Worth a read")
    for words in (("edit", post["id"], "--text", "In my own words"), ("skip", post["id"]), ("retry", post["id"])):
        desk.run("queue", *words)
    desk.run("run")
    desk.run("unshare", link)
    lines = [line.partition(" hand: ")[2] for line in log(desk)]
    told = [
        line.removesuffix(f" on pond: post {post['id']}, {link}")
        for line in lines
        if line.startswith(("s", "e", "r", "d"))
    ]
    assert told == ["shared by hand", "edited by hand", "skipped by hand", "retried by hand", "deleted"]


def test_the_log_says_what_was_done_for_others(desk: Desk) -> None:
    desk.run("ledger", "collect")
    desk.run("ledger", "add", "share", "ada.example")
    assert desk.json("ledger", "owe")[0]["suggestion"]["act"] == "share"
    desk.run("ledger", "do", 1)
    [line] = [line for line in log(desk) if " hand: " in line]
    assert re.search(r"hand: shared in return on pond: post \w+, https://ada.example/pruning/1$", line)
