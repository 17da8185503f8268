"""WHO: every way of writing a person or a site, and everything that is refused."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entry import Identity
from ledger.people import UnknownWho, identity, profile_url, site_identity
from ledger.who import claimed_site

READ = {
    # handles of the fediverse
    "@ada@example.social": "mastodon:ada@example.social",
    "ada@example.social": "mastodon:ada@example.social",
    "  @Ada@Example.Social ": "mastodon:ada@example.social",
    "mastodon:@ada@example.social": "mastodon:ada@example.social",
    "acct:ada@example.social": "mastodon:ada@example.social",
    "https://example.social/@ada": "mastodon:ada@example.social",
    "https://example.social/@Ada/113400000000000001": "mastodon:ada@example.social",
    "https://example.social/@ada@other.example": "mastodon:ada@other.example",
    "example.social/@ada": "mastodon:ada@example.social",
    "@ada@localhost:3000": "mastodon:ada@localhost:3000",
    "@ada.b-c_d@example.social": "mastodon:ada.b-c_d@example.social",
    # Bluesky
    "ada.bsky.social": "bluesky:ada.bsky.social",
    "@ada.bsky.social": "bluesky:ada.bsky.social",
    "https://ada.bsky.social/": "bluesky:ada.bsky.social",
    "@ada.example": "bluesky:ada.example",
    "bluesky:ada.example": "bluesky:ada.example",
    "bsky:Ada.Example": "bluesky:ada.example",
    "https://bsky.app/profile/ada.example": "bluesky:ada.example",
    "https://bsky.app/profile/ada.example/post/3k43tv4rft22g": "bluesky:ada.example",
    "https://bsky.app/profile/did:plc:z72i7hdynmk6r22z27h6tvur": "bluesky:did:plc:z72i7hdynmk6r22z27h6tvur",
    "did:plc:z72i7hdynmk6r22z27h6tvur": "bluesky:did:plc:z72i7hdynmk6r22z27h6tvur",
    # X
    "x:ada": "x:ada",
    "x:@Ada_L": "x:ada_l",
    "twitter:ada": "x:ada",
    "x:2600": "x:2600",
    "https://x.com/Ada": "x:ada",
    "https://twitter.com/ada/status/20": "x:ada",
    "https://mobile.twitter.com/ada": "x:ada",
    # sites
    "ada.example": "web:ada.example",
    "Ada.Example.": "web:ada.example",
    "www.ada.example": "web:ada.example",
    "https://www.ada.example/2026/11/a-post?x=1#y": "web:ada.example",
    "http://ada.example:80/": "web:ada.example",
    "http://127.0.0.1:8080/feed.xml": "web:127.0.0.1:8080",
    "http://[::1]:8080/": "web:[::1]:8080",
    "localhost:8080": "web:localhost:8080",
    "web:ada.example": "web:ada.example",
    "blog.ada.example/@notes/1": "mastodon:notes@blog.ada.example",
    "web:blog.ada.example/@notes/1": "web:blog.ada.example/@notes",
    "https://medium.com/@Ada/a-post": "web:medium.com/@ada",
    "medium.com/@ada": "web:medium.com/@ada",
    "github.com/ada": "web:github.com/ada",
    "https://www.linkedin.com/in/ada/": "web:linkedin.com/in/ada",
    "https://www.youtube.com/channel/UC1": "web:youtube.com/channel/uc1",
    "https://old.reddit.example/user/ada": "web:old.reddit.example",
    "reddit.com/user/ada/comments": "web:reddit.com/user/ada",
    "https://news.ycombinator.com/user?id=Ada": "hackernews:ada",
    "https://tilde.example/~ada/log.html": "web:tilde.example/~ada",
    "https://tilde.example/%7Eada/": "web:tilde.example/~ada",
    "ada.github.io": "web:ada.github.io",
    # networks that are to come
    "memory:Ada": "memory:ada",
    "nostr:npub1xyz": "nostr:npub1xyz",
    # other scripts: hosts become ASCII so that look-alikes look different, names stay readable
    "https://müller.example/": "web:xn--mller-kva.example",
    "MÜLLER.example": "web:xn--mller-kva.example",
    "xn--mller-kva.example": "web:xn--mller-kva.example",
    "例え。テスト": "web:xn--r8jz45g.xn--zckzah",
    "аda.example": "web:xn--da-6kc.example",
    "@アダ@example.social": "mastodon:アダ@example.social",
    "@ada@пример.example": "mastodon:ada@xn--e1afmkfd.example",
    "ａｄａ．ｅｘａｍｐｌｅ": "web:ada.example",
}

REFUSED = [
    "",
    "   ",
    "ada",
    "@ada",
    "Ada Lovelace",
    "@ada@",
    "@@example.social",
    "ada@example",
    "@ada@example.social@evil.example",
    "@ada@example.social/x",
    "@ada@example.social:port",
    "https://ada.example@evil.example/",
    "https://evil.example\\@ada.example/",
    "https://",
    "https:///ada",
    "https://[::1",
    "https://ada.example:99999/",
    "https://-ada.example/",
    "https://ada..example/",
    "javascript:alert(1)",
    "mailto:ada@example.org",
    "data:text/html,x",
    "ftp://ada.example/",
    "file:///etc/passwd",
    "x:ada lovelace",
    "x:ada.example",
    "x:",
    "bluesky:ada",
    "mastodon:ada",
    "3.14",
    "https://256.256.256.256/",
    "https://medium.com/",
    "github.com",
    "https://news.ycombinator.com/user?id=a%20b",
    "https://news.ycombinator.com/user",
    "https://x.com/intent/post?text=x",
    "https://www.linkedin.com/in/",
    "https://news.ycombinator.com/item?id=1",
    "ada\x1b[31m.example",
    "ada.example\n@evil.example",
    "ada\u202e.example",
    "a\u200bda.example",
    "\ud800.example",
    "x" * 64 + ".example",
    "https://" + "a." * 400 + "example/",
]


@pytest.mark.parametrize(("who", "wanted"), READ.items())
def test_who_is_read(who, wanted):
    assert str(identity(who)) == wanted


@pytest.mark.parametrize("wanted", sorted(set(READ.values())))
def test_an_identity_written_out_is_read_back(wanted):
    assert str(identity(wanted)) == wanted


@pytest.mark.parametrize("who", REFUSED)
def test_who_is_refused_with_a_remedy_and_without_what_could_do_harm(who):
    with pytest.raises(UnknownWho) as caught:
        identity(who)
    assert caught.value.remedy
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("url", "wanted"),
    {
        "https://www.Ada.example/a/b?c": "web:ada.example",
        "https://medium.com/@ada/a-post-1": "web:medium.com/@ada",
        "https://medium.com/": "web:medium.com",
        "https://example.social/@ada/1": "web:example.social/@ada",
        "https://bsky.app/profile/ada.example/post/1": "web:bsky.app/profile/ada.example",
        "https://x.com/ada/status/1": "web:x.com/ada",
        "https://news.ycombinator.com/item?id=1": "web:news.ycombinator.com",
        "http://127.0.0.1:8001/post": "web:127.0.0.1:8001",
    }.items(),
)
def test_a_page_belongs_to_a_site(url, wanted):
    assert str(site_identity(url)) == wanted


@pytest.mark.parametrize("url", ["ada.example", "mailto:ada@example.org", "", "https://a b.example/"])
def test_what_is_no_web_address_has_no_site(url):
    with pytest.raises(UnknownWho):
        site_identity(url)


@pytest.mark.parametrize(
    ("url", "wanted"),
    {
        "https://www.Ada.example": "ada.example",
        "https://ada.example/#top": "ada.example",
        "https://ada.example/index.html": "ada.example",
        "https://ada.example/about": None,
        "https://uni.example/people/ada": None,
        "https://uni.example/~ada/": "uni.example/~ada",
        "https://uni.example/~ada/cv": None,
        "https://ada.example/?author=1": None,
        "https://orcid.org/0000-0002-1825-0097": "orcid.org/0000-0002-1825-0097",
        "https://orcid.org/": None,
        "https://en.wikipedia.org/wiki/User:Ada": None,
        "https://pypi.org/user/ada/": "pypi.org/user/ada",
        "https://pypi.org/project/ada/": None,
        "https://stackoverflow.com/users/1": "stackoverflow.com/users/1",
        "https://stackoverflow.com/questions/1": None,
        "https://linktr.ee/ada": "linktr.ee/ada",
        "https://github.com/ada": "github.com/ada",
        "https://github.com/ada/tools": None,
        "https://github.com": None,
        "https://bsky.app/profile/ada.example": "bsky.app/profile/ada.example",
        "https://bsky.app/profile/ada.example/post/1": None,
        "mailto:ada@ada.example": None,
        "nothing": None,
    }.items(),
)
def test_a_page_is_its_owners_site_only_as_its_front_page(url, wanted):
    """Whoever has a page on a host that many share may claim that page, and nobody the host."""
    found = claimed_site(url)
    assert (found and found.handle) == wanted


@pytest.mark.parametrize(
    ("who", "url"),
    {
        "@ada@example.social": "https://example.social/@ada",
        "ada.bsky.social": "https://bsky.app/profile/ada.bsky.social",
        "x:ada": "https://x.com/ada",
        "medium.com/@ada": "https://medium.com/@ada",
        "nostr:npub1xyz": "",
    }.items(),
)
def test_a_profile_can_be_visited(who, url):
    assert profile_url(identity(who)) == url


@given(st.text(max_size=60) | st.text(alphabet=string.ascii_letters + string.digits + "@.:/-_~%", max_size=60))
def test_any_text_is_read_or_refused_and_what_is_read_is_stable(text):
    try:
        found = identity(text)
    except UnknownWho:
        return
    assert found.handle
    assert identity(str(found)) == found
    assert not any(mark.isspace() for mark in found.handle)


@given(st.text(max_size=60))
def test_any_page_has_a_site_or_is_refused(text):
    try:
        found = site_identity(f"https://{text}")
    except UnknownWho:
        return
    assert found.network == "web"
    assert identity(str(found)) == found


def test_a_fake_bluesky_domain_of_another_host_is_only_a_site():
    assert identity("bsky.social.evil.example") == Identity("web", "bsky.social.evil.example")


def test_an_address_may_be_of_any_length_a_handle_may_not():
    assert site_identity("https://ada.example/" + "a" * 5000) == Identity("web", "ada.example")
    assert identity("https://ada.example/?q=" + "a" * 5000) == Identity("web", "ada.example")
    with pytest.raises(UnknownWho):
        identity("mastodon:" + "a" * 500 + "@example.social")
