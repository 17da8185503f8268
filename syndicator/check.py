"""What a page says of itself, for links that came without a feed: where it really is, its title, its language."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from syndicator import urls
from syndicator.sources import encoding, markup
from syndicator.sources.base import SourceError
from syndicator.sources.fetch import FetchOptions, FetchRequest, fetch


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A page that answered. `url` is where redirects led; texts are as the page has them, white space folded."""

    url: str
    title: str
    description: str = ""
    language: str | None = None


def look(url: str, options: FetchOptions) -> PageFacts:
    """Fetch a page and read its head. SourceError when it does not answer well: a dead link is not shared."""
    fetched = fetch(FetchRequest(url=url), options)
    if fetched.body is None:
        raise SourceError(url, fetched.error, fetched.remedy or "check the link in a browser")
    final = urls.canonical(fetched.final_url) or url
    if "html" not in (fetched.content_type or "html"):
        return PageFacts(final, "")
    return read_head(fetched.body, final)


def read_head(page: bytes, url: str) -> PageFacts:
    """Title, description and language of an HTML page; OpenGraph's words before the page's own."""
    text, _ = encoding.decode(page)
    tree = markup.tree_of(text)
    if tree is None:
        return PageFacts(url, "")
    title = tree.css_first("head > title") or tree.css_first("title")
    root = tree.css_first("html")
    return PageFacts(
        url=url,
        title=_meta(tree, 'meta[property="og:title"]') or (_folded(title.text()) if title else ""),
        description=_meta(tree, 'meta[property="og:description"]') or _meta(tree, 'meta[name="description"]'),
        language=(root.attributes.get("lang") if root else None) or None,
    )


def _meta(tree: LexborHTMLParser, selector: str) -> str:
    found = tree.css_first(selector)
    return _folded(found.attributes.get("content") or "") if found else ""


def _folded(text: str) -> str:
    return " ".join(text.split())
