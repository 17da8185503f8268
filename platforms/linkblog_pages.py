"""How a linkblog looks: its front page, the pages of its archive and the list of these, from `linkblog.html`. Pure.

English words and dates are marked as such on a page of another language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from platforms.linkblog_book import Link, Site
from platforms.linkblog_html import a, body, lang

_RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}


@dataclass(frozen=True, slots=True)
class Span:
    """A page of the archive as the list of pages names it: its number, the days it goes from and to, its entries."""

    number: int
    first: date
    last: date
    count: int

    def __str__(self) -> str:
        start = f"{self.first.day}"
        if (self.first.month, self.first.year) != (self.last.month, self.last.year):
            start += f" {self.first:%B}" if self.first.year == self.last.year else f" {self.first:%B %Y}"
        end = f"{self.last.day} {self.last:%B %Y}"
        return end if self.first == self.last else f"{start} – {end}"


def span(site: Site, number: int, links: Sequence[Link]) -> Span:
    """What the list of pages says of a page."""
    return Span(number, site.day(links[-1]), site.day(links[0]), len(links))


def front(site: Site, links: Sequence[Link], older: str) -> str:
    """The front page; `older` is the address where the archive goes on, empty if nothing is left for it."""
    further = {"older": older, "all": "archive/index.html"} if older else {}
    return _page(site, "", "index.html", _days(site, links, "") or "<p>Nothing shared yet.</p>", further)


def archive_page(site: Site, number: int, links: Sequence[Link], older: int, newer: int) -> str:
    """One page of the archive; `older` and `newer` are the numbers of those beside it, 0: none."""
    further = {"newer": f"{newer}.html"} if newer else {"newest": "../index.html"}
    if older or newer:
        further["all"] = "index.html"
    if older:
        further["older"] = f"{older}.html"
    title = str(span(site, number, links))
    return _page(site, title, f"archive/{number}.html", _days(site, links, "../"), further)


def archive_list(site: Site, spans: Sequence[Span]) -> str:
    """All pages of the archive, newest first, by year."""
    years = groupby(sorted(spans, key=lambda each: (each.last, each.number), reverse=True), lambda each: each.last.year)
    body = "\n".join(
        f"<section>\n<h2>{year}</h2>\n<ul{_english(site)}>\n{_lines(of)}\n</ul>\n</section>" for year, of in years
    )
    return _page(site, "All pages", "archive/index.html", body, {"newest": "../index.html"})


def _lines(spans: Iterator[Span]) -> str:
    return "\n".join(
        f'<li><a href="{each.number}.html">{each}</a> <span class="soft">{each.count} '
        f"{'link' if each.count == 1 else 'links'}</span></li>"
        for each in spans
    )


def _page(site: Site, title: str, file: str, body: str, further: Mapping[str, str]) -> str:
    up = "../" if "/" in file else ""
    english = _english(site)
    return _template().substitute(
        language=escape(site.language),
        direction=' dir="rtl"' if _primary(site.language) in _RIGHT_TO_LEFT else "",
        english=english,
        site=escape(site.title),
        title=escape(f"{title} – {site.title}" if title else site.title),
        author=_author(site),
        about=f'<p class="soft"{english}>{escape(title)}</p>' if title else "",
        head="\n".join(_head(site, title, file, further)),
        up=up,
        blogroll=f'<a href="{up}blogroll.opml">Blogroll</a>' if site.blogroll else "",
        body=body,
        pages=_nav(site, further),
    )


def _author(site: Site) -> str:
    if site.author_url:
        return a(site.author_url, site.author, ' class="p-author h-card" rel="author"')
    return f'<span class="p-author h-card">{escape(site.author)}</span>'


def _head(site: Site, title: str, file: str, further: Mapping[str, str]) -> Iterator[str]:
    """Where else this page, its feeds and its neighbours are, and how it looks where it is linked to."""
    up = "../" if "/" in file else ""
    name, here = escape(site.title), site.address("" if file == "index.html" else file)
    description = escape(f"Links shared by {site.author}")
    yield f'<meta name="description" content="{description}">'
    yield f'<meta name="author" content="{escape(site.author)}">'
    if here:
        yield f'<link rel="canonical" href="{escape(here)}">'
        yield f'<meta property="og:url" content="{escape(here)}">'
    yield '<meta property="og:type" content="website">'
    yield f'<meta property="og:site_name" content="{name}">'
    yield f'<meta property="og:title" content="{escape(title) or name}">'
    yield f'<meta property="og:description" content="{description}">'
    yield f'<link rel="alternate" type="application/atom+xml" title="{name}" href="{up}feed.xml">'
    yield f'<link rel="alternate" type="application/feed+json" title="{name}" href="{up}feed.json">'
    if site.blogroll:
        yield f'<link rel="blogroll" type="text/xml" title="Blogroll" href="{up}blogroll.opml">'
    for rel, where in (("prev", "newest"), ("prev", "newer"), ("next", "older")):
        if where in further:
            yield f'<link rel="{rel}" href="{escape(further[where])}">'


def _nav(site: Site, further: Mapping[str, str]) -> str:
    if not further:
        return ""
    words = {"newest": "← Newest", "newer": "← Newer", "all": "All pages", "older": "Older →"}
    links = "".join(
        f'<a class="{name}" href="{escape(further[name])}">{words[name]}</a>' for name in words if name in further
    )
    return f'<nav class="pages" aria-label="Pages"{_english(site)}>{links}</nav>'


def _days(site: Site, links: Sequence[Link], up: str) -> str:
    days = groupby(links, key=site.day)
    return "\n".join(_day(site, day, shared, up) for day, shared in days)


def _day(site: Site, day: date, links: Iterator[Link], up: str) -> str:
    entries = "\n".join(_article(site, link, up) for link in links)
    time = f'<time datetime="{day}">{day.day} {day:%B %Y}</time>'
    return f"<section>\n<h2{_english(site)}>{time}</h2>\n{entries}\n</section>"


def _article(site: Site, link: Link, up: str) -> str:
    """An entry. The words around the article are in the page's language; a note's are in its own."""
    title = a(link.url, link.title, ' class="u-bookmark-of"')
    heading = f'<h3 class="p-name" dir="auto"{lang(link.language)}>{title}</h3>\n' if link.title else ""
    clock = link.at.astimezone(site.zone)
    time = f'<time class="dt-published" datetime="{link.when}">{clock:%H:%M}</time>'
    said = f'<span class="unseen"{_english(site)}>Link to this entry, </span>'
    mark = f'<a class="u-url mark" rel="bookmark" href="{up}{link.file}#{link.anchor}">{said}{time}</a>'
    language = "" if link.url else lang(link.language)
    content = f'<div class="e-content">\n{body(link)}\n</div>\n'
    return f'<article class="h-entry" id="{link.anchor}"{language}>\n{heading}{content}{mark}\n</article>'


def _english(site: Site) -> str:
    """The attribute for the page's own words."""
    return "" if _primary(site.language) == "en" else lang("en")


def _primary(language: str) -> str:
    return language.lower().partition("-")[0]


@cache
def _template() -> Template:
    return Template(Path(__file__).with_name("linkblog.html").read_text("utf-8"))
