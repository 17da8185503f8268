"""From the bytes of a page to what it says of itself. Pure: fetching is left to others, and so is believing it.

Where vocabularies disagree, the one that was written for previews of this very page wins: OpenGraph, then JSON-LD,
microformats, Twitter cards, and the page's own title and meta elements. Only the language is asked of the page first:
`og:locale` is often what the software came with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from syndicator.pages import jsonld, marks, missing, opengraph, plain
from syndicator.pages.base import PageFacts
from syndicator.pages.canonical import canonical
from syndicator.pages.claims import Claims
from syndicator.pages.credits import credits_of
from syndicator.pages.document import Document, open_page
from syndicator.pages.hentry import Entry, h_entry
from syndicator.pages.language import tag
from syndicator.sources import dates, markup

_UNREAD = ["script", "style", "template", "noscript", "iframe", "object", "svg"]
_AROUND = ["nav", "header", "footer", "aside", "form"]


def read(body: bytes, url: str, content_type: str = "") -> PageFacts:
    """Read a page that was fetched from `url`, with the Content-Type it came with. Never raises."""
    page = open_page(body, url, content_type)
    if page is None:
        return PageFacts(url)
    graph, schema, entry = opengraph.opengraph(page), jsonld.schema_org(page), h_entry(page)
    facts = _said(page, graph, schema, entry)
    signs = missing.signs(page, (plain.title_of(page), graph.title), plain.heading_of(page), facts.refresh)
    words = _words_without(page, _UNREAD)  # from here on the tree is no longer whole
    why = missing.verdict(signs, _words_without(page, _AROUND), is_dated=facts.published is not None) if signs else ""
    return replace(facts, words=words, missing=why)


def _said(page: Document, graph: Claims, schema: Claims, entry: Entry) -> PageFacts:
    """What the vocabularies say together; the words are not counted yet."""
    card, own = opengraph.twitter(page), plain.html(page)
    claims = (graph, schema, entry.claims, card, own)
    site_name = _first(claims, lambda each: each.site_name)
    image, alt = _image(claims)
    return PageFacts(
        url=page.url,
        canonical=canonical(page),
        title=_title(claims, site_name),
        description=_first(claims, lambda each: each.description),
        site_name=site_name,
        author=_first((schema, entry.claims, graph, own), lambda each: each.author),
        language=_language((own, schema, graph)),
        image=image,
        image_alt=alt,
        published=_published(claims),
        credits=credits_of(page, entry.author_urls),
        paywall=marks.paywall(page, schema),
        adult=marks.is_adult(page),
        refresh=marks.refresh(page),
    )


def _first(claims: Iterable[Claims], part: Callable[[Claims], str]) -> str:
    return next((text for text in map(part, claims) if text), "")


def _title(claims: tuple[Claims, ...], site_name: str) -> str:
    """The first title that is more than the site's name, which some templates put on every page."""
    titles = [claim.title for claim in claims if claim.title]
    return next((title for title in titles if title != site_name), titles[0] if titles else "")


def _language(claims: Iterable[Claims]) -> str | None:
    return next((found for found in (tag(claim.language) for claim in claims) if found), None)


def _image(claims: Iterable[Claims]) -> tuple[str, str]:
    """The first picture, and the first description that anyone gives of that very picture."""
    pictured = [claim for claim in claims if claim.image]
    if not pictured:
        return "", ""
    image = pictured[0].image
    return image, next((claim.image_alt for claim in pictured if claim.image == image and claim.image_alt), "")


def _published(claims: Iterable[Claims]) -> datetime | None:
    when = (dates.read(claim.published) for claim in claims if claim.published)
    return next((date for date in when if date is not None and date >= dates.EARLIEST), None)


def _words_without(page: Document, tags: list[str]) -> int:
    """Count the page's words outside of some elements. Takes these out of the tree for good."""
    page.tree.strip_tags(tags)
    return markup.count_words(page.tree.body.text(deep=True, separator=" ")) if page.tree.body is not None else 0
