"""What a Mastodon server allows, from what its instance says of itself. Pure.

Fields: https://docs.joinmastodon.org/entities/Instance/ (v2) and /V1_Instance/; Pleroma and Akkoma say some of it in
fields of their own. What a server leaves out is Mastodon's default.
"""

from __future__ import annotations

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


def limits_of(instance: object) -> Limits | None:
    """What an instance's JSON, of v2 or v1, says it allows; None when it is no such thing."""
    if not isinstance(instance, Mapping):
        return None
    said = part(instance, "configuration")
    statuses, media = part(said, "statuses"), part(said, "media_attachments")
    length = count(statuses.get("max_characters")) or count(instance.get("max_toot_chars"))
    if not said and not length:
        return None
    described = count(media.get("description_limit")) or count(instance.get("description_limit"))
    reserved = count(statuses.get("characters_reserved_per_url"))
    attached = count(statuses.get("max_media_attachments"))
    return replace(
        LIMITS,
        # Pleroma says 0, and counts URLs in full
        count="graphemes" if reserved == 0 else LIMITS.count,
        url_length=None if reserved == 0 else reserved or LIMITS.url_length,
        length=length or LIMITS.length,
        images=LIMITS.images if attached is None else attached,
        image_bytes=count(media.get("image_size_limit")) or LIMITS.image_bytes,
        image_pixels=count(media.get("image_matrix_limit")) or LIMITS.image_pixels,
        image_types=_image_types(media) or LIMITS.image_types,
        alt_length=described or LIMITS.alt_length,
    )


def _image_types(media: Mapping[str, Any]) -> tuple[str, ...]:
    types = media.get("supported_mime_types")
    listed = types if isinstance(types, list) else []
    return tuple(str(each) for each in listed if str(each).startswith("image/"))
