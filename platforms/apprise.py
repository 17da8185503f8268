"""Chat channels, phones and mailboxes (Telegram, Discord, Slack, Matrix, ntfy, e-mail …) through Apprise.

One account is one Apprise URL, and that is its secret. Nothing can be read back from such a place: a lost answer leaves
a post `unknown`, and what surely never arrived is told apart from that by `apprise_outcome`. How a text stays plain is
in `apprise_text`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from platforms.abilities import Profile
from platforms.apprise_outcome import Outcome, What, outcome_of
from platforms.apprise_text import calm, marked, subject
from platforms.apprise_wire import Unusable, open_channel, send
from platforms.base import Actor, Draft, Limits, Login, PostRef, Request
from platforms.errors import (
    AuthFailed,
    NotSent,
    PlatformError,
    RateLimited,
    Rejected,
    Unreachable,
    Unsupported,
    new_login,
)

if TYPE_CHECKING:
    from platforms.apprise_wire import Channel

#: What all but text messages to phones take; `read_limits` knows what the account's own service does.
LIMITS = Limits(length=500, count="characters", source="https://appriseit.com/services/", read_on="2026-11-22")

#: Refusals that no other message would escape: of HTTP, and of SMTP.
_BAD_URL = frozenset({401, 403, 404, 410, 530, 534, 535})


class Apprise:
    """Publisher, LimitsReader and Witness. Secret `url`: the Apprise URL of one channel."""

    credential = ("url",)
    where = "write the channel's URL as https://appriseit.com/services/ says"
    limits = LIMITS

    def __init__(self, login: Login) -> None:
        self._login = login
        self._account = login.account
        self.limits = login.limits or LIMITS
        self._unsent: set[str] = set()

    def read_limits(self) -> Limits:
        """What the service of this URL takes, as Apprise knows it; asks nobody."""
        return replace(LIMITS, length=self._channel().length or LIMITS.length)

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        """The payload is the text, in which nobody is called; a content warning stands above it."""
        text = f"{draft.warning}\n\n{draft.text}" if draft.warning else draft.text
        return Request(key, {"text": calm(text)}, now)

    def publish(self, request: Request) -> PostRef:
        """Send the message once: Apprise's own second tries are turned off."""
        channel = self._channel()
        text = str(request.payload["text"])
        body = marked(text, channel.length) if channel.is_marked else text
        outcome = outcome_of(send(channel, body, subject(text) if channel.has_subject else ""))
        if outcome.what is What.SENT:
            return PostRef(request.key, f"apprise://{self._account}/{request.key}")
        if outcome.what is What.NOT_SENT:
            self._unsent.add(request.key)
        raise self._error(outcome, channel.service)

    def find(self, request: Request) -> PostRef | None:
        """None for what this very adapter could not get out of the house; Unsupported for the rest."""
        if request.key in self._unsent:
            return None
        raise Unsupported(self._account, "a chat can't be read back", "look whether the message is there")

    def delete(self, ref: PostRef) -> None:
        """Unsupported: a message belongs to its channel once it is there."""
        raise Unsupported(self._account, "a message can't be taken back from here", "delete it in the channel itself")

    def whoami(self) -> Profile:
        """The service. That the URL is one of its own is all that can be known before a message is sent."""
        channel = self._channel()
        doubt = "the URL is written as it should be; whether its channel is there shows with the first message"
        return Profile(Actor(handle=channel.service, url=channel.page), doubt=doubt)

    def _channel(self) -> Channel:
        url = self._login.secrets.get("url", "")
        if not url:
            raise AuthFailed(self._account, "there is no Apprise URL", self._remedy)
        try:
            return open_channel(url, self._login.timeout)
        except Unusable:
            raise AuthFailed(self._account, "what is set is no Apprise URL that can be used", self._remedy) from None

    def _error(self, outcome: Outcome, service: str) -> PlatformError:
        account, said = self._account, f"{service}: {outcome.words}" if outcome.words else service
        if outcome.what is What.REFUSED and outcome.status in _BAD_URL:
            return AuthFailed(account, f"{said} ({outcome.status}): the URL is not good, or not any more", self._remedy)
        if outcome.what is What.TOO_MANY:
            at = datetime.now(UTC) + timedelta(seconds=outcome.pause) if outcome.pause else None
            return RateLimited(account, f"{said}: too many messages", retry_at=at)
        if outcome.what is What.REFUSED:
            return Rejected(account, f"{said} ({outcome.status})")
        if outcome.what is What.NOT_SENT:
            return NotSent(account, f"{service} can't be reached ({outcome.words or 'no connection'})")
        return Unreachable(account, f"{said}: no answer that says whether the message arrived")

    @property
    def _remedy(self) -> str:
        return f"{self.where}, then {new_login(self._account, 'url')}"
