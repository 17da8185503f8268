"""What is wrong with a settings file, in words: the key as its owner writes it, and the nearest right one."""

from __future__ import annotations

import difflib
import re
from typing import Any, Literal, get_args, get_origin, get_type_hints

_NAMES = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text in quotes",
    "bool": "true or false",
    "array": 'a list, like ["one", "two"]',
    "object": "a table",
}


#: What people call the credential of an account.
CREDENTIALS = {
    *("token", "access_token", "access_secret", "api_key", "api_secret", "app_password", "password", "secret"),
    *("client_id", "client_secret"),
}


def explain(message: str, table: type[Any], at: str) -> str:
    """Turn msgspec's validation message about `table`, found at the dotted key `at`, into a sentence."""
    match = re.fullmatch(r"(?s)(.*?)(?: - at `(?:key in )?\$([^`]*)`)?", message)
    problem, below = (match[1], match[2] or "") if match else (message, "")
    where = (at + below.replace("[...]", "")).strip(".")
    inner, hint = _descend(table, below)
    if unknown := re.search(r"unknown field `(.*)`", problem):
        remedy = _login(where) if unknown[1] in CREDENTIALS else ""
        return f"unknown key `{unknown[1]}`{f' in [{where}]' if where else ''}; {remedy or _nearest(unknown[1], inner)}"
    if missing := re.search(r"missing required field `(.*)`", problem):
        return f"[{where}] needs the key `{missing[1]}`"
    if invalid := re.search(r"[Ii]nvalid enum value (.*)", problem):
        choices = ", ".join(str(choice) for choice in get_args(hint))
        return f"`{where}` can't be {invalid[1]}; choose one of: {choices}"
    if types := re.search(r"[Ee]xpected `(.*?)`, got `(.*?)`", problem):
        return f"`{where}`: expected {_name(types[1])}, got {_name(types[2])}"
    return f"`{where}`: {problem}" if where else problem


def _login(where: str) -> str:
    """What to do with a credential that was written into the settings."""
    table, _, account = where.partition(".")
    named = f"`syndicator login {account}`" if table == "accounts" and account else "`syndicator login ACCOUNT`"
    return f"credentials don't belong in this file: take it out, and type {named}"


def toml_remedy(message: str) -> str:
    """What mends a file of which tomllib says this."""
    if "Unescaped '\\'" in message or "Invalid hex value" in message:
        return r"write a path with a \ in single quotes ('C:\blogs'), or with / (\"C:/blogs\")"
    if "Invalid value" in message:
        return 'texts stand in quotes, like name = "Ada"'
    if "Cannot declare" in message:
        return "put all keys of a table below its one [heading]"
    if "overwrite" in message:
        return "leave one of the two out"
    return "mend it there, or see https://toml.io for how values are written"


def _name(type_names: str) -> str:
    return " or ".join(_NAMES.get(name.strip(), name.strip()) for name in type_names.split("|"))


def _nearest(key: str, table: Any) -> str:
    known = [name for name in getattr(table, "__struct_fields__", ()) if name != "path"]
    near = difflib.get_close_matches(key, known, 1)
    return f"did you mean `{near[0]}`?" if near else f"known keys: {', '.join(known)}"


def _descend(table: Any, path: str) -> tuple[Any, Any]:
    """Follow a path such as `.sources[0].kind` through the annotations: the innermost table, and what it leads to."""
    hint: Any = table
    for name in re.findall(r"\.(\w+)", path):
        table = hint
        hint = _content(get_type_hints(table).get(name)) if hasattr(table, "__struct_fields__") else None
    return (hint if hasattr(hint, "__struct_fields__") else table), hint


def _content(hint: Any) -> Any:
    """The element type of `tuple[X, ...]`, the X of `X | UnsetType`; Literals and plain types as they are."""
    if hint is None or get_origin(hint) is Literal or not get_args(hint):
        return hint
    return get_args(hint)[0]
