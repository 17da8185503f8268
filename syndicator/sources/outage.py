"""Tells a network that is missing from servers that fail: where nothing at all was reached, none is to blame."""

from __future__ import annotations

from dataclasses import dataclass, field

from syndicator import urls

#: So many hosts that did not fail the last time have to be out of reach at once: fewer may well have gone.
_SEVERAL = 3


@dataclass(slots=True)
class Outage:
    """What was reached in one run, of feeds and of pages. `spared` are the errors, by address, of what was not."""

    spared: dict[str, str] = field(default_factory=dict)
    _reached: bool = False
    _lately_there: set[str] = field(default_factory=set)

    def saw(self, url: str, reached: bool | None, error: str, *, failed_before: bool) -> None:
        """Take one address into account; `reached` is None for what needs no network."""
        if reached:
            self._reached = True
        elif reached is False:
            self.spared[url] = error
            if not failed_before:
                self._lately_there.add(urls.host(url))

    @property
    def told(self) -> str:
        """What is to be told instead of the errors of all these; "" when their errors are their own."""
        if self._reached or len(self._lately_there) < _SEVERAL:
            return ""
        hosts = len({urls.host(url) for url in self.spared})
        return f"no network: none of the {hosts} hosts could be found; asked again on the next run"
