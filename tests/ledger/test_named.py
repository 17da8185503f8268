"""Whom a text names, in whatever way their address is written."""

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from ledger.entry import Identity
from ledger.erase import Trace, addresses_of, without
from ledger.named import named

ADA = Identity("mastodon", "ada@pond.example")
SKY = Identity("bluesky", "ada.bay.example")
DID = Identity("bluesky", "did:plc:abc")
X, HN, SITE = Identity("x", "ada"), Identity("hackernews", "ada"), Identity("web", "ada.example")

WRITTEN = {
    "https://pond.example/@ada": ADA,
    "https://pond.example/@ada/5": ADA,
    "http://pond.example/users/ada": ADA,
    "https://pond.example/users/ada/statuses/5": ADA,
    "https://other.example/@ada@pond.example/7": ADA,
    "https://pond.example/%40ada/5": ADA,
    "found by @ada@pond.example, thanks": ADA,
    "(ada@pond.example)": ADA,
    "mastodon:ada@pond.example": ADA,
    "https://bsky.app/profile/ada.bay.example/post/3k": SKY,
    "see @ada.bay.example.": SKY,
    "at://did:plc:abc/app.bsky.feed.post/3k": DID,
    "https://bsky.app/profile/did:plc:abc": DID,
    "https://x.com/ada/status/1": X,
    "https://mobile.twitter.com/ada": X,
    "https://news.ycombinator.com/user?id=ada": HN,
    "news.ycombinator.com/threads?id=ada&next=5": HN,
    "https://news.ycombinator.com/submitted?p=2&id=ada": HN,
    "https://www.ada.example/a?b#c": SITE,
    "read ada.example!": SITE,
    "https://go.example/?to=https%3A%2F%2Fada.example%2Fx": SITE,
    "https://web.archive.org/web/2026/https://ada.example/x": SITE,
}
ELSEWHERE = [
    "https://pond.example/users/adam/statuses/5",
    "https://pond.example/@adam/5",
    "https://news.ycombinator.com/user?id=adam",
    "https://news.ycombinator.com/item?id=ada",
    "https://ada.example.org/",
    "https://x.com/adam/status/1",
    "at://did:plc:abcd/app.bsky.feed.post/3k",
    "Ada, and whatever ada says",
]


@pytest.mark.parametrize(("text", "who"), WRITTEN.items())
def test_each_way_of_writing_somebody_names_them(text, who):
    assert who in set(named(text))
    assert Trace([who]).is_in({"deep": [{"in": text}]})


@pytest.mark.parametrize("text", ELSEWHERE)
@pytest.mark.parametrize("who", [ADA, SKY, DID, X, HN, SITE])
def test_alike_is_not_the_same(text, who):
    assert who not in set(named(text))
    assert not Trace([who]).is_in(text)


@for_any(st.text(max_size=80) | st.text(alphabet="ad.@:/%?=&#é~", max_size=80))
def test_any_text_is_read(text):
    assert all(who.network and who.handle for who in named(text))


def test_a_long_text_takes_no_longer_than_it_is_long():
    assert list(named("a." * 500_000)) == []
    assert len(list(named("/" * 2000 + "@" * 100_000 + "https://" * 10_000))) < 10_000


def test_a_name_goes_only_from_what_tells_of_them_besides():
    """Two words are many people's name: what others wrote of their own world stays as it is."""
    trace = Trace([SITE], ["Open Source"])
    others = {"identity": "x:bob", "note": "we talked about Open Source", "name": "Open Source"}
    assert not trace.is_in(others)
    assert without(others, trace) == others
    hers = {"url": "https://ada.example/1", "note": "we talked about Open Source", "deep": {"by": "open source"}}
    assert without(hers, trace) == {"url": "", "note": "", "deep": {"by": ""}}
    both = {"rows": [{"note": "Open Source"}, {"at": "ada.example"}]}
    assert without(both, trace) == {"rows": [{"note": "Open Source"}]}


def test_their_pages_that_show_no_handle_are_known_by_what_they_did():
    from favours import BOB, received

    thread, own = "https://news.ycombinator.com/item?id=7", "https://news.ycombinator.com/item?id=8"
    entries = [received("submit", 1, HN, url=own), received("comment", 1, HN, url=thread),
               received("comment", 2, BOB, url=thread)]  # fmt: skip
    assert addresses_of([HN], entries) == {own}
    trace = Trace([HN], addresses=addresses_of([HN], entries))
    assert (trace.is_in([own]), trace.is_in(thread)) == (True, False)
