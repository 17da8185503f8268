"""A web of many hosts on loopback, all served by one process: host names are addresses of 127.0.1.0/24.

An owner may allow these and nothing else of this machine: `FORBIDDEN` lies beyond, on the same port, and counts who
comes nonetheless. What goes wrong on this web is for `illnesses` to say.
"""

import os
import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from counterparts.feed_server import FeedServer

#: What the settings of its readers allow, and the address of a server that they don't.
ALLOWED = "127.0.1.0/24"
FORBIDDEN = "127.0.0.1"


class SickWeb(FeedServer):
    """One server with many addresses; a route answers its path on every one of them.

    `trespasses` counts the connections to the forbidden address, even those that asked for nothing.
    """

    def __init__(self, hosts: int) -> None:
        super().__init__(FORBIDDEN)
        self.hosts = [f"127.0.1.{number}" for number in range(1, hosts + 1)]
        self._doors = [self.socket, *(socket.create_server((host, self.port), backlog=128) for host in self.hosts)]
        self._bell, self._rope = os.pipe()
        self.trespasses = 0

    @property
    def port(self) -> int:
        return self.server_address[1]

    def serve_forever(self, poll_interval: float = 0) -> None:
        """Open to whoever knocks at any door, until the bell rings. Waits without polling."""
        with selectors.DefaultSelector() as selector:
            for door in (*self._doors, self._bell):
                selector.register(door, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj == self._bell:
                        return
                    self.trespasses += key.fileobj is self.socket
                    with suppress(OSError):
                        self.process_request(*key.fileobj.accept())  # type: ignore[union-attr]

    def shutdown(self) -> None:
        """Ring the bell."""
        os.write(self._rope, b"!")

    def server_close(self) -> None:
        """Close the doors; conversations end with their clients."""
        for door in self._doors:
            door.close()
        os.close(self._bell)
        os.close(self._rope)


@contextmanager
def running(hosts: int = 1) -> Iterator[SickWeb]:
    """A web in a thread, for the length of a test."""
    web = SickWeb(hosts)
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.shutdown()
        thread.join()
        web.server_close()
