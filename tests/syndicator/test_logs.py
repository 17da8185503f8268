"""The log: whole lines from any number of processes, files of a bounded size, nothing that steers a terminal."""

import io
import logging
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicator import logs

_log = logging.getLogger("syndicator.sending")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Take the handlers away again."""
    loggers = [logging.getLogger(name) for name in ("syndicator", "platforms", "ledger")]
    before = [(each, list(each.handlers), each.level, each.propagate) for each in loggers]
    yield
    for each, handlers, level, propagate in before:
        each.handlers[:], each.propagate = handlers, propagate
        each.setLevel(level)
    logs._secrets.clear()


def test_a_line_has_its_time_in_utc_how_grave_it_is_the_process_and_the_part(tmp_path: Path) -> None:
    logs.write_to(tmp_path / "data" / "syndicator.log")
    _log.warning("failed on %s", "pond")
    [line] = (tmp_path / "data" / "syndicator.log").read_text().splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ WARNING \[\d+\] sending: failed on pond", line)
    assert (tmp_path / "data" / "syndicator.log").stat().st_mode & 0o777 == 0o600


def test_strangers_words_stay_on_their_line_and_steer_nothing(tmp_path: Path) -> None:
    logs.write_to(tmp_path / "syndicator.log")
    _log.info("posted: %s", "Hello\n2026-01-01T00:00:00Z ERROR [1] x: forged\x1b[2J\u202e\r" + "long " * 10_000)
    [line] = (tmp_path / "syndicator.log").read_text().split("\n")[:-1]
    assert line.isprintable()
    assert len(line) < 1_200
    assert line.endswith("…")


def test_no_secret_gets_in(tmp_path: Path) -> None:
    logs.write_to(tmp_path / "syndicator.log")
    logs.hide("tok-12345678", "short")
    _log.error("refused: Bearer tok-12345678 at https://robin:hunter2@ada.example/feed?t=tok-12345678")
    text = (tmp_path / "syndicator.log").read_text()
    assert "tok-12345678" not in text
    assert "hunter2" not in text
    assert "https://ada.example/feed?t=…" in text


def test_what_others_libraries_say_is_not_in_it(tmp_path: Path) -> None:
    logs.write_to(tmp_path / "syndicator.log")
    logging.getLogger("urllib3").critical("GET /?access_token=abc")
    logging.getLogger().critical("root")
    _log.debug("a step")
    assert not (tmp_path / "syndicator.log").exists()


def test_a_full_file_becomes_an_older_one_and_the_oldest_goes(tmp_path: Path) -> None:
    path = tmp_path / "syndicator.log"
    logs.write_to(path, size=500, files=3)
    for number in range(100):
        _log.info("event %d", number)
    files = [path, *logs.older_files(path, 3)]
    assert sorted(each.name for each in tmp_path.glob("*.log")) == sorted(each.name for each in files)
    assert all(each.stat().st_size <= 500 for each in files)
    kept = [int(line.rpartition(" ")[2]) for each in reversed(files) for line in each.read_text().splitlines()]
    assert kept == list(range(kept[0], 100))


WRITER = """
import logging, sys
from pathlib import Path
from syndicator import logs
logs.write_to(Path(sys.argv[1]), size=3000, files=60)
for number in range(100):
    logging.getLogger("syndicator.run").info("writer %s event %d %s", sys.argv[2], number, "x" * 100)
"""


def test_several_processes_lose_and_tear_no_line(tmp_path: Path) -> None:
    """Though the file is moved away every 17 lines."""
    path = tmp_path / "syndicator.log"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(n)]) for n in range(3)]
    assert [each.wait(120) for each in writers] == [0, 0, 0]
    lines = [line for file in tmp_path.glob("*.log") for line in file.read_text().splitlines()]
    told = [re.fullmatch(r"\S+ INFO \[\d+\] run: writer (\d) event (\d+) x{100}", line) for line in lines]
    assert None not in told
    assert Counter(match.groups() for match in told if match) == Counter(
        (str(w), str(n)) for w in range(3) for n in range(100)
    )
    assert all(file.stat().st_size <= 3000 for file in tmp_path.glob("*.log"))


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a-file").touch()
    logs.write_to(tmp_path / "a-file" / "syndicator.log")
    _log.info("lost")
    (tmp_path / "syndicator.log").mkdir()
    logs.write_to(tmp_path / "syndicator.log")
    _log.info("lost")
    assert capsys.readouterr().err == ""


def test_no_log_is_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.write_to(None)
    _log.error("nobody hears")
    assert capsys.readouterr().err == ""


def test_each_step_is_told_aloud_with_its_time() -> None:
    heard = io.StringIO()
    logs.speak(heard)
    _log.debug("sending to %s", "pond")
    assert re.fullmatch(r" *\d+\.\ds  sending: sending to pond\n", heard.getvalue())


def test_scrubbing_takes_out_lines_of_all_files(tmp_path: Path) -> None:
    path = tmp_path / "syndicator.log"
    logs.write_to(path, size=300)
    for number in range(9):
        _log.info("%s wrote, %d", "Zoë" if number % 2 else "Bob", number)
    logs.scrub(path, lambda line: "Zoë" in line)
    text = "".join(file.read_text() for file in tmp_path.glob("*.log"))
    assert "Zoë" not in text
    assert text.count("Bob") == 5
