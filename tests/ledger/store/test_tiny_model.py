"""The store does what stock TinyDB does in memory, whatever is done to it in whatever order, reopened or compacted."""

import shutil
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tinydb import TinyDB, where
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from ledger.store.tiny import TinyStore

COLLECTIONS = st.sampled_from(["entries", "people"])
KEYS = st.sampled_from(["a", "b", "c", "ключ", 'd"\n'])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)
DOCUMENTS = st.dictionaries(st.sampled_from(["n", "who", "näme"]), SCALARS | st.lists(SCALARS, max_size=2), max_size=3)


class StringTable(Table):
    """Stock TinyDB but for its ids."""

    document_id_class = str


class Model:
    """The Store of `base` on stock TinyDB with its MemoryStorage, copying everything at the start of a transaction."""

    def __init__(self) -> None:
        self.db = TinyDB(storage=MemoryStorage)
        self.saved: list[Any] = []
        self.places: dict[str, dict[str, None]] = {}

    def table(self, name: str) -> StringTable:
        return StringTable(self.db.storage, name)

    def put(self, name: str, key: str, document: dict[str, Any]) -> None:
        def replace(found: dict[str, Any]) -> None:
            found.clear()
            found.update(document)

        if not self.table(name).update(replace, doc_ids=[key]):
            self.table(name).insert(Document(document, key))
        self.keep_places(name)

    def keep_places(self, name: str) -> None:
        """Within a transaction a document that comes back keeps its place."""
        if self.saved:
            tables = self.db.storage.read()
            places = self.places.setdefault(name, dict.fromkeys((self.saved[0][0] or {}).get(name, {})))
            places.update(dict.fromkeys(tables[name]))
            tables[name] = {key: tables[name][key] for key in places if key in tables[name]}

    def rows(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        return [(document.doc_id, dict(document)) for document in self.table(name)]

    def begin(self) -> None:
        self.saved.append(deepcopy((self.db.storage.read(), self.places)))

    def end(self, *, abort: bool) -> None:
        before = self.saved.pop()
        if abort:
            self.db.storage.memory, self.places = before
        if not self.saved:
            self.places = {}


class StoreIsTinyDB(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="store-"))
        self.path = self.folder / "store.jsonl"
        self.store = TinyStore(self.path)
        self.other = TinyStore(self.path)
        self.model = Model()
        self.open: list[Any] = []

    def teardown(self) -> None:
        while self.open:
            self.leave(abort=True)
        shutil.rmtree(self.folder)

    @rule(name=COLLECTIONS, key=KEYS, document=DOCUMENTS)
    def put(self, name: str, key: str, document: dict[str, Any]) -> None:
        self.store.put(name, key, document)
        self.model.put(name, key, document)

    @rule(name=COLLECTIONS, documents=st.dictionaries(KEYS, DOCUMENTS, max_size=4))
    def put_many(self, name: str, documents: dict[str, dict[str, Any]]) -> None:
        self.store.put_many(name, documents)
        for key, document in documents.items():
            self.model.put(name, key, document)

    @rule(name=COLLECTIONS, keys=st.lists(KEYS, max_size=3, unique=True))
    def delete(self, name: str, keys: list[str]) -> None:
        self.store.delete(name, keys)
        self.model.table(name).remove(doc_ids=keys)

    @rule(name=COLLECTIONS, key=KEYS, document=DOCUMENTS)
    def insert_by_tinydb(self, name: str, key: str, document: dict[str, Any]) -> None:
        tables = (self.store.db.table(name), self.model.table(name))
        taken = [table.contains(doc_id=key) for table in tables]
        assert taken[0] == taken[1]
        if not taken[0]:
            for table in tables:
                table.insert(Document(document, key))
            self.model.keep_places(name)

    @rule(name=COLLECTIONS, new=DOCUMENTS, field=st.sampled_from(["n", "who"]), value=SCALARS)
    def update_by_tinydb(self, name: str, new: dict[str, Any], field: str, value: Any) -> None:
        condition = where(field) == value
        updated = [table.update(new, condition) for table in (self.store.db.table(name), self.model.table(name))]
        assert updated[0] == updated[1]

    @rule(name=COLLECTIONS, field=st.sampled_from(["n", "who"]))
    def remove_by_tinydb(self, name: str, field: str) -> None:
        condition = where(field).exists()
        removed = [table.remove(condition) for table in (self.store.db.table(name), self.model.table(name))]
        assert removed[0] == removed[1]

    @rule(name=COLLECTIONS)
    def drop_by_tinydb(self, name: str) -> None:
        self.store.db.drop_table(name)
        self.model.table(name).truncate()

    @precondition(lambda self: len(self.open) < 3)
    @rule()
    def enter(self) -> None:
        transaction = self.store.transaction()
        transaction.__enter__()
        self.open.append(transaction)
        self.model.begin()

    @precondition(lambda self: self.open)
    @rule(abort=st.booleans())
    def leave(self, abort: bool) -> None:
        transaction = self.open.pop()
        error = KeyboardInterrupt() if abort else None
        assert not transaction.__exit__(type(error) if error else None, error, None)
        self.model.end(abort=abort)

    @precondition(lambda self: not self.open)
    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = TinyStore(self.path)

    @precondition(lambda self: not self.open)
    @rule(by_other=st.booleans())
    def compact(self, by_other: bool) -> None:
        (self.other if by_other else self.store).compact()

    @precondition(lambda self: not self.open)
    @rule(tail=st.sampled_from([b"\0\0\0", b'{"entries":{"a":{"n":', b'{"entries":{"a":null}}', b"\xff\xfe\n", b"x\n"]))
    def tear(self, tail: bytes) -> None:
        if self.path.exists() and self.path.read_bytes().endswith(b"}\n"):
            with self.path.open("ab") as file:
                file.write(tail)

    @invariant()
    def same_documents_in_the_same_order(self) -> None:
        for name in ("entries", "people"):
            rows = self.model.rows(name)
            assert repr(list(self.store.scan(name))) == repr(rows)  # repr: True is not 1 and -0.0 is not 0.0
            assert self.store.count(name) == len(rows)
            assert self.store.get(name, "a") == dict(rows).get("a")
            assert self.store.db.table(name).all() == self.model.table(name).all()

    @precondition(lambda self: not self.open)
    @invariant()
    def others_see_the_same(self) -> None:
        for name in ("entries", "people"):
            for store in (self.other, TinyStore(self.path)):
                assert repr(list(store.scan(name))) == repr(self.model.rows(name))


TestStoreIsTinyDB = StoreIsTinyDB.TestCase
TestStoreIsTinyDB.settings = settings(stateful_step_count=40)
