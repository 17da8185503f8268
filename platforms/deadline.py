"""A time by which an answer has to be there, whatever its server does meanwhile.

A timeout of a socket is for each of its waits, and starts anew with each byte: a server that sends one now and then,
of a header or of a chunk's length, would hold a run for hours. So when the time is over the connection is cut. The time
runs from when the request has been sent: what is sent, connecting and looking up a name have the timeout of each wait.

Every network is asked so: by urllib3 and what is built on it (`POOLS`), or by others that tell `Watch`
of their sockets themselves.
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
    """Cuts what its thread waits for `seconds` after it began to wait; TimeoutError for who leaves then.

    `told` says so once it happened, else it is empty. For one request at a time.
    """

    def __init__(self, seconds: float) -> None:
        self.told = ""
        self._said = f"it took too long: not done after {seconds:g} s"
        self._lock = threading.Lock()
        self._sockets: tuple[socket.socket, ...] = ()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        _HERE.watch = self
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        _HERE.watch = None
        with self._lock:
            self._sockets = ()
        if self.told and error is None:  # what was cut off may look like a whole answer
            raise TimeoutError(self.told)

    def over(self, *sockets: socket.socket) -> None:
        """Watch over these connections from now on, of which one has just been sent a request."""
        with self._lock:
            self._sockets = sockets
            if self.told:
                self._cut()
            elif not self._timer.is_alive():
                self._timer.start()

    def _end(self) -> None:
        with self._lock:
            self.told = self._said
            self._cut()

    def _cut(self) -> None:
        for each in self._sockets:
            with suppress(OSError):  # closed already
                # The plain one, of TLS too: to say goodbye would be to wait again.
                socket.socket.shutdown(each, socket.SHUT_RDWR)


def _watched(connection: socket.socket | None) -> None:
    watch: Watch | None = getattr(_HERE, "watch", None)
    if watch and connection:
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


#: The connections of a urllib3 manager that a Watch can cut, as its `pool_classes_by_scheme`.
POOLS = {"http": _PlainPool, "https": _SecurePool}


def pool(timeout: float) -> urllib3.PoolManager:
    """Connections that a Watch can cut; `timeout` is seconds to connect, and for each wait. Nothing is tried twice."""
    manager = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=timeout, read=timeout))
    manager.pool_classes_by_scheme = POOLS
    return manager
