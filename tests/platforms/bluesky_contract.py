"""What the Bluesky adapter can do beyond the common contracts: one suite for the small server and the real network.

The fixture `world` gives a counterpart that also has `other` (somebody else: `did`, `handle`), `write` (a post of
theirs, gives its URI) and `written` (the account's own records of a collection, oldest first).
"""

import re
import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from platforms.abilities import (
    Audience,
    Directory,
    Doer,
    Enricher,
    Enroller,
    Graph,
    Picture,
    Profile,
    Relation,
    Witness,
)
from platforms.base import Card, Draft, Image, PostRef, Request
from platforms.errors import AuthFailed, Rejected

POST = "app.bsky.feed.post"
SITE = "https://ada.example"
URL = f"{SITE}/garten?a=1&b=2"
CARD = Card(URL, "Gärten & Code", "Über <Beete>")
NOBODY = "nobody-at-all.test"


def png(size: int = 0, width: int = 80, height: int = 40) -> bytes:
    """A red picture, filled up to so many bytes by a chunk that means nothing."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress((b"\0" + b"\xff\0\0" * width) * height)) + chunk(b"IEND", b"")
    filling = max(0, size - len(head) - len(body) - 12)
    return head + (chunk(b"teXt", b"x" * filling) if filling else b"") + body


PICTURE = Picture(png(), "image/png", 80, 40, "a red box")


def prepared(adapter: Any, text: str = "Gärten", key: str = "key-1", **more: object) -> Request:
    return adapter.prepare(Draft(text, **more), key, datetime.now(UTC))


def features(record: dict) -> list[tuple[str, str]]:
    """What each facet marks in the text, and what it leads to."""
    text = record["text"].encode()
    return [
        (
            text[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(),
            next(value for name, value in feature.items() if name != "$type"),
        )
        for facet in record.get("facets", [])
        for feature in facet["features"]
    ]


class Person:
    """Somebody who types an app password."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self.told: list[str] = []

    def say(self, text: str) -> None:
        self.told.append(text)

    def secret(self, _prompt: str) -> str:
        return self._secret

    def browse(self, url: str) -> None:
        self.told.append(url)


