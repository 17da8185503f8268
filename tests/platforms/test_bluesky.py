"""Bluesky against a small PDS: exactly one post, few logins, the record as the lexicon wants it, clear errors."""

import json
import re
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from counterparts.fake_bluesky import DID, HANDLE, PASSWORD, POST, TID, FakeBluesky, Fault

from platforms.base import Card, Draft, Login, PostRef, Request
from platforms.bluesky import Bluesky, record_key
from platforms.errors import AuthFailed, PlatformError, RateLimited, Rejected, Unreachable, Unsupported

NOW = datetime(2026, 11, 2, 12, 0, 0, 123456, tzinfo=UTC)
URL = "https://ada.example/garten?a=1&b=2"
CARD = Card(URL, "Gärten & Code", "Über <Beete>")


@pytest.fixture
def pds() -> Iterator[FakeBluesky]:
    pds = FakeBluesky()
    yield pds
    pds.close()


def prepare(text: str = "Gärten", key: str = "key-1", now: datetime = NOW, **more: object) -> Request:
    return Bluesky(Login("sky")).prepare(Draft(text, **more), key, now)


# -- what is sent


def test_the_record_holds_text_time_language_and_card():
    request = prepare(f"Gärten {URL}", language="de_AT", url=URL, card=CARD)
    record = request.payload["record"]
    assert record["$type"] == POST
    assert record["text"] == f"Gärten {URL}"
    assert record["createdAt"] == "2026-11-02T12:00:00.123Z"
    assert record["langs"] == ["de-AT"]
    assert record["embed"] == {
        "$type": "app.bsky.embed.external",
        "external": {"uri": URL, "title": "Gärten & Code", "description": "Über <Beete>"},
    }


@pytest.mark.parametrize("language", [None, "", "klingonisch", "d", "en US"])
def test_what_is_no_language_tag_is_left_out_rather_than_refused(language):
    assert "langs" not in prepare(language=language).payload["record"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (f"Gärten {URL}", [URL]),
        (f"👩‍👩‍👧‍👦🌱 é {URL} größer #Gärten", [URL, "#Gärten"]),
        (f"{URL}\nनमस्ते #code", [URL, "#code"]),
        ("nothing to mark 🌱", []),
    ],
)
def test_facets_mark_the_bytes_of_links_and_tags(pds, text, marked):
    adapter = pds.adapter()
    adapter.publish(adapter.prepare(Draft(text), "key", NOW))
    [record] = pds.records.values()
    spans = [(facet["index"]["byteStart"], facet["index"]["byteEnd"]) for facet in record.get("facets", [])]
    assert [text.encode()[start:end].decode() for start, end in spans] == marked
    values = [feature.get("uri") or f"#{feature['tag']}" for f in record.get("facets", []) for feature in f["features"]]
    assert values == marked


def test_a_mention_stays_plain_text():
    assert "facets" not in prepare("by @ada.test").payload["record"]


# -- record keys


def test_a_record_key_is_a_tid_of_the_posts_second():
    key = record_key(NOW, "key-1")
    assert TID.fullmatch(key)
    assert key == record_key(NOW, "key-1") == record_key(NOW + timedelta(microseconds=5), "key-1")
    digits = "234567abcdefghijklmnopqrstuvwxyz"
    number = 0
    for digit in key:
        number = number * 32 + digits.index(digit)
    assert (number >> 10) // 1_000_000 == int(NOW.timestamp())


def test_record_keys_of_one_run_differ_and_sort_by_time():
    assert len({record_key(NOW, f"key-{n}") for n in range(2000)}) == 2000
    assert record_key(NOW, "b") < record_key(NOW + timedelta(seconds=1), "a")


def test_a_post_whose_key_is_taken_is_rejected_and_the_other_left_alone(pds):
    adapter = pds.adapter()
    one, two = prepare("one"), prepare("two")
    assert one.payload["rkey"] == two.payload["rkey"]
    adapter.publish(one)
    assert adapter.find(two) is None
    with pytest.raises(Rejected, match="another post has the record key"):
        adapter.publish(two)
    assert pds.posts() == ["one"]


