"""Pictures of what one sees: commands in a terminal, and a linkblog in a browser; of the sample world, as it is today.

    python -m website.pictures FOLDER

makes them in a folder; the site makes its own. The terminal is a real one (a pty), its picture an SVG. The browser is
Chromium, without a window; where there is none, the linkblog's picture is left out.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_COLUMNS, _MOST_LINES = 100, 34
_PROGRAMS = Path(sys.executable).parent
#: Seconds that a command or the browser may take.
_PATIENCE = 120
#: As rich makes it, but with fonts of the reader's machine alone.
_SVG = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font: bold 18px system-ui, sans-serif; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g></svg>
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture of a terminal: its file's name, what is typed, and what there is to see."""

    name: str
    command: str
    said: str


#: In this order, in one folder: each finds what the ones before it left.
SCENES = (
    Scene("plan", "syndicator plan", "What would be posted, and why. Nothing goes out that you could not see before."),
    Scene("run", "syndicator run", "One run: feeds in, posts out, favours booked."),
    Scene("owe", "ledger owe", "Who was generous, and what to share of theirs."),
    Scene("why", "ledger why letters.example", "The arithmetic behind it."),
    Scene("judged", "syndicator why https://ada.example/notes/queue-promise/", "How an article was judged."),
    Scene("doctor", "syndicator doctor --offline", "What is well, what is not, and what to do about it."),
)
LINKBLOG = "linkblog.png"


@cache
def pictures() -> dict[str, bytes]:
    """Every picture by its file's name; none on Windows, which has no such terminals. Takes some seconds, once."""
    if os.name == "nt":
        return {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "links"
        _typed("syndicator init --sample links", Path(place))
        found = {f"{scene.name}.svg": drawn(scene, _typed(scene.command, folder)).encode() for scene in SCENES}
        browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        if browser:
            found |= _photographed(browser, folder / "public" / "index.html", Path(place))
    return found


def page() -> str:
    """The page that shows them all."""
    parts = [
        "# What it looks like\n\nThe sample world of [the tutorial](tutorial.md), on the day that this page was made.\n"
    ]
    shown = {f"{scene.name}.svg": (scene.said, scene.command) for scene in SCENES}
    shown[LINKBLOG] = ("And the linkblog, a page with feeds of everything shared.", "a linkblog in a browser")
    parts += [f"{said}\n\n![{alt}](pictures/{name})\n" for name, (said, alt) in shown.items() if name in pictures()]
    return "\n".join(parts)


def drawn(scene: Scene, shown: str) -> str:
    """What was shown, as an SVG of a terminal."""
    from rich.console import Console
    from rich.text import Text

    lines = shown.replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], "…"]
    console = Console(record=True, width=_COLUMNS, file=io.StringIO(), force_terminal=True, legacy_windows=False)
    console.print(Text(f"$ {scene.command}", style="bold"))
    console.print(Text.from_ansi("\n".join(lines)))
    return console.export_svg(title="", code_format=_SVG, unique_id=scene.name)


def _typed(command: str, folder: Path) -> str:
    """What a command shows on a terminal; what it says on stderr is left out. OSError if it can't be started."""
    import pty
    import termios

    program, *words = command.split()
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (50, _COLUMNS))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SYNDICATOR_")}
    environment |= {"TERM": "xterm-256color", "COLUMNS": str(_COLUMNS)}
    with subprocess.Popen(
        [_PROGRAMS / program, *words],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(theirs)
        shown = b"".join(_read(ours))
        os.close(ours)
        process.wait(_PATIENCE)
    return shown.decode()


def _read(terminal: int) -> Iterator[bytes]:
    """Everything until the last one who has the terminal's other end lets go of it."""
    while True:
        try:
            some = os.read(terminal, 1 << 16)
        except OSError:  # so Linux tells the end
            return
        if not some:
            return
        yield some


def _photographed(browser: str, html: Path, place: Path) -> dict[str, bytes]:
    """The page as a browser shows it; nothing if the browser does not."""
    picture = place / LINKBLOG
    options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars")
    alone = ("--disable-background-networking", "--no-first-run", f"--user-data-dir={place / 'profile'}")
    size, shot = "--window-size=1100,1000", f"--screenshot={picture}"
    try:
        subprocess.run(
            [browser, *options, *alone, size, shot, html.as_uri()], capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return {}
    return {picture.name: picture.read_bytes()} if picture.exists() else {}


def main(words: Sequence[str]) -> None:
    """Write the pictures into the folder that is named."""
    folder = Path(words[0] if words else "build/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in pictures().items():
        (folder / name).write_bytes(content)
        sys.stdout.write(f"wrote {folder / name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
