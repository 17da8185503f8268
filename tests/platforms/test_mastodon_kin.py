"""The servers that speak Mastodon's API in part: on each, posts go out once and everything is told once."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from counterparts.fake_mastodon_kin import BOB, KINDS, Kin

from platforms.abilities import Picture
from platforms.base import Draft, Image, Interaction, Login, PostRef, Request
from platforms.errors import AuthFailed, Duplicate, Rejected, Unreachable, Unsupported
from platforms.mastodon import Mastodon

URL = "https://ben.example/p?a=1&b=2"
PICTURE = Picture(b"\x89PNG not really", "image/png", 4, 3, alt="A hedge, pruned")


@pytest.fixture(params=KINDS)
def kin(request: pytest.FixtureRequest) -> Iterator[Kin]:
    kin = Kin(KINDS[request.param])
    yield kin
    kin.close()


def adapter(kin: Kin) -> Mastodon:
    return Mastodon(Login("home", {"server": kin.url}, {"token": "secret-token"}, timeout=60))


def request(kin: Kin, number: int = 1) -> Request:
    """A post with a picture: the one thing that every server takes."""
    draft = Draft(f"Part {number}\n{URL}{number}", f"{URL}{number}", image=Image("https://ben.example/hedge.png", ""))
    made = adapter(kin).prepare(draft, f"key-{number}", datetime.now(UTC))
    return adapter(kin).enrich(made, PICTURE)


def told(kin: Kin, cursor: str | None) -> tuple[list[Interaction], str | None]:
    acts: list[Interaction] = []
    for _ in range(30):
        page = adapter(kin).interactions(cursor)
        acts += page.interactions
        cursor = page.cursor
        if not page.more:
            return acts, cursor
    pytest.fail("the pages never end")


def test_a_post_with_its_picture_is_published_found_and_deleted(kin: Kin) -> None:
    other, made = request(kin, 1), request(kin, 2)
    adapter(kin).publish(other)
    assert adapter(kin).find(made) is None
    ref = adapter(kin).publish(made)
    assert ref.url.startswith(kin.url)
    assert adapter(kin).find(made) == ref
    assert [len(status["media_attachments"]) for status in kin.statuses] == [1, 1]
    assert b"A hedge, pruned" in kin.pictures[kin.statuses[-1]["media_attachments"][0]]
    adapter(kin).delete(ref)
    adapter(kin).delete(ref)
    assert adapter(kin).find(made) is None
    assert len(kin.statuses) == 1


def test_a_lost_answer_is_found_and_a_repeat_never_taken_for_a_refusal(kin: Kin) -> None:
    made = request(kin)
    kin.lose_next = True
    with pytest.raises(Unreachable):
        adapter(kin).publish(made)
    ref = adapter(kin).find(made)
    assert ref is not None
    assert ref.id == kin.statuses[0]["id"]
    if kin.habits.keys in {"refused", "broken"}:
        with pytest.raises((Duplicate, Unreachable)):
            adapter(kin).publish(made)
        assert adapter(kin).find(made) == ref
        assert len(kin.statuses) == 1


def test_a_server_in_trouble_leaves_nothing_and_the_second_try_posts(kin: Kin) -> None:
    made = request(kin)
    kin.fail_next = 503
    with pytest.raises(Unreachable):
        adapter(kin).publish(made)
    assert adapter(kin).find(made) is None
    adapter(kin).publish(made)
    assert len(kin.statuses) == 1


@pytest.mark.parametrize("count", [0, 1, 19, 45])
def test_everything_is_told_once_and_then_what_is_new(kin: Kin, count: int) -> None:
    happened = {kin.happen() for _ in range(count)}
    acts, cursor = told(kin, None)
    assert sorted(act.id for act in acts) == sorted(happened)
    assert told(kin, cursor)[0] == []
    new = [kin.happen("reblog"), kin.happen("follow")]
    acts, cursor = told(kin, cursor)
    assert [(act.kind, act.id) for act in acts] == [("boost", new[0]), ("follow", new[1])]
    later = {kin.happen() for _ in range(45)}
    acts, cursor = told(kin, cursor)
    assert sorted(act.id for act in acts) == sorted(later)
    assert told(kin, cursor)[0] == []


@pytest.mark.parametrize("name", [name for name, habits in KINDS.items() if habits.max_id])
def test_however_much_is_new_all_of_it_is_told(name: str) -> None:
    kin = Kin(KINDS[name])
    first = {kin.happen() for _ in range(10)}
    acts, cursor = told(kin, None)
    assert {act.id for act in acts} == first
    new = [kin.happen() for _ in range(200)]
    acts, cursor = told(kin, cursor)
    assert sorted(act.id for act in acts) == sorted(new)
    del kin.notices[-1]  # what was told last was dismissed since
    newer = {kin.happen() for _ in range(100)}
    acts, cursor = told(kin, cursor)
    assert newer <= {act.id for act in acts}
    assert told(kin, cursor)[0] == []
    kin.close()


@pytest.mark.parametrize("name", [name for name, habits in KINDS.items() if habits.max_id])
def test_a_long_history_is_told_at_the_first_visit(name: str) -> None:
    kin = Kin(KINDS[name])
    happened = [kin.happen() for _ in range(200)]
    acts, cursor = told(kin, None)
    assert sorted(act.id for act in acts) == sorted(happened)
    assert told(kin, cursor)[0] == []
    kin.close()


def test_what_is_no_act_stops_nothing(kin: Kin) -> None:
    first = kin.happen()
    for kind in ("pleroma:emoji_reaction", "pleroma:report", "move", "not yet invented", ""):
        kin.happen(kind)
    kin.happen(account=None)
    kin.happen(account="bob")
    kin.happen("mention", status="gone", created_at="yesterday")
    kin.notices += [None, "odd", 7, {}, {"type": "follow"}]
    last = kin.happen("follow", created_at=None)
    acts, cursor = told(kin, None)
    assert [(act.kind, act.id) for act in acts if act.kind != "mention"] == [("like", first), ("follow", last)]
    assert told(kin, cursor)[0] == []


def test_limits_are_read_where_they_are_told(kin: Kin) -> None:
    said = {"gotosocial": (5000, 25), "akkoma": (5000, 23), "pixelfed": (2000, 23), "takahe": (2000, 23)}
    said |= {"snac": (100000, 32), "ids without an order": (2000, 23)}
    name = next(name for name, habits in KINDS.items() if habits is kin.habits)
    with nullcontext() if name in said else pytest.raises(Unsupported):
        limits = adapter(kin).read_limits()
        assert (limits.length, limits.url_length) == said[name]
    assert len(kin.calls) <= 2


def test_what_a_server_lacks_is_unsupported_and_nothing_worse(kin: Kin) -> None:
    ref = adapter(kin).publish(request(kin))
    asked = {
        "/followers": lambda: list(adapter(kin).followers()),
        "/reblogged_by": lambda: list(adapter(kin).reactions(ref)),
        "/relationships": lambda: adapter(kin).relations(["1", "2"]),
        "/endorse": lambda: adapter(kin).do("endorse", "77"),
        "/lookup": lambda: adapter(kin).profile("bob@other.example"),
    }
    for path, ask in asked.items():
        before = len(kin.calls)
        with nullcontext() if path not in kin.habits.lacks else pytest.raises(Unsupported):
            ask()
        assert len(kin.calls) - before < 12, path


@pytest.mark.parametrize("people", [0, 39, 40, 41, 80, 200])
@pytest.mark.parametrize("name", ["pixelfed", "gotosocial", "akkoma", "takahe", "ids without an order"])
def test_people_are_walked_to_the_last(name: str, people: int) -> None:
    kin = Kin(KINDS[name], people=people, reactions=people)
    assert len({one.id for one in adapter(kin).followers()}) == people
    assert len({one.id for one in adapter(kin).following()}) == people
    if "/reblogged_by" not in kin.habits.lacks:
        ref = adapter(kin).publish(request(kin))
        acts = list(adapter(kin).reactions(ref))
        assert {kind: sum(act.kind == kind for act in acts) for kind in ("boost", "like")} == {
            "boost": people,
            "like": people,
        }
    kin.close()


def test_a_list_of_likers_cut_without_a_word_raises() -> None:
    kin = Kin(replace(KINDS["akkoma"], links="none"), reactions=41)
    ref = adapter(kin).publish(request(kin))
    with pytest.raises(Unreachable, match="ends after 40 of 41"):
        list(adapter(kin).reactions(ref))
    kin.close()


def test_a_server_for_pictures_says_so_to_a_post_without() -> None:
    kin = Kin(KINDS["pixelfed"])
    bare = adapter(kin).prepare(Draft("Hello"), "k", datetime.now(UTC))
    with pytest.raises(Rejected, match="Empty statuses are not allowed") as caught:
        adapter(kin).publish(bare)
    assert 'picture = "attach"' in caught.value.remedy
    kin.close()


def test_a_content_warning_too_long_for_a_server_is_made_shorter(kin: Kin) -> None:
    draft = Draft("Part 1", image=Image("https://ben.example/hedge.png", ""), warning="a hedge, pruned, " * 12)
    made = adapter(kin).enrich(adapter(kin).prepare(draft, "k", datetime.now(UTC)), PICTURE)
    if kin.habits.warning < len(draft.warning):
        with pytest.raises(Rejected, match="140 characters"):
            adapter(kin).publish(made)
        assert adapter(kin).find(made) is None
        shorter = adapter(kin).simpler(made)
        assert shorter is not None
        made = shorter
    ref = adapter(kin).publish(made)
    assert adapter(kin).find(made) == ref
    assert kin.statuses[0]["spoiler_text"].startswith("a hedge, pruned, a hedge")
    assert kin.statuses[0]["media_attachments"]


def test_what_a_person_revoked_is_a_login_that_failed(kin: Kin) -> None:
    kin.logins.revoked.add("secret-token")
    for ask in (Mastodon.whoami, lambda one: one.interactions("1"), lambda one: one.delete(PostRef("1", ""))):
        with pytest.raises(AuthFailed):
            ask(adapter(kin))


def test_a_server_that_can_not_page_tells_what_it_has_and_ends() -> None:
    kin = Kin(KINDS["a snac that can't page"])
    for _ in range(70):
        kin.happen()
    acts, cursor = told(kin, None)
    assert [act.id for act in acts] == [one["id"] for one in kin.notices[10:]]
    assert told(kin, cursor)[0] == []


def test_own_posts_that_can_not_be_paged_are_unknown_rather_than_absent() -> None:
    kin = Kin(KINDS["a snac that can't page"])
    for number in range(60):
        adapter(kin).publish(request(kin, number))
    with pytest.raises(Unsupported, match="more than 60 posts"):
        adapter(kin).find(request(kin, 99))
    kin.close()


def boost(kin: Kin, number: int) -> None:
    """I boost a post of Bob's, in some app."""
    identity, at = kin._next()
    theirs = {"id": f"b{number}", "url": f"https://other.example/@bob/{number}", "account": BOB}
    kin.statuses.append({"id": identity, "created_at": at, "content": "", "reblog": theirs})


def test_what_i_boosted_by_any_app_is_told_once(kin: Kin) -> None:
    seen: list[str] = []
    cursor = None
    for number in range(4):
        boost(kin, number)
        page = adapter(kin).done(cursor)
        seen += [act.target for act in page.interactions]
        cursor = page.cursor
    for _ in range(3):
        page = adapter(kin).done(cursor)
        seen += [act.target for act in page.interactions]
        cursor = page.cursor
    assert sorted(seen) == [f"https://other.example/@bob/{number}" for number in range(4)]
