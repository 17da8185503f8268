"""The rules that feeds are held to find what is wrong with one."""

import json

import pytest
from feed_rules import broken_in_atom, broken_in_json_feed

ENTRY = "<entry><title>T</title><id>urn:x:1</id><updated>2026-11-02T12:00:00Z</updated><content>c</content></entry>"
FEED = f"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0" xml:lang="en">
<title>T</title><id>urn:x</id><updated>2026-11-02T12:00:00Z</updated><author><name>A</name></author>
<link rel="self" href="https://a.example/feed.xml"/>{ENTRY}</feed>"""
JSON = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "content_text": "c"}]}


def test_what_is_right_is_right() -> None:
    assert broken_in_atom(FEED.encode()) == broken_in_json_feed(json.dumps(JSON).encode()) == []


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("<id>urn:x</id>", "", "id is in"),
        ("<title>T</title><id>urn:x</id>", "<title>T</title><title>T</title><id>urn:x</id>", "title is in"),
        ("<name>A</name>", "", "author without a name"),
        ("<id>urn:x</id>", "<id>x</id>", "no IRI"),
        ("T12:00:00Z</updated><author>", "</updated><author>", "updated is"),
        ("2026-11-02T12:00:00Z</updated><author>", "2026-11-01T12:00:00Z</updated><author>", "newer than its feed"),
        ("https://a.example/feed.xml", "https://a.example/a b", "a link to"),
        ('rel="self"', 'rel="selfish"', "relation selfish"),
        ('rel="self"', 'rel="next-archive"', "in what is none"),
        ('<link rel="self"', '<fh:archive/><link rel="self"', "does not lead to the current"),
        ("<content>c</content>", "", "neither content nor alternate"),
        ("<content>c</content>", "<body>c</body>", "body in"),
        ("<content>", '<content type="image/png">', "neither text nor"),
        ('xml:lang="en"', 'xml:lang="e n"', "no language tag"),
        (ENTRY, ENTRY * 2, "2 times"),
        ("</feed>", '<link rel="self" href="https://a.example/"/></feed>', "2 links"),
    ],
)
def test_what_is_wrong_with_an_atom_feed_is_told(right: str, wrong: str, told: str) -> None:
    assert right in FEED
    assert any(told in each for each in broken_in_atom(FEED.replace(right, wrong, 1).encode()))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": "1"}, "the version is"),
        ({"title": ""}, "title is missing"),
        ({"items": [{"content_text": "c"}]}, "id is missing"),
        ({"items": [{"id": "1"}]}, "no content"),
        ({"items": [{"id": "1", "content_text": "c"}] * 2}, "2 times"),
        ({"items": [{"id": 1, "content_text": "c"}]}, "id is 1"),
        ({"items": [{"id": "1", "content_text": "c", "date_published": "yesterday"}]}, "a time"),
        ({"items": [{"id": "1", "content_text": "c", "url": "/a"}]}, "no address"),
        ({"authors": [{}]}, "empty author"),
        ({"author": {}}, "no field"),
        ({"language": "e n"}, "no language tag"),
        ({"feed_url": "https://a.example/", "next_url": "https://a.example/"}, "the feed itself"),
    ],
)
def test_what_is_wrong_with_a_json_feed_is_told(change: dict[str, object], told: str) -> None:
    assert any(told in each for each in broken_in_json_feed(json.dumps({**JSON, **change}).encode()))
