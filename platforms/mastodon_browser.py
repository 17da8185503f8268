"""The loopback address that a browser is sent back to at the end of a login (RFC 8252, section 7.3)."""

from __future__ import annotations

import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

_PAGE = "<!doctype html><title>Syndicator</title><p>{}\n"
_DONE = "Syndicator has its answer. You can close this page."
_UNSURE = (
    "Syndicator can't tell whether this answer is meant for it. "
    "If you have just allowed it, copy this page's address and paste it there."
)


class _Handler(BaseHTTPRequestHandler):
    """Takes the query of the one address there is; a browser that asks for anything else gets nothing."""

    timeout = 5  # seconds: what connects and says nothing must not hold up the browser

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        if where.path != "/" or not where.query:
            self.send_error(404)
            return
        assert isinstance(self.server, _Server)
        answer = dict(parse_qsl(where.query))
        self.server.answers.append(answer)
        content = _PAGE.format(_DONE if "state" in answer else _UNSURE).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing: the address holds the code."""


class _Server(HTTPServer):
    # The port of an earlier login, just closed; on Windows it would mean sharing it with anybody.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, port: int) -> None:
        self.answers: list[dict[str, str]] = []
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, *_: object) -> None:
        """A browser that hangs up is no matter."""


class Listener:
    """Waits for the browser on loopback; close it afterwards."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self.url = f"http://127.0.0.1:{server.server_port}/"

    @classmethod
    def open(cls, port: int | None = None) -> Listener:
        """Listen on this port, or on any where it is taken."""
        try:
            return cls(_Server(port or 0))
        except OSError:
            return cls(_Server(0))

    def next(self, seconds: float) -> dict[str, str]:
        """The query that the browser came back with; empty when none came in time."""
        end = time.monotonic() + seconds
        while not self._server.answers and (left := end - time.monotonic()) > 0:
            self._server.timeout = left
            self._server.handle_request()
        return self._server.answers.pop(0) if self._server.answers else {}

    def close(self) -> None:
        """Listen no more."""
        self._server.server_close()
