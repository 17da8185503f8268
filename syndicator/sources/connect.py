"""One connection to one server: only to a permitted address, and over when its time is up.

urllib3 speaks HTTP and TLS; this decides where its socket goes. The address that was judged is the address that is
connected to, so a second DNS answer can't differ from the first. What is asked for is `fetch`'s business.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from functools import cache
from types import TracebackType
from typing import Self

from urllib3.connection import HTTPConnection, HTTPSConnection

from syndicator.sources.deadlines import Deadlines
from syndicator.sources.guard import Guard
from syndicator.urls.weburl import DEFAULT_PORTS, WebUrl

_SockAddress = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
_AddressInfo = tuple[socket.AddressFamily, socket.SocketKind, int, str, _SockAddress]


_deadlines = Deadlines()


class PrivateAddress(OSError):
    """The host leads to an address that the guard does not permit."""


class Visit:
    """The sockets of one connection and the time it may take (seconds, in all). Use as a context manager.

    A deadline cuts the socket off at the end, wherever the exchange is: a server that sends one byte a second, in its
    headers or its body, gets no more time than one that sends none.
    """

    def __init__(self, guard: Guard, seconds: float) -> None:
        self._guard = guard
        self._end = time.monotonic() + seconds
        self._socket: socket.socket | None = None
        self._deadline: int | None = None
        self.expired = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._deadline is not None:
            _deadlines.call_off(self._deadline)
        if self._socket is not None:
            self._socket.close()

    def remaining(self) -> float:
        """Seconds left. Raises TimeoutError when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            self.expired = True
            raise TimeoutError
        return left

    @property
    def connected(self) -> bool:
        """Whether there was a connection, of which TLS or HTTP may have made nothing."""
        return self._socket is not None

    def connect(self, host: str, port: int) -> socket.socket:
        """Resolve, judge every address, and connect to the first permitted one that answers."""
        with contextlib.suppress(ValueError):  # a name: judged by what it resolves to
            if not self._guard.permits(host, host):
                raise PrivateAddress(host)
        addresses = _resolve(host, port, self.remaining())
        permitted = [address for address in addresses if self._guard.permits(host, str(address[4][0]))]
        if not permitted:
            raise PrivateAddress(str(addresses[0][4][0]))
        failure: OSError | None = None
        for number, (family, kind, protocol, _name, address) in enumerate(permitted):
            candidate = socket.socket(family, kind, protocol)
            try:
                candidate.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                candidate.settimeout(self.remaining() / (len(permitted) - number))
                candidate.connect(address)
            except OSError as error:
                candidate.close()
                failure = error
                continue
            self._watch(candidate)
            return candidate
        raise failure or OSError("no address")

    def _watch(self, connected: socket.socket) -> None:
        # TLS takes over the descriptor, not the object, so the deadline holds on to a duplicate of its own.
        self._socket = connected.dup()
        self._deadline = _deadlines.call_in(self.remaining(), self._cut)

    def _cut(self) -> None:
        self.expired = True
        if self._socket is not None:
            with contextlib.suppress(OSError):  # closed already: nothing hangs on it any more
                self._socket.shutdown(socket.SHUT_RDWR)


class _Plain(HTTPConnection):
    visit: Visit

    def _new_conn(self) -> socket.socket:
        return self.visit.connect(self._dns_host, self.port or DEFAULT_PORTS["http"])


class _Secure(HTTPSConnection):
    visit: Visit

    def _new_conn(self) -> socket.socket:
        return self.visit.connect(self._dns_host, self.port or DEFAULT_PORTS["https"])


def connection(url: WebUrl, visit: Visit) -> HTTPConnection:
    """Make a connection, not opened yet, whose every socket `visit` opens and ends."""
    host, timeout = url.host.strip("[]"), visit.remaining()
    made: _Plain | _Secure
    if url.scheme == "https":
        made = _Secure(host, url.port, timeout=timeout, ssl_context=_tls())
    else:
        made = _Plain(host, url.port, timeout=timeout)
    made.visit = visit
    return made


_making_tls = threading.Lock()


def _tls() -> ssl.SSLContext:
    """One context for all: making one reads the whole list of authorities, which costs more than many requests.

    The lock is for the first moments, when every thread would otherwise make one of its own.
    """
    with _making_tls:
        return _default_tls()


@cache
def _default_tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _resolve(host: str, port: int, seconds: float) -> Sequence[_AddressInfo]:
    """Look a name up within a time; the system's resolver knows no deadline, so it may be left behind."""
    with contextlib.suppress(socket.gaierror):  # an address needs no resolver, and no thread to wait for it
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    answers: queue.SimpleQueue[Sequence[_AddressInfo] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            # As bytes: the name is ASCII already, and Python's own IDNA codec would refuse some that DNS knows.
            answers.put(socket.getaddrinfo(host.encode(), port, type=socket.SOCK_STREAM))
        except Exception as error:  # handed to the one who asked
            answers.put(error)

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer
