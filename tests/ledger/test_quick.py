"""Reading entries straight from JSON says the same as reading them the plain way, of good ones and of bad ones."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import codec, quick

WRITTEN = {
    "direction": "received",
    "kind": "boost",
    "identity": "mastodon:ada@example.social",
    "recorded": "2026-11-02T12:00:00.250000Z",
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 2),
    st.floats(0, 1),
    st.text(max_size=3),
    st.sampled_from(["2026-11-02T13:00:00+01:00", "2026-11-02T12:00:00", "20261102T120000Z", "like", "given", "x:ada"]),
)
OPTIONAL = [
    "at",
    "url",
    "my_url",
    "channel",
    "native_id",
    "trust",
    "note",
    "in_return_for",
    "secondhand",
    "private",
    "new",
]
FIELDS = [*WRITTEN, *OPTIONAL]


def outcome(read, document):
    try:
        return read(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return type(error), str(error)


@given(changed=st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=4), missing=st.sets(st.sampled_from(FIELDS)))
def test_whatever_the_plain_way_reads_is_read_the_same(changed, missing):
    document = {name: value for name, value in (WRITTEN | changed).items() if name not in missing}
    plain = outcome(codec.read_entry, document)

    found = outcome(quick.read_entry, msgspec.json.encode(document))

    assert found == plain
    assert type(found) is type(plain)


@pytest.mark.parametrize("recorded", ["2026-11-02T12:00:00Z", "2026-11-02T13:00:00+01:00"])
def test_an_entry_goes_through_its_json_unchanged(recorded):
    entry = codec.read_entry(WRITTEN | {"recorded": recorded, "substantial": True, "note": "schöne Grüße"})
    assert quick.read_entry(msgspec.json.encode(codec.write_entry(entry))) == entry
