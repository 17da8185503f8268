"""Fetches the recordings of a real Mastodon that Mastodon.py's source distribution carries, for the tests of shapes.

Run it as a program, with a Python that has pip. What is there already is not fetched again.
"""

import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".cache" / "mastodon-recordings"


def fetch() -> Path:
    """The folder with the recordings of the locked version."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    version = next(one["version"] for one in packages if one["name"] == "mastodon-py")
    folder = FOLDER / version
    if folder.exists():
        return folder
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as temporary:
        wanted = ["--no-deps", "--no-binary", ":all:", f"Mastodon.py=={version}", "--dest", temporary]
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", *wanted], check=True)
        [archive] = Path(temporary).glob("*.tar.gz")
        unpacked = Path(temporary) / "unpacked"
        with tarfile.open(archive) as file:
            recordings = [one for one in file.getmembers() if "/cassettes/" in one.name and one.name.endswith(".yaml")]
            file.extractall(unpacked, members=recordings, filter="data")
        unpacked.rename(folder)
    return folder


if __name__ == "__main__":
    print(fetch())
