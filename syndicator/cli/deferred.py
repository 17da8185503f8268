"""Commands that are made when somebody asks for them: typer reads a whole signature for each, and one is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from functools import partial
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command_from_info, get_command_name, get_group_from_info
from typer.models import TyperInfo

#: So many commands can be told in one message.
_FEW = 12

#: How a command, or a group of them, comes about.
Maker = Callable[[], Any]


class Deferred(MutableMapping[str, Any]):
    """Commands by name, each made at its first use and kept. Asking for names alone makes none."""

    def __init__(self, makers: dict[str, Maker]) -> None:
        self._makers = makers
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __setitem__(self, name: str, command: Any) -> None:
        self._makers[name] = lambda: command
        self._made.pop(name, None)

    def __delitem__(self, name: str) -> None:
        del self._makers[name]
        self._made.pop(name, None)


class DeferredGroup(TyperGroup):
    """A group whose commands are made on use; `makers` is set by a subclass for each app."""

    makers: ClassVar[dict[str, Maker]] = {}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = Deferred(self.makers)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is meant; of a small group all are named where there is no such one, and none is like it."""
        try:
            return super().resolve_command(ctx, args)
        except TyperException as error:
            message = str(getattr(error, "message", ""))
            if message.startswith("No such command") and "Did you mean" not in message and len(self.commands) <= _FEW:
                error.message = f"{message.rstrip('.')}; choose one of: {', '.join(self.commands)}"
            raise

    def list_commands(self, _ctx: Any) -> list[str]:
        """Their names, in the order in which they were added; the usual way would make each."""
        return list(self.commands)


class DeferredApp(typer.Typer):
    """A Typer app that makes its commands, and imports the modules of some, when they are asked for."""

    def __init__(self, **options: Any) -> None:
        self._makers: dict[str, Maker] = {}
        super().__init__(cls=type("_Group", (DeferredGroup,), {"makers": self._makers}), **options)

    def command(self, name: str | None = None, **options: Any) -> Callable[[Any], Any]:
        """Register a command."""

        def add(function: Callable[..., Any]) -> Callable[..., Any]:
            self._makers[name or get_command_name(function.__name__)] = partial(self._make, name, options, function)
            return function

        return add

    def add_typer(self, typer_instance: typer.Typer, *, name: str, **options: Any) -> None:  # type: ignore[override]
        """Mount a group under its name."""
        info = TyperInfo(typer_instance, name=name, **options)
        self._makers[name] = partial(get_group_from_info, info, suggest_commands=self.suggest_commands, **self._looks)

    def later(self, module: str, names: Iterable[str]) -> None:
        """Promise the commands that the `register` of a module will add, which is called when one is asked for."""

        def load(name: str) -> Any:
            import_module(module).register(self)
            return self._makers[name]()

        self._makers |= {name: partial(load, name) for name in names}

    def wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """What a command runs instead of its function."""
        return function

    def _make(self, name: str | None, options: dict[str, Any], function: Callable[..., Any]) -> Any:
        super().command(name, **options)(self.wrap(function))
        return get_command_from_info(self.registered_commands.pop(), **self._looks)

    @property
    def _looks(self) -> dict[str, Any]:
        return {
            "pretty_exceptions_short": self.pretty_exceptions_short,
            "rich_markup_mode": self.rich_markup_mode,
        }
