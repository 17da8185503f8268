"""A process that parses one feed after the other: jobs come on its stdin, answers go to its stdout.

It imports the parser and nothing else of weight. A feed that takes too long ends it: the watchdog is a thread of C, so
it works while a regular expression holds the interpreter, and when nobody is there any more to wait for the answer.
Who starts it, and what becomes of the feed then, is `parsing`'s business.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from syndicator import child
from syndicator.sources.base import Feed, SourceError

_LENGTH = 4  # bytes that say how long a message is, most significant first


class Job(msgspec.Struct, frozen=True):
    """One feed to parse, as `parse.parse` takes it, and the seconds that may take."""

    url: str
    content_type: str
    now: datetime
    body: bytes
    seconds: float


class Answer(msgspec.Struct, frozen=True):
    """A feed; or why there is none (what a SourceError of that `kind` tells); or the traceback of a bug."""

    feed: Feed | None = None
    refused: tuple[str, str, str] | None = None
    kind: str = ""
    bug: str = ""


def answer(job: Job, parse: Callable[..., Feed]) -> Answer:
    """Parse one feed; whatever happens is in the answer."""
    try:
        return Answer(feed=parse(job.body, url=job.url, content_type=job.content_type, now=job.now))
    except SourceError as error:
        refused = (error.subject, error.problem, error.remedy)
        return Answer(refused=refused, kind=type(error).__name__)
    except Exception:  # raised where the run can see it
        return Answer(bug=traceback.format_exc())


def main() -> None:
    """What such a process runs. Imports the parser, which those who only want the messages have no use for."""
    from syndicator.sources.parse import parse

    serve(parse)


def serve(parse: Callable[..., Feed]) -> None:
    """Work until stdin ends, which it does when whoever started this process is gone, however that happened."""
    child.stay_with_parent()
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not fall among the answers
    decoder = msgspec.msgpack.Decoder(Job)
    with Path(os.devnull).open("wb") as nowhere:
        while message := receive(jobs):
            job = decoder.decode(message)
            faulthandler.dump_traceback_later(job.seconds, exit=True, file=nowhere)
            made = msgspec.msgpack.encode(answer(job, parse))
            faulthandler.cancel_dump_traceback_later()
            send(answers, made)


def send(pipe: IO[bytes], message: bytes) -> None:
    """Write one message. Raises OSError when nobody reads any more."""
    pipe.write(len(message).to_bytes(_LENGTH, "big"))
    pipe.write(message)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """Read one message; b"" when the pipe ends before it does."""
    length = int.from_bytes(pipe.read(_LENGTH), "big")
    message = pipe.read(length)
    return message if len(message) == length else b""
