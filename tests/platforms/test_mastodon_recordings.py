"""What a real Mastodon answered: the recordings that Mastodon.py's source distribution carries (MIT).

`tests/counterparts/mastodon_recordings.py` fetches them; without them these tests skip, and say so.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from requests.structures import CaseInsensitiveDict
from requests.utils import parse_header_links

from platforms.mastodon_accounts import actor, profile, relation, time
from platforms.mastodon_limits import limits_of
from platforms.mastodon_refusals import rate_limit_end, words_of
from platforms.mastodon_wire import interaction, made_from, path_of, ref, says_the_same

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".cache" / "mastodon-recordings"


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    form: Mapping[str, str]
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.text)
        except ValueError:
            return None


@cache
def exchanges() -> tuple[Exchange, ...]:
    if not any(FOLDER.rglob("test_notifications.yaml")):
        how = f"no recordings in {FOLDER}; run: python3 tests/counterparts/mastodon_recordings.py"
        if os.environ.get("CI"):
            pytest.fail(how)
        pytest.skip(how)
    files = sorted(FOLDER.rglob("cassettes/test_*.yaml"))
    return tuple(each for file in files if ".ws." not in file.name for each in recorded(file))


def recorded(file: Path) -> Iterator[Exchange]:
    import yaml

    for one in yaml.load(file.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["interactions"]:
        asked, told = one["request"], one["response"]
        where, text, body = urlsplit(asked["uri"]), told["body"]["string"], asked["body"]
        yield Exchange(
            asked["method"],
            where.path,
            parse_qs(where.query),
            dict(parse_qsl(body)) if isinstance(body, str) else {},
            int(told["status"]["code"]),
            CaseInsensitiveDict({name: values[0] for name, values in told["headers"].items()}),
            text if isinstance(text, str) else "",
        )


def told(path: str, method: str = "GET") -> list[Exchange]:
    """The successful answers to a path; there are some."""
    found = [each for each in exchanges() if (each.path, each.method, each.status) == (path, method, 200)]
    assert found, path
    return found


def objects(said: Any) -> Iterator[Mapping[str, Any]]:
    """Every object in an answer, however deep."""
    if isinstance(said, dict):
        yield said
        for inner in said.values():
            yield from objects(inner)
    elif isinstance(said, list):
        for inner in said:
            yield from objects(inner)


def test_notifications_are_the_acts_they_are() -> None:
    rows = [one for each in told("/api/v1/notifications") for one in each.json]
    kinds = {"mention": {"mention", "reply"}, "follow": {"follow"}, "added_to_collection": {"recommend"}}
    assert {"mention", "added_to_collection"} <= {row["type"] for row in rows}
    for row in rows:
        act = interaction(row, None)
        if row["type"] not in kinds:
            assert act is None, row["type"]
            continue
        assert act is not None
        assert act.kind in kinds[row["type"]]
        assert (act.id, act.actor.id, act.at) == (row["id"], row["account"]["id"], time(row["created_at"]))
        assert act.url.startswith("http") or act.kind == "follow"


def test_a_post_is_known_again_by_what_the_server_made_of_its_text() -> None:
    posted = [each for each in told("/api/v1/statuses", "POST") if each.form.get("status")]
    # What the server writes in front of a quotation is its own.
    plain = [each for each in posted if "scheduled_at" not in each.json and not each.json.get("quote")]
    statuses = [(each.form["status"], each.json) for each in plain]
    assert len(statuses) > 30
    for text, status in statuses:
        assert says_the_same(status, {"status": text, "url": None}), text
        assert made_from(status, {"status": text, "url": None}) is not bool(status["in_reply_to_id"]), text
        assert not made_from(status, {"status": f"{text} and more", "url": None})
        assert ref(status).id == status["id"]
        assert ref(status).url == status["url"]


def test_every_account_is_a_person_with_a_profile() -> None:
    accounts = [one for each in exchanges() for one in objects(each.json) if "acct" in one and "statuses_count" in one]
    assert len(accounts) > 300
    for account in accounts:
        found = profile(account)
        assert found is not None
        assert "@" in found.actor.handle
        assert (found.actor.id, found.posts) == (account["id"], account["statuses_count"])
        assert found.created is not None


def test_relations_are_told_by_id() -> None:
    rows = [one for each in told("/api/v1/accounts/relationships") for one in each.json]
    assert rows
    for row in rows:
        assert relation(row).following is row["following"]
        assert relation(row).followed_by is row["followed_by"]


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_instance_says_what_it_allows(version: str) -> None:
    answers = [each for each in exchanges() if each.path.rstrip("/") == f"/api/{version}/instance"]
    assert answers
    for each in answers:
        said, limits = each.json["configuration"], limits_of(each.json)
        assert limits is not None
        assert limits.length == said["statuses"]["max_characters"]
        assert limits.url_length == said["statuses"]["characters_reserved_per_url"]
        assert limits.image_bytes == said["media_attachments"]["image_size_limit"]
        assert limits.image_pixels == said["media_attachments"]["image_matrix_limit"]
        assert {"image/jpeg", "image/png"} <= set(limits.image_types)


def test_links_lead_on_with_all_they_carry() -> None:
    linked = [each for each in exchanges() if each.headers.get("Link") and each.method == "GET"]
    assert linked
    for each in linked:
        for link in parse_header_links(each.headers["Link"]):
            onward = path_of(link["url"])
            assert onward is not None
            assert onward.startswith("/api/v")
            assert parse_qs(urlsplit(onward).query) == parse_qs(urlsplit(link["url"]).query) != {}


def test_the_end_of_a_rate_limit_is_read() -> None:
    limited = [each for each in exchanges() if "X-RateLimit-Reset" in each.headers]
    assert len(limited) > 100
    for each in limited:
        said = time(each.headers["X-RateLimit-Reset"])
        assert said is not None
        before, after = said - timedelta(minutes=4), said + timedelta(minutes=4)
        assert rate_limit_end({"X-RateLimit-Reset": each.headers["X-RateLimit-Reset"]}, before) == said
        assert rate_limit_end({"X-RateLimit-Reset": each.headers["X-RateLimit-Reset"]}, after) is None


def test_a_refusal_is_told_in_the_servers_words() -> None:
    refused = [each for each in exchanges() if each.status in {401, 403, 404, 422} and each.path.startswith("/api/v1/")]
    said = [each for each in refused if each.json]
    assert len(said) > 5
    for each in said:
        assert words_of(each.text) == each.json["error"]


def test_boosters_are_people() -> None:
    people = [one for each in exchanges() if each.path.endswith("/reblogged_by") for one in each.json]
    assert people
    assert all(actor(one) for one in people)


def test_a_picture_may_be_taken_before_it_is_looked_at() -> None:
    statuses = {each.status for each in exchanges() if (each.method, each.path) == ("POST", "/api/v2/media")}
    assert statuses <= {200, 202}
    assert statuses
