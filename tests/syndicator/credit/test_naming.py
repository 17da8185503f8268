"""Whom a post names: the evidence that is believed, the people who are left alone, and how often."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces import NOON

from ledger.entry import Identity
from ledger.people import People, Person, identity
from syndicator.credit.acquaintance import Acquaintance, Named, Rules
from syndicator.credit.belief import Authorship
from syndicator.credit.claims import Claim, Home, Via
from syndicator.credit.naming import Naming, naming
from syndicator.credit.profiles import Known

X_ADA = identity("x:ada")
ON_X = (Claim(X_ADA, "twitter:creator"),)
ADA, BOB = identity("@ada@example.social"), identity("@bob@example.social")
SKY = identity("@ada.bsky.social")
BOTH = People([Person("a", "Ada", (ADA, SKY))])
WEEK = timedelta(days=7)
BLOG, NOBODY_KNOWN, ONCE_A_WEEK = Home("ada.blog", frozenset({"ada lovelace"})), People(), Rules(WEEK)
BELOW = identity("blog.example")
PAPER = identity("x:paper")
BY_PAPER = (Claim(PAPER, "rel=me"),)


@dataclass
class Case:
    """One article on ada.blog that Ada wrote, as its page says, and all that is known of her: nothing against it."""

    via: Via = "fediverse:creator"
    claims: tuple[Claim, ...] = ()
    byline: str = "ada lovelace"
    home: Home = BLOG
    known: dict[Identity, Known] = field(
        default_factory=lambda: {ADA: Known(at=NOON, handle=ADA.handle, name="Ada Lovelace")}
    )
    people: People = NOBODY_KNOWN
    networks: frozenset[str] = frozenset({"mastodon"})
    rules: Rules = ONCE_A_WEEK
    history: tuple[tuple[int, str], ...] = ()
    unasked: tuple[str, ...] = ()

    def naming(self, network: str = "mastodon") -> Naming:
        claims = (Claim(ADA, self.via), *self.claims)
        history = [Named(NOON + timedelta(days=days), frozenset({who})) for days, who in self.history]
        known = Acquaintance(self.known, self.people, self.networks, self.unasked)
        return naming(Authorship(claims, self.byline, self.home), network, known, self.rules, history, NOON)

    def of(self, **changes: object) -> "Case":
        """The same with another profile."""
        given = {"at": NOON, "handle": ADA.handle, "name": "Ada Lovelace", **changes}
        return replace(self, known={**self.known, ADA: Known(**given)})


MAGAZINE = Home("paper.com", frozenset({"ada lovelace", "bob"}))
HOST = Home("medium.com/@ada", shared=True)


@pytest.mark.parametrize(
    "case",
    [
        Case(),
        Case("h-card"),
        Case("rel=me"),
        Case(home=MAGAZINE),
        Case(home=HOST),
        Case("h-card", home=MAGAZINE),
        Case("feed"),
        Case("feed", home=MAGAZINE),
        Case("h-card", home=MAGAZINE, byline="").of(sites=("paper.com",)),
        Case("h-card", home=HOST, byline="lovelace").of(sites=("medium.com/@ada",)),
        Case("rel=me", home=Home("ada.blog"), byline="").of(sites=("ada.blog",)),
        Case("rel=me", home=Home("notes.ada.blog"), byline="").of(sites=("ada.blog",)),
        Case("rel=me", home=HOST).of(sites=("medium.com/@ada",)),
        Case(byline="").of(name="A", links=("ada.blog",)),
        Case(byline="").of(name="Lovelace"),
        Case().of(name="", links=("ada.blog",)),
        Case(byline="lovelace").of(name="Countess Lovelace of Ockham"),
        Case(byline="bo li").of(name="Li, Bo"),
        Case(byline="王小明").of(name="王小明 / Xiaoming"),
    ],
)
def test_the_author_is_named(case: Case) -> None:
    named = case.naming()
    assert (named.handle, named.names[0]) == ("@ada@example.social", "mastodon:ada@example.social")
    assert named.why.startswith("names its author, @ada@example.social (by ")


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (Case("rel=me", home=Home("ada.blog"), byline=""), "does not link back to ada.blog"),
        (Case("rel=me", home=MAGAZINE), "has several authors"),
        (Case("rel=me", home=MAGAZINE).of(sites=("paper.com",)), "has several authors"),
        (Case("rel=me", home=HOST), "does not link back"),
        (Case("rel=me", home=HOST).of(sites=("medium.com",)), "does not link back"),
        (Case("h-card", home=MAGAZINE, byline="bob"), "neither leads to"),
        (Case("h-card", home=MAGAZINE, byline=""), "neither leads to"),
        (Case("h-card", home=HOST, byline="bob"), "neither leads to"),
        (Case("feed", home=MAGAZINE, byline="bob"), "neither leads to"),
        (Case().of(name="Someone Else"), "neither leads to ada.blog nor bears the author's name"),
        (Case().of(name="Someone Else", links=("other.blog",)), "neither leads to"),
        (Case("h-card").of(name="Someone Else"), "neither leads to"),
        (Case(home=Home("ada.blog"), byline="").of(name="Ada Lovelace"), "neither leads to"),
        (Case(home=HOST, byline="").of(links=("medium.com/@bob",)), "neither leads to"),
        (Case(home=HOST, byline="de maria silva").of(name="Diario de Paris"), "neither leads to"),
        (Case(home=HOST, byline="a and b").of(name="News and More"), "neither leads to"),
        (Case(byline="blog news staff team with").of(name="Staff of the Blog team with News"), "neither leads to"),
        (Case(byline="ada", home=Home("ada.blog")).of(name="Ada"), "neither leads to"),
        (Case("rel=me").of(name="The Paper", sites=("ada.blog",)), "does not bear the name"),
        (Case("domain", byline="").of(name="The Paper", sites=("ada.blog",)), "does not bear the name"),
        (Case().of(blocked=True), "blocked the other"),
        (Case().of(barred="group"), "is marked as group"),
        (Case().of(barred="!takedown"), "is marked as takedown"),
        (Case(home=MAGAZINE, rules=Rules(WEEK, never=frozenset({identity("paper.com")}))), "`never`"),
        (Case(home=HOST, rules=Rules(WEEK, never=frozenset({identity("medium.com/@ada")}))), "`never`"),
        (Case(home=MAGAZINE, claims=BY_PAPER, rules=Rules(WEEK, never=frozenset({PAPER}))), "`never`"),
        (Case(home=MAGAZINE, people=People([Person("p", "P", (identity("paper.com"),), opted_out=True)])), "opted out"),
        (Case(home=MAGAZINE, people=People([Person("p", "P", (identity("paper.com"),), muted=True)])), "opted out"),
        (Case(unasked=("lake",)), "whose account lake is could not be looked up"),
        (Case(home=replace(MAGAZINE, common=frozenset({ADA}))), "for several authors"),
        (Case(home=replace(MAGAZINE, site="ada.com")), "is the site's"),
        (Case(home=Home("ada.co.uk", creators=frozenset({ADA, BOB}))), "is the site's"),
        (Case(known={ADA: Known(at=NOON)}), "nobody is @ada"),
        (Case().of(handle="ada@localhost"), "nobody is @ada"),
        (Case().of(handle="adam@example.social"), "nobody is @ada"),
        (Case().of(bot=True), "is a bot"),
        (Case().of(opted_out=True), "asks bots to leave them alone"),
        (Case().of(moved_to="ada@new.example"), "moved to ada@new.example"),
        (Case(known={}), "could not be looked up"),
        (Case(networks=frozenset()), "no login to look @ada@example.social up with"),
        (Case(rules=Rules(WEEK, never=frozenset({ADA}))), "`never`"),
        (Case(rules=Rules(WEEK, never=frozenset({identity("ada.blog")}))), "`never`"),
        (Case(rules=Rules(WEEK, never=frozenset({BELOW}))).of(sites=("ada.blog.example",)), "`never`"),
        (Case(rules=Rules(WEEK, mine=frozenset({ADA}))), "is you"),
        (Case(rules=Rules(WEEK, mine=frozenset({X_ADA})), claims=ON_X), "is you"),
        (Case(people=People([Person("a", "Ada", (ADA,), opted_out=True)])), "opted out"),
        (Case(people=People([Person("a", "Ada", (ADA,), muted=True)])), "opted out"),
        (Case(history=((-6, str(ADA)),)), "within 7d"),
        (Case(history=((6, str(ADA)),)), "within 7d"),
        (Case(history=((0, "web:ada.blog"),)), "within 7d"),
        (Case(history=((-1, "bluesky:ada.bsky.social"),), people=BOTH), "within 7d"),
        (Case(history=((-1, "x:ada"),), claims=ON_X), "within 7d"),
    ],
)  # fmt: skip
def test_the_author_is_not_named_and_the_reason_is_told(case: Case, why: str) -> None:
    named = case.naming()
    assert (named.handle, named.names) == ("", ())
    assert named.why.startswith("author not named: ")
    assert why in named.why


@pytest.mark.parametrize("history", [((-7, str(ADA)),), ((7, str(ADA)),), ((0, str(BOB)),), ((0, "web:bob.blog"),)])
def test_after_a_week_and_for_others_it_may_be(history: tuple[tuple[int, str], ...]) -> None:
    assert Case(history=history).naming().handle


def test_the_handle_itself_may_bear_the_author_s_name() -> None:
    who = identity("@ada.lovelace@example.social")
    known = Acquaintance({who: Known(at=NOON, handle=who.handle)}, People(), frozenset({"mastodon"}))
    for byline, named in (("ada lovelace", True), ("example social", False)):
        written = Authorship((Claim(who, "fediverse:creator"),), byline, BLOG)
        assert bool(naming(written, "mastodon", known, ONCE_A_WEEK, [], NOON).handle) is named


def test_a_domain_names_its_person_where_nobody_signs_or_they_do() -> None:
    who = identity("@ada.blog")
    known = Acquaintance({who: Known(at=NOON, handle="ada.blog", name="Lovelace")}, People(), frozenset({"bluesky"}))
    for byline, named in (("", True), ("ada lovelace", True), ("doe jane", False)):
        written = Authorship((Claim(who, "domain"),), byline, Home("ada.blog", frozenset({byline} - {""})))
        assert bool(naming(written, "bluesky", known, ONCE_A_WEEK, [], NOON).handle) is named


@pytest.mark.parametrize(
    ("byline", "creators", "days", "site", "named"),
    [
        ("", {ADA, BOB}, -6, "paper.com", False),
        ("", {ADA, BOB}, -7, "paper.com", True),
        ("", {ADA, BOB}, -6, "other.blog", True),
        ("", {ADA}, -6, "paper.com", True),
        ("ada lovelace", {ADA, BOB}, -6, "paper.com", True),
    ],
)
def test_a_site_that_signs_nothing_brings_one_new_person_in_a_week(
    byline: str, creators: set[Identity], days: int, site: str, named: bool
) -> None:
    written = Authorship((Claim(ADA, "fediverse:creator"),), byline, Home("paper.com", creators=frozenset(creators)))
    profile = Known(at=NOON, handle=ADA.handle, name="Ada Lovelace", links=("paper.com",))
    known = Acquaintance({ADA: profile}, People(), frozenset({"mastodon"}))
    history = [Named(NOON + timedelta(days=days), frozenset({str(BOB)}), site)]
    found = naming(written, "mastodon", known, ONCE_A_WEEK, history, NOON)
    assert bool(found.handle) is named
    assert named or "names somebody else on each page" in found.why
    known_of_old = [*history, Named(NOON - timedelta(days=30), frozenset({str(ADA)}), "paper.com")]
    assert naming(written, "mastodon", known, ONCE_A_WEEK, known_of_old, NOON).handle


def test_without_evidence_there_is_nothing_to_tell() -> None:
    assert Case().naming("bluesky") == Naming()
    assert Case(claims=ON_X).naming("x") == Naming()


def test_who_moved_is_named_where_they_are_if_the_page_says_so_too() -> None:
    new = identity("@ada@new.example")
    case = Case(claims=(Claim(new, "rel=me"),)).of(moved_to=new.handle)
    case.known[new] = Known(at=NOON, handle=new.handle, name="Ada Lovelace")
    assert case.naming().handle == "@ada@new.example"


def test_a_refusal_by_one_handle_holds_for_all_of_that_person() -> None:
    case = Case(claims=(Claim(SKY, "h-card"),), networks=frozenset({"mastodon", "bluesky"})).of(opted_out=True)
    case.known[SKY] = Known(at=NOON, handle=SKY.handle, name="Ada Lovelace")
    assert "leave them alone" in case.naming("bluesky").why
    del case.known[ADA]
    assert case.naming("bluesky").unknown == (ADA,)


def test_a_handle_behind_an_id_is_shown_as_it_is_now() -> None:
    did = Identity("bluesky", "did:plc:abc")
    case = Case(claims=(Claim(did, "rel=me"),), networks=frozenset({"bluesky"}))
    assert case.naming("bluesky").unknown == (did,)
    case.known[did] = Known(at=NOON, handle="ada.blog", name="Ada Lovelace", sites=("ada.blog",))
    named = case.naming("bluesky")
    assert named.handle == "@ada.blog"
    assert {"bluesky:did:plc:abc", "bluesky:ada.blog", "web:ada.blog"} <= set(named.names)


def test_the_site_of_a_magazine_is_no_author_s_name() -> None:
    by_the_paper = Claim(identity("paper.com"), "feed")
    assert "web:paper.com" not in Case(home=MAGAZINE, claims=(by_the_paper,)).naming().names
    assert "web:paper.com" not in Case(home=MAGAZINE).of(sites=("paper.com", "ada.blog")).naming().names
    assert "web:ada.blog" in Case(home=MAGAZINE).of(sites=("paper.com", "ada.blog")).naming().names


vias = st.sampled_from(["fediverse:creator", "twitter:creator", "h-card", "feed", "rel=me", "domain"])
whos = st.sampled_from([ADA, BOB, SKY, identity("x:ada"), identity("ada.blog"), identity("@ada.blog")])
known = st.builds(
    Known,
    at=st.just(NOON),
    handle=st.sampled_from(["", ADA.handle, SKY.handle, "ada.blog", "x"]),
    bot=st.booleans(),
    opted_out=st.booleans(),
    moved_to=st.sampled_from(["", BOB.handle]),
    sites=st.lists(st.sampled_from(["ada.blog", "bob.blog"]), max_size=2).map(tuple),
)


@given(
    st.lists(st.builds(Claim, whos, vias), max_size=5).map(tuple),
    st.dictionaries(whos, known),
    st.sampled_from([MAGAZINE, HOST, Home("ada.blog")]),
    st.lists(st.tuples(st.integers(-10, 10), whos.map(str)), max_size=4),
    st.frozensets(whos, max_size=2),
    st.sampled_from(["mastodon", "bluesky", "x", "linkblog", "memory"]),
)
def test_whatever_pages_claim_nobody_is_named_against_their_will_or_too_often(
    claims: tuple[Claim, ...],
    found: dict[Identity, Known],
    home: Home,
    history: list[tuple[int, str]],
    never: frozenset[Identity],
    network: str,
) -> None:
    acquaintance = Acquaintance(found, People(), frozenset({"mastodon", "bluesky", "x"}))
    past = [Named(NOON + timedelta(days=days), frozenset({who})) for days, who in history]
    named = naming(Authorship(claims, "ada", home), network, acquaintance, Rules(WEEK, never), past, NOON)
    if not named.handle:
        assert named.names == ()
        return
    assert network in ("mastodon", "bluesky")
    claimed = identity(named.names[0].removeprefix("bluesky:").removeprefix("mastodon:").join(["@", ""]))
    profile = found[claimed]
    assert named.handle == f"@{profile.handle}"
    assert (profile.bot, profile.opted_out, profile.moved_to) == (False, False, "")
    assert claimed not in never
    assert not any(abs(days) < 7 and who in named.names for days, who in history)
