"""Language tags as pages write them, brought into the usual form of BCP 47 (RFC 5646)."""

from __future__ import annotations

import re

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?P<extended>(?:-[a-z]{3}){0,3})(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?(?P<rest>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?)"
)
#: Codes that name no language: undetermined, several, no linguistic content, uncoded (ISO 639-2).
_NO_LANGUAGE = {"und", "mul", "zxx", "mis"}


def tag(text: str) -> str | None:
    """Give a tag in its usual form (`en_us.UTF-8` → `en-US`), None for what is none and for codes of no language."""
    plain = text.strip().partition(".")[0].replace("_", "-").lower()
    match = _TAG.fullmatch(plain) if len(plain) <= 60 else None
    if match is None or match["language"] in _NO_LANGUAGE:
        return None
    parts = [match["language"] + match["extended"]]
    parts += [match["script"].title()] if match["script"] else []
    parts += [match["region"].upper()] if match["region"] else []
    return "-".join(parts) + match["rest"]
