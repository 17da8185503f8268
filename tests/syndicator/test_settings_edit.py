"""Editing settings that somebody wrote by hand: the change is there, and everything else is as it was."""

import stat
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.settings import SettingsError, load
from syndicator.settings.edit import add_account, add_source, remove_source, with_account, with_source, without_source
from syndicator.sources import subscribe
from syndicator.sources.blogroll import Subscription
from syndicator.starter import Answers, starter_text

NEW = {"kind": "curated", "opml": "blogroll.opml"}
ADDED = ["[[sources]]", 'kind = "curated"', 'opml = "blogroll.opml"']
PLAIN = """\
# mine, all mine
data = "data"   # here

[[sources]]
kind = "own"
feed = "https://robin.example/feed"

# --- others ---

# The garden.
[[sources]]
  kind = "curated"  # of course
  # not often
  feed = "https://ada.example/feed"
  tags = [  # what for
    "a]b",  # [[sources]]
    'c',
  ]

# after the garden

# --- Where they go ---
[accounts.links]
platform = "linkblog"
folder = "public"
# the end of links

[plan]
per_day = 3
"""
STRINGS = """
[accounts.other]
platform = "memory"
template = \"\"\"
[[sources]]
{url} \\""\"\"\"
title = '''
[accounts.x]
'''
"""
#: How people write the same thing.
HANDS = {
    "plain": PLAIN,
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "tabs": PLAIN.replace("  ", "\t").replace(" = ", "\t=\t"),
    "no final newline": PLAIN.rstrip("\n"),
    "byte order mark": "\ufeff" + PLAIN,
    "no empty lines": PLAIN.replace("\n\n", "\n"),
    "spaced headers": PLAIN.replace("[[sources]]\n", '[[ "sources" ]] # one\n').replace(
        "[accounts.links]", "[ accounts . links ]"
    ),
    "sources last": PLAIN[PLAIN.index("# --- Where") :]
    + PLAIN[PLAIN.index("[[sources]]") : PLAIN.index("# --- Where")],
    "strings that look like tables": PLAIN + STRINGS,
    "inline accounts": PLAIN.replace(
        '[accounts.links]\nplatform = "linkblog"\nfolder = "public"',
        '[accounts]\nlinks = { platform = "linkblog", folder = "public" }  # short',
    ),
    "one inline table": 'accounts = { links = { platform = "linkblog", folder = "public" } } # short\n'
    + PLAIN.replace('[accounts.links]\nplatform = "linkblog"\nfolder = "public"\n', ""),
    "dotted keys": 'accounts.links.platform = "linkblog" # dots\n'
    + PLAIN.replace('[accounts.links]\nplatform = "linkblog"\nfolder = "public"\n', ""),
    "inline sources": """\
# short
sources = [
  { kind = "own", feed = "https://robin.example/feed" },  # me
  # the garden
  { kind = "curated", feed = "https://ada.example/feed" } # ada
]  # so much

[accounts.links] # links
platform = "linkblog"
folder = "public"
""",
}


@pytest.fixture(params=HANDS)
def text(request: pytest.FixtureRequest) -> str:
    return HANDS[request.param]


def read(text: str) -> dict[str, Any]:
    return tomllib.loads(text.removeprefix("\ufeff"))


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def comments(text: str) -> list[str]:
    return [line.partition("# ")[2] for line in text.splitlines() if "# " in line]


def test_a_source_more_leaves_every_line_as_it_was(text: str) -> None:
    done = with_source(text, NEW)
    assert read(done) == {**read(text), "sources": [*read(text)["sources"], NEW]}
    if "sources = [" not in text:
        assert Counter(lines(done)) - Counter(lines(text)) == Counter(ADDED)
        assert Counter(lines(text)) <= Counter(lines(done))
    assert comments(done) == comments(text)
    assert ("\r\n" in text) == ("\r\n" in done)
    assert "\r\n" not in done or "\n" not in done.replace("\r\n", "")


def test_an_account_more_leaves_every_line_as_it_was(text: str) -> None:
    keys = {"platform": "mastodon", "server": "https://a.example", "approve": "ask"}
    done = with_account(text, "far", keys)
    assert read(done)["accounts"] == {**read(text)["accounts"], "far": keys}
    assert {**read(done), "accounts": 0} == {**read(text), "accounts": 0}
    assert comments(done) == comments(text)
    assert [line for line in lines(text) if "accounts =" not in line] == [
        line for line in lines(done) if line in lines(text) and "accounts =" not in line
    ]
    assert "\r\n" not in done or "\n" not in done.replace("\r\n", "")


def test_a_source_less_leaves_the_comments_around_it(text: str) -> None:
    done = without_source(text, 1)
    assert read(done) == {**read(text), "sources": read(text)["sources"][:1]}
    around = {"after the garden", "--- Where they go ---", "the end of links", "mine, all mine", "short", "links", "me"}
    assert [each for each in comments(text) if each in around] == [each for each in comments(done) if each in around]


def test_the_last_source_may_go_too(text: str) -> None:
    done = without_source(without_source(text, 0), 0)
    assert read(done).get("sources", []) == []
    assert {**read(done), "sources": 0} == {**read(text), "sources": 0}


