"""The feeds of well-known sites: a case for every rule, and no feed of theirs is taken for a page."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from syndicator.sources import known

CHANNEL = "UCrqM0Ym_NbK1fqeQG2VIohg"
GIT = "https://github.com/ada/garden.py"
LAB = "https://gitlab.com/ada/garden"

SITES = [
    ("https://bsky.app/profile/ada.example", "https://bsky.app/profile/ada.example/rss"),
    ("https://bsky.app/profile/did:plc:abc/post/3k", "https://bsky.app/profile/did:plc:abc/rss"),
    (
        f"https://www.youtube.com/channel/{CHANNEL}/videos",
        f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}",
    ),
    ("https://m.youtube.com/playlist?list=PL-o_e&si=x", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL-o_e"),
    ("https://medium.com/@ada.okafor/on-pruning-1f2e", "https://medium.com/feed/@ada.okafor"),
    ("https://medium.com/tag/gardens/archive", "https://medium.com/feed/tag/gardens"),
    ("https://medium.com/the-garden", "https://medium.com/feed/the-garden"),
    ("https://ada.medium.com/about", "https://ada.medium.com/feed"),
    ("https://ada.substack.com/p/on-pruning?r=1", "https://ada.substack.com/feed"),
    ("http://ada.wordpress.com", "https://ada.wordpress.com/feed/"),
    ("https://ada.blogspot.co.uk/2026/11/pruning.html", "https://ada.blogspot.com/feeds/posts/default"),
    ("https://write.as/ada/pruning", "https://write.as/ada/feed/"),
    ("https://www.reddit.com/r/python/comments/1x/pruning/", "https://www.reddit.com/r/python/.rss"),
    ("https://old.reddit.com/r/python/", "https://www.reddit.com/r/python/.rss"),
    ("https://reddit.com/u/ada", "https://www.reddit.com/user/ada/submitted/.rss"),
    ("https://www.reddit.com/user/ada/", "https://www.reddit.com/user/ada/submitted/.rss"),
    (f"{GIT}/issues/5", f"{GIT}/releases.atom"),
    ("https://github.com/ada", "https://github.com/ada.atom"),
    (LAB, f"{LAB}/-/tags?format=atom"),
    ("https://gitlab.com/ada", "https://gitlab.com/ada.atom"),
    ("https://dev.to/t/python", "https://dev.to/feed/tag/python"),
    ("https://dev.to/ada/on-pruning-1f2e", "https://dev.to/feed/ada"),
    ("https://qiita.com/tags/node.js", "https://qiita.com/tags/node.js/feed.atom"),
    ("https://qiita.com/ada/items/1f", "https://qiita.com/ada/feed.atom"),
    ("https://arxiv.org/list/cs.AI/recent", "https://rss.arxiv.org/rss/cs.AI"),
    ("https://www.flickr.com/photos/123@N00/", "https://www.flickr.com/services/feeds/photos_public.gne?id=123@N00"),
    ("https://pixelfed.social/ada", "https://pixelfed.social/users/ada.atom"),
    ("https://vimeo.com/channels/gardens", "https://vimeo.com/channels/gardens/videos/rss"),
    ("https://vimeo.com/ada", "https://vimeo.com/ada/videos/rss"),
    ("https://www.tumblr.com/ada/123/pruning", "https://ada.tumblr.com/rss"),
    ("https://ada.tumblr.com/post/1", "https://ada.tumblr.com/rss"),
    ("https://ada.ghost.io/pruning/", "https://ada.ghost.io/rss/"),
    ("https://ada.livejournal.com/profile", "https://ada.livejournal.com/data/atom"),
    ("https://ada.dreamwidth.org", "https://ada.dreamwidth.org/data/atom"),
    ("https://ada.micro.blog/2026/", "https://ada.micro.blog/feed.xml"),
    ("https://micro.blog/ada", "https://ada.micro.blog/feed.xml"),
    ("https://ada.bearblog.dev/pruning/", "https://ada.bearblog.dev/feed/"),
    ("https://buttondown.com/ada/archive/", "https://buttondown.com/ada/rss"),
    ("https://news.ycombinator.com/newest", "https://news.ycombinator.com/rss"),
    ("https://lobste.rs/t/python", "https://lobste.rs/t/python.rss"),
    ("https://lobste.rs", "https://lobste.rs/rss"),
    ("https://stackoverflow.com/questions/tagged/node.js", "https://stackoverflow.com/feeds/tag/node.js"),
    ("https://stackoverflow.com/questions/42/how-to-prune", "https://stackoverflow.com/feeds/question/42"),
    ("https://stackoverflow.com/users/7/ada", "https://stackoverflow.com/feeds/user/7"),
    ("https://gardening.stackexchange.com/questions/tagged/ivy", "https://gardening.stackexchange.com/feeds/tag/ivy"),
    ("https://gardening.stackexchange.com", "https://gardening.stackexchange.com/feeds"),
    ("https://letterboxd.com/ada/films/", "https://letterboxd.com/ada/rss/"),
    ("https://ada.itch.io/garden", "https://ada.itch.io/garden/devlog.rss"),
]
RULES = [address for rules in known.SITES.values() for address in rules]


@pytest.mark.parametrize(("page", "feed"), SITES)
def test_the_best_feed_of_a_page_on_a_well_known_site(page: str, feed: str) -> None:
    assert known.of_site(page)[0].url == feed


def test_every_rule_has_a_case() -> None:
    used = {next(rule for rule in RULES if known._pattern(rule).fullmatch(known._text(page))) for page, _ in SITES}
    assert set(RULES) - used == set()


@pytest.mark.parametrize("feed", [link.url for page, _ in SITES for link in known.of_site(page)])
def test_no_feed_is_taken_for_a_page(feed: str) -> None:
    assert known.looks_like_feed(feed) or known.of_site(feed) == ()


def test_the_other_feeds_of_a_repository_are_offered() -> None:
    assert [link.url for link in known.of_site(GIT)] == [
        f"{GIT}/{kind}.atom" for kind in ("releases", "tags", "commits")
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://ada.example/",
        "https://x.com/ada",
        "https://ada.bandcamp.com",
        "https://notbsky.app/profile/ada",
        "",
        "x",
    ],
)
def test_elsewhere_no_rule_holds(url: str) -> None:
    assert known.of_site(url) == ()


@pytest.mark.parametrize(
    ("page", "feeds"),
    [
        (
            "https://pond.example:8443/@ada",
            ["https://pond.example:8443/@ada.rss", "https://pond.example:8443/@ada/feed.rss"],
        ),
        (
            "https://pond.example/@ada@lake.example",
            ["https://lake.example/@ada.rss", "https://lake.example/@ada/feed.rss"],
        ),
        (
            "https://pond.example/users/ada",
            ["https://pond.example/users/ada.rss", "https://pond.example/users/ada.atom"],
        ),
        ("https://pond.example/c/gardens", ["https://pond.example/feeds/c/gardens.xml?sort=New"]),
        ("https://pond.example/u/ada", ["https://pond.example/feeds/u/ada.xml?sort=New"]),
        ("https://pond.example/", []),
    ],
)
def test_what_an_address_may_mean_on_any_server(page: str, feeds: list[str]) -> None:
    assert [link.url for link in known.of_software(page)] == feeds


@pytest.mark.parametrize(
    ("url", "html", "feed"),
    [
        ("https://www.youtube.com/@ada", f'<meta itemprop="identifier" content="{CHANNEL}">', f"?channel_id={CHANNEL}"),
        (
            "https://www.youtube.com/watch?v=1",
            f'<meta itemprop="channelId" content="{CHANNEL}">',
            f"?channel_id={CHANNEL}",
        ),
        ("https://www.youtube.com/@ada", '<meta itemprop="identifier" content="\\"><b>">', ""),
        ("https://ada.example/@ada", f'<meta itemprop="identifier" content="{CHANNEL}">', ""),
        (
            "https://t.example/c/ada.x/videos",
            '<meta property="og:platform" content="PeerTube">',
            "?videoChannelName=ada.x",
        ),
        ("https://t.example/a/ada", '<meta property="og:platform" content="PeerTube">', "?accountName=ada"),
        ("https://t.example/about", '<meta property="og:platform" content="PeerTube">', ""),
    ],
)
def test_what_a_page_says_of_itself(url: str, html: str, feed: str) -> None:
    found = known.in_page(url, LexborHTMLParser(html))
    assert [link.url.partition("?")[2] for link in found] == ([feed[1:]] if feed else [])


def test_the_usual_places_are_few() -> None:
    places = [link.url for link in known.usual("https://ada.example/blog/post.html?x#y")]
    assert places[:2] == ["https://ada.example/blog/feed", "https://ada.example/blog/rss.xml"]
    assert "https://ada.example/feed.json" in places
    assert len(places) == len(set(places)) <= 16
    assert len(known.usual("https://ada.example")) <= 8
    assert known.usual("file:///home/ada/page.html") == ()
