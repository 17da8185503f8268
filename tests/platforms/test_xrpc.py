"""Sessions on a small PDS: few logins, kept and renewed, nobody else's; and every refusal a clear error of ours."""

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from counterparts.fake_bluesky import DID, HANDLE, PASSWORD, FakeBluesky, Fault

from platforms.base import Draft, Login, PostRef, Request
from platforms.bluesky import Bluesky
from platforms.errors import AuthFailed, PlatformError, RateLimited, Rejected, Unreachable, Unsupported
from platforms.xrpc_answers import end_said

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def pds() -> Iterator[FakeBluesky]:
    pds = FakeBluesky()
    yield pds
    pds.close()


def prepare(text: str = "Gärten", key: str = "key-1", now: datetime = NOW, **more: object) -> Request:
    return Bluesky(Login("sky")).prepare(Draft(text, **more), key, now)


# -- sessions


def test_a_hundred_runs_make_one_login(pds):
    for number in range(100):
        pds.adapter().publish(prepare(f"post {number}", key=f"key-{number}"))
    assert pds.logins == 1
    assert len(pds.posts()) == 100


def test_a_hundred_runs_with_tokens_that_expire_make_one_login(pds):
    for number in range(100):
        if number % 7 == 3:
            pds.expire()
        pds.lifetime = 60 if number % 10 == 5 else 7200
        pds.adapter().publish(prepare(f"post {number}", key=f"key-{number}"))
    assert pds.logins == 1
    assert pds.refreshes >= 14
    assert len(pds.posts()) == 100


def test_two_processes_that_renew_at_once_share_the_session(pds):
    """A refresh token is good once: who comes second takes over what the first has kept."""
    pds.adapter().publish(prepare("one", key="1"))
    first, second = pds.adapter(), pds.adapter()
    for adapter in (first, second):
        adapter.find(prepare("one", key="1"))
        assert adapter._xrpc.did
    pds.expire()
    first.publish(prepare("two", key="2"))
    second.publish(prepare("three", key="3"))
    pds.adapter().publish(prepare("four", key="4"))
    assert (pds.logins, pds.refreshes, len(pds.posts())) == (1, 1, 4)


def test_a_refresh_token_traded_elsewhere_in_the_very_moment_is_no_reason_to_log_in(pds):
    pds.adapter().publish(prepare("one", key="1"))
    slow, honest = pds.adapter(), pds._refresh_session
    slow.find(prepare("one", key="1"))
    assert slow._xrpc.did
    pds.expire()

    def beaten(call: object) -> dict:
        """Another process asks with the same token, and is answered first."""
        pds._refresh_session = honest
        told = honest(call)
        session = pds.session.split(":::")
        pds.session = ":::".join([*session[:2], told["accessJwt"], told["refreshJwt"], *session[4:]])
        return honest(call)

    pds._refresh_session = beaten
    slow.publish(prepare("two", key="2"))
    assert (pds.logins, pds.refreshes, pds.posts()) == (1, 1, ["one", "two"])


def test_a_new_password_begins_a_new_session(pds):
    """Or nobody would learn that it is wrong."""
    pds.adapter().publish(prepare())
    wrong = replace(pds.login(), secrets={"token": "wxyz-wxyz-wxyz-wxyz"})
    with pytest.raises(AuthFailed):
        Bluesky(wrong).whoami()
    assert PASSWORD not in pds.session


def test_the_accounts_own_server_is_taken_from_the_login(pds):
    entry = FakeBluesky()
    entry.home = pds.url
    entry._tokens = pds._tokens
    made = prepare()
    entry.adapter().publish(made)
    entry.adapter().publish(prepare("two", key="2"))
    entry.close()
    assert (entry.posts(), pds.posts()) == ([], ["Gärten", "two"])
    assert (entry.logins, pds.logins) == (1, 0)


def test_an_account_that_is_locked_is_told(pds):
    pds._get_session = lambda _call: {"handle": HANDLE, "did": DID, "active": False, "status": "takendown"}
    with pytest.raises(AuthFailed, match="takendown"):
        pds.adapter().whoami()


def test_an_expired_session_is_refreshed_and_kept(pds):
    pds.adapter().publish(prepare("one", key="1"))
    pds.expire()
    pds.adapter().publish(prepare("two", key="2"))
    pds.adapter().publish(prepare("three", key="3"))
    assert (pds.logins, pds.refreshes, pds.posts()) == (1, 1, ["one", "two", "three"])


