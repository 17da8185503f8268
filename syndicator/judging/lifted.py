"""Being owed lifts one article of a person at a time, so that it never brings two of theirs into one day. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from syndicator.judging.base import Judgement

LIFT = "reciprocity"


def once_for_each(
    judged: Iterable[Judgement],
    person_of: Mapping[str, str],
    shared: Collection[str] = frozenset(),
    busy: Collection[str] = frozenset(),
) -> list[Judgement]:
    """The judgements, with the lift left to the best article of each person that is not `shared` already.

    `person_of` tells whose a site is; a site that is not there is a person by itself. Nothing of those who are `busy`
    is lifted: something of theirs goes out today as it is.
    """
    judgements = list(judged)
    best: dict[str, Judgement] = {}
    for each in judgements:
        who = person_of.get(each.article.site, each.article.site)
        if LIFT in each.parts and who not in busy and each.article.url not in shared:
            before = best.get(who)
            if before is None or _order(each) > _order(before):
                best[who] = each
    kept = {each.article.url for each in best.values()}
    return [each if LIFT not in each.parts or each.article.url in kept else _lowered(each) for each in judgements]


def _order(each: Judgement) -> tuple[object, ...]:
    return (each.score, each.article.dated, each.article.url)


def _lowered(each: Judgement) -> Judgement:
    parts = {name: value for name, value in each.parts.items() if name != LIFT}
    return msgspec.structs.replace(each, score=each.score - each.parts[LIFT], parts=parts)
