"""Hosts on which many people live side by side, and what of an address tells them apart there. Pure."""

from __future__ import annotations

from collections.abc import Sequence

#: Sites where many people live side by side, told apart by the first segment of the path …
SHARED_HOSTS = frozenset({
    "about.me", "bitbucket.org", "bsky.app", "bsky.social", "buymeacoffee.com", "codeberg.org", "dev.to",
    "facebook.com", "flickr.com", "github.com", "gitlab.com", "goodreads.com", "huggingface.co", "instagram.com",
    "kaggle.com", "keybase.io", "ko-fi.com", "last.fm", "letterboxd.com", "liberapay.com", "linkedin.com", "linktr.ee",
    "lobste.rs", "medium.com", "npmjs.com", "orcid.org", "patreon.com", "pinboard.in", "pypi.org", "reddit.com",
    "researchgate.net", "sites.google.com", "soundcloud.com", "stackoverflow.com", "substack.com", "t.me",
    "threads.com", "threads.net", "tiktok.com", "tumblr.com", "twitch.tv", "twitter.com", "vimeo.com", "vk.com",
    "wikipedia.org", "write.as", "x.com", "youtube.com",
})  # fmt: skip

#: … or by the second, where the first only says what kind of thing follows.
_BEFORE_NAMES = frozenset(
    {
        "c",
        "channel",
        "company",
        "groups",
        "in",
        "pages",
        "people",
        "photos",
        "profile",
        "r",
        "u",
        "user",
        "users",
        "view",
    }
)

#: First segments on shared hosts that are the host's own pages, nobody's place.
_NOBODY = frozenset({
    "about", "datasets", "explore", "features", "feed", "help", "login", "m", "marketplace", "models", "orgs", "p",
    "package", "privacy", "project", "questions", "search", "settings", "share", "signup", "sponsors", "t", "tag",
    "tagged", "tags", "topics", "trending", "watch", "wiki",
})  # fmt: skip


def taken(host: str, segments: Sequence[str]) -> int:
    """How many segments of the path tell the people of a host apart."""
    first = segments[0].lower() if segments else ""
    if host in SHARED_HOSTS:
        return 2 if first in _BEFORE_NAMES else 0 if first in _NOBODY else 1
    return 1 if first.startswith(("@", "~")) else 0


def is_shared(site: str) -> bool:
    """Whether a site (as the ledger writes it) lies on a host that many people share, by path or by name."""
    labels = site.partition("/")[0].split(".")
    return any(".".join(labels[start:]) in SHARED_HOSTS for start in range(len(labels)))
