"""The domain in handles, which need not be the host that a server's web pages are on."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from counterparts.json_server import Answer, Call, JsonServer

from platforms.base import Login
from platforms.mastodon import Mastodon
from platforms.mastodon_instance import domain_of

ADA = {"id": "1", "acct": "ada", "url": "https://social.ada.example/@ada"}
CY = {"id": "2", "acct": "cy", "url": "https://social.ada.example/@cy"}
BOB = {"id": "3", "acct": "bob@other.example", "url": "https://other.example/@bob"}


class World:
    def __init__(self) -> None:
        self.instance: Any = {"domain": "ada.example"}
        self.status = 200
        self.actors = [CY, BOB]
        self.asked: list[str] = []
        self.kept: list[str] = []
        self._server = JsonServer(self.handle)
        self.url, self.close = self._server.url, self._server.close

    def handle(self, call: Call) -> Answer:
        self.asked.append(call.path)
        if "instance" in call.path:
            return Answer(self.status, self.instance if "v2" in call.path else {"error": "no"})
        if call.path.endswith("/verify_credentials"):
            return Answer(200, ADA)
        if "notifications" in call.path and call.query.get("min_id") == "0":
            return Answer(200, [{"id": f"1{one['id']}", "type": "follow", "account": one} for one in self.actors])
        return Answer(200, self.actors if call.path.endswith("/followers") else [])

    def adapter(self) -> Mastodon:
        login = Login(
            "home",
            {"server": self.url},
            {"token": "t"},
            recall=lambda: self.kept[-1] if self.kept else None,
            keep=self.kept.append,
        )
        return Mastodon(login)

    @property
    def questions(self) -> int:
        return sum("instance" in path for path in self.asked)


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.close()


def test_people_of_the_server_itself_are_named_by_its_domain(world: World) -> None:
    adapter = world.adapter()
    assert adapter.whoami().actor.handle == "ada@ada.example"
    handles = ["cy@ada.example", "bob@other.example"]
    assert [act.actor.handle for act in adapter.interactions(None).interactions] == handles
    assert [one.handle for one in adapter.followers()] == handles


def test_the_domain_is_asked_for_once_and_kept(world: World) -> None:
    for _ in range(3):
        adapter = world.adapter()
        adapter.whoami()
        adapter.interactions(None)
        list(adapter.followers())
    assert world.questions == 1
    assert len(world.kept) == 2, "the domain, and the id of the account"


def test_the_domain_is_not_asked_for_while_nobody_needs_it(world: World) -> None:
    world.actors = [BOB]
    world.adapter().interactions(None)
    assert world.questions == 0


@pytest.mark.parametrize("kept", ["", "{", "7", "{}", '{"server": "https://elsewhere.example", "domain": "x.example"}'])
def test_what_was_kept_of_another_server_is_of_no_use(world: World, kept: str) -> None:
    world.kept = [kept]
    assert world.adapter().whoami().actor.handle == "ada@ada.example"
    assert json.loads(world.kept[-1]) == {"server": world.url, "domain": "ada.example"}


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_server_that_does_not_say_is_known_by_its_pages(world: World, status: int) -> None:
    world.status = status
    assert world.adapter().whoami().actor.handle == "ada@social.ada.example"
    assert world.kept == []


@pytest.mark.parametrize(
    ("instance", "domain"),
    [
        ({"domain": "Ada.Example"}, "ada.example"),
        ({"domain": "social.ada.example", "account_domain": "ada.example"}, "ada.example"),  # GoToSocial
        ({"uri": "ada.example", "domain": None}, "ada.example"),  # v1
        ({"uri": "https://ada.example"}, "ada.example"),  # Pleroma
        ({"uri": "ada.example:8443"}, "ada.example:8443"),
        ({"domain": "bücher.example"}, "bücher.example"),
        ({"domain": "ada.example/@bob"}, ""),
        ({"domain": "bob@ada.example"}, ""),
        ({"domain": "ada\x1b.example"}, ""),
        ({"domain": "https://["}, ""),
        ({"domain": "a" * 300}, ""),
        ({"domain": 7}, ""),
        ({}, ""),
    ],
)
def test_a_domain_is_what_can_stand_in_a_handle(instance: dict[str, Any], domain: str) -> None:
    assert domain_of(instance) == domain
