"""A run that finds nothing to do writes that it was, and nothing else."""

import json
from pathlib import Path

from counterparts.desk import Desk, item, rss


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {str(path): (path.stat().st_ino, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


def test_only_the_run_itself_is_noted(tmp_path):
    desk = Desk(tmp_path)
    desk.feed(rss(item(1)))
    desk.add_account("links", "linkblog", {"folder": "public"}, {})
    desk.run("run")
    before = files(tmp_path)
    desk.run("run")
    after = files(tmp_path)

    changed = {Path(name).relative_to(tmp_path).as_posix() for name in after if after[name] != before.get(name)}
    assert {name for name in changed if "syndicator.log" not in name and "backups/" not in name} == {"data/state.jsonl"}
    state = str(tmp_path / "data" / "state.jsonl")
    assert after[state][1].startswith(before[state][1])
    told = [json.loads(line) for line in after[state][1][len(before[state][1]) :].splitlines()]
    assert sorted(name for line in told for name in line) == ["runs", "sources"]
