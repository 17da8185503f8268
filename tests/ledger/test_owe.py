"""Whom to reciprocate, and how: order, reasons to wait, and the table of returns."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from favours import ADA, ADA_SITE, BOB, NOW, ago, given, ledgers, received
from hypothesis import given as for_any
from hypothesis import strategies as st

from ledger.entry import Direction, Identity
from ledger.merging import merge, split
from ledger.owe import explain, lift, owe
from ledger.people import People, Person, implicit
from ledger.rules import Rules
from ledger.suggest import Act, Offer

RULES = Rules()
NOBODY = People()
SKY = Identity("bluesky", "ada.example")


def ada(**more):
    return Person("ada", "Ada", (ADA, ADA_SITE), **more)


def article(number=1, days=5.0, who=ADA_SITE, **more):
    return Offer(who, f"https://{who.handle}/{number}", f"Article {number}", ago(days), **more)


def one(entries, people=NOBODY, **more):
    (debt,) = owe(people, entries, NOW, RULES, **more)
    return debt


@pytest.mark.parametrize(
    ("entries", "standing"),
    [
        ([received("like", 1)], "even"),
        ([received("boost", 1)], "owe"),
        ([received("boost", 80)], "even"),
        ([received("boost", 1), given("boost", 1)], "even"),
        ([given("boost", 1)], "ahead"),
        ([given("like", 1)], "even"),
    ],
)
def test_one_like_never_makes_a_debt_one_boost_does(entries, standing):
    assert one(entries).standing == standing


def test_a_debt_tells_what_was_done_on_both_sides():
    entries = [received("boost", 9), received("boost", 8), received("like", 7), given("like", 2), received("link", -5)]
    debt = one(entries)
    assert dict(debt.received) == {"boost": 2, "like": 1}
    assert dict(debt.given) == {"like": 1}
    assert debt.since == ago(9)
    assert debt.person == implicit(ADA)


def test_identities_of_one_person_share_one_account():
    """Ada boosts on Mastodon, I share her site's article: even, once both are known to be hers."""
    entries = [received("boost", 5), given("boost", 4, ADA_SITE)]
    assert len(owe(NOBODY, entries, NOW, RULES)) == 2
    assert abs(one(entries, People([ada()])).open) < 0.1


def test_the_most_owed_come_first_and_urgency_doubles_over_the_cadence():
    """Ada's link is fresh (rank 10); Bob's share is old enough for his cadence (over 13, twice its value)."""
    entries = [received("link", 0), received("share", 14, BOB)]
    bob, ada_ = owe(NOBODY, entries, NOW, RULES)
    assert (bob.person.name, ada_.person.name) == (BOB.handle, ADA.handle)
    assert bob.rank == pytest.approx(2 * bob.open)
    assert ada_.rank == pytest.approx(ada_.open)
    slow = People([Person("bob", "Bob", (BOB,), cadence_days=140)])
    assert owe(slow, entries, NOW, RULES)[0].person.name == ADA.handle


@pytest.mark.parametrize("peer", ["tagged", "read"])
def test_peers_rank_a_quarter_higher(peer):
    people = People([ada(roles=("friend",) if peer == "tagged" else ())])
    debt = one([received("link", 0)], people, offers={ADA_SITE: ()} if peer == "read" else {})
    assert debt.rank == pytest.approx(1.25 * debt.open)


@pytest.mark.parametrize(
    ("person", "acts", "waiting"),
    [
        (ada(muted=True), [], "muted"),
        (ada(opted_out=True), [], "opted out"),
        (ada(snoozed_until=NOW + timedelta(hours=1)), [], "snoozed"),
        (ada(snoozed_until=NOW), [], ""),
        (ada(), [Act(ADA_SITE, "share", ago(2), "https://ada.example/0", "queued")], "cooldown"),
        (ada(), [Act(ADA, "answer", ago(2))], "cooldown"),
        (ada(), [Act(ADA, "answer", ago(3))], ""),
        (ada(), [Act(ADA, "answer", ago(2), state="skipped")], ""),
        (ada(), [Act(ADA, "forgive", ago(9))], ""),
    ],
)
def test_when_to_leave_somebody_alone(person, acts, waiting):
    debt = one([received("link", 8)], People([person]), acts=acts)
    assert debt.waiting == waiting
    assert (debt.rank == 0) == bool(waiting)
    assert lift([debt], 0.15, 3) == {} if waiting else {ADA_SITE}


