"""Where feeds lie that no page names: on well-known sites by rule, anywhere else at the usual places.

Data and pure functions; asking for what they name, and believing none of it before a feed was read there, is `find`'s
business. Sites that give no feeds (Bandcamp, X, Instagram, Facebook, LinkedIn) have no rule, nor have services that
make feeds out of other people's pages.

An address in the rules is host (without "www."), path (without a slash at its end) and query. {name} stands for one
segment or label without dots, any other word in braces for one that may have them, * for whatever follows. {origin} is
scheme and server. Where several feeds belong to an address, the best stands first.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from selectolax.lexbor import LexborHTMLParser

from syndicator.sources.rank import FeedLink
from syndicator.urls import weburl

_Rules = Mapping[str, tuple[str, ...]]

#: Tried in the folder of a page, then on its site, when nothing else led to a feed: the most widely used first.
USUAL = ("feed", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feed.json", "rss", "feeds/posts/default")

_VIDEOS = "https://www.youtube.com/feeds/videos.xml"

#: Sites with servers of their own, by the page that states the rule (read November 2026).
SITES: Mapping[str, _Rules] = {
    "https://github.com/bluesky-social/social-app/issues/1491": {
        "bsky.app/profile/{handle}*": ("https://bsky.app/profile/{handle}/rss",),
    },
    "https://developers.google.com/youtube/v3/guides/push_notifications": {
        "youtube.com/channel/{name}*": (f"{_VIDEOS}?channel_id={{name}}",),
        "youtube.com/playlist?list={name}*": (f"{_VIDEOS}?playlist_id={{name}}",),
    },
    "https://help.medium.com/hc/en-us/articles/214874118": {
        "medium.com/@{handle}*": ("https://medium.com/feed/@{handle}",),
        "medium.com/tag/{name}*": ("https://medium.com/feed/tag/{name}",),
        "medium.com/{name}*": ("https://medium.com/feed/{name}",),
        "{name}.medium.com*": ("https://{name}.medium.com/feed",),
    },
    "https://support.substack.com/hc/en-us/articles/360038239391": {
        "{name}.substack.com*": ("https://{name}.substack.com/feed",),
    },
    "https://wordpress.com/support/feeds/": {
        "{name}.wordpress.com*": ("https://{name}.wordpress.com/feed/",),
    },
    "https://support.google.com/blogger/answer/97933": {
        "{name}.blogspot.{handle}*": ("https://{name}.blogspot.com/feeds/posts/default",),
    },
    "https://github.com/writefreely/writefreely/issues/257": {
        "write.as/{name}*": ("https://write.as/{name}/feed/",),
    },
    "https://www.reddit.com/wiki/rss/": {
        "reddit.com/r/{name}*": ("https://www.reddit.com/r/{name}/.rss",),
        "old.reddit.com/r/{name}*": ("https://www.reddit.com/r/{name}/.rss",),
        "reddit.com/u/{name}*": ("https://www.reddit.com/user/{name}/submitted/.rss",),
        "reddit.com/user/{name}*": ("https://www.reddit.com/user/{name}/submitted/.rss",),
    },
    "https://docs.github.com/en/rest/activity/feeds": {
        "github.com/{name}/{handle}*": (
            "https://github.com/{name}/{handle}/releases.atom",
            "https://github.com/{name}/{handle}/tags.atom",
            "https://github.com/{name}/{handle}/commits.atom",
        ),
        "github.com/{name}": ("https://github.com/{name}.atom",),
    },
    "https://gitlab.com/gitlab-org/gitlab-foss/-/merge_requests/21428": {
        "gitlab.com/{name}/{handle}*": (
            "https://gitlab.com/{name}/{handle}/-/tags?format=atom",
            "https://gitlab.com/{name}/{handle}.atom",
        ),
        "gitlab.com/{name}": ("https://gitlab.com/{name}.atom",),
    },
    "https://github.com/forem/forem/discussions/19747": {
        "dev.to/t/{name}*": ("https://dev.to/feed/tag/{name}",),
        "dev.to/{name}*": ("https://dev.to/feed/{name}",),
    },
    "https://qiita.com/KEINOS/items/f0a5bce2fa9cfec85f8b": {
        "qiita.com/tags/{handle}": ("https://qiita.com/tags/{handle}/feed.atom",),
        "qiita.com/{name}*": ("https://qiita.com/{name}/feed.atom",),
    },
    "https://info.arxiv.org/help/rss.html": {
        "arxiv.org/list/{handle}*": ("https://rss.arxiv.org/rss/{handle}",),
    },
    "https://www.flickr.com/services/feeds/docs/photos_public/": {
        "flickr.com/photos/{name}@{handle}*": (
            "https://www.flickr.com/services/feeds/photos_public.gne?id={name}@{handle}",
        ),
    },
    "https://github.com/pixelfed/pixelfed/issues/2313": {
        "pixelfed.social/{handle}": ("https://pixelfed.social/users/{handle}.atom",),
    },
    "widely known": {
        "vimeo.com/channels/{name}": ("https://vimeo.com/channels/{name}/videos/rss",),
        "vimeo.com/{name}": ("https://vimeo.com/{name}/videos/rss",),
        "tumblr.com/{name}*": ("https://{name}.tumblr.com/rss",),
        "{name}.tumblr.com*": ("https://{name}.tumblr.com/rss",),
        "{name}.ghost.io*": ("https://{name}.ghost.io/rss/",),
        "{name}.livejournal.com*": ("https://{name}.livejournal.com/data/atom",),
        "{name}.dreamwidth.org*": ("https://{name}.dreamwidth.org/data/atom",),
        "{name}.micro.blog*": ("https://{name}.micro.blog/feed.xml",),
        "micro.blog/{name}": ("https://{name}.micro.blog/feed.xml",),
        "{name}.bearblog.dev*": ("https://{name}.bearblog.dev/feed/",),
        "buttondown.com/{name}*": ("https://buttondown.com/{name}/rss",),
        "news.ycombinator.com*": ("https://news.ycombinator.com/rss",),
        "lobste.rs/t/{name}": ("https://lobste.rs/t/{name}.rss",),
        "lobste.rs": ("https://lobste.rs/rss",),
        "stackoverflow.com/questions/tagged/{handle}": ("https://stackoverflow.com/feeds/tag/{handle}",),
        "stackoverflow.com/questions/{name}*": ("https://stackoverflow.com/feeds/question/{name}",),
        "stackoverflow.com/users/{name}*": ("https://stackoverflow.com/feeds/user/{name}",),
        "{name}.stackexchange.com/questions/tagged/{handle}": ("https://{name}.stackexchange.com/feeds/tag/{handle}",),
        "{name}.stackexchange.com*": ("https://{name}.stackexchange.com/feeds",),
        "letterboxd.com/{name}*": ("https://letterboxd.com/{name}/rss/",),
        "{name}.itch.io/{handle}*": ("https://{name}.itch.io/{handle}/devlog.rss",),
    },
}

#: Software that runs on many servers: what an address may mean there. Only worth a try when its page names no feed.
SOFTWARE: Mapping[str, _Rules] = {
    # The first of each is Mastodon's, Misskey's and Akkoma's, the second GoToSocial's or Pixelfed's.
    "https://docs.gotosocial.org/en/latest/user_guide/rss/": {
        "{server}/@{name}": ("{origin}/@{name}.rss", "{origin}/@{name}/feed.rss"),
        "{server}/@{name}@{handle}": ("https://{handle}/@{name}.rss", "https://{handle}/@{name}/feed.rss"),
        "{server}/users/{name}": ("{origin}/users/{name}.rss", "{origin}/users/{name}.atom"),
    },
    "https://join-lemmy.org/docs/contributors/04-api.html": {
        "{server}/c/{name}": ("{origin}/feeds/c/{name}.xml?sort=New",),
        "{server}/u/{name}": ("{origin}/feeds/u/{name}.xml?sort=New",),
    },
}

#: https://docs.joinpeertube.org/api-rest-reference.html (video feeds); its pages say what they are.
_PEERTUBE: _Rules = {
    "{server}/c/{handle}*": ("{origin}/feeds/videos.xml?videoChannelName={handle}",),
    "{server}/a/{handle}*": ("{origin}/feeds/videos.xml?accountName={handle}",),
}

_LOOKS_LIKE_FEED = re.compile(
    r"[^?]*\.(?:rss|atom|xml|rdf|json)(?:\?|$)|[^?]*/(?:feeds?|rss|atom)(?:[/?]|$)|.*[?&](?:format|feed|alt)=(?:rss|atom)",
    re.IGNORECASE,
)
_CHANNEL = re.compile(r"UC[\w-]{22}")
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")


def looks_like_feed(url: str) -> bool:
    """Tell whether an address is written as feeds' addresses often are: such a one is asked before any rule is."""
    return _LOOKS_LIKE_FEED.match(url.partition("#")[0]) is not None


