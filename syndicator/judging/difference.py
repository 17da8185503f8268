"""What made the difference between an article and the next best one: the parts in which it is ahead. Pure."""

from __future__ import annotations

import textwrap

from syndicator.judging.base import Judgement

#: So many parts are named, and none that adds less than this.
_NAMED, _LEAST = 3, 0.005
#: Titles are shortened to so many characters.
_TITLE = 60


def difference(best: Judgement, next_best: Judgement | None) -> str:
    """One line: by which parts the better of two judgements won, or what decided when they are equal."""
    if next_best is None:
        return "the only one of its kind that may go out then"
    other = f"“{textwrap.shorten(next_best.article.title, _TITLE, placeholder=' …')}”"
    gains = {name: added - next_best.parts.get(name, 0.0) for name, added in best.parts.items()}
    largest = sorted(gains.items(), key=lambda each: -each[1])[:_NAMED]
    if told := [f"{name} +{gain:.2f}" for name, gain in largest if gain >= _LEAST]:
        return f"ahead of {other} ({next_best.score:.2f}) by {', '.join(told)}"
    if best.score > next_best.score:
        return f"a little ahead of {other} in many parts"
    return f"newer than {other}, which has the same score"
