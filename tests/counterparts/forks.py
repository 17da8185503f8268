"""Commands as processes of their own, without the time it takes to load the program for each.

One process loads all of the program and what it may use, does nothing with it, and forks for each command: a process
with its own folder, environment, input, outputs and exit code, and every module as it is right after loading. What a
fork can't show (what a start loads, installed scripts, signals from a terminal) is tested with the real programs;
`SYNDICATOR_TEST_FORKS=no` has them for all commands, as has every system but Linux.

This file is both ends: imported it gives orders, run it carries them out. An order has the files of the command's
input and outputs with it, and a pipe that tells the command's process id, then its exit code.
"""

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, NoReturn

BIN = Path(sys.executable).parent
#: What Python reads as it starts and never again, as libraries do while they are loaded.
AT_START = ("PYTHON", "LC_", "LANG", "TERM", "NO_COLOR", "FORCE_COLOR")
#: Of the size of an order: its environment is most of it.
MOST = 1 << 17
LIBRARIES = (
    *("apprise", "atproto", "feedparser", "filelock", "listparser", "mastodon", "msgspec", "PIL.Image", "rapidfuzz"),
    *("regex", "rich.console", "rich.table", "selectolax.lexbor", "tinydb", "tomlkit", "tweepy", "typer", "urllib3"),
    *("idna", "http.cookiejar", "rich.traceback", "typer.rich_utils", "xml.sax.expatreader", "zoneinfo"),
)


def run(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    typed: str = "",
    python: str = "",
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run `syndicator …` or `ledger …` in a folder; `python` is code that comes first, `timeout` is in seconds.

    A fork has all modules loaded: `python` should change attributes of modules and classes, no names others imported.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
        given.write(typed.encode())
        given.seek(0)
        order = {"words": list(words), "folder": str(folder), "environment": dict(environment), "python": python}
        code = _Command(order, (given.fileno(), out.fileno(), told.fileno())).wait(timeout)
        out.seek(0)
        told.seek(0)
        return subprocess.CompletedProcess(list(words), code, out.read().decode(), told.read().decode())


def usable(environment: Mapping[str, str]) -> bool:
    """Whether a fork would find itself as a new process in this environment does."""
    return (
        sys.platform == "linux"
        and os.environ.get("SYNDICATOR_TEST_FORKS") != "no"
        and _at_start(environment) == _at_start(STARTED_WITH)
    )


def _at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in environment.items() if key.startswith(AT_START)}


def environment() -> dict[str, str]:
    """Ours, for a command that is started without a terminal and knows nothing yet."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("SYNDICATOR_")}
    return ours | {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "100", "SYNDICATOR_KEYRING": "off"}


#: What the process starts with that all commands are forks of.
STARTED_WITH = environment()


class _Command:
    """A command under way."""

    def __init__(self, order: Mapping[str, Any], files: tuple[int, int, int]) -> None:
        ours, theirs = os.pipe()
        try:
            socket.send_fds(_loaded(), [json.dumps(order).encode()], [*files, theirs])
        finally:
            os.close(theirs)
        self._answers = os.fdopen(ours)

    def wait(self, timeout: float) -> int:
        with self._answers as answers:
            pid = int(answers.readline())
            late = threading.Timer(timeout, os.kill, (pid, signal.SIGKILL))
            late.start()
            code = int(answers.readline())
        assert late.is_alive(), f"it took more than {timeout} seconds"
        late.cancel()
        return code


@cache
def _loaded() -> socket.socket:
    """The line to the process that is ready to fork; it ends when this one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, __file__, str(theirs.fileno())],
        env=STARTED_WITH,
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    theirs.close()
    atexit.register(lambda: (ours.close(), process.wait(30)))
    return ours


# --- The other end


def _serve(orders: socket.socket) -> None:
    """Carry out orders until there are no more. Nothing here waits for a command, so that one may wait for another."""
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how the processes in between ended
    while True:
        order, files, _, _ = socket.recv_fds(orders, MOST, 4)
        if not order:
            sys.exit()
        if os.fork() == 0:
            orders.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _tell(json.loads(order), files)
        for file in files:
            os.close(file)


def _load() -> None:
    sys.path[0] = str(BIN)  # as for the installed programs
    for name in LIBRARIES:
        import_module(name)
    for package in ("ledger", "platforms", "syndicator"):
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    assert threading.active_count() == 1, "threads do not live on in a fork"
    gc.freeze()  # what is shared by all stays so


def _tell(order: dict[str, Any], files: Sequence[int]) -> None:
    """Start the command, and tell how it ends."""
    *streams, answers = files
    pid = os.fork()
    if pid == 0:
        os.close(answers)
        _carry_out(order, streams)
        sys.exit()
    os.write(answers, f"{pid}\n".encode())
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with suppress(BrokenPipeError):
        os.write(answers, f"{code}\n".encode())
    os._exit(0)


def _carry_out(order: dict[str, Any], streams: Sequence[int]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    program, *words = order["words"]
    sys.argv = [str(BIN / program), *words]
    from syndicator.cli import ledger, main

    try:
        exec(order["python"], {})
        (ledger if program == "ledger" else main).start()
    except SystemExit as ended:
        _leave(0 if ended.code is None else ended.code if isinstance(ended.code, int) else 1)


def _leave(code: int) -> NoReturn:
    """End as Python does, but for taking all modules apart, which lasts longer than most commands."""
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as line:
        _serve(line)
