"""`syndicator schedule`: the timer that starts runs: install it, look at it, take it away."""

from __future__ import annotations

import shlex
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syndicator.cli import completing
from syndicator.cli.app import (
    MISUSED,
    App,
    JsonOption,
    fail,
    load_settings,
    mention,
    new_app,
    settings_path,
    show,
    show_json,
    tell,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

    from syndicator.schedule.base import Backend, Job, Status, Timer

_BACKENDS = ("systemd", "cron", "launchd", "windows", "github")

EveryOption = Annotated[str, typer.Option("--every", metavar="SPAN", help="From run to run: 5m to 1d.")]
BackendOption = Annotated[
    str,
    typer.Option(
        "--backend",
        metavar="NAME",
        autocompletion=completing.one_of(*_BACKENDS),
        help="systemd, cron, launchd, windows or github; else this machine's best.",
    ),
]
PrintOption = Annotated[bool, typer.Option("--print", help="Show what would be installed; change nothing.")]
PackageOption = Annotated[
    str, typer.Option("--package", metavar="SPEC", help="For github: what pip shall install there.")
]
USUAL = "30m"


def register(app: App) -> None:
    """Add the group and its verbs."""
    schedule = new_app("The timer that starts `syndicator run`, and whether there is one.", default=overview)
    for verb in (install, status, remove):
        schedule.command()(verb)
    app.add_typer(schedule, name="schedule")


def overview(
    ctx: typer.Context,
    every: EveryOption = USUAL,
    backend: BackendOption = "",
    package: PackageOption = "",
    only_show: PrintOption = False,
    as_json: JsonOption = False,
) -> None:
    """Tell whether a timer is installed; with `--print`, show what `install` would."""
    if only_show:
        install(ctx, every, backend, package, only_show=True)
    else:
        status(ctx, as_json=as_json)


def install(
    ctx: typer.Context,
    every: EveryOption = USUAL,
    backend: BackendOption = "",
    package: PackageOption = "",
    only_show: PrintOption = False,
) -> None:
    """Have `syndicator run` started again and again. Installing it twice changes nothing."""
    from syndicator.cli.progress import working
    from syndicator.schedule import intervals
    from syndicator.schedule.job import is_passing, job, set_here
    from syndicator.times import span_text

    try:
        wanted = job(load_settings(ctx), intervals.read(every), package)
    except ValueError as error:
        fail(str(error), MISUSED)
    chosen = _chosen(backend)
    timer = chosen.timer(wanted)
    if only_show:
        _print(timer)
    else:
        if lacking := chosen.lacking():
            fail(f"{lacking}; `--print` shows what would be installed")
        with working("installing the timer"):
            changed = chosen.install(wanted)
        same = "" if changed else "; nothing changed"
        show(f"{chosen.name}: a run every {span_text(timer.every)}, by {_places(timer)}{same}")
        _tell_of_others(wanted, chosen.name)
    for note in timer.notes:
        mention(f"note: {note}")
    if chosen.name == "github":
        return
    if is_passing(wanted.command):
        tell(f"note: {wanted.command[0]} may be cleared away one day; install Syndicator for good, and do this again")
    for variable in set_here(wanted):
        tell(f"note: {variable} is set here, but no timer will see it; `syndicator login` keeps a credential for good")


def status(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Tell whether a timer is installed, how often it runs, when it did last and will next. Exit code 1 if none is."""
    from syndicator.schedule.backends import every_kind
    from syndicator.schedule.base import ScheduleError

    job, zone = _job_to_look_at(ctx)
    found, problems = [], []
    for kind in every_kind():
        try:
            fares = kind.status(job)
        except ScheduleError as error:  # one kind that can't be asked does not hide the others
            problems.append(f"{kind.name}: {error}")
            continue
        if fares:
            found.append((kind.name, fares))
    if as_json:
        timers = [_document(name, fares) for name, fares in found]
        show_json({"settings": str(job.settings), "installed": bool(found), "timers": timers, "problems": problems})
    else:
        show(*_lines(found, zone), *problems)
    if problems or not found or any(fares.active is False for _, fares in found):
        raise typer.Exit(1)


def remove(ctx: typer.Context, backend: BackendOption = "") -> None:
    """Take the timer away, with all that belongs to it; without `--backend`, of whatever kind it is."""
    from syndicator.schedule.backends import every_kind
    from syndicator.schedule.job import named

    job = named(settings_path(ctx))
    kinds = [_chosen(backend)] if backend else every_kind()
    removed = [kind.name for kind in kinds if kind.remove(job)]
    show(*(f"{name}: removed" for name in removed))
    if not removed:
        show("no timer was installed")
    if "github" in removed:
        tell("note: commit and push that; the branch with the state is still there")


def _job_to_look_at(ctx: typer.Context) -> tuple[Job, tzinfo | None]:
    """The job and the owner's zone; of settings that can't be used, as much as a timer is found by."""
    from syndicator.schedule.job import job, named
    from syndicator.settings import SettingsError

    try:
        settings = load_settings(ctx)
        return job(settings), settings.me.timezone
    except SettingsError as error:
        tell(f"note: {error}")
        return named(settings_path(ctx)), None


def _tell_of_others(job: Job, but: str) -> None:
    """A second timer of another kind is no harm, and seldom meant."""
    from syndicator.schedule.backends import every_kind
    from syndicator.schedule.base import ScheduleError

    for kind in every_kind():
        with suppress(ScheduleError):
            if kind.name != but and kind.status(job):
                tell(f"note: {kind.name} runs it too; `syndicator schedule remove --backend {kind.name}` ends that")


def _chosen(name: str) -> Backend:
    from syndicator.schedule.backends import BACKENDS, backend, best

    if name and name not in BACKENDS:
        fail(f"no backend {name!r}; choose one of: {', '.join(sorted(BACKENDS))}", MISUSED)
    return backend(name) if name else best()


def _print(timer: Timer) -> None:
    """What would be written, on stdout; where to, and what would be done then, on stderr."""
    tell(f"would write {_places(timer)}")
    for file in timer.files:
        show(*([f"# {file.path}"] if len(timer.files) > 1 else []), file.text.rstrip("\n"))
    if timer.text:
        show(timer.text.rstrip("\n"))
    for command in timer.commands:
        tell(f"would run {shlex.join(command)}")


def _places(timer: Timer) -> str:
    return timer.place or ", ".join(str(file.path) for file in timer.files)


def _document(name: str, fares: Status) -> dict[str, Any]:
    from syndicator.times import span_text

    return {
        "backend": name,
        "every": span_text(fares.every) if fares.every else None,
        "active": fares.active,
        "last": fares.last,
        "next": fares.next,
        "place": fares.place,
        "current": fares.current,
        "notes": list(fares.notes),
    }


def _lines(found: list[tuple[str, Status]], zone: tzinfo | None) -> Iterator[str]:
    """One paragraph for each timer."""
    from syndicator.times import span_text

    if not found:
        yield "no timer is installed; `syndicator schedule install` makes one"
    for name, fares in found:
        how = f"every {span_text(fares.every)}" if fares.every else "at times that can't be told"
        yield f"{name}: {how}{'' if fares.active is not False else ', but it is stopped'}, by {fares.place}"
        if fares.last or fares.next:
            yield f"  last run {_when(fares.last, zone)}, next {_when(fares.next, zone)}"
        if not fares.current:
            since = "the program, or how long a run may take, has changed since"
            yield f"  {since}: do `{fares.anew(name)}`"
        yield from (f"  {note}" for note in fares.notes)
    if len(found) > 1:
        yield "more than one timer runs it; `syndicator schedule remove --backend NAME` takes one away"


def _when(moment: datetime | None, zone: tzinfo | None) -> str:
    return f"{moment.astimezone(zone):%a %d %b %H:%M}" if moment else "not known"
