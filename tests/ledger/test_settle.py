"""Settling worked out by hand: the docstring of each test is the story."""

from datetime import timedelta

import pytest
from favours import ADA, ADA_SITE, NOW, ago, given, received
from msgspec.structs import replace

from ledger.entry import Kind
from ledger.rules import WEIGHTS, Rules, weights_with
from ledger.settle import settle
from ledger.settlement import State

RULES = Rules()


def balance(*entries, rules=RULES, now=NOW, **more):
    return settle(entries, now, rules, **more).balance


def states(*entries, now=NOW):
    return [str(line.state) for line in settle(entries, now, RULES).lines]


@pytest.mark.parametrize(
    ("kind", "points"),
    {
        "link": 10, "recommend": 8, "submit": 8, "share": 7, "quote": 6, "comment": 5, "boost": 4, "reply": 3,
        "mention": 2, "bookmark": 1.5, "like": 1,
    }.items(),
)  # fmt: skip
def test_what_an_act_is_worth_when_it_happens(kind, points):
    assert balance(received(kind, 0)) == points
    assert balance(given(kind, 0)) == -points


def test_special_weights():
    """A long reply is worth a comment; a like of somebody else's share half a like; thanks count only as given."""
    assert balance(received("reply", 0, substantial=True)) == 5
    assert balance(received("like", 0, secondhand=True)) == 0.5
    assert balance(received("boost", 0, secondhand=True)) == 0.5
    assert balance(given("thank", 0)) == -1
    assert balance(received("thank", 0)) == 0
    assert states(received("thank", 0)) == ["free"]


def test_values_halve_every_half_life():
    """A link 180 days ago is worth 5 today, a year's 360 days ago 2.5; with a half-life of 10 days 5 after 10."""
    assert balance(received("link", 180)) == pytest.approx(5)
    assert balance(received("link", 360)) == pytest.approx(2.5)
    assert balance(received("link", 10), rules=Rules(half_life=timedelta(days=10))) == pytest.approx(5)


def test_belief_scales_what_was_received():
    """A pingback counts 0.3, a search hit 0.8, a person with one sign of spam half; what I gave counts in full."""
    assert balance(received("link", 0, trust=0.3)) == pytest.approx(3)
    assert balance(received("link", 0, trust=0.8)) == pytest.approx(8)
    assert balance(received("link", 0), given("like", 0), credibility=0.5) == pytest.approx(4)


def test_the_nth_like_within_a_week_counts_one_nth():
    """Likes on three days running: 1 + 1/2 + 1/3. A fourth, over a week after the first, is the third of its week."""
    likes = [received("like", day, my_url=f"https://me.example/{day}") for day in (10, 9, 8)]
    lines = settle(likes, NOW, RULES).lines
    assert [line.diminishing for line in lines] == pytest.approx([1, 1 / 2, 1 / 3])
    later = received("like", 2.5, my_url="https://me.example/2")
    assert settle([*likes, later], NOW, RULES).lines[-1].diminishing == pytest.approx(1 / 3)


def test_diminishing_is_for_each_kind_and_direction_alone():
    """A like, a boost, a follow kept and my own like in one week all count in full, and so do two shares."""
    entries = [
        received("like", 20), received("boost", 20), received("follow", 20), given("like", 20),
        received("share", 20, my_url="https://me.example/1"), received("share", 19, my_url="https://me.example/2"),
    ]  # fmt: skip
    assert [line.diminishing for line in settle(entries, NOW, RULES).lines] == [1.0] * 6


def test_a_follow_counts_when_it_was_kept_for_14_days():
    """Followed 13 days ago: nothing yet. 15 days ago: 1, a little faded."""
    assert balance(received("follow", 13)) == 0
    assert states(received("follow", 13)) == ["pending"]
    assert balance(received("follow", 15)) == pytest.approx(2 ** (-15 / 180))


def test_a_gift_pays_its_own_kind_first_then_the_oldest():
    """Ada linked (10) and later boosted (4). My boost pays her boost, my share (7) part of her link."""
    settled = settle([received("link", 30), received("boost", 20), given("boost", 10), given("share", 5)], NOW, RULES)
    assert [str(line.state) for line in settled.lines] == ["open", "paid", "spent", "spent"]
    link, _, boost, share = settled.lines
    assert boost.payments[0].received.kind is Kind.BOOST
    # The boost came ten days after hers, so a little of it is left over for the link, and the share pays the link too.
    assert share.payments[0].received is link.entry
    assert settled.balance == pytest.approx(
        10 * 2 ** (-30 / 180) + 4 * 2 ** (-20 / 180) - 4 * 2 ** (-10 / 180) - 7 * 2 ** (-5 / 180)
    )