class BlueskyContract:
    def test_it_has_all_these_abilities(self, world: Any) -> None:
        for ability in (Audience, Directory, Doer, Enricher, Enroller, Graph, Witness):
            assert isinstance(world.adapter(), ability)

    # -- mentions, pictures, cards

    def test_a_handle_that_leads_to_somebody_is_a_mention_and_another_plain_text(self, world: Any) -> None:
        adapter = world.adapter()
        text = f"🌱 by @{world.other.handle}, not by @{NOBODY} #code {URL}"
        adapter.publish(adapter.enrich(prepared(adapter, text), None))
        [record] = world.written(POST)
        assert features(record) == [(f"@{world.other.handle}", world.other.did), ("#code", "code"), (URL, URL)]
        assert record["text"] == text

    def test_a_card_has_its_picture(self, world: Any) -> None:
        adapter = world.adapter()
        adapter.publish(adapter.enrich(prepared(adapter, card=CARD, url=URL), PICTURE))
        [record] = world.written(POST)
        external = record["embed"]["external"]
        assert (external["uri"], external["title"], external["description"]) == (URL, CARD.title, CARD.description)
        assert (external["thumb"]["mimeType"], external["thumb"]["size"]) == ("image/png", len(PICTURE.content))

    def test_an_attached_picture_is_shown_with_its_words_and_shape(self, world: Any) -> None:
        adapter = world.adapter()
        made = prepared(adapter, f"look {URL}", image=Image("https://ada.example/box.png", "a box"))
        adapter.publish(adapter.enrich(made, PICTURE))
        [record] = world.written(POST)
        [image] = record["embed"]["images"]
        assert (image["alt"], image["aspectRatio"]) == ("a box", {"width": 80, "height": 40})
        assert image["image"]["size"] == len(PICTURE.content)

    def test_enriching_twice_is_like_once_and_shows_nothing(self, world: Any) -> None:
        adapter = world.adapter()
        made = prepared(adapter, f"by @{world.other.handle}", card=CARD, url=URL)
        once = adapter.enrich(made, PICTURE)
        assert adapter.enrich(once, PICTURE) == once == adapter.enrich(made, PICTURE)
        assert world.posts() == []

    def test_a_refused_picture_is_rejected_and_the_post_goes_without(self, world: Any) -> None:
        adapter = world.adapter()
        made = prepared(adapter, card=CARD, url=URL)
        world.refuse_picture()
        with pytest.raises(Rejected):
            adapter.enrich(made, PICTURE)
        adapter.publish(adapter.enrich(made, None))
        [record] = world.written(POST)
        assert "thumb" not in record["embed"]["external"]

    @pytest.mark.parametrize("what", ["too large", "no picture", "not there"])
    def test_a_picture_the_post_can_not_have_is_rejected_and_a_simpler_post_takes_its_place(
        self, world: Any, what: str
    ) -> None:
        adapter = world.adapter()
        wrong = {
            "too large": replace(PICTURE, content=png(1_000_001)),
            "no picture": Picture(b"text", "text/plain", 1, 1),
        }
        made = adapter.enrich(prepared(adapter, card=CARD, url=URL), wrong.get(what, PICTURE))
        if what == "not there":
            thumb = made.payload["record"]["embed"]["external"]["thumb"]
            thumb["ref"]["$link"] = thumb["ref"]["$link"][:-4] + "aaaa"
        with pytest.raises(Rejected):
            adapter.publish(made)
        assert adapter.find(made) is None
        simple = adapter.simpler(made)
        ref = adapter.publish(simple)
        assert ref == adapter.find(simple) == adapter.find(made)
        assert len(world.posts()) == 1

    def test_every_form_of_a_post_is_the_same_post(self, world: Any) -> None:
        adapter = world.adapter()
        forms = [adapter.enrich(prepared(adapter, card=CARD, url=URL), PICTURE)]
        while left := adapter.simpler(forms[-1]):
            forms.append(left)
        assert len(forms) == 3
        for sent in forms:
            ref = adapter.publish(sent)
            for form in forms:
                assert adapter.find(form) == adapter.publish(form) == ref
            assert len(world.posts()) == 1
            adapter.delete(ref)
            assert [adapter.find(form) for form in forms] == [None, None, None]

    def test_without_a_card_the_link_stands_in_the_text(self, world: Any) -> None:
        adapter = world.adapter()
        made = adapter.simpler(prepared(adapter, "Gärten #code", card=CARD, url=URL))
        adapter.publish(made)
        [record] = world.written(POST)
        assert (record["text"], features(record)) == (f"Gärten #code\n{URL}", [("#code", "code"), (URL, URL)])
        assert "embed" not in record
        assert adapter.simpler(made) is None

    # -- who others are

    def test_whose_login_it_is(self, world: Any) -> None:
        profile = world.adapter().whoami()
        assert isinstance(profile, Profile)
        assert re.fullmatch(r"[a-z0-9]+\.test", profile.actor.handle)
        assert profile.actor.id.startswith("did:")
        assert profile == world.adapter().whoami()

    def test_a_login_that_is_refused_is_nobody(self, world: Any) -> None:
        world.refuse_login()
        with pytest.raises(AuthFailed, match=r"SYNDICATOR_SKY_TOKEN"):
            world.adapter().whoami()

    def test_the_profile_of_somebody(self, world: Any) -> None:
        found = world.adapter().profile(f"@{world.other.handle.upper()}")
        assert (found.actor.handle, found.actor.id) == (world.other.handle, world.other.did)
        assert found.verified == (f"https://{world.other.handle}",)
        assert found.followers is not None
        assert world.adapter().profile(world.other.did) == found

    @pytest.mark.parametrize("name", [NOBODY, "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "no handle", ""])
    def test_the_profile_of_nobody(self, world: Any, name: str) -> None:
        assert world.adapter().profile(name) is None

    def test_followers_following_and_relations(self, world: Any) -> None:
        adapter = world.adapter()
        assert [*adapter.followers(), *adapter.following()] == []
        world.act("follow")
        adapter.do("follow", world.other.did)
        adapter = world.adapter()
        assert [each.id for each in adapter.followers()] == [world.other.did]
        assert [each.handle for each in adapter.following()] == [world.other.handle]
        found = adapter.relations(
            [world.other.did, "no id", *(f"did:plc:{n:024}".replace("0", "a") for n in range(70))]
        )
        assert found[world.other.did] == Relation(following=True, followed_by=True)
        assert set(found.values()) <= {Relation(following=True, followed_by=True), Relation()}
        assert "no id" not in found

    def test_who_liked_and_reposted_a_post(self, world: Any) -> None:
        adapter = world.adapter()
        ref = adapter.publish(prepared(adapter))
        assert list(world.adapter().reactions(ref)) == []
        world.act("like")
        world.act("boost")
        like, boost = world.adapter().reactions(ref)
        assert (like.kind, like.actor.handle, like.target) == ("like", world.other.handle, ref.url)
        assert like.at is not None
        assert (boost.kind, boost.actor.id, boost.at) == ("boost", world.other.did, None)
        world.lose_post()
        assert [act.kind for act in world.adapter().reactions(ref) if act.kind not in {"like", "boost"}] == []

    def test_a_post_that_never_was_has_no_reactions(self, world: Any) -> None:
        ref = PostRef(f"at://{world.other.did}/{POST}/3kaaaaaaaaaa2", "https://bsky.app/")
        assert list(world.adapter().reactions(ref)) == []

    # -- acts

    @pytest.mark.parametrize(
        ("act", "collection"),
        [("like", "feed.like"), ("boost", "feed.repost"), ("follow", "graph.follow"), ("reply", "feed.post")],
    )
    def test_doing_it_twice_is_like_once_and_it_can_be_taken_back(self, world: Any, act: str, collection: str) -> None:
        post = world.write("a post")
        page = f"https://bsky.app/profile/{world.other.handle}"
        targets = [post, f"{page}/post/{post.rpartition('/')[2]}"]
        if act == "follow":
            targets = [world.other.did, world.other.handle, f"@{world.other.handle}", page]
        adapter = world.adapter()
        done = {adapter.do(act, target, "well said") for target in targets}
        done.add(world.adapter().do(act, targets[0], "well said"))
        assert len(done) == len(world.written(f"app.bsky.{collection}")) == 1
        world.adapter().undo(act, targets[-1])
        assert world.written(f"app.bsky.{collection}") == []
        world.adapter().undo(act, targets[0])

    def test_a_reply_continues_the_thread_and_mentions(self, world: Any) -> None:
        adapter = world.adapter()
        post = world.write("a post")
        answer = world.adapter().do("reply", post, f"well said @{world.other.handle}")
        assert answer.startswith("at://")
        [record] = world.written(POST)
        assert record["reply"]["root"]["uri"] == record["reply"]["parent"]["uri"] == post
        assert features(record) == [(f"@{world.other.handle}", world.other.did)]
        with pytest.raises(Rejected, match="answered already"):
            adapter.do("reply", post, "in other words")

    @pytest.mark.parametrize(
        ("act", "target"),
        [
            ("like", "https://example.com/"),
            ("like", f"at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/{POST}/3kaaaaaaaaaa2"),
            ("boost", f"https://bsky.app/profile/{NOBODY}/post/3kaaaaaaaaaa2"),
            ("follow", NOBODY),
            ("follow", "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"),
        ],
    )
    def test_what_is_not_there_can_not_be_acted_on(self, world: Any, act: str, target: str) -> None:
        with pytest.raises(Rejected):
            world.adapter().do(act, target)

    # -- links to my sites

    def test_posts_that_link_to_my_sites_are_found_once(self, world: Any) -> None:
        link = {"$type": "app.bsky.richtext.facet#link", "uri": URL}
        marked = [{"index": {"byteStart": 0, "byteEnd": 1}, "features": [link]}]
        adapter = world.adapter(sites=[SITE])
        adapter.publish(prepared(adapter, f"* mine {URL}"))
        post = world.write("* have you read this?", facets=marked)
        world.write("* something else")
        acts, cursor = told(world, None)
        assert [(act.kind, act.id, act.target, act.trust) for act in acts] == [("share", post, URL, 0.8)]
        assert acts[0].actor.handle == world.other.handle
        world.act("like")
        card = {"$type": "app.bsky.embed.external", "external": {"uri": f"{SITE}/b", "title": "", "description": ""}}
        world.write("* and this", embed=card)
        acts, cursor = told(world, cursor)
        assert [(act.kind, act.target) for act in acts][1:] == [("share", f"{SITE}/b")]
        assert acts[0].kind == "like"
        assert told(world, cursor)[0] == []

    # -- the login

    def test_an_own_password_is_warned_of(self, world: Any) -> None:
        world.scope = "com.atproto.access"
        person = Person("abcd-efgh-ijkl-mnop")
        assert world.adapter().enroll(person) == {"token": "abcd-efgh-ijkl-mnop"}
        assert "app-passwords" in person.told[0]
        assert "the account's own password" in person.told[1]

    @pytest.mark.parametrize("secret", ["", "wrong"])
    def test_a_wrong_password_is_refused_with_a_remedy(self, world: Any, secret: str) -> None:
        with pytest.raises(AuthFailed) as caught:
            world.adapter().enroll(Person(secret))
        assert "app" in caught.value.remedy


def told(world: Any, cursor: str | None) -> tuple[list[Any], str | None]:
    """Everything after the cursor."""
    acts: list[Any] = []
    for _ in range(20):
        page = world.adapter(sites=[SITE]).interactions(cursor)
        acts, cursor = [*acts, *page.interactions], page.cursor
        if not page.more:
            return acts, cursor
    pytest.fail("the pages never end")
