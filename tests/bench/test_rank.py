"""The evaluation of the ranking: its arithmetic by hand, and that it runs, on its own set and on somebody's."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[2] / "bench"


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCH / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


ranking = loaded("ranking")


def rank(*options: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, str(BENCH / "rank.py"), *options]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("k", "precision", "recall"),
    [(1, 1, 1 / 3), (2, 1 / 2, 1 / 3), (4, 2 / 4, 2 / 3), (5, 2 / 5, 2 / 3), (10, 2 / 10, 2 / 3), (0, 0, 0)],
)
def test_precision_and_recall_as_reckoned_by_hand(k: int, precision: float, recall: float) -> None:
    """Ranked a b c d e, and good are a, d and one that the ranking does not have."""
    found = ranking.quality(["a", "b", "c", "d", "e"], {"a", "d", "x"}, k)
    assert (found.precision, found.recall) == (pytest.approx(precision), pytest.approx(recall))


def test_without_anything_good_nothing_is_found() -> None:
    assert ranking.quality(["a"], set(), 1) == ranking.Quality(0.0, 0.0)


def test_chance_finds_as_much_as_there_is() -> None:
    """One of four is good: a quarter of the first is, and half of it all is among the first two."""
    assert ranking.of_chance("abcd", {"a"}, 1).precision == pytest.approx(1 / 4, abs=0.1)
    assert ranking.of_chance("abcd", {"a"}, 2).recall == pytest.approx(1 / 2, abs=0.1)
    assert ranking.of_chance("abcd", {"a"}, 4) == ranking.Quality(1 / 4, 1.0)


def test_it_runs_on_its_own_set_and_always_says_the_same() -> None:
    done = rank()
    assert (done.returncode, done.stderr) == (0, "")
    assert [line[:18].strip() for line in done.stdout.splitlines()[3:]] == [
        "judging",
        "newest first",
        "most linked first",
        "chance",
    ]
    assert rank().stdout == done.stdout


def test_it_runs_on_feeds_and_a_list_of_one_s_own(tmp_path: Path) -> None:
    item = "<item><title>On {0}</title><link>https://ada.example/{0}</link><pubDate>{1}</pubDate></item>"
    dates = {"moss": "Sun, 01 Nov 2026 10:00:00 GMT", "trains": "Mon, 02 Nov 2026 10:00:00 GMT"}
    items = "".join(item.format(*each) for each in dates.items())
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    (feeds / "ada.xml").write_text(f'<rss version="2.0"><channel><title>Ada</title>{items}</channel></rss>')
    good = tmp_path / "good.txt"
    good.write_text("# mine\nhttps://www.ada.example/moss/?utm_source=me\nhttps://bob.example/gone\n")
    done = rank("--feeds", str(feeds), "--good", str(good), "--topics", "moss, lichen")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 candidates of 1 feeds" in done.stdout
    assert "1 good links are not among them" in done.stdout
    first = {line[:18].strip(): line[18:].split()[0] for line in done.stdout.splitlines()[4:]}
    assert (first["judging"], first["newest first"]) == ("1.00", "0.00")


def test_feeds_without_a_list_are_wrong_use(tmp_path: Path) -> None:
    assert rank("--feeds", str(tmp_path)).returncode == 2
