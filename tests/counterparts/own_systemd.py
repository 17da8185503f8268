"""A systemd of a test's own: the real user manager, in a folder of its own, never this machine's or its user's."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MANAGER = next((path for path in ("/usr/lib/systemd/systemd", "/lib/systemd/systemd") if Path(path).exists()), "")
#: It starts only where systemd runs the machine, as it finds out by this folder; here it is shown one of its own.
START = (
    f"mkdir -p /run/systemd && mount -t tmpfs none /run/systemd && mkdir /run/systemd/system && exec {MANAGER} --user"
)


def why_not() -> str:
    """Why there can be none on this machine; "" when there can."""
    if not (MANAGER and shutil.which("systemctl") and shutil.which("unshare")):
        return "no systemd on this machine: install Debian's systemd"
    return "" if os.getuid() == 0 else "a systemd of the test's own needs root, for a view of the files of its own"


@contextmanager
def started(home: Path) -> Iterator[dict[str, str]]:
    """The environment in which `systemctl --user` speaks to a manager that lives in `home`."""
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "DBUS_"))},
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_RUNTIME_DIR": str(runtime),
    }
    (home / "config" / "systemd" / "user").mkdir(parents=True)
    with (home / "manager.log").open("wb") as log:
        manager = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", START],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _wait(environment, manager)
        yield environment
    finally:
        manager.terminate()
        try:
            manager.wait(20)
        except subprocess.TimeoutExpired:
            manager.kill()
            manager.wait()


def _wait(environment: dict[str, str], manager: subprocess.Popen[bytes]) -> None:
    """Until it answers."""
    deadline = time.monotonic() + 30
    ask = ["systemctl", "--user", "show", "--property=Version"]
    while subprocess.run(ask, env=environment, capture_output=True, check=False).returncode:
        if manager.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("systemd's user manager did not start")
        time.sleep(0.05)
