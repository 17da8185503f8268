"""Changes to a settings file that its owner wrote by hand: a source or an account more, a source less.

Everything else stays byte for byte as it is: comments, order, spaces, the ends of lines. The new text is read again
before it is written: it must say what the old one said, and the change. Where the tables are written in a form that
lines can't be added to (one inline table, an inline array), tomlkit takes its place, which keeps what matters.
"""

from __future__ import annotations

import json
import re
import stat
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ledger.store.durable import trouble
from syndicator.files import replace_file
from syndicator.settings.read import Settings, SettingsError, parse, text_of
from syndicator.settings.statements import Block, blocks

#: What a key of a table may be.
Value = str | bool | int | float | Sequence[str]
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def add_source(path: Path, keys: Mapping[str, Value]) -> None:
    """Write one more `[[sources]]` into a settings file, after the others. SettingsError when it can't be done."""
    _change(path, lambda text: with_source(text, keys))


def remove_source(path: Path, position: int) -> None:
    """Take the source at this position (from 0) out of a settings file; comments around it stay."""
    _change(path, lambda text: without_source(text, position))


def add_account(path: Path, name: str, keys: Mapping[str, Value]) -> None:
    """Write one more `[accounts.NAME]` into a settings file, after the others."""
    _change(path, lambda text: with_account(text, name, keys))


def settings_with(settings: Settings, name: str, keys: Mapping[str, Value]) -> Settings:
    """The settings as they would be with one more account; nothing is written.

    SettingsError when an account can't be like that.
    """
    return parse(_read_toml(with_account(_read(settings.path), name, keys)), settings.path)


def with_source(text: str, keys: Mapping[str, Value]) -> str:
    """A settings text with one more `[[sources]]`."""
    there = [block for block in blocks(text) if block.path == ("sources",)]
    place = there[-1].end if there else _after_examples(text, "[[sources]]")
    wanted = _read_toml(text)
    wanted["sources"] = [*wanted.get("sources", []), _plain(keys)]

    def in_place(document: Any) -> None:
        document["sources"].append(_inline(keys))

    return _checked([*_put_in(text, place, _written("[[sources]]", keys, text)), _by_kit(text, in_place)], wanted)


def without_source(text: str, position: int) -> str:
    """A settings text without the source at this position."""
    there = [block for block in blocks(text) if block.path == ("sources",)]
    wanted = _read_toml(text)
    wanted["sources"] = [each for number, each in enumerate(wanted["sources"]) if number != position]
    if not wanted["sources"] and there:
        del wanted["sources"]

    def in_place(document: Any) -> None:
        del document["sources"][position]

    return _checked([lambda: _cut(text, there[position]), _by_kit(text, in_place)], wanted)


def with_account(text: str, name: str, keys: Mapping[str, Value]) -> str:
    """A settings text with one more `[accounts.NAME]`. SettingsError if there is one of that name."""
    wanted = _read_toml(text)
    accounts = wanted.get("accounts", {})
    if name in accounts:
        raise SettingsError(f"there is an account {name!r} already; choose another name")
    wanted["accounts"] = {**accounts, name: _plain(keys)}
    there = [block for block in blocks(text) if block.path[:1] == ("accounts",)]
    place = there[-1].end if there else _after_examples(text, "[accounts.")

    def in_place(document: Any) -> None:
        document["accounts"][name] = _inline(keys)

    block = _written(f"[accounts.{_key(name)}]", keys, text)
    return _checked([*_put_in(text, place, block), _by_kit(text, in_place)], wanted)


def _change(path: Path, change: Callable[[str], str]) -> None:
    """Read, change and write a settings file; a link stays one, and the file as readable as it was."""
    text = _read(path)
    try:
        changed = change(text)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error
    target = path.resolve()
    try:
        replace_file(target, changed.encode(), mode=stat.S_IMODE(target.stat().st_mode))
    except OSError as error:
        raise trouble(path, error, "written, and nothing was changed") from error


def _read(path: Path) -> str:
    """The text with its line ends, and its byte order mark if it has one."""
    text_of(path)  # complains as for every command
    return path.read_bytes().decode()


def _read_toml(text: str) -> dict[str, Any]:
    return tomllib.loads(text.removeprefix("\ufeff"))


def _checked(ways: Sequence[Callable[[], str]], wanted: Mapping[str, Any]) -> str:
    """What the first of these ways gives that says what is wanted. A way that does not fit may fail as it likes."""
    for way in ways:
        try:
            text = way()
            if _read_toml(text) == wanted:
                return text
        except Exception:  # noqa: S112  tomlkit has many errors, and the next way may do
            continue
    raise SettingsError("its tables are written in a way that can't be edited by program; edit it by hand")


def _by_kit(text: str, change: Callable[[Any], None]) -> Callable[[], str]:
    def changed() -> str:
        import tomlkit

        mark = "\ufeff" * text.startswith("\ufeff")
        document = tomlkit.parse(text.removeprefix(mark))
        change(document)
        return mark + tomlkit.dumps(document)

    return changed


def _inline(keys: Mapping[str, Value]) -> Any:
    import tomlkit

    table = tomlkit.inline_table()
    table.update(_plain(keys))
    return table


def _plain(keys: Mapping[str, Value]) -> dict[str, Any]:
    return {key: value if isinstance(value, str | bool | int | float) else list(value) for key, value in keys.items()}


def _after_examples(text: str, header: str) -> int:
    """The end of the last paragraph of comments that shows such a table; the end of the text where none does."""
    shown = re.compile(rf"(?m)^#[ \t]*{re.escape(header)}.*\n(?:#.*\n?)*")
    return max((found.end() for found in shown.finditer(text)), default=len(text))


def _put_in(text: str, place: int, block: str) -> list[Callable[[], str]]:
    """Where it belongs; or at the end, where it would take the keys that follow from the table they are in."""
    return [lambda: _insert(text, place, block), lambda: _insert(text, len(text), block)]


def _insert(text: str, place: int, block: str) -> str:
    """A block put in at the start of a line, with an empty line before it and after it."""
    newline = _newline(text)
    before, after = text[:place], text[place:]
    if before.strip("\ufeff") and not before.endswith("\n"):
        before += newline
    gap = newline if before.strip("\ufeff") else ""
    rest = newline if after.strip() and not after.startswith(("\n", "\r\n")) else ""
    return before + gap + block + rest + after


def _cut(text: str, block: Block) -> str:
    """The text without a block, and without one of the empty lines that would meet where it was."""
    before, after = text[: block.start], text[block.end :]
    if not before or before.endswith(("\n\n", "\n\r\n")):
        after = re.sub(r"\A[ \t]*\r?\n", "", after)
    return before + after


def _written(header: str, keys: Mapping[str, Value], text: str) -> str:
    newline = _newline(text)
    return newline.join([header, *(f"{key} = {_value(value)}" for key, value in keys.items()), ""])


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)


def _value(value: Value) -> str:
    """A value as TOML writes it; its basic strings are JSON's, but for the one control character that JSON lets be."""
    if isinstance(value, str | bool | int | float):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[{', '.join(_value(each) for each in value)}]"
