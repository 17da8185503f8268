"""Chat channels beyond the contract: plain texts, and telling what was never sent from what may have arrived."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from counterparts.fake_chat import TOKEN, URL, FakeChat
from counterparts.fake_mail import MailServer
from counterparts.json_server import Answer

from platforms.abilities import LimitsReader, Witness
from platforms.apprise import LIMITS, Apprise
from platforms.apprise_outcome import Heard, What, outcome_of
from platforms.apprise_text import calm, marked, subject
from platforms.apprise_wire import ALWAYS_MARKED, open_channel
from platforms.base import Draft, Login, PostRef, Request
from platforms.errors import AuthFailed, PlatformError, RateLimited, Rejected, Unreachable, Unsupported

TEXT = "Snake_case & __init__ *args <b>\nhttps://ben.example/a_b_c?x=1&y=_2_"


@pytest.fixture
def chat() -> Iterator[FakeChat]:
    chat = FakeChat()
    yield chat
    chat.close()


def prepare(text: str = TEXT, **more: str) -> Request:
    return Apprise(Login("chat")).prepare(Draft(text, **more), "key", datetime.now(UTC))


def at(chat: FakeChat, schema: str, path: str = "") -> str:
    return f"{schema}://{urlsplit(chat.url).netloc}/{path}"


# -- the text


@pytest.mark.parametrize(
    "text",
    ["@everyone", "@HERE!", "hi @channel", "@all", "<@123>", "<@!123>", "<@&9>", "<#c>", "<!channel>", "<!subteam^S1>"],
)
def test_nobody_is_called(text: str) -> None:
    assert calm(text) != text
    assert calm(text).replace("\u200b", "") == text
    assert calm(calm(text)) == calm(text)


@pytest.mark.parametrize(
    "text", ["ada@here.example.org is not here", "a < b", "<3", "@ada", "e@mail.example", "List<int>"]
)
def test_what_calls_nobody_stays(text: str) -> None:
    assert calm(text).replace("@\u200bhere", "@here") == text


@pytest.mark.parametrize(
    ("text", "calmed"),
    [
        ("read https://medium.com/@team/x_1?by=@ada", "read https://medium.com/%40team/x_1?by=@ada"),
        ("https://medium.com/@name/x", "https://medium.com/@name/x"),
        ("https://a.example/@everyone?x=@here @here", "https://a.example/%40everyone?x=%40here @\u200bhere"),
        ("https://@everyone https://b.example<!here>", "https://@\u200beveryone https://b.example<\u200b!here>"),
    ],
)
def test_a_link_still_leads_where_it_did_and_calls_nobody(text: str, calmed: str) -> None:
    assert calm(text) == calmed
    assert calm(calmed) == calmed


@pytest.mark.parametrize(
    "url",
    [
        "zulip://bot@org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/stream",
        "guilded://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "revolt://token/channel",
        "nctalk://user:pass@127.0.0.1/room",
        "fluxer://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "rocket://user:pass@localhost/#channel",
    ],
)
def test_a_service_that_always_shows_markdown_gets_it_escaped(url: str) -> None:
    assert open_channel(url, 5.0).is_marked


def test_every_service_that_always_shows_markdown_exists() -> None:
    from apprise.manager_plugins import NotificationManager

    services = NotificationManager()
    assert [name for name in ALWAYS_MARKED if name not in services] == []


def test_markdown_is_escaped_and_addresses_are_not() -> None:
    assert marked(TEXT) == ("Snake\\_case & \\_\\_init\\_\\_ \\*args \\<b\\>\nhttps://ben.example/a_b_c?x=1&y=_2_")
    assert marked("**", 3) == "**", "too long by it: rather bold than refused"


@pytest.mark.parametrize(("text", "line"), [("\n \nfirst\nsecond", "first"), ("", ""), ("x" * 300, "x" * 199 + "…")])
def test_a_mails_subject_is_the_first_line(text: str, line: str) -> None:
    assert subject(text) == line


def test_a_warning_stands_above_the_text(chat: FakeChat) -> None:
    chat.adapter().publish(prepare("hello", warning="spiders @here"))
    assert chat.messages == ["spiders @\u200bhere\n\nhello"]


@pytest.mark.parametrize(
    ("schema", "path", "shown"),
    [
        ("discord", "", marked(TEXT)),
        ("mmost", "3ccdd113474722377935511fc85d3dd4", marked(TEXT)),
        ("ntfy", "topic", TEXT),
        ("slack", "", TEXT.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")),
    ],
)
def test_a_service_is_told_the_text_so_that_it_shows_it_plainly(
    chat: FakeChat, schema: str, path: str, shown: str
) -> None:
    fixed = {"discord": URL, "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"}
    chat.adapter(url=fixed.get(schema) or at(chat, schema, path)).publish(prepare())
    assert chat.messages == [shown]


def test_telegram_takes_html_and_is_told_nothing_else(chat: FakeChat) -> None:
    chat.adapter(url="tgram://123456789:abcdefg_hijklmnop-qrstuvwxyz012345/987654321/").publish(prepare())
    [call] = [call for call in chat.calls if call.path.endswith("sendMessage")]
    assert call.json["parse_mode"] == "HTML"
    assert "__init__" in call.json["text"]
    assert "&lt;b&gt;" in call.json["text"]
    assert "https://ben.example/a_b_c?x=1&amp;y=_2_" in call.json["text"]


def test_no_picture_of_the_library_is_shown(chat: FakeChat) -> None:
    chat.adapter().publish(prepare())
    assert "avatar_url" not in chat.calls[0].json


# -- limits and the login


@pytest.mark.parametrize(
    ("url", "length"),
    [(URL, 2000), ("ntfy://127.0.0.1/topic", 7800), ("tgram://123456789:abcdefg_hijklmnop-qrstuvwxyz012345/1/", 4096)],
)
def test_limits_are_those_of_the_service(chat: FakeChat, url: str, length: int) -> None:
    adapter = chat.adapter(url=url)
    assert isinstance(adapter, LimitsReader)
    assert adapter.read_limits().length == length
    assert chat.calls == []
    assert Apprise(Login("chat", limits=adapter.read_limits())).limits.length == length
    assert Apprise(Login("chat")).limits == LIMITS


def test_whoami_names_the_service_and_asks_nobody(chat: FakeChat) -> None:
    adapter = chat.adapter()
    assert isinstance(adapter, Witness)
    assert adapter.whoami().actor.handle == "Discord"
    assert chat.calls == []


@pytest.mark.parametrize(
    "url",
    [
        "discord://only-one-secret-part",
        "nothing-of-the-sort",
        "https://secret.example",
        "gopher://x-secret",
        "discord://\x00secret",
        "   ",
    ],
)
def test_a_url_that_is_none_is_told_without_it(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    for ask in (Apprise.whoami, Apprise.read_limits, lambda adapter: adapter.publish(prepare())):
        with pytest.raises(AuthFailed) as caught:
            ask(Apprise(Login("my-chat", {}, {"url": url})))
        assert "SYNDICATOR_MY_CHAT_URL" in caught.value.remedy
        assert "secret" not in str(caught.value) + repr(caught.value.__cause__)
    assert "secret" not in "".join(capfd.readouterr())


def test_nobody_listening_is_surely_not_there_and_may_be_tried_again(chat: FakeChat) -> None:
    adapter, request = chat.adapter(url="ntfy://127.0.0.1:1/topic"), prepare()
    with pytest.raises(Unreachable, match="can't be reached"):
        adapter.publish(request)
    assert adapter.find(request) is None
    with pytest.raises(Unsupported):
        chat.adapter().find(request)  # another process can't know


def test_an_unknown_server_is_surely_not_reached(chat: FakeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    adapter, request = chat.adapter(url="ntfy://chat.example/topic"), prepare()
    with pytest.raises(Unreachable, match="can't be reached"):
        adapter.publish(request)
    assert adapter.find(request) is None


@pytest.mark.parametrize("fault", ["lose_answer", "delay_answer"])
def test_a_lost_or_late_answer_leaves_it_unknown(chat: FakeChat, fault: str) -> None:
    getattr(chat, fault)()
    adapter, request = chat.adapter(), prepare()
    with pytest.raises(Unreachable, match="no answer"):
        adapter.publish(request)
    assert len(chat.messages) == 1, "sent once: no second try of the library's"
    with pytest.raises(Unsupported, match="read back"):
        adapter.find(request)


@pytest.mark.parametrize("status", [408, 500, 502, 503])
def test_a_failing_server_may_have_kept_it(chat: FakeChat, status: int) -> None:
    chat.fail(status)
    adapter, request = chat.adapter(), prepare()
    with pytest.raises(Unreachable):
        adapter.publish(request)
    with pytest.raises(Unsupported):
        adapter.find(request)


@pytest.mark.parametrize("suffix", ["?retry=3", "?retry=2&optional=yes", "?redirect=yes"])
def test_the_url_cannot_ask_for_second_tries_or_hide_a_failure(chat: FakeChat, suffix: str) -> None:
    chat.lose_answer()
    with pytest.raises(Unreachable):
        chat.adapter(url=URL + suffix).publish(prepare())
    assert len(chat.calls) == 1


def test_a_redirect_is_not_followed(chat: FakeChat) -> None:
    chat.answer(Answer(302, b"", {"Location": "/elsewhere"}))
    with pytest.raises(Unreachable):
        chat.adapter(url=f"{URL}?redirect=yes").publish(prepare())
    assert [call.method for call in chat.calls] == ["POST"]


@pytest.mark.parametrize(
    ("status", "error"), [(400, Rejected), (401, AuthFailed), (403, AuthFailed), (404, AuthFailed), (413, Rejected)]
)
def test_each_refusal_has_its_error_and_the_services_words(
    chat: FakeChat, status: int, error: type[PlatformError]
) -> None:
    chat.fail(status, f"no\x1b[31m such {TOKEN}")
    with pytest.raises(error) as caught:
        chat.adapter().publish(prepare())
    assert f"such … ({status})" in caught.value.problem
    assert TOKEN not in str(caught.value)


def test_a_plugin_never_sleeps_out_a_rate_limit(chat: FakeChat) -> None:
    chat.rate_limit_by_headers(900)
    with pytest.raises(RateLimited) as caught:
        chat.adapter().publish(prepare())
    assert caught.value.retry_at is not None
    assert timedelta(minutes=14) < caught.value.retry_at - datetime.now(UTC) < timedelta(minutes=16)
    assert len(chat.calls) == 1


def test_what_went_to_some_of_several_targets_is_in_doubt(chat: FakeChat) -> None:
    chat.fail(404)
    adapter, request = chat.adapter(url=at(chat, "ntfy", "one/two")), prepare()
    with pytest.raises(Unreachable):
        adapter.publish(request)
    assert len(chat.messages) == 1


@pytest.mark.parametrize(
    "words", ["error=404.", '"retry_after": 5', "Connection refused", '"message": "x"', "Sent Discord notification."]
)
def test_the_message_itself_is_no_evidence(words: str) -> None:
    """Plugins log what they send, and that is a stranger's title."""
    log = (("DEBUG", f"Discord Payload: {words}"), ("DEBUG", "Socket Exception: Read timed out."))
    assert outcome_of(Heard(False, log)) == outcome_of(Heard(False, log[1:]))
    assert outcome_of(Heard(False, log)).what is What.UNKNOWN


