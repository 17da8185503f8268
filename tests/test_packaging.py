"""What is installed and deployed: the packages' contents, the image's recipe and the server's units."""

import re
import shutil
import subprocess
import tarfile
import zipfile
from datetime import timedelta
from fnmatch import fnmatch
from pathlib import Path

import pytest

from syndicator import timebox
from syndicator.settings import Settings

ROOT = Path(__file__).parents[1]
UV = ROOT / ".cache" / "uv" / "bin" / "uv"
PACKAGES = ("syndicator", "platforms", "ledger")

needs_uv = pytest.mark.skipif(not UV.exists(), reason="made by `python3 bootstrap.py`: .cache/uv")


def build(source: Path, out: Path, *options: str) -> Path:
    """Build with what is installed here, without a network; the only file made."""
    command = [str(UV), "build", "--quiet", "--offline", "--no-build-isolation", "--python", str(ROOT / ".venv")]
    subprocess.run([*command, *options, "--out-dir", str(out), str(source)], check=True, capture_output=True)
    [made] = [file for file in out.iterdir() if file.name != ".gitignore"]
    return made


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build(ROOT, folder / "made", "--sdist")) as archive:
        archive.extractall(folder, filter="data")
    [unpacked] = folder.glob("syndicator-*")
    return unpacked


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the wheel."""
    return contents(build(ROOT, tmp_path_factory.mktemp("wheel"), "--wheel"))


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tracked() -> set[str]:
    """The files of the repository."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not in a git checkout")
    return {name for name in done.stdout.splitlines() if (ROOT / name).exists()}


@needs_uv
def test_the_wheel_has_the_program_and_its_data_and_nothing_else(wheel: dict[str, bytes]) -> None:
    info = next(name.partition("/")[0] for name in wheel if ".dist-info/" in name)
    assert {name.partition("/")[0] for name in wheel} == {*PACKAGES, info}
    code = {name for name in tracked() if name.startswith(PACKAGES)}
    data = {f"syndicator/{name}" for name in tracked() if name.startswith("config/")}
    assert {name for name in wheel if not name.startswith(info)} == code | data
    assert {f"{package}/py.typed" for package in PACKAGES} <= code
    scripts = wheel[f"{info}/entry_points.txt"].decode()
    assert "syndicator = syndicator.cli.main:start" in scripts
    assert "ledger = syndicator.cli.ledger:start" in scripts
    assert f"{info}/licenses/LICENSE" in wheel


@needs_uv
def test_the_source_distribution_is_the_repository(sdist: Path) -> None:
    found = {str(file.relative_to(sdist)) for file in sdist.rglob("*") if file.is_file()}
    assert found == tracked() | {"PKG-INFO"}


@needs_uv
def test_the_source_distribution_makes_the_same_wheel(sdist: Path, wheel: dict[str, bytes], tmp_path: Path) -> None:
    again = contents(build(sdist, tmp_path, "--wheel"))
    assert {name: data for name, data in again.items() if not name.endswith("RECORD")} == {
        name: data for name, data in wheel.items() if not name.endswith("RECORD")
    }


# --- The image


def recipe() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile with their arguments."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def in_image(name: str) -> bool:
    """Whether .dockerignore lets a file into the build; of the rules that match, the last one counts."""
    taken = True
    for rule in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = rule.removeprefix("!").rstrip("/")
        if rule and not rule.startswith("#") and any(fnmatch(part, pattern) for part in _prefixes(name)):
            taken = rule.startswith("!")
    return taken


def _prefixes(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[: end + 1]) for end in range(len(parts))]


def test_the_image_is_made_of_all_that_the_package_needs() -> None:
    copied = {
        source.removeprefix("./").rstrip("/")
        for word, rest in recipe()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert copied == {"pyproject.toml", "uv.lock", "README.md", "LICENSE", "config", *PACKAGES}
    assert all((ROOT / name).exists() for name in copied)
    assert all(in_image(name) for name in tracked() if name.startswith((*PACKAGES, "config/")))


@pytest.mark.parametrize(
    "name",
    ["data/secrets.toml", "config/data/state.jsonl", "syndicator.toml", ".git/config", ".venv/bin/uv", "secrets.env"],
)
def test_nothing_private_gets_into_the_image(name: str) -> None:
    assert not in_image(name)


def test_the_image_runs_as_nobody_special_on_a_python_that_is_supported() -> None:
    instructions = recipe()
    bases = [rest.split()[0] for word, rest in instructions if word == "FROM"]
    oldest = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert oldest
    assert bases == [f"python:{oldest[1]}-slim"] * 2
    last = dict(instructions)  # the last of each kind
    assert last["USER"] == "syndicator"
    assert last["ENTRYPOINT"] == '["syndicator"]'
    assert "SYNDICATOR_CONFIG=/data/syndicator.toml" in last["ENV"]


# --- The server


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here: install Debian's systemd")
def test_the_servers_units_are_what_systemd_wants(tmp_path: Path) -> None:
    """Verified with a program that is there; the exposure is systemd's own reckoning, from 0 (none) to 10."""
    for unit in (ROOT / "deploy").iterdir():
        text = unit.read_text(encoding="utf-8").replace("/opt/syndicator/bin/syndicator", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = [str(tmp_path / name) for name in ("syndicator.service", "syndicator.timer")]
    verified = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", units[0]],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert judged.returncode == 0, judged.stdout


def test_the_servers_unit_gives_a_run_the_time_that_it_may_take() -> None:
    text = (ROOT / "deploy" / "syndicator.service").read_text(encoding="utf-8")
    minutes = re.search(r"^TimeoutStartSec=(\d+)min$", text, re.MULTILINE)
    assert minutes
    assert timebox.at_most(Settings().run.budget, Settings().fetch.timeout) <= timedelta(minutes=int(minutes[1]))
    assert "SuccessExitStatus=130 143\n" in text
