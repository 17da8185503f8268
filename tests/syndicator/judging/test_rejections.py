"""What turns an article down names its reason and, where there is one, the setting that would let it pass."""

from typing import Any

import pytest
from pieces import NOON, article, post

from platforms.base import PostRef
from syndicator.judging.judge import Standard, judge
from syndicator.judging.knowledge import Known, learn
from syndicator.judging.languages import language_of
from syndicator.linkcheck.checked import Check
from syndicator.outbox import State
from syndicator.settings import Judge, Me, Plan, Settings
from syndicator.sources.base import Source

HER = Source("https://ada.example/feed", "curated")
URL = "https://ada.example/a"


def verdict(about: dict[str, Any], table: Judge | None = None, sites: tuple[str, ...] = (), **known: Any) -> str:
    """The reason against an article; "" when there is none."""
    about = dict(about)
    found = article(about.pop("url", URL), **about)
    settings = Settings(me=Me(language="en", sites=sites), judge=table or Judge())
    return judge(found, HER, Standard(NOON, Plan(), learn(settings, Known(**known), NOON))).rejected


def page(**changes: Any) -> dict[str, Check]:
    return {URL: Check(**{"url": URL, "at": NOON, "verdict": "ok", **changes})}


@pytest.mark.parametrize(
    ("about", "mark"),
    [
        ({"title": "Sponsored: a faster build"}, "Sponsored:"),
        ({"title": "[Ad] A faster build"}, "[Ad]"),
        ({"title": "A faster build (Anzeige)"}, "(Anzeige)"),
        ({"title": "Anzeige | Schneller bauen"}, "Anzeige |"),
        ({"title": "Werbung – Schneller bauen"}, "Werbung –"),
        ({"title": "Sponsored by Acme: a faster build"}, "Sponsored by Acme:"),
        ({"title": "【PR】新しい本棚"}, "【PR】"),
        ({"title": "A faster build #ad"}, "#ad"),
        ({"tags": ("News", "Sponsored Post")}, "Sponsored Post"),
        ({"tags": ("publicité",)}, "publicité"),
        ({"tags": ("реклама",)}, "реклама"),
        ({"tags": ("広告",)}, "広告"),
    ],
)
def test_what_somebody_paid_for_is_not_shared(about: dict[str, Any], mark: str) -> None:
    assert verdict(about).startswith("sponsored: ")
    assert mark in verdict(about)


@pytest.mark.parametrize(
    "about",
    [
        {"title": "Ad hoc queries: a primer"},
        {"title": "PR: how I review pull requests"},
        {"title": "Why I left (advertising)"},
        {"title": "On ads, again"},
        {"title": "Who sponsored the canal?"},
        {"title": "Blue shadows #adventure"},
        {"tags": ("AD", "Windows")},
        {"tags": ("advertising",)},
        {"tags": ("open source sponsors",)},
    ],
)
def test_what_only_speaks_of_such_things_is(about: dict[str, Any]) -> None:
    assert verdict(about) == ""


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("https://amzn.to/3xYz", True),
        ("https://www.amazon.co.uk/dp/B0?th=1&tag=ada-21", True),
        ("https://shop.sjv.io/c/1/2", True),
        ("https://www.awin1.com/cread.php?p=1", True),
        ("https://shop.example/lamp?affid=ada", True),
        ("https://www.amazon.co.uk/dp/B0", False),
        ("https://ada.example/?tag=amazon", False),
        ("https://notamzn.to/3xYz", False),
        ("https://ada.example/affid=1", False),
    ],
)
def test_an_address_that_counts_sales_is_not_shared(url: str, refused: bool) -> None:
    assert verdict({"url": url}).startswith("affiliate link: ") is refused


@pytest.mark.parametrize(
    ("links", "sales", "refused"),
    [(30, 30, True), (5, 3, True), (6, 3, False), (2, 2, False), (30, 0, False), (40, 15, False)],
)
def test_a_list_of_links_that_count_sales_is_not_shared(links: int, sales: int, refused: bool) -> None:
    reason = verdict({"links": links, "sales": sales, "words": 3000})
    assert reason == (f"affiliate: {sales} of its {links} links count sales" if refused else "")


def test_what_has_neither_title_nor_text_is_not_shared() -> None:
    assert verdict({"title": ""}) == "its feed gives it no title or text"


@pytest.mark.parametrize("kind", ["own", "curated"])
def test_a_post_that_comes_back_as_an_item_of_its_account_s_feed_is_not_shared_again(kind: str) -> None:
    made = post(state=State.POSTED, ref=PostRef("1", "https://social.example/@me/1"))
    back = {"url": "https://social.example/@me/1", "kind": kind}
    assert verdict(back, shared=[(made, None)]) == "it is a post that was made here"
    assert verdict({**back, "url": "https://social.example/@me/2"}, shared=[(made, None)]) == ""


