"""Checks values against the AT Protocol's own lexicons, as far as the open test material is at hand.

Unknown formats and unions' unknown members pass, as they do on a server.
"""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import regex

FOLDER = (
    Path(os.environ.get("SYNDICATOR_CORPUS", Path(__file__).parents[3] / "shared" / "corpus")) / "spec" / "lexicons"
)

FORMATS = {
    "at-uri": r"at://[a-zA-Z0-9._:%-]+(/[a-zA-Z0-9.-]+(/[\w.:~-]+)?)?",
    "at-identifier": r"did:[a-z]+:[\w.:%-]+|[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+",
    "cid": r"b[a-z2-7]{20,}",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "did": r"did:[a-z]+:[\w.:%-]+",
    "handle": r"[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+",
    "language": r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*",
    "tid": r"[2-7a-j][2-7a-z]{12}",
    "uri": r"[a-z][a-z0-9+.-]*:\S+",
}
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


@cache
def lexicon(nsid: str) -> dict[str, Any]:
    """The definitions of one lexicon; none where it isn't at hand."""
    path = FOLDER.joinpath(*nsid.split(".")).with_suffix(".json")
    return json.loads(path.read_text("utf-8"))["defs"] if path.exists() else {}


def record_flaw(record: dict) -> str:
    """What is wrong with a record by its own type; empty: nothing that is known."""
    main = lexicon(str(record.get("$type"))).get("main")
    return _flaw(record, main["record"], str(record["$type"]), "$") if main else ""


def question_flaw(nsid: str, query: tuple[tuple[str, str], ...]) -> str:
    """What is wrong with the parameters of a query."""
    schema = lexicon(nsid).get("main", {}).get("parameters", {})
    properties, value = schema.get("properties", {}), dict[str, Any]()
    for name, given in query:
        kind = properties.get(name, {}).get("type")
        if kind == "array":
            value.setdefault(name, []).append(given)
        else:
            value[name] = int(given) if kind == "integer" else given
    return _flaw(value, schema, nsid, "$") if schema else ""


def answer_flaw(nsid: str, answer: object) -> str:
    """What is wrong with the answer to a call."""
    schema = lexicon(nsid).get("main", {}).get("output", {}).get("schema")
    return _flaw(answer, schema, nsid, "$") if schema else ""


def _flaw(value: Any, schema: dict, nsid: str, where: str) -> str:
    kind = schema["type"]
    if kind == "ref":
        return _by_name(value, schema["ref"], nsid, where)
    if kind == "union":
        name = value.get("$type", "") if isinstance(value, dict) else ""
        known = name in {_full(ref, nsid) for ref in schema["refs"]}
        return _by_name(value, name, nsid, where) if known else "" if name else f"{where} has no $type"
    if kind == "blob":
        return _blob_flaw(value, schema, where)
    if kind in {"object", "params", "record"}:
        return _object_flaw(value, schema, nsid, where)
    if kind in TYPES and not isinstance(value, TYPES[kind]):
        return f"{where} must be {kind}"
    return _size_flaw(value, schema, nsid, where)


def _by_name(value: Any, ref: str, nsid: str, where: str) -> str:
    nsid, _, part = _full(ref, nsid).partition("#")
    schema = lexicon(nsid).get(part or "main")
    return _flaw(value, schema, nsid, where) if schema else ""


def _full(ref: str, nsid: str) -> str:
    return nsid + ref if ref.startswith("#") else ref


def _object_flaw(value: Any, schema: dict, nsid: str, where: str) -> str:
    if not isinstance(value, dict):
        return f"{where} must be object"
    for name in schema.get("required", ()):
        if name not in value:
            return f"{where} must have the property {name}"
    flaws = (
        _flaw(value[name], each, nsid, f"{where}.{name}")
        for name, each in schema.get("properties", {}).items()
        if name in value
    )
    return next(filter(None, flaws), "")


def _size_flaw(value: Any, schema: dict, nsid: str, where: str) -> str:
    if isinstance(value, list):
        if len(value) > schema.get("maxLength", len(value)):
            return f"array too big (maximum {schema['maxLength']}) at {where}"
        return next(filter(None, (_flaw(each, schema["items"], nsid, f"{where}[]") for each in value)), "")
    if isinstance(value, str):
        if len(value.encode()) > schema.get("maxLength", len(value.encode())):
            return f"string too big (maximum {schema['maxLength']}) at {where}"
        if len(regex.findall(r"\X", value)) > schema.get("maxGraphemes", len(value)):
            return f"grapheme too big (maximum {schema['maxGraphemes']}) at {where}"
        if not re.fullmatch(FORMATS.get(schema.get("format", ""), "(?s:.*)"), value):
            return f"{where} must be a valid {schema['format']}: {value[:80]}"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return f"{where} is out of bounds"
    return ""


def _blob_flaw(value: Any, schema: dict, where: str) -> str:
    if not isinstance(value, dict) or value.get("$type") != "blob" or "$link" not in value.get("ref", {}):
        return f"{where} must be a blob"
    return ""
