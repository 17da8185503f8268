"""How long reading a page takes, beside parsing it and doing nothing: `python bench/pages.py`.

The first pages are made up like those of blogs; the others are what a stranger could send to keep a reader busy. Of
those it is the milliseconds that matter: none may take seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser

from syndicator.pages.read import read

URL = "https://ada.example/posts/1"
HEAD = """<html lang="en"><head><title>A post – Ada</title><link rel="canonical" href="/posts/1">
<meta property="og:title" content="A post"><meta property="og:image" content="/a.png"><meta name="author" content="Ada">
<meta property="article:published_time" content="2026-10-31T10:00:00Z"><meta name="twitter:creator" content="@ada">
<script type="application/ld+json">
{"@graph": [{"@type": "BlogPosting", "headline": "A post", "author": {"name": "Ada"}}]}</script>
<script>SCRIPT</script></head><body><nav>NAV</nav>""".replace("SCRIPT", "var a = 1;" * 1_200)
HEAD = HEAD.replace("NAV", '<li><a href="/x">menu</a></li>' * 60)
TEXT = "<p>Some words of an article with a <a href='/x'>link</a> and <em>stress</em>, as long as paragraphs are.</p>"

BLOGS = {
    "a blog's page": HEAD + f"<article>{TEXT * 250}</article>",
    "with microformats": HEAD + f'<article class="h-entry"><div class="e-content">{TEXT * 250}</div></article>',
    "a short one": HEAD[:1500] + "</script></head>" + TEXT * 20,
}
HOSTILE = {
    "one long text": "<p>" + "word " * 2_000_000,
    "half a million elements": "<div class=x>x</div>" * 500_000,
    "deep": "<b>" * 500_000,
    "an element of 150,000 attributes": "<p " + " ".join(f"a{n}=b" for n in range(150_000)) + ">",
    "items in items": '<div class="h-entry p-a u-b e-c">x' * 2_900,
    "properties in properties": '<div class="h-entry">' + '<div class="p-a u-b e-c dt-d">x' * 2_900 + "x " * 600_000,
    "200,000 profiles": '<a rel=me href="https://x.com/a">x</a>' * 200_000,
    "brackets for JSON": '<script type="application/ld+json">' + "[" * 600_000 + "</script>",
    "quotes for JSON": '<script type="application/ld+json">{' + '\\"' * 600_000 + "</script>",
    "blanks after JSON": '<script type="application/ld+json">{"a":1' + " " * 400_000 + "x</script>",
    "comments before JSON": '<script type="application/ld+json">' + "<!-- " * 100_000 + "</script>",
    "blanks in a refresh": '<meta http-equiv=refresh content="0' + " " * 400_000 + "'x'y\">",
    "a title of sighs": "<title>" + "oops 404 - " * 100_000 + "</title>",
}


def milliseconds(work: Callable[[], object], times: int) -> float:
    """The best of three rounds, in CPU time, per call."""
    rounds = []
    for _ in range(3):
        start = time.process_time()
        for _ in range(times):
            work()
        rounds.append((time.process_time() - start) / times * 1_000)
    return min(rounds)


def main() -> None:
    """Print a line per page."""
    for name, html in BLOGS.items():
        body = html.encode()
        parsed = milliseconds(lambda body=body: LexborHTMLParser(body), 100)
        spent = milliseconds(lambda body=body: read(body, URL), 100)
        print(f"{name:34} {len(body) / 1_000:7.0f} kB {spent:8.2f} ms = {spent / parsed:4.1f} times its bare parsing")
    for name, html in HOSTILE.items():
        body = html.encode()
        print(f"{name:34} {len(body) / 1_000:7.0f} kB {milliseconds(lambda body=body: read(body, URL), 1):8.2f} ms")


if __name__ == "__main__":
    main()
