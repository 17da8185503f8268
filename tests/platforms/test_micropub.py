"""Micropub beyond the contract: finding the endpoint, where posts are passed on to, and what known servers do."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from counterparts.fake_micropub import TOKEN, FakeMicropub
from counterparts.json_server import Answer as Reply

from platforms.base import Draft, Login, Request
from platforms.errors import AuthFailed, PlatformError, RateLimited, Rejected, Unreachable, Unsupported
from platforms.micropub import Micropub
from platforms.micropub_wire import as_html
from platforms.web import Answer, Web

URL = "https://ben.example/p?a=1&b=2"


@pytest.fixture
def site() -> Iterator[FakeMicropub]:
    site = FakeMicropub()
    yield site
    site.close()


class ToTheFake(Web):
    """Reaches the fake where micro.blog is asked for, as a name server would."""

    def __init__(self, fake: FakeMicropub) -> None:
        super().__init__("site", 30.0, TOKEN)
        self._fake = fake

    def ask(self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Answer:
        assert url.startswith("https://micro.blog/micropub")
        return super().ask(
            method, url.replace("https://micro.blog/micropub", f"{self._fake.url}/endpoint"), headers, body
        )


def microblog(fake: FakeMicropub, server: str = "https://micro.blog", **options: Any) -> Micropub:
    fake.forms_only = True
    login = Login("site", {"server": server, "syndicate_to": []} | options, {"token": TOKEN}, 30.0)
    return Micropub(login, ToTheFake(fake))


def prepare(text: str = f"Pruning & <you>\n{URL}", url: str | None = URL, **more: Any) -> Request:
    return Micropub(Login("site", more.pop("options", {}))).prepare(Draft(text, url, **more), "key", datetime.now(UTC))


def content(site: FakeMicropub) -> Any:
    return site.made[-1]["properties"]["content"][0]


# -- the text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*args & <b>\nhttps://a.example/x_y_z", '<p>*args &amp; &lt;b&gt;<br><a href="https://a.example/x_y_z">https://a.example/x_y_z</a></p>'),
        ("no link", "<p>no link</p>"),
        ('("https://a.example/?a=1&b=2").', '<p>(&quot;<a href="https://a.example/?a=1&amp;b=2">https://a.example/?a=1&amp;b=2</a>&quot;).</p>'),
        ("javascript:alert(1) https:// x", "<p>javascript:alert(1) https:// x</p>"),
    ],
)  # fmt: skip
def test_a_text_says_the_same_as_html(text: str, html: str) -> None:
    assert as_html(text) == html


def test_a_link_may_end_in_any_sign_when_it_is_the_articles() -> None:
    url = "https://en.example/wiki/Pruning_(fruit)"
    assert f'<a href="{url}">{url}</a>' in as_html(f"Pruning {url}", url)


def test_the_content_warning_hides_the_post(site: FakeMicropub) -> None:
    site.adapter().publish(prepare("spiders", None, warning="<animals>"))
    assert content(site) == {"html": "<details><summary>&lt;animals&gt;</summary><p>spiders</p></details>"}


# -- the endpoint


@pytest.mark.parametrize(
    "page",
    [
        Reply(200, b"<p>hello", {"Link": '</feed>; rel="alternate", </endpoint?as=ada>; rel="micropub"'}),
        Reply(200, b"<p>hello", {"Link": "<endpoint?as=ada>; title=x; rel=MICROPUB"}),
        Reply(200, b'<link href=/ rel=me><noscript><img></noscript><link rel="x micropub" href="/endpoint?as=ada">'),
    ],
)
def test_the_sites_page_names_its_endpoint(site: FakeMicropub, page: Reply) -> None:
    site.page = page
    site.adapter().publish(prepare())
    assert len(site.posts()) == 1
    assert site.calls[0].headers.get("Authorization") is None, "the token is for the endpoint alone"


def test_a_visitors_link_is_no_endpoint(site: FakeMicropub) -> None:
    site.page = Reply(200, b'<p class=comment><a rel="micropub nofollow" href="/endpoint?as=ada">nice post</a>')
    with pytest.raises(Unsupported, match="no Micropub endpoint"):
        site.adapter().publish(prepare())
    assert [call.path for call in site.calls] == ["/"], "the token goes nowhere"


def test_a_page_that_moved_is_followed_to_its_endpoint(site: FakeMicropub) -> None:
    site.page = Reply(301, b"", {"Location": "/endpoint?as=nobody"})
    with pytest.raises(Unsupported, match="no Micropub endpoint"):
        site.adapter().publish(prepare())
    assert [call.path for call in site.calls] == ["/", "/endpoint"]


@pytest.mark.parametrize("page", [Reply(200, b"<p>hello"), Reply(404, b""), Reply(200, b"\xff\x00<link rel=micropub>")])
def test_a_site_without_micropub_is_told_so(site: FakeMicropub, page: Reply) -> None:
    site.page = page
    with pytest.raises(PlatformError) as caught:
        site.adapter().publish(prepare())
    assert "[accounts.site]" in caught.value.remedy
    assert site.posts() == []


def test_a_site_that_redirects_for_ever_is_given_up(site: FakeMicropub) -> None:
    site.page = Reply(302, b"", {"Location": "/"})
    with pytest.raises(Unreachable, match="redirects without end"):
        site.adapter().publish(prepare())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_post_is_never_sent_on_to_another_address(site: FakeMicropub, status: int) -> None:
    site.answer(Reply(status, b"", {"Location": "/new"}))
    with pytest.raises(Unreachable, match=r"sends posts elsewhere to .*/new"):
        site.adapter().publish(prepare())
    assert [call.method for call in site.calls] == ["GET", "POST"]


# -- where posts are passed on to


@pytest.mark.parametrize("name", ["linkedin", "LinkedIn", "linkedin (ada)"])
def test_a_place_is_known_by_its_id_or_name(site: FakeMicropub, name: str) -> None:
    site.adapter().publish(prepare(options={"syndicate_to": [name, "threads"]}))
    assert site.made[0]["properties"]["mp-syndicate-to"] == ["linkedin", "threads"]


def test_places_may_be_listed_apart_from_the_rest(site: FakeMicropub) -> None:
    site.config = {}
    site.targets = ["https://fed.example/@ada", {"uid": "u", "service": {"name": "Flickr"}}, {"name": "none"}, 7]
    site.targets = site.targets[:2]
    site.adapter().publish(prepare(options={"syndicate_to": ["flickr", "https://fed.example/@ada"]}))
    assert site.made[0]["properties"]["mp-syndicate-to"] == ["u", "https://fed.example/@ada"]


def test_an_unknown_place_is_an_error_that_names_those_known(site: FakeMicropub) -> None:
    with pytest.raises(Rejected) as caught:
        site.adapter().publish(prepare(options={"syndicate_to": ["friendster"]}))
    assert "friendster" in caught.value.problem
    assert "linkedin (LinkedIn (Ada)), threads" in caught.value.problem
    assert "syndicate_to" in caught.value.remedy
    assert site.posts() == []
    with pytest.raises(Rejected, match="friendster"):
        site.adapter(syndicate_to=["friendster"]).whoami()


def test_nothing_is_asked_or_said_of_places_when_none_is_named(site: FakeMicropub) -> None:
    site.adapter().publish(prepare())
    assert "mp-syndicate-to" not in site.made[0]["properties"]
    assert [call.query.get("q") for call in site.calls] == [None, None]


# -- micro.blog


def test_micro_blog_is_sent_forms_and_told_to_pass_a_post_on_nowhere(site: FakeMicropub) -> None:
    ref = microblog(site).publish(prepare())
    assert content(site) == as_html(f"Pruning & <you>\n{URL}")
    assert site.made[0]["properties"]["mp-syndicate-to"] == [""]
    assert microblog(site).find(prepare()) == ref


def test_micro_blog_passes_a_post_on_where_it_shall(site: FakeMicropub) -> None:
    microblog(site).publish(prepare(options={"syndicate_to": ["LinkedIn (Ada)", "threads"]}))
    assert site.made[0]["properties"]["mp-syndicate-to"] == ["linkedin", "threads"]


def test_one_endpoint_for_several_sites_is_told_which(site: FakeMicropub) -> None:
    blogs = ["https://ada.example/", f"{site.url}/", "https://notes.example/"]
    site.config["destination"] = [{"uid": uid, "name": "a blog"} for uid in blogs]
    site.page = Reply(
        200, f'<link rel=micropub href="{site.url.replace("127.0.0.1", "localhost")}/endpoint?as=ada">'.encode()
    )
    adapter = site.adapter()
    adapter.publish(prepare())
    assert site.made[0]["properties"]["mp-destination"] == [f"{site.url}/"]
    assert adapter.find(prepare()) is not None
    assert site.calls[-1].query["mp-destination"] == f"{site.url}/"


# -- reading back


@pytest.mark.parametrize("cursors", [True, False])
def test_a_post_is_found_behind_newer_ones(site: FakeMicropub, cursors: bool) -> None:
    site.cursors = cursors
    request = prepare()
    adapter = site.adapter()
    ref = adapter.publish(request)
    for number in range(35):
        adapter.publish(prepare(f"later {number} {URL}{number}", f"{URL}{number}"))
    assert site.adapter().find(request) == ref


def test_looking_ends_where_posts_are_older_than_the_request(site: FakeMicropub) -> None:
    adapter = site.adapter()
    for number in range(20):
        adapter.publish(prepare(f"before {number}", None))
    later = Request("key", prepare().payload, datetime.now(UTC) + timedelta(hours=1))
    site.calls.clear()
    assert site.adapter().find(later) is None
    assert len(site.calls) == 2


def test_more_posts_than_anybody_writes_are_no_answer(site: FakeMicropub) -> None:
    site.adapter().publish(prepare("another", None))
    site.made *= 101
    with pytest.raises(Unsupported, match="too many"):
        site.adapter().find(prepare())


@pytest.mark.parametrize("published", ["", "2026-11-02T12:00:00", "soon"])
def test_a_post_of_unknown_time_may_be_an_earlier_one(site: FakeMicropub, published: str) -> None:
    request = prepare()
    site.adapter().publish(request)
    site.made[0]["published"] = published
    with pytest.raises(Unsupported, match="when"):
        site.adapter().find(request)


def test_a_site_that_lists_nothing_cannot_say(site: FakeMicropub) -> None:
    site.lists = False
    with pytest.raises(Unsupported, match="does not list"):
        site.adapter().find(prepare())


def test_a_longer_address_is_another_article(site: FakeMicropub) -> None:
    site.adapter().publish(prepare(f"another {URL}0", f"{URL}0"))
    site.adapter().publish(prepare("https://ben.example/p.html", "https://ben.example/p.html"))
    assert site.adapter().find(prepare()) is None
    assert site.adapter().find(prepare("a https://ben.example/p", "https://ben.example/p")) is None


def test_a_note_is_found_by_its_words(site: FakeMicropub) -> None:
    request = prepare("Tabs & <spaces> 🌱\n\n@ada", None)
    ref = site.adapter().publish(request)
    site.made[0]["properties"]["content"] = [{"text": "Tabs &amp; &lt;spaces&gt;  🌱 @ada"}]
    assert site.adapter().find(request) == ref


# -- what goes wrong


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, "unauthorized", AuthFailed),
        (403, "forbidden", AuthFailed),
        (403, "insufficient_scope", AuthFailed),
        (400, "invalid_request", Rejected),
        (413, "too_large", Rejected),
        (404, "not_found", Unsupported),
        (501, "not_implemented", Unsupported),
        (408, "timeout", Unreachable),
        (500, "oops", Unreachable),
    ],
)
def test_each_refusal_has_its_error_and_the_sites_words(
    site: FakeMicropub, status: int, error: str, kind: type[PlatformError]
) -> None:
    site.fail(status, error, f"\x1b[31mdo not send\n{TOKEN}")
    with pytest.raises(kind) as caught:
        site.adapter().publish(prepare())
    assert type(caught.value) is kind
    assert f"{error}: [31mdo not send …" in caught.value.problem
    assert ("scopes create" in str(caught.value)) == (error == "insufficient_scope")
    assert TOKEN not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize("pause", ["", "soon", "-5", "99999999999999999999", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_pause_that_cannot_be_meant_is_none(site: FakeMicropub, pause: str) -> None:
    site.answer(Reply(429, {}, {"Retry-After": pause}))
    with pytest.raises(RateLimited) as caught:
        site.adapter().publish(prepare())
    assert caught.value.retry_at is None


def test_a_pause_may_be_told_as_a_date(site: FakeMicropub) -> None:
    at = (datetime.now(UTC) + timedelta(hours=2)).replace(microsecond=0)
    site.answer(Reply(429, {}, {"Retry-After": at.strftime("%a, %d %b %Y %H:%M:%S GMT")}))
    with pytest.raises(RateLimited) as caught:
        site.adapter().publish(prepare())
    assert caught.value.retry_at == at


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"url": 7}', b'{"url": "javascript:x"}'])
def test_a_post_that_nobody_says_where_it_is_has_to_be_looked_for(site: FakeMicropub, body: bytes) -> None:
    site.answer(Reply(202, body))
    with pytest.raises(Unreachable, match="where"):
        site.adapter().publish(prepare())


def test_the_place_may_stand_in_the_body(site: FakeMicropub) -> None:
    site.answer(Reply(202, {"url": "https://ada.example/1"}))
    assert site.adapter().publish(prepare()).url == "https://ada.example/1"


def test_a_late_answer_is_looked_for_and_found(site: FakeMicropub) -> None:
    request = prepare()
    site.delay_answer()
    with pytest.raises(Unreachable, match="too long"):
        site.adapter().publish(request)
    assert site.adapter().find(request) is not None
    assert len(site.posts()) == 1


@pytest.mark.parametrize("visibility", ["unlisted", "private", "direct"])
def test_what_must_not_be_public_is_not_sent(site: FakeMicropub, visibility: str) -> None:
    with pytest.raises(Unsupported):
        site.adapter().publish(prepare(visibility=visibility))
    assert site.calls == []


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "naïve"])
def test_a_token_that_cannot_be_one_is_not_sent_and_not_shown(site: FakeMicropub, token: str) -> None:
    login = Login("my-site", {"server": site.url}, {"token": token}, 5.0)
    with pytest.raises(AuthFailed) as caught:
        Micropub(login).publish(prepare())
    assert "SYNDICATOR_MY_SITE_TOKEN" in caught.value.remedy
    assert token not in str(caught.value)


@pytest.mark.parametrize("lists", [True, False])
def test_what_a_site_will_not_delete_is_not_taken_for_deleted(site: FakeMicropub, lists: bool) -> None:
    """A site that knows neither deleting nor questions refuses both alike."""
    ref = site.adapter().publish(prepare())
    site.deletes, site.lists = False, lists
    with pytest.raises(Rejected, match="delete is not supported"):
        site.adapter().delete(ref)


def test_an_endpoint_that_is_gone_has_not_deleted_the_post(site: FakeMicropub) -> None:
    ref = site.adapter().publish(prepare())
    site.broken = Reply(404, {"error": "rest_no_route"})
    with pytest.raises(Unsupported, match="rest_no_route"):
        site.adapter().delete(ref)
    site.broken = None
    site.adapter().delete(ref)
    site.adapter().delete(ref)
    page = site.calls[-1]
    assert (page.path, page.headers.get("Authorization")) == ("/1", None), "looked at as a reader would"


def test_deleting_is_refused_in_the_sites_words(site: FakeMicropub) -> None:
    ref = site.adapter().publish(prepare())
    site.adapter().delete(ref)
    site.made[0]["deleted"] = False
    site.token = "revoked"
    with pytest.raises(AuthFailed):
        site.adapter().delete(ref)


def test_the_login_is_proven_by_the_sites_configuration(site: FakeMicropub) -> None:
    assert site.adapter().whoami().actor.handle == site.url.removeprefix("http://")
    site.refuse_login()
    with pytest.raises(AuthFailed):
        site.adapter().whoami()
