"""`ledger forget`: nothing of a person is left in any file, and nothing of them comes back."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counterparts.desk import Desk, item, rss

from ledger.book import Book, Numbered
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.follows import Edge
from ledger.merging import merge
from ledger.people import Person
from ledger.proof import Bond, Sighting
from ledger.store.tiny import TinyStore
from ledger.suggest import Act, Offer
from syndicator.comments import kept as comments
from syndicator.credit import profiles
from syndicator.credit.profiles import Known
from syndicator.upgrades import open_state

NOW = datetime.now(UTC)
ZOE, SITE, BSKY = (
    Identity("mastodon", "zoe@pond.example"),
    Identity("web", "zoe.example"),
    Identity("bluesky", "zoe.bay.example"),
)
BOB = Identity("mastodon", "bob@pond.example")
#: What grep looks for.
TRACES = ("zoe@pond", "zoe.example", "zoe.bay", "zoë quill", "did:plc:zoe", "secret of hers")

ACCOUNT = """
[accounts.pond]
platform = "memory"
file = "pond.jsonl"
"""


def received(who: Identity, url: str, **more: str) -> Entry:
    mine = f"https://robin.example/{len(url)}"
    return Entry(Direction.RECEIVED, Kind.LINK, who, NOW, NOW - timedelta(days=1), url, mine, **more)


def fill(folder: Path) -> None:
    """Everything that a ledger and a state can have of somebody."""
    book = Book(TinyStore(folder / "ledger.jsonl"))
    zoe = Person(str(SITE), "Zoë Quill", (SITE,), note="a secret of hers", roles=("friend",))
    whole = merge(zoe, Person(str(ZOE), "zoe@pond.example", (ZOE, BSKY)))
    book.save_people(whole, Person(str(BOB), "Bob", (BOB,), apart=(ZOE,)))
    book.append(
        [
            received(SITE, "https://zoe.example/1"),
            received(BSKY, "at://did:plc:zoe/app.bsky.feed.post/3k"),
            received(BOB, "https://bob.example/1", note="found by @zoe@pond.example"),
            received(BOB, "https://zoe.example/1#comment-2"),
        ]
    )
    book.save_sightings(
        [
            Sighting(who, NOW, (Bond(who, ZOE, "link", NOW), Bond(who, Identity("x", "b"), "link", NOW)))
            for who in (BOB, SITE)
        ]
    )
    book.set_offers({SITE: [Offer(SITE, "https://zoe.example/2", "Mosses", NOW)]})
    book.record(Act(ZOE, "thank", NOW), Act(BOB, "thank", NOW))
    book.remember_numbers([Numbered(ZOE), Numbered(BOB)])
    book.follows.begin("pond", "followers", {"1": ZOE, "2": BOB})
    book.follows.change("pond", "followers", {"1": Edge(ZOE, missing=NOW)})
    book.back_up()
    state = open_state(folder)
    profiles.save(state, {ZOE: Known(at=NOW, name="Zoë Quill"), BOB: Known(at=NOW, links=("zoe.example",))}, NOW)
    state.put("unanswered", str(BSKY), {"at": NOW.isoformat()})
    state.back_up()


def found(folder: Path, traces: Iterable[str] = TRACES) -> dict[str, list[str]]:
    """The traces in each file of a folder."""
    files = {path: path.read_text("utf-8", "replace").casefold() for path in folder.rglob("*") if path.is_file()}
    told = {str(path.relative_to(folder)): [each for each in traces if each in text] for path, text in files.items()}
    return {name: hits for name, hits in told.items() if hits}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.add(ACCOUNT)
    desk.feed(rss(item(1)))
    fill(desk.folder / "data")
    return desk


def follows(desk: Desk, *handles: str) -> None:
    """These do something for the owner on the memory network."""
    with (desk.folder / "pond.jsonl").open("a") as file:
        for number, handle in enumerate(handles):
            told = {"kind": "boost", "actor": {"handle": handle}, "id": f"{handle}{number}", "at": NOW.isoformat()}
            file.write("\n" + json.dumps({"act": "interaction", "told": told}))


def test_no_file_has_a_trace_of_them_and_others_keep_what_is_theirs(desk: Desk) -> None:
    data = desk.folder / "data"
    assert {name.partition(".")[0] for name in found(data)} >= {"ledger", "state"}
    assert any("backups" in name for name in found(data))
    said = desk.run("ledger", "forget", "Zoë Quill", "--yes")
    assert "forgotten" in said.stdout
    assert found(data) == {}
    assert [path for path in data.rglob("*") if path.suffix == ".bak"] == []
    [bob] = desk.json("ledger", "people", "list")
    assert (bob["person"], bob["open"]) == ("Bob", pytest.approx(20, abs=1))
    book = Book(TinyStore(data / "ledger.jsonl"))
    assert [str(act.identity) for act in book.acts()] == [str(BOB)]
    assert [str(bond.other) for bond in book.sightings()[BOB].bonds] == ["x:b"]
    assert set(book.follows.edges("pond", "followers") or {}) == {"2"}
    assert (book.problems, book.people().of(BOB).apart) == ((), ())
    assert "known as" in desk.run("ledger", "why", "Zoë Quill", expect=2).stderr


def test_they_come_back_by_no_door(desk: Desk) -> None:
    data = desk.folder / "data"
    follows(desk, "zoe@pond.example", "bob@pond.example")
    desk.run("ledger", "forget", "zoe.example", "--yes")
    book = Book(TinyStore(data / "ledger.jsonl"))
    entry = received(SITE, "https://zoe.example/9")
    assert (book.unknown([entry]), book.append([entry])) == ([], 0)
    book.introduce({ZOE: "Zoë Quill"})
    book.save_people(Person(str(ZOE), "Zoë Quill", (ZOE,)))
    book.save_sightings([Sighting(ZOE, NOW)])
    book.set_offers({SITE: [Offer(SITE, "https://zoe.example/2", "Mosses", NOW)]})
    book.record(Act(BSKY, "thank", NOW))
    book.follows.change("pond", "followers", {"1": Edge(ZOE)})
    book.follows.begin("pond", "following", {"1": ZOE})
    (desk.folder / "acts.csv").write_text("kind,who,at\nlink,zoe.example,2026-01-01\n")
    desk.run("ledger", "import", "acts.csv")
    assert "forgotten" in desk.run("ledger", "add", "link", "zoe.example", expect=1).stderr
    assert found(data) == {}


def test_a_run_collects_nothing_of_them(desk: Desk) -> None:
    """On the memory network a handle is the network's own."""
    follows(desk, "zoe@pond.example", "bob@pond.example")
    desk.run("run")
    assert found(desk.folder / "data", ["memory:zoe@pond"])
    desk.run("ledger", "forget", "memory:zoe@pond.example", "--yes")
    follows(desk, "zoe@pond.example", "zoe@pond.example")
    desk.run("run")
    assert found(desk.folder / "data", ["memory:zoe@pond"]) == {}
    assert found(desk.folder / "data", ["memory:bob@pond"])


