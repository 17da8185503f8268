"""The corpus of lengths and syntax: what `test_text` has no family for, and a reason for each vector left out."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger import who
from platforms import text as rules
from platforms.base import Draft, Login
from platforms.bluesky import Bluesky
from platforms.bluesky_record import record_key

HERE = Path(__file__).parent
_LEXICON = "an example of a lexicon of somebody's own: for those who validate any record there may be"
_NEVER = "nothing of ours reads or writes one"
#: (file, part of it) → why no test reads it.
LEFT_OUT = {
    ("atproto_lexicon_record-data-valid", ""): _LEXICON,
    ("atproto_lexicon_record_schema", ""): _LEXICON,
    ("x_config_v2", ""): "it was replaced by x_config_v3, which is what X counts by",
    ("x_extract", "replies"): "nothing asks whom a text answers: X tells",
    ("x_valid", "urls"): "addresses as URLs of any kind; what X links in a text is in x_extract",
    **{("atproto_syntax", part): _NEVER for part in ("atidentifier", "nsid", "uri", "recordkey", "aturi", "datetime")},
}
TESTED_SYNTAX = {"did", "handle", "language", "tid"}
TID = re.compile(r"[234567a-j][234567a-z]{12}")


@pytest.fixture
def vectors(corpus: Path) -> Callable[[str], Any]:
    return lambda name: json.loads((corpus / "length" / f"{name}.json").read_text("utf-8"))


def test_every_vector_is_tested_or_left_out_for_a_reason(corpus: Path, vectors: Callable[[str], Any]) -> None:
    tests = "".join((HERE / name).read_text("utf-8") for name in ("test_text.py", "test_vectors.py"))
    tests = tests.replace(tests[tests.index("LEFT_OUT = {") : tests.index("TESTED_SYNTAX")], "")
    for file in sorted((corpus / "length").glob("*.json")):
        if (file.stem, "") not in LEFT_OUT:
            assert f'"{file.stem}"' in tests, file.name
    for family in ("x_extract", "x_valid"):
        for kind in {vector["kind"] for vector in vectors(family)}:
            assert f'"{kind}"' in tests or (family, kind) in LEFT_OUT, f"{family}: {kind}"
    parts = {part.partition("_")[0] for part in vectors("atproto_syntax")}
    assert parts == TESTED_SYNTAX | {part for file, part in LEFT_OUT if file == "atproto_syntax"}


def test_x_counts_by_its_published_configuration(vectors: Callable[[str], Any]) -> None:
    config = vectors("x_config_v3")
    assert (config["version"], config["transformedURLLength"]) == (3, rules.URL_LENGTH)
    edges = {edge for part in config["ranges"] for edge in (part["start"], part["end"])} | {0x2FFFF, 0xABCD}
    for point in sorted({near for edge in edges for near in (edge - 1, edge, edge + 1) if near > 0x20}):
        weight = next(
            (part["weight"] for part in config["ranges"] if part["start"] <= point <= part["end"]),
            config["defaultWeight"],
        )
        assert rules.x_length(f"a{chr(point)}a") == 2 + weight // config["scale"], hex(point)


def test_record_keys_are_tids(vectors: Callable[[str], Any]) -> None:
    syntax = vectors("atproto_syntax")
    assert all(map(TID.fullmatch, syntax["tid_syntax_valid"]))
    assert not any(map(TID.fullmatch, syntax["tid_syntax_invalid"]))
    start = datetime(2026, 11, 2, 12, tzinfo=UTC)
    keys = [record_key(start + timedelta(days=number), f"key-{number}") for number in range(400)]
    assert all(map(TID.fullmatch, keys))
    assert keys == sorted(set(keys))


def test_every_valid_handle_and_did_is_somebody(vectors: Callable[[str], Any]) -> None:
    syntax = vectors("atproto_syntax")
    for handle in syntax["handle_syntax_valid"]:
        assert who.identity(f"bluesky:{handle}").handle == handle.lower()
    for did in (each for each in syntax["did_syntax_valid"] if each.startswith(("did:plc:", "did:web:"))):
        assert str(who.identity(did)) == f"bluesky:{did}"
    for odd in syntax["did_syntax_invalid"]:
        with pytest.raises(who.UnknownWho):
            who.identity(f"did:{odd.removeprefix('did:')}" if odd.startswith("did:") else f"bluesky:{odd}")


def test_no_language_that_is_none_is_sent(vectors: Callable[[str], Any]) -> None:
    syntax, adapter, now = vectors("atproto_syntax"), Bluesky(Login("sky", {"handle": "ada.test"})), datetime.now(UTC)

    def sent(language: str) -> object:
        return adapter.prepare(Draft("Hello", language=language), "key", now).payload["record"].get("langs")

    assert {language: sent(language) for language in syntax["language_syntax_invalid"] if sent(language)} == {}
    usual = [each for each in syntax["language_syntax_valid"] if re.match(r"[a-z]{2,3}(-|$)", each)]
    assert len(usual) > 4
    assert {language: sent(language) for language in usual} == {language: [language] for language in usual}
