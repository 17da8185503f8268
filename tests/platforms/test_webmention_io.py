"""webmention.io beyond the contract: what each mention means, who did it, and what came through Bridgy."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from counterparts.fake_webmention_io import TARGET, TOKEN, FakeWebmentionIo

from ledger.entry import Identity
from platforms import webmention_io_wire as wire
from platforms.base import Actor, Interaction, Login
from platforms.errors import AuthFailed, PlatformError, RateLimited, Unreachable
from platforms.webmention_io import WebmentionIo
from syndicator import reported

READ = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def service() -> Iterator[FakeWebmentionIo]:
    service = FakeWebmentionIo()
    yield service
    service.close()


def only(service: FakeWebmentionIo, **options: Any) -> Interaction:
    [act] = service.adapter(**options).interactions(None).interactions
    return act


def card(url: str | None, name: str = "Bob") -> dict[str, Any]:
    return {"type": "card", "name": name, "photo": None, "url": url}


# -- mentions of other sites


@pytest.mark.parametrize(
    ("prop", "kind"),
    [
        ("in-reply-to", "comment"),
        ("like-of", "like"),
        ("repost-of", "boost"),
        ("bookmark-of", "bookmark"),
        ("mention-of", "link"),
        ("follow-of", "follow"),
    ],
)
def test_what_a_page_says_it_is_has_its_kind(service: FakeWebmentionIo, prop: str, kind: str) -> None:
    service.add(
        "https://bob.example/1", prop, published="2026-11-02T13:00:00+01:00", **{"wm-received": "2026-11-02T14:00:00Z"}
    )
    act = only(service)
    assert (act.kind, act.url, act.target, act.id) == (kind, "https://bob.example/1", TARGET, "1700000")
    assert (act.at, act.trust, act.actor.network) == (READ, 1.0, "web")


@pytest.mark.parametrize(
    "fields",
    [
        {"wm-property": "rsvp"},
        {"wm-property": None},
        {"wm-private": True},
        {"wm-deleted": "2026-11-02T14:00:00Z"},
        {"wm-source": "javascript:alert(1)"},
        {"wm-source": "https://[bad"},
        {"wm-source": None},
        {"wm-target": 7},
    ],
)
def test_what_is_nothing_done_for_me_is_left_out_and_passed(service: FakeWebmentionIo, fields: dict[str, Any]) -> None:
    service.add("https://bob.example/1", **fields)
    page = service.adapter().interactions(None)
    assert page.interactions == ()
    assert page.cursor == "1700000"


@pytest.mark.parametrize(
    "odd", [7, None, [], "mention", {}, {"wm-id": "x"}, {"wm-id": True, "author": 3, "content": []}]
)
def test_an_odd_mention_does_not_stop_the_rest(service: FakeWebmentionIo, odd: object) -> None:
    service.mention("one")
    service.mentions.append(service.mentions[0] | {"wm-id": 1_700_001})
    service.answer({"children": [service.mentions[0], odd, service.mentions[1]]})
    assert len(service.adapter().interactions(None).interactions) == 2


def test_odd_fields_cost_only_themselves(service: FakeWebmentionIo) -> None:
    service.add("https://bob.example/1", author=[], content="plain", published="0000-00-00", url=3)
    act = only(service)
    assert (act.actor.handle, act.actor.name, act.text) == ("bob.example", "", "plain")
    assert act.at is not None


@pytest.mark.parametrize(
    ("author", "url"),
    [
        ("https://bob.example/about", "https://bob.example/about"),
        ("https://www.bob.example/", "https://www.bob.example/"),
        (None, "https://bob.example/1"),
        ("https://victim.example/", "https://bob.example/1"),
        ("javascript:x", "https://bob.example/1"),
    ],
)
def test_whoever_links_is_the_site_that_links(service: FakeWebmentionIo, author: str | None, url: str) -> None:
    """A page can claim any author; that it links is proven for its own site alone."""
    service.add("https://bob.example/1", author=card(author), url="https://victim.example/2")
    act = only(service)
    assert (act.actor.network, act.actor.handle, act.actor.url, act.actor.name) == ("web", "bob.example", url, "Bob")
    assert act.url == "https://bob.example/1"


@pytest.mark.parametrize(
    "source", ["https://ada.example/2", "https://www.ada.example/2", "https://notes.ada.example/2"]
)
def test_my_own_pages_do_nothing_for_me(service: FakeWebmentionIo, source: str) -> None:
    service.add(source)
    sites = ["https://ada.example", "https://notes.ada.example/", "https://shared.example/@ada"]
    assert service.adapter(sites=sites).interactions(None).interactions == ()


def test_a_corner_of_a_shared_host_is_not_the_whole_of_it(service: FakeWebmentionIo) -> None:
    service.add("https://shared.example/@bob/1")
    assert only(service, sites=["https://shared.example/@ada"]).kind == "link"


def test_a_pingback_is_hardly_believed(service: FakeWebmentionIo) -> None:
    service.add("https://bob.example/1", **{"wm-protocol": "pingback"})
    assert only(service).trust == 0.3


@pytest.mark.parametrize(
    ("published", "at"),
    [
        (None, READ),
        ("2026-11-02T11:00:00", READ - timedelta(hours=1)),
        ("2026-11-02", READ - timedelta(hours=12)),
        ("2031-01-01T00:00:00Z", READ),
        ("soon", READ),
    ],
)
def test_a_page_cannot_date_itself_later_than_it_was_seen(
    service: FakeWebmentionIo, published: str | None, at: datetime
) -> None:
    service.add("https://bob.example/1", published=published, **{"wm-received": "2026-11-02T12:00:00Z"})
    assert only(service).at == at


def test_no_time_is_invented(service: FakeWebmentionIo) -> None:
    service.add("https://bob.example/1", **{"wm-received": None})
    assert only(service).at is None


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"content": {"html": "<b>a</b>", "text": "a"}, "name": "n"}, "a"),
        ({"content": {"html": None, "text": None}, "summary": {"content-type": "text/plain", "value": "s"}}, "s"),
        ({"name": "n"}, "n"),
        ({}, ""),
    ],
)
def test_their_words_are_those_of_the_page(service: FakeWebmentionIo, fields: dict[str, Any], text: str) -> None:
    service.add("https://bob.example/1", **fields)
    assert only(service).text == text


# -- through bridges

DID = "did:plc:ia23nh3t37r2lydmmqsixrps"
MINE = "did:plc:n3jhgiq2ykctnpgzlm6p6b25"
TWICE = f"at%253A%252F%252F{MINE}%252Fapp.bsky.feed.post%252F3lal"


@pytest.mark.parametrize(
    ("source", "prop", "author", "url", "kind", "who"),
    [
        ("https://brid.gy/like/mastodon/@ada@example.social/1/5", "like-of", "https://other.social/@Bob",
         "https://example.social/@ada/1#favorited-by-5", "like", ("mastodon", "bob@other.social")),
        ("https://brid.gy/repost/mastodon/@ada@example.social/1/5", "repost-of", "https://other.social/users/bob",
         "https://example.social/@ada/1#reblogged-by-5", "boost", ("mastodon", "bob@other.social")),
        ("https://brid.gy/comment/mastodon/@ada@example.social/1/9", "in-reply-to", "https://bob.example/",
         "https://other.social/@bob/9", "reply", ("mastodon", "bob@other.social")),
        ("https://brid.gy/post/mastodon/@ada@example.social/9", "mention-of", "https://other.social/@bob",
         "https://other.social/@bob/9", "share", ("mastodon", "bob@other.social")),
        (f"https://brid.gy/like/bluesky/{MINE}/{TWICE}/did%253Aplc%253Aia23", "like-of", "https://bsky.app/profile/bob.example",
         f"https://bsky.app/profile/ada.example/post/3lal#liked_by_{DID}", "like", ("bluesky", "bob.example")),
        (f"https://brid.gy/repost/bluesky/{MINE}/{TWICE}/x", "repost-of", "https://bob.example/",
         f"https://bsky.app/profile/ada.example/post/3lal#reposted_by_{DID}", "boost", ("bluesky", DID)),
        ("https://brid.gy/like/twitter/ada/1/2", "like-of", "https://twitter.com/Bob",
         "https://twitter.com/ada/status/1#favorited-by-2", "like", ("x", "bob")),
        ("https://brid.gy/comment/twitter/ada/1/2", "in-reply-to", "http://poetica.example/",
         "https://twitter.com/poetica/status/2", "reply", ("x", "poetica")),
        ("https://brid.gy/comment/github/ada/1/2", "in-reply-to", "https://github.com/bob",
         "https://github.com/ada/x/issues/1#issuecomment-2", "reply", ("github", "bob")),
        ("https://brid-gy.appspot.com/like/flickr/ada/1/2", "like-of", "https://www.flickr.com/people/bob/",
         "https://www.flickr.com/photos/ada/1#liked-by-2", "like", ("flickr", "bob")),
        ("https://bsky.brid.gy/convert/web/at://did:plc:ia23/app.bsky.feed.post/3k", "in-reply-to",
         "https://bsky.app/profile/bob.example", "https://bsky.app/profile/bob.example/post/3k",
         "reply", ("bluesky", "bob.example")),
        ("https://ap.brid.gy/convert/web/https:/other.social/users/bob/statuses/9", "in-reply-to",
         "https://other.social/@bob", "https://other.social/@bob/9", "reply", ("mastodon", "bob@other.social")),
        ("https://fed.brid.gy/convert/web/https:/other.social/9", "like-of", "https://other.social/@bob",
         "https://other.social/likes/9", "like", ("mastodon", "bob@other.social")),
        ("https://brid.gy/like/mastodon/@ada@example.social/1/5", "like-of", "https://bob.example/",
         "https://example.social/@ada/1#favorited-by-5", "like", ("web", "")),
    ],
)  # fmt: skip
def test_what_came_through_a_bridge_is_an_act_on_the_network(
    service: FakeWebmentionIo, source: str, prop: str, author: str, url: str, kind: str, who: tuple[str, str]
) -> None:
    service.add(source, prop, author=card(author), url=url)
    act = only(service)
    assert act.kind == kind
    assert (act.actor.network, act.actor.handle) == who
    assert act.url == url
    assert act.target == TARGET
    assert act.trust == 1.0


@pytest.mark.parametrize(
    ("author", "handle"),
    [
        ("https://pixel.example/Carol", "carol@pixel.example"),
        ("https://friendica.example/profile/carol", "carol@friendica.example"),
        ("https://lemmy.example/u/carol/", "carol@lemmy.example"),
        ("https://Other.social/@carol@other.social", "carol@other.social"),
    ],
)
def test_one_person_is_one_identity_whichever_form_their_profiles_address_has(
    service: FakeWebmentionIo, author: str, handle: str
) -> None:
    service.add("https://brid.gy/like/pixelfed/ada/5/9", "like-of", author=card(author), url="https://h.example/1#l")
    [entry] = reported.read("webmention.io", [only(service)], READ).entries
    native = Interaction("like", Actor(handle=handle, url=author))
    [told] = reported.read("mastodon", [native], READ).entries
    assert entry.identity == told.identity == Identity("mastodon", handle)


FED = "https://ap.brid.gy/convert/web/https:/evil.example/n/1"


@pytest.mark.parametrize(
    ("source", "author", "url"),
    [
        (FED, "https://evil.example/@victim@mastodon.social", "https://evil.example/n/1"),
        (FED, "https://mastodon.social/@victim", "https://evil.example/n/1"),
        (FED, "https://evil.example/users/victim@mastodon.social", "https://mastodon.social/@victim/1"),
        (FED, "https://victim.example/", "https://evil.example/n/1"),
        (FED.replace("ap.", "fed."), "https://bsky.app/profile/victim.example", "https://evil.example/n/1"),
        (FED.replace("ap.", "bsky."), "https://bsky.app/profile/victim.example", "https://evil.example/n/1"),
        ("https://brid.gy/post/mastodon/@ada@h.example/8", "https://evil.example/@victim@mastodon.social", ""),
        ("https://brid.gy/like/twitter/ada/1/2", "https://victim.example/", "https://twitter.com/ada/status/1#f"),
    ],
)
def test_nobody_is_taken_for_somebody_else(service: FakeWebmentionIo, source: str, author: str, url: str) -> None:
    service.add(source, "repost-of", author=card(author), url=url)
    page = service.adapter().interactions(None)
    assert page.interactions == ()
    assert page.cursor == "1700000"


@pytest.mark.parametrize("author", [None, "https://github.com/", "https://facebook.example/profile.php?id=7"])
def test_a_whole_network_is_nobody(service: FakeWebmentionIo, author: str | None) -> None:
    service.add("https://brid.gy/comment/github/ada/1/2", "in-reply-to", author=card(author), url="")
    assert service.adapter().interactions(None).interactions == ()


@pytest.mark.parametrize(
    ("source", "author"),
    [
        ("https://brid.gy/post/mastodon/@ada@example.social/9", "https://example.social/@ada"),
        (f"https://brid.gy/comment/bluesky/{MINE}/{TWICE}/{TWICE}", "https://bsky.app/profile/ada.example"),
        ("https://brid.gy/comment/twitter/Ada/1/2", "https://twitter.com/ada"),
    ],
)
def test_what_i_did_myself_on_a_network_is_left_out(service: FakeWebmentionIo, source: str, author: str) -> None:
    service.add(source, "in-reply-to", author=card(author), url="https://example.social/@x/1")
    assert service.adapter().interactions(None).interactions == ()


@pytest.mark.parametrize("source", ["https://brid.gy/about", "https://brid.gy.evil.example/like/mastodon/@a@b/1/2"])
def test_a_page_that_only_looks_like_a_bridge_is_a_page(service: FakeWebmentionIo, source: str) -> None:
    service.add(source, "like-of", author=card("https://other.social/@bob"))
    assert only(service).actor.network == "web"


# -- the service


def test_reading_goes_on_after_the_newest_number(service: FakeWebmentionIo) -> None:
    for number in range(120):
        service.mention(f"number {number}")
    first = service.adapter().interactions(None)
    assert (len(first.interactions), first.cursor, first.more) == (100, "1700099", True)
    second = service.adapter().interactions(first.cursor)
    assert (len(second.interactions), second.cursor) == (20, "1700119")
    third = service.adapter().interactions(second.cursor)
    assert (third.interactions, third.cursor, third.more) == ((), "1700119", False)


def test_a_service_that_repeats_itself_is_told_once_and_ends(service: FakeWebmentionIo) -> None:
    service.mention("once")
    first = service.adapter().interactions(None)
    service.repeat_page()
    again = service.adapter().interactions(first.cursor)
    assert (again.interactions, again.cursor, again.more) == ((), first.cursor, False)


@pytest.mark.parametrize("domain", ["ada.example", "https://www.ada.example/", "Ada.example"])
def test_the_site_may_be_written_in_any_way(service: FakeWebmentionIo, domain: str) -> None:
    service.mention("hello")
    assert only(service, domain=domain).text == "hello"


@pytest.mark.parametrize(
    ("status", "error"), [(401, AuthFailed), (403, AuthFailed), (500, Unreachable), (302, Unreachable)]
)
def test_each_refusal_has_its_error(service: FakeWebmentionIo, status: int, error: type[PlatformError]) -> None:
    service.fail(status)
    with pytest.raises(error):
        service.adapter().interactions(None)


def test_too_many_questions_say_when_to_come_back(service: FakeWebmentionIo) -> None:
    service.rate_limit(60)
    with pytest.raises(RateLimited) as caught:
        service.adapter().interactions(None)
    assert caught.value.retry_at is not None
    assert abs(caught.value.retry_at - datetime.now(UTC) - timedelta(seconds=60)) < timedelta(seconds=10)


@pytest.mark.parametrize("body", [b"", b"<html>", [], {}, {"children": 7}])
def test_answers_of_another_service_are_an_error_of_ours(service: FakeWebmentionIo, body: object) -> None:
    service.answer(body)
    with pytest.raises(Unreachable, match="not like"):
        service.adapter().interactions("1")


def test_the_token_is_in_no_error(service: FakeWebmentionIo) -> None:
    """It travels in the address, which many errors of libraries quote."""
    shown = [repr(service.adapter()), repr(service.login())]
    service.answer({"error": "forbidden", "error_description": f"no such token {TOKEN}"}, 401)
    for server in (service.url, "http://127.0.0.1:1", "http://127.0.0.1:1/\x00", "http://[::1"):
        with pytest.raises(PlatformError) as caught:
            WebmentionIo(Login("m", {"domain": "a.example", "server": server}, {"token": TOKEN}, 5.0)).interactions(
                None
            )
        shown += [str(caught.value), repr(caught.value), repr(caught.value.__cause__)]
    assert not [text for text in shown if TOKEN in text or "api-key" in text]


def test_a_site_of_which_nothing_is_told_is_in_doubt(service: FakeWebmentionIo) -> None:
    """The service answers alike for a site that it does not know."""
    assert "has nothing for ada.example" in service.adapter().whoami().doubt
    service.mention("hello")
    assert service.adapter().whoami().doubt == ""
    assert "has nothing for other.example" in service.adapter(domain="other.example").whoami().doubt


def test_the_login_is_proven_by_asking(service: FakeWebmentionIo) -> None:
    assert service.adapter().whoami().actor.handle == "ada.example"
    service.refuse_login()
    with pytest.raises(AuthFailed, match="SYNDICATOR_MENTIONS_TOKEN"):
        service.adapter().whoami()


def test_a_list_of_ghosts_recommendations_recommends_me() -> None:
    source = "https://grace.example/.well-known/recommendations.json"
    told = {"wm-id": 1, "wm-source": source, "wm-target": TARGET, "wm-property": "mention-of", "url": source}
    act = wire.interaction(told, {"ada.example"})
    assert act is not None
    assert (act.kind, act.actor.handle, act.url) == ("recommend", "grace.example", source)