def test_it_asks_first_and_can_be_let_in_again(desk: Desk) -> None:
    before = (desk.folder / "data" / "ledger.jsonl").read_bytes()
    assert "--yes" in desk.run("ledger", "forget", "zoe.example", expect=2).stderr
    assert (desk.folder / "data" / "ledger.jsonl").read_bytes() == before
    desk.run("ledger", "forget", "zoe.example", "--yes")
    desk.run("ledger", "forget", "zoe.example", "--yes")
    assert "name the very" in desk.run("ledger", "forget", "zoe.test", "--undo", expect=2).stderr
    desk.run("ledger", "forget", "zoe.example", "--undo")
    desk.run("ledger", "add", "link", "zoe.example")


def test_what_is_still_subscribed_stays_and_is_told(desk: Desk) -> None:
    desk.run("run")
    done = desk.run("ledger", "forget", "ada.example", "--yes")
    assert "still among your sources" in done.stderr
    assert desk.json("run")["posted"] == [], "nothing goes out twice"
    desk.settings.write_text(
        desk.settings.read_text().replace('feed = "ada.xml"', 'feed = "else.xml"').replace("Ada's garden", "Else")
    )
    desk.feed(rss(item(5, link="https://else.example/1"), title="Else", site="https://else.example/"), "else.xml")
    desk.run("ledger", "forget", "ada.example", "--yes")
    assert found(desk.folder / "data", ["https://ada.example"]) == {}
    desk.run("run")
    assert desk.run("queue", "--all").returncode == 0


