"""Every command that a page shows is run, and prints what the page says; what can't be run is counted."""

import re
from pathlib import Path

import pytest
from walkthrough import LANGUAGES, WRITING, Reader, blocks, is_shown, world_of
from written import DOCUMENTS, ROOT

PAGES = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in DOCUMENTS}
PLAYED = [name for name, text in PAGES.items() if world_of(text)]
#: The first word of what is typed into a shell.
_TYPED = re.compile(
    r"^(\$ )?(syndicator|ledger|python3?|pipx?|uvx?|git|cd|mkdir|cp|tar|rsync|time|\.venv/bin/\w+) ", re.MULTILINE
)


@pytest.mark.parametrize("name", PLAYED)
def test_a_page_does_what_it_says(name, tmp_path):
    text = PAGES[name]
    reader = Reader(tmp_path, world_of(text))
    followed = [(block, reader.follow(block)) for block in blocks(text) if "not run" not in block.notes]
    shown = text
    for block, body in reversed(followed):
        shown = block.within(shown, body)
    if WRITING:
        (ROOT / name).write_text(shown, encoding="utf-8")
    assert WRITING or shown == text


def test_there_are_pages_to_play():
    assert {"docs/tutorial.md"} <= set(PLAYED)


@pytest.mark.parametrize("name", PAGES)
def test_commands_stand_in_blocks_that_are_run_or_say_why_not(name):
    found = blocks(PAGES[name])
    shell = [each for each in found if each.language in LANGUAGES]
    others = [each for each in found if each.language not in LANGUAGES and name != "CHANGELOG.md"]
    assert not [each.body for each in others if _TYPED.search(each.body)], "mark these as sh or console"
    if not world_of(PAGES[name]):
        assert not [each.body for each in shell if "not run" not in each.notes], "say in which world, or why not"


def test_how_little_is_not_run():
    left = [
        (name, each.notes["not run"])
        for name, text in PAGES.items()
        for each in blocks(text)
        if "not run" in each.notes
    ]
    assert all(len(reason) > 15 for _, reason in left)
    assert len(left) <= 25, left


def test_ellipses_stand_for_anything_and_all_else_must_agree():
    assert is_shown("one\n…\nthree\n", "one\ntwo\ntwo and a half\nthree\n")
    assert is_shown("posted … as 0a1b2c3d4e\n", "posted “Hello” as 99887766aa\n")
    assert not is_shown("one\n…\nthree\n", "one\ntwo\nfour\n")
    assert not is_shown("one\n", "one\ntwo\n")


def test_a_page_that_is_wrong_is_found(tmp_path: Path):
    told = "<!-- world: empty -->\n```console\n$ syndicator --version\nsyndicator 9\n```\n"
    [block] = blocks(told)
    assert block.notes == {"world": "empty"}
    assert Reader(tmp_path, "empty").follow(block) != block.body