def test_a_gift_pays_first_what_it_names():
    """Ada commented twice and shared; my comment names the share, and pays it before her comments."""
    share = received("share", 10, url="https://example.social/@ada/1")
    comments = [received("comment", day, url=f"https://me.example/#{day}") for day in (20, 15)]
    settled = settle([*comments, share, given("comment", 5, in_return_for=share.key)], NOW, RULES)
    assert [payment.received for payment in settled.lines[-1].payments] == [share]
    assert [line.entry for line in settled.open] == [*comments, share]


def test_what_pays_nothing_is_credit_and_fades_too():
    """I shared Ada's article 180 days ago, before she did anything: 3.5 of credit. It does not pay her later boost."""
    settled = settle([given("share", 180), received("boost", 0)], NOW, RULES)
    assert [str(line.state) for line in settled.lines] == ["credit", "open"]
    assert settled.balance == pytest.approx(4 - 3.5)


def test_matched_favours_stay_matched():
    """Ada shared, I shared in return the same minute: even then, even a year later."""
    entries = [received("share", 10), given("share", 10)]
    for days in (0, 90, 365):
        settled = settle(entries, NOW + timedelta(days=days), RULES)
        assert settled.balance == 0
        assert [line.state for line in settled.lines] == [State.PAID, State.SPENT]


def test_small_and_old_favours_are_forgiven_visibly():
    """A like fades under 0.25 after a year (360 days: exactly 0.25); a link is forgiven after 18 months."""
    assert states(received("like", 359)) == ["open"]
    assert states(received("like", 361)) == ["forgiven"]
    assert states(received("link", 547)) == ["open"]
    settled = settle([received("link", 549)], NOW, RULES)
    assert settled.balance == 0
    assert settled.forgiven[0].left == pytest.approx(10 * 2 ** (-549 / 180))


def test_what_was_forgiven_can_not_be_paid_any_more():
    """A link is 600 days old when I share Ada's article: the share is credit in full."""
    assert balance(received("link", 600), given("share", 0)) == -7


def test_what_was_payable_then_stays_paid():
    """My like answered a part of the link after 500 days; 100 days later the rest is over 18 months old, forgiven."""
    link, like = settle([received("link", 600), given("like", 100)], NOW, RULES).lines
    assert like.state is State.SPENT
    assert like.payments[0].received is link.entry
    assert link.state is State.FORGIVEN
    assert 0 < link.left < link.value


def test_forgiving_by_hand_clears_what_came_before():
    """I forgave Ada 10 days ago: her link before it is gone, the boost after it open; my gift is credit."""
    entries = [received("link", 20), received("boost", 5)]
    assert balance(*entries, pardons={ADA: ago(10)}) == pytest.approx(4 * 2 ** (-5 / 180))
    assert balance(*entries, given("share", 8), pardons={ADA: ago(10)}) == pytest.approx(
        4 * 2 ** (-5 / 180) - 7 * 2 ** (-8 / 180)
    )
    assert balance(*entries, pardons={ADA_SITE: ago(0)}) == balance(*entries)


def test_better_news_of_an_act_does_not_undo_its_return():
    """Ada mentioned me, I shared in return a day later; later a webmention shows a link. Still matched."""
    mention = received("mention", 5, url="https://ada.example/a", channel="mastodon")
    news = received("link", 3.5, url="https://ada.example/a", channel="webmention")
    settled = settle([mention, given("share", 4), news], NOW, RULES)
    assert [payment.received for payment in settled.lines[-1].payments] == [news]
    assert settled.balance == pytest.approx(10 * 2 ** (-5 / 180) - 7 * 2 ** (-4 / 180))


def test_a_gift_may_name_a_favour_that_happened_after_it():
    """Clocks differ: Ada's boost is dated an hour after my share that thanks for it. It is paid all the same."""
    boost = received("boost", 1, url="https://example.social/@ada/9")
    settled = settle([given("share", 1 + 1 / 24, in_return_for=boost.key), boost], NOW, RULES)
    assert [str(line.state) for line in settled.lines] == ["credit", "paid"]


def test_the_future_is_ignored():
    """As of a month ago, the boost of last week has not happened."""
    assert balance(received("boost", 7), now=ago(30)) == 0
    assert settle([received("boost", 7)], ago(30), RULES).lines == ()


SEEN_TWICE = {
    "a share seen by the network and by a webmention": (
        received("share", 5, url="https://example.social/@ada/1", channel="mastodon", native_id="77"),
        received("mention", 4.9, url="https://example.social/@ada/1", channel="webmention", native_id="wm1"),
    ),
    "a boost told twice with the same target": (
        received("boost", 5, my_url="https://example.social/@me/1", channel="mastodon", native_id="5"),
        received("boost", 4, my_url="https://example.social/@me/1", channel="webmention", native_id="wm2"),
    ),
    "a share bridged to another network": (
        received("share", 5, url="https://example.social/@ada/1", my_url="https://me.example/a", channel="mastodon"),
        received("share", 4, ADA_SITE, url="https://bsky.app/x/1", my_url="https://me.example/a", channel="bluesky"),
    ),
    "my share of one article on two networks": (
        given("share", 5, url="https://ada.example/a", my_url="https://example.social/@me/1", channel="outbox"),
        given("share", 4, url="https://ada.example/a", my_url="https://bsky.app/me/1", channel="outbox"),
    ),
}


