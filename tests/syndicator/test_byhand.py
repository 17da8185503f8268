"""What a person may do to a post, in every state it can be in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from pieces import NOON, post

from platforms.base import Card, Draft, PostRef, Request
from platforms.memory import LIMITS
from syndicator import byhand
from syndicator.outbox import IllegalMove, Post, State, Tried

LATER = NOON + timedelta(hours=1)
URL = "https://ada.example/a"
ACTS: dict[str, tuple[Callable[[Post], Post], dict[State, State]]] = {
    "approve": (lambda found: byhand.approve(found, LATER), {State.AWAITING: State.QUEUED}),
    "skip": (
        lambda found: byhand.skip(found, LATER),
        dict.fromkeys((State.AWAITING, State.QUEUED, State.UNKNOWN), State.CANCELLED),
    ),
    "retry": (
        lambda found: byhand.retry(found, LATER),
        dict.fromkeys((State.QUEUED, State.REJECTED, State.EXPIRED, State.CANCELLED), State.QUEUED),
    ),
    "edit": (
        lambda found: byhand.edit(found, "new words", LIMITS, LATER),
        {state: state for state in (State.AWAITING, State.QUEUED, State.REJECTED, State.EXPIRED, State.CANCELLED)},
    ),
    "posted": (lambda found: byhand.settle(found, "https://net.example/1", LATER), {State.UNKNOWN: State.POSTED}),
    "not posted": (lambda found: byhand.settle(found, None, LATER), {State.UNKNOWN: State.QUEUED}),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", ACTS)
def test_each_act_is_possible_where_it_makes_sense_and_else_says_why_not(name: str, state: State) -> None:
    act, possible = ACTS[name]
    found = post(state=state)
    if state in possible:
        assert act(found).state is possible[state]
    else:
        with pytest.raises(IllegalMove, match=f"post {found.id} is {state}: "):
            act(found)


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN, State.POSTED])
def test_what_may_be_out_already_is_never_queued_again_by_retry(state: State) -> None:
    with pytest.raises(IllegalMove):
        byhand.retry(post(state=state), LATER)


def test_retry_of_an_unknown_post_names_the_command_that_helps() -> None:
    with pytest.raises(IllegalMove, match="syndicator queue settle"):
        byhand.retry(post(state=State.UNKNOWN), LATER)


def test_retry_starts_afresh_and_remembers_only_that_it_was_tried() -> None:
    found = byhand.retry(post(state=State.REJECTED, attempts=6, error="too rude", retry_at=NOON), LATER)
    assert (found.attempts, found.error, found.retry_at) == (1, "", None)
    assert found.history[-1].why == "retried by hand"


def test_retry_hurries_what_waits() -> None:
    found = byhand.retry(post(retry_at=LATER, attempts=3), NOON)
    assert (found.due, found.attempts) == (NOON, 3)
    assert [change.why for change in found.history] == ["hurried by hand"]


def test_what_was_prepared_is_thrown_away_by_an_edit_so_that_the_new_text_goes_out() -> None:
    found = post(request=Request("k", {"text": "old"}, NOON))
    edited = byhand.edit(found, f"new {URL}", LIMITS, LATER)
    assert edited.request is None
    assert edited.earlier == (Tried(found.draft, Request("k", {"text": "old"}, NOON)),), "it may be out all the same"
    assert edited.draft == Draft(f"new {URL}", URL)
    assert [change.why for change in edited.history] == ["edited by hand"]


@pytest.mark.parametrize(
    ("card", "text", "linked"),
    [(None, f"see {URL}", True), (None, "no link", False), (Card(URL, "T"), "no link", True)],
)
def test_an_edited_post_links_what_its_text_or_card_links(card: Card | None, text: str, linked: bool) -> None:
    edited = byhand.edit(post(draft=Draft("old", URL, card)), text, LIMITS, LATER)
    assert (edited.draft.url == URL) is linked
    assert edited.draft.card == card


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", ACTS)
def test_a_refusal_says_what_can_be_done_instead(name: str, state: State) -> None:
    act, possible = ACTS[name]
    helps = {
        State.AWAITING: "queue approve",
        State.QUEUED: "when its time comes",
        State.SENDING: "the next one",
        State.UNKNOWN: "queue settle",
        State.POSTED: "unshare",
        State.DELETED: "share URL",
    }
    if state not in possible:
        with pytest.raises(IllegalMove, match=helps.get(state, "queue retry")):
            act(post(state=state))


@pytest.mark.parametrize(
    ("old", "new", "linked"),
    [
        (f"Title\n{URL}", "My words: https://other.example/x", False),
        (f"Title\n{URL}", f"My words: {URL} and https://other.example/x", True),
        (f"Title\n{URL}", "My words alone", True),
        ("Title", "My words, and see https://other.example/x", True),
    ],
    ids=["changed", "one more", "left to the preview", "never in the text"],
)
def test_the_preview_of_a_link_goes_with_it_when_another_takes_its_place(old: str, new: str, linked: bool) -> None:
    edited = byhand.edit(post(draft=Draft(old, URL, Card(URL, "T"))), new, LIMITS, LATER)
    assert edited.draft == Draft(new, *((URL, Card(URL, "T")) if linked else (None, None)))


def test_settling_keeps_where_it_is() -> None:
    found = byhand.settle(post(state=State.UNKNOWN, error="doubt"), "https://net.example/1", LATER)
    assert (found.ref, found.error, found.happened) == (PostRef("", "https://net.example/1"), "", LATER)


def test_settling_as_not_there_keeps_the_request_so_that_the_network_can_recognise_it() -> None:
    request = Request("k", {}, NOON)
    found = byhand.settle(post(state=State.UNKNOWN, request=request, attempts=6, retry_at=LATER), None, LATER)
    assert (found.request, found.attempts, found.retry_at) == (request, 1, None)


@pytest.mark.parametrize("state", [State.REJECTED, State.EXPIRED, State.CANCELLED])
def test_of_what_was_given_up_after_it_was_tried_can_be_said_where_it_is(state: State) -> None:
    tried = post(state=state, request=Request("k", {}, NOON), error="no answer")
    found = byhand.settle(tried, "https://net.example/1", LATER)
    assert (found.state, found.ref, found.error) == (State.POSTED, PostRef("", "https://net.example/1"), "")
    with pytest.raises(IllegalMove, match="queue retry"):
        byhand.settle(tried, None, LATER)


def test_what_was_refused_can_be_given_other_words_and_then_be_retried() -> None:
    """As `doctor` advises."""
    refused = post(state=State.REJECTED, attempts=1, request=Request("k", {"text": "old"}, NOON), error="too rude")
    again = byhand.retry(byhand.edit(refused, "kind words", LIMITS, LATER), LATER)
    assert (again.state, again.draft.text, again.request) == (State.QUEUED, "kind words", None)


def test_an_edit_that_brings_a_link_costs_what_a_link_costs() -> None:
    dear = replace(LIMITS, price_usd=0.015, price_with_url_usd=0.2)
    bare = post(draft=Draft("no link"), price_usd=0.015)
    assert byhand.edit(bare, "see https://w3.org", dear, LATER).price_usd == 0.2
    assert byhand.edit(bare, "still no link", dear, LATER).price_usd == 0.015


def test_hurrying_what_the_link_check_held_back_vouches_for_its_page() -> None:
    held = post(retry_at=NOON + timedelta(hours=1), error="link check: refuses to give it, 403")
    assert (byhand.retry(held, NOON).retry_at, byhand.retry(held, NOON).unchecked) == (None, True)
    assert not byhand.retry(post(retry_at=NOON, error="pond: can't be reached"), NOON).unchecked
