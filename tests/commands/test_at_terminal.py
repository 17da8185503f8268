"""`ledger do` with a person at a terminal: it asks with which account, in what words, and opens pages in a browser."""

from datetime import UTC, datetime
from pathlib import Path

import pexpect
import pytest
from counterparts.desk import Desk, item, rss
from counterparts.forks import BIN

from platforms.base import Actor, Interaction
from platforms.memory_world import world

WROTE = "memory://bea/8"
WORDS = "I read it twice \x1b[31mand over there, in the moss, " + "on and on, " * 40


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Bea answered a post of one of my two accounts on one network."""
    desk = Desk(tmp_path)
    desk.feed(rss(item(1)))
    for name in ("pond", "bay"):
        desk.add_account(name, "memory", {"file": f"{name}.jsonl"}, {})
    at = datetime.now(UTC)
    act = Interaction("reply", Actor("bea"), id="r1", url=WROTE, target="memory://bay/1", at=at, text=WORDS)
    world("bay", str(tmp_path / "bay.jsonl")).interact(act)
    desk.run("ledger", "collect")
    return desk


@pytest.fixture
def opened(desk: Desk) -> Path:
    """Where the browser of whoever sits at the terminal notes what it is to open."""
    browser, notes = desk.folder / "browser", desk.folder / "opened"
    browser.write_text(f'#!/bin/sh\necho "$@" >> {notes}\n')
    browser.chmod(0o755)
    desk.environment |= {"BROWSER": f"{browser} %s", "DISPLAY": ":99"}
    return notes


def terminal(desk: Desk, *words: str, **environment: str) -> pexpect.spawn:
    env = desk.environment | {"COLUMNS": "80"} | environment
    return pexpect.spawn(
        str(BIN / "ledger"),
        list(words),
        cwd=str(desk.folder),
        env=env,
        encoding="utf-8",
        timeout=120,
        dimensions=(24, 80),
    )


def end(child: pexpect.spawn) -> str:
    """All that came since, once it is over."""
    child.expect(pexpect.EOF)
    child.close()
    return child.before


def did(desk: Desk, account: str = "bay") -> list[tuple[str, str, str]]:
    there = world(account, str(desk.folder / f"{account}.jsonl"))
    return [(event["kind"], event["target"], event["text"]) for event in there.events("did")]


def test_the_account_that_heard_of_it_answers_in_words_that_are_asked_for(desk: Desk) -> None:
    assert desk.json("ledger", "owe")[0]["suggestion"]["account"] == "bay"
    child = terminal(desk, "do", "1")
    child.expect("Your words")
    shown = child.before
    assert "reply with bay, for bea on memory" in shown
    assert "they wrote: “I read it twice [31mand over there, in the moss, on and on," in shown
    assert "\x1b[31m" not in shown
    assert len(shown) < 600
    assert max(map(len, shown.splitlines())) <= 80
    child.sendline("Thank you, Bea!")
    child.expect("> Thank you, Bea!")
    child.expect("Do it")
    child.sendline("y")
    assert "booked as given to bea on memory: reply" in end(child)
    assert (did(desk), did(desk, "pond")) == ([("reply", WROTE, "Thank you, Bea!")], [])


def test_without_words_nothing_is_done(desk: Desk) -> None:
    desk.run("ledger", "owe")
    child = terminal(desk, "do", "1", EDITOR="", VISUAL="")
    child.expect("Your words")
    child.sendline("")
    assert "nothing was done" in end(child)
    assert did(desk) == []


def test_the_words_may_be_written_in_an_editor_under_which_stands_what_is_answered(desk: Desk) -> None:
    editor = desk.folder / "editor"
    editor.write_text('#!/bin/sh\ncp "$1" seen\n{ printf "Thank you,\\n#moss for ever\\n"; cat seen; } > "$1"\n')
    editor.chmod(0o755)
    desk.run("ledger", "owe")
    child = terminal(desk, "do", "1", EDITOR=str(editor), VISUAL="")
    child.expect("Enter for your editor")
    child.sendline("")
    child.expect("> #moss for ever")
    child.expect("Do it")
    child.sendline("y")
    end(child)
    assert did(desk) == [("reply", WROTE, "Thank you,\n#moss for ever")]
    assert "they wrote: I read it twice" in (desk.folder / "seen").read_text()


def test_where_it_cant_be_told_which_account_it_asks(desk: Desk) -> None:
    desk.run("ledger", "add", "reply", "memory:cy", "--url", "memory://cy/1")
    desk.run("ledger", "add", "link", "memory:cy")
    rows = desk.json("ledger", "owe")
    [row] = [row for row in rows if row["person"] == "cy"]
    assert row["suggestion"]["account"] is None
    refused = desk.run("ledger", "do", row["n"], "--text", "Hello!", "--yes", expect=2)
    assert "pond, bay; choose one with --account" in refused.stderr
    child = terminal(desk, "do", str(row["n"]), "--text", "Hello!", "--yes")
    child.expect("With which account")
    child.sendline("pond")
    end(child)
    assert did(desk, "pond") == [("reply", "memory://cy/1", "Hello!")]


def test_an_account_can_be_chosen(desk: Desk) -> None:
    desk.run("ledger", "owe")
    said = desk.run("ledger", "do", "1", "--account", "pond", "--text", "Hello!", "--yes").stdout
    assert said.startswith("reply with pond, for bea")
    assert (did(desk), did(desk, "pond")) == ([], [("reply", WROTE, "Hello!")])
    desk.add_account("links", "linkblog", {"folder": "public", "title": "Links"}, {})
    desk.run("ledger", "add", "reply", "memory:cy", "--url", "memory://cy/1")
    desk.run("ledger", "add", "link", "memory:cy")
    number = next(row["n"] for row in desk.json("ledger", "owe") if row["person"] == "cy")
    left = desk.run("ledger", "do", number, "--account", "links", "--text", "Hello!", "--yes").stderr
    assert "links can't do that: it is left to you" in left


PAGE = "https://example.social/@ada/7"


def test_a_page_is_opened_for_a_person_and_printed_always(desk: Desk, opened: Path) -> None:
    desk.run("ledger", "add", "boost", "@ada@example.social", "--url", PAGE)
    rows = desk.json("ledger", "owe")
    [number] = [str(row["n"]) for row in rows if row["person"] == "ada@example.social"]
    profile = "https://example.social/@ada"
    assert f"    {profile}" in desk.run("ledger", "do", number).stdout
    assert f"    {profile}" in end(terminal(desk, "do", number, "--print"))
    assert f"    {profile}" in end(terminal(desk, "do", number, DISPLAY=""))
    assert not opened.exists()
    told = end(terminal(desk, "do", number))
    assert f"    {profile}" in told
    assert "opened in your browser" in told
    assert opened.read_text() == f"{profile}\n"


def test_what_is_no_web_page_is_never_opened(desk: Desk, opened: Path) -> None:
    desk.run("ledger", "owe")
    assert WROTE in end(terminal(desk, "do", "1", "--print"))
    desk.run("ledger", "add", "boost", "memory:dee", "--url", "memory://dee/1")
    rows = desk.json("ledger", "owe")
    [number] = [str(row["n"]) for row in rows if row["person"] == "dee"]
    child = terminal(desk, "do", number, "--account", "pond")
    child.expect(["memory://dee/1", pexpect.EOF])
    child.close(force=True)
    assert not opened.exists()