@pytest.mark.parametrize("pair", SEEN_TWICE.values(), ids=SEEN_TWICE)
def test_one_act_seen_twice_counts_once_at_its_best_value(pair):
    settled = settle(pair, NOW, RULES)
    assert [line.state for line in settled.lines].count(State.REPEAT) == 1
    first, weights = pair[0], [RULES.weight(entry) * entry.trust for entry in pair]
    faded = 2 ** (-(NOW - first.when) / RULES.half_life)
    assert abs(settled.balance) == pytest.approx(max(weights) * faded)
    assert next(line for line in settled.lines if line.same_as).same_as in pair


MASTODON, BRIDGE = {"channel": "mastodon"}, {"channel": "webmention.io"}
MY_STATUS, MY_SKY = "https://e.social/@me/1", "https://bsky.app/profile/me.example/post/3k1"
MY_PAGE = "https://me.example/a"
BY_TWO_CHANNELS = {
    "a like, told by a notification and by the post, which knows no time": (
        received("like", 20, my_url=MY_STATUS, native_id="5", **MASTODON),
        replace(received("like", 5, my_url=MY_STATUS, **MASTODON), at=None),
    ),
    "a boost, told by the post long before anybody else": (
        replace(received("boost", 20, my_url=MY_STATUS, **MASTODON), at=None),
        replace(received("boost", 1, my_url=MY_STATUS, native_id="wm7", **BRIDGE), at=None),
    ),
    "a like that came through a bridge as well": (
        received("like", 20, my_url=MY_STATUS, native_id="5", **MASTODON),
        replace(
            received("like", 9, url=f"{MY_STATUS}#favorited-by-77", my_url=MY_PAGE, native_id="wm1", **BRIDGE), at=None
        ),
    ),
    "a like that a bridge told weeks later, as if it had been given then": (
        received("like", 20, my_url=MY_STATUS, native_id="5", **MASTODON),
        received("like", 3, url=f"{MY_STATUS}#favorited-by-77", my_url=MY_PAGE, native_id="wm1", **BRIDGE),
    ),
    "a repost that came through a bridge as well": (
        received("boost", 20, my_url=MY_SKY, native_id="at://did:plc:ada/app.bsky.feed.repost/3k2", channel="bluesky"),
        received(
            "boost",
            20,
            url="https://bsky.app/profile/did:plc:me/post/3k1#reposted_by_did:plc:ada",
            my_url=MY_PAGE,
            **BRIDGE,
        ),
    ),
    "a reply that a bridge calls a comment": (
        received("reply", 5, url="https://e.social/@ada/9", my_url="1", native_id="6", **MASTODON),
        received("comment", 4.9, url="https://e.social/@ada/9", my_url=MY_PAGE, native_id="wm2", **BRIDGE),
    ),
    "a reply told by its id and by its page": (
        received("reply", 5, url="https://e.social/users/ada/statuses/9", my_url="1", native_id="6", **MASTODON),
        received("comment", 5, url="http://e.social/@ada/9", my_url=MY_PAGE, native_id="wm2", **BRIDGE),
    ),
    "a post on Bluesky by handle and by id": (
        received("reply", 5, url="https://bsky.app/profile/ada.example/post/3k9", my_url=MY_SKY, native_id="at://1"),
        received("comment", 5, url="https://bsky.app/profile/did:plc:ada/post/3k9", my_url=MY_PAGE, **BRIDGE),
    ),
    "a mention that a search for my links found as well": (
        received("mention", 5, url="https://bsky.app/profile/ada.example/post/3k9", native_id="at://p", my_url=""),
        received(
            "share",
            5,
            url="https://bsky.app/profile/ada.example/post/3k9",
            my_url=MY_PAGE,
            native_id="at://p",
            trust=0.8,
        ),
    ),
    "a page that linked to mine, told weeks later by another channel": (
        received("link", 30, ADA_SITE, url="https://ada.example/1", my_url=MY_PAGE, channel="feed"),
        received("mention", 5, ADA_SITE, url="https://ada.example/1", my_url=MY_PAGE, native_id="wm3", **BRIDGE),
    ),
    "a page that was edited weeks later": (
        received("link", 30, ADA_SITE, url="https://ada.example/1", my_url=MY_PAGE, native_id="wm1", **BRIDGE),
        received("link", 5, ADA_SITE, url="https://ada.example/1", my_url=MY_PAGE, native_id="wm2", **BRIDGE),
    ),
    "a post on X by two of its addresses": (
        received("mention", 5, url="https://x.com/i/web/status/9", native_id="9", channel="x"),
        received("share", 5, url="https://twitter.com/ada/status/9", channel="hand"),
    ),
}


