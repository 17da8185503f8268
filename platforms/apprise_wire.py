"""Apprise itself: opening a URL as a channel, sending one message, and hearing what its plugin says of it.

The library logs what goes wrong, addresses and tokens included, and gives only yes or no. So while it works its log is
caught here, down to the last detail, and nobody else hears of it. What the log means is left to `apprise_outcome`.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from platforms.apprise_outcome import Heard

#: Services that show any text as Markdown though they say they take plain text. Not those with signs of their own that
#: a backslash does not take back (WhatsApp, Misskey, Synology).
ALWAYS_MARKED = frozenset({
    "discord", "fluxer", "fluxers", "guilded", "humhub", "humhubs", "mmost", "mmosts", "nctalk", "nctalks", "revolt",
    "ryver", "zulip",
})  # fmt: skip
#: Services whose messages have a subject that readers go by.
_MAIL = frozenset({
    "azure", "brevo", "mailgun", "mailto", "mailtos", "o365", "postmark", "resend", "sendgrid", "ses", "smtp2go",
    "sparkpost",
})  # fmt: skip
_SHORTEST_SECRET = 4  # characters
_ONE_AT_A_TIME = threading.Lock()


class Unusable(Exception):
    """A text that Apprise can't use as a URL. Says no more: the text is a secret."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One opened URL. `length` is characters of a message, `page` the service's own."""

    service: str
    page: str
    length: int | None
    is_marked: bool
    has_subject: bool
    plugin: Any = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)


class _Pause(Exception):
    """A plugin wanted to sleep: it was told to send less."""


def open_channel(url: str, timeout: float) -> Channel:
    """Open a URL; asks nobody. `timeout` is seconds for a connection, and again for an answer."""
    from apprise import Apprise as Library
    from apprise import AppriseAsset, NotifyFormat

    # No pictures of Apprise's own, nothing kept on disk, no redirect that would turn a message into a question.
    asset = AppriseAsset(
        app_id="Syndicator", image_url_mask="", image_url_logo="", storage_mode="memory", http_redirects=False
    )
    with _unheard():
        plugin = Library.instantiate(url.strip(), asset=asset)
    if plugin is None:
        raise Unusable
    plugin.socket_connect_timeout = plugin.socket_read_timeout = timeout
    plugin.redirects = False
    plugin.retry = 0
    schema = url.partition("://")[0].strip().lower()
    return Channel(
        service=str(plugin.service_name),
        page=str(plugin.service_url),
        length=plugin.body_maxlen or None,
        is_marked=schema in ALWAYS_MARKED or plugin.resolve_format(NotifyFormat.TEXT) == NotifyFormat.MARKDOWN,
        has_subject=schema in _MAIL,
        plugin=plugin,
        secrets=_parts(url),
    )


def send(channel: Channel, body: str, title: str) -> Heard:
    """Send one message, once."""
    from apprise import Apprise as Library
    from apprise import NotifyFormat

    plugin, pauses = channel.plugin, list[float]()

    def throttle(last_io: object = None, wait: float | None = None) -> None:
        """Stand in for a plugin's own sleeping, before each of its requests."""
        if wait:
            pauses.append(float(wait))
            raise _Pause

    plugin.throttle = throttle
    library = Library()
    library.add(plugin)
    format_ = plugin.resolve_format(NotifyFormat.TEXT)
    source = NotifyFormat.MARKDOWN if channel.is_marked and format_ == NotifyFormat.MARKDOWN else NotifyFormat.TEXT
    with _unheard():
        result = library.notify(
            body=body, title=title, body_format=source, interpret_escapes=False, log_level=logging.DEBUG
        )
    attempts = [attempt for service in result for attempt in service]
    log = tuple((entry.level, entry.message) for attempt in attempts for entry in attempt)
    return Heard(bool(attempts) and all(attempts), log, max(pauses, default=0.0), len(plugin), channel.secrets)


@contextmanager
def _unheard() -> Iterator[None]:
    """Let Apprise log everything, to its own results alone."""
    log, nobody = logging.getLogger("apprise"), logging.NullHandler()
    with _ONE_AT_A_TIME:
        before = log.level, log.propagate, log.handlers[:]
        log.setLevel(logging.DEBUG)
        log.propagate = False
        log.handlers[:] = [nobody]
        try:
            yield
        finally:
            log.setLevel(before[0])
            log.propagate = before[1]
            log.handlers[:] = before[2]


def _parts(url: str) -> tuple[str, ...]:
    """Whatever in a URL may be a secret, longest first: all but its scheme."""
    rest = url.partition("://")[2]
    parts = {part for each in (rest, unquote(rest)) for part in re.split(r"[/:@?&=#,]+", each)}
    return tuple(sorted((part for part in parts if len(part) >= _SHORTEST_SECRET), key=len, reverse=True))
