"""Pictures as the web has them, as bytes: photographs, drawings, and what only says that it is one."""

import io
import struct
import zlib
from typing import Any

from counterparts import feed_server
from counterparts.feed_server import Route
from PIL import Image

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><circle r="9"/></svg>'


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 400), mode: str = "RGB", **options: Any) -> bytes:
    """A soft gradient, which any format keeps small."""
    image = Image.merge("RGB", [Image.linear_gradient("L").rotate(angle).resize(size) for angle in (0, 90, 180)])
    return saved(image.convert(mode), kind, **options)


def noise(kind: str = "JPEG", size: tuple[int, int] = (1600, 1000), **options: Any) -> bytes:
    """What no format can make small."""
    return saved(Image.effect_noise(size, 200).convert("RGB"), kind, **options)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def vast_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """Says that it is 30,000 pixels wide and high, in few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"\0" * 1000))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def many_scans(scans: int = 40_000, side: int = 6000) -> bytes:
    """A progressive JPEG of a megabyte that goes over its 36 million pixels again and again: minutes of work."""
    whole = saved(Image.new("L", (side, side), 128), "JPEG", progressive=True)
    start = whole.rindex(b"\xff\xda")  # the last scan: of one bit of the high frequencies, and there are none
    return whole[:start] + whole[start:-2] * scans + b"\xff\xd9"


def answer(content: bytes, kind: str = "image/jpeg") -> Route:
    """Answers with a picture."""
    return feed_server.body(content, Content_Type=kind)