def test_adding_and_removing_gives_the_text_back(text: str) -> None:
    done = without_source(with_source(text, NEW), 2)
    if "\n\n" in text.replace("\r", "") and text.endswith("\n") and "sources = [" not in text:
        assert done == text
    else:
        assert [line.replace(" },", " }") for line in lines(done)] == [
            line.replace(" },", " }") for line in lines(text)
        ]


def test_where_there_are_none_the_first_follows_the_examples_of_the_starter() -> None:
    bare = starter_text(Answers())
    source, account = with_source(bare, NEW), with_account(bare, "far", {"platform": "memory"})
    assert source.index('# file = "notes.txt"') < source.index("\n[[sources]]") < source.index("# --- Where they go")
    assert (
        account.index("[accounts.links]") < account.index("\n[accounts.far]") < account.index("# [accounts.mastodon]")
    )
    assert read(with_source("", NEW)) == {"sources": [NEW]}
    assert with_account("", "far", {"platform": "memory"}) == '[accounts.far]\nplatform = "memory"\n'


def test_an_example_within_a_table_steals_no_key() -> None:
    text = "[plan]\n# [[sources]]\n# kind = 1\nper_day = 3"
    assert read(with_source(text, NEW)) == {"plan": {"per_day": 3}, "sources": [NEW]}


def test_a_name_that_is_taken_is_refused() -> None:
    with pytest.raises(SettingsError, match="'links' already"):
        with_account(PLAIN, "links", {"platform": "memory"})


names = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=8)


@given(st.dictionaries(st.sampled_from(["title", "template", "server"]), names), st.lists(names, max_size=3))
def test_any_value_comes_back_as_it_was(keys: dict[str, str], tags: list[str]) -> None:
    said = {"platform": "memory", **keys, "tags": tags, "blogroll": True, "per_day": 3}
    assert read(with_account(PLAIN, "far", said))["accounts"]["far"] == said


comment = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_characters="\x7f\x85\u2028\u2029"), max_size=12
)
piece = st.one_of(
    comment.map(lambda words: f"# {words}"),
    st.just(""),
    st.just("\t"),
    st.sampled_from(
        ['[[sources]]\nkind = "own"', "[[sources]]", "[ plan ]\na = [\n 1, # x\n]", '[accounts."a b"]', "[[ other ]]"]
    ),
    st.sampled_from(
        ['"k{n}" = """\n[[sources]]\n"""', "k{n} = '''#'''", 'k{n} = {{ a = "[[sources]]" }} # x', "k{n}.b = [[1]]"]
    ),
)


@given(st.lists(piece, max_size=14), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_whatever_stands_there_stays(pieces: list[str], newline: str, final: bool) -> None:
    """Of files as wild as TOML allows, all is kept but what was asked for."""
    written = "\n".join(
        each.replace("{n}", str(n)).replace("{{", "{").replace("}}", "}") for n, each in enumerate(pieces)
    )
    text = written.replace("\n", newline) + newline * final
    try:
        before = read(text)
    except tomllib.TOMLDecodeError:
        return
    done = with_source(text, NEW)
    assert read(done) == {**before, "sources": [*before.get("sources", []), NEW]}
    assert Counter(lines(done)) == Counter([*lines(text), *ADDED])
    for position in range(len(before.get("sources", []))):
        less = without_source(text, position)
        assert read(less).get("sources", []) == [each for n, each in enumerate(before["sources"]) if n != position]
        assert Counter(lines(less)) < Counter(lines(text))


# --- Files


def write(folder: Path, text: str = PLAIN) -> Path:
    path = folder / "syndicator.toml"
    path.write_bytes(text.encode())
    return path


def test_a_link_stays_a_link_and_the_file_as_private_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real = write(tmp_path / "dotfiles")
    real.chmod(0o600)
    path = tmp_path / "syndicator.toml"
    path.symlink_to(real)
    add_source(path, NEW)
    add_account(path, "far", {"platform": "memory"})
    remove_source(path, 0)
    assert path.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert len(load(path).sources) == 2


def test_what_cannot_be_written_is_told_and_nothing_changes(tmp_path: Path) -> None:
    path = write(tmp_path)
    with pytest.raises(SettingsError, match=r"syndicator\.toml: there is an account 'links' already"):
        add_account(path, "links", {"platform": "memory"})
    assert path.read_text() == PLAIN


@pytest.mark.parametrize("form", ["CRLF", "tabs", "inline sources", "no final newline", "byte order mark"])
def test_subscribing_and_unsubscribing_keep_the_owners_hand(form: str, tmp_path: Path) -> None:
    path = write(tmp_path, HANDS[form])
    subscribe.add(load(path), Subscription("https://new.example/feed", "New"))
    assert [table.opml for table in load(path).sources] == ["", "", "blogroll.opml"]
    assert comments(path.read_bytes().decode()) == comments(HANDS[form])
    assert subscribe.remove(load(path), "https://ada.example/feed") == path
    assert [table.feed or table.opml for table in load(path).sources] == ["https://robin.example/feed", "blogroll.opml"]
