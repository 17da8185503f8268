"""How fast a thousand HTTPS hosts are read, beside a bare urllib3 fetch, feedparser in two processes, and reader.

    python bench/fetch.py [--hosts 1000] [--times 3] [--with-reader]

The hosts are those of `farm`, the contestants those of `contestants`; "run" is the whole command `syndicator run`.
Each looks twice: first at everything, then when 95 % is unchanged; "run" then once more when no source is due, held
against its own start, `syndicator --version`. Printed for each: seconds and CPU seconds (the best of `--times`), both
also as ratios to what they are held against, and the peak memory of all its processes together (proportional set size,
sampled). `--with-reader` installs lemon24/reader into a temporary environment first.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import venv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

from farm import Farm, farm

HERE = Path(__file__).parent
#: Each look with the round of the farm it looks at.
LOOKS = {"first": 0, "steady": 1, "idle": 1}
#: What each look is held against.
YARDSTICKS = {"first": "feedparser", "steady": "bare", "idle": "version"}
SETTINGS = """data = "data"

[me]
name = "Bench"
sites = ["https://bench.example"]
timezone = "UTC"
language = "en"

[[sources]]
kind = "curated"
opml = "hosts.opml"

[accounts.memory]
platform = "memory"
file = "memory.json"

[fetch]
concurrency = 32
allow_private = ["127.0.0.0/8"]
"""


@dataclass(frozen=True)
class Cost:
    """What one look cost: seconds on the clock, CPU seconds of all its processes, and their memory in MB."""

    seconds: float
    cpu: float
    megabytes: float


def main() -> None:
    """Start the farm, let everybody look, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--only", nargs="+", default=["bare", "feedparser", "read", "version", "run"])
    parser.add_argument("--with-reader", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = {"reader": _with_reader(folder)} if options.with_reader else {}
        costs: dict[tuple[str, str], list[Cost]] = {}
        with farm(options.hosts, folder) as hosts:
            (folder / "urls").write_text("\n".join(hosts.urls))
            for number in range(options.times):
                for who in (*options.only, *python):
                    state = folder / f"{who}-{number}"
                    for look, command in _commands(who, state, hosts, python):
                        hosts.publish(LOOKS[look])
                        costs.setdefault((look, who), []).append(_measured(command, hosts))
    _print(costs)


def _commands(who: str, state: Path, hosts: Farm, python: dict[str, str]) -> Iterator[tuple[str, Sequence[str]]]:
    """The command of each look; made when it is wanted."""
    ours = (sys.executable, "-m", "syndicator")
    if who == "version":
        yield "idle", (*ours, "--version")
    elif who == "run":
        _write_settings(state, hosts)
        run = (*ours, "--config", str(state / "syndicator.toml"), "run")
        yield "first", run
        yield "steady", (*run, "--refresh")
        yield "idle", run
    else:
        look = (python.get(who, sys.executable), str(HERE / "contestants.py"), who, str(state.with_name("urls")))
        yield "first", (*look, str(state))
        yield "steady", (*look, str(state))


def _write_settings(folder: Path, hosts: Farm) -> None:
    folder.mkdir()
    (folder / "syndicator.toml").write_text(SETTINGS)
    outlines = "".join(f'<outline type="rss" text="{url}" xmlUrl="{url}"/>' for url in hosts.urls)
    (folder / "hosts.opml").write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')


def _measured(command: Sequence[str], hosts: Farm) -> Cost:
    """Run a command and watch it and its children."""
    environment = {**os.environ, "SSL_CERT_FILE": str(hosts.authorities)}
    start = perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    peaks: list[float] = []
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks))
    watcher.start()
    said = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{said}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, max(peaks, default=0.0))


def _watch(leader: int, peaks: list[float]) -> None:
    """Note the memory of a process and all below it until it ends."""
    while total := sum(_memory(process) for process in _tree(leader)):
        peaks.append(total)
        sleep(0.05)


def _tree(leader: int) -> Iterator[int]:
    yield leader
    try:
        children = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
        threads = [path for path in Path(f"/proc/{leader}/task").iterdir() if path.name != str(leader)]
        for thread in threads:
            children += (thread / "children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _memory(process: int) -> float:
    """The proportional set size of a process in MB; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("Pss:")), 0.0)


def _with_reader(folder: Path) -> str:
    """A Python that has lemon24/reader and nothing of ours."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "reader", "sgmllib3k"], check=True)
    return python


def _print(costs: dict[tuple[str, str], list[Cost]]) -> None:
    print(f"{'look':<7} {'who':<11} {'seconds':>8} {'ratio':>6}   {'CPU s':>7} {'ratio':>6}   {'peak MB':>8}")
    for (look, who), runs in sorted(costs.items(), key=lambda each: list(LOOKS).index(each[0][0])):
        base = costs.get((look, YARDSTICKS[look]), runs)
        seconds, cpu = min(run.seconds for run in runs), min(run.cpu for run in runs)
        clock_ratio = seconds / min(run.seconds for run in base)
        cpu_ratio = cpu / min(run.cpu for run in base)
        peak = max(run.megabytes for run in runs)
        print(f"{look:<7} {who:<11} {seconds:>8.2f} {clock_ratio:>6.2f}   {cpu:>7.2f} {cpu_ratio:>6.2f}   {peak:>8.0f}")


if __name__ == "__main__":
    main()
