"""Bytes of any picture to bytes of one that a network takes. Pure; the only module that knows Pillow.

What comes out holds nothing but pixels: no metadata, upright, in the common colours (sRGB), its first frame only.
Pillow is fast and safe enough for pictures as they are; a hostile one can keep it busy for minutes (a JPEG of thousands
of scans), so this is run by `worker`, in a process that has a deadline.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator

from PIL import Image, ImageCms, ImageOps

from platforms.abilities import Picture
from syndicator.pictures.base import Need

#: What is read. Each of these says its size before anything is decoded.
_READ = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
#: What is written, by its type, best first for photographs.
_WRITTEN = {"image/jpeg": "JPEG", "image/webp": "WEBP", "image/png": "PNG"}
_QUALITIES = (85, 75, 60)

#: No more pixels than these are decoded: those of the best telephones. As bytes four times as many, several times over.
MOST_PIXELS = 50_000_000
#: With a side of fewer pixels it is an icon, a line or a tracking pixel.
FEWEST = 64

_ALPHA = "RGBA"


class Unfit(Exception):
    """There is no picture in the bytes that could be sent; the message is a sentence's end."""


def convert(body: bytes, need: Need) -> Picture:
    """The picture as it is needed, without alternative text. Raises Unfit."""
    image = _decoded(body, need.side)
    drawn = image.format in ("PNG", "GIF") or image.has_transparency_data
    picture = _shrunk(_plain(image), need)
    while min(picture.size) >= FEWEST / 4:
        for kind, content in _written(picture, need, as_drawing=drawn):
            if len(content) <= need.bytes:
                return Picture(content, kind, *picture.size)
        picture = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4))
    raise Unfit(f"it can't be made to fit {need.bytes} bytes")


def _decoded(body: bytes, side: int) -> Image.Image:
    """The first frame, upright. On hostile input Pillow raises whatever it stumbles over."""
    Image.MAX_IMAGE_PIXELS = None  # it would raise with words of its own; the size is looked at here, before decoding
    try:
        image = Image.open(io.BytesIO(body), formats=_READ)
    except Exception as error:
        raise Unfit(_what(body)) from error
    width, height = image.size
    if min(width, height) < FEWEST:
        raise Unfit(f"it has only {width} × {height} pixels")
    if width * height > MOST_PIXELS:
        raise Unfit(f"it has {width} × {height} pixels, and more than {MOST_PIXELS} are too many")
    try:
        image.draft("RGB", (side, side))  # a JPEG is decoded at half its size, or less, if that is enough
        image.load()
        upright = ImageOps.exif_transpose(image)
    except Exception as error:
        raise Unfit("it is damaged") from error
    upright.format = image.format
    return upright


def _what(body: bytes) -> str:
    """What the bytes are, if no picture."""
    beginning = body[:2000].lower()
    if b"<svg" in beginning:
        return "it is a drawing (SVG), which networks don't take"
    return "it is a web page" if b"<html" in beginning or b"<!doctype html" in beginning else "it is no picture"


def _plain(image: Image.Image) -> Image.Image:
    """The pixels as RGB, or RGBA if any is transparent, and nothing else."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits
        image = image.point(lambda value: value / 256).convert("L")
    if profile and image.mode in ("RGB", _ALPHA, "CMYK"):
        image = _common_colours(image, profile)
    plain = image.convert(_ALPHA if image.has_transparency_data else "RGB")
    plain.info = {}
    return plain


def _common_colours(image: Image.Image, profile: bytes) -> Image.Image:
    """As seen through its colour profile; a profile that makes no sense is left out."""
    try:
        here, there = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        mode = _ALPHA if image.mode == _ALPHA else "RGB"
        return ImageCms.profileToProfile(image, here, there, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _shrunk(image: Image.Image, need: Need) -> Image.Image:
    """No longer than allowed on its longest side, and no more pixels than allowed."""
    scale = min(1.0, need.side / max(image.size), math.sqrt(need.pixels / (image.width * image.height)))
    if scale == 1.0:
        return image
    size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _written(image: Image.Image, need: Need, *, as_drawing: bool) -> Iterator[tuple[str, bytes]]:
    """The picture in each type that is taken, best first: a drawing keeps its sharp lines, if there is room."""
    kinds = [kind for kind in _WRITTEN if kind in need.types]
    if not kinds:
        raise Unfit(f"of {', '.join(_WRITTEN)} the network takes none")
    for kind in sorted(kinds, key=lambda kind: kind != "image/png") if as_drawing else kinds:
        for quality in (None,) if kind == "image/png" else _QUALITIES:
            yield kind, _saved(image, _WRITTEN[kind], quality)


def _saved(image: Image.Image, how: str, quality: int | None) -> bytes:
    written = io.BytesIO()
    if how == "JPEG" and image.mode == _ALPHA:
        image = Image.alpha_composite(Image.new(_ALPHA, image.size, "white"), image).convert("RGB")
    image.save(written, how, **({"quality": quality} if quality else {}))
    return written.getvalue()
