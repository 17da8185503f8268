"""How Mastodon's SDK talks HTTP here: JSON asked for, redirects of writes not followed, time and size bounded.

`requests` lets a server take as long as it likes, as long as a byte comes now and then, and send as much as it likes.
Here the timeout of a request is also that of its whole answer, headers included, from when it has been sent.
"""

from __future__ import annotations

import io
import time
from http.client import HTTPResponse
from socket import socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

LARGEST = 10_000_000  # bytes of one answer, unpacked
_REDIRECTS = 5


class Session(requests.Session):
    """The session of one account."""

    def __init__(self) -> None:
        super().__init__()
        # Pixelfed answers in HTML, and its refusals with redirects, unless it is asked for JSON.
        self.headers["Accept"] = "application/json"
        self.max_redirects = _REDIRECTS
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter())

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where a redirect leads; None for a write, which would become a read on its way there."""
        return super().get_redirect_target(resp) if resp.request.method == "GET" else None


class _Raw(io.RawIOBase):
    """The bytes of a socket until a point in time (of `monotonic`)."""

    def __init__(self, sock: socket, ends: float) -> None:
        self._sock, self._ends = sock, ends
        self._file = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        self._sock.settimeout(left)
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Response(HTTPResponse):
    """An answer that has to be whole within the timeout its socket has at the beginning."""

    def __init__(self, sock: socket, *args: Any, **named: Any) -> None:
        super().__init__(sock, *args, **named)
        if (timeout := sock.gettimeout()) is not None:
            self.fp.close()
            self.fp = io.BufferedReader(_Raw(sock, time.monotonic() + timeout))


class _Http(HTTPConnection):
    response_class = _Response


class _Https(HTTPSConnection):
    response_class = _Response


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _Adapter(HTTPAdapter):
    """Connections as above, straight or by a proxy; answers are read at once, and not without end."""

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}

    def proxy_manager_for(self, *args: Any, **named: Any) -> Any:
        manager = super().proxy_manager_for(*args, **named)
        manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
        return manager

    def send(self, request: requests.PreparedRequest, *args: Any, **named: Any) -> requests.Response:
        response = super().send(request, *args, **named)
        parts, size = [], 0
        try:
            for part in response.raw.stream(65_536, decode_content=True):
                parts.append(part)
                size += len(part)
                if size > LARGEST:
                    raise requests.ConnectionError(f"more than {LARGEST // 1_000_000} MB", request=request)
        except HTTPError as error:
            raise requests.ConnectionError(error, request=request) from error
        finally:
            response.raw.close()  # no more is left of it, or nobody wants it
        response.raw = io.BytesIO(b"".join(parts))
        return response
