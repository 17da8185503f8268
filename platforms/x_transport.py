"""How X's SDK talks HTTP here: in time, and with the server that the account's settings name."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests

from platforms.deadline_requests import Bounded


class Wire(Bounded):
    """Gives every request a timeout, for its whole answer too, and takes it to another server where one is set.

    `server` is that one, or empty. It stays signed for X's own host, which goes along as `Host`, as through a proxy.
    """

    def __init__(self, timeout: float, server: str) -> None:
        self._timeout = timeout
        self._server = server
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send, as `HTTPAdapter.send` does."""
        if self._server:
            signed, server = urlsplit(str(request.url)), urlsplit(self._server)
            request.headers["Host"] = signed.netloc
            path = server.path.rstrip("/") + signed.path
            request.url = urlunsplit((server.scheme, server.netloc, path, signed.query, ""))
            options["proxies"] = {}
        return super().send(request, *args, **{**options, "timeout": self._timeout})
