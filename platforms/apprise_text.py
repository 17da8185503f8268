"""Keeping a text plain in a chat: it calls nobody, and where Markdown can't be turned off, it is no Markdown. Pure."""

from __future__ import annotations

import re

_ZERO = "\u200b"
#: Discord and Slack: `<@user>`, `<@&role>`, `<#channel>`, `<!here>`, `<a:emoji:1>`, `<t:0>`, `</command:1>`.
_ANGLE = re.compile(r"<(?=[@#!/:]|a:|t:|id:)")
#: Whole channels, as Discord, Mattermost, Rocket.Chat, Matrix, Zulip and Teams call them.
_EVERYBODY = re.compile(r"@(?=(?:\*\*)?(?:everyone|here|channel|all|room|group|team|topic|stream)\b)", re.IGNORECASE)
#: An address is no Markdown anywhere and must not be touched; in all else these signs may mean something.
_SIGNS = re.compile(r"https?://\S+|([\\`*_~|<>#\[\]])")
#: An address: what is before its path, and the rest.
_ADDRESS = re.compile(r"(https?://[^\s<>/?#]*)([^\s<>]*)")
_LONGEST_SUBJECT = 200  # characters


def calm(text: str) -> str:
    """A text that calls nobody: a zero-width space parts the signs that would.

    In an address, which that would break, the sign is written as addresses can: `/@here` is `/%40here`.
    """
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        parts += [_parted(text[end : found.end(1)]), _EVERYBODY.sub("%40", found[2])]
        end = found.end()
    return "".join((*parts, _parted(text[end:])))


def _parted(text: str) -> str:
    return _EVERYBODY.sub(f"@{_ZERO}", _ANGLE.sub(f"<{_ZERO}", text))


def marked(text: str, longest: int | None = None) -> str:
    """A plain text as Markdown that looks the same; left as it is when it would get too long by that."""
    escaped = _SIGNS.sub(lambda found: f"\\{found[1]}" if found[1] else found[0], text)
    return escaped if longest is None or len(escaped) <= longest else text


def subject(text: str) -> str:
    """The first line, for mail."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= _LONGEST_SUBJECT else f"{line[: _LONGEST_SUBJECT - 1]}…"
