"""Does the judging choose well? Precision and recall at k against your own list of good links.

    python bench/rank.py [--feeds FOLDER --good FILE] [--own FEED] [--topics a,b] [--at TIME] [--max-age 30d]

FOLDER holds feeds in any format as files, FILE the addresses of good articles, one a line. `--own`
is your own feed: its words are learnt, its articles are no candidates. Everything is judged as of `--at`, by default a
moment after the newest article, with what a first day knows: no shares before, nobody is owed.

Printed for the judging and, beside it, for newest first, most linked first and chance. Articles that are turned down
come last, the newest first. Without arguments a made-up set is used, which proves the harness and nothing else.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import made_up_world
import msgspec
import ranking

from syndicator import urls
from syndicator.articles import Article, Catalogue, gather
from syndicator.crosslinks import Crosslinks
from syndicator.judging.base import Judgement
from syndicator.judging.knowledge import Known, learn
from syndicator.settings import Judge, Plan, Settings
from syndicator.sources.base import Feed, Source, SourceError
from syndicator.sources.parse import parse
from syndicator.survey import Survey
from syndicator.times import Span

KS = (1, 5, 10, 20)
#: Dates of the future are taken for now, so feeds are read as of a time that all of them have passed.
_LATER = datetime(2100, 1, 1, tzinfo=UTC)


def read(folder: Path, own: Path | None) -> list[tuple[Source, Feed]]:
    """Every feed of a folder; files that are none are told of and left out."""
    found = []
    for file in sorted({*filter(Path.is_file, folder.rglob("*")), *([own] if own else [])}):
        is_mine = own is not None and file.resolve() == own.resolve()
        try:
            feed = parse(file.read_bytes(), url=file.resolve().as_uri(), now=_LATER)
        except SourceError as error:
            print(f"left out: {error}", file=sys.stderr)
            continue
        source = Source(file.resolve().as_uri(), "own" if is_mine else "curated", feed.title, feed.site)
        found.append((source, feed))
    return found


def judged(feeds: Sequence[tuple[Source, Feed]], settings: Settings, at: datetime) -> list[Judgement]:
    """Every candidate with its judgement, as a plan would have it, in no order."""
    catalogue, links = Catalogue(), Crosslinks()
    for source, feed in feeds:
        gather(catalogue, source, feed, now=at, allow=None)
        links.read(source, feed, at)
    sources = {source.url: source for source, _ in feeds}
    links.connect(sources.values(), catalogue)
    since = at - settings.plan.max_age
    candidates = [each for each in catalogue if each.kind == "curated" and since <= each.dated <= at]
    mine = [each for each in catalogue if each.kind == "own"]
    knowledge = learn(settings, Known(candidates=candidates, sources=sources, mine=mine), at)
    return Survey(at, candidates, sources, knowledge).judge_all({"": settings.plan})[""]


def rankings(judgements: Sequence[Judgement]) -> dict[str, list[str]]:
    """The addresses in the order of the judging, and in simpler ones."""
    newest = sorted(judgements, key=lambda each: (each.article.dated, each.article.url), reverse=True)
    orders = {
        "judging": sorted(newest, key=lambda each: (bool(each.rejected), -each.score)),
        "newest first": newest,
        "most linked first": sorted(newest, key=lambda each: -_pointing(each.article)),
    }
    return {name: [each.article.url for each in order] for name, order in orders.items()}


def good_among(judgements: Sequence[Judgement], addresses: Sequence[str]) -> set[str]:
    """The candidates that a list names, by any of their addresses."""
    catalogue = Catalogue(each.article for each in judgements)
    found = (catalogue.get(address) for address in addresses)
    return {article.url for article in found if article}


def _pointing(article: Article) -> int:
    return len({*article.linked_by, *article.sources[1:]})


def _addresses(file: Path) -> list[str]:
    """The web addresses of a list; other lines are comments."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(line.strip() for line in lines if urls.is_web(line.strip())))


def _moment(text: str) -> datetime:
    """A time; in UTC unless it says otherwise."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _settings(options: argparse.Namespace) -> Settings:
    topics = tuple(filter(None, (topic.strip() for topic in options.topics.split(","))))
    plan = Plan(topics=topics, max_age=Span.parse(options.max_age), min_score=0.0)
    return msgspec.structs.replace(Settings(), plan=plan, judge=Judge(languages=("*",)))


def report(options: argparse.Namespace) -> None:
    """Read, judge, print."""
    feeds = read(options.feeds, options.own)
    dates = [item.published for source, feed in feeds for item in feed.items if item.published]
    at = options.at or max(dates, default=datetime.now(UTC)) + timedelta(minutes=1)
    judgements = judged(feeds, _settings(options), at)
    addresses = _addresses(options.good)
    good = good_among(judgements, addresses)
    print(
        f"{len(judgements)} candidates of {len(feeds)} feeds at {at:%Y-%m-%d %H:%M} UTC; {len(good)} of them are good"
    )
    if missing := len(addresses) - len(good):
        print(f"{missing} good links are not among them: not in these feeds, or older than {options.max_age}")
    if judgements:
        print(*ranking.table(rankings(judgements), good, KS), sep="\n")


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", metavar="FOLDER", type=Path)
    parser.add_argument("--good", metavar="FILE", type=Path)
    parser.add_argument("--own", metavar="FEED", type=Path)
    parser.add_argument("--topics", default="")
    parser.add_argument("--at", type=_moment)
    parser.add_argument("--max-age", default="30d")
    options = parser.parse_args()
    if bool(options.feeds) != bool(options.good):
        parser.error("--feeds and --good belong together; leave both out for the made-up set")
    if options.feeds:
        report(options)
        return
    with tempfile.TemporaryDirectory() as folder:
        options.own, options.good = made_up_world.make(Path(folder), datetime(2026, 11, 2, 12, tzinfo=UTC))
        options.feeds = options.own.parent
        report(options)


if __name__ == "__main__":
    main()
