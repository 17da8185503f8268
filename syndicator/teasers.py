"""Links to me on the pages of articles whose feeds give only their beginning. Effects: fetching, the book, the state.

Each such page is looked at once, while it is new, a few in a run. Only the text of the article counts: what stands on
every page of a site (its blogroll beside the text, its comments) is no link in this one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from syndicator import collect as favours
from syndicator import stop, timebox, urls
from syndicator.articles import Article
from syndicator.fetch_options import fetch_options
from syndicator.pages.document import attribute, open_page
from syndicator.record import Collected
from syndicator.sources.fetch import FetchOptions, FetchRequest, fetch
from syndicator.sources.markup import MOST_LINKS
from syndicator.sources.turns import Turns
from syndicator.workspace import Workspace

COLLECTION = "teasers"

#: A feed that gives fewer words of an article gives its beginning.
_SHORT = 120
_A_RUN = 5
_NEW, _KEPT = timedelta(days=7), timedelta(days=14)
_BEGINNING = 2_000_000  # bytes of a page
_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.8"
#: Where the text of an article stands, the surest first.
_TEXTS = (".e-content", ".entry-content", ".post-content", "[itemprop=articleBody]", "article", "main")
#: What stands inside it and is not its text.
_BESIDE = "nav, aside, footer, header, form, #comments, .comments, .comment, .comment-list, .blogroll"
#: What readers wrote, and what was paid for.
_NOT_THEIRS = frozenset({"ugc", "sponsored"})


def collect(space: Workspace, articles: Iterable[Article], turns: Turns) -> Collected:
    """Look at the pages whose turn it is, newest first; book the links to me in them."""
    settings, now = space.settings, space.clock()
    if not settings.me.sites or not settings.fetch.check_links:
        return Collected()
    looked = dict(space.state.scan(COLLECTION))
    kinds: Counter[str] = Counter()
    for article in due(articles, looked, settings.me.sites, now):
        stop.check()
        if timebox.is_up():
            break
        links = _links_at(article.url, fetch_options(settings), turns)
        kinds["link"] += space.book.append(favours.links_on(article, links, settings.me.sites, now))
        space.state.put(COLLECTION, article.url, {"at": now.isoformat()})
    if old := [url for url, kept in looked.items() if now - datetime.fromisoformat(kept["at"]) > _KEPT]:
        space.state.delete(COLLECTION, old)
    return Collected(+kinds)


def due(articles: Iterable[Article], looked: Collection[str], sites: Collection[str], now: datetime) -> list[Article]:
    """New articles of others of which the web has more than their feed, and that were not looked at."""
    found = (
        article
        for article in articles
        if article.kind == "curated" and article.words < _SHORT and not (article.baseline or article.untitled)
        if now - article.first_seen < _NEW and article.url not in looked and urls.is_web(article.source)
        # On the feed's own host: an aggregator's short entries lead to pages that are not its to shorten.
        if urls.same_site(article.url, [urls.resolve(article.source, "/")]) and not urls.same_site(article.url, sites)
    )
    return sorted(found, key=lambda article: article.first_seen, reverse=True)[:_A_RUN]


def _links_at(url: str, options: FetchOptions, turns: Turns) -> list[str]:
    pages = replace(options, max_bytes=_BEGINNING, beginning=True, accept=_ACCEPT)
    answer = fetch(FetchRequest(url), pages, turns)
    return links_in(answer.body, answer.final_url, answer.content_type) if answer.body else []


def links_in(body: bytes, url: str, content_type: str = "") -> list[str]:
    """The addresses that the text of a page's article links to; none where it can't be told from what is beside."""
    page = open_page(body, url, content_type)
    text = next((found for css in _TEXTS if (found := page.tree.css_first(css)) is not None), None) if page else None
    if page is None or text is None:
        return []
    for node in text.css(_BESIDE):
        node.decompose()
    links = (
        page.address(attribute(node, "href"))
        for node in text.css("a[href]")[:MOST_LINKS]
        if _NOT_THEIRS.isdisjoint(attribute(node, "rel").lower().split())
    )
    return list(dict.fromkeys(filter(None, links)))
