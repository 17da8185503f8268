"""What a page says in HTML alone: its title, its headings, meta names, Dublin Core, the language of its root."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from syndicator.pages.claims import Claims
from syndicator.pages.document import Document, attribute, title_text
from syndicator.pages.language import tag


def html(page: Document) -> Claims:
    """The page's own words. A title that carries the site's name keeps it: nobody can tell where it ends."""
    author = page.meta("author", "dc:creator", "dc.creator", "dcterms.creator", "itemprop:author")
    return Claims(
        title=page.title("dc:title", "dc.title", "dcterms.title") or title_of(page) or heading_of(page),
        description=page.meta("description", "dc:description", "dc.description", "dcterms.description"),
        site_name=page.meta("application-name"),
        author="" if "://" in author else author,
        language=_language(page),
        image=_image(page),
        published=_published(page),
    )


def title_of(page: Document) -> str:
    """The title element's text; one inside of a drawing is that drawing's."""
    return _text(page.tree, "head > title") or _text(page.tree, "body > title")


def heading_of(page: Document) -> str:
    """The first main heading's text."""
    return _text(page.tree, "h1")


def _text(tree: LexborHTMLParser, selector: str) -> str:
    found = tree.css_first(selector)
    return title_text(found.text(separator="")) if found is not None else ""


def _language(page: Document) -> str:
    root = page.tree.css_first("html")
    declared = [attribute(root, "lang"), attribute(root, "xml:lang")] if root is not None else []
    # A header-like declaration may list several: whom the page is for, not what it is written in.
    declared += [page.meta("itemprop:inlanguage"), page.meta("http-equiv:content-language"), page.meta("language")]
    return next((text for text in declared if tag(text)), "")


def _image(page: Document) -> str:
    link = page.tree.css_first("link[rel~=image_src][href]")
    return page.address(attribute(link, "href")) if link is not None else ""


def _published(page: Document) -> str:
    names = ("itemprop:datepublished", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "date", "pubdate")
    time = page.tree.css_first("time[itemprop=datePublished], time[pubdate]")
    return page.meta(*names) or (attribute(time, "datetime") if time is not None else "")
