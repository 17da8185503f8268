"""Every key of the settings file: its type and default from the tables that read it, its comment from the starter."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT, UNSET, UnsetType

from syndicator import settings
from syndicator.starter import config_folder
from syndicator.times import Clock, Quiet, Span, span_text

#: The tables, by their headings in the settings file.
TABLES: dict[str, type[msgspec.Struct]] = {
    "[me]": settings.Me,
    "[[sources]]": settings.SourceTable,
    "[accounts.NAME]": settings.AccountTable,
    "[plan]": settings.Plan,
    "[judge]": settings.Judge,
    "[credit]": settings.Credit,
    "[ledger]": settings.Ledger,
    "[fetch]": settings.Fetch,
    "[run]": settings.Run,
    "[digest]": settings.Digest,
}
_INTRODUCTION = """# Settings

Every key that `syndicator.toml` may have, with what it is when it is left out. Made from the tables that read the file
and from the comments of the settings that `syndicator init` writes. A key that is not here is an error that names it.

Spans of time are written `45s`, `90m`, `12h`, `3d` or `2w`; paths are relative to the settings file. Which keys an
account uses on which network is told under [networks](../networks.md#the-keys-of-an-account).
"""
_TYPES = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    Span: "span",
    Quiet: "two times, or nothing",
    Clock: "time of day",
    settings.Zone: "time zone",
    settings.Mix: "a share for `own`, `curated`, `notes`",
}


def page() -> str:
    """The page."""
    said = comments()
    parts = [_INTRODUCTION, "## Before all tables\n", _rows(settings.Settings, said.get("", {}), only=("data",))]
    for heading, table in TABLES.items():
        own = said.get(re.sub(r"[\[\]]|\.NAME", "", heading), {})
        if table is settings.AccountTable:
            own = {**own, **said["plan"]}
        parts += [f"## {heading}\n", inspect.cleandoc(table.__doc__ or ""), "", _rows(table, own), *refusals(table)]
    return "\n".join(parts)


def _rows(table: type[msgspec.Struct], said: Mapping[str, str], only: tuple[str, ...] = ()) -> str:
    hints = get_type_hints(table)
    lines = ["| key | type | left out | |", "|---|---|---|---|"]
    for field in msgspec.structs.fields(table):
        if not only or field.name in only:
            kind = _cell(_type(hints[field.name]))
            lines.append(f"| `{field.name}` | {kind} | {_cell(_default(field))} | {_cell(said.get(field.name, ''))} |")
    return "\n".join([*lines, ""])


def _type(hint: Any) -> str:
    """What to write there, in words."""
    kinds = [each for each in get_args(hint) if each not in (UnsetType, type(None))]
    match get_origin(hint):
        case origin if origin is Literal:
            return " \\| ".join(f'`"{each}"`' for each in get_args(hint))
        case origin if origin is tuple:
            return {str: "list of texts", Clock: "list of times of day"}[kinds[0]]
        case origin if origin is dict:
            return "table of numbers"
        case None:
            return _TYPES[hint]
    return _type(kinds[0])


def _default(field: Any) -> str:
    """As it would be written in the file."""
    if field.default is NODEFAULT and field.default_factory is NODEFAULT:
        return "must be there"
    value = field.default_factory() if field.default is NODEFAULT else field.default
    if value is UNSET:
        return "as in `[plan]`"
    if value is None:
        return "–"
    return f"`{_toml(value)}`"


def _toml(value: Any) -> str:
    if isinstance(value, Span):
        return f'"{span_text(value)}"'
    if isinstance(value, msgspec.Struct):
        inner = msgspec.structs.asdict(value)
        return "{ " + ", ".join(f"{name} = {_toml(each)}" for name, each in inner.items()) + " }"
    if isinstance(value, (bool, int, float, list, tuple, dict)):
        return json.dumps(value)
    return json.dumps(str(value))


def comments() -> dict[str, dict[str, str]]:
    """What the starter says of each key, by table: the comment behind it, else those right before it."""
    found: dict[str, dict[str, str]] = {}
    table, before = "", ""
    for line in (config_folder() / "starter.toml").read_text("utf-8").splitlines():
        heading = re.match(r"(?:# )?\[+(\w+)", line)
        key = re.match(r"(?:# )?(\w+) = (?:.*?\s{2,}# (.*)|.*? # (.*)|.*)$", line)
        if heading:
            table, before = heading[1], ""
        elif key:
            found.setdefault(table, {}).setdefault(key[1], key[2] or key[3] or before)
            before = ""
        else:
            before = f"{before} {line[1:].strip()}".strip() if line.startswith("# ") else ""
    return found


def refusals(table: type[msgspec.Struct]) -> Iterator[str]:
    """What the table's own check refuses, in its own words; what it fills in stands as …."""
    check = vars(table).get("__post_init__")
    if check is None:
        return
    known = vars(sys.modules[table.__module__])
    raised = [node.exc for node in ast.walk(_tree(check)) if isinstance(node, ast.Raise)]
    said = ["".join(_spoken(each.args[0], known)) for each in raised if isinstance(each, ast.Call) and each.args]
    if said:
        yield "Refused with these words:\n"
        yield from (f"- {each}" for each in said)
        yield ""


def _tree(function: Callable[..., Any]) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _spoken(node: ast.expr, known: Mapping[str, Any]) -> Iterator[str]:
    for each in node.values if isinstance(node, ast.JoinedStr) else [node]:
        if isinstance(each, ast.Constant):
            yield str(each.value).replace("{", "\\{")
        else:
            name = each.value.id if isinstance(each, ast.FormattedValue) and isinstance(each.value, ast.Name) else ""
            yield str(known[name]) if isinstance(known.get(name), int | float) else "…"


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", text)
