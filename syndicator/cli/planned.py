"""The JSON document of `plan`: what would be posted, and what was passed over. Field names are fixed for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from platforms import text
from platforms.base import Draft, Limits
from syndicator.choose import Choice
from syndicator.cli.shapes import Shape, around, card
from syndicator.outbox import Post
from syndicator.plan import Planned
from syndicator.report import Report
from syndicator.settings import Settings
from syndicator.slots import silenced


@dataclass(frozen=True, slots=True)
class Names:
    """What people call what a plan only knows by its id: whom a queued post answers, and what a note says.

    `remarks` are sentences about settings that have no effect.
    """

    answered: Mapping[str, str]
    notes: Mapping[str, str]
    remarks: Sequence[str] = ()


def remarks(settings: Settings) -> list[str]:
    """What of the pacing has no effect: slots in the quiet hours."""
    pacings = {name: table.plan(settings.plan) for name, table in settings.accounts.items()}
    return [
        f"{name}: the slot {slot} lies in the quiet hours ({pacing.quiet}) and is never used"
        for name, pacing in pacings.items()
        for slot in silenced(pacing)
    ]


def plan(at: datetime, waiting: Iterable[Post], report: Report, limits: Mapping[str, Limits], names: Names) -> Shape:
    """What would be posted, what is queued already included."""
    choice = report.choice
    planned = [_planned(each, choice, limits) for each in choice.plan.planned]
    queued = [_waiting(post, limits, names.answered.get(post.id, "")) for post in waiting]
    return {
        "at": at,
        "planned": sorted(queued + planned, key=lambda each: (each["when"], each["account"])),
        "skipped": [
            {
                "account": each.account,
                "article": each.article,
                "note": names.notes.get(each.article),
                "reason": each.reason,
            }
            for each in choice.plan.skipped
        ],
        "remarks": names.remarks,
        "errors": report.errors,
    }


def _planned(each: Planned, choice: Choice, limits: Mapping[str, Limits]) -> Shape:
    where = (each.account, each.article.url)
    draft = choice.drafts[where]
    return {
        "account": each.account,
        "platform": each.platform,
        "article": each.article.url,
        "kind": each.article.kind,
        "when": each.when,
        **_measured(draft, limits.get(each.account)),
        "names": choice.names.get(where, ()),
        "price_usd": each.price_usd,
        "card": card(draft.card),
        "score": each.judgement.score,
        "parts": each.judgement.parts,
        "why": each.why,
    }


def _waiting(post: Post, limits: Mapping[str, Limits], answered: str) -> Shape:
    why = (f"in return to {answered}",) if answered else post.why
    return {
        "account": post.account,
        "platform": post.platform,
        "article": post.article,
        "kind": post.kind,
        "when": post.due,
        **_measured(post.draft, limits.get(post.account)),
        "names": post.names,
        "price_usd": post.price_usd,
        "card": card(post.draft.card),
        "score": post.score,
        "parts": {},
        "why": [f"in the queue already ({post.state}, post {post.id})", *why],
    }


def _measured(draft: Draft, limits: Limits | None) -> Shape:
    length = text.measure(draft.text, limits, draft.warning) if limits else len(draft.text)
    return {"text": draft.text, "length": length, "limit": limits.length if limits else None, **around(draft)}
