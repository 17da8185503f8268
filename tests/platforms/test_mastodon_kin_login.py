"""Logins at servers that forget the program, tell no login from another, or know coarse scopes only."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from counterparts.fake_mastodon_habits import KINDS
from counterparts.fake_mastodon_kin import Kin
from counterparts.fake_mastodon_kin_login import visit

import platforms.mastodon_login
from platforms.base import Login
from platforms.errors import AuthFailed
from platforms.mastodon import Mastodon
from platforms.mastodon_apps import BROAD, SCOPES, SHOWN
from platforms.mastodon_browser import Listener
from platforms.mastodon_login import enroll


@pytest.fixture(params=["takahe", "pixelfed", "akkoma"])
def kin(request: pytest.FixtureRequest) -> Iterator[Kin]:
    kin = Kin(KINDS[request.param])
    yield kin
    kin.close()


class Person:
    """Allows it, copies the code or the address that the browser shows, and remembers what was said."""

    def __init__(self, kin: Kin) -> None:
        self.kin = kin
        self.said: list[str] = []
        self.opened: list[str] = []
        self.shown = ""

    def say(self, text: str) -> None:
        self.said.append(text)

    def text(self, prompt: str) -> str:
        return self.shown

    secret = text

    def browse(self, url: str) -> None:
        self.opened.append(url)
        self.shown = self.kin.logins.allow(url)
        if self.shown.startswith("http"):
            visit(self.shown)


def login(kin: Kin, credential: Mapping[str, str] = {}) -> Login:
    return Login("home", {"server": kin.url}, credential, timeout=60)


@pytest.mark.parametrize("browser", [True, False])
def test_a_token_is_had_and_may_do_what_is_needed(kin: Kin, browser: bool) -> None:
    person = Person(kin)
    credential = enroll(login(kin), person, browser=browser)
    assert set(kin.logins.tokens[credential["token"]].split()) == set(BROAD)
    adapter = Mastodon(login(kin, credential))
    assert adapter.whoami().actor.handle.startswith("ada@")
    assert adapter.interactions(None).interactions == ()
    assert any("does not say which login" in each for each in person.said) is (browser and not kin.habits.state)


def test_a_code_without_a_state_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for the five minutes that a person has."""
    monkeypatch.setattr(platforms.mastodon_login, "PATIENCE", 3600.0)
    kin = Kin(KINDS["takahe"])
    assert enroll(login(kin), Person(kin), browser=True)["token"]
    kin.close()


def test_leave_denied_without_a_state_ends_the_login() -> None:
    class Denying(Person):
        def browse(self, url: str) -> None:
            visit(f"{dict(parse_qsl(urlsplit(url).query))['redirect_uri']}?error=access_denied")

    kin = Kin(KINDS["takahe"])
    with pytest.raises(AuthFailed, match="leave was denied"):
        enroll(login(kin), Denying(kin), browser=True)
    kin.close()


def test_the_page_in_the_browser_says_what_to_do_with_a_code_that_is_nobodys() -> None:
    listener = Listener.open()
    with ThreadPoolExecutor(1) as browser:
        page = browser.submit(requests.get, f"{listener.url}?code=x", timeout=60)
        assert listener.next(60) == {"code": "x"}
        assert "copy this page's address" in page.result(60).text
    listener.close()


@pytest.mark.parametrize("browser", [True, False])
def test_a_registration_that_the_server_dropped_is_made_anew(kin: Kin, browser: bool) -> None:
    first = enroll(login(kin), Person(kin), browser=browser)
    kin.logins.apps.clear()
    person = Person(kin)
    again = enroll(login(kin, first), person, browser=browser)
    assert Mastodon(login(kin, again)).whoami()
    assert len(person.opened) == 1
    assert json.loads(again["app"])["id"] in kin.logins.apps


def test_a_registration_that_is_dropped_meanwhile_is_made_anew_as_well(kin: Kin) -> None:
    """Or of which the server does not say so before it is asked for a token."""

    class Slow(Person):
        def browse(self, url: str) -> None:
            super().browse(url)
            if len(self.opened) == 1:
                kin.logins.apps.clear()

    first = enroll(login(kin), Person(kin), browser=False)
    person = Slow(kin)
    again = enroll(login(kin, first), person, browser=False)
    assert Mastodon(login(kin, again)).whoami()
    assert len(person.opened) == 2
    assert any("once more" in each for each in person.said)


def test_a_registration_that_holds_is_used_again(kin: Kin) -> None:
    first = enroll(login(kin), Person(kin), browser=False)
    again = enroll(login(kin, first), Person(kin), browser=False)
    assert again["app"] == first["app"]
    assert json.loads(first["app"])["redirect"] == SHOWN
    assert json.loads(first["app"])["scopes"] != " ".join(SCOPES)
    assert len(kin.logins.apps) == 1
