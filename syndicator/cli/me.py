"""Commands are about others: whoever names themselves is told so. Loads no network's SDK."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from syndicator.cli.app import MISUSED, fail

if TYPE_CHECKING:
    from ledger.entry import Identity
    from syndicator.workspace import Workspace

_REMEDY = "the ledger is about others; what is yours stands under [me] and [accounts] in the settings"


class Me:
    """Who I am as the settings and the logins say, read once."""

    def __init__(self, space: Workspace) -> None:
        from syndicator import myself

        self.is_me = myself.recognised(space.settings, space.state)

    def told(self, identities: Iterable[Identity]) -> str:
        """A sentence on the first of these that is my own; "" when none is."""
        from syndicator.cli.owed import handle

        first = next(filter(self.is_me, identities), None)
        return f"{handle(first)}: that is you; {_REMEDY}" if first else ""

    def refuse(self, identities: Iterable[Identity]) -> None:
        """Leave with that sentence, if there is one."""
        if sentence := self.told(identities):
            fail(sentence, MISUSED)
