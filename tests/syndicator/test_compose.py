"""What is sent fits every network, keeps its link whole, and calls nobody whom its owner did not call."""

import re
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pieces import article, note

from platforms import text
from platforms.base import Image, Limits
from platforms.bluesky import Bluesky
from platforms.entities import bluesky_entities, mastodon_entities, x_entities
from platforms.linkblog import Linkblog
from platforms.mastodon import LIMITS as MASTODON
from platforms.memory import Memory
from platforms.x import X
from syndicator.articles import Article
from syndicator.compose import TEMPLATES, TooLong, compose
from syndicator.settings import TEMPLATE_FIELDS, AccountTable

NETWORKS = {
    "x": X.limits,
    "bluesky": Bluesky.limits,
    "mastodon": MASTODON,
    "linkblog": Linkblog.limits,
    "memory": Memory.limits,
}
URL = "https://ada.example/2026/a-walk"


def account(platform: str = "mastodon", template: str = "", **changes: str) -> AccountTable:
    return AccountTable(platform=platform, template=template, **changes)


def short(length: int, **changes: object) -> Limits:
    """A network of so many characters."""
    return replace(Limits(length=length, count="characters", source="", read_on=""), **changes)


# --- Cases


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("", "A walk\nhttps://ada.example/2026/a-walk"),
        ("{title} {url}", "A walk https://ada.example/2026/a-walk"),
        (
            "{author}: {title}\n\n{summary}\n{url}\n{tags}",
            "Ada: A walk\n\nIt rained.\n" + URL + "\n#canals #staticsites",
        ),
        ("{title} ({site})\n{url}", "A walk (Ada's blog)\n" + URL),
        ("Read this!\n{url}", "Read this!\n" + URL),
    ],
)
def test_templates(template: str, expected: str) -> None:
    about = article(
        URL, title="A walk", author="Ada", summary="It rained.", tags=("canals", "static sites", "canals", "2026", "🎉")
    )
    assert compose(about, account(template=template), MASTODON, site_title="Ada's blog").text == expected


def test_empty_fields_leave_no_gaps() -> None:
    bare = article(URL, title="A walk")
    drafted = compose(bare, account(template="{title}\n{author}\n{summary}\n\n{tags}\n\n{url}"), MASTODON)
    assert drafted.text == "A walk\n\n" + URL


def test_what_stands_in_braces_in_a_title_is_a_title() -> None:
    assert (
        compose(article(URL, title="{url} and {nope} {0}"), account(), MASTODON).text == "{url} and {nope} {0}\n" + URL
    )


def test_a_linkblog_shows_the_link_itself() -> None:
    assert TEMPLATES["linkblog"] == "{title}"
    drafted = compose(article(URL, title="A walk"), account("linkblog"), Linkblog.limits)
    assert (drafted.text, drafted.url) == ("A walk", URL)


def test_the_summary_gives_way_before_the_title_and_the_link_never() -> None:
    about = article(URL, title="Ten words are more than enough for any title here", summary="And a summary " * 20)
    template = account(template="{title}\n{summary}\n{url}")
    assert compose(about, template, short(2000)).text.count("summary") == 20
    middling = compose(about, template, short(120)).text
    assert middling.startswith(about.title)
    assert "And a summary" in middling
    assert "…" in middling
    tight = compose(about, template, short(60)).text
    assert "summary" not in tight
    assert re.fullmatch(rf"Ten words .*…\n{re.escape(URL)}", tight)


def test_a_link_that_is_too_long_moves_to_the_card_where_there_is_one() -> None:
    about = article("https://ada.example/" + "x" * 400, title="A walk")
    drafted = compose(about, account("bluesky"), Bluesky.limits)
    assert drafted.text == "A walk"
    assert drafted.card is not None
    assert drafted.card.url == drafted.url == about.url


def test_a_link_that_fits_nowhere_is_told() -> None:
    about = article("https://ada.example/" + "x" * 400)
    with pytest.raises(TooLong, match=r"does not fit the 300 characters of mastodon"):
        compose(about, account(), short(300))


@pytest.mark.parametrize("platform", NETWORKS)
def test_a_stranger_s_at_sign_calls_nobody(platform: str) -> None:
    about = article(
        URL,
        title="RT @ada@example.social: @bob.example says hi, @carol",
        author="@dave",
        summary="cc @erin.bsky.social",
    )
    template = account(platform, "{title} {author} {summary} {site}\n{url}")
    drafted = compose(about, template, NETWORKS[platform], site_title="@frank")
    mentions = [
        span for span in (*x_entities(drafted.text), *mastodon_entities(drafted.text)) if span.kind == "mention"
    ]
    assert mentions == []
    assert [each for each in text.facets(drafted.text) if each.type == "mention"] == []


