"""A task of Windows' Task Scheduler, in the XML of its schema 1.2, registered by schtasks.exe.

The elements and their order: https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema-elements
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from syndicator.schedule import intervals, tools
from syndicator.schedule.base import File, Job, ScheduleError, Status, Timer, every_in

SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
#: Any day that has passed: the task repeats from then on.
_FIRST_DAY = "2026-01-01"
_MINUTE = timedelta(minutes=1)


def _user() -> str:
    return "\\".join(filter(None, (os.environ.get(name) for name in ("USERDOMAIN", "USERNAME"))))


@dataclass(frozen=True, slots=True)
class Windows:
    """Tasks of the Task Scheduler. `user` is who they run as, `DOMAIN\\name`; empty: who registers them."""

    name: str = "windows"
    user: str = field(default_factory=_user)

    def lacking(self) -> str:
        """Only Windows has it."""
        return "" if tools.has("schtasks") else "the Task Scheduler of Windows is not on this machine"

    def timer(self, job: Job) -> Timer:
        """The task's XML, and how it is registered."""
        file = Path(f"{job.name}.xml")
        register = ("schtasks", "/Create", "/TN", job.name, "/XML", str(file), "/F")
        notes = ("it runs while you are logged in",)
        return Timer(job.every, (File(file, task_text(job, self.user)),), (register,), notes)

    def install(self, job: Job) -> bool:
        """Register the task, in the place of the one before."""
        if self._registered(job) == _essence(task_text(job, self.user)):
            return False
        timer = self.timer(job)
        with tempfile.TemporaryDirectory() as folder:
            (file,) = timer.files
            written = Path(folder) / file.path
            written.write_bytes(file.text.encode("utf-16"))
            (command,) = timer.commands
            tools.call(*(str(written) if word == str(file.path) else word for word in command))
        return True

    def status(self, job: Job) -> Status | None:
        """What the registered task says. The times that schtasks tells are in the words of each language: left out."""
        found = self._registered(job)
        if found is None:
            return None
        every = every_in(found["Description"])
        wanted = _essence(task_text(replace(job, every=every or job.every), self.user))
        return Status(
            every, found["Enabled"] != "false", f"the task {job.name}", current=not job.program or found == wanted
        )

    def remove(self, job: Job) -> bool:
        """Delete the task."""
        if self._registered(job) is None:
            return False
        tools.call("schtasks", "/Delete", "/TN", job.name, "/F")
        return True

    def _registered(self, job: Job) -> dict[str, str] | None:
        told = tools.ask("schtasks", "/Query", "/TN", job.name, "/XML")
        return None if told is None else _essence(told)


def task_text(job: Job, user: str) -> str:
    """The task as Task Scheduler takes it, to be written in UTF-16."""
    minutes = job.every // _MINUTE
    (minute,) = intervals.times(timedelta(hours=1), job.name).minutes
    start = f"{_FIRST_DAY}T09:{minute:02}:00"
    program, *words = job.command
    tree = _element("Task", {"version": "1.2"}, [
        _element("RegistrationInfo", {}, [_text("Description", job.header)]),
        _element("Triggers", {}, [_element("TimeTrigger", {}, [
            _element("Repetition", {}, [_text("Interval", f"PT{minutes}M"), _text("StopAtDurationEnd", "false")]),
            _text("StartBoundary", start),
            _text("Enabled", "true"),
        ])]),
        _element("Principals", {}, [_element("Principal", {"id": "Author"}, [
            *([_text("UserId", user)] if user else []),
            _text("LogonType", "InteractiveToken"),
            _text("RunLevel", "LeastPrivilege"),
        ])]),
        _element("Settings", {}, [
            *(_text(name, value) for name, value in _SETTINGS.items()),
            _text("ExecutionTimeLimit", f"PT{job.limit_minutes}M"),
            _text("Priority", "7"),
        ]),
        _element("Actions", {"Context": "Author"}, [_element("Exec", {}, [
            _text("Command", program),
            _text("Arguments", subprocess.list2cmdline(words)),
        ])]),
    ])  # fmt: skip
    tree.set("xmlns", SPACE)
    ET.indent(tree)
    return f'<?xml version="1.0" encoding="UTF-16"?>\n{ET.tostring(tree, encoding="unicode")}\n'


#: What is not said here has the value that a task made by hand would have.
_SETTINGS = {
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "StartWhenAvailable": "true",
    "RunOnlyIfNetworkAvailable": "true",
    "Enabled": "true",
}


def _element(name: str, attributes: dict[str, str], children: list[ET.Element]) -> ET.Element:
    element = ET.Element(name, attributes)
    element.extend(children)
    return element


def _text(name: str, text: str) -> ET.Element:
    element = ET.Element(name)
    element.text = text
    return element


#: What tells two tasks apart that matter: Task Scheduler adds and reorders the rest when it registers one.
_ESSENCE = {
    "Description": "RegistrationInfo/Description",
    "Interval": "Triggers/TimeTrigger/Repetition/Interval",
    "Enabled": "Settings/Enabled",
    "ExecutionTimeLimit": "Settings/ExecutionTimeLimit",
    "Command": "Actions/Exec/Command",
    "Arguments": "Actions/Exec/Arguments",
}


#: schtasks answers in the letters of the console, and with question marks for those that it lacks.
_UNSURE = re.compile(r"(?:[^\x20-\x7e\r\n\t]|\?)+")


def _essence(xml: str) -> dict[str, str]:
    """What a task does and when, as sure as schtasks tells it. ScheduleError for what is no task."""
    try:
        root = ET.fromstring(_UNSURE.sub("?", xml[xml.find("<Task") :]))  # noqa: S314  from schtasks or from here
    except ET.ParseError as error:
        raise ScheduleError(f"schtasks tells of a task that can't be read: {error}") from None
    paths = {key: "/".join(f"{{{SPACE}}}{name}" for name in path.split("/")) for key, path in _ESSENCE.items()}
    return {key: root.findtext(path) or "" for key, path in paths.items()}