def of_site(url: str) -> tuple[FeedLink, ...]:
    """The feeds of an address on a well-known site, best first."""
    return _first(SITES.values(), url)


def of_software(url: str) -> tuple[FeedLink, ...]:
    """The feeds that an address on any server may have, if the software there is what the address looks like."""
    return _first(SOFTWARE.values(), url)


def in_page(url: str, tree: LexborHTMLParser) -> tuple[FeedLink, ...]:
    """The feeds that follow from what a page says of itself: which channel it is about, what software made it."""
    parsed = weburl.parse(url)
    if parsed is not None and _bare(parsed.host) == "youtube.com":
        marks = tree.css('meta[itemprop="identifier"], meta[itemprop="channelId"]')
        channels = (mark.attributes.get("content") or "" for mark in marks)
        return tuple(FeedLink(f"{_VIDEOS}?channel_id={each}") for each in channels if _CHANNEL.fullmatch(each))[:1]
    if tree.css_first('meta[property="og:platform"][content="PeerTube"]') is not None:
        return _first([_PEERTUBE], url)
    return ()


def usual(url: str) -> tuple[FeedLink, ...]:
    """The usual places for the feed of a page: in its folder, then at the top of its site."""
    parsed = weburl.parse(url)
    if parsed is None:
        return ()
    folder = parsed.path[: parsed.path.rfind("/") + 1]
    paths = (base + place for base in dict.fromkeys((folder, "/")) for place in USUAL)
    return tuple(FeedLink(str(replace(parsed, path=path, query=None, fragment=None))) for path in paths)


