"""What one element of a microformat says, by the prefix of its property: `p-`, `u-`, `dt-` or `e-`.

Rules: https://microformats.org/wiki/microformats2-parsing and https://microformats.org/wiki/value-class-pattern.
Texts come out in one line. Addresses are absolute; what is none (`mailto:`) stays as it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from syndicator import urls
from syndicator.pages.document import Document, attribute
from syndicator.sources import markup

LONGEST_VALUE = 20_000
MOST_NODES = 2_000  # looked at for one value: a stranger may nest values in values

_LINKS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("a", "area", "link"), ("href",)),
    **dict.fromkeys(("img", "audio", "source", "iframe"), ("src",)),
    "video": ("src", "poster"),
    "object": ("data",),
}
_HIDDEN = {"script", "style", "template"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's address with the description that its element carries."""

    url: str
    alt: str


def text(node: LexborNode, page: Document) -> str:
    """A plain value (`p-`)."""
    return _by_class(node, page, "") or _by_attribute(node, "alt") or _stated(node) or inner_text(node, page)


def address(node: LexborNode, page: Document) -> str | Picture:
    """An address (`u-`), with its description where a picture has one."""
    given = node.attributes
    for name in _LINKS.get(node.tag or "", ()):
        if name in given:
            found = resolved(given[name] or "", page)
            alt = given.get("alt") if node.tag == "img" else None
            return found if alt is None else Picture(found, markup.fold(alt))
    return resolved(_by_class(node, page, "") or _stated(node) or inner_text(node, page), page)


def date(node: LexborNode, page: Document) -> str:
    """A date and time as written (`dt-`); the parts of a divided one stand side by side."""
    return _by_class(node, page, " ") or _by_attribute(node, "datetime") or _stated(node) or inner_text(node, page)


def inner_text(node: LexborNode, page: Document) -> str:
    """All text of an element, pictures by their descriptions, scripts and styles left out."""
    is_simple = node.css_first("img, script, style, template") is None
    text = node.text() if is_simple else "".join(_pieces(node, page))
    return markup.fold(text[: LONGEST_VALUE * 2])[:LONGEST_VALUE]


def resolved(link: str, page: Document) -> str:
    """A link in full; an empty one is the page itself."""
    link = markup.fold(link)
    return page.address(link) or (link if ":" in link else urls.resolve(page.base, link))


def _stated(node: LexborNode) -> str:
    """What the element says in an attribute that exists to be read by machines."""
    if node.tag in {"abbr", "link"}:
        return _by_attribute(node, "title")
    return _by_attribute(node, "value") if node.tag in {"data", "input"} else ""


def _by_attribute(node: LexborNode, name: str) -> str:
    tags = {"alt": {"img", "area"}, "datetime": {"time", "ins", "del"}}.get(name)
    return markup.fold(attribute(node, name)) if tags is None or node.tag in tags else ""


def _by_class(node: LexborNode, page: Document, between: str) -> str:
    """The value class pattern: parts of the element that are marked as its value."""
    if node.css_first(".value, .value-title") is None:
        return ""
    return between.join(_parts(node, page))


def _parts(node: LexborNode, page: Document) -> Iterator[str]:
    for part in node.css(".value, .value-title")[:20]:
        if part.mem_id == node.mem_id or _is_in_value(part, node):
            continue
        if "value-title" in attribute(part, "class").split():
            yield markup.fold(attribute(part, "title"))
        else:
            stated = _by_attribute(part, "datetime") or _by_attribute(part, "alt") or _stated(part)
            yield stated or inner_text(part, page)


def _is_in_value(part: LexborNode, node: LexborNode) -> bool:
    """Whether another value lies between a part and its property's element: what is inside of one belongs to it."""
    above = part.parent
    while above is not None and above.mem_id != node.mem_id:
        if "value" in attribute(above, "class").split():
            return True
        above = above.parent
    return False


def _pieces(node: LexborNode, page: Document) -> Iterator[str]:
    waiting = [node]
    for _ in range(MOST_NODES):
        if not waiting:
            return
        inner = waiting.pop()
        if inner.is_text_node:
            yield inner.text_content or ""
        elif inner.tag == "img":
            alt = inner.attributes.get("alt")
            yield f" {resolved(attribute(inner, 'src'), page) if alt is None else alt} "
        elif inner.tag not in _HIDDEN:
            waiting += reversed(list(inner.iter(include_text=True)))
