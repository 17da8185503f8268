"""The settings file: TOML in, one frozen `Settings` out.

An unknown key, a wrong type or an impossible value is a `SettingsError` that names the file, the key and the remedy.
Secrets are never read from here (see `secrets`); which networks exist is the registry's business (see `networks`).
"""

from syndicator.settings.account import TEMPLATE_FIELDS, AccountTable
from syndicator.settings.pacing import Mix, Plan
from syndicator.settings.read import Settings, SettingsError, load, parse
from syndicator.settings.running import Digest, Run
from syndicator.settings.tables import Credit, Fetch, Judge, Ledger, Me, SourceTable, Zone

__all__ = [
    "TEMPLATE_FIELDS",
    "AccountTable",
    "Credit",
    "Digest",
    "Fetch",
    "Judge",
    "Ledger",
    "Me",
    "Mix",
    "Plan",
    "Run",
    "Settings",
    "SettingsError",
    "SourceTable",
    "Zone",
    "load",
    "parse",
]
