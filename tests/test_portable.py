"""What Windows lacks is used only where the system was asked for: read from the code, since no test here runs there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = [path for package in ("platforms", "ledger", "syndicator") for path in sorted((ROOT / package).rglob("*.py"))]

#: Modules of the standard library, and names in them, that Python's documentation marks "Availability: Unix".
MODULES = {"curses", "fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"}
_OF_OS = """
WEXITSTATUS chown chroot ctermid fchdir fchmod fchown fork forkpty getegid geteuid getgid getgroups getloadavg getpgid
getpgrp getresuid getsid getuid initgroups killpg lchown lockf mkfifo mknod nice openpty posix_fadvise posix_spawn pread
pwrite sched_getaffinity sched_yield sendfile setegid seteuid setgid setpgid setsid setuid statvfs sync tcgetpgrp
ttyname uname wait wait3 wait4 waitid O_ASYNC O_CLOEXEC O_DIRECTORY O_DSYNC O_NOCTTY O_NOFOLLOW O_NONBLOCK O_SYNC
"""
_OF_SIGNAL = """
SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2 SIGWINCH alarm pause pthread_kill
pthread_sigmask setitimer siginterrupt sigpending sigwait
"""
NAMES = {
    "os": set(_OF_OS.split()),
    "signal": set(_OF_SIGNAL.split()),
    "time": {"tzset", "clock_settime"},
    "select": {"poll", "epoll", "kqueue"},
    "socket": {"AF_UNIX"},
}
_ASKED = re.compile(r"sys\.platform|os\.name|hasattr\(|getattr\(")
_PLACE = re.compile(r"/(?:dev|proc|etc|run|tmp|var|usr)/")
_FORMAT = re.compile(r"%[-_^#][A-Za-z]|%[sEOPklGVhnDeRTF](?![A-Za-z(])")
#: Files that are about one system, and are run on it alone or write what it reads.
OF_ONE_SYSTEM = {"cron.py", "launchd.py", "systemd.py", "github.py"}


def unguarded(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and name of each use that nothing around or before it asks the system for."""
    yield from _look(tree.body, asked=False)


def _look(body: list[ast.stmt], *, asked: bool) -> Iterator[tuple[int, str]]:
    for statement in body:
        yield from _within(statement, asked=asked)
        leaves = isinstance(statement, ast.If) and isinstance(statement.body[-1], (ast.Return, ast.Raise))
        asked = asked or (leaves and _asks(statement.test))  # `if …: return`, and the rest is of the other systems


def _within(node: ast.AST, *, asked: bool) -> Iterator[tuple[int, str]]:
    if not asked and (found := _of_unix(node)):
        yield node.lineno, found
    asked = asked or (isinstance(node, (ast.If, ast.IfExp, ast.BoolOp)) and _asks(node))
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield from _look(value, asked=asked)
        else:
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, ast.AST):
                    yield from _within(inner, asked=asked)


def _asks(node: ast.AST) -> bool:
    return _ASKED.search(ast.unparse(getattr(node, "test", node))) is not None


def _of_unix(node: ast.AST) -> str:
    """What is of Unix here; "" for nothing."""
    if isinstance(node, ast.Import):
        return ", ".join(sorted({alias.name.partition(".")[0] for alias in node.names} & MODULES))
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        names = {alias.name for alias in node.names} & NAMES.get(module, set())
        return module if module in MODULES else ", ".join(sorted(names))
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return ast.unparse(node) if node.attr in NAMES.get(node.value.id, set()) else ""
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "strftime":
        return next(
            (each.value for each in node.args if isinstance(each, ast.Constant) and _FORMAT.search(each.value)), ""
        )
    return ""


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import fcntl", ["fcntl"]),
        ("from signal import SIGKILL", ["SIGKILL"]),
        ("def f():\n    return os.getuid()", ["os.getuid"]),
        ("now.strftime('%-d %B')", ["%-d %B"]),
        ("now.strftime('%Y-%m-%d %H:%M:%S %a %b UTC')", []),
        ("import sys\nif sys.platform != 'win32':\n    import fcntl", []),
        ("uid = os.getuid() if hasattr(os, 'getuid') else 0", []),
        ("def f():\n    if os.name == 'nt':\n        return 0\n    return os.getuid()", []),
        ("def f():\n    if cold:\n        return 0\n    return os.getuid()", ["os.getuid"]),
        ("if os.name == 'nt':\n    pass\nos.fork()", ["os.fork"]),
    ],
)
def test_it_sees_what_is_unguarded(code: str, found: list[str]) -> None:
    assert [name for _, name in unguarded(ast.parse(code))] == found


def test_nothing_of_unix_is_used_where_it_may_not_be() -> None:
    assert len(PRODUCT) > 300
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in PRODUCT
        for line, name in unguarded(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert wrong == []


def test_no_file_of_a_unix_is_named_outside_what_is_about_one() -> None:
    """Not even the null device: `os.devnull` is that everywhere."""
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
        for path in PRODUCT
        if path.name not in OF_ONE_SYSTEM
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _PLACE.match(node.value)
    ]
    assert [each for each in wrong if not each.endswith(("/etc/localtime", "/run/user/"))] == []
