"""Documents that are read once: what is replaced is read anew, what stays is not."""

from contextlib import suppress

import pytest

from ledger.store.reading import ReadOnce
from ledger.store.tiny import TinyStore, memory_store


def test_a_document_is_read_once_until_it_is_replaced():
    store, read = memory_store(), []
    once = ReadOnce(lambda document: read.append(document["n"]) or document["n"])
    store.put_many("numbers", {"a": {"n": 1}, "b": {"n": 2}})
    assert [once(*each) for each in store.scan("numbers")] == [1, 2]
    store.put("numbers", "a", {"n": 3})
    assert [once(*each) for each in store.scan("numbers")] == [3, 2]
    assert read == [1, 2, 3]


def test_what_a_transaction_took_back_is_not_kept():
    store, once = memory_store(), ReadOnce(lambda document: document["n"])
    store.put("numbers", "a", {"n": 1})

    with suppress(KeyError), store.transaction():
        store.put("numbers", "a", {"n": 2})
        assert once("a", store.get("numbers", "a")) == 2
        raise KeyError
    assert once("a", store.get("numbers", "a")) == 1


def test_what_cannot_be_read_raises_each_time():
    once = ReadOnce(lambda document: document["n"])
    for _ in range(2):
        with pytest.raises(KeyError):
            once("a", {})


def test_texts_of_a_file_are_read_once_and_those_replaced_anew(tmp_path):
    TinyStore(tmp_path / "store").put_many("numbers", {"a": {"n": 1}, "b": {"n": 2}})
    store, read = TinyStore(tmp_path / "store"), []
    once = ReadOnce(lambda text: read.append(text) or text)
    assert [once(*each) for each in store.texts("numbers")] == [b'{"n":1}', b'{"n":2}']
    store.put("numbers", "a", {"n": 3})
    assert [once(*each) for each in store.texts("numbers")] == [b'{"n":3}', b'{"n":2}']
    assert read == [b'{"n":1}', b'{"n":2}', b'{"n":3}']


def test_texts_show_what_an_open_transaction_has_changed(tmp_path):
    TinyStore(tmp_path / "store").put_many("numbers", {"a": {"n": 1}, "b": {"n": 2}})
    store = TinyStore(tmp_path / "store")
    with store.transaction():
        store.delete("numbers", ["a"])
        store.put("numbers", "c", {"n": 3})
        assert dict(store.texts("numbers")) == {"b": b'{"n":2}', "c": b'{"n":3}'}


def test_a_document_of_a_file_stays_the_same_object_once_all_were_read(tmp_path):
    TinyStore(tmp_path / "store").put_many("numbers", {"a": {"n": 1}, "b": {"n": 2}})
    store = TinyStore(tmp_path / "store")
    first = dict(store.scan("numbers"))
    assert all(document is first[key] for key, document in store.scan("numbers"))
    assert store.get("numbers", "a") is first["a"]
