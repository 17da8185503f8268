"""Files that are replaced whole: what a killed process left of one does not pile up."""

import os
from pathlib import Path

from syndicator.files import replace_file


def test_a_new_file_that_was_never_put_in_place_is_removed_by_the_next_an_hour_later(tmp_path: Path) -> None:
    path = tmp_path / "sessions.json"
    old, young, other = (tmp_path / name for name in (".sessions.json.a.new", ".sessions.json.b.new", ".mine.a.new"))
    for left in (old, young, other):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    replace_file(path, b"whole")
    assert path.read_bytes() == b"whole"
    assert not old.exists(), "whoever wrote it was killed"
    assert young.exists(), "somebody may be writing it now"
    assert other.exists(), "it is none of ours"
