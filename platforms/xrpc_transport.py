"""How Bluesky's SDK talks HTTP here: the timeout of a request is also that of its whole answer (see `deadline`)."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from socket import socket
from typing import Any

import httpx
from atproto_client.request import Request, Response

from platforms.deadline import Watch


class Transport(Request):  # type: ignore[misc]  # the SDK is untyped here
    """The connections of one account; `timeout` is seconds. For one thread at a time."""

    def __init__(self, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._seconds = timeout
        self._open: weakref.WeakSet[socket] = weakref.WeakSet()

    def get(self, *args: Any, **named: Any) -> Response:
        """Read."""
        return self._in_time(super().get, *args, **named)

    def post(self, *args: Any, **named: Any) -> Response:
        """Write."""
        return self._in_time(super().post, *args, **named)

    def _in_time(self, send: Callable[..., Response], *args: Any, **named: Any) -> Response:
        watch = Watch(self._seconds)

        def follow(event: str, told: Mapping[str, Any]) -> None:
            """Stand by what httpcore does: https://www.encode.io/httpcore/extensions/#trace."""
            if event.endswith(("connect_tcp.complete", "start_tls.complete")):
                self._open.add(told["return_value"].get_extra_info("socket"))
            elif event.endswith("send_request_body.complete"):
                watch.over(*self._open)

        try:
            with watch:
                return send(*args, extensions={"trace": follow}, **named)
        except Exception:
            if watch.told:
                raise httpx.ReadTimeout(watch.told) from TimeoutError(watch.told)
            raise