@pytest.mark.parametrize("platform", NETWORKS)
def test_a_stranger_s_text_has_no_link_of_its_own_and_files_the_post_under_no_tag(platform: str) -> None:
    said = "#hashtag $CASH https://evil.example/x evil.com magnet:?xt=1"
    about = article("https://ada.blog/a-walk", title=said, author=said, summary=said)
    template = account(platform, "{title}\n{author}\n{summary}\n{site}\n{url}")
    for site_title in ("evil.com", ""):
        drafted = compose(about, template, NETWORKS[platform], site_title=site_title)
        for found in (x_entities, mastodon_entities, bluesky_entities):
            assert [span.value for span in found(drafted.text)] == [about.url]


def test_my_own_words_may_mention() -> None:
    assert "@ada@example.social" in compose(note("1", "Thanks @ada@example.social"), account(), MASTODON).text
    mine = article(URL, kind="own", title="With @ada@example.social")
    assert "@ada@example.social" in compose(mine, account(), MASTODON).text
    said = compose(article(URL), account(), MASTODON, say="Look, @ada@example.social!").text
    assert said == "Look, @ada@example.social!\n" + URL


def test_a_note_is_posted_whole_or_not_at_all() -> None:
    """Its link stands at its end, and would go first."""
    link = "https://robin.example/blogroll"
    whole = f"{'word ' * 52}{link}"
    assert compose(note("1", whole), account("mastodon"), MASTODON).text == whole
    with pytest.raises(TooLong, match=r"this note has \d+ characters, x takes 280.*\[on x\]"):
        compose(note("1", whole), account("x"), NETWORKS["x"])


def test_my_own_words_may_link_and_be_tagged() -> None:
    words = "At https://example.com/a and example.com #canals $CASH"
    assert compose(note("1", words), account(), MASTODON).text == words
    assert compose(article(URL, kind="own", title=words), account(), MASTODON).text == f"{words}\n{URL}"
    assert compose(article(URL), account(), MASTODON, say=words).text == f"{words}\n{URL}"


@pytest.mark.parametrize("bad", ["\x1b[31mred\x1b[0m", "a\u202eb", "a\x00b\x07", "one\ntwo\r\nthree", "\ufeffx"])
def test_a_stranger_s_controls_do_not_get_through(bad: str) -> None:
    about = article(URL, title=bad, author=bad, summary=bad)
    drafted = compose(about, account("bluesky", "{title} {author} {summary}"), Bluesky.limits, site_title=bad)
    assert drafted.card is not None
    for shown in (drafted.text, drafted.card.title, drafted.card.description, drafted.card.site):
        assert not re.search(r"[\x00-\x1f\u202a-\u202e\ufeff]", shown)


def test_notes_are_text_alone() -> None:
    drafted = compose(note("1", "First line\n\nsecond #line"), account("bluesky", "{title}\n{url}"), Bluesky.limits)
    assert (drafted.text, drafted.url, drafted.card) == ("First line\n\nsecond #line", None, None)


@pytest.mark.parametrize(
    ("platform", "card"), [("x", False), ("mastodon", False), ("bluesky", True), ("linkblog", True), ("memory", True)]
)
def test_cards_are_made_where_the_client_makes_them(platform: str, card: bool) -> None:
    about = article(URL, title="A walk", summary="It rained.", image="https://ada.example/p.png")
    drafted = compose(about, account(platform), NETWORKS[platform], site_title="Ada's blog")
    assert (drafted.card is not None) is card
    if drafted.card:
        assert (drafted.card.title, drafted.card.description, drafted.card.image) == (
            "A walk",
            "It rained.",
            "https://ada.example/p.png",
        )
        assert (drafted.card.site, drafted.card.site_url) == ("Ada's blog", "https://ada.example/")


def test_a_card_credits_the_host_of_a_person_s_place() -> None:
    drafted = compose(article("https://medium.com/@ada/x"), account("bluesky"), Bluesky.limits)
    assert drafted.card is not None
    assert (drafted.card.site, drafted.card.site_url) == ("medium.com/@ada", "https://medium.com/")


@pytest.mark.parametrize(
    ("declared", "sent"),
    [
        ("en", "en"),
        ("pt-BR", "pt"),
        ("en_US", "en"),
        ("ZH-hant", "zh"),
        ("gsw", "gsw"),
        (" de ", "de"),
        (None, None),
        ("", None),
        ("english", None),
        ("x-klingon", None),
        ("e1", None),
    ],
)
def test_languages(declared: str | None, sent: str | None) -> None:
    assert compose(article(URL, language=declared), account(), MASTODON).language == sent


def test_visibility_is_the_account_s() -> None:
    assert compose(article(URL), account(visibility="unlisted"), MASTODON).visibility == "unlisted"


