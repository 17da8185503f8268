"""JSON-LD of schema.org: the article that a page describes for search engines.

Plain JSON is read, whatever its context: pages in the wild use schema.org's names and nothing else of JSON-LD but
`@graph` and references by `@id`. What careless templates do to JSON is survived: comments, CDATA, trailing commas,
line breaks in strings, a semicolon at the end. Paywalls: https://schema.org/isAccessibleForFree, as Google's
documentation of "subscription and paywalled content" wants it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from syndicator import urls
from syndicator.pages.claims import Claims
from syndicator.pages.document import Document, plain, title_text

MOST_SCRIPTS = 20
LONGEST_SCRIPT = 400_000
MOST_NODES = 500
_MOST_AUTHORS = 5

# What stands before the JSON; the decoder does not mind what comes after it. Here and below, no part is read twice.
_WRAPPING = re.compile(r"(?:(?:(?://|/\*)\s*+)?(?:<!\[CDATA\[|<!--)\s*+(?:(?:\*/|//)\s*+)?+)++")
# A string is kept as it is; comments and commas before a closing bracket go.
_CARELESS = re.compile(r'("(?:[^"\\]++|\\.)*+"?)|//[^\n]*+|/\*.*?(?:\*/|\Z)|,(?=\s*+[}\]])', re.DOTALL)
_ARTICLES = {"BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "DiscussionForumPosting", "Report", "Review"}
_CLOSED = "its publisher says that it is not free to read (isAccessibleForFree)"

_Node = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Graph:
    nodes: tuple[_Node, ...]
    by_id: Mapping[str, _Node]

    def get(self, value: object) -> object:
        """What a bare reference points to; anything else as it is."""
        if isinstance(value, Mapping) and set(value) <= {"@id", "@type"}:
            return self.by_id.get(str(value.get("@id")), value)
        return value


def schema_org(page: Document) -> Claims:
    """What the main article of the page's JSON-LD says; without one, what its WebPage and WebSite say."""
    graph = _read(page)
    article = _main_article(graph.nodes, page.url)
    web_page = next((node for node in graph.nodes if any(kind.endswith("Page") for kind in _kinds(node))), {})
    site = next((node for node in graph.nodes if "WebSite" in _kinds(node)), {})
    image, alt = _image(_either(article, web_page, "image", "primaryImageOfPage"), graph, page)
    return Claims(
        title=_title(article.get("headline")) or _title(article.get("name")) or _title(web_page.get("headline")),
        description=_text(_either(article, web_page, "description")),
        site_name=_name(article.get("publisher"), graph) or _name(site, graph),
        author=_authors(_either(article, web_page, "author", "creator"), graph),
        language=_language(_either(article, web_page, "inLanguage")),
        image=image,
        image_alt=alt,
        published=_text(_either(article, web_page, "datePublished")),
        closed=_CLOSED if _is_closed(article) or _is_closed(web_page) else "",
    )


def _read(page: Document) -> _Graph:
    nodes: list[_Node] = []
    for script in page.tree.css('script[type*="ld+json" i]')[:MOST_SCRIPTS]:
        nodes += _nodes(_loads(script.text()[:LONGEST_SCRIPT]), MOST_NODES - len(nodes))
    by_id = {str(node["@id"]): node for node in reversed(nodes) if "@id" in node and len(node) > 1}
    return _Graph(tuple(nodes), by_id)


def _loads(text: str) -> object:
    for attempt in (_bare, _repaired):
        try:
            value: object = json.JSONDecoder(strict=False).raw_decode(attempt(text))[0]
        except (ValueError, RecursionError):
            continue
        return value
    return None


def _bare(text: str) -> str:
    text = text.lstrip("\ufeff \t\r\n\v\f")
    return text[match.end() :] if (match := _WRAPPING.match(text)) else text


def _repaired(text: str) -> str:
    return _CARELESS.sub(lambda match: match[1] or "", _bare(text)).lstrip()


def _nodes(value: object, most: int) -> list[_Node]:
    """The things a document describes: itself or its parts, in arrays and graphs and as main entities."""
    found: list[_Node] = []
    waiting = [value]
    while waiting and len(found) < most:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value[:MOST_NODES])
        elif isinstance(value, Mapping):
            found.append(value)
            waiting += [value[key] for key in ("mainEntity", "mainEntityOfPage", "@graph") if key in value]
    return found


def _main_article(nodes: tuple[_Node, ...], url: str) -> _Node:
    """The article of this address among those that a page lists, else the first; {} where there is none."""
    articles = [node for node in nodes if _is_article(node)]
    key = urls.page_key(urls.canonical(url))
    for node in articles:
        if any(urls.page_key(urls.canonical(each)) == key for each in _addresses(node)):
            return node
    return articles[0] if articles else {}


def _is_article(node: _Node) -> bool:
    return any(kind.endswith("Article") or kind in _ARTICLES for kind in _kinds(node))


def _addresses(node: _Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        value = value.get("@id") if isinstance(value, Mapping) else value
        if isinstance(value, str):
            yield value


def _kinds(node: _Node) -> list[str]:
    return [str(kind).rpartition("/")[2].rpartition(":")[2] for kind in _listed(node.get("@type"))]


def _listed(value: object) -> list[object]:
    return value[:MOST_NODES] if isinstance(value, list) else [] if value is None else [value]


def _either(article: _Node, web_page: _Node, *names: str) -> object:
    return next((node[name] for node in (article, web_page) for name in names if node.get(name)), None)


def _raw(value: object) -> str:
    first = next(iter(_listed(value)), "")
    if isinstance(first, Mapping):
        first = first.get("@value")
    return first if isinstance(first, str) else ""


def _text(value: object) -> str:
    return plain(_raw(value))


def _title(value: object) -> str:
    return title_text(_raw(value))


def _name(value: object, graph: _Graph) -> str:
    first = graph.get(next(iter(_listed(value)), ""))
    text = _text(first.get("name")) if isinstance(first, Mapping) else _text(first)
    return "" if "://" in text else text


def _authors(value: object, graph: _Graph) -> str:
    names = [_name(each, graph) for each in _listed(value)[:_MOST_AUTHORS]]
    return ", ".join(dict.fromkeys(name for name in names if name))


def _language(value: object) -> str:
    first = next(iter(_listed(value)), "")
    if isinstance(first, Mapping):
        return _text(first.get("alternateName")) or _text(first.get("name"))
    return _text(first)


def _image(value: object, graph: _Graph, page: Document) -> tuple[str, str]:
    """The first picture's address and what stands under it."""
    for each in _listed(value):
        picture = graph.get(each)
        if not isinstance(picture, Mapping):
            picture = {"url": picture}
        address = page.address(_text(picture.get("url")) or _text(picture.get("contentUrl")))
        if address:
            return address, _text(picture.get("caption"))
    return "", ""


def _is_closed(node: _Node) -> bool:
    parts = [part for part in _listed(node.get("hasPart")) if isinstance(part, Mapping) and _is_of_the_page(part)]
    return any(_is_no(each.get("isAccessibleForFree")) for each in (node, *parts))


def _is_of_the_page(part: _Node) -> bool:
    """Whether a part is a stretch of the text, and no film or book that it comes with."""
    return "WebPageElement" in _kinds(part) or "cssSelector" in part


def _is_no(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower().rpartition("/")[2] == "false")