def test_after_a_gift_three_days_pass():
    """Booked as given two days ago: no further act now, and the list says so."""
    debt = one([received("link", 8), given("like", 2)])
    assert debt.waiting == "cooldown"
    assert debt.suggestion.act == "wait"


def test_auto_sharers_never_appear():
    assert owe(People([ada(automatic=True)]), [received("link", 1)] * 3, NOW, RULES) == ()


def test_forgiving_by_hand_is_an_act():
    assert one([received("link", 8)], acts=[Act(ADA, "forgive", ago(1))]).open == 0
    assert one([received("link", 8)], acts=[Act(ADA, "forgive", ago(-1))]).open > 0


TABLE = {
    "link": ("share", "web", "https://ada.example/1"),
    "share": ("share", "web", "https://ada.example/1"),
    "quote": ("share", "web", "https://ada.example/1"),
    "submit": ("share", "web", "https://ada.example/1"),
    "boost": ("boost", "mastodon", "https://example.social/@ada"),
    "recommend": ("thank", "mastodon", "https://example.social/@ada/7"),
    "comment": ("answer", "mastodon", "https://example.social/@ada/7"),
    "reply": ("answer", "mastodon", "https://example.social/@ada/7"),
}


@pytest.mark.parametrize(("kind", "wanted"), TABLE.items())
def test_the_table_of_returns(kind, wanted):
    entry = received(kind, 1, url="https://example.social/@ada/7", substantial=True)
    suggestion = one([entry], People([ada()]), offers={ADA_SITE: (article(),)}).suggestion
    assert (suggestion.act, suggestion.on, suggestion.url) == wanted
    assert suggestion.returns == entry.key
    assert suggestion.reason.startswith("they ")
    assert suggestion.reason.endswith(" on 1 Nov")


@pytest.mark.parametrize(
    ("kind", "todo"),
    [
        ("link", "share “Article 1”"),
        ("boost", "boost their best recent post"),
        ("recommend", "thank them, and recommend back"),
        ("reply", "answer them"),
        ("follow", "read “Article 1”, and see what they write about"),
    ],
)
def test_the_act_in_words(kind, todo):
    entries = [received(kind, 20 + day / 9, my_url=f"https://me.example/{day}") for day in range(5)]
    rules = Rules(threshold=0.5)
    (debt,) = owe(People([ada()]), entries, NOW, rules, offers={ADA_SITE: (article(),)})
    assert debt.suggestion.todo == todo


def test_a_reason_tells_the_day_in_the_owners_zone_and_the_year_when_it_is_another():
    late = [received("link", 23.5 / 24, url="https://ada.example/x")]
    auckland = NOW.astimezone(ZoneInfo("Pacific/Auckland"))
    (debt,) = owe(People([ada()]), late, auckland, RULES, offers={ADA_SITE: (article(),)})
    assert debt.suggestion.reason == "they linked to you on 2 Nov"
    years_old = [received("link", 330, url=f"https://ada.example/{page}") for page in "xy"]
    old = one(years_old, People([ada()]), offers={ADA_SITE: (article(),)})
    assert old.suggestion.reason == "they linked to you on 7 Dec 2025"


def test_who_only_likes_is_read():
    likes = [received("like", day, my_url=f"https://me.example/{day}") for day in range(8, 80, 8)]
    suggestion = one(likes, People([ada()]), offers={ADA_SITE: (article(),)}).suggestion
    assert (suggestion.act, suggestion.url) == ("read", "https://ada.example/1")


def test_a_returned_boost_leaves_the_comment_to_answer():
    """Ada boosted and commented, I boosted: what is open is the comment."""
    entries = [received("boost", 9), given("boost", 8), received("comment", 5, url="https://me.example/a#1")]
    assert one(entries).suggestion.act == "answer"


NO_OFFER = {
    "an old one": ([article(days=61)], []),
    "one of tomorrow": ([article(days=-1)], []),
    "one I shared": ([article()], [given("share", 50, ADA_SITE, url="https://ada.example/1")]),
}


@pytest.mark.parametrize(("offers", "more"), NO_OFFER.values(), ids=NO_OFFER)
def test_nothing_to_return_yet(offers, more):
    debt = one([received("link", 1), *more], People([ada()]), offers={ADA_SITE: offers})
    assert debt.suggestion.act == "wait"
    assert debt.suggestion.reason.startswith("nothing to return yet")


