"""What a command asks of the disk and the network, in order, by Debian's strace; and what of it a power cut could undo.

A write counts as safe when the file was synced after it, a new or replaced name when its folder was. What is no loss is
named in `TRANSIENT` and `MARKS`.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CALLS = "openat,creat,mkdir,mkdirat,write,pwrite64,writev,fsync,fdatasync,ftruncate,truncate,rename,renameat,renameat2"
NETWORK = "sendto,sendmsg"
WRITES = {"write", "pwrite64", "writev"}
SYNCS = {"fsync", "fdatasync"}
RENAMES = {"rename", "renameat", "renameat2"}

#: Who is running, who is writing, and what was said of it: of no use after a power cut.
TRANSIENT = re.compile(r"run\.owner|syndicator\.log|.*\.lock")
#: What is made of which entries; one that is lost has its files made anew.
MARKS = {".made.json"}

_LINE = re.compile(r"(\d+) +(.*)")
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)(?:<(.*)>)?.*", re.DOTALL)
_RESUMED = re.compile(r"<\.\.\. \w+ resumed>(.*)")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_DESCRIPTOR = re.compile(r"\d+<([^>]*)>")


def why_not() -> str:
    """Why it can't be had on this machine; "" when it can."""
    if not is_there():
        return "no strace on this machine: install Debian's strace"
    probe = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
    return f"nothing may be traced here: {probe.stderr.strip()}" if probe.returncode else ""


def is_there() -> bool:
    """Whether it is installed; tracing may be forbidden all the same, as in some containers."""
    return bool(shutil.which("strace"))


def tracing(trace: Path) -> Sequence[str]:
    """The words before a command whose calls shall be traced into a file."""
    return ("strace", "-f", "-qq", "-y", "-s", "100000", "-o", str(trace), "-e", f"trace={CALLS},{NETWORK}")


@dataclass(frozen=True)
class Call:
    """One call that succeeded, between `begun` and `done`, which order it among others.

    `path` is the file's or folder's, of a rename the new one; `text` is what was written or sent, `flags` all given.
    """

    name: str
    begun: int
    done: int
    path: Path
    old: Path | None
    text: str
    flags: str


def calls(trace: Path) -> list[Call]:
    """The calls of a trace, in the order in which they were done."""
    unfinished: dict[str, tuple[int, str]] = {}
    found = []
    for number, line in enumerate(trace.read_text("utf-8").splitlines()):
        match = _LINE.fullmatch(line)
        if not match:
            continue
        process, what = match.groups()
        begun = number
        if what.endswith("<unfinished ...>"):
            unfinished[process] = (number, what.removesuffix("<unfinished ...>").rstrip())
            continue
        if resumed := _RESUMED.fullmatch(what):
            begun, start = unfinished.pop(process)
            what = start + resumed[1]
        if call := _call(what, begun, number):
            found.append(call)
    return found


def _call(what: str, begun: int, done: int) -> Call | None:
    match = _CALL.fullmatch(what)
    if not match or int(match[3]) < 0:
        return None
    name, given, _, opened = match.groups()
    texts = [text.encode("latin-1", "replace").decode("unicode_escape") for text in _TEXT.findall(given)]
    if name in RENAMES:
        return Call(name, begun, done, Path(texts[1]), Path(texts[0]), "", "")
    if name in {"openat", "creat"}:
        return Call(name, begun, done, Path(opened or texts[0]), None, "", given)
    if name in {"mkdir", "mkdirat", "truncate"}:
        return Call(name, begun, done, Path(texts[0]), None, "", given)
    descriptor = _DESCRIPTOR.match(given)
    return Call(name, begun, done, Path(descriptor[1] if descriptor else ""), None, texts[0] if texts else "", given)


def losses(done: Sequence[Call], folder: Path) -> Iterator[str]:
    """What of the files below a folder a power cut at the end, or at some moment before, could take away."""
    mine = [call for call in done if call.path.is_relative_to(folder) and not TRANSIENT.fullmatch(call.path.name)]
    for at, call in enumerate(mine):
        later = mine[at + 1 :]
        if call.name in WRITES and not _synced(call.path, later):
            yield f"{call.path} was written and not synced"
        if call.name in RENAMES:
            assert call.old
            earlier = [each for each in mine[:at] if each.path == call.old and each.name in WRITES | SYNCS]
            if not earlier or earlier[-1].name not in SYNCS:
                yield f"{call.path} was replaced by a file that was not synced"
        if _names(call) and call.path.name not in MARKS and not _synced(call.path.parent, later):
            yield f"{call.path} has a name that was not synced"
        if "O_TRUNC" in call.flags and not call.path.name.endswith(".new"):
            yield f"{call.path} was emptied to be written over"
        if call.name in {"truncate", "ftruncate"}:
            yield f"{call.path} was cut"


def _names(call: Call) -> bool:
    """Whether a call gives something a name that is to stay. What is made whole gets its name when it is renamed."""
    if call.name == "openat":
        return "O_CREAT" in call.flags and call.path.suffix == ".jsonl"
    return call.name in RENAMES | {"mkdir", "mkdirat"}


def _synced(path: Path, later: Sequence[Call]) -> bool:
    return any(call.name in SYNCS and call.path == path for call in later)


def synced_between(done: Sequence[Call], write: Call, before: int) -> bool:
    """Whether what a call wrote was synced before the moment."""
    return any(
        call.name in SYNCS and call.path == write.path and write.done < call.begun and call.done < before
        for call in done
    )
