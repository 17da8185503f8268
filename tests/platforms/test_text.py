"""The text rules of each network: the published vectors, cases for what they leave out, and properties."""

import json
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from platforms import text as rules
from platforms.base import Limits
from platforms.entities import bluesky_entities, mastodon_entities
from platforms.text import Span

X = Limits(280, "x", "https://docs.x.com", "2026-11-02", url_length=23)
BLUESKY = Limits(300, "graphemes", "https://docs.bsky.app", "2026-11-02", max_bytes=3000)
MASTODON = Limits(500, "mastodon", "https://docs.joinmastodon.org", "2026-11-02", url_length=23)
NETWORKS = [pytest.param(X, id="x"), pytest.param(BLUESKY, id="bluesky"), pytest.param(MASTODON, id="mastodon")]
URL = "https://example.com/2026/an-article?from=feed"


# --- the vectors


@pytest.fixture
def vectors(corpus: Path) -> Callable[[str], list[dict[str, Any]]]:
    return lambda name: json.loads((corpus / "length" / f"{name}.json").read_text("utf-8"))


def differences(cases: list[tuple[str, object, object]]) -> list[tuple[str, object, object]]:
    assert cases, "no vectors of this family"
    return [(text, found, expected) for text, found, expected in cases if found != expected]


def values(spans: tuple[Span, ...]) -> list[str]:
    return [span.value for span in spans]


def indexed(name: str, spans: tuple[Span, ...]) -> list[dict[str, object]]:
    return [{name: span.value, "indices": [span.start, span.end]} for span in spans]


def mention_or_list(span: Span) -> dict[str, object]:
    name, slash, slug = span.value.partition("/")
    return {"screen_name": name, "list_slug": slash + slug, "indices": [span.start, span.end]}


EXTRACTORS: dict[str, Callable[[str], object]] = {
    "urls": lambda text: values(rules.x_urls(text)),
    "urls_with_indices": lambda text: indexed("url", rules.x_urls(text)),
    "urls_with_directional_markers": lambda text: indexed("url", rules.x_urls(text)),
    "tco_urls_with_params": lambda text: values(rules.x_urls(text)),
    "mentions": lambda text: values(rules.x_mentions(text)),
    "mentions_with_indices": lambda text: indexed("screen_name", rules.x_mentions(text)),
    "mentions_or_lists_with_indices": lambda text: [mention_or_list(span) for span in rules.x_mentions(text)],
    "hashtags": lambda text: values(rules.x_hashtags(text)),
    "hashtags_from_astral": lambda text: values(rules.x_hashtags(text)),
    "hashtags_with_indices": lambda text: indexed("hashtag", rules.x_hashtags(text)),
    "cashtags": lambda text: values(rules.x_cashtags(text)),
    "cashtags_with_indices": lambda text: indexed("cashtag", rules.x_cashtags(text)),
}


@pytest.mark.corpus
@pytest.mark.parametrize("kind", EXTRACTORS)
def test_x_extraction(vectors, kind):
    cases = [v for v in vectors("x_extract") if v["kind"] == kind]
    assert not differences([(v["text"], EXTRACTORS[kind](v["text"]), v["expected"]) for v in cases])


@pytest.mark.corpus
def test_x_top_level_domains(vectors):
    cases = [(v["text"], values(rules.x_urls(v["text"])), v["expected"]) for v in vectors("x_tlds")]
    assert not differences(cases)


@pytest.mark.corpus
def test_x_weighted_length(vectors):
    def expected(vector: dict[str, Any]) -> int:
        if vector["applies_to_current_x"]:
            return vector["expected"]["weightedLength"]
        return vector["expected_weight_with_v3"]

    assert not differences([(v["text"], rules.x_length(v["text"]), expected(v)) for v in vectors("x_weighted")])


@pytest.mark.corpus
def test_x_validity_by_current_config(vectors):
    """Lengths of the `tweets` kind are of the old limit of 140, so only those that were valid then must still fit."""
    valid = [v["text"] for v in vectors("x_valid") if v["kind"] == "tweets" and v["expected"]]
    assert valid
    assert all(rules.fits(text, X) for text in valid)


@pytest.mark.corpus
@pytest.mark.parametrize("kind", ["usernames", "lists", "hashtags", "urls_without_protocol"])
def test_x_validity_of_entities(vectors, kind):
    """Valid means that the whole text is one entity; a list is a mention with a slash."""
    cases = []
    for v in vectors("x_valid"):
        if v["kind"] == kind:
            whole = [span for span in rules.x_entities(v["text"]) if (span.start, span.end) == (0, len(v["text"]))]
            listed = kind != "lists" or any("/" in span.value for span in whole)
            cases.append((v["text"], bool(whole) and listed, v["expected"]))
    assert not differences(cases)


