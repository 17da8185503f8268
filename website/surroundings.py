"""Exit codes and environment variables: what scripts and timers see, and set, of the program."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from platforms.errors import variable
from syndicator.cli import codes
from syndicator.networks import ADAPTERS, adapter_class

ROOT = Path(__file__).parents[1]
_EXITS = """# Exit codes and variables

## Exit codes

| code | means |
|---|---|
| 0 | all went well |
| 1 | something failed, and the rest was done; of `doctor`, `schedule status`, `accounts --check`: something is wrong |
| 2 | wrong use, or settings that can't be used |
| 130 | stopped by Ctrl-C, after what was begun was finished |
| 143 | stopped by SIGTERM, likewise |

Every error is one sentence on stderr that names the subject and the remedy. Which errors end a command with which code:

| code | error | what it is |
|---|---|---|
"""
_VARIABLES = """
## Credentials

A variable wins over what `syndicator login` keeps. Its name is made of the account's name in the settings (here NAME):

| network | variables |
|---|---|
"""
_OTHERS = """
## Other variables

| variable | read by | for |
|---|---|---|
"""


def page() -> str:
    """The page."""
    errors = "\n".join(f"| {code} | `{name}` | {said} |" for code, name, said in sorted(_errors()))
    secrets = "\n".join(f"| `{platform}` | {_listed(parts)} |" for platform, parts in credentials().items() if parts)
    others = "\n".join(f"| `{name}` | `{where}` | {said} |" for name, (where, said) in sorted(variables().items()))
    return f"{_EXITS}{errors}\n{_VARIABLES}{secrets}\n{_OTHERS}{others}\n"


def _errors() -> Iterator[tuple[int, str, str]]:
    for path, code in codes.CODES.items():
        module, _, name = path.rpartition(".")
        yield code, name, _first_sentence(inspect.getdoc(getattr(importlib.import_module(module), name)) or "")


def credentials() -> Mapping[str, tuple[str, ...]]:
    """The variables of each network's credential, for an account NAME."""
    return {
        platform: tuple(variable("NAME", part) for part in getattr(adapter_class(platform, ""), "credential", ()))
        for platform in ADAPTERS
    }


@cache
def variables() -> dict[str, tuple[str, str]]:
    """Every variable that our own code reads by its name: in which file, and what the function says it is for."""
    found: dict[str, tuple[str, str]] = {}
    for package in ("syndicator", "platforms", "ledger"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for name, said in _read_in(path):
                found.setdefault(name, (str(path.relative_to(ROOT)), said))
    return found


def _read_in(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text("utf-8"))
    said = _first_sentence(ast.get_docstring(tree) or "")
    constants = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        told = _first_sentence(ast.get_docstring(function) or said)
        yield from ((name, told) for node in ast.walk(function) for name in _names(node, constants))


def _names(node: ast.AST, constants: Mapping[str, ast.expr]) -> Iterator[str]:
    """The variables that an expression looks up in the environment, also by the name of a constant of its file."""
    match node:
        case ast.Call(func=ast.Attribute(value=given, attr="get"), args=[asked, *_]) if _is_environment(given):
            looked_up: list[ast.expr] = [asked]
        case ast.Call(func=ast.Attribute(attr="getenv"), args=[asked, *_]):
            looked_up = [asked]
        case ast.Subscript(value=given, slice=asked) if _is_environment(given):
            looked_up = [asked]
        case ast.Compare(left=asked, ops=[ast.In()], comparators=[given]) if _is_environment(given):
            looked_up = [asked]
        case _:
            looked_up = []
    values = [constants.get(each.id, each) if isinstance(each, ast.Name) else each for each in looked_up]
    yield from (each.value for each in values if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _is_environment(node: ast.expr) -> bool:
    return ast.unparse(node) in {"os.environ", "environ", "environment"}


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _first_sentence(text: str) -> str:
    """Up to the end of the first line or sentence, on one line, fit for a table."""
    paragraph = " ".join(text.split("\n\n")[0].split())
    return paragraph.replace("|", "\\|")
