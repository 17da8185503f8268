"""Each part of a score by itself: what it earns, and the evidence that it names."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from pieces import NOON, article, post

from ledger.entry import Direction, Entry, Identity, Kind
from platforms.base import PostRef
from syndicator.articles import Article
from syndicator.byhand import skip
from syndicator.judging.corroboration import Corroboration
from syndicator.judging.novelty import Novelty, Share
from syndicator.judging.reactions import Reactions, echoes
from syndicator.judging.relevance import Relevance, vocabulary
from syndicator.judging.substance import Substance
from syndicator.judging.trust import Trust, records
from syndicator.outbox import Change, Post, State
from syndicator.sources.base import Source
from syndicator.terms import MOST_TERMS, terms

ADA = Source("https://ada.example/feed", "curated", title="Ada")
BOB = Source("https://bob.example/feed", "curated", title="Bob")


# --- Terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Moss & café walls, 2026", ("on", "moss", "café", "walls")),
        ("東京の写真", ("東京", "京の", "の写", "写真")),
        ("Python入門", ("python", "入門")),
        ("Живая вода", ("живая", "вода")),
        ("हिन्दी कविता", ("हिन्दी", "कविता")),
        ("STRASSE straße", ("strasse",)),
        ("a 1 ! …", ()),
    ],
)
def test_terms_are_words_in_any_script(text: str, expected: tuple[str, ...]) -> None:
    assert terms(text) == expected


def test_title_and_tags_come_first_then_what_is_long_and_frequent() -> None:
    stones = " ".join(f"stone{'x' * n}" for n in range(30))
    found = terms("Weeknotes", ("Canals",), f"the moss, the wall of the boatyard; that boatyard of the mayor {stones}")
    assert found[:2] == ("weeknotes", "canals")
    assert "boatyard" in found
    assert "the" not in found
    assert len(found) == MOST_TERMS


# --- Relevance: my words


def about(words: str, number: int = 0, kind: str = "curated") -> Article:
    return article(f"https://{kind}.example/{number}", kind=kind, title="", terms=tuple(words.split()))


MINE = [about(f"the canal lock of boat{n} and on", n, "own") for n in range(6)]
EVERYBODY = [
    msgspec.structs.replace(about(f"the market of share{n} rally", n), summary=f"And on goes the rally of share{n}.")
    for n in range(60)
]


def test_my_words_are_those_that_i_use_oftener_than_everybody() -> None:
    mine = vocabulary(MINE, EVERYBODY)
    assert set(mine.weights) == {"canal", "lock"}
    assert max(mine.weights.values()) == 1
    part = Relevance((), mine)
    near, far = about("a canal lock opens"), about("the market of shares")
    assert part.fraction(near, ADA) == 1
    assert part.fraction(far, ADA) == 0
    assert part.evidence(near, ADA) == "my words canal, lock"
    assert part.evidence(far, ADA) == "none of my words"


def test_few_posts_of_mine_say_nothing_yet() -> None:
    part = Relevance((), vocabulary(MINE[:2], EVERYBODY))
    assert part.fraction(about("a canal"), ADA) == 0.5
    assert "too few posts of mine" in part.evidence(about("a canal"), ADA)


def test_few_texts_of_others_or_titles_alone_say_nothing_of_what_is_usual() -> None:
    titles = [msgspec.structs.replace(each, summary="") for each in EVERYBODY]
    assert vocabulary(MINE, EVERYBODY[:19]).weights == {}
    assert vocabulary(MINE, titles).weights == {}


#: By language: what holds sentences together, how sentences go on, my subjects, and those of others.
TONGUES = {
    "en": (
        "the it for and without their of to in is that with when on we but",
        ("For the {0}, and why it is in the {1}", "When {0} is without the {1}", "On their {0}: it is for the {1}"),
        "canal towpath aqueduct lock",
        "market shares striker league phone battery oven garden",
    ),
    "fr": (
        "le la les des une pour que dans est avec sans leur et sur nous mais",
        ("Pour les {0}, et que dans le {1} est", "Sans leur {0} pour une {1}", "Dans la {0} avec des {1}, sur le {0}"),
        "péniche écluse halage chemin",
        "bourse actions buteur ligue téléphone batterie fourneau jardin",
    ),
    "ja": (
        "して です ます こと から まで",
        ("{0}からして{1}までのことです", "{0}します、{1}ですから", "{1}のことを{0}からして"),
        "運河 水門 閘門 堤防",
        "市場 株価 野球 電池 庭園 料理 映画 音楽",
    ),
}


def told(language: str, number: int, *, mine: bool, declared: bool = True) -> Article:
    """One of many articles in a language; the same for the same number."""
    glue, titles, own, foreign = TONGUES[language]
    subjects = (own if mine else foreign).split()
    chosen = [subjects[(number * step + step) % len(subjects)] for step in (1, 3)]
    title = titles[number % len(titles)].format(*chosen)
    small = glue.split()
    start = number % len(small)
    filled = [*small[start:], *small[:start]][: len(small) * 3 // 4]
    text = " ".join((*filled, *chosen))
    return article(
        f"https://{'me' if mine else language}.example/{language}{number}",
        kind="own" if mine else "curated",
        title=title,
        summary="" if mine else text,
        terms=terms(title, (), text),
        language=language if declared else None,
    )


@pytest.mark.parametrize("mine", [("en",), ("fr",), ("ja",), ("en", "fr"), ("en", "fr", "ja")])
@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize(
    "others", [{"en": 30, "fr": 6, "ja": 6}, {"en": 25, "fr": 25, "ja": 25}, {"fr": 40}, {"ja": 9}]
)
def test_what_holds_sentences_together_is_never_mine(
    mine: tuple[str, ...], declared: bool, others: dict[str, int]
) -> None:
    own = [told(language, number, mine=True) for language in mine for number in range(12)]
    everybody = [
        told(language, number, mine=False, declared=declared)
        for language in others
        for number in range(others[language])
    ]
    known = {language for language in mine if others.get(language, 0) >= 20}
    found = set(vocabulary(own, everybody).weights)
    allowed = {word for language in known for subject in TONGUES[language][2].split() for word in terms(subject)}
    assert found & allowed or not known
    glue = {word for language in TONGUES for word in terms(" ".join(TONGUES[language][0].split()))}
    assert not found & glue
    assert all(any(language in known for language in mine) for _ in found)


def test_a_topic_or_my_words_are_enough_and_both_are_better() -> None:
    both = Relevance(("boats",), vocabulary(MINE, EVERYBODY))
    topic = msgspec.structs.replace(about("boats"), title="Boats")
    word = about("canal")
    together = msgspec.structs.replace(about("boats canal"), title="Boats")
    assert both.fraction(topic, ADA) == both.fraction(word, ADA) == pytest.approx(0.5)
    assert both.fraction(together, ADA) == pytest.approx(0.75)
    assert both.evidence(together, ADA) == "boats; my words canal"


def test_what_the_owner_says_of_a_source_holds_for_its_articles() -> None:
    part = Relevance(("boats",), vocabulary((), ()))
    tagged = Source(ADA.url, "curated", tags=("Boats",))
    assert (part.fraction(about(""), ADA), part.fraction(about(""), tagged)) == (0, 0.5)


# --- Corroboration

SITES = {"a": "ada.example", "a2": "ada.example", "b": "bob.example", "c": "cy.example"}


@pytest.mark.parametrize(
    ("sources", "linked_by", "earned", "evidence"),
    [
        (("a",), (), 0.0, "nobody else of my sources points to it"),
        (("a", "a2"), (), 0.0, "nobody else of my sources points to it"),
        (("b",), (), 0.0, "nobody else of my sources points to it"),
        (("a", "b"), (), 0.5, "carried by bob.example"),
        (("a",), ("bob.example",), 0.5, "linked to by bob.example"),
        (("a", "b"), ("bob.example",), 0.5, "carried by bob.example"),
        (("a",), ("bob.example", "cy.example"), 1.0, "linked to by bob.example, cy.example"),
        (("a", "b"), ("cy.example",), 1.0, "linked to by cy.example and carried by bob.example"),
        (("a", "b", "c"), ("dee.example",), 1.0, "linked to by dee.example and carried by bob.example, cy.example"),
    ],
)
def test_only_other_voices_corroborate(
    sources: tuple[str, ...], linked_by: tuple[str, ...], earned: float, evidence: str
) -> None:
    part, found = Corroboration(SITES), article(sources=sources, linked_by=linked_by)
    assert part.fraction(found, ADA) == earned
    assert part.evidence(found, ADA) == evidence


# --- Substance


def test_a_list_of_links_is_no_long_text() -> None:
    part = Substance()
    essay, links = article(words=400, links=4), article(words=400, links=45)
    assert part.fraction(essay, ADA) > 0.9
    assert part.fraction(links, ADA) == 0
    assert part.evidence(links, ADA) == "400 words with 45 links"


def test_links_that_count_sales_are_taken_off() -> None:
    part = Substance()
    plain, selling = article(words=300, links=4), article(words=300, links=4, sales=2)
    assert part.fraction(selling, ADA) < part.fraction(plain, ADA)
    assert part.evidence(selling, ADA) == "300 words with 4 links, 2 of which count sales"


# --- Novelty


def share(title: str, words: str, url: str = "https://bob.example/1") -> Share:
    return Share(article(url, title=title, terms=tuple(words.split())), NOON - timedelta(days=2))


def test_what_was_told_lately_is_not_new() -> None:
    part = Novelty([share("The new lock", "lock opening canal boatyard mayor")], dict.fromkeys(["the"], 90), 100)
    again = article(title="Mayor opens it", terms=("mayor", "opening", "lock", "canal", "ribbon"))
    other = article(title="On rye", terms=("rye", "starter", "canal"))
    assert part.fraction(other, ADA) == 1
    assert part.fraction(again, ADA) == pytest.approx(0.2)
    assert part.evidence(again, ADA) == "80% like “The new lock”, shared on 31 Oct (mayor, opening, lock, canal)"
    assert part.evidence(other, ADA) == "like nothing shared lately"


def test_words_that_everybody_uses_make_nothing_alike() -> None:
    common = dict.fromkeys(["this", "that", "there"], 60)
    part = Novelty([share("A thing", "this that there lock")], common, 100)
    assert part.fraction(article(terms=("this", "that", "there")), ADA) == 1


def test_the_same_title_is_the_same_story_and_the_same_article_is_not_its_own_copy() -> None:
    part = Novelty([share("Mayor opens the new lock", "mayor lock opens")], {}, 1)
    copy = article("https://cy.example/9", title="Mayor Opens the New Lock!")
    itself = article("https://bob.example/1", title="Mayor opens the new lock", terms=("mayor", "lock", "opens"))
    assert (part.fraction(copy, ADA), part.fraction(itself, ADA)) == (0, 1)
    assert "(the same title)" in part.evidence(copy, ADA)


# --- Trust


def shared(number: int, source: Source, state: State = State.POSTED, **changes: Any) -> Post:
    url = f"{source.url}/{number}"
    when = NOON - timedelta(days=number + 2)
    history = (Change(when, state, "posted"),)
    return post(url, state=state, history=history, when=when, ref=PostRef(str(number), f"pond:{url}"), **changes)


def came_from(*posts: Post) -> dict[str, str]:
    return {each.article: each.article.rpartition("/")[0] for each in posts}


def test_a_new_source_is_neutral_and_each_stopped_share_costs() -> None:
    stood = [shared(n, ADA) for n in range(4)]
    skipped = [skip(shared(n, BOB, State.QUEUED), NOON) for n in range(2)]
    missed = shared(9, BOB, State.CANCELLED)
    posts = [*stood, *skipped, missed]
    part = Trust(records(posts, came_from(*posts), [BOB.url]))
    new = Source("https://new.example/feed", "curated")
    assert part.fraction(article(), new) == 0.5
    assert part.fraction(article(), ADA) == pytest.approx((4 + 2) / (4 + 4))
    assert part.fraction(article(), BOB) == pytest.approx(2 / (2 + 0.25 + 4))
    assert part.evidence(article(), BOB) == "0 of its shares stand, 2 stopped by hand, 1 refused unseen"
    assert "nothing of this source" in part.evidence(article(), new)


def test_what_was_taken_back_does_not_stand() -> None:
    deleted = shared(1, ADA, State.DELETED)
    assert Trust(records([deleted], came_from(deleted), [])).fraction(article(), ADA) < 0.5


# --- Reactions


def likes(of: Post, count: int) -> list[Entry]:
    assert of.ref
    url = of.ref.url
    return [
        Entry(Direction.RECEIVED, Kind.LIKE, Identity("m", f"p{n}@x"), NOON, my_url=url, native_id=f"{url}{n}")
        for n in range(count)
    ]


def test_shares_that_moved_readers_speak_for_their_source() -> None:
    hers, his = [shared(n, ADA) for n in range(3)], [shared(n, BOB) for n in range(3)]
    entries = [entry for each in hers for entry in likes(each, 4)]
    part = Reactions(echoes([*hers, *his], entries, came_from(*hers, *his), NOON))
    new = Source("https://new.example/feed", "curated")
    # Twice the usual three times, and the usual three times beforehand: 1.5 times the usual.
    assert part.fraction(article(), ADA) == pytest.approx(1.5 / 2.5)
    assert part.fraction(article(), BOB) == pytest.approx(0.5 / 1.5)
    assert part.fraction(article(), new) == 0.5
    assert part.evidence(article(), ADA) == "12 to 3 shares of this source, where 6.0 would be usual"


def test_an_account_that_tells_of_no_reactions_says_nothing() -> None:
    quiet = [shared(n, ADA, account="links") for n in range(3)]
    assert echoes(quiet, [], came_from(*quiet), NOON) == {}


def test_a_share_of_today_is_no_failure_yet() -> None:
    old, new = shared(5, BOB), post(f"{ADA.url}/1", state=State.POSTED, when=NOON, ref=PostRef("1", "pond:new"))
    found = echoes([old, new], likes(old, 3), came_from(old, new), NOON)
    assert set(found) == {BOB.url}
