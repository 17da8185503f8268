"""What every table of a settings file has in common: frozen, and unknown keys are errors."""

from __future__ import annotations

import msgspec


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the settings file; a key it does not know is an error."""
