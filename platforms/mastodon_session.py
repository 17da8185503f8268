"""How Mastodon's SDK talks HTTP here: JSON asked for, redirects of writes not followed, time and size bounded."""

from __future__ import annotations

import requests

from platforms.deadline_requests import Bounded

_REDIRECTS = 5


class Session(requests.Session):
    """The session of one account."""

    def __init__(self) -> None:
        super().__init__()
        # Pixelfed answers in HTML, and its refusals with redirects, unless it is asked for JSON.
        self.headers["Accept"] = "application/json"
        self.max_redirects = _REDIRECTS
        for scheme in ("https://", "http://"):
            self.mount(scheme, Bounded())

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where a redirect leads; None for a write, which would become a read on its way there."""
        return super().get_redirect_target(resp) if resp.request.method == "GET" else None
