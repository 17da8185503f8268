"""`plan`, `share`, `why`, `accounts` and their like, in the words that a person reads; wrong use exits with 2."""

from pathlib import Path

import pytest
from counterparts.desk import Desk, account, item, rss

from syndicator.accounts import Holds
from syndicator.secrets import fingerprint
from syndicator.upgrades import open_state


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An owner with one source and a linkblog that waits for approval."""
    desk = Desk(tmp_path)
    desk.add_account("links", "linkblog", {"folder": "public", "approve": "ask"}, {})
    desk.feed(rss(item(1), item(2)))
    return desk


def test_a_queued_return_says_to_whom(desk: Desk) -> None:
    desk.settings.write_text(desk.settings.read_text().replace("first_run = 100", "first_run = 0"))
    desk.feed(rss(item(1, body='<a href="https://robin.example/x">x</a> ' + "Words about gardens. " * 40)))
    desk.run("run")
    [owed] = desk.json("ledger", "owe")
    desk.run("ledger", "do", "1")
    [planned] = desk.json("plan")["planned"]
    assert planned["article"] == owed["suggestion"]["url"]
    assert planned["why"][1:] == ["in return to Ada's garden (ada.example)"]
    shown = desk.run("plan").stdout
    assert "    why: in the queue already (awaiting, post" in shown
    assert "         in return to Ada's garden (ada.example)\n" in shown
    assert "shared by hand" not in shown
    assert "score 0.00" not in shown


def test_slots_in_the_quiet_hours_are_told_of(desk: Desk) -> None:
    text = desk.settings.read_text()
    desk.settings.write_text(text.replace('quiet = ""', 'quiet = "22:00-07:30"\nslots = ["12:00", "23:00"]'))
    remark = "links: the slot 23:00 lies in the quiet hours (22:00-07:30) and is never used"
    assert desk.json("plan")["remarks"] == [remark]
    assert f"Remark: {remark}." in desk.run("plan").stdout


def test_a_planned_post_shows_its_score(desk: Desk) -> None:
    assert "    why: score 0." in desk.run("plan").stdout


def test_a_note_that_is_passed_over_is_called_by_its_words(desk: Desk) -> None:
    (desk.folder / "notes.txt").write_text("Ask me about " + "gardens and compilers, " * 9 + "please.", "utf-8")
    desk.settings.write_text(desk.settings.read_text().replace("notes = 1 }", "notes = 0 }"))
    desk.add('[[sources]]\nkind = "notes"\nfile = "notes.txt"\n')
    [note] = [each for each in desk.json("plan")["skipped"] if each["article"].startswith("note:")]
    assert note["note"].startswith("Ask me about gardens")
    shown = desk.run("plan").stdout
    assert "“Ask me about gardens and compilers," in shown
    assert "note:" not in shown


def test_a_share_that_failed_shows_no_queue(desk: Desk) -> None:
    desk.run("run")
    failed = desk.run("share", "https://ada.example/pruning/1", expect=1)
    assert failed.stdout == ""
    assert "already there" in failed.stderr


WRONG_USE = [
    ["why", "notaurl"],
    ["add", "foo"],
    ["preview", "nonsense"],
    ["import", "/no/such"],
    ["share", "notaurl"],
    ["why", "http://"],
]


@pytest.mark.parametrize("words", WRONG_USE, ids=" ".join)
def test_wrong_use_is_2(desk: Desk, words: list[str]) -> None:
    told = desk.run(*words, expect=2)
    assert told.stdout == ""
    assert told.stderr.startswith("error: ")
    assert words[1] in told.stderr


@pytest.mark.parametrize("command", ["add", "preview", "import", "why", "share"])
def test_a_good_address_that_does_not_answer_is_1(desk: Desk, command: str) -> None:
    desk.add('[fetch]\nallow_private = ["127.0.0.1"]\ntimeout = "5s"\n')
    assert "http://127.0.0.1:1/x" in desk.run(command, "http://127.0.0.1:1/x", expect=1).stderr


def test_a_long_state_is_told_whole_below_the_accounts(desk: Desk) -> None:
    desk.add(account("fosstodon", "mastodon", {"server": "https://a-long-name-of-a-server.fosstodon.example"}))
    desk.environment["COLUMNS"] = "80"
    table, told = desk.run("accounts").stdout.split("\nfosstodon: ", 1)
    assert "no credential" in table
    assert "SYNDICATOR_FOSSTODON_TOKEN" in told.splitlines()[0]


def test_a_held_account_is_named_once_and_its_remedy_is_whole(desk: Desk) -> None:
    reason = "links: the login was refused (make a new one at https://a-server-with-a-long-name.example/settings)"
    (desk.folder / "data").mkdir()
    store = open_state(desk.folder / "data")
    Holds(store).hold("links", reason, fingerprint({}))
    store.close()
    desk.environment["COLUMNS"] = "80"
    for command, code in (("accounts", 0), ("plan", 1), ("run", 1)):
        done = desk.run(command, expect=code)
        told = done.stdout if command == "accounts" else done.stderr
        assert reason in told
        assert "links: links:" not in told


def test_what_a_run_complains_of_goes_to_stderr(desk: Desk) -> None:
    """Timers drop what a run prints, and keep or mail what it complains of."""
    desk.run("run")
    desk.add('[[sources]]\nkind = "curated"\nfeed = "missing.xml"\n')
    for words in (("run",), ("run", "--dry-run"), ("plan",)):
        done = desk.run(*words, expect=1)
        assert "Problem: " in done.stderr
        assert "missing.xml" in done.stderr
        assert "Problem: " not in done.stdout
        assert done.stdout


def test_a_lost_post_is_a_complaint_once_and_a_result_until_somebody_looked(desk: Desk) -> None:
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    lose = "from platforms import errors, memory\ndef fail(self, request): raise errors.{}('pond', 'lost')\n"
    lost = lose.format("Unreachable") + "memory.Memory.publish = fail\n" + lose.format("Unsupported")
    done = desk.run("run", python=f"{lost}memory.Memory.find = fail", expect=1)
    assert "Unknown on pond: " in done.stderr
    assert "Unknown on pond: " not in done.stdout
    after = desk.run("run")
    assert "Unknown on pond: " in after.stdout
    assert after.stderr == ""


@pytest.mark.parametrize("seconds", ["nan", "-1", "-inf", "soon"])
def test_a_run_waits_for_a_length_of_time_only(desk: Desk, seconds: str) -> None:
    assert "--wait" in desk.run("run", "--wait", seconds, expect=2).stderr
    assert not (desk.folder / "data").exists()
