"""The `[fetch]` settings as fetcher and rhythm take them: where what the owner says meets what the sources know."""

from __future__ import annotations

from syndicator.settings import Settings
from syndicator.sources.fetched import FetchOptions
from syndicator.sources.rhythm import Bounds


def fetch_options(settings: Settings) -> FetchOptions:
    """The `[fetch]` settings as the fetcher takes them."""
    table = settings.fetch
    return FetchOptions(
        concurrency=table.concurrency,
        timeout=table.timeout.total_seconds(),
        contact=table.user_agent_contact,
        allow_private=table.allow_private,
    )


def bounds(settings: Settings) -> Bounds:
    """Between which times the `[fetch]` settings want a source to be asked again."""
    return Bounds(settings.fetch.least_interval, settings.fetch.most_interval)