def test_a_session_about_to_expire_is_refreshed_ahead_and_kept(pds):
    pds.lifetime = 60
    pds.adapter().publish(prepare("one", key="1"))
    pds.lifetime = 7200
    pds.adapter().publish(prepare("two", key="2"))
    refreshed = pds.refreshes
    pds.adapter().publish(prepare("three", key="3"))
    assert pds.logins == 1
    assert refreshed == pds.refreshes > 0


def test_a_session_refused_for_good_leads_to_one_new_login(pds):
    pds.adapter().publish(prepare("one", key="1"))
    pds.expire(refresh=True)
    pds.adapter().publish(prepare("two", key="2"))
    pds.adapter().publish(prepare("three", key="3"))
    assert (pds.logins, len(pds.posts())) == (2, 3)


@pytest.mark.parametrize("broken", ["", "garbage", "a:::b:::c:::d:::{url}", "ada:::did:::x.y.z:::x.y.z:::{url}"])
def test_an_unreadable_session_leads_to_a_login(pds, broken):
    pds.adapter().whoami()
    mark = pds.session.split(" ")[2]
    pds.session = f"{pds.url} {HANDLE} {mark} " + broken.format(url=pds.url)
    pds.adapter().publish(prepare())
    assert pds.logins == 2


def test_a_session_of_another_handle_is_never_used(pds):
    pds.adapter().publish(prepare())
    with pytest.raises(AuthFailed):
        pds.adapter(handle="bea.test").publish(prepare("not mine", key="2"))
    assert pds.logins == 2
    assert pds.posts() == ["Gärten"]


def test_a_refresh_refused_for_any_reason_leads_to_a_login(pds):
    def refuse(_call: object) -> None:
        raise Fault(400, "InvalidRequest", "no such session")

    pds.adapter().publish(prepare("one", key="1"))
    pds.expire()
    pds._refresh_session = refuse
    pds.adapter().publish(prepare("two", key="2"))
    assert (pds.logins, pds.posts()) == (2, ["one", "two"])


@pytest.mark.parametrize(("status", "error"), [(429, RateLimited), (503, Unreachable)])
def test_a_refresh_without_a_verdict_never_costs_a_login(pds, status, error):
    def refuse(_call: object) -> None:
        raise Fault(status, "Busy", headers={"ratelimit-reset": "1793577600"})

    pds.adapter().publish(prepare("one", key="1"))
    pds.expire()
    pds._refresh_session = refuse
    with pytest.raises(error):
        pds.adapter().publish(prepare("two", key="2"))
    assert pds.logins == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"ratelimit-reset": "1793620900"}, 100),
        ({"ratelimit-reset": "1793620900123"}, 100.123),
        ({"ratelimit-reset": "300"}, 300),
        ({"retry-after": "5"}, 5),
        ({"retry-after": "Mon, 02 Nov 2026 12:01:00 GMT"}, 60),
        ({"retry-after": "Mon, 02 Nov 2026 11:00:00 GMT", "ratelimit-reset": "300"}, 300),
        ({"retry-after": "soon", "ratelimit-reset": "1793620700"}, None),
        ({"retry-after": "-5", "ratelimit-reset": "9" * 40}, None),
    ],
)
def test_when_a_limit_ends(headers: dict[str, str], seconds: float | None) -> None:
    end = end_said(headers, NOW)
    assert (end and (end - NOW).total_seconds()) == seconds


def test_a_limit_that_only_says_how_long_to_wait_is_understood(pds) -> None:
    def refuse(_call: object) -> None:
        raise Fault(429, "RateLimitExceeded", headers={"Retry-After": "600"})

    pds._get_session = refuse
    with pytest.raises(RateLimited) as limited:
        pds.adapter().whoami()
    assert limited.value.retry_at
    assert 500 < (limited.value.retry_at - datetime.now(UTC)).total_seconds() <= 600


def test_an_account_that_moved_logs_in_where_the_settings_say(pds):
    """The kept session leads to the server the account has left, which knows its tokens no more."""
    pds.adapter().publish(prepare("one", key="1"))
    left = FakeBluesky()
    pds.session = pds.session.removesuffix(pds.url) + left.url
    pds.expire(refresh=True)
    pds.adapter().publish(prepare("two", key="2"))
    left.close()
    assert (left.logins, left.posts()) == (0, [])
    assert (pds.logins, pds.posts()) == (2, ["one", "two"])


def test_a_wrong_password_is_tried_once(pds):
    pds.refuse_login()
    with pytest.raises(AuthFailed) as caught:
        pds.adapter().publish(prepare())
    assert pds.logins == 1
    assert "SYNDICATOR_SKY_TOKEN" in caught.value.remedy


