"""A proxy on loopback in front of a real server, through which answers get lost, come late or are replaced."""

import http.client
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Asked:
    """One request on its way to the server; `path` has its query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answered:
    """One answer on its way back; `wait` is for how many seconds it is held back, `lost` that it never gets there."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    lost: bool = False


Forward = Callable[[Asked], Answered]
Step = Callable[[Asked, Forward], Answered]

#: Headers that belong to one connection, or that are made anew.
_OWN = {"connection", "content-length", "date", "host", "keep-alive", "server", "transfer-encoding"}


class FaultyProxy:
    """Passes everything on to `server`, through `step`: what is asked and a way to forward it in, the answer out."""

    def __init__(self, server: str, step: Step) -> None:
        self.server = server
        self.step = step
        forward = self._forward

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            proxy = self

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                answered = self.proxy.step(Asked(self.command, self.path, dict(self.headers), body), forward)
                time.sleep(answered.wait)
                if answered.lost:
                    self.close_connection = True
                    return
                self.send_response(answered.status)
                for name, value in answered.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answered.body)))
                self.end_headers()
                self.wfile.write(answered.body)

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 -- the names http.server looks for

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass  # whoever asked did not wait for the answer

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _forward(self, asked: Asked) -> Answered:
        there = urlsplit(self.server)
        connection = http.client.HTTPConnection(there.hostname or "", there.port, timeout=30)
        try:
            headers = {name: value for name, value in asked.headers.items() if name.lower() not in _OWN}
            connection.request(asked.method, asked.path, asked.body or None, {**headers, "Accept-Encoding": "identity"})
            answer = connection.getresponse()
            kept = {name: value for name, value in answer.getheaders() if name.lower() not in _OWN}
            return Answered(answer.status, answer.read(), kept)
        finally:
            connection.close()


def lost(answered: Answered) -> Answered:
    """The answer, on a line that breaks before it arrives."""
    return replace(answered, lost=True)


def late(answered: Answered, seconds: float) -> Answered:
    """The answer, after so many seconds."""
    return replace(answered, wait=seconds)
