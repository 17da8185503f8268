"""A feed server on loopback that answers as told: well, slowly, hugely, never, or with somebody else's address.

A route is a function that writes one answer to the socket's handler. The server counts requests, keeps their headers,
and notes the most that it ever served at once.
"""

import gzip
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Ada</title><link>https://ada.example/</link>
<item><title>One</title><link>https://ada.example/1</link><guid>1</guid></item></channel></rss>"""


class Handler(BaseHTTPRequestHandler):
    """One request: noted, then answered by its route."""

    protocol_version = "HTTP/1.1"
    server: "FeedServer"

    def handle(self) -> None:
        with suppress(ConnectionError):  # whoever asked was killed
            super().handle()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        with self.server.noting(path, dict(self.headers.items())), suppress(ConnectionError, TimeoutError):
            self.server.routes.get(path, status(404))(self)

    def answer(self, code: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        """Send one whole answer. With its first byte the request counts as served: its client may ask the next one."""
        self.server.served()
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


Route = Callable[[Handler], None]


class FeedServer(ThreadingHTTPServer):
    """Listens on one loopback address; `url(path)` is where to ask."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), Handler)
        self.routes: dict[str, Route] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.most_at_once = 0
        self._serving: set[int] = set()
        self._lock = threading.Lock()

    def url(self, path: str, host: str = "") -> str:
        """The address of a path; `host` when another name for this machine is wanted."""
        return f"http://{host or self.server_address[0]}:{self.server_address[1]}{path}"

    def asked(self, path: str) -> list[dict[str, str]]:
        """The headers of every request for a path, in order."""
        return [headers for where, headers in self.requests if where == path]

    @contextmanager
    def noting(self, path: str, headers: dict[str, str]) -> Iterator[None]:
        """Count a request while it is served."""
        with self._lock:
            self.requests.append((path, headers))
            self._serving.add(threading.get_ident())
            self.most_at_once = max(self.most_at_once, len(self._serving))
        try:
            yield
        finally:
            self.served()

    def served(self) -> None:
        """This thread's request is no longer being served."""
        with self._lock:
            self._serving.discard(threading.get_ident())


@contextmanager
def running(host: str = "127.0.0.1") -> Iterator[FeedServer]:
    """A server in a thread, for the length of a test."""
    server = FeedServer(host)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def status(code: int, **headers: str) -> Route:
    """An answer without a body; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.answer(code, named)


def body(content: bytes = RSS, **headers: str) -> Route:
    """A good answer."""
    named = {"Content-Type": "application/rss+xml"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.answer(200, named, content)


def in_turn(*routes: Route) -> Route:
    """One answer after the other; the last one stays."""
    left = list(routes)
    return lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)


def validated(content: bytes = RSS, etag: str = '"v1"', modified: str = "Mon, 02 Nov 2026 08:00:00 GMT") -> Route:
    """A good answer that honours If-None-Match, else If-Modified-Since."""

    def route(handler: Handler) -> None:
        headers = {"ETag": etag, "Last-Modified": modified, "Content-Type": "application/rss+xml"}
        known = handler.headers.get("If-None-Match")
        same = known == etag if known else handler.headers.get("If-Modified-Since") == modified
        handler.answer(304 if same else 200, headers, b"" if same else content)

    return route


def drip(content: bytes = RSS, pause: float = 0.05) -> Route:
    """One byte at a time, for ever if need be: the client has to end it."""

    def route(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            for byte in content:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(pause)

    return route


def header_drip(pause: float = 0.05) -> Route:
    """Headers that never end."""

    def route(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            handler.wfile.write(b"X-More: x\r\n")
            handler.wfile.flush()
            time.sleep(pause)

    return route


def endless(handler: Handler) -> None:
    """A body that never ends, as fast as it is taken."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65_536)


def cut_off(handler: Handler) -> None:
    """Half of what was promised."""
    handler.answer(200, {"Content-Length": str(len(RSS))}, RSS[: len(RSS) // 2])
    handler.close_connection = True


def zipped(content: bytes, keep: int | None = None) -> Route:
    """A compressed answer; `keep` cuts the compressed bytes short."""
    return body(gzip.compress(content)[:keep], Content_Encoding="gzip")


def bomb(handler: Handler) -> None:
    """Half a gigabyte of zeros in half a megabyte."""
    handler.answer(200, {"Content-Encoding": "gzip"}, _bomb())


def _bomb() -> bytes:
    member = gzip.compress(b"\0" * 8_000_000)
    return member * 64