def test_an_address_with_the_message_in_it_is_no_evidence() -> None:
    url = "https://sms.example/?text=NameResolutionError"
    broke = f"Socket Exception: Max retries exceeded with url: {url} (Caused by ProtocolError('Connection aborted.'))"
    assert outcome_of(Heard(False, (("DEBUG", broke),))).what is What.UNKNOWN


@pytest.mark.parametrize(
    "broke",
    [
        "url: /T (Caused by ConnectTimeoutError(<c>, 'Connection to h timed out. (connect timeout=4.0)'))",
        "url: /T (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] verify failed')))",
        "[Errno 111] Connection refused",
    ],
)
def test_what_broke_before_anything_was_sent_is_surely_not_there(broke: str) -> None:
    assert outcome_of(Heard(False, (("DEBUG", f"Socket Exception: {broke}"),))).what is What.NOT_SENT


def test_no_log_at_all_is_doubt() -> None:
    assert outcome_of(Heard(False, ())).what is What.UNKNOWN


# -- mail


@pytest.mark.parametrize(
    ("refused", "error"), [("AUTH", AuthFailed), ("MAIL", Rejected), ("RCPT", Rejected), (".", Rejected)]
)
def test_a_mail_that_its_server_refuses_is_surely_not_there(refused: str, error: type[PlatformError]) -> None:
    with MailServer(refused) as server, pytest.raises(error, match="not today"):
        Apprise(Login("mail", {}, {"url": server.url}, 30.0)).publish(prepare())
    assert server.mails == []


