"""How much a command says: `--quiet` leaves out all but results and what went wrong, `--verbose` tells each step.

One choice for the process, made where its options are read; `$SYNDICATOR_TALK` makes it where there are none.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import IntEnum


class Loudness(IntEnum):
    """Each says all that the one before it does."""

    QUIET = 0
    USUAL = 1
    VERBOSE = 2


_chosen: list[Loudness] = []


def choose(*, quiet: bool, verbose: bool) -> None:
    """Heed an option; without one, what was chosen before stands."""
    if quiet or verbose:
        _chosen[:] = [Loudness.VERBOSE if verbose else Loudness.QUIET]


def loudness() -> Loudness:
    """What was chosen."""
    return _chosen[0] if _chosen else by_environment(os.environ)


def is_verbose() -> bool:
    """Whether each thing is wanted."""
    return loudness() is Loudness.VERBOSE


def by_environment(environment: Mapping[str, str]) -> Loudness:
    """What `$SYNDICATOR_TALK` says: quiet or verbose; anything else is the usual. Pure."""
    named = environment.get("SYNDICATOR_TALK", "").strip().upper()
    return Loudness.__members__.get(named, Loudness.USUAL)
