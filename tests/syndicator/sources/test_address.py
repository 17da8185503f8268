"""What people type when they mean a source."""

import json

import pytest

from syndicator.sources.address import by_http, lookup, profile, typed


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://ada.example/x", "https://ada.example/x"),
        (" <http://ada.example> ", "http://ada.example"),
        ("ada.example", "https://ada.example/"),
        ("ada.example:8080/blog?x=1", "https://ada.example:8080/blog?x=1"),
        ("gärten.example", "https://xn--grten-gra.example/"),
        ("localhost:8000", "https://localhost:8000/"),
        ("feed:https://ada.example/feed", "https://ada.example/feed"),
        ("feed://ada.example/feed", "http://ada.example/feed"),
        ("@ada@pond.example", "https://pond.example/@ada"),
        ("acct:ada@pond.example", "https://pond.example/@ada"),
        ("file:///home/ada/feed.xml", "file:///home/ada/feed.xml"),
        ("ada", ""),
        ("foo bar.example", ""),
        ("ada@pond.example", ""),
        ("mailto:ada@pond.example", ""),
        ("javascript:alert(1)", ""),
        ("ftp://ada.example", ""),
        ("http://", ""),
        ("", ""),
    ],
)
def test_what_is_meant(text: str, url: str) -> None:
    assert typed(text) == url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (" <ada.example:8080/blog> ", "http://ada.example:8080/blog"),
        ("https://ada.example", ""),
        ("http://ada.example", ""),
        ("feed://ada.example", ""),
        ("@ada@pond.example", ""),
        ("file:///home/ada/feed.xml", ""),
        ("ada", ""),
    ],
)
def test_only_where_no_scheme_was_typed_http_may_be_meant(text: str, url: str) -> None:
    assert by_http(text) == url


def test_the_server_of_a_handle_is_asked_for_the_profile() -> None:
    assert lookup("@ada@pond.example") == "https://pond.example/.well-known/webfinger?resource=acct:ada@pond.example"
    assert lookup("https://pond.example/@ada") == ""
    page = {"rel": "http://webfinger.net/rel/profile-page", "href": "https://social.pond.example/ada"}
    assert profile(json.dumps({"links": [{"rel": "self", "href": "x"}, page]}).encode()) == page["href"]


NO_PROFILE = [
    b"",
    b"<html>",
    b"[]",
    b'{"links": {}}',
    b'{"links": [1]}',
    b'{"links": [{"rel": "self"}]}',
    b'{"links": [{"rel": "http://webfinger.net/rel/profile-page", "href": "javascript:x"}]}',
    b"[" * 100_000,
]


@pytest.mark.parametrize("answer", NO_PROFILE, ids=lambda answer: answer[:40])
def test_an_answer_without_a_profile(answer: bytes) -> None:
    assert profile(answer) == ""
