"""Pictures of drafts are fetched once and behind the guard, as the network needs them; what is none is told."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from counterparts import feed_server
from counterparts.feed_server import FeedServer
from counterparts.pictures import SVG, answer, many_scans, noise, opened, picture

from platforms.abilities import Picture
from platforms.base import Card, Draft, Image, Limits
from syndicator.pictures.base import NoPicture
from syndicator.pictures.finder import Pictures
from syndicator.sources.fetched import FetchOptions

LIMITS = Limits(
    length=300,
    count="graphemes",
    source="",
    read_on="",
    images=4,
    image_bytes=600_000,
    image_types=("image/jpeg",),
    thumb_bytes=100_000,
)
OPTIONS = FetchOptions(timeout=5, allow_private=("127.0.0.1",))


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server.running() as running:
        running.routes["/p.jpg"] = answer(noise())
        yield running


def on_card(url: str, alt: str = "") -> Draft:
    return Draft("A walk", "https://ada.example/a", Card("https://ada.example/a", "A walk", image=url, image_alt=alt))


def attached(url: str, alt: str = "A canal") -> Draft:
    return Draft("A walk https://ada.example/a", "https://ada.example/a", image=Image(url, alt))


def test_the_card_s_and_the_attached_picture_each_within_its_limit(server: FeedServer) -> None:
    pictures = Pictures(OPTIONS)
    card = pictures.find(on_card(server.url("/p.jpg"), "Snow"), LIMITS)
    image = pictures.find(attached(server.url("/p.jpg")), LIMITS)
    assert isinstance(card, Picture)
    assert isinstance(image, Picture)
    assert len(card.content) <= 100_000 < len(image.content) <= 600_000
    assert (card.alt, image.alt) == ("Snow", "A canal")
    assert opened(card.content).size == (card.width, card.height)
    assert len(server.asked("/p.jpg")) == 1


def test_what_was_made_ready_for_one_account_is_not_made_again_for_another(server: FeedServer) -> None:
    pictures = Pictures(OPTIONS)
    first, second = (pictures.find(on_card(server.url("/p.jpg"), alt), LIMITS) for alt in ("Snow", "Ice"))
    assert isinstance(first, Picture)
    assert isinstance(second, Picture)
    assert (first.alt, second.alt) == ("Snow", "Ice")
    assert first.content is second.content


def test_what_can_t_be_made_ready_in_time_is_tried_for_nobody_else(server: FeedServer) -> None:
    server.routes["/scans.jpg"] = answer(many_scans())
    pictures = Pictures(OPTIONS, seconds=1)
    first = pictures.find(on_card(server.url("/scans.jpg")), LIMITS)
    assert isinstance(first, NoPicture)
    assert "too long" in first.reason
    assert pictures.find(attached(server.url("/scans.jpg")), LIMITS) is first, "whatever it is needed for"


def test_a_draft_without_a_picture_needs_none() -> None:
    for draft in (Draft("A note"), Draft("A walk", card=Card("https://ada.example/a", "A walk"))):
        assert Pictures(OPTIONS).find(draft, LIMITS) is None


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/none.jpg", "404"),
        ("/page.jpg", "web page"),
        ("/drawing.svg", "SVG"),
        ("/pixel.gif", "only 1 × 1"),
        ("/vast.jpg", "longer than|more than|bytes"),
        ("/loop.jpg", "redirect"),
        ("/inside.jpg", "private|allow_private|address"),
        ("/slow.jpg", "no answer within"),
    ],
)
def test_why_there_is_none(path: str, reason: str, server: FeedServer) -> None:
    server.routes |= {
        "/page.jpg": answer(b"<!doctype html><html><p>Log in"),
        "/drawing.svg": answer(SVG, "image/svg+xml"),
        "/pixel.gif": answer(picture("GIF", (1, 1)), "image/gif"),
        "/vast.jpg": feed_server.endless,
        "/loop.jpg": feed_server.status(302, Location="/loop.jpg"),
        "/inside.jpg": feed_server.status(302, Location="http://127.0.0.2:1/p.jpg"),
        "/slow.jpg": feed_server.drip(),
    }
    pictures = Pictures(replace(OPTIONS, timeout=1))
    for _ in range(2):
        found = pictures.find(on_card(server.url(path)), LIMITS)
        assert isinstance(found, NoPicture)
        assert re.search(reason, found.reason), found.reason
    if path != "/loop.jpg":
        assert len(server.asked(path)) == 1, "asked once, whoever shows it"


@pytest.mark.parametrize(
    "url",
    [
        "https://ada.example/p.jpg",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "not an address",
        "http://127.0.0.9/p",
    ],
)
def test_what_may_not_be_asked_is_not(url: str) -> None:
    assert isinstance(Pictures(OPTIONS).find(on_card(url), LIMITS), NoPicture)


def test_what_is_kept_for_others_is_bounded(server: FeedServer) -> None:
    pictures = Pictures(OPTIONS)
    for number in range(8):
        server.routes[f"/{number}.jpg"] = answer(b"\0" * 9_000_000)
        pictures.find(on_card(server.url(f"/{number}.jpg")), LIMITS)
    assert sum(len(each.body or b"") for each in pictures._fetched.values()) <= 60_000_000
    assert server.url("/7.jpg") in pictures._fetched
    large = replace(LIMITS, image_bytes=3_000_000, image_types=("image/png",))
    for number in range(14):
        server.routes[f"/{number}.png"] = answer(noise(size=(900, 1000 + number)), "image/png")
        assert isinstance(pictures.find(attached(server.url(f"/{number}.png")), large), Picture)
    assert 10_000_000 < sum(len(each.content) for each in pictures._made.values() if isinstance(each, Picture)) < 2e7
