"""Windows: tasks of the elements that Task Scheduler knows. There is no schtasks here: a small fake stands for it."""

import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import timedelta
from pathlib import PureWindowsPath

import pytest

from syndicator.schedule import windows
from syndicator.schedule.base import Job
from tests.syndicator.schedule.jobs import PLAIN, every

#: The elements of the schema, each with those it may hold, in the order that Task Scheduler writes them.
ELEMENTS = {
    "Task": ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"],
    "RegistrationInfo": ["Date", "Author", "Description", "URI"],
    "Triggers": ["TimeTrigger"],
    "TimeTrigger": ["Repetition", "StartBoundary", "EndBoundary", "ExecutionTimeLimit", "Enabled"],
    "Repetition": ["Interval", "Duration", "StopAtDurationEnd"],
    "Principals": ["Principal"],
    "Principal": ["UserId", "LogonType", "RunLevel"],
    "Settings": [
        *("MultipleInstancesPolicy", "DisallowStartIfOnBatteries", "StopIfGoingOnBatteries", "AllowHardTerminate"),
        *("StartWhenAvailable", "RunOnlyIfNetworkAvailable", "IdleSettings", "AllowStartOnDemand", "Enabled", "Hidden"),
        *("RunOnlyIfIdle", "WakeToRun", "ExecutionTimeLimit", "Priority"),
    ],
    "Actions": ["Exec"],
    "Exec": ["Command", "Arguments", "WorkingDirectory"],
}
#: Keeps tasks as files; registers only UTF-16, as the XML says of itself, and answers in the console's bytes.
SCHTASKS = """#!{python}
import pathlib, sys
verb, *words = sys.argv[1:]
given = dict(zip(words[::2], words[1::2]))
task = pathlib.Path(__file__).parent / "tasks" / given["/TN"]
task.parent.mkdir(exist_ok=True)
if verb == "/Create":
    task.write_bytes(pathlib.Path(given["/XML"]).read_bytes().decode("utf-16").encode())
elif not task.exists():
    sys.exit("ERROR: The system cannot find the file specified.")
elif verb == "/Query":
    text = task.read_text("utf-8").replace("\\n", "\\r\\n")
    sys.stdout.buffer.write(text.encode("cp437", "replace"))
elif verb == "/Delete":
    task.unlink()
"""


def the_task(job: Job, user: str = "PC\\Robin") -> ET.Element:
    text = windows.task_text(job, user)
    return ET.fromstring(text.encode("utf-16"))


@pytest.mark.parametrize("user", ["", "PC\\Robin"])
def test_the_task_is_made_of_what_task_scheduler_knows(user):
    for element in the_task(every(45), user).iter():
        name = element.tag.removeprefix(f"{{{windows.SPACE}}}")
        inner = [child.tag.removeprefix(f"{{{windows.SPACE}}}") for child in element]
        known = ELEMENTS.get(name, [])
        assert inner == sorted(inner, key=known.index), f"{name} holds {inner}"


def test_the_words_are_quoted_for_windows():
    program = str(PureWindowsPath("C:\\Users\\Zoë & Co\\syndicator.exe"))
    settings = PureWindowsPath("C:\\Users\\Zoë & Co\\50% <b>\\syndicator.toml")
    job = Job(settings, (program,))  # type: ignore[arg-type]
    found = the_task(job)
    space = {"t": windows.SPACE}
    assert found.findtext("t:Actions/t:Exec/t:Command", namespaces=space) == program
    assert found.findtext("t:Actions/t:Exec/t:Arguments", namespaces=space) == f'--config "{settings}" run'


@pytest.mark.parametrize(("minutes", "text"), [(5, "PT5M"), (30, "PT30M"), (45, "PT45M"), (1440, "PT1440M")])
def test_any_interval_can_be_kept(minutes, text):
    assert f"<Interval>{text}</Interval>" in windows.task_text(every(minutes), "")


def test_a_run_has_the_time_that_it_may_take():
    task = the_task(replace(PLAIN, limit=timedelta(hours=26)))
    assert task.findtext(f".//{{{windows.SPACE}}}ExecutionTimeLimit") == "PT1560M"


@pytest.mark.parametrize("folder", ["blog", "Zoë's 日本 blog?"])
def test_a_task_comes_and_goes(folder, tmp_path, monkeypatch):
    plain = Job(PLAIN.settings.parents[1] / folder / "syndicator.toml", PLAIN.program)
    tool = tmp_path / "schtasks"
    tool.write_text(SCHTASKS.format(python=sys.executable))
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    timers = windows.Windows(user="PC\\Robin")
    assert timers.lacking() == ""
    assert timers.status(plain) is None
    assert [timers.install(plain), timers.install(plain)] == [True, False]
    found = timers.status(plain)
    assert (found.every, found.active, found.current) == (timedelta(minutes=30), True, True)
    assert timers.install(every(45, plain))
    assert timers.status(plain).every == timedelta(minutes=45)
    assert not timers.status(Job(plain.settings, ("/moved/syndicator",))).current
    assert not timers.status(replace(plain, limit=timedelta(hours=3))).current
    assert [timers.remove(plain), timers.remove(plain)] == [True, False]
    assert list((tmp_path / "tasks").iterdir()) == []