@pytest.mark.corpus
def test_emoji(vectors):
    cases = []
    for v in vectors("emoji"):
        text = v["text"]
        cases.append((text, (rules.graphemes(text), len(text.encode())), (v["graphemes"], v["bytes"])))
        if v["x_weight"] is not None:
            cases.append((text, rules.x_length(text), v["x_weight"]))
    assert not differences(cases)


@pytest.mark.corpus
@pytest.mark.parametrize("family", ["grapheme_break", "bsky_len"])
def test_graphemes(vectors, family):
    assert not differences([(v["text"], rules.graphemes(v["text"]), v["graphemes"]) for v in vectors(family)])


@pytest.mark.corpus
def test_mastodon_length(vectors):
    cases = [(v["text"], rules.mastodon_length(v["text"]), v["expected"]) for v in vectors("mastodon_status_length")]
    assert not differences(cases)


def as_vector(text: str, facet: rules.Facet) -> dict[str, object]:
    value = {"link": "uri", "mention": "handle", "tag": "tag"}[facet.type]
    shown = text.encode()[facet.start : facet.end].decode()
    where = {"byteStart": facet.start, "byteEnd": facet.end}
    return {"type": facet.type, "text": shown, value: facet.value, **where}


def as_tag_vector(name: str, facets: list[rules.Facet]) -> dict[str, object]:
    where = [{"byteStart": facet.start, "byteEnd": facet.end} for facet in facets]
    return {name: [facet.value for facet in facets], "indices": where}


@pytest.mark.corpus
def test_bluesky_facets(vectors):
    cases = []
    for v in vectors("bsky_facets"):
        text, found = v["text"], rules.facets(v["text"])
        if v["id"].startswith("mention-link/"):
            cases.append((text, {"facets": [as_vector(text, facet) for facet in found]}, v["expected"]))
        else:
            cash = v["id"].startswith("cashtag/")
            tags = [facet for facet in found if facet.type == "tag" and facet.value.startswith("$") == cash]
            cases.append((text, as_tag_vector("cashtags" if cash else "tags", tags), v["expected"]))
    assert not differences(cases)


@pytest.mark.corpus
def test_bluesky_newlines(vectors):
    cases = [(v["text"], rules.clean_newlines(v["text"]), v["expected"]) for v in vectors("bsky_clean_newlines")]
    assert not differences(cases)


@pytest.mark.corpus
def test_real_posts(vectors):
    cases = []
    for v in vectors("real_posts_oracle"):
        text, x, bluesky, mastodon = v["text"], *(v["expected"][name] for name in ("x", "bsky", "mastodon"))
        cases += [
            (text, rules.measure(text, X), x["weightedLength"]),
            (text, rules.fits(text, X), x["valid"]),
            (text, values(rules.x_urls(text)), x["urls"]),
            (text, (rules.measure(text, BLUESKY), len(text.encode())), (bluesky["graphemes"], bluesky["bytes"])),
            (text, rules.fits(text, BLUESKY), bluesky["fits"]),
            (text, rules.measure(text, MASTODON), mastodon["length"]),
            (text, rules.fits(text, MASTODON), mastodon["fits500"]),
        ]
        expected = [(f["type"], f["byteStart"], f["byteEnd"], f["value"]) for f in bluesky["facets"]]
        cases.append((text, [(f.type, f.start, f.end, f.value) for f in rules.facets(text)], expected))
    assert not differences(cases)


# --- counting, where the vectors are silent


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        ("नमस्ते", "characters", 6),
        ("नमस्ते", "graphemes", 3),
        ("see example.com", "x", 4 + 23),
        ("see example.com", "mastodon", 15),
        ("see notes.txt", "x", 13),
        ("see http://example.com", "mastodon", 4 + 23),
        ("gemini://example.com/a", "mastodon", 23),
        ("gemini://example.com/a", "x", 9 + 13),  # no scheme of X's, and no link after a slash
        ("ⓒ 漢字 ©", "x", 2 + 1 + 4 + 1 + 1),
        ("🇩🇪 👨‍👩‍👧‍👦 1️⃣ ❤️", "x", 4 * 2 + 3),
        ("e\u0301", "x", 1),
        ("@ada@example.social, hello", "mastodon", len("@ada, hello")),
        ("https://example.social/@ada@other.example", "mastodon", 23),
        ("\r\n", "graphemes", 1),
    ],
)
def test_length(text, rule, expected):
    assert rules.length(text, rule) == expected


def test_the_reserved_length_of_links_can_differ():
    assert rules.length("a https://example.com", "mastodon", url_length=40) == 42