def _first(groups: Iterable[_Rules], url: str) -> tuple[FeedLink, ...]:
    """The feeds by the first rule that an address fits."""
    text, origin = _text(url), _origin(url)
    for address, feeds in itertools.chain.from_iterable(rules.items() for rules in groups):
        if match := _pattern(address).fullmatch(text):
            return tuple(FeedLink(feed.format(origin=origin, **match.groupdict())) for feed in feeds)
    return ()


def _text(url: str) -> str:
    """An address as the rules write it."""
    parsed = weburl.parse(url)
    if parsed is None:
        return ""
    return _bare(parsed.host) + parsed.path.rstrip("/") + (f"?{parsed.query}" if parsed.query else "")


def _origin(url: str) -> str:
    parsed = weburl.parse(url)
    return str(replace(parsed, user="", password="", path="", query=None, fragment=None)) if parsed else ""


def _bare(host: str) -> str:
    return host.rstrip(".").removeprefix("www.").removeprefix("m.")


@cache
def _pattern(address: str) -> re.Pattern[str]:
    return re.compile(_PLACEHOLDER.sub(_group, re.escape(address)).replace(r"\*", r"(?:[/?&].*)?"))


def _group(match: re.Match[str]) -> str:
    characters = r"[\w~%-]+" if match[1] == "name" else r"[\w~%.:-]+"
    return f"(?P<{match[1]}>{characters})"
