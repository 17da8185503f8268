"""What earlier versions of the ledger become: one function for each version that was left behind (`store.upgrades`)."""

from __future__ import annotations

from ledger.store.upgrades import Upgrade

#: None yet: every ledger ever written reads as it is.
UPGRADES: tuple[Upgrade, ...] = ()