def test_bytes_are_limited_besides_graphemes():
    family = "👨‍👩‍👧‍👦"
    assert len(family.encode()) == 25
    assert rules.fits(family * 120, BLUESKY)
    assert not rules.fits(family * 121, BLUESKY)


def test_a_network_without_a_limit_takes_all():
    assert rules.fits("x" * 100_000, Limits(None, "characters", "", ""))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to httpbin.org now", [("link", 3, 14, "https://httpbin.org")]),
        ("http:// and https:///x and http://.", []),
        ("ümlaut #tag, $cash.", [("tag", 8, 12, "tag"), ("tag", 14, 19, "$CASH")]),
        (
            "(@ada.bsky.social) @nobody @ada.test",
            [("mention", 1, 17, "ada.bsky.social"), ("mention", 27, 36, "ada.test")],
        ),
    ],
)
def test_facets(text, expected):
    assert [(f.type, f.start, f.end, f.value) for f in rules.facets(text)] == expected


# --- shortening


def filled(title: str, limits: Limits) -> bool:
    return rules.fits(f"{title}\n{URL}", limits)


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("A short title", 13, "A short title"),
        ("A short title", 12, "A short…"),
        ("A short, sharp title", 15, "A short, sharp…"),
        ("A short, sharp title", 12, "A short…"),
        ("Is it? Yes (it is)", 12, "Is it? Yes…"),
        ("Unpronounceable", 8, "Unprono…"),
        ("日本語の文章はここで切れる", 7, "日本語の文章…"),
        ("見よ #日本語ハッシュタグ です", 12, "見よ…"),
        ("family 👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 14, "family…"),
        ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 12, "👨‍👩‍👧‍👦…"),
        ("https://example.com/a/long/path", 20, ""),
        ("See https://example.com/a/path and more", 34, "See https://example.com/a/path …"),
        ("See https://example.com/a!!! and more", 32, "See https://example.com/a!!! …"),
        ("By @ada@example.social and me", 24, "By @ada@example.social…"),
        ("By @ada@example.social and me", 20, "By…"),
        ("anything", 0, ""),
    ],
)
def test_shorten(text, room, expected):
    assert rules.shorten(text, lambda shorter: len(shorter) <= room) == expected


@pytest.mark.parametrize("limits", NETWORKS)
def test_only_the_title_gives_way(limits):
    title = rules.shorten("A title of many words. " * 60, lambda title: filled(title, limits))
    assert title.endswith(("A…", "title…", "of…", "many…", "words…"))
    assert filled(title, limits)
    assert not filled(f"{title} A title", limits)


