"""What planning costs: 20,000 candidates judged, planned and composed for four accounts with standards of their own.

    python bench/plan.py [--candidates 20000] [--times 3] [--profile]

Printed: CPU seconds (the best of `--times`), and the ratio to reading the same articles from JSON with the standard
library. `--profile` adds where the time goes. The catalogue is made up: 500 sources, articles of the last twelve days
with summaries and tags, some of them by several sources; filters, topics, 60 posts of my own and 400 shares before.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import json
import pstats
import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import msgspec

from platforms.base import Draft, PostRef
from syndicator import settings
from syndicator.accounts import channel
from syndicator.articles import Article, Catalogue
from syndicator.choose import Choice, choose
from syndicator.networks import open_accounts
from syndicator.outbox import Change, Outbox, Post, State, post_id
from syndicator.plan import Channel
from syndicator.sources.base import Source
from syndicator.sources.subscriptions import Subscriptions
from syndicator.workspace import Workspace

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SOURCES, MINE, SHARED = 500, 60, 400
SETTINGS = """
[me]
name = "Bench"
sites = ["https://bench.example"]
timezone = "Europe/London"
language = "en"

[plan]
topics = ["canals", "rust", "static sites"]

[accounts.news]
platform = "memory"
per_day = 12
max_age = "2d"

[accounts.slow]
platform = "memory"
per_day = 2
slots = ["08:30", "18:00"]
max_age = "12d"
min_score = 0.5

[accounts.topical]
platform = "memory"
topics = ["sourdough", "letterpress", "birds"]
author_gap = "7d"

[accounts.eager]
platform = "memory"
spread = false
min_gap = "20m"
per_day = 40
"""
_CHANCE = random.Random(11)
_WORDS = ["".join(_CHANCE.choices("aeioulnrstmdkpbgh", k=_CHANCE.randint(3, 10))) for _ in range(20_000)]
_WORDS += ["canals", "rust", "sites", "sourdough", "letterpress", "birds"] * 30


def made_up_article(number: int, source: Source, **changes: object) -> Article:
    """One article of a source."""
    chance = random.Random(number)
    when = NOW - timedelta(minutes=chance.randrange(12 * 24 * 60))
    text = " ".join(chance.choices(_WORDS, k=70))
    others = tuple(f"https://site{chance.randrange(SOURCES)}.example/feed" for _ in range(number % 10 == 0))
    made = Article(
        url=f"{source.site}/{when:%Y/%m}/{chance.choice(_WORDS)}-{number}",
        kind=source.kind,
        title=" ".join(chance.choices(_WORDS, k=7)),
        site=source.site.removeprefix("https://"),
        source=source.url,
        first_seen=when,
        published=when,
        author=f"Author {number % 700}",
        summary=text,
        tags=tuple(chance.choices(_WORDS, k=3)),
        terms=tuple(chance.choices(_WORDS, k=12)),
        language="en",
        words=chance.randrange(20, 2000),
        sources=tuple(dict.fromkeys((source.url, *others))),
    )
    return msgspec.structs.replace(made, **changes)


def world(count: int, folder: Path) -> tuple[Workspace, list[Channel], Subscriptions, Catalogue]:
    """Everything that a plan is made from."""
    (folder / "syndicator.toml").write_text(SETTINGS, encoding="utf-8")
    space = Workspace(settings.load(folder / "syndicator.toml"), clock=lambda: NOW)
    feeds = [
        Source(
            f"https://site{n}.example/feed", "curated", f"Site {n}", f"https://site{n}.example", exclude=("giveaway",)
        )
        for n in range(SOURCES)
    ]
    own = Source("https://bench.example/feed", "own", "Bench", "https://bench.example")
    found = [made_up_article(number, feeds[number % SOURCES]) for number in range(count)]
    mine = [made_up_article(-number - 1, own) for number in range(MINE)]
    outbox = Outbox(space.state)
    outbox.save(*(_shared(article, number) for number, article in enumerate(found[:: max(1, count // SHARED)])))
    channels = [channel(account, space.settings, list(outbox), NOW) for account in open_accounts(space)]
    return space, channels, Subscriptions((own, *feeds), notes=(), problems=()), Catalogue((*mine, *found))


def _shared(article: Article, number: int) -> Post:
    """A share of an article by one of the accounts, some weeks ago."""
    account = ("news", "slow", "topical", "eager")[number % 4]
    when = NOW - timedelta(days=5, hours=number)
    return Post(
        id=post_id(account, article.url),
        account=account,
        platform="memory",
        kind=article.kind,
        article=article.url,
        title=article.title,
        site=article.site,
        draft=Draft(f"{article.title}\n{article.url}", article.url),
        when=when,
        state=State.POSTED,
        history=(Change(when, State.POSTED, "posted"),),
        ref=PostRef(str(number), f"memory:{number}"),
    )


def main() -> None:
    """Make the world, plan, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        space, channels, subscribed, catalogue = world(options.candidates, Path(folder))

        def work() -> Choice:
            return choose(space, channels, subscribed, catalogue, NOW)

        documents = json.dumps([msgspec.to_builtins(article) for article in catalogue])
        reading = best(lambda: json.loads(documents), options.times)
        planning = best(work, options.times)
        made = work().plan
        print(f"{len(made.planned)} planned, {len(made.skipped)} passed over, on {len(channels)} accounts")
        print(f"{'json.loads of them':<20} {reading:>6.2f} CPU s")
        print(f"{'plan':<20} {planning:>6.2f} CPU s, {planning / reading:.1f} times that")
        if options.profile:
            profile = cProfile.Profile()
            profile.runcall(work)
            pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(20)


def best(work: Callable[[], object], times: int) -> float:
    """CPU seconds of the quickest of some runs."""
    spans = []
    for _ in range(times):
        gc.collect()
        start = process_time()
        work()
        spans.append(process_time() - start)
    return min(spans)


if __name__ == "__main__":
    main()
