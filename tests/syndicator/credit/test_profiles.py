"""What is kept of a profile, and how people ask to be left alone."""

import json
from datetime import timedelta

import pytest
from pieces import NOON

from ledger.entry import Identity
from ledger.store.tiny import TinyStore
from platforms.abilities import Profile
from platforms.base import Actor
from syndicator.credit import profiles
from syndicator.credit.profiles import Known, known, opted_out

ADA = Identity("mastodon", "ada@example.social")


@pytest.mark.parametrize(
    "tag", ["#nobot", "#NoBot", "#NOBOTS", "#noBridge", "＃nobot", "#no\u200bbot", "#no-bots", "#nobot,"]
)
@pytest.mark.parametrize("where", ["text", "links", "name"])
def test_asking_to_be_left_alone_is_heard_wherever_it_stands(tag: str, where: str) -> None:
    said = f"I count things. {tag}"
    profile = Profile(
        Actor("ada@example.social", name=said * (where == "name")),
        text=said * (where == "text"),
        links=(said,) * (where == "links"),
    )
    assert opted_out(profile)
    assert known("mastodon", profile, NOON).opted_out


@pytest.mark.parametrize("text", ["nobot", "# nobot", "#robots", "no bots here", "#notabot", ""])
def test_other_words_are_no_wish(text: str) -> None:
    assert not opted_out(Profile(Actor("ada@example.social"), text=text))


@pytest.mark.parametrize(
    "mark", ["group", "memorial", "suspended", "limited", "!takedown", "!hide", "impersonation", "spam"]
)
def test_marks_that_speak_against_calling_anybody_are_kept(mark: str) -> None:
    profile = Profile(Actor("ada@example.social"), marks=("artist", mark))
    assert known("mastodon", profile, NOON).barred == mark
    assert known("mastodon", Profile(Actor("ada@example.social"), marks=("bot-friend",)), NOON).barred == ""


def test_no_more_is_kept_than_is_needed() -> None:
    profile = Profile(
        Actor("@Ada@Example.Social", "1", "https://example.social/@ada", "Ada", bot=True),
        text="a secret",
        links=("https://elsewhere.example", "https://ada.blog", "https://uni.example/people/ada"),
        verified=("https://www.ada.blog", "https://medium.com/@ada", "mailto:ada@ada.blog"),
        moved_to="ada@new.example",
        followers=7,
    )
    assert known("mastodon", profile, NOON) == Known(
        at=NOON,
        handle="ada@example.social",
        name="Ada",
        bot=True,
        moved_to="ada@new.example",
        page="https://example.social/@ada",
        sites=("ada.blog", "medium.com/@ada"),
        links=("elsewhere.example",),
        followers=7,
    )


@pytest.mark.parametrize("handle", ["", "ada", "not a handle", "ada@exa mple"])
def test_a_handle_that_can_not_be_somebody_s_is_nobody_s(handle: str) -> None:
    assert known("mastodon", Profile(Actor(handle)), NOON).handle == ""


def test_what_was_found_is_believed_for_a_week_and_then_forgotten(tmp_path) -> None:
    store = TinyStore(tmp_path / "state.jsonl")
    profiles.save(store, {ADA: Known(at=NOON)}, NOON)
    almost, after = NOON + timedelta(days=7, seconds=-1), NOON + timedelta(days=7)
    assert profiles.load(store, almost) == {ADA: Known(at=NOON)}
    assert profiles.load(store, after) == {}
    assert profiles.load(store, NOON - timedelta(days=30)) == {}, "the clock was wrong then"
    other = Identity("bluesky", "did:plc:abc")
    profiles.save(store, {other: Known(at=after)}, after)
    assert [key for key, _ in store.scan(profiles.COLLECTION)] == ["bluesky:did:plc:abc"]
    assert profiles.load(store, after) == {other: Known(at=after)}
    assert json.loads(json.dumps(dict(store.scan(profiles.COLLECTION)), default=str))
