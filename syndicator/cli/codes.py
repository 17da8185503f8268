"""Which exit code each of our errors means: by class name and module, so that no module is imported to compare."""

from __future__ import annotations

FAILED, MISUSED = 1, 2


def exit_code(error: Exception) -> int | None:
    """The exit code of an error of ours; None for a bug."""
    for kind in type(error).__mro__:
        code = CODES.get(f"{kind.__module__}.{kind.__name__}")
        if code is not None:
            return code
    return None


#: By full name; what is none of these is a bug.
CODES = {
    "syndicator.settings.read.SettingsError": MISUSED,
    "syndicator.sources.base.SourceError": FAILED,
    "syndicator.workspace.Busy": FAILED,
    "syndicator.schedule.base.ScheduleError": FAILED,
    "syndicator.post.IllegalMove": MISUSED,
    "syndicator.share.CannotShare": MISUSED,
    "syndicator.doing.CannotDo": MISUSED,
    "syndicator.compose.TooLong": FAILED,
    "platforms.errors.PlatformError": FAILED,
    "ledger.store.base.StoreError": FAILED,
    "ledger.codec.BadDocument": MISUSED,
    "ledger.who.UnknownWho": MISUSED,
    "ledger.people.NoSuchPerson": MISUSED,
    "ledger.people.AmbiguousName": MISUSED,
}
