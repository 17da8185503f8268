"""What a microformat says without saying it: the name, picture and address of one that is hardly marked up.

Rules: https://microformats.org/wiki/microformats2-parsing#parsing_for_implied_properties.
"""

from __future__ import annotations

from collections.abc import Callable

from selectolax.lexbor import LexborNode

from syndicator.pages.document import Document, attribute
from syndicator.pages.mf2_values import Picture, address, inner_text, resolved
from syndicator.sources import markup

IsRoot = Callable[[LexborNode], bool]


def name(node: LexborNode, page: Document, is_root: IsRoot) -> str:
    """A description or title of the element or of its only child (or of that one's only child), else all its text."""
    for each in (node, *_only_descendants(node, is_root)):
        if each.tag in {"img", "area"} and "alt" in each.attributes:
            found = attribute(each, "alt")
        else:
            found = attribute(each, "title") if each.tag == "abbr" else ""
        if found:
            return markup.fold(found)
    return inner_text(node, page)


def photo(node: LexborNode, page: Document, is_root: IsRoot) -> str | Picture:
    """The element's own picture, or the only one right inside of it or of its only child."""
    found = _only(node, {"img": "src", "object": "data"}, is_root)
    return address(found, page) if found is not None else ""


def url(node: LexborNode, page: Document, is_root: IsRoot) -> str:
    """The element's own link, or the only one right inside of it or of its only child."""
    found = _only(node, {"a": "href", "area": "href"}, is_root)
    return resolved(attribute(found, "href"), page) if found is not None else ""


def _only(node: LexborNode, wanted: dict[str, str], is_root: IsRoot) -> LexborNode | None:
    if wanted.get(node.tag or "", "") in node.attributes:
        return node
    children = list(node.iter())
    for inside in (node, *(children if len(children) == 1 and not is_root(children[0]) else ())):
        for tag, needed in wanted.items():
            same: list[LexborNode] = [child for child in inside.iter() if child.tag == tag]
            having = [child for child in same if needed in child.attributes]
            if len(same) == 1 and having and not is_root(having[0]):
                return having[0]
    return None


def _only_descendants(node: LexborNode, is_root: IsRoot) -> list[LexborNode]:
    found: list[LexborNode] = []
    for _ in range(2):
        children = list(node.iter())
        if len(children) != 1 or is_root(children[0]):
            break
        node = children[0]
        found.append(node)
    return found
