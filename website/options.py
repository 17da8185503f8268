"""Every command with its arguments and options, as the program itself knows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import typer
import typer.core

from syndicator.cli import ledger, main

#: Of typer's own copy of click, which it does not export.
Command = Any
Parameter = Any

#: Options that every command takes; they are told once.
SHARED = ("--config", "--help")

_INTRODUCTION = """# Every option

Made from the program itself: what `--help` says of each command. What they do in detail is told in
[commands](../commands.md). All of them take `--config FILE`, before or after their name, and `--help`.
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A command with the words that call it, `ledger people show`."""

    words: str
    command: Command


def _programs() -> dict[str, Command]:
    return {name: typer.main.get_command(app.make()) for name, app in (("syndicator", main), ("ledger", ledger))}


def every_command() -> list[Named]:
    """All commands of both programs; groups with a default of their own count as commands too."""
    found = [each for words, group in _programs().items() for each in _below(words, group)]
    return [each for each in found if not each.words.startswith("syndicator ledger")]


def _roots() -> dict[str, list[Parameter]]:
    """The options that each program takes before its commands."""
    return {name: [one for one in group.params if not _is_shared(one)] for name, group in _programs().items()}


def _below(words: str, command: Any) -> Iterator[Named]:
    if not hasattr(command, "list_commands"):
        yield Named(words, command)
        return
    if getattr(command, "invoke_without_command", False):
        yield Named(words, command)
    context = typer.Context(command)
    for name in command.list_commands(context):
        yield from _below(f"{words} {name}", command.get_command(context, name))


def page() -> str:
    """The page."""
    parts = [_INTRODUCTION]
    program = ""
    for each in every_command():
        if each.words.split()[0] != program:
            program = each.words.split()[0]
            parts.append(f"## {program}\n\n{_table([], _roots()[program], program)}")
        parts.append(_section(each))
    return "\n".join(parts)


def _section(each: Named) -> str:
    context = typer.Context(each.command, info_name=each.words)
    arguments = [parameter for parameter in each.command.params if parameter.param_type_name == "argument"]
    options = [parameter for parameter in each.command.params if parameter.param_type_name == "option"]
    own = [option for option in options if not _is_shared(option)]
    usage = " ".join([each.words, *(["[OPTIONS]"] if own else []), *(one.make_metavar(context) for one in arguments)])
    lines = [f"### {each.words}", "", f"`{usage}`", "", each.command.help or "", "", _table(arguments, own, each.words)]
    return "\n".join(lines)


def _table(arguments: Sequence[Parameter], options: Sequence[Parameter], words: str) -> str:
    """A row for each; nothing where there is none."""
    context = typer.Context(typer.core.TyperCommand(words), info_name=words)
    rows = [f"| `{_metavar(one, context)}` | {_said(one)} |" for one in arguments]
    rows += [f"| {_written(one, context)} | {_said(one)} |" for one in options]
    return "\n".join(["| | |", "|---|---|", *rows, ""]) if rows else ""


def _is_shared(option: Parameter) -> bool:
    return bool(set(option.opts) & set(SHARED))


def _written(option: Parameter, context: typer.Context) -> str:
    names = " ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    flag = getattr(option, "is_flag", False)
    return names if flag else f"{names} `{_metavar(option, context)}`"


def _metavar(parameter: Parameter, context: typer.Context) -> str:
    return _cell(parameter.make_metavar(context))


def _said(parameter: Parameter) -> str:
    """Its help, and its default where it has one that says something."""
    said = getattr(parameter, "help", None) or ""
    shown = getattr(parameter, "show_default", None)
    default = shown if isinstance(shown, str) else parameter.default
    says_nothing = callable(default) or default in (None, "", (), [], False) or shown is False
    if says_nothing or getattr(parameter, "is_flag", False) or parameter.param_type_name == "argument":
        return _cell(said)
    return _cell(f"{said} Default: {default}.")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