def test_the_hash_tells_nothing_and_has_the_salt_of_its_installation(tmp_path: Path) -> None:
    docs = []
    for name in ("one", "two"):
        store = TinyStore(tmp_path / f"{name}.jsonl")
        Book(store).forgotten.add([ZOE])
        docs.append(dict(store.scan("forgotten")))
        assert ZOE in Book(store).forgotten
        assert BOB not in Book(store).forgotten
    assert docs[0].keys().isdisjoint(docs[1])
    assert "zoe" not in json.dumps(docs)


def test_a_common_name_erases_nothing_of_others_and_no_form_of_an_address_survives(desk: Desk) -> None:
    """Two people of one name: what only has the name stays, what has any address of hers goes."""
    data = desk.folder / "data"
    store = TinyStore(data / "ledger.jsonl")
    book = Book(store)
    namesake = Identity("web", "namesake.example")
    book.save_people(Person(str(namesake), "Zoë Quill", (namesake,), note="not the other Zoë Quill"))
    kept = received(BOB, "https://bob.example/2", note="a talk on Zoë Quill and her time")
    forms = [
        "https://pond.example/users/zoe/statuses/5",
        "https://pond.example/@zoe/5",
        "https://pond.example/%40zoe/6",
        "at://did:plc:zoe/app.bsky.feed.post/9",
    ]
    mine = "https://robin.example/"
    book.append([kept, *(received(BOB, url) for url in forms)])
    hers = Identity("hackernews", "zoe")
    item, profile = "https://news.ycombinator.com/item?id=71", "https://news.ycombinator.com/user?id=zoe"
    book.append([Entry(Direction.RECEIVED, Kind.SUBMIT, hers, NOW, NOW, item, mine), received(BOB, profile)])
    book.record(Act(BOB, "boost", NOW, item))
    book.save_people(merge(book.people().of(ZOE), book.people().of(hers)))
    store.close()
    desk.run("ledger", "forget", "zoe.example", "--yes")
    assert found(data, ["pond.example/users/zoe", "@zoe", "%40zoe", "did:plc:zoe", "item?id=71", "user?id=zoe"]) == {}
    book = Book(TinyStore(data / "ledger.jsonl"))
    other = book.people().of(namesake)
    assert (other.name, other.note) == ("Zoë Quill", "not the other Zoë Quill")
    assert kept in book.entries()


def test_a_forgotten_handle_is_no_second_handle_of_somebody_else(desk: Desk) -> None:
    data = desk.folder / "data"
    desk.run("ledger", "forget", "zoe.example", "--yes")
    book = Book(TinyStore(data / "ledger.jsonl"))
    cy = Identity("x", "cy")
    book.save_people(
        merge(
            Person("x:cy", "cy", (cy,), apart=(SITE,)), Person(str(ZOE), "Zoë Quill", (ZOE,), note="a secret of hers")
        )
    )
    book.save_people(Person(str(BSKY), BSKY.handle, (BSKY, Identity("x", "di"))))
    book.save_sightings([Sighting(cy, NOW, (Bond(cy, ZOE, "verified", NOW), Bond(cy, BOB, "link", NOW)))])
    book.append([received(BOB, "https://zoe.example/3#c", note="with @zoe@pond.example")])
    assert book.people().of(cy) == Person("x:cy", "cy", (cy,))
    assert book.people().of(Identity("x", "di")).id == "x:di"
    assert [bond.other for bond in book.sightings()[cy].bonds] == [BOB]
    assert len([entry for entry in book.entries() if entry.identity == BOB and not entry.url]) == 2
    assert found(data) == {}


