"""Makes this process die (SIGKILL) at one of its writes and network calls: the n-th of those that leave a trace.

A trace is what outlives the process: a file that is made, written, cut, renamed or removed, a folder that is made, and
what goes out to a server. Reading leaves none, nor does an fsync (what a killed process wrote is written), nor a pipe
to a child. Of an exchange with a server there are these points: before a part of the request goes out, when half of
that part has, and when the server has done what was asked and its answer has arrived, but nothing of it was read yet.
All of it is caught where Python meets the system (`os`, the raw files of `io`, `socket`), whichever library calls it.

`killed` and `noted` give what a `Desk` runs before its command.
"""

import atexit
import builtins
import io
import json
import os
import select
import signal
import socket
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: When to die: before what leaves a trace, in the middle of it (only where there is one), after it.
MOMENTS = ("before", "within", "after")


def killed(moment: str, number: int) -> str:
    """Python that has its process die at the n-th place of that moment."""
    return _python(f"watch(Passages({moment!r}, {number}))")


def noted(file: Path) -> str:
    """Python that has its process write into a file what it passed, by moment, as JSON."""
    return _python(f"note({str(file)!r})")


def _python(call: str) -> str:
    here = str(Path(__file__).parents[1])
    return f"import sys; sys.path.append({here!r}); from counterparts.kill_points import *; {call}"


def _nothing() -> None:
    pass


class Passages:
    """Counts what leaves a trace, and dies at the n-th; with no moment it only notes what there was, by moment."""

    def __init__(self, moment: str = "", number: int = 0) -> None:
        self.noted: dict[str, list[str]] = {moment: [] for moment in MOMENTS}
        self._moment, self._number = moment, number
        self._count = 0
        self._one_at_a_time = threading.RLock()

    def at(self, what: str, half: Callable[[], object] | None = None, really: Callable[[], Any] = _nothing) -> Any:
        """Pass such a place: do it, unless it is where to die. `half` does the half of it."""
        with self._one_at_a_time:
            self.noted["before"].append(what)
            self.noted["after"].append(what)
            if half:
                self.noted["within"].append(what)
            self._count += half is not None or self._moment != "within"
            mine = self._count == self._number and (half is not None or self._moment != "within")
            if mine and self._moment == "within" and half:
                half()
            if mine and self._moment == "after":
                really()
            if mine and self._moment:
                os.kill(os.getpid(), signal.SIGKILL)
            return really()


def note(file: str) -> None:
    """From now on everything in this process is noted; it is written at the end."""
    opened, passages = open(file, "w", encoding="utf-8"), Passages()  # noqa: PTH123, SIM115 -- ends with the process
    watch(passages)
    atexit.register(lambda: (json.dump(passages.noted, opened), opened.close()))


def watch(passages: Passages) -> None:
    """From now on everything in this process passes there."""
    _watch_names(passages)
    _watch_writing(passages)
    _watch_sockets(passages)


def _watch_names(passages: Passages) -> None:
    def passing(name: str) -> None:
        really = getattr(os, name)

        def wrapped(path: Any, *rest: Any, **named: Any) -> Any:
            if name == "mkdir" and os.path.exists(path):  # noqa: PTH110
                return really(path, *rest, **named)
            return passages.at(f"{name} {_name(path)}", really=lambda: really(path, *rest, **named))

        setattr(os, name, wrapped)

    for name in ("replace", "rename", "unlink", "remove", "mkdir", "rmdir", "link", "symlink", "truncate", "ftruncate"):
        passing(name)


def _watch_writing(passages: Passages) -> None:
    really_open, really_os_open, really_write = io.open, os.open, os.write

    class Raw(io.FileIO):
        def write(self, data: Any) -> int:
            written = memoryview(data).cast("B")
            half = written[: len(written) // 2]
            what = f"write {_name(self.name)}"
            return passages.at(what, lambda: super(Raw, self).write(half), lambda: super(Raw, self).write(written))

    def opened(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **named: Any) -> Any:
        if not set(mode) & set("wax+") or not _is_file(file):
            return really_open(file, mode, buffering, *rest, **named)
        arguments = dict(zip(("encoding", "errors", "newline", "closefd", "opener"), rest, strict=False)) | named
        text = {key: arguments.pop(key, None) for key in ("encoding", "errors", "newline")}

        def make() -> Raw:
            return Raw(file, mode.replace("b", "").replace("t", ""), **arguments)

        makes = not isinstance(file, int) and ("w" in mode or not os.path.exists(file))  # noqa: PTH110
        raw = passages.at(f"make {_name(file)}", really=make) if makes else make()
        if buffering == 0:
            return raw
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, **text)

    def os_opened(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        makes = flags & os.O_TRUNC or (flags & os.O_CREAT and not os.path.exists(path))  # noqa: PTH110
        if not makes or not _is_file(path):
            return really_os_open(path, flags, *rest, **named)
        made: int = passages.at(f"make {_name(path)}", really=lambda: really_os_open(path, flags, *rest, **named))
        return made

    def written(descriptor: int, data: Any) -> int:
        if not _is_file(descriptor):
            return really_write(descriptor, data)
        part = memoryview(data)[: len(data) // 2]
        what = f"write {_name(descriptor)}"
        return passages.at(what, lambda: really_write(descriptor, part), lambda: really_write(descriptor, data))

    io.open = builtins.open = opened  # type: ignore[assignment]
    os.open, os.write = os_opened, written


def _watch_sockets(passages: Passages) -> None:
    asked: set[int] = set()

    def sending(name: str) -> None:
        really = getattr(socket.socket, name)

        def wrapped(self: socket.socket, data: Any, *rest: Any) -> Any:
            if self.family not in (socket.AF_INET, socket.AF_INET6):
                return really(self, data, *rest)
            asked.add(self.fileno())
            half = data[: len(data) // 2]
            what = f"send {_request(bytes(data[:200]))}"
            return passages.at(what, lambda: really(self, half, *rest), lambda: really(self, data, *rest))

        setattr(socket.socket, name, wrapped)

    def receiving(name: str) -> None:
        really = getattr(socket.socket, name)

        def wrapped(self: socket.socket, *given: Any) -> Any:
            if self.fileno() in asked:
                asked.discard(self.fileno())
                seconds = self.gettimeout()
                waiting = select.poll()
                waiting.register(self, select.POLLIN)
                if waiting.poll(None if seconds is None else seconds * 1000):
                    passages.at("an answer")
            return really(self, *given)

        setattr(socket.socket, name, wrapped)

    for name in ("send", "sendall"):
        sending(name)
    for name in ("recv", "recv_into"):
        receiving(name)


def _is_file(where: Any) -> bool:
    """Whether this path or descriptor is a file, or would become one."""
    try:
        return stat.S_ISREG(os.stat(where).st_mode)  # noqa: PTH116 -- or a descriptor
    except FileNotFoundError:
        return True


def _name(where: Any) -> str:
    return Path(f"/proc/self/fd/{where}").readlink().name if isinstance(where, int) else Path(os.fsdecode(where)).name


def _request(start: bytes) -> str:
    """The first line of a request without its query, if this is where one begins."""
    line = start.partition(b"\r\n")[0].split()
    return line[0].decode() + " " + line[1].partition(b"?")[0].decode() if line[2:] == [b"HTTP/1.1"] else "a body"
