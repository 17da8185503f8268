"""Microformats: the classes by which the independent web says who wrote what, when, and where it lives.

Rules: https://microformats.org/wiki/microformats2-parsing (read November 2026). What single elements say is read in
`mf2_values`, what goes without saying in `mf2_implied`. Left out: the HTML of `e-*` (its text is kept), ids, and the
class names of before 2014. Classes of style sheets that look like roots (`h-full`) are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborNode

from syndicator.pages import mf2_implied, mf2_values
from syndicator.pages.document import Document, attribute
from syndicator.pages.mf2_values import Picture

DEEPEST = 150  # elements inside of each other
MOST_VALUES = 500  # in one top-level item
MOST_ITEMS = 200

_ROOT = re.compile(r"h(?:-[a-z0-9]+)?(?:-[a-z]+)+")
_PROPERTY = re.compile(r"(p|u|dt|e)-((?:[a-z0-9]+-)?[a-z]+(?:-[a-z]+)*)")
_STYLES = {f"h-{size}" for size in ("full", "screen", "auto", "fit", "min", "max", "px", "dvh", "svh", "lvh", "lh")}


@dataclass(frozen=True, slots=True)
class Item:
    """One microformat: its types (`h-entry`), its properties' values by name, and items inside that are none of these.

    `value` is what it is worth as the property of another item: a name for `p-`, an address for `u-`.
    """

    types: tuple[str, ...]
    properties: Mapping[str, tuple[Value, ...]]
    children: tuple[Item, ...] = ()
    value: str | Picture = ""

    def texts(self, name: str) -> Iterator[str]:
        """The values of a property as plain texts or addresses."""
        for value in self.properties.get(name, ()):
            plain = value.value if isinstance(value, Item) else value
            yield plain.url if isinstance(plain, Picture) else plain

    def first(self, name: str) -> str:
        """The first value of a property as text; "" where there is none."""
        return next(self.texts(name), "")


Value = str | Picture | Item


@dataclass(slots=True)
class _Budget:
    """How many values may still be read: texts inside of texts are read again for each of them."""

    left: int = MOST_VALUES


@dataclass(slots=True)
class _Draft:
    """An item that is being read; `prefixes` are those of its own properties."""

    properties: dict[str, list[Value]] = field(default_factory=dict)
    children: list[Item] = field(default_factory=list)
    prefixes: set[str] = field(default_factory=set)
    holds_items: bool = False

    def add(self, name: str, value: Value) -> None:
        self.properties.setdefault(name, []).append(value)


def items(page: Document) -> tuple[Item, ...]:
    """The items of a page that are not inside of others, in its order."""
    roots = [node for node in page.tree.css('[class*="h-"]') if is_root(node)]
    known = {node.mem_id for node in roots}
    return tuple(item(node, page) for node in roots if not _has_ancestor(node, known))[:MOST_ITEMS]


def item(node: LexborNode, page: Document) -> Item:
    """Read the item whose root is this element."""
    return _item(node, page, _Budget(), 0)


def is_root(node: LexborNode) -> bool:
    """Whether an item starts at this element."""
    return bool(_types(node))


def _types(node: LexborNode) -> tuple[str, ...]:
    names = attribute(node, "class").split()
    return tuple(sorted({name for name in names if _ROOT.fullmatch(name) and name not in _STYLES}))


def _properties(node: LexborNode) -> dict[tuple[str, str], None]:
    """Prefixes and names of what this element is to the item around it, in order, once each."""
    names = attribute(node, "class").split()
    return {(match[1], match[2]): None for match in map(_PROPERTY.fullmatch, names) if match}


def _has_ancestor(node: LexborNode, known: set[int]) -> bool:
    above = node.parent
    while above is not None:
        if above.mem_id in known:
            return True
        above = above.parent
    return False


def _item(node: LexborNode, page: Document, budget: _Budget, depth: int) -> Item:
    draft = _Draft()
    _collect(node, page, draft, budget, depth + 1)
    _imply(node, page, draft)
    properties = {name: tuple(values) for name, values in draft.properties.items()}
    return Item(_types(node), properties, tuple(draft.children))


def _collect(node: LexborNode, page: Document, draft: _Draft, budget: _Budget, depth: int) -> None:
    for child in node.iter() if depth < DEEPEST else ():
        if child.tag == "template" or not budget.left:
            continue
        if "-" not in attribute(child, "class"):
            _collect(child, page, draft, budget, depth + 1)
            continue
        properties = _properties(child)
        budget.left -= bool(properties)
        prefixes = {prefix for prefix, _ in properties}
        draft.prefixes |= prefixes
        if is_root(child):
            inner = _item(child, page, budget, depth)
            _add_item(child, page, draft, inner, properties)
        else:
            values = {prefix: _value(prefix, child, page) for prefix in prefixes}
            for prefix, name in properties:
                draft.add(name, values[prefix])
            _collect(child, page, draft, budget, depth + 1)


def _add_item(
    node: LexborNode, page: Document, draft: _Draft, inner: Item, properties: dict[tuple[str, str], None]
) -> None:
    draft.holds_items = True
    for prefix, name in properties:
        known = {"p": "name", "u": "url"}.get(prefix, "")
        value = next((each for each in inner.properties.get(known, ()) if not isinstance(each, Item)), None)
        draft.add(name, replace(inner, value=_value(prefix, node, page) if value is None else value))
    if not properties:
        draft.children.append(inner)


def _value(prefix: str, node: LexborNode, page: Document) -> str | Picture:
    match prefix:
        case "u":
            return mf2_values.address(node, page)
        case "dt":
            return mf2_values.date(node, page)
        case "e":
            return mf2_values.inner_text(node, page)
    return mf2_values.text(node, page)


def _imply(node: LexborNode, page: Document, draft: _Draft) -> None:
    """Fill in what is left unsaid; an item that says anything of the kind, or holds another, is taken at its word."""
    if draft.holds_items:
        return
    if "name" not in draft.properties and not draft.prefixes & {"p", "e"}:
        draft.add("name", mf2_implied.name(node, page, is_root))
    if "u" not in draft.prefixes:
        for name, reader in (("photo", mf2_implied.photo), ("url", mf2_implied.url)):
            if name not in draft.properties and (value := reader(node, page, is_root)):
                draft.add(name, value)
