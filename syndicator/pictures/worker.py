"""Makes one picture ready in a process of its own: one that hangs or crashes costs itself and nothing else.

The process starts in about a tenth of a second, which a picture for a post is worth; the program itself never loads
Pillow. It ends itself when its time is over, also when nobody waits for it any more: the watchdog is a thread of C.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from platforms.abilities import Picture
from syndicator import child
from syndicator.pictures.base import Need, NoPicture

#: What the process runs, and the seconds it has for one picture.
PROGRAM = "from syndicator.pictures.worker import main; main()"
SECONDS = 20.0

#: Bytes of address space: what the largest picture needs, and no more.
_MEMORY = 2_000_000_000


class Job(msgspec.Struct, frozen=True):
    """A picture to make ready, as `convert` takes it, and the seconds that may take."""

    body: bytes
    need: Need
    seconds: float


class Made(msgspec.Struct, frozen=True):
    """What came of it: the picture, or why there is none."""

    picture: Picture | None = None
    unfit: str = ""


def make(body: bytes, need: Need, seconds: float = SECONDS, program: str = PROGRAM) -> Picture | NoPicture:
    """The picture as it is needed, without alternative text."""
    job = msgspec.msgpack.encode(Job(body, need, seconds))
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            child.command(program), input=job, capture_output=True, timeout=seconds + 5, check=False
        )
        made = msgspec.msgpack.decode(done.stdout, type=Made)
    except subprocess.TimeoutExpired:
        return NoPicture(f"it can't be made ready within {seconds:g} s", hopeless=True)
    except msgspec.DecodeError:  # it ended without an answer
        return NoPicture("it can't be made ready: it takes too long, or the process that tried crashed", hopeless=True)
    return made.picture or NoPicture(made.unfit)


def main() -> None:
    """What the process runs."""
    child.stay_with_parent()
    job = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Job)
    _limit_memory()
    with Path(os.devnull).open("wb") as nowhere:
        faulthandler.dump_traceback_later(job.seconds, exit=True, file=nowhere)
        made = _made(job)
        faulthandler.cancel_dump_traceback_later()
    sys.stdout.buffer.write(msgspec.msgpack.encode(made))


def _made(job: Job) -> Made:
    from syndicator.pictures.convert import Unfit, convert

    try:
        return Made(convert(job.body, job.need))
    except Unfit as unfit:
        return Made(unfit=str(unfit))
    except Exception as error:  # a post is worth more than its picture, whatever is wrong with that or with us
        return Made(unfit=f"it can't be made ready ({type(error).__name__}: {error})"[:300])


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(OSError, ValueError):  # some systems know no such limit
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
