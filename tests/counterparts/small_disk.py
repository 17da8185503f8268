"""A disk of its own that is soon full; to be had where a tmpfs may be mounted, which needs root."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(size: str, otherwise: str) -> Iterator[Path]:
    """The folder of an empty disk of that size (`64k`, `1m`); skips with what to look at `otherwise`."""
    folder = Path(tempfile.mkdtemp(prefix="disk-"))
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    if not mount or subprocess.run(command, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip(f"mounting a small tmpfs needs root; {otherwise}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()
