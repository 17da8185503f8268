"""A process of our own ends with the one that started it, and leaves signals to that one."""

import os
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")

#: Starts a process that works for ever, which writes its number, and then waits to be killed.
PARENT = """
import subprocess, time
from syndicator import child
work = "import os; from syndicator import child; child.stay_with_parent(); print(os.getpid(), flush=True)"
subprocess.Popen(child.command(f"{work}; import time; [time.sleep(1) for _ in iter(int, 1)]"))
[time.sleep(1) for _ in iter(int, 1)]
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_outlives_a_signal_and_not_its_parent(number: int) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline())
        os.kill(worker, number)
        with pytest.raises(subprocess.TimeoutExpired):
            parent.communicate(timeout=1)
        os.kill(worker, 0)
        parent.kill()
        parent.communicate(timeout=60)  # both write to the same pipe: it ends when the last of them has ended
