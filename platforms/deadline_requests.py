"""What carries requests of the library of that name here: bounded in time and size, for SDKs that are built on it.

`requests` lets a server take as long as it likes, as long as a byte comes now and then, and send as much as it likes.
Here the timeout of a request is also that of its whole answer (see `deadline`), which is read at once.
"""

from __future__ import annotations

import io
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from platforms.deadline import POOLS, Watch

LARGEST = 10_000_000  # bytes of one answer, unpacked


class Bounded(HTTPAdapter):
    """Connections of a session, straight or by a proxy. ReadTimeout or ConnectionError where it is too much."""

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        """Make the connections, such as can be cut."""
        super().init_poolmanager(*args, **named)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args: Any, **named: Any) -> Any:
        """Make those that go by a proxy."""
        manager = super().proxy_manager_for(*args, **named)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def send(self, request: requests.PreparedRequest, *args: Any, **named: Any) -> requests.Response:
        """Send, as `HTTPAdapter.send` does, and read the answer to its end. `timeout` is a number of seconds."""
        watch = Watch(named["timeout"])
        try:
            with watch:
                response = super().send(request, *args, **named)
                response.raw = io.BytesIO(_read(response, request))
        except (requests.RequestException, OSError) as error:
            if watch.told:
                raise requests.ReadTimeout(TimeoutError(watch.told), request=request) from error
            raise
        return response


def _read(response: requests.Response, request: requests.PreparedRequest) -> bytes:
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
    return b"".join(parts)