@pytest.mark.parametrize("about", [{"title": "[NSFW] Figures"}, {"title": "NSFW: figures"}, {"tags": ("nsfw",)}])
def test_what_is_for_adults_is_not_shared(about: dict[str, Any]) -> None:
    assert verdict(about).startswith("adult: ")


@pytest.mark.parametrize(
    ("declared", "table", "mine", "refused"),
    [
        ("en", Judge(), (), False),
        ("en-GB", Judge(), (), False),
        (None, Judge(), (), False),
        ("", Judge(), (), False),
        ("und", Judge(), (), False),
        ("fr", Judge(), (), True),
        ("fr-CA", Judge(languages=("fr",)), (), False),
        ("fr", Judge(languages=("fr-CA",)), (), False),
        ("FR", Judge(languages=("*",)), (), False),
        ("de", Judge(), ("de-AT",), False),
        ("nb", Judge(languages=("no",)), (), False),
        ("iw", Judge(languages=("he",)), (), False),
    ],
)
def test_languages_are_those_of_the_settings_and_of_my_own_posts(
    declared: str | None, table: Judge, mine: tuple[str, ...], refused: bool
) -> None:
    own = tuple(article(f"https://me.example/{each}", kind="own", language=each) for each in mine)
    reason = verdict({"language": declared}, table, mine=own)
    assert (reason == "written in 'fr'; add that to `languages` of [judge] to share it") is refused
    assert bool(reason) is refused


def test_the_language_of_a_tag_is_its_first_part() -> None:
    assert [language_of(tag) for tag in ("pt-BR", "zh_Hant_TW", "EN", "mul", "x-klingon", "", None)] == [
        "pt",
        "zh",
        "en",
        "",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("entry", "url", "refused"),
    [
        ("tabloid.example", "https://tabloid.example/a", True),
        ("tabloid.example", "https://www.tabloid.example/a", True),
        ("tabloid.example", "https://news.tabloid.example/a", True),
        ("https://www.tabloid.example/", "https://tabloid.example/a", True),
        ("Tabloid.Example", "https://tabloid.example/a", True),
        ("tabloid.example", "https://nottabloid.example/a", False),
        ("news.tabloid.example", "https://tabloid.example/a", False),
        ("medium.com/@spam", "https://medium.com/@spam/a", True),
        ("medium.com/@spam", "https://medium.com/@ada/a", False),
        ("127.0.0.81", "http://127.0.0.81:8931/a", True),
        ("tabloid.example", "https://news.tabloid.example:8931/a", True),
        ("tabloid.example:8931", "https://tabloid.example:8931/a", True),
        ("tabloid.example:8931", "https://tabloid.example/a", False),
        ("https://tabloid.example:8931/gossip", "https://tabloid.example:8931/gossip/a", True),
        ("https://tabloid.example:8931/gossip", "https://tabloid.example:8931/news/a", False),
    ],
)
def test_blocked_sites_are_never_shared(entry: str, url: str, refused: bool) -> None:
    reason = verdict({"url": url}, Judge(block=(entry,)))
    assert ("`block` of [judge]" in reason) is refused
    assert bool(reason) is refused


@pytest.mark.parametrize(
    ("site", "url", "refused"),
    [
        ("https://me.example", "https://www.me.example/a", True),
        ("http://127.0.0.9:8931", "http://127.0.0.9:8931/a", True),
        ("http://127.0.0.9", "http://127.0.0.9:8931/a", True),
        ("http://127.0.0.9:8931", "http://127.0.0.9:8932/a", False),
        ("http://[::1]:8931", "http://[::1]:8931/a", True),
        ("https://host.example/me", "https://host.example/me/a", True),
        ("https://host.example/me", "https://host.example/ada/a", False),
    ],
)
def test_my_own_sites_are_mine_on_whatever_port(site: str, url: str, refused: bool) -> None:
    reason = verdict({"url": url}, sites=(site,))
    assert reason.startswith("it is on one of my own sites") is refused
    assert bool(reason) is refused


def test_what_the_link_check_found_decides() -> None:
    assert verdict({}, pages=page()) == ""
    assert verdict({}, pages=page(verdict="dead", reason="it answers 404")) == "link check: it answers 404"
    assert verdict({"kind": "own"}, pages=page(verdict="dead", reason="it answers 404")) == "link check: it answers 404"
    assert verdict({}, pages=page(adult=True)).startswith("adult: ")


def test_a_paywall_names_the_setting_that_lets_it_pass() -> None:
    behind = page(paywall="it says that it is for subscribers")
    assert "`paywalled = true`" in verdict({}, pages=behind)
    assert verdict({}, Judge(paywalled=True), pages=behind) == ""
    assert verdict({"kind": "own"}, pages=behind) == "", "my own posts are mine to share"