def test_after_forgetting_somebody_who_linked_everything_else_goes_on(desk: Desk) -> None:
    """What is kept in pairs goes whole: a site without its day, or a place without its time, could not be read."""
    state = open_state(desk.folder / "data")
    links = {"bob.example/1": ["zoe.example", "2026-01-01"], "zoe.example/1": ["ann.example", "2026-01-01"]}
    kept = {"bob.example/2": ["ann.example", "2026-01-01"]}
    own, places = "https://robin.example/feed", {"https://robin.example/2": ["https://robin.example/2/c", None]}
    state.put("crosslinks", "https://ann.example/feed", {"links": links | kept})
    state.put("comments", own, {"articles": {"https://robin.example/1": ["https://zoe.example/c", None], **places}})
    state.close()
    desk.run("ledger", "forget", "zoe.example", "--yes")
    state = open_state(desk.folder / "data")
    assert dict(state.scan("crosslinks")) == {"https://ann.example/feed": {"links": kept}}
    assert comments.load(state, own).articles.keys() == places.keys()
    state.close()
    assert desk.json("plan")["planned"]
    for words in (["run"], ["ledger", "collect"], ["plan"]):
        desk.run(*words)


def test_a_place_of_comments_that_lost_its_half_is_passed_over(desk: Desk) -> None:
    """So an older version left it."""
    state = open_state(desk.folder / "data")
    state.put("comments", "https://robin.example/feed", {"articles": {"https://robin.example/1": [None]}})
    assert comments.load(state, "https://robin.example/feed").articles == {}


def test_the_feed_that_is_to_be_removed_is_named_and_then_no_copy_has_them(desk: Desk) -> None:
    data, feed = desk.folder / "data", (desk.folder / "zoe.xml").as_uri()
    desk.feed(rss(item(7, link="https://zoe.example/7"), title="Mosses", site="https://zoe.example/"), "zoe.xml")
    desk.feed(rss(item(8, link="https://cy.example/8"), title="Ferns", site="https://cy.example/"), "cy.xml")
    (desk.folder / "roll.opml").write_text(
        '<opml version="2.0"><body>'
        f'<outline type="rss" text="Zoë Quill" xmlUrl="{feed}" htmlUrl="https://zoe.example/"/>'
        '<outline type="rss" text="Cy" xmlUrl="cy.xml" htmlUrl="https://cy.example/"/></body></opml>'
    )
    desk.add('\n[[sources]]\nkind = "curated"\nopml = "roll.opml"\n')
    desk.run("run")
    told = desk.run("ledger", "forget", "zoe.example", "--yes").stderr
    assert f"syndicator remove {feed}`" in told
    desk.run("remove", feed)
    assert "still among" not in desk.run("ledger", "forget", "zoe.example", "--yes").stderr
    assert found(data, [*TRACES, "zoe.xml"]) == {}
    assert found(data, ["cy.example"]), "others stay"
    desk.run("run")
    assert found(data, [*TRACES, "zoe.xml"]) == {}


def test_a_feed_of_the_settings_goes_by_the_address_that_is_shown(desk: Desk) -> None:
    told = desk.run("ledger", "forget", "ada.example", "--yes").stderr
    assert "still among" not in told, "its site is not known before it is read"
    desk.run("run")
    told = desk.run("ledger", "forget", "ada.example", "--yes").stderr
    feed = (desk.folder / "ada.xml").as_uri()
    assert f"syndicator remove {feed}`" in told
    desk.run("remove", feed)
    assert "still among" not in desk.run("ledger", "forget", "ada.example", "--yes").stderr
    assert found(desk.folder / "data", ["ada.example", "ada.xml"]) == {}


@pytest.mark.parametrize(
    "words", [("tag", "zoe.example", "friend"), ("merge", "@bob@pond.example", "zoe.example"), ("split", "zoe.example")]
)
def test_nothing_is_said_to_be_kept_of_who_was_forgotten(desk: Desk, words: tuple[str, ...]) -> None:
    desk.run("ledger", "forget", "zoe.example", "--yes")
    refused = desk.run("ledger", "people", *words, expect=1)
    assert "zoe.example: they were forgotten" in refused.stderr
    assert refused.stdout == ""


def test_what_has_all_but_decayed_is_no_balance_below_zero(desk: Desk) -> None:
    desk.run("ledger", "give", "like", "@cy@pond.example", "--at", (NOW - timedelta(days=1100)).date().isoformat())
    for words in (["people", "list"], ["people", "show", "@cy@pond.example"], ["owe", "--all"]):
        assert "-0.0" not in desk.run("ledger", *words).stdout
