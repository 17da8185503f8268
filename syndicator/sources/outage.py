"""Tells a network that is missing from sources that fail: where nothing at all was reached, no source is to blame."""

from __future__ import annotations

from dataclasses import dataclass, field

from syndicator import urls
from syndicator.sources.read import Reading

#: So many hosts that did not fail the last time have to be out of reach at once: fewer may well have gone.
_SEVERAL = 3


@dataclass(slots=True)
class Outage:
    """What was reached while sources were read. `spared` are the errors, by source, of those that were out of reach."""

    spared: dict[str, str] = field(default_factory=dict)
    _reached: bool = False
    _lately_there: set[str] = field(default_factory=set)

    def saw(self, reading: Reading) -> None:
        """Take one source into account."""
        if reading.reached:
            self._reached = True
        elif reading.reached is False:
            self.spared[reading.source.url] = reading.error
            if reading.health.failures < 2:
                self._lately_there.add(urls.host(reading.source.url))

    @property
    def told(self) -> str:
        """What is to be told instead of the errors of all these sources; "" when their errors are their own."""
        if self._reached or len(self._lately_there) < _SEVERAL:
            return ""
        hosts = len({urls.host(url) for url in self.spared})
        return f"no network: none of the {hosts} hosts could be found; asked again on the next run"
