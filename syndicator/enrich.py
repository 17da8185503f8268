"""What is done for a post on its network before its first try, and how it gets by with less. Stores and sends nothing.

Its picture is uploaded and those it names are looked up, where the network's adapter can (`Enricher`). No picture is
worth a post: without one it goes out all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from platforms.abilities import Enricher
from platforms.base import Draft, Publisher, Request
from platforms.errors import AuthFailed, OverBudget, PlatformError, RateLimited, Unreachable
from syndicator.pictures.base import FindPicture, NoPicture

#: What concerns the account and not the picture: the post has to wait.
_HAVE_TO_WAIT = (AuthFailed, OverBudget, RateLimited)


@dataclass(frozen=True, slots=True)
class Enriched:
    """The request that will be sent, and what could not be done, in words for the post's history."""

    request: Request
    notes: tuple[str, ...] = ()


def enrich(publisher: Publisher, draft: Draft, request: Request, find_picture: FindPicture) -> Enriched:
    """Do on the network what the draft needs. Raises PlatformError if the post has to wait; nothing was sent then."""
    if not isinstance(publisher, Enricher):
        return Enriched(request)
    picture = find_picture(draft, publisher.limits)
    left_out = picture.reason if isinstance(picture, NoPicture) else ""
    if picture is not None and not isinstance(picture, NoPicture):
        try:
            return Enriched(publisher.enrich(request, picture))
        except _HAVE_TO_WAIT:
            raise
        except PlatformError as error:
            left_out = error.problem
    notes = (f"its picture was left out: {left_out}",) if left_out else ()
    try:
        return Enriched(publisher.enrich(request, None), notes)
    except (*_HAVE_TO_WAIT, Unreachable):
        raise
    except PlatformError as error:
        return Enriched(request, (*notes, f"goes out as it was written: {error.problem}"))


def enriched_again(publisher: Publisher, draft: Draft, old: Request, find_picture: FindPicture) -> Enriched | None:
    """The same request, by key and time, with all done for it anew; None where it shows no picture.

    Networks throw an uploaded picture away that is in no post for some hours or days.
    """
    if not (draft.image or (draft.card and draft.card.image)):
        return None
    return enrich(publisher, draft, publisher.prepare(draft, old.key, old.created), find_picture)


def simpler(publisher: Publisher, request: Request) -> Request | None:
    """The same post with less that a network may refuse; None when there is no less."""
    less = publisher.simpler(request) if isinstance(publisher, Enricher) else None
    return None if less == request else less
