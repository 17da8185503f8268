"""Mastodon, and the servers that speak its API (GoToSocial, Pleroma, snac …), through Mastodon.py.

Carries requests to the server and notifications back, and translates the SDK's errors once. What to post, when, and how
it is worded is decided elsewhere; so is whether to try again. Ids are opaque strings: decimal, ULID, hex and UUID were
all seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from mastodon import Mastodon as Client
from mastodon import (
    MastodonAPIError,
    MastodonError,
    MastodonNetworkError,
    MastodonNotFoundError,
    MastodonRatelimitError,
)

from platforms.base import Draft, Limits, Login, Page, PostRef, Request
from platforms.errors import AuthFailed, PlatformError, RateLimited, Rejected, Unreachable, Unsupported
from platforms.mastodon_wire import interaction, made_from, number, ref, time

#: What a server allows that doesn't say otherwise; `read_limits` asks it.
LIMITS = Limits(
    length=500,
    count="mastodon",
    source="https://docs.joinmastodon.org/entities/Instance/#max_characters",
    read_on="2026-11-01",
    url_length=23,
    card="server",
    images=4,
    alt_length=1500,
    warnings=True,
    languages=1,
)
# A post can't be older than its request, but the server's clock may be behind ours by this much.
CLOCKS_DIFFER = timedelta(minutes=5)
# What the SDK says in place of the words of a server that has no such API.
_NO_API = "Endpoint not found."
READ_BACK_PAGES = 10  # of 40 statuses: nobody writes more than that in the time until a retry


class Mastodon:
    """Publisher and Reporter. Option `server` (its URL); secret `token`, needed from the first call on."""

    needs = ("server",)
    credential = ("token",)
    limits = LIMITS

    def __init__(self, login: Login, client: Client | None = None) -> None:
        self._login = login
        self._client = client
        self._me: str | None = None

    def read_limits(self) -> Limits:
        """What this server says it allows; what it leaves out, or doesn't answer, is Mastodon's default. No token."""
        try:
            said: Any = self._sdk().instance_v2()["configuration"]
        except (MastodonError, PlatformError, KeyError, TypeError):
            return LIMITS
        reserved = number(said, "statuses", "characters_reserved_per_url")
        return replace(
            LIMITS,
            # Pleroma says 0, and counts URLs in full
            count="graphemes" if reserved == 0 else LIMITS.count,
            url_length=None if reserved == 0 else reserved or LIMITS.url_length,
            length=number(said, "statuses", "max_characters") or LIMITS.length,
            images=number(said, "statuses", "max_media_attachments") or LIMITS.images,
            image_bytes=number(said, "media_attachments", "image_size_limit") or LIMITS.image_bytes,
            alt_length=number(said, "media_attachments", "description_limit") or LIMITS.alt_length,
        )

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        """The payload is what is sent, and the article's URL to know the post by when it is read back."""
        payload = {
            "status": draft.text,
            "url": draft.url,
            "visibility": draft.visibility,
            "spoiler_text": draft.warning,
            "language": draft.language,
        }
        return Request(key, dict(payload), now)

    def publish(self, request: Request) -> PostRef:
        """Send the status under its idempotency key, which Mastodon keeps for an hour and other servers ignore."""
        said = request.payload
        with self._talk() as client:
            status = client.status_post(
                str(said["status"]),
                visibility=str(said["visibility"]),
                spoiler_text=str(said["spoiler_text"]) or None,
                language=str(said["language"]) if said["language"] else None,
                idempotency_key=request.key,
            )
        if not isinstance(status, dict) or not status.get("id"):
            # A redirect turns the POST into a GET, whose answer is a list.
            remedy = "check that `server` is the address the server itself uses"
            raise Unreachable(self._login.account, "the answer is no status", remedy)
        return ref(status)

    def find(self, request: Request) -> PostRef | None:
        """Read one's own statuses back to the time of the request, and know the post by its link or by its text."""
        floor = request.created - CLOCKS_DIFFER
        with self._talk() as client:
            oldest = None
            for _ in range(READ_BACK_PAGES):
                page = client.account_statuses(self._my_id(client), exclude_reblogs=True, limit=40, max_id=oldest)
                recent = [status for status in page if (time(status["created_at"]) or floor) >= floor]
                for status in recent:
                    if made_from(status, request.payload):
                        return ref(status)
                if len(recent) < len(page) or not page:
                    return None
                oldest = str(page[-1]["id"])
        raise Unsupported(self._login.account, f"more than {READ_BACK_PAGES * 40} posts since this one was first sent")

    def delete(self, ref: PostRef) -> None:
        """Delete the status."""
        with self._talk() as client, suppress(MastodonNotFoundError):
            client.status_delete(ref.id)

    def interactions(self, cursor: str | None) -> Page:
        """Notifications after the cursor (the newest notification id seen), oldest first, at most 80."""
        with self._talk() as client:
            me = self._my_id(client)
            told = client.notifications(min_id=cursor or "0", limit=80)
        # Within a server, ids grow: longer is later, then by character. That holds for decimal numbers and for ULIDs.
        told = sorted(told, key=lambda one: (len(str(one["id"])), str(one["id"])))
        acts = (interaction(one, me) for one in told)
        return Page(tuple(act for act in acts if act), str(told[-1]["id"]) if told else cursor, more=bool(told))

    def _my_id(self, client: Client) -> str:
        if self._me is None:
            self._me = str(client.account_verify_credentials()["id"])
        return self._me

    def _sdk(self) -> Client:
        """The client; made when first needed, and without asking the server anything."""
        if self._client is None:
            server = str(self._login.options.get("server") or "")
            if not server:
                remedy = f'add server = "https://…" under [accounts.{self._login.account}]'
                raise AuthFailed(self._login.account, "no server is set", remedy)
            # Nothing waits, nothing asks for the server's version: Mastodon.py would recurse where v1 is missing.
            self._client = Client(
                api_base_url=server,
                ratelimit_method="throw",
                version_check_mode="none",
                request_timeout=self._login.timeout,
                user_agent="Syndicator",
            )
            # Set afterwards: the constructor would take a token that happens to be a file's name for that file.
            self._client.access_token = self._login.secrets.get("token")
        return self._client

    @contextmanager
    def _talk(self) -> Iterator[Client]:
        """The client, with a token, its errors translated."""
        client = self._sdk()
        if not client.access_token:
            raise AuthFailed(self._login.account, "there is no token", self._new_token(client))
        try:
            yield client
        except MastodonRatelimitError as error:
            raise self._too_many(error, client) from error
        except MastodonNetworkError as error:
            raise Unreachable(self._login.account, f"no answer from {client.api_base_url}: {error}") from error
        except MastodonAPIError as error:
            raise self._refused(error, client) from error
        except MastodonError as error:
            raise Rejected(self._login.account, str(error)) from error

    def _too_many(self, error: MastodonError, client: Client) -> PlatformError:
        if "Hit rate limit" not in str(error):  # the SDK stumbled over a header, whatever the server did
            return Unreachable(self._login.account, f"no usable answer: {error}")
        reset = client.ratelimit_reset  # seconds since 1970 by our clock; None when not said, or past
        retry_at = datetime.fromtimestamp(reset, UTC) if reset else None
        return RateLimited(self._login.account, "the server wants fewer requests", retry_at=retry_at)

    def _refused(self, error: MastodonAPIError, client: Client) -> PlatformError:
        account = self._login.account
        # (what happened, HTTP status, its phrase, the server's own words); otherwise an answer that was no JSON
        if len(error.args) != 4:
            return Unreachable(account, f"no usable answer: {str(error)[:300]}")
        _, status, phrase, words = error.args
        problem = f"the server says: {words or phrase} (HTTP {status})"
        if status >= 500 or status == 408:
            return Unreachable(account, problem)
        if status in {401, 403}:
            return AuthFailed(account, problem, self._new_token(client))
        if not words or words == _NO_API:
            return Unreachable(account, problem, f"check that {client.api_base_url} is a Mastodon server")
        return Rejected(account, problem)

    def _new_token(self, client: Client) -> str:
        variable = f"SYNDICATOR_{re.sub(r'[^A-Z0-9]', '_', self._login.account.upper())}_TOKEN"
        page = f"{client.api_base_url}/settings/applications"
        return (
            f"make a token with the scopes read and write at {page}, "
            f"then set {variable}, or write it into secrets.toml in the data folder"
        )