@pytest.mark.parametrize("state", ["queued", "done", "skipped"])
def test_what_is_queued_or_skipped_is_not_offered_again(state):
    acts = [Act(ADA_SITE, "share", ago(10), "https://ada.example/1", state)]
    offers = {ADA_SITE: (article(1, score=0.9), article(2, score=0.5))}
    assert one([received("link", 1)], People([ada()]), offers=offers, acts=acts).suggestion.url.endswith("/2")


def test_the_best_article_is_offered_the_newer_of_equals():
    offers = {ADA_SITE: (article(1, 9, score=0.5), article(2, 8, score=0.7), article(3, 7, score=0.7))}
    assert one([received("link", 1)], People([ada()]), offers=offers).suggestion.url.endswith("/3")


def test_where_comments_are_taken_comment_first():
    offers = {ADA_SITE: (article(comments="https://ada.example/1#comments"),)}
    todo = one([received("link", 1)], People([ada()]), offers=offers).suggestion.todo
    assert todo == "comment on it, then share “Article 1”"


def crowd(count):
    return [Identity("mastodon", f"p{n}@example.social") for n in range(count)]


def suggested(debts):
    return [debt for debt in debts if debt.suggestion and debt.suggestion.act != "wait"]


def test_five_suggestions_a_day_and_no_more_after_acting():
    """Eight people replied; five are suggested. After two were answered today three are left, tomorrow five again."""
    entries = [received("comment", 1 + n, who) for n, who in enumerate(crowd(8))]
    assert len(suggested(owe(NOBODY, entries, NOW, RULES))) == 5
    acts = [Act(who, "answer", ago(0.1)) for who in crowd(2)]
    assert len(suggested(owe(NOBODY, entries, NOW, RULES, acts=acts))) == 3
    assert len(suggested(owe(NOBODY, entries, NOW + timedelta(days=1), RULES, acts=acts))) == 5
    assert len(suggested(owe(NOBODY, entries, NOW, RULES, limit=1))) == 1


def test_a_day_is_the_owners_day():
    """Noon in UTC is Tuesday in Auckland already; what was done at eight in the morning UTC was still Monday there."""
    entries = [received("comment", 1 + n, who) for n, who in enumerate(crowd(8))]
    acts = [Act(who, "answer", ago(4 / 24)) for who in crowd(2)]
    auckland = NOW.astimezone(ZoneInfo("Pacific/Auckland"))
    assert len(suggested(owe(NOBODY, entries, auckland, RULES, acts=acts))) == 5


def test_no_site_twice_in_a_day():
    """Two people write on one site; only the first gets a share today. The other's turn is another day."""
    people = People([ada(), Person("bob", "Bob", (BOB, Identity("web", "ada.example/bob")))])
    offers = {ADA_SITE: (article(1),), Identity("web", "ada.example/bob"): (article(2, who=ADA_SITE),)}
    entries = [received("link", 1), received("share", 1, BOB)]
    first, second = owe(people, entries, NOW, RULES, offers=offers)
    assert (first.suggestion.act, second.suggestion.act) == ("share", "wait")
    assert "today" in second.suggestion.reason


def test_two_people_of_one_server_are_two_sites():
    entries = [received("boost", 1), received("boost", 1, BOB)]
    assert [debt.suggestion.act for debt in owe(NOBODY, entries, NOW, RULES)] == ["boost", "boost"]


def post(who, address):
    return Offer(who, f"https://example.social{address}", "A post", ago(3), 0.5)


def test_two_people_of_one_server_are_two_sites_wherever_their_posts_lie():
    """Not every server has the name of an account in the addresses of its posts."""
    entries = [received("boost", 9), received("boost", 9, BOB)]
    offers = {ADA: (post(ADA, "/notice/A1"),), BOB: (post(BOB, "/notice/B1"),)}
    assert [debt.suggestion.act for debt in owe(NOBODY, entries, NOW, RULES, offers=offers)] == ["boost", "boost"]
    acts = [Act(ADA, "boost", ago(0.1), "https://example.social/notice/A1")]
    boosted = given("boost", 0.1, url="https://example.social/notice/A1")
    debts = owe(NOBODY, [*entries, boosted], NOW, RULES, offers=offers, acts=acts)
    assert [debt.suggestion.act for debt in debts if debt.person.identities == (BOB,)] == ["boost"]


