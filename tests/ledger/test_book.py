"""The book on the real store: written once, read back the same, only changes written."""

import json

import pytest
from favours import ADA, ADA_SITE, BOB, NOW, ago, given, ledgers, received
from hypothesis import given as for_any

from ledger import codec
from ledger.book import Book, Numbered
from ledger.entry import Identity
from ledger.merging import merge, split
from ledger.people import Person
from ledger.store.tiny import TinyStore
from ledger.suggest import Act, Offer, Suggestion


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.jsonl"


@pytest.fixture
def book(path):
    store = TinyStore(path)
    yield Book(store)
    store.close()


def reopened(path):
    return Book(TinyStore(path))


def test_appending_twice_adds_nothing_and_keeps_the_first(book, path):
    first = received("share", 5, url="https://example.social/@ada/1", note="first")
    again = received("share", 5, url="https://example.social/@ada/1", note="again")
    assert book.append([first, again, received("like", 4)]) == 2
    assert book.append([again]) == 0
    assert reopened(path).entries()[0] == first
    assert len(reopened(path).entries()) == 2


def test_appending_nothing_writes_nothing(book, path):
    book.append([received("like", 4)])
    before = path.read_bytes()
    book.append([received("like", 4)])
    book.append([])
    assert path.read_bytes() == before


def test_retracting_takes_back(book):
    mine = given("share", 1, url="https://ada.example/1")
    book.append([mine, received("like", 4)])
    book.retract([mine.key, "unknown"])
    assert [entry.kind for entry in book.entries()] == ["like"]


def test_people_are_replaced_together(book):
    ada, site = Person("ada", "Ada", (ADA,), snoozed_until=NOW, roles=("friend",)), Person("s", "Site", (ADA_SITE,))
    book.save_people(ada, site)
    whole = merge(ada, site)
    book.save_people(whole, instead_of=[ada, site])
    assert list(book.people()) == [whole]
    book.save_people(*split(whole, ADA_SITE))
    assert {person.id for person in book.people()} == {"ada", "s"}


def test_cursors_are_opaque(book, path):
    assert book.cursor("fosstodon") is None
    book.set_cursor("fosstodon", '{"min_id": "1"}')
    before = path.read_bytes()
    book.set_cursor("fosstodon", '{"min_id": "1"}')
    assert path.read_bytes() == before
    assert reopened(path).cursor("fosstodon") == '{"min_id": "1"}'
    book.set_cursor("fosstodon", None)
    assert book.cursor("fosstodon") is None


def test_offers_are_replaced_for_those_named_and_written_when_changed(book, path):
    offer = Offer(ADA_SITE, "https://ada.example/1", "One", ago(3), 0.7)
    bobs = Offer(BOB, "https://example.social/@bob/1", "", ago(3))
    book.set_offers({ADA_SITE: (offer,), BOB: (bobs,)})
    before = path.read_bytes()
    book.set_offers({ADA_SITE: (offer,)})
    assert path.read_bytes() == before
    book.set_offers({ADA_SITE: ()})
    assert reopened(path).offers() == {ADA_SITE: (), BOB: (bobs,)}
    book.drop_offers([ADA_SITE])
    assert book.offers() == {BOB: (bobs,)}


def test_an_act_is_known_in_its_last_state(book):
    queued = Act(ADA_SITE, "share", ago(2), "https://ada.example/1", "queued")
    done = Act(ADA_SITE, "share", ago(1), "https://ada.example/1", "done")
    book.record(queued, Act(ADA, "forgive", ago(3)))
    book.record(done)
    assert set(book.acts()) == {done, Act(ADA, "forgive", ago(3))}


@pytest.mark.parametrize("shown_meanwhile", [[Numbered(ADA)], [Numbered(BOB), Numbered(ADA)], []])
def test_a_number_that_means_somebody_else_by_now_is_not_settled(book, shown_meanwhile):
    """Another list was shown while a person was asked; what they said yes to is booked, and nobody else's row."""
    book.remember_numbers(shown_meanwhile)
    book.settle_number(2, Numbered(BOB), "done")
    assert list(book.numbers()) == shown_meanwhile


def test_numbers_mean_what_was_shown_last(book, path):
    rows = [
        Numbered(ADA, Suggestion("share", "web", "One", "https://ada.example/1", "", "linked to you", "abc")),
        Numbered(BOB),
    ]
    assert book.numbers() == ()
    book.remember_numbers(rows)
    before = path.read_bytes()
    book.remember_numbers(rows)
    assert path.read_bytes() == before
    assert reopened(path).numbers() == tuple(rows)


def test_a_crash_inside_a_transaction_leaves_nothing(book):
    def crash():
        with book.transaction():
            book.append([received("like", 4)])
            book.set_cursor("fosstodon", "2")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crash()
    assert book.entries() == ()
    assert book.cursor("fosstodon") is None


