"""The JSON that commands print: a block for each, with every field that the code can fill."""

from __future__ import annotations

from collections.abc import Iterator

from website.fields import Fields, shown_by
from website.options import every_command

_INTRODUCTION = """# JSON

What each command prints with `--json`: one document on stdout, with all its fields. Made from the code that fills them.
Times are UTC in ISO 8601. A field with `?` is null where there is nothing to say, and so are times that are not known.
`NAME` stands for any name. Fields are added over time; none is renamed or dropped.
"""
_WIDTH = 100


def documents() -> dict[str, Fields]:
    """What each command prints, by its words; those that print no JSON are left out."""
    found = {each.words: shown_by(each.command.callback) for each in every_command() if each.command.callback}
    return {words: fields for words, fields in found.items() if fields}


def page() -> str:
    """The page."""
    parts = [_INTRODUCTION]
    for words, fields in documents().items():
        parts += [f"## {words}\n", "```", "\n".join(_lines(fields)), "```\n"]
    return "\n".join(parts)


def _lines(fields: Fields, indent: str = "", name: str = "", end: str = "") -> Iterator[str]:
    """A value on one line if it fits, else one line for each of its fields."""
    whole = f"{indent}{name}{_flat(fields)}{end}"
    inner = fields.each or fields
    if len(whole) <= _WIDTH or not inner.fields:
        yield whole
        return
    opening, closing = ("[{", "}]") if fields.each else ("{", "}")
    yield f"{indent}{name}{opening}"
    for place, (key, value) in enumerate(inner.fields.items()):
        yield from _lines(value, f"{indent}  ", _key(key, value), "," if place < len(inner.fields) - 1 else "")
    yield f"{indent}{closing}{end}"


def _flat(fields: Fields) -> str:
    if fields.each:
        return f"[{_flat(fields.each)}]"
    if fields.fields:
        return "{" + ", ".join(f"{_key(name, value)}{_flat(value)}" for name, value in fields.fields.items()) + "}"
    return ""


def _key(name: str, value: Fields) -> str:
    shown = name if name == "NAME" else f'"{name}"'
    mark = "?" if value.empty else ""
    return f"{shown}{mark}: " if value.fields or value.each else f"{shown}{mark}"
