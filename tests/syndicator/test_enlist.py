"""New accounts: every network is offered, what people write becomes what settings take, and what can't be is told."""

import tomllib

import pytest

from syndicator import networks
from syndicator.enlist import OFFERS, Offer, check_name, clean, name_for, offer_of, table, usual
from syndicator.settings import Settings, parse
from syndicator.settings.edit import with_account


def test_every_network_is_offered_and_no_other() -> None:
    assert sorted(each.platform for each in OFFERS) == sorted(networks.ADAPTERS)


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.platform)
def test_an_offer_asks_for_what_the_network_needs_and_knows_whether_it_posts(offer: Offer) -> None:
    adapter = networks.adapter_class(offer.platform, "")
    assert set(getattr(adapter, "needs", ())) <= {wish.key for wish in offer.wishes if wish.needed}
    assert offer.posts == hasattr(adapter, "publish")
    assert ("needs no login" in offer.line) == (not getattr(adapter, "credential", ())) or not offer.posts


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.platform)
def test_good_answers_make_an_account_that_the_settings_take(offer: Offer) -> None:
    said = {"server": "here.example", "handle": "ada.example", "domain": "https://ada.example/blog"}
    me = Settings(me=parse({"me": {"sites": ["https://ada.example/"]}}, Settings().path).me)
    given = {wish.key: usual(wish, offer.platform, me) or said[wish.key] for wish in offer.wishes}
    keys = table(offer, given, ask_first=True)
    made = parse(tomllib.loads(with_account("", "new", keys)), Settings().path).accounts["new"]
    assert (made.platform, made.approve) == (offer.platform, "ask" if offer.posts else "auto")
    assert made.domain in {"", "ada.example"}


@pytest.mark.parametrize(
    ("key", "platform", "written", "taken"),
    [
        ("server", "mastodon", "fosstodon.org", "https://fosstodon.org"),
        ("server", "mastodon", "@ada@fosstodon.org", "https://fosstodon.org"),
        ("server", "mastodon", "https://Fosstodon.org/@ada", "https://fosstodon.org"),
        ("server", "mastodon", "http://127.0.0.1:3000/", "http://127.0.0.1:3000"),
        ("server", "mastodon", "http://[::1]:3000", "http://[::1]:3000"),
        ("server", "micropub", "ada.example/blog/", "https://ada.example/blog"),
        ("handle", "bluesky", " @Ada.bsky.social", "ada.bsky.social"),
        ("handle", "bluesky", "https://bsky.app/profile/ada.example/", "ada.example"),
        ("handle", "hackernews", "ada", "ada"),
        ("domain", "lobsters", "https://ada.example/blog", "ada.example"),
        ("domain", "lobsters", "ada.example", "ada.example"),
        ("monthly_budget_usd", "x", "$2.50", 2.5),
    ],
)
def test_what_people_write_is_understood(key: str, platform: str, written: str, taken: object) -> None:
    assert clean(key, platform, written) == taken


@pytest.mark.parametrize(
    ("key", "platform", "written", "told"),
    [
        ("server", "mastodon", "here", "'here' is no server; write for example https://mastodon.social"),
        ("server", "mastodon", "ftp://a.example", "is no server"),
        ("server", "mastodon", "https://a b.example", "is no server"),
        ("server", "mastodon", "https://a.example:99999", "Port out of range"),
        ("handle", "bluesky", "ada", "write it in full, for example ada.bsky.social"),
        ("domain", "lobsters", "ada", "'ada' is no domain; write for example blog.example"),
        ("monthly_budget_usd", "x", "much", "'much' is no amount; write for example 5"),
        ("monthly_budget_usd", "x", "nan", "is no amount"),
        ("monthly_budget_usd", "x", "-1", "is no amount"),
    ],
)
def test_what_can_not_be_is_told_with_an_example(key: str, platform: str, written: str, told: str) -> None:
    with pytest.raises(ValueError, match=r".") as said:
        clean(key, platform, written)
    assert told in str(said.value)


@pytest.mark.parametrize(
    ("platform", "server", "taken", "name"),
    [
        ("mastodon", "https://fosstodon.org", [], "fosstodon"),
        ("mastodon", "https://fosstodon.org", ["fosstodon", "fosstodon2"], "fosstodon3"),
        ("mastodon", "http://127.0.0.1:3000", [], "mastodon"),
        ("mastodon", "http://localhost", [], "mastodon"),
        ("bluesky", "https://pds.example", [], "bluesky"),
        ("webmention.io", "", [], "webmention"),
    ],
)
def test_a_name_is_proposed_that_is_free(platform: str, server: str, taken: list[str], name: str) -> None:
    assert name_for(offer_of(platform), {"server": server}, taken) == name
    assert check_name(name, taken) == name


def test_a_network_is_chosen_by_its_name_or_number() -> None:
    assert offer_of(" Mastodon ").platform == offer_of("1").platform == "mastodon"
    with pytest.raises(ValueError, match="'0' is no network; choose one of: mastodon, bluesky"):
        offer_of("0")


def test_a_name_that_can_not_be_or_is_taken_is_told() -> None:
    with pytest.raises(ValueError, match="use letters, digits"):
        check_name("a b", [])
    with pytest.raises(ValueError, match="'sky' already; choose another"):
        check_name("sky", ["sky"])
