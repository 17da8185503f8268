"""What was done, by whatever app, or passed over is not suggested again; nobody is answered where they never spoke."""

from datetime import timedelta

import pytest
from favours import ADA, ADA_SITE, NOW, ago, given, received

from ledger.entry import Entry, Identity
from ledger.owe import owe
from ledger.people import People, Person
from ledger.rules import Rules
from ledger.settle import settle
from ledger.suggest import Act, Offer, Suggestion

RULES = Rules()
PERSON = People([Person("ada", "Ada", (ADA, ADA_SITE))])
STATUS = "https://example.social/@ada/7"


def suggestion(entries: list[Entry], acts: list[Act] = (), offers: list[Offer] = (), rules: Rules = RULES):
    """What is suggested for Ada, of whom one site is read."""
    own = {ADA_SITE: tuple(offers)} if offers else {}
    [debt] = owe(PERSON, entries, NOW, rules, offers=own, acts=acts)
    assert debt.suggestion
    return debt.suggestion


def decided(made: Suggestion, state: str) -> Act:
    """Ada's suggestion, dealt with long enough ago."""
    return Act(ADA, made.act, ago(9), made.decides, state)


def article(number: int, days: float) -> Offer:
    return Offer(ADA_SITE, f"https://ada.example/{number}", f"Article {number}", ago(days), 0.5)


def boosts(count: int) -> list[Entry]:
    return [received("boost", 20 + 8 * n, my_url=f"https://example.social/@me/{n}") for n in range(count)]


VAGUE = {
    "a boost of anything of theirs": boosts(3),
    "thanks for what has no page": [received("recommend", 20 + n, note=str(n)) for n in range(3)],
    "an answer to what has no page": [received("comment", 20 + n, note=str(n)) for n in range(3)],
}


@pytest.mark.parametrize("state", ["done", "skipped"])
@pytest.mark.parametrize("entries", VAGUE.values(), ids=VAGUE)
def test_what_leads_to_a_profile_is_decided_on_favour_by_favour(entries: list[Entry], state: str) -> None:
    acts: list[Act] = []
    answered = []
    for _ in entries:
        made = suggestion(entries, acts, rules=Rules(threshold=0.5))
        answered.append((made.act, made.returns))
        acts.append(decided(made, state))
    assert len(set(answered)) == len(entries)
    assert len({act for act, _ in answered}) == 1
    again = suggestion(entries, acts, rules=Rules(threshold=0.5))
    assert (again.act, again.returns) not in answered


@pytest.mark.parametrize("state", ["done", "skipped"])
def test_reading_them_is_decided_on_once_for_all_they_did_up_to_now(state: str) -> None:
    likes = [received("like", 20 + 8 * n, my_url=f"https://me.example/{n}") for n in range(9)]
    made = suggestion(likes, rules=Rules(threshold=0.5))
    assert (made.act, made.returns) == ("read", likes[0].key)
    decision = decided(made, state)
    assert suggestion(likes, [decision], rules=Rules(threshold=0.5)).act == "wait"
    new = received("like", 1, my_url="https://me.example/new")
    again = suggestion([*likes, new], [decision], rules=Rules(threshold=0.5))
    assert (again.act, again.returns) == ("read", new.key)


def test_a_new_boost_is_a_new_reason_to_boost_them() -> None:
    old = boosts(1)
    made = suggestion(old)
    assert suggestion(old, [decided(made, "skipped")]).act == "wait"
    new = received("boost", 1, my_url="https://example.social/@me/new")
    assert suggestion([*old, new], [decided(made, "skipped")]).returns == new.key


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("reply", given("reply", 9, url=STATUS)),
        ("reply", given("thank", 9, url=STATUS)),
        ("comment", given("comment", 9, url=STATUS, trust=0.5)),
        ("reply", given("reply", 9, url="https://example.social/users/ada/statuses/7")),
        ("comment", given("reply", 9, ADA_SITE, url=STATUS)),
        ("recommend", given("reply", 9, url=STATUS)),
    ],
)
def test_what_i_answered_in_any_app_is_not_to_be_answered(kind: str, found: Entry) -> None:
    """The answer pays a part; what is left asks for the next act of the table, and not for the same once more."""
    favour = received(kind, 10, url=STATUS, substantial=True)
    more = [received("reply", 12 + n, url=f"{STATUS}{n}") for n in range(3)]
    entries, offers, rules = [favour, *more], [article(1, 5)], Rules(threshold=0.5)
    assert suggestion(entries, offers=offers).url == STATUS
    entries.append(found)
    assert favour in [line.entry for line in settle(entries, NOW, rules).open]
    assert suggestion(entries, offers=offers, rules=rules).url != STATUS


