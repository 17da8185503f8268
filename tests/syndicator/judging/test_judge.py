"""The arithmetic of a judgement is open: parts sum to the score, every refusal has its reason, owing never rescues."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces import NOON, article, note

from syndicator.judging.judge import Standard, explained, judge
from syndicator.judging.knowledge import Known, learn
from syndicator.judging.weights import WEIGHTS
from syndicator.settings import Judge, Me, Plan, Settings
from syndicator.sources.base import Source
from syndicator.times import Span

HER = Source("https://ada.example/feed", "curated", title="Ada")
NORMAL = Standard(NOON, Plan())
LENIENT = Standard(NOON, Plan(min_score=0.0))


def standard(**changes: object) -> Standard:
    return Standard(NOON, msgspec.structs.replace(Plan(), **changes))


def knowing(settings: Settings | None = None, plan: Plan | None = None, **known: object) -> Standard:
    """A standard by these settings, with this known besides the article."""
    return Standard(NOON, plan or Plan(), learn(settings or Settings(), Known(**known), NOON))


# --- Refusals


@pytest.mark.parametrize(
    ("about", "source", "reason"),
    [
        ({"baseline": True}, {}, "baseline"),
        ({"rank": 0}, {}, "baseline"),
        ({}, {"comment_first": True}, "comment first"),
        ({"published": NOON - timedelta(days=11)}, {}, "too old: 11d, and max_age is 10d"),
        ({"published": None, "first_seen": NOON - timedelta(days=11)}, {}, "too old"),
        ({"title": "A great Giveaway!"}, {"exclude": ("giveaway",)}, "excluded by 'giveaway'"),
        ({"summary": "This post is sponsored."}, {"exclude": ("sponsored",)}, "excluded by 'sponsored'"),
        ({"tags": ("Ads",)}, {"exclude": ("ads",)}, "excluded by 'ads'"),
        ({}, {"include": ("python",)}, "matches none of the source's include words"),
        ({"title": "Python ad"}, {"include": ("python",), "exclude": ("ad",)}, "excluded by 'ad'"),
        ({"title": "Ep. 12"}, {"exclude": (r"/^ep\. \d+$/",)}, "excluded by"),
    ],
)
def test_every_refusal_has_its_reason(about: dict[str, object], source: dict[str, object], reason: str) -> None:
    judged = judge(article(**about), replace(HER, **source), NORMAL)
    assert reason in judged.rejected
    assert (judged.score, judged.parts) == (0.0, {})


def test_a_score_below_the_bar_is_refused_and_shows_its_parts() -> None:
    judged = judge(article(), HER, standard(min_score=0.99))
    assert judged.rejected == f"score {judged.score:.2f} is below min_score 0.99"
    assert sum(judged.parts.values()) == pytest.approx(judged.score)


@pytest.mark.parametrize(
    ("url", "sites", "mine"),
    [
        ("https://me.example/a", ("https://me.example",), True),
        ("https://www.me.example/a", ("https://me.example",), True),
        ("https://me.example/blog/a", ("https://me.example/blog",), True),
        ("https://me.example/blogroll/a", ("https://me.example/blog",), False),
        ("https://notme.example/a", ("https://me.example",), False),
        ("https://sub.me.example/a", ("https://me.example",), False),
    ],
)
def test_my_own_pages_in_another_s_feed_are_not_shared_as_theirs(url: str, sites: tuple[str, ...], mine: bool) -> None:
    asked = knowing(Settings(me=Me(sites=sites)))
    assert ("my own sites" in judge(article(url), HER, asked).rejected) is mine
    assert not judge(article(url, kind="own"), HER, asked).rejected


def test_mine_and_my_notes_need_no_score_but_obey_filters_and_age() -> None:
    assert judge(article(kind="own"), HER, NORMAL).score == 1.0
    assert judge(note("1"), HER, NORMAL).score == 1.0
    assert judge(article(kind="own", published=NOON - timedelta(days=30)), HER, NORMAL).rejected
    assert judge(article(kind="own", baseline=True), HER, NORMAL).rejected


# --- Scores


def test_the_parts_add_up_to_at_most_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    best = article(published=NOON, words=5000, sources=("a", "b", "c", "d"), title="python and static sites")
    judged = judge(best, Source("a", "curated", weight=10), standard(topics=("python", "static sites", "walks")))
    # What nothing is known of yet is neutral: it earns half.
    neutral = {"trust": 0.5, "reactions": 0.5}
    expected = {name: pytest.approx(weight * neutral.get(name, 1)) for name, weight in WEIGHTS.items()}
    assert judged.parts == expected
    assert judged.score == pytest.approx(1 - (WEIGHTS["trust"] + WEIGHTS["reactions"]) / 2)


@pytest.mark.parametrize(
    ("part", "worse", "better"),
    [
        ("freshness", {"published": NOON - timedelta(days=5)}, {"published": NOON - timedelta(days=1)}),
        ("substance", {"words": 50}, {"words": 500}),
        ("corroboration", {"sources": ("a",)}, {"sources": ("a", "b")}),
        ("relevance", {"title": "On walks"}, {"title": "On python"}),
        ("relevance", {"title": "On walks"}, {"tags": ("Python",)}),
    ],
)
def test_each_part_grows_with_what_it_measures(part: str, worse: dict[str, object], better: dict[str, object]) -> None:
    asked = standard(topics=("python",), min_score=0.0)
    one, other = judge(article(**worse), HER, asked), judge(article(**better), HER, asked)
    assert one.parts[part] < other.parts[part]
    assert {name: value for name, value in one.parts.items() if name != part} == {
        name: value for name, value in other.parts.items() if name != part
    }


def test_evidence_says_where_each_part_comes_from() -> None:
    asked = standard(topics=("python",))
    judged = judge(article(words=120), HER, asked)
    assert judged.evidence == (), "nobody asked"
    evidence = explained(judged, HER, asked).evidence
    assert [line.split(":")[0] for line in evidence] == list(judged.parts) == list(WEIGHTS)
    assert "substance: 120 words" in evidence
    assert "relevance: none of the topics" in evidence


def test_an_article_from_the_future_is_no_fresher_than_fresh() -> None:
    judged = judge(article(published=NOON + timedelta(days=400)), HER, LENIENT)
    assert judged.parts["freshness"] == WEIGHTS["freshness"]


def test_no_age_allowed_is_no_division_by_nothing() -> None:
    judged = judge(article(published=NOON), HER, standard(max_age=Span(), min_score=0.0))
    assert judged.parts["freshness"] == 0.0


# --- Being owed


def owed(by: float, **changes: object) -> Standard:
    return knowing(plan=msgspec.structs.replace(Plan(), **changes), lifts={"ada.example": by})


def test_owing_lifts_a_good_article_and_says_so() -> None:
    plain, lifted = judge(article(), HER, NORMAL), judge(article(), HER, owed(0.1))
    assert lifted.score == pytest.approx(plain.score + 0.1)
    assert lifted.parts["reciprocity"] == pytest.approx(0.1)
    assert explained(lifted, HER, owed(0.1)).evidence[-1] == "reciprocity: ada.example is owed"


def test_owing_never_lifts_what_is_not_good_enough() -> None:
    bar = judge(article(), HER, LENIENT).score + 0.01
    judged = judge(article(), HER, owed(0.5, min_score=bar))
    assert judged.rejected
    assert "reciprocity" not in judged.parts


def test_owing_never_lifts_beyond_the_top() -> None:
    best = article(published=NOON, words=5000, sources=("a", "b", "c"), title="python and walks")
    asked = owed(0.15, topics=("python", "walks"))
    judged = judge(best, replace(HER, weight=2), asked)
    assert judge(best, replace(HER, weight=1.6), asked).score == judged.score == 1.0
    assert sum(judged.parts.values()) == pytest.approx(1.0)


def test_only_those_who_are_owed_are_lifted() -> None:
    assert "reciprocity" not in judge(article("https://bob.example/a"), HER, owed(0.15)).parts


# --- Properties

abouts = st.builds(
    article,
    kind=st.sampled_from(["curated", "own", "notes"]),
    title=st.sampled_from(["python", "static sites and python", "nothing", "ad"]),
    published=st.one_of(st.none(), st.integers(-500, 20_000).map(lambda n: NOON - timedelta(minutes=n))),
    words=st.integers(0, 10**6),
    tags=st.lists(st.sampled_from(["python", "walks"])).map(tuple),
    sources=st.lists(st.text("abc", min_size=1), min_size=1, max_size=5).map(tuple),
    baseline=st.booleans(),
)
sources = st.builds(
    Source,
    st.just("https://ada.example/feed"),
    st.just("curated"),
    weight=st.floats(0, 10),
    include=st.sampled_from([(), ("python",)]),
    exclude=st.sampled_from([(), ("ad",)]),
)
plans = st.builds(
    Plan,
    max_age=st.integers(0, 30).map(lambda n: Span(days=n)),
    topics=st.sampled_from([(), ("python",), ("python", "walks", "static sites")]),
    min_score=st.floats(0, 1),
)


@given(abouts, sources, plans, st.floats(0, 0.5))
def test_scores_are_sums_between_nothing_and_one_and_a_lift_changes_only_the_order(about, source, plan, by) -> None:
    plain = judge(about, source, Standard(NOON, plan))
    lifted = judge(about, source, knowing(plan=plan, lifts={"ada.example": by}))
    for judged in (plain, lifted):
        assert 0 <= judged.score <= 1
        assert sum(judged.parts.values()) == pytest.approx(judged.score, abs=1e-3)
        assert all(part >= 0 for part in judged.parts.values())
    assert plain.rejected == lifted.rejected
    assert plain.score <= lifted.score <= plain.score + by + 1e-3
    if not plain.rejected and about.kind == "curated":
        assert plain.score >= plan.min_score - 1e-3


@given(abouts, sources, plans)
def test_one_more_voice_never_lowers_a_score(about, source, plan) -> None:
    asked = Standard(NOON, plan)
    more = msgspec.structs.replace(about, linked_by=("newcomer.example",))
    before, after = judge(about, source, asked), judge(more, source, asked)
    assert after.score >= before.score
    assert bool(after.rejected) <= bool(before.rejected)


@given(st.permutations(range(6)), plans)
def test_the_order_of_judging_changes_nothing(order, plan) -> None:
    found = [
        article(f"https://ada.example/{n}", title="python " * n, words=100 * n, sources=("a", "b")) for n in range(6)
    ]
    alone = {each.url: judge(each, HER, Standard(NOON, plan)) for each in found}
    together = Standard(NOON, plan, Standard(NOON, plan).knowledge.remembering())
    assert {found[n].url: judge(found[n], HER, together) for n in order} == alone


def test_what_is_shown_sums_to_the_score() -> None:
    asked = owed(0.1, topics=("python",))
    shown = explained(judge(article(words=333, title="On python"), HER, asked), HER, asked)
    assert round(sum(shown.parts.values()), 4) == shown.score
    assert len(shown.evidence) == len(shown.parts) == len(WEIGHTS) + 1


@pytest.mark.parametrize("weight", [0.0, 0.5, 10.0])
def test_the_weights_of_the_settings_count(weight: float) -> None:
    settings = Settings(judge=Judge(weights={"substance": weight}))
    best = judge(article(words=600), HER, knowing(settings))
    others = 1 - WEIGHTS["substance"]
    assert best.parts["substance"] == pytest.approx(weight / (weight + others))