def test_a_mail_has_the_first_line_for_its_subject() -> None:
    with MailServer() as server:
        Apprise(Login("mail", {}, {"url": server.url}, 30.0)).publish(prepare("Pruning\nhttps://ben.example/p"))
    [mail] = server.mails
    assert mail["subject"] == "Pruning"
    assert "https://ben.example/p" in mail.as_string()


# -- secrets


def test_nothing_of_the_url_is_logged_or_shown(
    chat: FakeChat, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    library = logging.getLogger("apprise")
    before = library.level, library.propagate, library.handlers[:]
    with caplog.at_level(logging.INFO):
        shown = [repr(chat.adapter()), repr(chat.login()), repr(chat.adapter()._channel())]
        chat.adapter().publish(prepare())
        for status in (400, 404, 500):
            chat.fail(status)
            with pytest.raises(PlatformError) as caught:
                chat.adapter().publish(prepare())
            shown += [str(caught.value), repr(caught.value)]
    told = "".join([*shown, caplog.text, *capfd.readouterr()])
    assert TOKEN not in told
    assert (library.level, library.propagate, library.handlers[:]) == before


def test_a_message_cannot_be_taken_back(chat: FakeChat) -> None:
    with pytest.raises(Unsupported, match="in the channel"):
        chat.adapter().delete(PostRef("key", ""))
