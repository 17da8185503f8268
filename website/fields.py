"""The fields of a JSON document, read from the code that makes it: dictionaries, and the functions that return them.

Nothing is run: a name leads to what was assigned to it, a call to what the function returns. What is no dictionary or
list there is a plain value, whose type the code does not say.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any


@dataclass(slots=True)
class Fields:
    """What a value is made of: the fields of an object, or `each` of a list; neither of a plain value.

    A value may be null where `empty` says so. Fields of any name stand under `NAME`.
    """

    fields: dict[str, Fields] = field(default_factory=dict)
    each: Fields | None = None
    empty: bool = False

    def __or__(self, other: Fields) -> Fields:
        """Both at once: what may be this or that, or what was filled in later."""
        merged = {**other.fields}
        for name, one in self.fields.items():
            merged[name] = one | merged[name] if name in merged else one
        fields = {name: merged[name] for name in (*self.fields, *other.fields)}
        each = self.each | other.each if self.each and other.each else self.each or other.each
        return Fields(fields, each, self.empty or other.empty)


@dataclass(frozen=True, slots=True)
class _Scope:
    """A function whose names are being followed, its module, and how deep this is within others."""

    module: ModuleType
    body: ast.FunctionDef
    depth: int = 0


def shown_by(command: Callable[..., Any]) -> Fields | None:
    """The document that a command prints with `--json`; None if it prints none."""
    found = list(_shown(_scope(inspect.unwrap(command), 0)))
    return _any_of(iter(found), Fields()) if found else None


def _shown(scope: _Scope) -> Iterator[Fields]:
    """What is shown by a function, and by those that it leaves the rest to."""
    for node in _own_nodes(scope.body):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            function = _function(node.value.func, scope)
            if _called(node.value) == "show_json":
                yield _read(node.value.args[0], scope)
            elif function and function.__module__ == scope.module.__name__:
                yield from _shown(_scope(function, scope.depth + 1))


def _scope(function: Callable[..., Any], depth: int) -> _Scope:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    body = tree.body[0]
    assert isinstance(body, ast.FunctionDef)
    return _Scope(importlib.import_module(function.__module__), body, depth)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _read(node: ast.expr, scope: _Scope) -> Fields:
    match node:
        case ast.Dict():
            return _dictionary(node, scope)
        case ast.DictComp():
            return Fields({name: _read(node.value, scope) for name in _keys(node)})
        case ast.ListComp() | ast.GeneratorExp():
            return Fields(each=_read(node.elt, scope))
        case ast.List() | ast.Tuple():
            return Fields(each=_any_of((_read(each, scope) for each in node.elts), Fields()))
        case ast.Call():
            return _returned(node, scope)
        case ast.Name():
            return _named(node.id, scope)
    return _one_of(node, scope)


def _one_of(node: ast.expr, scope: _Scope) -> Fields:
    """What may be this or that, or is put together of both; null; or a plain value."""
    match node:
        case ast.Constant(value=None):
            return Fields(empty=True)
        case ast.IfExp():
            return _read(node.body, scope) | _read(node.orelse, scope)
        case ast.BoolOp(op=ast.And()):
            return _read(node.values[-1], scope) | Fields(empty=True)
        case ast.BoolOp():
            return _any_of((_read(each, scope) for each in node.values), Fields())
        case ast.BinOp(op=ast.BitOr() | ast.Add()):
            return _read(node.left, scope) | _read(node.right, scope)
    return Fields()


def _keys(node: ast.DictComp) -> list[str]:
    """The keys of a dictionary that is made by a loop: those it goes through, if they are written there."""
    through = node.generators[0].iter
    names = through.elts if isinstance(through, ast.Tuple) else []
    return [str(each.value) for each in names if isinstance(each, ast.Constant)] or ["NAME"]


def _any_of(found: Iterator[Fields], start: Fields) -> Fields:
    for each in found:
        start = start | each
    return start


def _dictionary(node: ast.Dict, scope: _Scope) -> Fields:
    found = Fields()
    for key, value in zip(node.keys, node.values, strict=True):
        read = _read(value, scope)
        if isinstance(key, ast.Constant):
            found.fields[str(key.value)] = read
        elif key is None:
            found = found | Fields(read.fields)
    return found


def _returned(node: ast.Call, scope: _Scope) -> Fields:
    """What a function of ours returns; `list`, `sorted` and `tuple` are what they are given."""
    if _called(node) in {"list", "sorted", "tuple", "reversed"} and node.args:
        return _read(node.args[0], scope)
    function = _function(node.func, scope)
    if function is None or scope.depth > 8:
        return Fields()
    inner = _scope(function, scope.depth + 1)
    returns = [each.value for each in _own_nodes(inner.body) if isinstance(each, ast.Return) and each.value]
    return _any_of((_read(each, inner) for each in returns), Fields())


def _function(node: ast.expr, scope: _Scope) -> Callable[..., Any] | None:
    """The function of ours that an expression names, also through an import within the function."""
    names = {**vars(scope.module), **_imported(scope.body)}
    match node:
        case ast.Name():
            found = names.get(node.id)
        case ast.Attribute(value=ast.Name(id=name), attr=part):
            found = getattr(names.get(name), part, None)
        case _:
            found = None
    return found if inspect.isfunction(found) and found.__module__.startswith("syndicator.") else None


def _imported(body: ast.FunctionDef) -> dict[str, Any]:
    found = {}
    for node in ast.walk(body):
        if isinstance(node, ast.ImportFrom) and node.module:
            module = importlib.import_module(node.module)
            for each in node.names:
                one = getattr(module, each.name, None)
                found[each.asname or each.name] = one or importlib.import_module(f"{node.module}.{each.name}")
    return found


def _named(name: str, scope: _Scope) -> Fields:
    """Everything that is assigned to a name in the function, and to its keys."""
    found = Fields()
    for node in _own_nodes(scope.body):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)]) if target == name:
                found = found | _read(node.value, scope)
            case ast.Assign(targets=[ast.Tuple(elts=targets)]):
                places = [place for place, each in enumerate(targets) if isinstance(each, ast.Name) and each.id == name]
                found = _any_of((_element(node.value, place, scope) for place in places), found)
            case ast.AugAssign(target=ast.Name(id=target)) if target == name:
                found = found | _read(node.value, scope)
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=target), slice=ast.Constant(value=key))]):
                within = _within(target, name, scope)
                if within is not None:
                    found = found | _placed(within, Fields({str(key): _read(node.value, scope)}))
    return found


def _element(node: ast.expr, place: int, scope: _Scope) -> Fields:
    """One part of a tuple, or of the tuples that a function returns."""
    if isinstance(node, ast.Tuple):
        return _read(node.elts[place], scope) if place < len(node.elts) else Fields()
    function = _function(node.func, scope) if isinstance(node, ast.Call) else None
    if function is None or scope.depth > 8:
        return Fields()
    inner = _scope(function, scope.depth + 1)
    returns = [each.value for each in _own_nodes(inner.body) if isinstance(each, ast.Return) and each.value]
    return _any_of((_element(each, place, inner) for each in returns), Fields())


def _within(target: str, name: str, scope: _Scope) -> list[str] | None:
    """Where in the value of `name` a variable stands: [] for itself, [""] for its elements, ["key", ""] for a key's."""
    if target == name:
        return []
    for node in _own_nodes(scope.body):
        if isinstance(node, ast.For):
            first = node.target.elts[0] if isinstance(node.target, ast.Tuple) else node.target
            over = node.iter.args[0] if isinstance(node.iter, ast.Call) and _called(node.iter) == "zip" else node.iter
            if isinstance(first, ast.Name) and first.id == target:
                match over:
                    case ast.Name(id=given) if given == name:
                        return [""]
                    case ast.Subscript(value=ast.Name(id=given), slice=ast.Constant(value=key)) if given == name:
                        return [str(key), ""]
    return None


def _placed(path: list[str], inner: Fields) -> Fields:
    for step in reversed(path):
        inner = Fields({step: inner}) if step else Fields(each=inner)
    return inner


def _own_nodes(body: ast.FunctionDef) -> Iterator[ast.AST]:
    """Everything in a function but what functions within it hold, in the order in which it is written."""
    waiting: list[ast.AST] = list(reversed(body.body))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            waiting += reversed(list(ast.iter_child_nodes(node)))
