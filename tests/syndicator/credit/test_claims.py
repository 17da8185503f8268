"""Which handles may be mentioned at all, what is claimed of an article, and what its site is known to be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces import NOON, article

from ledger.entry import Identity
from ledger.shared_hosts import is_shared
from platforms import text
from syndicator.articles import Article
from syndicator.credit.claims import Claim, byline, claims_of, home_of
from syndicator.credit.mentions import mention, mentions
from syndicator.linkcheck.checked import Check
from syndicator.pages.base import Credit

URL = "https://ada.blog/a"


def page(*given: Credit, url: str = URL, **more: Any) -> Check:
    return Check(url=url, at=NOON, **{"verdict": "ok", "credits": given, **more})


def creator(handle: str) -> Credit:
    return Credit("mastodon", handle, "fediverse:creator")


@pytest.mark.parametrize(
    ("network", "handle", "live"),
    [
        ("mastodon", "ada@example.social", True),
        ("mastodon", "ada.b-c_d@sub.example.social", True),
        ("mastodon", "ada@xn--bcher-kva.example", True),
        ("mastodon", "ada@localhost", False),
        ("mastodon", "ada@example.social:8080", False),
        ("mastodon", "ada@[::1]", False),
        ("mastodon", "ada@127.0.0.1", False),
        ("mastodon", "ada.@example.social", False),
        ("mastodon", "ada@example.social\n@bob@example.social", False),
        ("mastodon", "ада@example.social", False),
        ("mastodon", "ada", False),
        ("bluesky", "ada.bsky.social", True),
        ("bluesky", "ada.blog", True),
        ("bluesky", "ada.example", False),
        ("bluesky", "handle.invalid", False),
        ("bluesky", "did:plc:abc", False),
        ("bluesky", "ada.blog bob.blog", False),
        ("x", "ada", False),
        ("web", "ada.blog", False),
        ("memory", "ada", False),
    ],
)
def test_only_a_handle_that_its_network_takes_for_one_is_a_mention(network: str, handle: str, live: bool) -> None:
    assert mention(Identity(network, handle)) == (f"@{handle}" if live else "")


@given(st.sampled_from(["mastodon", "bluesky"]), st.text(st.sampled_from("ab.-_@:/ #\n0"), max_size=30))
def test_a_mention_is_the_whole_of_it_and_nothing_else(network: str, handle: str) -> None:
    if written := mention(Identity(network, handle)):
        assert written == f"@{handle}"
        assert mentions(f"by {written}\nhttps://ada.blog", Identity(network, handle))
        if network == "mastodon":
            assert text.mastodon_length(written) == len(written.rpartition("@")[0])
        else:
            assert [each.value for each in text.facets(written)] == [handle]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("by @ada@example.social", True),
        ("(@Ada@Example.Social).", True),
        ("by @ada@example.social.uk", False),
        ("by @ada@example.socialite", False),
        ("by x@ada@example.social", False),
        ("by @\u200bada@example.social", False),
        ("by ada@example.social", False),
    ],
)
def test_who_is_mentioned(said: str, named: bool) -> None:
    assert mentions(said, Identity("mastodon", "ada@example.social")) is named


def test_what_a_page_says_comes_before_what_the_domain_proves() -> None:
    credit = Credit("bluesky", "ada.bsky.social", "rel=me")
    domain = Claim(Identity("bluesky", "ada.blog"), "domain")
    assert claims_of(article(URL), page(credit)) == (Claim(Identity("bluesky", "ada.bsky.social"), "rel=me"), domain)
    assert claims_of(article(URL), None) == (domain,)
    assert claims_of(article(URL), page(credit, verdict="dead")) == (domain,)
    assert claims_of(article(URL), page(Credit("bluesky", "ada.blog", "rel=me"))) == (
        Claim(Identity("bluesky", "ada.blog"), "rel=me"),
    )


def test_what_its_feed_says_is_a_claim_too() -> None:
    about = article("https://ada.example/a", author_url="https://example.social/@ada")
    assert claims_of(about, None) == (Claim(Identity("mastodon", "ada@example.social"), "feed"),)
    assert claims_of(article("https://ada.example/a", author_url="https://ada.example/authors/ada"), None) == ()


@pytest.mark.parametrize(
    "url",
    ["https://medium.com/@ada/x", "https://medium.com/x", "https://ada.substack.com/p/x", "http://127.0.0.1:8000/x"],
)
def test_a_host_that_is_not_its_owner_s_proves_nothing(url: str) -> None:
    assert claims_of(article(url), None) == ()


@pytest.mark.parametrize(
    ("site", "shared"),
    [("medium.com/@ada", True), ("ada.substack.com", True), ("ada.blog", False), ("notmedium.com", False)],
)
def test_shared_hosts(site: str, shared: bool) -> None:
    assert is_shared(site) is shared


def test_the_same_name_in_any_order_and_case_is_one_byline() -> None:
    names = ["Ada Lovelace", "LOVELACE, Ada", "ada  lovelace"]
    assert len({byline(article(URL, author=name), None) for name in names}) == 1
    assert byline(article(URL), page(author="Ada")) == "ada"
    assert byline(article(URL), None) == ""


def written(*authors: tuple[str, str]) -> tuple[list[Article], dict[str, Check]]:
    """Articles by these names, whose pages give these creators."""
    articles = [article(f"{URL}{n}", author=name) for n, (name, _) in enumerate(authors)]
    pages = {
        each.url: page(*[creator(handle)] if handle else [], url=each.url)
        for each, (_, handle) in zip(articles, authors, strict=True)
    }
    return articles, pages


def test_a_handle_under_several_names_is_common_to_them() -> None:
    home = home_of("ada.blog", *written(("Ada", "paper@example.social"), ("Bob", "paper@example.social")))
    assert Identity("mastodon", "paper@example.social") in home.common
    assert home.has_several


def test_one_name_or_none_makes_one_person_s_site_unless_pages_name_several() -> None:
    assert home_of("ada.blog", *written(("Ada", "ada@example.social"), ("", ""))).is_one_person_s
    assert home_of("ada.blog", *written(("", "a@example.social"), ("", "b@example.social"))).has_several
    assert not home_of("medium.com", [], {}).is_one_person_s
    assert home_of("medium.com/@ada", [], {}).is_one_person_s
