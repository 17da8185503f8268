"""A parser that does what hostile feeds make parsers do: its process dies, never ends, or has a bug."""

import os
import re
import signal
from typing import Any

from syndicator.sources import parse_worker
from syndicator.sources.base import Feed
from syndicator.sources.parse import parse


def sick_parse(body: bytes, **named: Any) -> Feed:
    if b"[die]" in body:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"[hang]" in body:
        re.fullmatch(r"(a|a)*b", "a" * 60)  # for some thousand years, without letting anybody else run
    if b"[bug]" in body:
        raise ZeroDivisionError
    if b"[print]" in body:
        print("some library talks")
    return parse(body, **named)


def main() -> None:
    parse_worker.serve(sick_parse)