@pytest.mark.parametrize("arrival", [1, -1], ids=["in order", "the other way round"])
@pytest.mark.parametrize("pair", BY_TWO_CHANNELS.values(), ids=BY_TWO_CHANNELS)
def test_one_act_told_by_two_channels_counts_once_in_whichever_order_they_arrive(pair, arrival):
    settled = settle((*pair[::arrival], *pair), NOW, RULES)
    assert [line.state for line in settled.lines] == [State.OPEN, State.REPEAT]
    first, best = min(entry.when for entry in pair), max(RULES.weight(entry) * entry.trust for entry in pair)
    assert settled.balance == pytest.approx(best * 2 ** (-(NOW - first) / RULES.half_life))


def test_a_page_with_many_links_to_me_is_known_by_each_of_them():
    """It linked to a, a month later to b, and is told of both again after another: two acts, whoever linked between."""
    times = ((90, "a"), (60, "b"), (30, "a"), (29, "b"))
    told = [
        received("link", at, ADA_SITE, url="https://ada.example/1", my_url=f"https://me.example/{to}")
        for at, to in times
    ]
    other = received("link", 40, ADA_SITE, url="https://ada.example/2", my_url="https://me.example/a")
    repeats = [line.same_as is not None for line in settle([*told, other], NOW, RULES).lines]
    assert sorted(repeats) == [False, False, False, True, True]


DIFFERENT = {
    "likes of one page, of two posts that lead there": (
        received("like", 5, url=f"{MY_STATUS}#favorited-by-77", my_url=MY_PAGE, **BRIDGE),
        received("like", 5, my_url="https://e.social/@me/2", native_id="5", **MASTODON),
    ),
    "a like that is told without its time, of another post": (
        received("like", 20, my_url=MY_STATUS, native_id="5", **MASTODON),
        replace(received("like", 19, my_url="https://e.social/@me/2", **MASTODON), at=None),
    ),
    "likes that were given back and given again": (
        received("like", 20, my_url=MY_STATUS, native_id="5", **MASTODON),
        received("like", 5, my_url=MY_STATUS, native_id="6", **MASTODON),
    ),
    "two replies under one post": (
        received("reply", 5, url="https://e.social/@ada/1", my_url="https://e.social/@me/1"),
        received("reply", 5, url="https://e.social/@ada/2", my_url="https://e.social/@me/1"),
    ),
    "a like and a boost of one post": (
        received("like", 5, my_url="https://e.social/@me/1"),
        received("boost", 5, my_url="https://e.social/@me/1"),
    ),
    "likes of two posts, told with the same profile": (
        received("like", 5, url="https://e.social/@ada", my_url="https://e.social/@me/1"),
        received("like", 5, url="https://e.social/@ada", my_url="https://e.social/@me/2"),
    ),
    "a page that links to another of mine weeks later": (
        received("link", 30, ADA_SITE, url="https://ada.example/1", my_url=MY_PAGE, channel="feed"),
        received("link", 5, ADA_SITE, url="https://ada.example/1", my_url="https://me.example/b", channel="feed"),
    ),
    "the same link again a week later": (
        received("share", 12, my_url="https://me.example/a"),
        received("share", 5, my_url="https://me.example/a"),
    ),
    "what she did and what I did": (
        received("share", 5, url="https://ada.example/a"),
        given("share", 5, my_url="https://ada.example/a"),
    ),
    "two acts of which nothing is known": (received("share", 5), received("share", 4)),
}


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT)
def test_two_acts_count_twice(pair):
    assert all(line.same_as is None for line in settle(pair, NOW, RULES).lines)


def test_own_weights_replace_the_defaults_and_unknown_ones_are_refused():
    assert balance(received("like", 0), rules=Rules(weights=weights_with({"like": 2.5}))) == 2.5
    assert weights_with({}) == WEIGHTS
    with pytest.raises(ValueError, match="'likes' has no weight"):
        weights_with({"likes": 1})
    with pytest.raises(ValueError, match="between 0 and 1000"):
        weights_with({"like": float("nan")})


def test_a_very_short_half_life_is_only_a_short_memory():
    """With a half-life of one minute everything older than a day is worth nothing, and nothing overflows."""
    rules = Rules(half_life=timedelta(minutes=1), forgive_below=0.0)
    assert balance(received("link", 500), given("share", 400), received("boost", 300), rules=rules) == 0
