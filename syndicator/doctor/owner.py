"""The owner's own sites: whether pages can lie on them."""

from __future__ import annotations

from collections.abc import Iterator

from syndicator import urls
from syndicator.doctor.finding import Finding, mind
from syndicator.settings import Settings
from syndicator.sources.known import looks_like_feed


def examine(settings: Settings) -> Iterator[Finding]:
    """Feeds among the sites: nothing lies below a feed, and no link would be a favour to its owner. Pure."""
    feeds = {urls.page_of(source.feed) for source in settings.sources if source.feed}
    for site in settings.me.sites:
        if looks_like_feed(site) or (urls.page_of(site) in feeds and not urls.is_front_page(site)):
            text = f"{site} in `sites` is a feed, so that none of your pages count as yours"
            yield mind("settings", text, f"write the address of your site under [me] in {settings.path}")
