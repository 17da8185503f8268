"""A token that says when it runs out is believed; anything else says nothing, and breaks nothing."""

import base64
import json
from datetime import UTC, datetime

import pytest

from platforms.abilities import Expiring
from platforms.base import Login
from platforms.micropub import Micropub
from platforms.micropub_token import expiry


def jwt(claims: object) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{body}.signature"


def test_the_account_tells_when_its_token_runs_out() -> None:
    site = Micropub(Login("site", {"server": "https://ada.example"}, {"token": jwt({"exp": 1793577600})}))
    assert isinstance(site, Expiring)
    assert site.expires() == datetime.fromtimestamp(1793577600, UTC)


@pytest.mark.parametrize(
    "token",
    [
        *("", "opaque", "a.b.c", "a.b.c.d", "..", "a.\N{SNOWMAN}.c", f"a.{'A' * 20_000}.c"),
        *(jwt({}), jwt([]), jwt({"exp": "soon"}), jwt({"exp": None}), jwt({"exp": 1e30}), jwt({"exp": float("nan")})),
    ],
)
def test_what_says_nothing_of_an_end_has_none(token: str) -> None:
    assert expiry(token) is None
