"""`syndicator queue` and its verbs as a person uses them: what is edited is what goes out, what happened is shown."""

from pathlib import Path

import pytest
from counterparts.desk import Desk, item, rss

from platforms.memory import forget, world

ARTICLE = "https://ada.example/pruning/1"
MINE = "Mine & <b>yours</b> @ada #moss 🌱"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An owner with one article, which waits for approval."""
    desk = Desk(tmp_path)
    desk.add_account("pond", "memory", {"file": "pond.jsonl", "approve": "ask"}, {})
    desk.feed(rss(item(1)))
    desk.run("run")
    return desk


def waiting(desk: Desk) -> dict[str, object]:
    [post] = desk.json("queue")
    return post


def texts(desk: Desk) -> list[str]:
    """What is on the network."""
    posts = [post["text"] for post in world("pond", str(desk.folder / "pond.jsonl")).posts()]
    forget("pond")
    return posts


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (f"  {MINE}\n\n\n\nSee {ARTICLE}\n", f"{MINE}\n\n\n\nSee {ARTICLE}"),
        (f"Red \x1b[31malert\x07\u202e\t{ARTICLE}\r\nEnd\x00", f"Red [31malert {ARTICLE}\nEnd"),
        ("Elsewhere: https://other.example/x", "Elsewhere: https://other.example/x"),
    ],
    ids=["as it is", "without what is invisible", "another link"],
)
def test_an_edited_text_is_shown_stored_and_sent_alike(desk: Desk, written: str, sent: str) -> None:
    (desk.folder / "new.txt").write_bytes(written.encode())
    desk.environment["EDITOR"] = f"cp {desk.folder / 'new.txt'}"
    shown = desk.run("queue", "edit", waiting(desk)["id"]).stdout
    for line in sent.splitlines():
        assert f"    │ {line}\n" in shown
    assert waiting(desk)["text"] == sent
    desk.run("queue", "approve", waiting(desk)["id"])
    assert len(desk.json("run")["posted"]) == 1
    assert texts(desk) == [sent]


def test_an_edit_by_option_needs_no_terminal_and_half_a_character_is_no_crash(desk: Desk) -> None:
    desk.run("queue", "edit", waiting(desk)["id"], "--text", b"Half \xff of it".decode("utf-8", "surrogateescape"))
    assert waiting(desk)["text"] == "Half  of it"


@pytest.mark.parametrize(
    ("editor", "code", "told"),
    [
        ("", 2, "--text"),
        ("no-such-editor", 2, "--text"),
        ("'unclosed", 2, "--text"),
        ("false", 1, "left as it is"),
        ("true", 1, "left as it is"),
    ],
)
def test_an_editor_that_does_not_work_changes_nothing(desk: Desk, editor: str, code: int, told: str) -> None:
    before = waiting(desk)
    desk.environment.pop("VISUAL", None)
    desk.environment["EDITOR"] = editor
    assert told in desk.run("queue", "edit", before["id"], expect=code).stderr
    assert waiting(desk) == before


def test_a_text_that_is_too_long_is_refused_with_its_length(desk: Desk) -> None:
    before = waiting(desk)
    told = desk.run("queue", "edit", before["id"], "--text", "x" * 501, expect=1).stderr
    assert "501 is too long: memory takes 500" in told
    assert waiting(desk) == before


def test_the_queue_shows_each_step_with_its_time_and_reason(desk: Desk) -> None:
    post = waiting(desk)
    desk.run("queue", "edit", post["id"], "--text", "Mine")
    desk.run("queue", "skip", post["id"])
    shown = desk.run("queue", "--all").stdout.splitlines()
    steps = [line.split("  ")[-1] for line in shown if line.startswith("      ")]
    assert steps == ["awaiting: planned", "awaiting: edited by hand", "cancelled: skipped by hand"]
    assert [step["why"] for step in waiting(desk)["history"]] == ["planned", "edited by hand", "skipped by hand"]


def test_an_empty_id_means_no_post(desk: Desk) -> None:
    assert "no post ''" in desk.run("queue", "skip", "", expect=2).stderr
    assert waiting(desk)["state"] == "awaiting"


def test_a_post_is_settled_at_an_address_only(desk: Desk) -> None:
    assert "'nonsense' is not the address" in desk.run("queue", "settle", "1", "--posted", "nonsense", expect=2).stderr