# --- The credit

LINE = "by @ada@a-long-name-of-a-server.example"


def test_the_credit_stands_between_title_and_link_unless_a_template_says_otherwise() -> None:
    about = article(URL, title="A walk", author="Ada")
    assert compose(about, account(), MASTODON, credit=LINE).text == f"A walk\n{LINE}\n{URL}"
    assert compose(about, account(template="{title} {credit} {url}"), MASTODON, credit=LINE).text == (
        f"A walk {LINE} {URL}"
    )
    assert compose(about, account(template="{title} by {author}\n{url}"), MASTODON, credit=LINE).text == (
        f"A walk by Ada\n{URL}"
    )


@pytest.mark.parametrize("platform", ["mastodon", "bluesky"])
def test_a_note_and_a_template_without_the_field_credit_nobody(platform: str) -> None:
    assert compose(note("1"), account(platform), NETWORKS[platform], credit=LINE).text == "A note of mine"


def test_the_credit_goes_as_a_whole_before_the_title_is_cut() -> None:
    template = account(template="{title}\n{credit}\n{summary}\n{url}")
    about = article(URL, title="Ten words are more than enough for any title here", summary="And a summary " * 20)
    texts = [compose(about, template, short(length), credit=LINE).text for length in range(len(URL) + 1, 500)]
    assert {LINE in text for text in texts} == {True, False}
    for each in texts:
        assert ("@" in each) == (LINE in each)
        assert about.title in each or LINE not in each
    first = next(n for n, text in enumerate(texts) if LINE in text)
    assert all(LINE in text for text in texts[first:]), "once there is room, it stays"
    assert "And a summary" in texts[first - 1], "without it the summary has the room"


def test_a_mention_counts_as_its_network_counts_it() -> None:
    about = article("https://ada.blog/2026/a-walk", title="A walk")
    wanted = len(f"A walk\nby @ada\n{'x' * 23}")
    exact = replace(MASTODON, length=wanted)
    assert LINE in compose(about, account(), exact, credit=LINE).text
    assert LINE not in compose(about, account(), replace(exact, length=wanted - 1), credit=LINE).text


def test_where_the_link_moves_to_the_card_the_credit_stays_if_there_is_room() -> None:
    about = article("https://ada.example/" + "x" * 400, title="A walk")
    drafted = compose(about, account("bluesky"), Bluesky.limits, credit="by @ada.bsky.social")
    assert drafted.text == "A walk\nby @ada.bsky.social"


# --- Pictures and content warnings

PICTURE = "https://ada.example/p.png"
SEEN = article(URL, title="A walk", image=PICTURE)


@pytest.mark.parametrize(
    ("platform", "picture", "alt", "card", "attached"),
    [
        ("memory", "card", "A canal", PICTURE, None),
        ("memory", "none", "A canal", None, None),
        ("memory", "attach", "", PICTURE, None),
        ("memory", "attach", "A canal", False, "A canal"),
        ("mastodon", "card", "A canal", False, None),
        ("mastodon", "attach", "A canal", False, "A canal"),
        ("mastodon", "attach", " ", False, None),
        ("linkblog", "attach", "A canal", PICTURE, None),
        ("x", "attach", "A canal", False, None),
    ],
)
def test_where_a_picture_goes(
    platform: str, picture: str, alt: str, card: str | bool | None, attached: str | None
) -> None:
    drafted = compose(SEEN, account(platform, picture=picture), NETWORKS[platform], image_alt=alt)
    assert (drafted.card.image if drafted.card else False) == card
    assert drafted.image == (Image(PICTURE, attached) if attached else None)
    assert drafted.url == URL


def test_a_card_without_its_picture_says_nothing_of_it() -> None:
    drafted = compose(SEEN, account("memory", picture="none"), Memory.limits, image_alt="A canal")
    assert drafted.card is not None
    assert (drafted.card.title, drafted.card.image_alt) == ("A walk", "")


def test_beside_an_attached_picture_the_link_stands_in_the_text() -> None:
    attaching = account("memory", "{title}", picture="attach")
    assert compose(SEEN, attaching, Memory.limits, image_alt="A canal").text == f"A walk\n{URL}"
    assert compose(SEEN, attaching, Memory.limits).text == "A walk", "the card carries it"


def test_where_the_link_leaves_no_room_for_words_the_card_carries_it_and_nothing_is_attached() -> None:
    long = article("https://ada.example/" + "x" * 480, title="A walk", image=PICTURE)
    drafted = compose(long, account("memory", picture="attach"), Memory.limits, image_alt="A canal")
    assert (drafted.text, drafted.image) == ("A walk", None)
    assert drafted.card is not None
    assert drafted.card.image == PICTURE


