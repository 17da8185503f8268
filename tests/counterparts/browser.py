"""A real browser without a window: Chromium, spoken to in its own protocol (CDP) over two pipes. No package needed.

https://chromedevtools.github.io/devtools-protocol/ ; with `--remote-debugging-pipe` it reads commands from descriptor 3
and writes answers to 4, each ended by a NUL.
"""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
from pathlib import Path
from typing import Any

#: Seconds until a browser that says nothing is given up.
PATIENCE = 60
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)

#: Each text of the page with its colours and size; contrast as WCAG 2.2 defines it.
CONTRASTS = """(() => {
  const parse = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map(v => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || ['STYLE', 'SCRIPT'].includes(element.tagName)) continue;
    const [one, other] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
    found.push([Math.round(ratio * 100) / 100, walk.currentNode.data.trim().slice(0, 40)]);
  }
  return found;
})()"""
#: What of the page reaches beyond the screen.
OVERFLOWING = """[...document.body.querySelectorAll('*')]
  .filter(each => !each.matches('.skip, .unseen') && each.getBoundingClientRect().width)
  .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + .5
               || each.getBoundingClientRect().left < -.5)
  .map(each => each.outerHTML.slice(0, 80))"""
#: Of the page's ground: 0 is black, 1 white.
BRIGHTNESS = """getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number)
  .reduce((sum, each) => sum + each, 0) / 765"""


def executable() -> str | None:
    """Debian calls it chromium, others by other names."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    """One tab. `events` are what the tab told since `open`, by the method names of the protocol."""

    def __init__(self, program: str, profile: Path) -> None:
        theirs_in, self._out = _pipe()
        self._in, theirs_out = _pipe()

        def take_pipes() -> None:
            os.dup2(theirs_in, 3)
            os.dup2(theirs_out, 4)

        self._process = subprocess.Popen(
            [program, *OPTIONS, f"--user-data-dir={profile}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(3, 4),
            preexec_fn=take_pipes,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._buffer, self._last, self._session = b"", 0, ""
        self.events: list[tuple[str, dict[str, Any]]] = []
        tab = self._do("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._do("Target.attachToTarget", targetId=tab, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._do(f"{domain}.enable")

    def look(
        self, *, width: int = 1280, height: int = 800, dark: bool = False, scripts: bool = True, media: str = ""
    ) -> None:
        """How the next page is looked at. Without scripts, the page's own don't run; `ask` still works."""
        self._do(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._do("Emulation.setEmulatedMedia", media=media, features=[scheme])
        self._do("Emulation.setScriptExecutionDisabled", value=not scripts)

    def open(self, url: str) -> None:
        """Load a page and wait for it."""
        self.events.clear()
        self._do("Page.navigate", url=url)
        while not any(name == "Page.loadEventFired" for name, _ in self.events):
            self._read()

    def ask(self, expression: str) -> Any:
        """What a piece of JavaScript gives in the page, as JSON."""
        done = self._do("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key, as Tab."""
        for kind in ("keyDown", "keyUp"):
            self._do("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode={"Tab": 9}[key])

    def picture(self, file: Path, *, whole: bool = False) -> None:
        """Save what can be seen, or the whole page, as PNG."""
        shot = self._do("Page.captureScreenshot", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(shot["data"]))

    def requests(self) -> list[str]:
        """The addresses that were asked for since `open`."""
        return [event["request"]["url"] for name, event in self.events if name == "Network.requestWillBeSent"]

    def complaints(self) -> list[str]:
        """What the console would show since `open`: messages, errors and refused content."""
        told = [event["entry"]["text"] for name, event in self.events if name == "Log.entryAdded"]
        said = [
            str(event) for name, event in self.events if name in {"Runtime.consoleAPICalled", "Runtime.exceptionThrown"}
        ]
        return told + said

    def close(self) -> None:
        self._process.kill()
        self._process.wait(30)
        os.close(self._in)
        os.close(self._out)

    def _do(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._last:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]

    def _read(self) -> dict[str, Any]:
        """The next message; an event is noted as well."""
        while b"\0" not in self._buffer:
            assert select.select([self._in], [], [], PATIENCE)[0], "the browser says nothing any more"
            read = os.read(self._in, 1 << 20)
            assert read, "the browser went away"
            self._buffer += read
        first, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(first)
        if "method" in message:
            self.events.append((message["method"], message["params"]))
        return message


def _pipe() -> tuple[int, int]:
    """A pipe whose ends are above the descriptors that the browser wants."""
    ends = os.pipe()
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in ends)
    for end in ends:
        os.close(end)
    return moved[0], moved[1]
