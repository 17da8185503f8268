"""A small HTTP server on loopback for the fakes of networks: requests in, JSON out, or the connection dropped."""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Call:
    """One request. `query` keeps the last value of each name, `pairs` all of them."""

    method: str
    path: str
    pairs: tuple[tuple[str, str], ...]
    headers: Message
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return dict(self.pairs)

    @property
    def json(self) -> dict:
        return json.loads(self.body or b"{}")


@dataclass(frozen=True)
class Answer:
    """What is sent back; `body` bytes go out as they are. It is held back until the event, where one is given."""

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)
    after: threading.Event | None = None


class _Incoming:
    """What comes in, and the line read last: a head that came whole ends with an empty one."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.line = b""

    def readline(self, *size: int) -> bytes:
        self.line = self._file.readline(*size)
        return self.line

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


class JsonServer:
    """Serves `handle`, one request at a time; where it gives None, the connection is closed without an answer.

    A request of which only a part came is none.
    """

    def __init__(self, handle: Callable[[Call], Answer | None]) -> None:
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                self.rfile = _Incoming(self.rfile)

            def handle(self) -> None:
                with suppress(ConnectionError):  # whoever asked was killed
                    super().handle()

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length) if self.rfile.line == b"\r\n" else None
                if body is None or len(body) < length:
                    self.close_connection = True
                    return
                where = urlsplit(self.path)
                pairs = tuple(parse_qsl(where.query, keep_blank_values=True))
                with lock:
                    answer = handle(Call(self.command, where.path, pairs, self.headers, body))
                if answer is None:
                    self.close_connection = True
                    return
                if answer.after:
                    answer.after.wait()
                content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
                self.send_response(answer.status)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(content)))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                with suppress(ConnectionError):  # whoever asked may have given up
                    self.end_headers()
                    self.wfile.write(content)

            do_GET = do_POST = do_DELETE = answer  # noqa: N815 -- the names http.server looks for

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
