"""What was reckoned before is what would be reckoned now, or it is not used."""

from datetime import timedelta

import msgspec
import pytest
from favours import ADA, ADA_SITE, NOW, given, ledgers, received
from hypothesis import given as holds_for
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger import memory as memories
from ledger import pod
from ledger.book import Book
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.memory import Memory
from ledger.owe import explain, owe
from ledger.people import People, implicit
from ledger.rules import Rules, weights_with
from ledger.sameact import _gather, gather_acts
from ledger.settle import remain, settle, tally
from ledger.store.tiny import TinyStore, memory_store
from ledger.suggest import Act
from ledger.weigh import in_order

RULES = Rules()
BOB = Identity("mastodon", "bob@example.social")
NOBODY = People()


@holds_for(ledgers(), st.integers(0, 800), st.integers(0, 800), st.booleans())
def test_a_remainder_tells_of_all_its_time_exactly_what_reckoning_then_tells(entries, then, later, pardoned):
    then, later = NOW - timedelta(days=then), NOW - timedelta(days=later)
    pardons = {ADA: NOW - timedelta(days=400)} if pardoned else {}
    remainder = remain(entries, then, RULES, credibility=0.5, pardons=pardons)

    assert remainder.holds_at(then.timestamp())
    if remainder.holds_at(later.timestamp()):
        packed = msgspec.msgpack.decode(msgspec.msgpack.encode(remainder), type=type(remainder))
        expected = tally(entries, later, RULES, credibility=0.5, pardons=pardons)
        assert packed.tally(later, RULES) == expected
        assert expected.balance == settle(entries, later, RULES, credibility=0.5, pardons=pardons).balance


@holds_for(ledgers())
def test_acts_that_are_plainly_apart_are_the_same_acts_as_found_the_long_way(entries):
    ordered = in_order(entries)
    assert gather_acts(ordered, RULES.same_act_within) == _gather(ordered, RULES.same_act_within)


@holds_for(ledgers(ADA, ADA_SITE, BOB))
def test_sheaves_of_a_store_tell_what_the_entries_tell(entries):
    book = Book(memory_store())
    book.append(entries)
    sheaves = book.sheaves()

    assert owe(NOBODY, sheaves, NOW, RULES) == owe(NOBODY, entries, NOW, RULES)
    assert explain(implicit(ADA), sheaves, NOW, RULES) == explain(implicit(ADA), entries, NOW, RULES)
    assert pod.sharing(NOBODY, sheaves, NOW, RULES) == pod.sharing(NOBODY, entries, NOW, RULES)
    assert sorted(entry.key for entry in sheaves) == sorted(entry.key for entry in entries)
    mine = [entry for entry in entries if entry.direction is Direction.GIVEN]
    assert {(told.url, told.when) for told in sheaves.given()} == {(entry.url, entry.when) for entry in mine}


def test_an_entry_that_cannot_be_read_is_left_out_of_the_sheaves_and_told():
    store = memory_store()
    book = Book(store)
    book.append([received("boost", 3)])
    store.put("entries", "odd", {"direction": "received", "kind": "hug", "identity": "x:bob", "recorded": "never"})
    store.put("entries", "nobody", {**dict(store.scan("entries"))[received("boost", 3).key], "identity": "bob"})

    assert len(list(book.sheaves())) == 1
    assert len(book.problems) == 2


@pytest.fixture
def reckoning(tmp_path, monkeypatch):
    """Owe out of a store and a memory, each opened anew; says whom of it all was reckoned."""
    monkeypatch.setattr(memories, "WORTH_KEEPING", 1)
    store, file = TinyStore(tmp_path / "ledger.jsonl"), tmp_path / "reckoned.cache"
    asked = []

    class Watched(Memory):
        def recall(self, texts, credibility, pardons, moment, reckon):
            texts = list(texts)
            return super().recall(
                texts, credibility, pardons, moment, lambda: asked.append(texts[0].decode()) or reckon()
            )

    def owing(people=NOBODY, now=NOW, rules=RULES, acts=()):
        asked.clear()
        memory = Watched(file, rules)
        debts = owe(people, Book(store).sheaves(), now, rules, acts=acts, memory=memory)
        memory.save()
        assert debts == owe(people, Book(store).entries(), now, rules, acts=acts)
        return sorted("bob" if "bob" in each else "ada" for each in asked)

    owing.book, owing.file = Book(store), file
    owing.book.append([received("share", 20), given("boost", 9), received("link", 30, BOB)])
    return owing


def test_who_was_reckoned_is_not_reckoned_again_until_something_is_new_of_them(reckoning):
    assert reckoning() == ["ada", "bob"]
    assert reckoning() == []
    assert reckoning(now=NOW + timedelta(days=100)) == []
    reckoning.book.append([received("boost", 1, BOB)])
    assert reckoning() == ["bob"]
    reckoning.book.retract([received("boost", 1, BOB).key])
    assert reckoning() == ["bob"]


def test_whatever_else_an_account_depends_on_makes_it_new(reckoning):
    reckoning()
    assert reckoning(rules=replace(RULES, half_life=timedelta(days=90))) == ["ada", "bob"]
    assert reckoning(rules=replace(RULES, weights=weights_with({"share": 6}))) == ["ada", "bob"]
    assert reckoning() == ["ada", "bob"]
    assert reckoning(people=People([replace(implicit(BOB), spam_signs=("no posts",))])) == ["bob"]
    assert reckoning(people=People([replace(implicit(ADA), identities=(ADA, BOB))])) == ["ada"]
    assert reckoning() == ["ada", "bob"]
    assert reckoning(acts=[Act(ADA, "forgive", NOW - timedelta(days=1))]) == ["ada"]
    assert reckoning(now=NOW - timedelta(days=25)) == ["ada"]


def test_what_lies_ahead_is_reckoned_when_it_comes(reckoning):
    follow = Entry(Direction.RECEIVED, Kind.FOLLOW, BOB, recorded=NOW - timedelta(days=2), native_id="1")
    reckoning.book.append([follow])
    assert reckoning() == ["ada", "bob"]
    assert reckoning(now=NOW + timedelta(days=11)) == []
    assert reckoning(now=NOW + timedelta(days=12)) == ["bob"]


@pytest.mark.parametrize("damage", [lambda whole: b"", lambda whole: whole[:-1], lambda whole: whole[:40] + b"\0" * 9])
def test_a_damaged_file_counts_for_nothing_and_a_lost_one_is_made_again(reckoning, damage):
    reckoning()
    reckoning.file.write_bytes(damage(reckoning.file.read_bytes()))
    assert reckoning() == ["ada", "bob"]
    reckoning.file.unlink()
    assert reckoning() == ["ada", "bob"]
    assert reckoning() == []


def test_the_file_names_nobody_is_private_and_leaves_no_other_beside_it(reckoning):
    reckoning()
    content = reckoning.file.read_bytes()
    assert not any(word in content for word in (b"ada", b"bob", b"example", b"http"))
    assert reckoning.file.stat().st_mode & 0o777 == 0o600
    assert sorted(file.name for file in reckoning.file.parent.glob("reckoned*")) == ["reckoned.cache"]


def test_where_it_cannot_be_kept_it_is_reckoned_again(tmp_path, monkeypatch):
    monkeypatch.setattr(memories, "WORTH_KEEPING", 0)
    memory = Memory(tmp_path / "gone" / "reckoned.cache", RULES)
    memory.recall([b"{}"], 1.0, {}, NOW.timestamp(), lambda: remain([], NOW, RULES))
    memory.save()
    assert list(tmp_path.iterdir()) == []