def test_what_a_picture_shows_is_neutral_and_as_long_as_the_network_takes_it() -> None:
    limits = replace(Memory.limits, alt_length=20)
    drafted = compose(SEEN, account("memory", picture="attach"), limits, image_alt="\x1b[31mA heron and\n@bob at dawn")
    assert drafted.image is not None
    assert drafted.image.alt.startswith("[31mA heron and")
    assert len(drafted.image.alt) <= 20
    card = compose(SEEN, account("memory"), limits, image_alt="word " * 20).card
    assert card is not None
    assert len(card.image_alt) <= 20


def test_notes_have_no_picture() -> None:
    shown = replace_image(note("1", "A note"))
    assert compose(shown, account("memory", picture="attach"), Memory.limits, image_alt="A canal").image is None


def replace_image(about: Article) -> Article:
    return msgspec.structs.replace(about, image=PICTURE)


def test_a_content_warning_counts_for_the_length() -> None:
    about = article(URL, title="word " * 200)
    plain = compose(about, account(), MASTODON)
    hidden = compose(about, account(content_warning="food, 🏴󠁧󠁢󠁳󠁣󠁴󠁿"), MASTODON)
    assert (plain.warning, hidden.warning) == ("", "food, 🏴󠁧󠁢󠁳󠁣󠁴󠁿")
    counted = text.measure(hidden.text, MASTODON, hidden.warning)
    assert counted <= 500 < text.measure(plain.text, MASTODON, hidden.warning)
    assert counted == text.measure(hidden.text, MASTODON) + 7
    assert hidden.text.endswith(URL)


def test_a_warning_that_leaves_no_room_is_told() -> None:
    with pytest.raises(TooLong):
        compose(SEEN, account(content_warning="w" * 490), MASTODON)


# --- Properties

pieces = st.sampled_from(
    [
        "👩‍👩‍👧‍👦",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "שלום עולם",
        "مرحبا بالعالم",
        "運河沿いの散歩について",
        "นี่คือข้อความยาว",
        "x" * 350,
        "Donaudampfschifffahrtsgesellschaft" * 12,
        "@ada@example.social",
        "@bob.bsky.social",
        "#hashtag",
        "https://other.example/" + "y" * 60,
        "example.com",
        "a\u0301\u0302\u0303" * 9,
        "{url}",
        "\n\n\n",
        "word",
        "…",
        "\u202e",
    ]
)
nasty = st.one_of(st.lists(pieces, min_size=1, max_size=12).map(" ".join), st.text(min_size=1, max_size=400))
templates = st.one_of(
    st.just(""),
    st.lists(st.sampled_from([f"{{{name}}}" for name in TEMPLATE_FIELDS if name != "url"]), max_size=4).map(
        lambda fields: " ".join(fields) + "\n{url}"
    ),
)
urls = st.sampled_from(
    ["https://ada.blog/a-walk", "https://ada.blog/?q=a&b=(c)", "https://ada.blog/" + "z" * 200, "https://a.blog/é"]
)


@settings(max_examples=200)
@given(st.sampled_from(sorted(NETWORKS)), templates, urls, nasty, nasty, nasty, st.lists(nasty, max_size=3))
def test_whatever_strangers_write_it_fits_and_the_link_is_whole(
    platform: str, template: str, url: str, title: str, author: str, summary: str, tags: list[str]
) -> None:
    limits = NETWORKS[platform]
    about = article(url, title=title, author=author, summary=summary, tags=tuple(tags))
    try:
        drafted = compose(about, account(platform, template), limits, site_title=author)
    except TooLong:
        # Only a title of nothing but invisible signs leaves nothing to say.
        assert platform == "linkblog"
        assert not text.neutral(title)
        return
    assert text.fits(drafted.text, limits)
    assert drafted.text == drafted.text.strip() != ""
    assert drafted.url == url
    if platform != "linkblog" or template:
        carried = drafted.card is not None and url not in drafted.text  # no room for words beside so long a link
        assert carried or drafted.text.splitlines()[-1].endswith(url)
        assert not carried or limits.length - len(url) < 5
        for found in (x_entities, mastodon_entities, bluesky_entities):
            links = [span.value for span in found(drafted.text) if span.kind == "url"]
            assert len(links) == (not carried)
            assert url.startswith(tuple(links) or "")
    if limits.length is None:
        assert text.neutral(title) in drafted.text or "{title}" not in template != ""


@given(nasty)
def test_notes_fit_everywhere(words: str) -> None:
    for platform, limits in NETWORKS.items():
        try:
            drafted = compose(note("1", words), account(platform), limits)
        except TooLong:
            clean = text.clean_newlines(text.plain(words)).strip()
            assert not clean or not text.fits(clean, limits)
            continue
        assert text.fits(drafted.text, limits)
