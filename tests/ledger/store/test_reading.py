"""Documents that are read once: what is replaced is read anew, what stays is not."""

from contextlib import suppress

import pytest

from ledger.store.reading import ReadOnce
from ledger.store.tiny import memory_store


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
