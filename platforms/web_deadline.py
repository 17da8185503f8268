"""A time by which an answer has to be there, whatever its server does meanwhile.

A timeout of a socket is for each of its waits, and starts anew with each byte: a server that sends one now and then,
of a header or of a chunk's length, would hold a run for hours. So when the time is over the connection is cut.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

_HERE = threading.local()  # the watch of this thread


class Watch:
    """Cuts the connection that its thread waits on, `seconds` after it was entered; TimeoutError for who leaves then.

    `told` says so once it happened, else it is empty. Looking up a name and connecting have a timeout of their own.
    """

    def __init__(self, seconds: float) -> None:
        self.told = ""
        self._said = f"it took too long: not done after {seconds:g} s"
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        _HERE.watch = self
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        _HERE.watch = None
        with self._lock:
            self._socket = None
        if self.told and error is None:  # what was cut off may look like a whole answer
            raise TimeoutError(self.told)

    def over(self, connection: socket.socket | None) -> None:
        """Watch over a connection from now on."""
        with self._lock:
            self._socket = connection
            if self.told:
                self._cut()

    def _end(self) -> None:
        with self._lock:
            self.told = self._said
            self._cut()

    def _cut(self) -> None:
        if self._socket:
            with suppress(OSError):  # closed already
                # The plain one, of TLS too: to say goodbye would be to wait again.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _watched(connection: socket.socket | None) -> None:
    watch: Watch | None = getattr(_HERE, "watch", None)
    if watch:
        watch.over(connection)


class _Plain(HTTPConnection):
    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]
        _watched(self.sock)
        return super().getresponse()


class _Secure(HTTPSConnection):
    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]
        _watched(self.sock)
        return super().getresponse()


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Secure


def pool(timeout: float) -> urllib3.PoolManager:
    """Connections that a Watch can cut; `timeout` is seconds to connect, and for each wait. Nothing is tried twice."""
    manager = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=timeout, read=timeout))
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
    return manager