@pytest.mark.parametrize(
    ("kind", "offers", "reason"),
    [
        ("link", {}, "their site is not among your sources: `syndicator add https://ada.example`"),
        ("link", {ADA: ()}, "their site is not among your sources: `syndicator add https://ada.example`"),
        ("link", {ADA_SITE: ()}, "look again when they publish"),
        ("boost", {ADA: (), ADA_SITE: (article(),)}, "look again when they publish"),
    ],
)
def test_why_there_is_nothing_to_return_yet(kind, offers, reason):
    """Of a site that nobody reads nothing can come."""
    debt = one([received(kind, 1)], People([ada()]), offers=offers)
    assert debt.suggestion.reason == f"nothing to return yet: {reason}"


def test_reading_that_was_passed_over_is_for_every_favour_before():
    """Their profile is all there is to read; the next like is news."""
    likes = [received("like", day, my_url=f"https://me.example/{day}") for day in range(8, 80, 8)]
    first = one(likes).suggestion
    assert first.act == "read"
    skipped = [Act(ADA, "read", ago(4), first.decides, "skipped")]
    assert one(likes, acts=skipped).suggestion.act == "wait"
    assert one([*likes, received("like", 1, my_url="https://me.example/1")], acts=skipped).suggestion.act == "read"


def test_the_lift_saturates_below_its_cap():
    """At the threshold half the cap, then ever closer to it; even people lift nothing."""
    people = People([ada()])
    (little,) = lift(owe(people, [received("boost", 0)], NOW, RULES), 0.15, 3).values()
    (much,) = lift(owe(people, [received("link", n / 10) for n in range(99)], NOW, RULES), 0.15, 3).values()
    assert little == pytest.approx(0.15 * 4 / 7)
    assert 0.149 < much < 0.15
    assert lift(owe(people, [received("like", 0)], NOW, RULES), 0.15, 3) == {}


@for_any(ledgers(ADA, ADA_SITE, BOB, SKY), st.randoms())
def test_the_list_does_not_depend_on_the_order_of_arrival(entries, chance):
    people = People([ada()])
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert owe(people, shuffled, NOW, RULES) == owe(people, entries, NOW, RULES)


ACTS = st.builds(
    Act,
    st.sampled_from([ADA, ADA_SITE, BOB, SKY]),
    st.sampled_from(["share", "boost", "thank", "comment", "read", "forgive"]),
    st.integers(0, 40).map(ago),
    st.sampled_from(["", "https://ada.example/1", "https://ada.example/2"]),
    st.sampled_from(["queued", "done", "skipped"]),
)


@for_any(
    ledgers(ADA, ADA_SITE, BOB, SKY),
    st.lists(ACTS, max_size=8, unique_by=lambda act: (act.identity, act.act, act.url)),
    st.randoms(),
)
def test_nor_on_that_of_people_acts_and_offers(entries, acts, chance):
    """Each act is there once, as the book keeps them; everything else may come in any order."""
    offers = {ADA_SITE: (article(1), article(2, 9)), BOB: (article(3, who=BOB),), SKY: ()}
    persons = [ada(), Person("bob", "Bob", (BOB,)), Person("sky", "Ada", (SKY,))]

    def mixed(things):
        return chance.sample(things, len(things))

    turned = {who: mixed(theirs) for who, theirs in mixed(list(offers.items()))}
    assert owe(People(mixed(persons)), mixed(entries), NOW, RULES, turned, mixed(acts)) == owe(
        People(persons), entries, NOW, RULES, offers, acts
    )


@for_any(ledgers(ADA, ADA_SITE, BOB))
def test_explain_tells_what_owe_reckons(entries):
    people = People([ada(spam_signs=("new account",))])
    for debt in owe(people, entries, NOW, RULES):
        told, _ = explain(debt.person, entries, NOW, RULES)
        assert sum(line.counts for line in told.lines) == pytest.approx(debt.open, abs=1e-9)
        assert {line.entry.identity for line in told.lines} <= set(debt.person.identities)


@for_any(ledgers(ADA, ADA_SITE))
def test_merging_and_splitting_again_changes_no_balance(entries):
    apart = owe(NOBODY, entries, NOW, RULES)
    remaining, taken = split(merge(implicit(ADA), implicit(ADA_SITE)), ADA_SITE)
    again = owe(People([remaining, taken]), entries, NOW, RULES)
    assert {debt.person.id: debt.open for debt in again} == {debt.person.id: debt.open for debt in apart}