def test_a_login_the_server_does_not_understand_is_a_matter_of_the_login_not_of_the_post(pds):
    def refuse(_call: object) -> None:
        raise Fault(400, "InvalidRequest", "identifier must be a handle, DID or email")

    pds._create_session = refuse
    with pytest.raises(AuthFailed, match="identifier must be"):
        pds.adapter().publish(prepare())


def test_too_many_logins_say_when_to_come_back(pds):
    pds.logins = 30
    with pytest.raises(RateLimited) as caught:
        pds.adapter().publish(prepare())
    assert abs(caught.value.retry_at.timestamp() - time.time() - 300) < 10


def test_a_missing_handle_is_named(pds):
    with pytest.raises(AuthFailed, match="set handle"):
        pds.adapter(handle="").publish(prepare())


# -- what goes wrong


@pytest.mark.parametrize("text", ["a" * 301, "👩‍👩‍👧‍👦" * 121, "é" * 301])
def test_a_text_over_either_limit_is_rejected_in_the_servers_words(pds, text):
    with pytest.raises(Rejected, match="too big"):
        pds.adapter().publish(prepare(text))
    assert pds.posts() == []


def test_three_hundred_graphemes_of_several_bytes_fit(pds):
    pds.adapter().publish(prepare("é🌱 " * 100))
    assert len(pds.posts()) == 1


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_a_post_that_must_not_be_public_is_not_sent(pds, visibility):
    with pytest.raises(Unsupported):
        pds.adapter().publish(prepare(visibility=visibility))
    assert pds.calls == []


def test_a_server_that_never_answers_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        adapter = Bluesky(Login("sky", {"server": url, "handle": HANDLE}, {"token": PASSWORD}, timeout=0.3))
        started = time.monotonic()
        with pytest.raises(Unreachable, match="no usable answer"):
            adapter.publish(prepare())
        assert time.monotonic() - started < 30


@pytest.mark.parametrize("server", ["http://127.0.0.1:1", "no scheme", "http://[::1"])
def test_no_server_at_all_is_unreachable(server):
    adapter = Bluesky(Login("sky", {"server": server, "handle": HANDLE}, {"token": PASSWORD}, timeout=1))
    with pytest.raises(Unreachable):
        adapter.publish(prepare())


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (403, AuthFailed),
        (404, Unsupported),
        (501, Unsupported),
        (408, Unreachable),
        (413, Rejected),
        (504, Unreachable),
    ],
)
def test_other_answers(pds, status, error):
    pds.fail(status)
    with pytest.raises(error):
        pds.adapter().publish(prepare())


def test_an_answer_that_is_no_xrpc_is_unreachable(pds):
    pds._put_record = lambda _call: "captive portal"
    with pytest.raises(Unreachable):
        pds.adapter().publish(prepare())


def test_deleting_what_is_no_post_of_bluesky_is_rejected(pds):
    with pytest.raises(Rejected, match="not a Bluesky post"):
        pds.adapter().delete(PostRef("https://bsky.app/profile/ada.test/post/1", ""))


def test_no_secret_shows_in_reprs_and_errors(pds):
    shown = [repr(pds.adapter()), repr(pds.login())]
    pds.adapter().publish(prepare())
    tokens = re.findall(r"[\w-]+\.[\w-]+\.[\w-]{5,}", pds.session)
    for status in (400, 403, 429, 503):
        pds.fail(status)
        with pytest.raises(PlatformError) as caught:
            pds.adapter().publish(prepare(key=str(status)))
        shown += [str(caught.value), repr(caught.value), str(caught.value.__cause__), repr(caught.value.__cause__)]
    assert len(tokens) == 2
    assert not [text for text in shown for secret in (PASSWORD, *tokens) if secret in text]


def test_the_password_echoed_by_a_server_is_masked(pds):
    def refuse(_call: object) -> None:
        raise Fault(401, "AuthenticationRequired", f"no account has the password {PASSWORD}")

    pds._create_session = refuse
    with pytest.raises(AuthFailed, match="no account has the password …"):
        pds.adapter().publish(prepare())


def test_limits_and_preparing_load_no_sdk():
    import subprocess
    import sys

    program = (
        "import sys; from platforms.bluesky import Bluesky; from platforms.base import Login; Bluesky(Login('sky'));"
        "print([name for name in sys.modules if name.startswith(('atproto', 'httpx'))])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