PIECES = st.sampled_from(
    [
        *"aZ1_ .,-/@#＃＠$!?()'\"…\n\t",
        *(
            "https://",
            "http://t.co/abc",
            "https://example.com/@ada",
            "example.com",
            "https://a.example/(x)?y=1",
            ".com",
        ),
        *("@ada", "@ada@example.social", "@ada.bsky.social", "#tag", "#日本語", "$CASH", "RT", "rt:", "://", "/,@x"),
        *(
            "é",
            "e\u0301",
            "日本",
            "。",
            "みんな",
            "ไทย",
            "한국어",
            "नमस्ते",
            "\u200d",
            "\u200b",
            "\ufe0f",
            "\u202e",
            "\x00",
        ),
        *("👨‍👩‍👧‍👦", "🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👍🏽", "1️⃣", "©", "\u3000", "\xa0", "\r\n", "\ufeff", "\ud800"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join)


def entities(text: str) -> Iterator[Span]:
    yield from rules.x_entities(text)
    yield from mastodon_entities(text)
    yield from bluesky_entities(text)


@given(TEXTS, st.integers(0, 120), st.sampled_from([X, BLUESKY, MASTODON]))
def test_a_shortened_text_fits_and_nothing_is_cut_in_half(text, room, limits):
    narrow = Limits(room, limits.count, "", "", max_bytes=limits.max_bytes and 4 * room, url_length=limits.url_length)
    shorter = rules.shorten(text, lambda shorter: rules.fits(shorter, narrow))
    assert rules.fits(shorter, narrow)
    if shorter in {text, ""}:
        return
    kept = len(shorter.removesuffix("…").removesuffix(" "))
    assert text.startswith(shorter[:kept])
    assert not [span for span in entities(text) if span.start < kept < span.end]
    assert kept in {cluster.end() for cluster in regex.finditer(r"\X", text)}


@given(TEXTS, st.integers(5, 60))
def test_no_longer_beginning_would_fit(text, room):
    shorter = rules.shorten("word " * 30 + text, lambda shorter: len(shorter) <= room)
    assert len(shorter) == room // 5 * 5


# --- counts


@given(TEXTS, TEXTS)
def test_counts_add_up_across_a_line_break(first, second):
    """No entity, grapheme or composition reaches over a line break, so the parts can be counted apart."""
    for limits in (X, BLUESKY, MASTODON):
        parts = [rules.measure(part, limits) for part in (f"{first} ", "\n", f" {second}")]
        assert rules.measure(f"{first} \n {second}", limits) == sum(parts)


@given(TEXTS)
def test_spans_lie_in_the_text_in_order_and_facets_on_characters(text):
    for found in (rules.x_entities(text), mastodon_entities(text)):
        assert all(one.end <= other.start for one, other in pairwise(found))
        assert all(0 <= span.start < span.end <= len(text) for span in found)
    whole = text.encode("utf-8", "surrogatepass")
    for facet in rules.facets(text):
        assert whole[facet.start : facet.end].decode("utf-8", "surrogatepass")


# --- strangers' texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thanks @ada and RT@bob", "Thanks @\u200bada and RT@\u200bbob"),
        ("@ada@example.social", "@\u200bada@example.\u200bsocial"),
        ("＠ada の@ada", "＠\u200bada の@\u200bada"),
        ("write to me at work @ noon", "write to me at work @ noon"),
        ("https://example.social/@ada is here", "https:\u200b//example.\u200bsocial/@\u200bada is here"),
        ("IPFS://x xmpp:a@b.c Magnet:?xt=1", "IPFS:\u200b//x xmpp:\u200ba@b.c Magnet:\u200b?xt=1"),
        ("ASP.NET, main.rs, 日本.中国", "ASP.\u200bNET, main.\u200brs, 日本.\u200b中国"),
        ("Node.js 1.2, .NET etc. (e.g. a file.txt). Or: what?", "Node.js 1.2, .NET etc. (e.g. a file.txt). Or: what?"),
        ("#hashtag (＃タグ) ✨\ufe0f#too", "#\u200bhashtag (＃\u200bタグ) ✨\ufe0f#\u200btoo"),
        ("The #1 reason, C# and #\ufe0f\u20e3 (#2)", "The #1 reason, C# and #\ufe0f\u20e3 (#2)"),
        ("#1st #2a #3_3 #4€", "#\u200b1st #\u200b2a #\u200b3_3 #\u200b4€"),
        ("$CASH ($a) for $5 or US$ 6", "$\u200bCASH ($\u200ba) for $5 or US$ 6"),
        (" two\n\n lines\tand\u2028more ", "two lines and more"),
        ("evil\u202egnp.exe\x1b[31m\x00\ufeff", "evilgnp.exe[31m"),
        ("half \ud800 a pair", "half a pair"),
        ("@\u202eada", "@\u200bada"),
        ("👨‍👩‍👧‍👦 نمی‌خواهم", "👨‍👩‍👧‍👦 نمی‌خواهم"),
    ],
)
def test_neutral(text, expected):
    assert rules.neutral(text) == expected


@given(TEXTS)
def test_a_neutral_text_has_no_link_mention_or_tag_and_stays_so(text):
    safe = rules.neutral(text)
    assert not list(entities(safe))
    assert not regex.search(r"[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]", safe)
    assert rules.neutral(safe) == safe
    assert {span.value for span in entities(f"{safe}\n{URL}")} == {URL}


@given(TEXTS, st.integers(1, 60))
def test_a_neutral_text_has_none_when_it_is_shortened_either(text, length):
    cut = rules.shorten(rules.neutral(text), lambda shorter: len(shorter) <= length)
    assert not list(entities(cut))


# --- size

LONG = 100_000
HOSTILE = {
    "one word": "a" * LONG,
    "dots": "a." * (LONG // 2),
    "domains in one run": "日本.com" * (LONG // 10),
    "parentheses": "http://a.co/" + "(a)" * (LONG // 3) + "!",
    "open parentheses": "http://a.co/" + "(a(b)" * (LONG // 5),
    "path of punctuation": "http://a.co/" + "!" * LONG,
    "query": "a.co?" + "?" * LONG,
    "mentions": "@a@b.c " * (LONG // 7),
    "hashtag": "#a" + "!" * LONG + "a",
    "empty lines": "\n " * (LONG // 2) + "x",
    "underscores": "a_" * (LONG // 2) + ".com",
    "accents": "e" + "\u0301" * (LONG // 2),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_work_grows_with_the_text_and_not_with_its_square(text):
    """Ten seconds are far above what any of these takes (under one), and far below what a bad pattern would."""
    start = time.process_time()
    for limits in (X, BLUESKY, MASTODON):
        assert filled(rules.shorten(text, lambda title, limits=limits: filled(title, limits)), limits)
    rules.facets(text)
    rules.neutral(text)
    rules.clean_newlines(text)
    assert time.process_time() - start < 10
