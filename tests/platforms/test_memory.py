"""The network in memory: its world is shared, its file outlives the process, and it is as forgetful as the plainest."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from platforms.base import Actor, Draft, Interaction, Login
from platforms.errors import Unreachable
from platforms.memory import Memory, forget, world


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "world" / "memory.jsonl")


def test_a_request_published_twice_is_there_twice_so_that_find_has_to_prevent_it(file: str, now: datetime) -> None:
    adapter = Memory(Login("demo", {"file": file}))
    request = adapter.prepare(Draft("hello"), "k", now)
    first, second = adapter.publish(request), adapter.publish(request)
    assert first != second
    assert [post["text"] for post in world("demo", file).posts()] == ["hello", "hello"]
    assert adapter.find(request) == first


def test_accounts_have_worlds_of_their_own(now: datetime) -> None:
    adapter = Memory(Login("one"))
    adapter.publish(adapter.prepare(Draft("hello"), "k", now))
    assert world("two").posts() == []
    forget("one")
    assert world("one").posts() == []


def test_the_file_outlives_the_process(file: str, now: datetime) -> None:
    program = (
        "import sys, os; from datetime import datetime; from platforms.memory import Memory;"
        "from platforms.base import Draft, Login;"
        "m = Memory(Login('demo', {'file': sys.argv[1]}));"
        "m.publish(m.prepare(Draft('from another process'), 'k', datetime.fromisoformat(sys.argv[2])));"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program, file, now.isoformat()], check=False)
    assert done.returncode == -9
    adapter = Memory(Login("demo", {"file": file}))
    ref = adapter.find(adapter.prepare(Draft("from another process"), "k", now))
    assert ref is not None
    assert ref.url == f"memory://demo/{ref.id}"


def test_a_line_torn_by_a_crash_costs_only_itself(file: str, now: datetime) -> None:
    adapter = Memory(Login("demo", {"file": file}))
    adapter.publish(adapter.prepare(Draft("first"), "1", now))
    with Path(file).open("ab") as world_file:
        world_file.write(b'\n{"act": "post", "id": "to')
    adapter.publish(adapter.prepare(Draft("second"), "2", now))
    assert [post["text"] for post in world("demo", file).posts()] == ["first", "second"]


def test_a_file_that_cannot_be_written_is_unreachable_and_says_what_to_do(tmp_path: Path, now: datetime) -> None:
    adapter = Memory(Login("demo", {"file": str(tmp_path)}))  # a folder
    with pytest.raises(Unreachable, match="choose another `file`"):
        adapter.publish(adapter.prepare(Draft("hello"), "k", now))


def test_scripted_interactions_are_reported_once_page_by_page(file: str, now: datetime) -> None:
    acts = [Interaction("like", Actor(f"fan{n}"), id=str(n), at=now + timedelta(minutes=n)) for n in range(90)]
    for act in acts:
        world("demo", file).interact(act)
    read, cursor, more = [], None, True
    while more:
        page = Memory(Login("demo", {"file": file})).interactions(cursor)
        read += page.interactions
        cursor, more = page.cursor, page.more
    assert read == acts
    untimed = Interaction("follow", Actor("late", name="Late", bot=True))
    world("demo", file).interact(untimed)
    assert Memory(Login("demo", {"file": file})).interactions(cursor).interactions == (untimed,)
