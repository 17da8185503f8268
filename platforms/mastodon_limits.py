"""What a Mastodon server allows, from what its instance says of itself. Pure.

Fields: https://docs.joinmastodon.org/entities/Instance/ (v2) and /V1_Instance/; Pleroma and Akkoma say some of it in
fields of their own. What a server leaves out is Mastodon's default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from platforms.base import Limits
from platforms.mastodon_accounts import count, part

#: What a server allows that doesn't say otherwise. Of bytes and pixels, what the oldest servers in use allow.
LIMITS = Limits(
    length=500,
    count="mastodon",
    source="https://docs.joinmastodon.org/entities/Instance/#max_characters",
    read_on="2026-11-01",
    url_length=23,
    card="server",
    images=4,
    image_bytes=8_388_608,
    image_pixels=16_777_216,
    alt_length=1500,
    warnings=True,
    languages=1,
)


#: The most of each that is believed: what a server says beyond is an oversight, or stands for "no limit".
_MOST = {
    "length": 1_000_000,
    "url_length": 255,
    "images": 100,
    "image_bytes": 100_000_000,
    "image_pixels": 100_000_000,
    "alt_length": 100_000,
}
_TYPES = 50  # of pictures, at the most


def limits_of(instance: object) -> Limits | None:
    """What an instance's JSON, of v2 or v1, says it allows; None when it says nothing of it."""
    if not isinstance(instance, Mapping):
        return None
    said = part(instance, "configuration")
    statuses, media = part(said, "statuses"), part(said, "media_attachments")
    found = {
        "length": count(statuses.get("max_characters")) or count(instance.get("max_toot_chars")) or None,
        "url_length": count(statuses.get("characters_reserved_per_url")),
        "images": count(statuses.get("max_media_attachments")),
        "image_bytes": count(media.get("image_size_limit")) or None,
        "image_pixels": count(media.get("image_matrix_limit")) or None,
        "alt_length": count(media.get("description_limit")) or count(instance.get("description_limit")) or None,
    }
    believed: dict[str, Any] = {name: min(most, _MOST[name]) for name, most in found.items() if most is not None}
    if types := _image_types(media):
        believed["image_types"] = types
    if believed.get("url_length") == 0:  # Pleroma says 0, and counts URLs in full
        believed |= {"count": "graphemes", "url_length": None}
    return replace(LIMITS, **believed) if believed else None


def _image_types(media: Mapping[str, Any]) -> tuple[str, ...]:
    types = media.get("supported_mime_types")
    listed = [each for each in types if isinstance(each, str)] if isinstance(types, list) else []
    return tuple(each for each in listed if re.fullmatch(r"image/[\w.+-]{1,40}", each))[:_TYPES]
