"""Pictures are made ready in a process of their own: what hangs or crashes there costs its picture alone."""

import subprocess
import sys
from pathlib import Path

import pytest
from counterparts.pictures import many_scans, picture

from platforms.abilities import Picture
from syndicator.pictures.base import Need, NoPicture
from syndicator.pictures.convert import convert
from syndicator.pictures.worker import PROGRAM, make

ROOT = Path(__file__).parents[3]
NEED = Need(("image/jpeg", "image/png"), 1_000_000, 1200 * 1200, 1200)


def test_the_process_gives_what_converting_here_gives() -> None:
    assert make(picture(), NEED) == convert(picture(), NEED)
    assert make(b"<svg>", NEED) == NoPicture("it is a drawing (SVG), which networks don't take")


def test_one_that_takes_minutes_is_given_up() -> None:
    """A JPEG of two megabytes, with 40,000 scans of 36 million pixels each."""
    made = make(many_scans(), NEED, seconds=1)
    assert isinstance(made, NoPicture)
    assert "too long" in made.reason


@pytest.mark.parametrize(
    "sickness", ["import os; os.kill(os.getpid(), 9)", "raise SystemExit(3)", "print('what is this')", "import nothing"]
)
def test_a_process_that_dies_or_raves_costs_its_picture_alone(sickness: str) -> None:
    made = make(picture(), NEED, program=sickness)
    assert isinstance(made, NoPicture)
    assert "crashed" in made.reason


def test_whatever_goes_wrong_in_it_is_told_in_words() -> None:
    broken = f"from syndicator.pictures import convert; convert.convert = lambda *_: 1 / 0; {PROGRAM}"
    assert make(picture(), NEED, program=broken) == NoPicture(
        "it can't be made ready (ZeroDivisionError: division by zero)"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit memory in other ways, or not at all")
def test_its_memory_is_limited() -> None:
    greedy = "from syndicator.pictures import convert; convert.convert = lambda *_: bytes(4_000_000_000)"
    made = make(picture(), NEED, program=f"{greedy}; {PROGRAM}")
    assert made == NoPicture("it can't be made ready (MemoryError: )")


def test_the_program_itself_never_loads_the_decoder() -> None:
    lines = (
        "import sys",
        "body = bytes.fromhex(sys.argv[1])",
        "from syndicator import run",
        "from syndicator.pictures.base import Need",
        "from syndicator.pictures.worker import make",
        "made = make(body, Need(('image/jpeg',), 10**6, 10**6, 1200))",
        "print(made.type, 'PIL' in sys.modules)",
    )
    body = picture(size=(70, 70)).hex()
    done = subprocess.run([sys.executable, "-c", "\n".join(lines), body], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "image/jpeg False\n", done.stderr
    assert isinstance(make(bytes.fromhex(body), NEED), Picture)
