"""When a site's token runs out, where the token itself says so: a JSON Web Token, as Indiekit's are. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, datetime

_LONGEST = 10_000  # characters


def expiry(token: str) -> datetime | None:
    """The `exp` of a token (RFC 7519, 4.1.4), UTC; None for one that says nothing or is no such token. Not verified."""
    parts = token.split(".")
    if len(parts) != 3 or len(token) > _LONGEST:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return datetime.fromtimestamp(float(claims["exp"]), UTC)
    except (binascii.Error, ValueError, TypeError, KeyError, OverflowError, OSError, RecursionError):
        return None
