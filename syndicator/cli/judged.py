"""What judging says, as the JSON documents of the contract and as text: one article (`why`) and all of them (`judge`).

Pure: values in, documents out; documents in, lines out.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from syndicator.cli import shapes
from syndicator.cli.fitted import exact, fitted
from syndicator.explain import Explanation, Ranking
from syndicator.judging.base import Judgement
from syndicator.linkcheck.checked import Check
from syndicator.times import moment

Document = dict[str, Any]

#: Terminals are at least this wide.
_WIDTH = 80
#: So much of a line is for the site.
_SITE = 24
#: So many articles are shown unless all are asked for.
_SHOWN = 20


def why(found: Explanation) -> Document:
    """How one article fared."""
    article = found.article
    return {
        "article": {
            "url": article.url,
            "title": article.title,
            "aliases": article.aliases,
            "sources": article.sources,
        },
        "judgement": {**_judgement(found.judgement), "weights": dict(found.weights), "min_score": found.min_score},
        "page": found.page and _page(found.page),
        "posts": [shapes.post(each) | {"score": each.score, "why": each.why} for each in found.posts],
        "plan": [{"account": each.account, "when": each.when, "reason": each.reason} for each in found.prospects],
    }


def _page(check: Check) -> Document:
    """How an article's page was when it was last looked at, and when it will be again if it was not found well."""
    return {
        "checked": check.at,
        "verdict": check.verdict,
        "reason": check.reason or None,
        "paywall": check.paywall or None,
        "adult": check.adult,
        "url": check.final_url or None,
        "canonical": check.canonical or None,
        "credits": [{"network": each.network, "handle": each.handle, "via": each.via} for each in check.credits],
        "again": check.again,
    }


def ranking(found: Ranking) -> Document:
    """Every candidate, the best first."""
    return {
        "at": found.at,
        "account": found.account or None,
        "weights": dict(found.weights),
        "min_score": found.min_score,
        "articles": [
            {
                "url": each.article.url,
                "title": each.article.title,
                "source": each.article.source,
                "site": each.article.site,
                "kind": each.article.kind,
                "published": each.article.published,
                **_judgement(each),
            }
            for each in found.judgements
        ],
    }


def _judgement(each: Judgement) -> Document:
    return {
        "score": each.score,
        "parts": each.parts,
        "rejected": each.rejected or None,
        "evidence": each.evidence,
    }


def why_lines(document: Document, zone: ZoneInfo, width: int = _WIDTH) -> Iterator[str]:
    """An article's judgement as a table that sums to its score, and its posts with their histories."""
    for line in _why_lines(document, zone, width):
        yield from fitted(line, width, " " * (4 + len(line) - len(line.lstrip())))


def _why_lines(document: Document, zone: ZoneInfo, width: int) -> Iterator[str]:
    article, judgement = document["article"], document["judgement"]
    yield article["title"]
    yield article["url"]
    yield from (f"    also at {alias}" for alias in article["aliases"])
    yield from (f"    through {source}" for source in article["sources"])
    if judgement["rejected"]:
        yield f"Not shared by itself: {judgement['rejected']}"
    if judgement["parts"]:
        yield from _table(judgement, width)
    if page := document["page"]:
        again = f"; asked again from {moment(page['again'], zone)}" if page["again"] else ""
        yield f"Page: {page['verdict']}, looked at {moment(page['checked'], zone)}{again}"
        yield from (f"    {reason}" for reason in (page["reason"], page["paywall"]) if reason)
    for post in document["posts"]:
        yield f"{post['account']}: {post['state']}" + (f" at {post['url']}" if post["url"] else "")
        if post["why"]:
            yield f"    chosen with score {post['score']:.2f}: {'; '.join(post['why'])}"
        yield from (
            f"    {moment(change['at'], zone)}  {change['state']}: {change['why']}" for change in post["history"]
        )
    if not document["posts"]:
        yield "Never posted."
    for each in document["plan"]:
        if each["when"]:
            yield f"{each['account']}: planned for {moment(each['when'], zone)}: {each['reason']}"
        elif each["reason"] != judgement["rejected"]:
            yield f"{each['account']}: passed over: {each['reason']}"


def _table(judgement: Document, width: int) -> Iterator[str]:
    """One line a part: what it adds, the most that it could add, and why."""
    for (name, added), line in zip(judgement["parts"].items(), judgement["evidence"], strict=True):
        most = judgement["weights"].get(name)
        start = f"  {name:13}  {added:4.2f}" + (f" of {most:4.2f}  " if most is not None else " " * 10)
        yield from exact(line.removeprefix(f"{name}: "), width, start, " " * len(start))
    yield f"  {'score':13}  {judgement['score']:4.2f}          at least {judgement['min_score']:.2f} is asked for"


def ranking_lines(document: Document, *, everything: bool) -> Iterator[str]:
    """The best articles first, then how many were turned down for what; with `everything` each of them."""
    articles = document["articles"]
    passed = [each for each in articles if not each["rejected"]]
    refused = [each for each in articles if each["rejected"]]
    for each in passed if everything else passed[:_SHOWN]:
        yield _row(each, each["site"] or each["kind"])
    if not everything and len(passed) > _SHOWN:
        yield f"      and {len(passed) - _SHOWN} more (--all lists them)"
    yield (
        f"{len(passed)} of {len(articles)} may be shared."
        if articles
        else "Nothing to judge; has a run read feeds yet?"
    )
    if everything:
        for each in refused:
            yield _row(each, each["site"])
            yield from textwrap.wrap(each["rejected"], _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    elif refused:
        yield "Turned down:"
        for reason, count in Counter(_family(each["rejected"]) for each in refused).most_common():
            yield f"  {count:4}  {textwrap.shorten(reason, _WIDTH - 8, placeholder=' …')}"


def _row(each: Document, where: str) -> str:
    """One article on one line of a terminal: score, title, and where it is."""
    from rich.cells import cell_len, set_cell_size

    site = textwrap.shorten(where, _SITE, placeholder="…")
    site = site if cell_len(site) <= _SITE else set_cell_size(site, _SITE)
    return f"{each['score']:4.2f}  {set_cell_size(each['title'], _WIDTH - 8 - cell_len(site))}  {site}".rstrip()


def _family(reason: str) -> str:
    """Reasons that differ in a number or an address only, told together by what comes before it."""
    return "score below min_score" if reason.startswith("score ") else reason.partition(":")[0]