def test_what_i_said_tomorrow_is_not_said_yet() -> None:
    favour = received("comment", 10, url=STATUS)
    assert suggestion([favour, given("reply", -1, url=STATUS)]).url == STATUS


def test_an_article_i_commented_on_is_not_to_be_commented_on_but_may_be_shared() -> None:
    comment, answer = received("comment", 12, url=STATUS), given("reply", 11, url=STATUS)
    mine = given("comment", 8, ADA_SITE, url="https://ada.example/2", trust=0.1)
    entries = [comment, received("comment", 13, url=f"{STATUS}1"), answer, given("reply", 11, url=f"{STATUS}1")]
    offers = [article(1, 6), article(2, 5)]
    assert suggestion(entries, offers=offers).url == "https://ada.example/2"
    assert suggestion([*entries, mine], offers=offers, rules=Rules(threshold=0.5)).url == "https://ada.example/1"
    linked = received("link", 10, ADA_SITE, url="https://ada.example/9")
    shared = suggestion([linked, mine], offers=[article(2, 5)])
    assert (shared.act, shared.url) == ("share", "https://ada.example/2")


BLOG = "https://me.example/post#comment-5"
PLACES = {
    "a comment under a claimed address": ("comment", {"channel": "comment", "url": BLOG}, "web", BLOG),
    "one without an address of its own": (
        "comment",
        {"channel": "comment", "my_url": "https://me.example/post"},
        "web",
        "https://me.example/post",
    ),
    "a page that names somebody else": ("reply", {"channel": "webmention.io", "url": "https://x.example/1"}, "web", ""),
    "a blogroll": ("recommend", {"channel": "recommendations", "url": "https://x.example/roll"}, "web", ""),
    "what the network told": ("reply", {"channel": "mastodon", "url": STATUS}, "mastodon", STATUS),
    "what a bridge told, of their own post": (
        "reply",
        {"channel": "webmention.io", "url": STATUS},
        "mastodon",
        STATUS,
    ),
    "what I told": ("reply", {"channel": "hand", "url": "https://other.example/7"}, "mastodon", ""),
}


@pytest.mark.parametrize(("kind", "how", "on", "url"), PLACES.values(), ids=PLACES)
def test_who_only_gave_an_address_is_answered_where_they_spoke(kind: str, how: dict, on: str, url: str) -> None:
    made = suggestion([received(kind, 1, substantial=True, **how)])
    assert (made.on, made.url) == (on, url or how["url"])


def test_a_handle_on_bluesky_is_theirs_by_its_own_page_alone() -> None:
    sky = Identity("bluesky", "ada.test")
    for page, on in (("ada.test", "bluesky"), ("eve.test", "web")):
        url = f"https://bsky.app/profile/{page}/post/3k"
        favour = received("reply", 1, sky, channel="webmention.io", url=url, substantial=True)
        [debt] = owe(People(), [favour], NOW, Rules())
        assert debt.suggestion
        assert debt.suggestion.on == on


def test_of_a_cooldown_nothing_changes() -> None:
    made = suggestion(boosts(2))
    recent = Act(ADA, made.act, NOW - timedelta(days=2), made.decides)
    assert suggestion(boosts(2), [recent]).reason == "something was done for them within 3 days"
