"""Getting a token: in the browser, with a pasted code, with as few scopes as will do."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from counterparts.fake_mastodon import MastodonWorld
from pytest_httpserver import HTTPServer

import platforms.mastodon_login
from platforms.abilities import Asker
from platforms.base import Login
from platforms.errors import AuthFailed, Unreachable
from platforms.mastodon import Mastodon
from platforms.mastodon_apps import BROAD, SCOPES, SHOWN, App
from platforms.mastodon_login import enroll


@pytest.fixture
def world(tmp_path: Path) -> Iterator[MastodonWorld]:
    world = MastodonWorld(tmp_path)
    yield world
    world.close()


@dataclass
class Person:
    """Somebody at the keyboard, whose browser does what `visits` does."""

    world: MastodonWorld | None = None
    answer: str = ""
    opened: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.said.append(text)

    def text(self, prompt: str) -> str:
        return self.answer

    secret = text

    def browse(self, url: str) -> None:
        self.opened.append(url)

    @property
    def asked_for(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.opened[-1]).query))


class Pasting(Person):
    """Allows it and copies the code."""

    def browse(self, url: str) -> None:
        super().browse(url)
        assert self.world
        page = self.world.authorize(url).text
        self.answer = self.answer or page.partition("code: ")[2].partition("<")[0]


class Clicking(Person):
    """Allows it; the browser goes where the server sends it, which takes its time."""

    def browse(self, url: str) -> None:
        super().browse(url)
        assert self.world
        threading.Thread(target=self.world.authorize, args=(url,), daemon=True).start()


def proven(world: MastodonWorld, credential: Mapping[str, str]) -> Mastodon:
    return Mastodon(Login("fosstodon", {"server": world.url}, credential, timeout=60))


def test_a_pasted_code_becomes_a_token_that_works(world: MastodonWorld) -> None:
    person = Pasting(world)
    credential = enroll(world.login(""), person, browser=False)
    assert proven(world, credential).whoami().actor.name == "Alice"
    assert person.asked_for["redirect_uri"] == SHOWN
    assert "copy the code" in person.said[0]


def test_the_browser_brings_the_code_back_itself(world: MastodonWorld) -> None:
    person = Clicking(world)
    credential = enroll(world.login(""), person, browser=True)
    assert proven(world, credential).whoami().actor.name == "Alice"
    assert person.asked_for["redirect_uri"].startswith("http://127.0.0.1:")


def test_the_least_scopes_are_asked_for_and_proof_is_given(world: MastodonWorld) -> None:
    person = Pasting(world)
    enroll(world.login(""), person, browser=False)
    assert person.asked_for["scope"] == " ".join(SCOPES)
    assert not set(SCOPES) & {"read", "write", "follow", "push", "profile"}
    assert person.asked_for["code_challenge_method"] == "S256"
    assert len(person.asked_for["code_challenge"]) == 43
    assert len(person.asked_for["state"]) >= 20


@pytest.mark.parametrize(("kind", "browser"), [(Pasting, False), (Clicking, True)])
def test_a_registration_is_used_again(world: MastodonWorld, kind: type[Person], browser: bool) -> None:
    first, second = kind(world), kind(world)
    credential = enroll(world.login(""), first, browser=browser)
    again = Login("fosstodon", {"server": world.url}, credential, timeout=60)
    assert enroll(again, second, browser=browser)["token"]
    # unless another program took the port in the meantime
    same = first.asked_for["redirect_uri"] == second.asked_for["redirect_uri"]
    assert (first.asked_for["client_id"] == second.asked_for["client_id"]) is same
    assert same or browser
    assert first.asked_for["state"] != second.asked_for["state"]


@pytest.mark.parametrize("app", ["", "{}", "[1]", "{", '{"server": "https://elsewhere.example"}'])
def test_a_registration_of_no_use_is_made_anew(world: MastodonWorld, app: str) -> None:
    login = Login("fosstodon", {"server": world.url}, {"app": app}, timeout=60)
    assert enroll(login, Pasting(world), browser=False)["token"]


def test_a_whole_address_may_be_pasted(world: MastodonWorld) -> None:
    class Copying(Pasting):
        def browse(self, url: str) -> None:
            super().browse(url)
            self.answer = f"  {world.url}/oauth/authorize/native?code={self.answer} "

    assert enroll(world.login(""), Copying(world), browser=False)["token"]


@pytest.mark.parametrize("code", ["mistyped", "mockcode_alic", "https://elsewhere.example/?code=x"])
def test_a_mistyped_code_is_told_as_such(world: MastodonWorld, code: str) -> None:
    with pytest.raises(AuthFailed, match=r"the code was not taken: .*grant is invalid") as caught:
        enroll(world.login(""), Person(answer=code), browser=False)
    assert "login again" in caught.value.remedy


@pytest.mark.parametrize("code", ["", "  ", "https://elsewhere.example/"])
def test_no_code_is_told_as_such(world: MastodonWorld, code: str) -> None:
    with pytest.raises(AuthFailed, match="no code was given"):
        enroll(world.login(""), Person(answer=code), browser=False)


def sent_back(person: Person, **answer: str) -> requests.Response:
    """The browser comes to the loopback address with this."""
    return requests.get(person.asked_for["redirect_uri"], params=answer, timeout=60)


class Answering(Person):
    """Comes back with `answers`, one after the other; "state" is replaced by the right one."""

    answers: tuple[dict[str, str], ...] = ()

    def browse(self, url: str) -> None:
        super().browse(url)
        threading.Thread(target=self._come_back, daemon=True).start()

    def _come_back(self) -> None:
        for answer in self.answers:
            right = {"state": self.asked_for["state"]} if answer.get("state") == "state" else {}
            sent_back(self, **(answer | right))


def test_leave_denied_in_the_browser_ends_the_login(world: MastodonWorld) -> None:
    person = Answering()
    person.answers = ({"error": "access_denied", "state": "state"},)
    with pytest.raises(AuthFailed, match="leave was denied"):
        enroll(world.login(""), person, browser=True)


def test_who_does_not_know_the_state_is_not_listened_to(world: MastodonWorld) -> None:
    person = Answering()
    person.answers = (
        {"code": "planted", "state": "wrong"},
        {"code": "planted"},
        {"error": "access_denied", "state": ""},
        {"code": "right", "state": "state"},
    )
    with pytest.raises(AuthFailed, match="the code was not taken"):
        enroll(world.login(""), person, browser=True)
    [exchange] = [asked for asked in world.wire.asked if asked.path == "/oauth/token"]
    assert exchange.form["code"] == "right"


def test_a_browser_that_never_comes_back_ends_the_login(world: MastodonWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platforms.mastodon_login, "PATIENCE", 0.05)
    with pytest.raises(AuthFailed, match="nothing came back"):
        enroll(world.login(""), Person(), browser=True)


@pytest.mark.parametrize(
    ("environment", "browser"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "10.0.0.1 2 10.0.0.2 22"}, False),
    ],
)
def test_without_a_screen_of_its_own_a_machine_has_no_browser(
    world: MastodonWorld, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], browser: bool
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    person = Clicking(world) if browser else Pasting(world)
    assert world.adapter(login=False).enroll(person)["token"]
    assert (person.asked_for["redirect_uri"] == SHOWN) is not browser


@pytest.mark.parametrize(
    ("said", "version", "scopes"),
    [
        ({"scopes_supported": ["read", "write", "follow", "push"]}, "4.3.0", BROAD),
        ({"scopes_supported": [*SCOPES, "profile"]}, "4.5.1", SCOPES),
        (None, "4.2.10", SCOPES),
        (None, "3.5.3 (compatible; Pixelfed 0.12.11)", BROAD),
        (None, None, BROAD),
        (None, "4.2.10+glitch", SCOPES),
        (None, "0.11.0", BROAD),  # Takahe
        (None, "4.0.0 (not true; really snac/2.80)", BROAD),
        (None, "0.17.3+git-9b2f3c1", BROAD),
        ("<html>", "4.2.10", SCOPES),
    ],
)
def test_scopes_are_as_fine_as_the_server_knows_them(
    httpserver: HTTPServer, said: object, version: str | None, scopes: tuple[str, ...]
) -> None:
    known = "/.well-known/oauth-authorization-server"
    if said == "<html>":
        httpserver.expect_request(known).respond_with_data("<html>", content_type="text/html")
    else:
        httpserver.expect_request(known).respond_with_json(said or {"error": "no"}, 200 if said else 404)
    told = {"version": version} if version else {"error": "no"}
    httpserver.expect_request("/api/v1/instance").respond_with_json(told, 200 if version else 404)
    app = {"client_id": "id", "client_secret": "very-secret"}
    httpserver.expect_request("/api/v1/apps", method="POST").respond_with_json(app)
    httpserver.expect_request("/oauth/token", method="POST").respond_with_json({"access_token": "new-token"})
    person = Person(answer="code")
    login = Login("fosstodon", {"server": httpserver.url_for("")}, timeout=30)
    assert enroll(login, person, browser=False)["token"] == "new-token"
    assert person.asked_for["scope"] == " ".join(scopes)
    assert ("code_challenge" in person.asked_for) is False


def test_no_secret_is_shown_or_sent_where_it_does_not_belong(world: MastodonWorld) -> None:
    person = Pasting(world)
    credential = enroll(world.login(""), person, browser=False)
    app = App(**json.loads(credential["app"]))
    assert app.secret
    assert app.secret not in repr(app)
    for seen in (*person.opened, *person.said):
        assert app.secret not in seen
        assert credential["token"] not in seen


def test_the_old_token_is_not_sent_along(world: MastodonWorld) -> None:
    """A refused token must not keep a new one from being asked for."""
    world.refuse_login()
    assert enroll(world.login(), Pasting(world), browser=False)["token"]


def test_a_server_that_is_silent_is_no_refusal() -> None:
    login = Login("fosstodon", {"server": "http://127.0.0.1:9"}, timeout=5)
    with pytest.raises(Unreachable):
        enroll(login, Person(), browser=False)


def test_a_person_is_an_asker() -> None:
    asker: Asker = Person()
    asker.say("hello")
