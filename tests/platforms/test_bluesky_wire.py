"""Bluesky's notifications in our words: on a real network's answers and on the corners that they leave out."""

from datetime import UTC, datetime

import pytest

from platforms.bluesky_wire import POST, found, interaction, page, profile, reaction, relation

MINE = f"at://did:plc:ada/{POST}/3kada"
THEIRS = f"at://did:plc:bea/{POST}/3kbea"
LIKE = "at://did:plc:bea/app.bsky.feed.like/3klike"
AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def notification(reason: str, uri: str = THEIRS, **more: object) -> dict:
    return {
        "uri": uri,
        "author": {"did": "did:plc:bea", "handle": "bea.test", "displayName": "Bea"},
        "reason": reason,
        "record": {"$type": uri.split("/")[3], "createdAt": "2026-11-02T13:00:00+01:00", "text": "true"},
        "indexedAt": "2026-11-02T12:00:01.000Z",
        **more,
    }


@pytest.mark.parametrize(
    ("told", "kind", "url", "target"),
    [
        (notification("like", LIKE, reasonSubject=MINE), "like", "", "https://bsky.app/profile/ada.test/post/3kada"),
        (notification("repost", LIKE, reasonSubject=MINE), "boost", "", "https://bsky.app/profile/ada.test/post/3kada"),
        (notification("follow", LIKE), "follow", "", ""),
        (notification("mention"), "mention", "https://bsky.app/profile/bea.test/post/3kbea", ""),
        (
            notification("reply", reasonSubject=MINE),
            "reply",
            "https://bsky.app/profile/bea.test/post/3kbea",
            "https://bsky.app/profile/ada.test/post/3kada",
        ),
        (
            notification("quote", reasonSubject=MINE),
            "quote",
            "https://bsky.app/profile/bea.test/post/3kbea",
            "https://bsky.app/profile/ada.test/post/3kada",
        ),
    ],
)
def test_what_was_done_and_to_what(told, kind, url, target):
    act = interaction(told, "ada.test")
    assert act is not None
    assert (act.kind, act.id, act.url, act.target, act.at) == (kind, told["uri"], url, target, AT)
    assert (act.actor.handle, act.actor.id, act.actor.name) == ("bea.test", "did:plc:bea", "Bea")


@pytest.mark.parametrize(("reason", "kind"), [("like-via-repost", "like"), ("repost-via-repost", "boost")])
def test_what_came_by_a_repost_of_mine_is_secondhand(reason, kind):
    repost = "at://did:plc:ada/app.bsky.feed.repost/3krepost"
    act = interaction(notification(reason, LIKE, reasonSubject=repost), "ada.test")
    assert (act.kind, act.secondhand, act.target) == (kind, True, repost)
    assert not interaction(notification(reason.partition("-")[0], LIKE), "ada.test").secondhand


@pytest.mark.parametrize("reason", ["starterpack-joined", "verified", "subscribed-post", "contact-match", "new", None])
def test_what_was_not_done_for_me_is_nothing(reason):
    assert interaction(notification(reason), "ada.test") is None


@pytest.mark.parametrize(
    ("created", "indexed", "at"),
    [
        ("2026-11-02T12:00:00Z", "2026-11-02T12:05:00Z", AT),
        ("2026-11-02T12:00:00", "2026-11-02T12:05:00Z", AT),
        ("2036-01-01T00:00:00Z", "2026-11-02T12:00:00Z", AT),
        ("yesterday", "2026-11-02T12:00:00Z", AT),
        ("0001-01-01T00:00:00+14:00", "2026-11-02T12:00:00Z", AT),
        (None, "2026-11-02T12:00:00Z", AT),
        (None, None, None),
    ],
)
def test_the_time_is_the_earlier_of_said_and_seen_and_never_invented(created, indexed, at):
    told = notification("like", LIKE, indexedAt=indexed) | {"record": {"createdAt": created}}
    assert interaction(told, "ada.test").at == at


def test_accounts_without_a_valid_handle_stay_apart():
    told = notification("follow", author={"did": "did:plc:eve", "handle": "handle.invalid"})
    actor = interaction(told, "ada.test").actor
    assert (actor.handle, actor.url) == ("did:plc:eve", "https://bsky.app/profile/did:plc:eve")


def test_a_record_that_was_deleted_since_tells_who_all_the_same():
    act = interaction(
        notification("like", LIKE, record={"$type": "app.bsky.notification.defs#recordDeleted"}), "ada.test"
    )
    assert (act.actor.handle, act.text) == ("bea.test", "")


# -- links to my sites


def found_post(**more: object) -> dict:
    author = {"did": "did:plc:bea", "handle": "bea.test"}
    record = {"$type": POST, "createdAt": "2026-11-02T12:00:00Z", "text": "look", **more}
    return {"uri": THEIRS, "author": author, "record": record, "indexedAt": "2026-11-02T12:00:01Z"}