GOOD_ENTRY, GOOD_ACT = received("like", 4), Act(ADA, "share", ago(2), "https://ada.example/1")
GOOD_OFFER, GOOD_PERSON = Offer(ADA_SITE, "https://ada.example/1", "One", ago(3)), Person("ada", "Ada", (ADA,))

DAMAGE = [
    ("entries", "abc", codec.write_entry(GOOD_ENTRY) | {"kind": "hug"}),
    ("entries", "abc", codec.write_entry(GOOD_ENTRY) | {"recorded": "2026-11-01T00:00:00"}),
    ("entries", "abc", codec.write_entry(GOOD_ENTRY) | {"recorded": 5}),
    ("entries", "abc", codec.write_entry(GOOD_ENTRY) | {"identity": "web:"}),
    ("entries", "abc", {}),
    ("acts", "abc", {"identity": "web:", "act": "share", "at": "2026-11-01T00:00:00Z", "url": "", "state": "done"}),
    ("offers", "web:", {"offers": []}),
    ("offers", "web:abc", {"offers": [{}]}),
    ("people", "abc", {"name": "X", "identities": [5]}),
]


@pytest.mark.parametrize(("collection", "key", "document"), DAMAGE)
def test_one_unreadable_document_is_left_out_and_told(path, collection, key, document):
    store = TinyStore(path)
    store.put(collection, key, document)
    book = Book(store)
    book.append([GOOD_ENTRY])
    book.record(GOOD_ACT)
    book.set_offers({ADA_SITE: [GOOD_OFFER]})
    book.save_people(GOOD_PERSON)
    for _ in range(2):
        assert (book.entries(), book.acts()) == ((GOOD_ENTRY,), (GOOD_ACT,))
        assert (book.offers(), list(book.people())) == ({ADA_SITE: (GOOD_OFFER,)}, [GOOD_PERSON])
        [problem] = book.problems
        assert all(part in problem for part in (collection, key, "ledger.jsonl"))


def test_a_list_shown_that_can_not_be_read_has_to_be_shown_again(path):
    store = TinyStore(path)
    store.put("numbers", "shown", {"rows": [{"identity": "web:ada.example", "suggestion": {"hug": "them"}}]})
    assert Book(store).numbers() == ()


NOBODY = Identity("web", "")


@pytest.mark.parametrize(
    "write",
    [
        lambda book: book.append([GOOD_ENTRY, received("like", 3, NOBODY)]),
        lambda book: book.append([received("like", 3, note="half a pair: \ud800")]),
        lambda book: book.append([received("like", 3, trust=7.0)]),
        lambda book: book.record(GOOD_ACT, Act(NOBODY, "share", NOW)),
        lambda book: book.save_people(GOOD_PERSON, Person("", "Nobody", (NOBODY,))),
        lambda book: book.set_offers({ADA_SITE: [GOOD_OFFER], NOBODY: []}),
    ],
)
def test_what_could_not_be_read_back_is_never_written(book, path, write):
    with pytest.raises(codec.BadDocument):
        write(book)
    again = reopened(path)
    assert (again.entries(), again.acts(), again.offers(), list(again.people())) == ((), (), {}, [])
    assert again.problems == ()


def test_one_entry_is_found_by_its_key(book):
    book.append([GOOD_ENTRY])
    assert book.entry(GOOD_ENTRY.key) == GOOD_ENTRY
    assert book.entry("unknown") is None


@for_any(ledgers(ADA, BOB, Identity("bluesky", "did:plc:abc")))
def test_every_entry_is_read_back_as_it_was_written(entries):
    for entry in entries:
        document = json.loads(json.dumps(codec.write_entry(entry)))
        assert codec.read_entry(document) == entry
        assert codec.check_entry(document) == entry


GOOD = codec.write_entry(received("share", 5, url="https://example.social/@ada/1"))

BAD = [
    ([], "JSON object"),
    ({}, "direction"),
    (GOOD | {"kind": "hug"}, "kind is 'hug'"),
    (GOOD | {"kind": ["share"]}, "kind"),
    (GOOD | {"direction": None}, "direction"),
    (GOOD | {"identity": "ada"}, "network:handle"),
    (GOOD | {"recorded": "yesterday"}, "ISO 8601"),
    (GOOD | {"recorded": 5}, "ISO 8601"),
    (GOOD | {"at": "2026-11-01T00:00:00"}, "time zone"),
    (GOOD | {"trust": 2}, "trust"),
    (GOOD | {"trust": 0}, "trust"),
    (GOOD | {"trust": True}, "trust"),
    (GOOD | {"url": 5}, "url"),
    (GOOD | {"substantial": "yes"}, "substantial"),
    (GOOD | {"weight": 100}, "no field 'weight'"),
]


@pytest.mark.parametrize(("document", "message"), BAD)
def test_a_foreign_document_is_refused_with_the_field_that_is_wrong(document, message):
    with pytest.raises(codec.BadDocument, match=message):
        codec.check_entry(document)