@for_any(ledgers(ADA, BOB))
def test_counts_are_of_acts_that_happened(entries):
    for debt in owe(NOBODY, entries, NOW, RULES):
        mine = [entry for entry in entries if entry.identity in debt.person.identities and entry.when <= NOW]
        assert debt.received.total() <= sum(entry.direction is Direction.RECEIVED for entry in mine)
        assert debt.given.total() <= sum(entry.direction is Direction.GIVEN for entry in mine)


POST = Offer(ADA, "https://example.social/@ada/99", "A post about moss", ago(3), 0.5)


def test_a_boost_is_returned_with_their_best_post_on_that_network():
    offers = {ADA: (POST,), ADA_SITE: (article(),)}
    suggestion = one([received("boost", 1)], People([ada()]), offers=offers).suggestion
    assert (suggestion.act, suggestion.on, suggestion.url) == ("boost", "mastodon", POST.url)
    assert suggestion.todo == "boost “A post about moss”"


def test_where_their_posts_were_read_and_none_will_do_there_is_nothing_to_boost_yet():
    suggestion = one([received("boost", 1)], offers={ADA: ()}).suggestion
    assert (suggestion.act, suggestion.reason) == ("wait", "nothing to return yet: look again when they publish")


def test_thanked_for_a_recommendation_one_recommends_back():
    """Their site into the blogroll, else an endorsement of their account; done once, nothing more is asked."""
    entry = received("recommend", 20, url="https://ada.example/blogroll.opml")
    thanked = [Act(ADA, "thank", ago(9), entry.url)]
    with_site = one([entry], People([ada()]), acts=thanked).suggestion
    assert (with_site.act, with_site.on, with_site.url) == ("recommend", "web", "https://ada.example")
    without = one([entry], acts=thanked).suggestion
    assert (without.act, without.on, without.url) == ("recommend", "mastodon", "https://example.social/@ada")
    assert one([entry], acts=[*thanked, Act(ADA, "recommend", ago(5), without.url)]).suggestion.act == "wait"


def test_an_answered_comment_leaves_their_latest_to_comment_on():
    entry = received("comment", 9, url="https://me.example/a#1")
    answered = [Act(ADA, "answer", ago(8), entry.url)]
    offers = {ADA_SITE: (article(1, 9, score=0.9), article(2, 5))}
    suggestion = one([entry], People([ada()]), offers=offers, acts=answered).suggestion
    assert (suggestion.act, suggestion.url, suggestion.todo) == (
        "comment",
        "https://ada.example/2",
        "comment on “Article 2”",
    )


def test_of_two_replies_the_one_not_yet_answered_is_answered():
    entries = [received("reply", 9, url=f"https://example.social/@ada/{n}") for n in (1, 2)]
    first = one(entries).suggestion
    second = one(entries, acts=[Act(ADA, "answer", ago(8), first.url)]).suggestion
    assert {first.url, second.url} == {entry.url for entry in entries}
    assert (first.act, second.act) == ("answer", "answer")


@pytest.mark.parametrize(
    ("topics", "affinity"), [([], 1.25), ([0.5], 1.25), ([0.5, 0.7], 1.375), ([1, 1], 1.5), ([0], 0.625)]
)
def test_topics_in_common_move_the_affinity_within_its_bounds(topics, affinity):
    offers = {ADA_SITE: tuple(article(n, topics=each) for n, each in enumerate(topics))}
    debt = one([received("link", 0)], People([ada()]), offers=offers)
    assert debt.ranking.affinity == pytest.approx(affinity)
    assert debt.rank == pytest.approx(affinity * debt.open)


@for_any(ledgers(ADA, ADA_SITE, BOB), st.floats(0, 1), st.sampled_from(["", "friend"]))
def test_explain_multiplies_to_the_rank_that_owe_orders_by(entries, topics, role):
    people = People([ada(roles=(role,) if role else ())])
    offers = {ADA_SITE: (article(topics=topics),)}
    acts = [Act(BOB, "answer", ago(1))]
    for debt in owe(people, entries, NOW, RULES, offers, acts):
        settlement, ranking = explain(debt.person, entries, NOW, RULES, acts, offers)
        assert settlement.balance == pytest.approx(debt.open, abs=1e-9)
        assert ranking.value == pytest.approx(debt.rank, abs=1e-9)
        assert 0.5 <= ranking.affinity <= 1.5
        assert 1 <= ranking.urgency <= 2