# -- exactly once


def test_sending_again_changes_nothing_and_gives_the_same_reference(pds):
    request = prepare()
    refs = {pds.adapter().publish(request) for _ in range(3)}
    rkey = request.payload["rkey"]
    assert refs == {PostRef(f"at://{DID}/{POST}/{rkey}", f"https://bsky.app/profile/{HANDLE}/post/{rkey}")}
    assert pds.posts() == ["Gärten"]


def test_after_a_lost_answer_finding_and_sending_again_agree(pds):
    request = prepare()
    pds.lose_answer()
    with pytest.raises(Unreachable):
        pds.adapter().publish(request)
    found = pds.adapter().find(request)
    assert found is not None
    assert pds.adapter().publish(request) == found
    assert pds.posts() == ["Gärten"]


def test_a_record_the_server_completed_is_still_recognised(pds):
    request = prepare()
    ref = pds.adapter().publish(request)
    pds.records[request.payload["rkey"]] |= {"labels": {"$type": "com.atproto.label.defs#selfLabels", "values": []}}
    assert pds.adapter().publish(request) == pds.adapter().find(request) == ref


# -- sessions


def test_a_hundred_runs_make_one_login(pds):
    for number in range(100):
        pds.adapter().publish(prepare(f"post {number}", key=f"key-{number}"))
    assert pds.logins == 1
    assert len(pds.posts()) == 100


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
    pds.session = f"{pds.url} {HANDLE} " + broken.format(url=pds.url)
    pds.adapter().publish(prepare())
    assert pds.logins == 1


def test_a_session_of_another_handle_is_never_used(pds):
    pds.adapter().publish(prepare())
    with pytest.raises(AuthFailed):
        pds.adapter(handle="bea.test").publish(prepare("not mine", key="2"))
    assert pds.logins == 2
    assert pds.posts() == ["Gärten"]


def test_a_wrong_password_is_tried_once(pds):
    pds.refuse_login()
    with pytest.raises(AuthFailed) as caught:
        pds.adapter().publish(prepare())
    assert pds.logins == 1
    assert "SYNDICATOR_SKY_TOKEN" in caught.value.remedy


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
    with pytest.raises(Rejected, match="must not be longer"):
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
        assert time.monotonic() - started < 5


@pytest.mark.parametrize("server", ["http://127.0.0.1:1", "no scheme", "http://[::1"])
def test_no_server_at_all_is_unreachable(server):
    adapter = Bluesky(Login("sky", {"server": server, "handle": HANDLE}, {"token": PASSWORD}, timeout=1))
    with pytest.raises(Unreachable):
        adapter.publish(prepare())


@pytest.mark.parametrize(
    ("status", "error"), [(404, Unsupported), (501, Unsupported), (413, Rejected), (504, Unreachable)]
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


# -- the counterpart


def test_the_counterpart_keeps_the_servers_rules(pds):
    """createRecord on an existing key answers 500; a plain putRecord overwrites; a bare PDS knows no profiles."""
    pds.adapter().publish(prepare())
    xrpc = pds.adapter()._xrpc
    request = prepare("other")
    place = {"repo": DID, "collection": POST, "rkey": request.payload["rkey"], "record": request.payload["record"]}
    with pytest.raises(Unreachable, match="500"):
        xrpc.procedure("com.atproto.repo.createRecord", place)
    xrpc.procedure("com.atproto.repo.putRecord", place)
    assert pds.posts() == ["other"]
    with pytest.raises(Rejected, match="not a TID"):
        xrpc.procedure("com.atproto.repo.putRecord", place | {"rkey": "self"})
    with pytest.raises(Unsupported):
        xrpc.query("app.bsky.actor.getProfile", {"actor": HANDLE})
    listed = xrpc.query("com.atproto.repo.listRecords", {"repo": DID, "collection": POST})
    assert [entry["value"]["text"] for entry in listed["records"]] == ["other"]
    assert json.dumps(listed)
