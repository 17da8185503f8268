"""The linkblog on disk: no entry lost or doubled whatever happens."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from filelock import FileLock

from platforms.base import Draft, Login
from platforms.errors import Unreachable
from platforms.linkblog import Linkblog

from .growing_linkblog import read
from .test_linkblog import article, linkblog, share


def test_publishing_again_changes_no_byte(tmp_path: Path, now: datetime) -> None:
    blog = linkblog(tmp_path)
    first = share(blog, article(), now)
    before = read(tmp_path)
    assert share(linkblog(tmp_path), article(), now) == first
    assert read(tmp_path) == before


def test_a_lost_page_is_made_again(tmp_path: Path, now: datetime) -> None:
    blog = linkblog(tmp_path)
    request = blog.prepare(article(), "k", now)
    ref = blog.publish(request)
    whole = read(tmp_path)
    for name in ("index.html", "feed.xml", "feed.json", "archive/1.html"):
        (tmp_path / name).unlink()
    assert linkblog(tmp_path).find(request) == ref
    assert read(tmp_path) == whole


PROCESS = """
import sys
from datetime import datetime
from platforms.base import Draft, Login
from platforms.linkblog import Linkblog

folder, name, at = sys.argv[1:]
blog = Linkblog(Login("links", {"folder": folder, "title": "t"}))
for number in range(15):
    blog.publish(blog.prepare(Draft(f"{name}{number}"), f"{name}{number}", datetime.fromisoformat(at)))
"""


def test_two_processes_at_once_lose_nothing(tmp_path: Path, now: datetime) -> None:
    arguments = [[sys.executable, "-c", PROCESS, str(tmp_path), name, now.isoformat()] for name in "ab"]
    running = [subprocess.Popen(argument) for argument in arguments]
    assert [process.wait(60) for process in running] == [0, 0]
    keys = {link["key"] for link in json.loads((tmp_path / "links.json").read_text("utf-8"))["links"]}
    assert keys == {f"{name}{number}" for name in "ab" for number in range(15)}
    assert len(json.loads((tmp_path / "feed.json").read_text("utf-8"))["items"]) == 30


KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from platforms.base import Draft, Login
from platforms.linkblog import Linkblog

folder, deaths, at = sys.argv[1], int(sys.argv[2]), sys.argv[3]
replaced = 0

def audit(event, arguments):
    global replaced
    if event == "os.rename":
        replaced += 1
        if replaced == deaths:
            os.kill(os.getpid(), 9)

sys.addaudithook(audit)
blog = Linkblog(Login("links", {"folder": folder, "title": "t"}))
blog.publish(blog.prepare(Draft("second"), "2", datetime.fromisoformat(at)))
"""


@pytest.mark.parametrize("death", range(1, 7))
def test_killed_before_any_file_is_in_place_the_next_call_completes(tmp_path: Path, now: datetime, death: int) -> None:
    share(linkblog(tmp_path, title="t"), Draft("first"), now, "1")
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(death), now.isoformat()], check=False)
    assert done.returncode == -9
    blog = linkblog(tmp_path, title="t")
    request = blog.prepare(Draft("second"), "2", now)
    assert (blog.find(request) is not None) == (death > 1)
    blog.publish(request)
    for name in ("index.html", "feed.xml", "feed.json", "links.json", "archive/1.html"):
        assert (tmp_path / name).read_text("utf-8").count("second") >= 1
    assert len(json.loads((tmp_path / "links.json").read_text("utf-8"))["links"]) == 2


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "{",
        '{"links": []}',
        '{"version": 1, "id": "u", "links": [{"key": 1}]}',
        '{"version": 1, "id": "u", "links": 0}',
    ],
)
def test_a_damaged_list_is_left_alone(tmp_path: Path, now: datetime, damaged: str) -> None:
    (tmp_path / "links.json").write_text(damaged, "utf-8")
    with pytest.raises(Unreachable, match="damaged and was left alone"):
        share(linkblog(tmp_path), article(), now)
    assert read(tmp_path) == {"links.json": damaged.encode()}


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "public").write_text("a file")
    with pytest.raises(Unreachable, match="choose another `folder`"):
        share(linkblog(tmp_path / "public"), article(), now)


def test_an_account_without_a_folder_says_what_to_add(now: datetime) -> None:
    with pytest.raises(Unreachable, match=r"under \[accounts.links\]"):
        share(Linkblog(Login("links")), article(), now)


def test_another_writer_is_waited_for_and_then_named(tmp_path: Path, now: datetime) -> None:
    with FileLock(tmp_path / ".lock"), pytest.raises(Unreachable, match="another process"):
        share(linkblog(tmp_path, timeout=0.01), article(), now)
