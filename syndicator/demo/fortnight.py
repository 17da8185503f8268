"""Plays the fortnight: run after run while others live their lives, told day by day in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from syndicator import stop
from syndicator.demo.story import DAYS, OWNER, Act, Moment, Story, Written
from syndicator.demo.world import World
from syndicator.outcomes import Posted
from syndicator.report import Report
from syndicator.run import run

#: The evening before, when Robin sets everything up.
_FIRST_RUN = Moment.parse("0 21:00")
_SAID = {
    "boost": "{who} boosts your post about “{title}”.",
    "follow": "{who} follows you.",
    "like": "{who} likes your post about “{title}”.",
    "recommend": "{who} recommends you to newcomers.",
    "reply": "{who} answers your post about “{title}”.",
    "share": "{who} shares your “{title}”, in words of their own.",
    "unfollow": "{who} unfollows you.",
    "write": "{who} writes a post.",
}


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day (0 is the evening before the first), in sentences."""

    number: int
    told: tuple[str, ...]


def play(world: World) -> Iterator[Day]:
    """Let the fortnight pass; each day is told as soon as it is over."""
    world.wait_until(_FIRST_RUN)
    yield Day(0, ("The first run: what was written before is remembered, and never shared by itself.", *_posted(world)))
    for number in range(1, DAYS + 1):
        told: list[str] = []
        for start in world.story.runs_of(number):
            told += (sentence(event, world.story) for event in world.wait_until(start))
            told += _posted(world)
        told += (sentence(event, world.story) for event in world.wait_until(Moment.parse(f"{number} 23:59")))
        yield Day(number, tuple(told))


def _posted(world: World) -> Iterator[str]:
    """Have a run; what it posted, and what went wrong. Raises Stopped."""
    report = run(world.space())
    stop.check()
    for title, accounts in _shares(report).items():
        yield f"A run shares “{title}” on {' and '.join(accounts)}."
    yield from (f"Problem: {error}" for error in report.errors)


def _shares(report: Report) -> dict[str, list[str]]:
    """On which accounts each article was posted, by its title."""
    found: dict[str, list[str]] = {}
    for outcome in report.outcomes:
        if isinstance(outcome, Posted):
            found.setdefault(outcome.post.title, []).append(outcome.post.account)
    return found


def sentence(event: Written | Act, story: Story) -> str:
    """One thing that happened, as it is told to Robin."""
    if isinstance(event, Written):
        return _written(event, story)
    if event.who == OWNER:
        return f"You follow {story.people[event.to].name} back."
    title = story.article(event.to).title if event.to else ""
    return _SAID[event.does].format(who=story.people[event.who].name, title=title)


def _written(article: Written, story: Story) -> str:
    who = "You publish" if article.blog == OWNER else f"{story.blogs[article.blog].author} publishes"
    linked = [mine.title for mine in story.articles if mine.blog == OWNER and mine.url in article.text]
    return f"{who} “{article.title}”" + "".join(f", with a link to your “{title}”" for title in linked) + "."