def linked(uri: object) -> dict:
    return {"facets": [{"features": [{"$type": "app.bsky.richtext.facet#link", "uri": uri}]}]}


@pytest.mark.parametrize(
    ("record", "target"),
    [
        (linked("https://ada.example/a"), "https://ada.example/a"),
        (linked("https://www.Ada.example"), "https://www.Ada.example"),
        (
            {"embed": {"external": {"uri": "http://ada.example/b"}}, **linked("https://ada.example/a")},
            "http://ada.example/b",
        ),
        ({"embed": {"media": {"external": {"uri": "https://ada.example/c"}}}}, "https://ada.example/c"),
        (linked("https://ada.example.evil.example/"), None),
        (linked("https://evil.example/?https://ada.example/"), None),
        (linked("javascript://ada.example/"), None),
        (linked("http://[broken"), None),
        (linked(None), None),
        ({"facets": "odd", "embed": ["odd"]}, None),
        ({}, None),
    ],
)
def test_a_found_post_must_really_link_to_the_site(record, target):
    act = found(found_post(**record), "https://ada.example")
    assert (act.target if act else None) == target
    if act:
        assert (act.kind, act.trust, act.at, act.id) == ("share", 0.8, AT, THEIRS)
        assert act.url == "https://bsky.app/profile/bea.test/post/3kbea"


@pytest.mark.parametrize(("link", "mine"), [("/ada/", True), ("/ada/a", True), ("/adam/", False), ("/", False)])
def test_a_site_in_a_folder_is_that_folder(link, mine):
    post = found_post(**linked(f"https://shared.example{link}"))
    assert bool(found(post, "https://shared.example/ada")) == mine


@pytest.mark.parametrize(
    "odd", [{"author": None}, {"uri": None}, {"uri": LIKE}, {"record": "odd"}, {"author": {"did": ""}}]
)
def test_an_odd_found_post_is_nothing(odd):
    assert found(found_post(**linked("https://ada.example/")) | odd, "https://ada.example") is None


# -- people


def test_a_profile_says_what_it_says_and_proves_its_domain():
    said = {
        "did": "did:plc:bea",
        "handle": "bea.example",
        "displayName": "Bea",
        "description": "I write at https://bea.example and bea.blog. #nobot",
        "website": "https://bea.example/about",
        "createdAt": "2026-11-02T12:00:00.000Z",
        "postsCount": 0,
        "followersCount": 7,
        "labels": [{"val": "bot", "src": "did:plc:bea"}],
    }
    known = profile(said)
    assert (known.actor.handle, known.actor.name, known.actor.bot) == ("bea.example", "Bea", True)
    assert known.text.endswith("#nobot")
    assert known.links == ("https://bea.example/about", "https://bea.example", "https://bea.blog")
    assert known.verified == ("https://bea.example",)
    assert (known.created, known.posts, known.followers, known.following) == (AT, 0, 7, None)


@pytest.mark.parametrize("handle", ["bea.bsky.social", "bea.example.web.brid.gy", "handle.invalid", "", None])
def test_a_handle_that_somebody_lends_proves_nothing(handle):
    assert profile({"did": "did:plc:bea", "handle": handle}).verified == ()


@pytest.mark.parametrize(
    "labels", [[{"val": "bot", "src": "did:plc:eve"}], [{"val": "!no-unauthenticated"}], "odd", None]
)
def test_what_others_call_an_account_makes_it_no_bot(labels):
    assert not profile({"did": "did:plc:bea", "labels": labels}).actor.bot


def test_nobody_has_no_profile():
    assert profile({}) is None


@pytest.mark.parametrize("block", ["blocking", "blockedBy", "blockingByList", "blockedByList"])
def test_a_block_of_any_kind_is_one(block):
    assert relation({"did": "did:plc:bea", block: "at://x"}).blocked


def test_only_posts_have_pages():
    assert page(LIKE, "bea.test") == LIKE


def test_labels_that_were_taken_back_mark_nobody():
    labels = [{"val": "spam", "src": "did:plc:mod"}, {"val": "!hide", "neg": True}, {"val": "spam"}, {"val": ""}, "odd"]
    assert profile({"did": "did:plc:bea", "labels": labels}).marks == ("spam",)


@pytest.mark.parametrize(
    ("label", "private"),
    [
        ({"val": "!no-unauthenticated"}, True),
        ({"val": "!no-unauthenticated", "neg": True}, False),
        ({"val": "bot"}, False),
    ],
)
def test_what_members_alone_are_to_see_is_private(label, private):
    author = {"did": "did:plc:bea", "handle": "bea.test", "labels": [{"src": "did:plc:bea"} | label]}
    assert interaction(notification("mention", author=author), "ada.test").private is private
    assert reaction("repost", author, "https://bsky.app/x").private is private
    assert reaction("like", {"actor": author}, "https://bsky.app/x").private is private
