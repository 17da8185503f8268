"""Everything that goes wrong on the web, one by one: a sentence with a remedy for each, or a feed that is read."""

import re
import socket
from collections.abc import Iterator
from datetime import datetime

import pytest
from counterparts import sick_web
from counterparts.feed_server import body
from counterparts.illnesses import ILLNESSES, QUIRKS, Illness, article, flapping, redirect
from counterparts.sick_web import ALLOWED, SickWeb

from syndicator.sources import connect
from syndicator.sources.base import Source
from syndicator.sources.fetch import FetchOptions, FetchRequest, fetch
from syndicator.sources.health import Health
from syndicator.sources.read import Reading, read

PATIENT = FetchOptions(timeout=60, allow_private=(ALLOWED,))
HASTY = FetchOptions(timeout=0.5, allow_private=(ALLOWED,))


@pytest.fixture(scope="module")
def web() -> Iterator[SickWeb]:
    with sick_web.running(2) as running:
        yield running


@pytest.fixture(autouse=True)
def _nobody_trespasses(web: SickWeb) -> Iterator[None]:
    yield
    assert web.trespasses == 0


def look(url: str, now: datetime, options: FetchOptions = PATIENT, known: Health | None = None) -> Reading:
    [reading] = read([Source(url, "curated")], {url: known} if known else {}, options, now)
    return reading


@pytest.mark.parametrize("illness", ILLNESSES, ids=lambda illness: illness.name)
def test_an_illness_is_told_in_one_sentence_with_its_remedy(illness: Illness, web: SickWeb, now: datetime) -> None:
    web.routes["/feed"] = illness.route
    url = web.url("/feed", web.hosts[0]).replace("http:", f"{illness.scheme}:")
    options = HASTY if "{seconds}" in illness.problem else PATIENT
    told = look(url, now, options).error
    problem = illness.problem.format(seconds="0.5", port=web.port)
    assert re.sub(r"\(asked again in \w+; ", "(", told) == f"{url}: {problem} ({illness.remedy})"


@pytest.mark.parametrize("name", QUIRKS)
def test_a_quirk_is_read_all_the_same(name: str, web: SickWeb, now: datetime) -> None:
    web.routes["/feed"] = QUIRKS[name]
    reading = look(web.url("/feed", web.hosts[0]), now)
    assert reading.error == ""
    [item] = reading.feed.items
    assert item.title
    assert len(item.title) <= 1_000
    assert "root:" not in item.title  # the beginning of /etc/passwd
    assert item.published is None or item.published.year > 2000


def test_the_same_content_is_unchanged_however_its_validators_flap(web: SickWeb, now: datetime) -> None:
    web.routes["/feed"] = flapping()
    url = web.url("/feed", web.hosts[0])
    first = look(url, now)
    again = look(url, now, known=first.health)
    assert (first.feed is not None, again.feed, again.error) == (True, None, "")
    assert first.health.etag != again.health.etag


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "169.254.169.254", "127.0.0.1", "::1", "::ffff:10.0.0.1", "fd00::1", "0.0.0.0", "100.64.0.1"],
)
def test_a_name_that_resolves_to_a_private_address_is_not_asked(
    address: str, web: SickWeb, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    place = (address, web.port, 0, 0) if ":" in address else (address, web.port)
    monkeypatch.setattr(connect, "_resolve", lambda *_: [(family, socket.SOCK_STREAM, 6, "", place)])
    told = look(web.url("/secret", "innocent.example"), now).error
    assert f"is on a private network, {address} (" in told


def test_a_name_is_resolved_once_and_the_address_that_was_judged_is_the_one_that_is_asked(
    web: SickWeb, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second answer could differ from the first: good for the judge, private for the connection."""
    web.routes["/feed"] = body(article(1))
    answers = [web.hosts[1], "127.0.0.1"]

    def resolve(*_: object) -> object:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), web.port))]

    monkeypatch.setattr(connect, "_resolve", resolve)
    assert fetch(FetchRequest(web.url("/feed", "fickle.example")), PATIENT).status == "ok"
    assert answers == ["127.0.0.1"]


def test_a_redirect_to_a_name_is_judged_by_what_the_name_resolves_to(web: SickWeb, now: datetime) -> None:
    web.routes["/feed"] = redirect("http://localhost:{port}/secret")
    told = look(web.url("/feed", web.hosts[0]), now).error
    assert re.search(r": is on a private network, (127\.0\.0\.1|::1), after a redirect to http://localhost:", told)


def test_a_long_but_finite_way_is_followed(web: SickWeb, now: datetime) -> None:
    for step in range(5):
        web.routes[f"/{step}"] = redirect(f"http://{web.hosts[step % 2]}:{{port}}/{step + 1}")
    web.routes["/5"] = body(article(1))
    assert look(web.url("/0", web.hosts[0]), now).error == ""
