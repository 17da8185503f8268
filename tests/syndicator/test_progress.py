"""What slow stages of a run tell of how far they are."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from counterparts.desk import Desk, item, rss

from platforms.base import Actor, Interaction
from platforms.memory_world import world
from syndicator.progress import stepping
from syndicator.run import run
from syndicator.settings import load
from syndicator.workspace import Workspace


def test_steps_from_many_threads_only_go_up() -> None:
    told: list[tuple[str, int, int]] = []
    step = stepping(lambda *each: told.append(each), "posting", 40)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(40):
            pool.submit(step)
    assert told == [("posting", done, 40) for done in range(41)]


def test_nobody_is_told_of_nothing() -> None:
    told: list[tuple[str, int, int]] = []
    stepping(lambda *each: told.append(each), "posting", 0)()
    stepping(None, "posting", 3)()
    assert told == []


def test_a_run_tells_of_posting_and_asking(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.add("[fetch]\ncheck_links = false\n")
    desk.feed(rss(item(1), item(2)))
    for name in ("pond", "bay"):
        desk.add_account(name, "memory", {"file": f"{name}.jsonl"}, {})
        like = Interaction("like", Actor("bea"), id="1", target=f"memory://{name}/1", at=datetime.now(UTC))
        world(name, str(tmp_path / f"{name}.jsonl")).interact(like)
    told: list[tuple[str, int, int]] = []
    report = run(Workspace(load(desk.settings)), progress=lambda *each: told.append(each))
    assert len(report.outcomes) == 4
    assert [each[1:] for each in told if each[0] == "posting"] == [(done, 4) for done in range(5)]
    assert [each[1:] for each in told if each[0].startswith("asking networks")] == [(0, 2), (1, 2), (2, 2)]
    assert [each[1:] for each in told if each[0].startswith("reading comments")] == [(0, 3), (1, 3), (2, 3), (3, 3)]
