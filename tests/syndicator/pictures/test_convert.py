"""Any picture of the web becomes one that a network takes, or a word of why not."""

import io

import pytest
from counterparts.pictures import SVG, noise, opened, picture, saved, vast_png
from PIL import Image, ImageCms

from syndicator.pictures.base import Need
from syndicator.pictures.convert import Unfit, convert

NEED = Need(("image/jpeg", "image/png"), 1_000_000, 1200 * 1200, 1200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_every_kind_of_the_web_is_read_and_becomes_one_that_is_taken(kind: str) -> None:
    made = convert(picture(kind), NEED)
    image = opened(made.content)
    assert made.type in NEED.types
    assert Image.MIME[image.format] == made.type
    assert image.size == (made.width, made.height) == (640, 400)


@pytest.mark.parametrize(
    ("kind", "types", "expected"),
    [
        ("JPEG", ("image/jpeg", "image/png"), "image/jpeg"),
        ("PNG", ("image/jpeg", "image/png"), "image/png"),
        ("PNG", ("image/jpeg",), "image/jpeg"),
        ("JPEG", ("image/png",), "image/png"),
        ("JPEG", ("image/webp", "video/mp4"), "image/webp"),
    ],
)
def test_the_type_is_one_that_the_network_takes(kind: str, types: tuple[str, ...], expected: str) -> None:
    assert convert(picture(kind), Need(types, 1_000_000, 10**6, 1200)).type == expected


def test_a_network_that_takes_no_such_type_gets_none() -> None:
    with pytest.raises(Unfit, match="takes none"):
        convert(picture(), Need(("image/heic",), 1_000_000, 10**6, 1200))


@pytest.mark.parametrize(
    ("need", "size"),
    [
        (Need(("image/jpeg",), 10**6, 10**9, 800), (800, 500)),
        (Need(("image/jpeg",), 10**6, 250_000, 9999), (632, 395)),
    ],
)
def test_a_large_one_is_shrunk_in_proportion(need: Need, size: tuple[int, int]) -> None:
    made = convert(picture(size=(1600, 1000)), need)
    assert (made.width, made.height) == size


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("most", [600_000, 200_000, 20_000])
def test_one_of_too_many_bytes_is_made_smaller_until_it_fits(kind: str, most: int) -> None:
    made = convert(noise(kind), Need(("image/jpeg", "image/png"), most, 10**9, 1200))
    assert len(made.content) <= most
    assert min(opened(made.content).size) >= 64


def test_what_can_t_be_made_to_fit_is_none() -> None:
    with pytest.raises(Unfit, match="fit 300 bytes"):
        convert(noise(), Need(("image/jpeg",), 300, 10**9, 1200))


def test_no_metadata_is_left() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x8825] = "A maker", {1: "N", 2: (51.0, 30.0, 0.0)}
    for kind, options in (("JPEG", {"comment": b"a secret"}), ("PNG", {}), ("WEBP", {"xmp": b"<x>a secret</x>"})):
        for types in (("image/jpeg",), ("image/png",), ("image/webp",)):
            profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
            body = picture(kind, exif=exif, icc_profile=profile, **options)
            image = opened(convert(body, Need(types, 10**6, 10**9, 1200)).content)
            assert not image.getexif()
            assert not {"exif", "icc_profile", "comment", "xmp"} & set(image.info), kind


def test_it_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the camera on its side
    made = convert(picture(exif=exif), NEED)
    assert (made.width, made.height) == (400, 640)


def test_its_colours_are_seen_through_its_profile() -> None:
    """A profile in which red and green are exchanged, made by exchanging the names of two of its curves."""
    green = Image.new("RGB", (100, 100), (0, 200, 0))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = profile.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    red, grass, _ = opened(convert(saved(green, "PNG", icc_profile=exchanged), NEED).content).getpixel((50, 50))
    assert red > 150 > 50 > grass
    plain = opened(convert(saved(green, "PNG", icc_profile=b"nonsense"), NEED).content)
    assert plain.getpixel((50, 50)) == (0, 200, 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr"])
def test_all_modes_of_colour(mode: str) -> None:
    kind = "JPEG" if mode in ("CMYK", "YCbCr") else "PNG"
    for types in (("image/jpeg",), ("image/png",)):
        assert opened(convert(picture(kind, mode=mode), Need(types, 10**6, 10**9, 1200)).content).mode in (
            "RGB",
            "RGBA",
        )


def test_sixteen_bits_are_seen_as_eight() -> None:
    grey = Image.new("I;16", (100, 100), 128 * 256)
    assert opened(convert(saved(grey, "PNG"), NEED).content).convert("L").getpixel((9, 9)) == 128


def test_what_is_transparent_stays_so_in_a_png_and_is_white_in_a_jpeg() -> None:
    clear = saved(Image.new("RGBA", (100, 100), (0, 0, 0, 0)), "PNG")
    assert opened(convert(clear, NEED).content).getpixel((9, 9))[3] == 0
    assert opened(convert(clear, Need(("image/jpeg",), 10**6, 10**9, 1200)).content).getpixel((9, 9)) == (255, 255, 255)


def test_only_the_first_frame_of_a_moving_picture_is_shown() -> None:
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue")]
    image = opened(convert(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), NEED).content)
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((9, 9)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no picture"),
        (b"\x00" * 4000, "no picture"),
        (b"<!doctype html><html><p>Log in", "a web page"),
        (SVG, r"a drawing \(SVG\)"),
        (picture()[:3000], "damaged"),
        (noise("PNG")[:-2000], "damaged"),
        (picture(size=(1, 1)), "only 1 × 1 pixels"),
        (picture(size=(1200, 63)), "only 1200 × 63 pixels"),
        (vast_png(), "30000 × 30000 pixels, and more than"),
        (vast_png(5001, 10_000), "5001 × 10000 pixels, and more than"),
        (saved(Image.new("RGB", (100, 100)), "BMP"), "no picture"),
        (saved(Image.new("RGB", (100, 100)), "PDF"), "no picture"),
    ],
)
def test_what_is_none_is_told(body: bytes, words: str) -> None:
    with pytest.raises(Unfit, match=words):
        convert(body, NEED)


def test_a_vast_one_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail(f"decoded {image.size}"))
    with pytest.raises(Unfit, match="too many"):
        convert(vast_png(), NEED)


def test_every_cut_of_a_picture_is_a_picture_or_told() -> None:
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF"):
        body = picture(kind, (80, 80))
        for length in range(0, len(body), max(1, len(body) // 40)):
            try:
                made = convert(body[:length], NEED)
            except Unfit:
                continue
            assert io.BytesIO(made.content)
