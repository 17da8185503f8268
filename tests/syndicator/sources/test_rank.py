"""The best of a page's feeds."""

import pytest

from syndicator.sources.rank import FeedLink, best_first

SITE = "https://ada.example"
POSTS = FeedLink(f"{SITE}/feed/", "Ada » Feed")


@pytest.mark.parametrize(
    "worse",
    [
        FeedLink(f"{SITE}/comments/feed/", "Ada » Comments Feed"),
        FeedLink(f"{SITE}/2026/11/pruning/feed/", "Ada » Kommentar-Feed zu Pruning"),
        FeedLink(f"{SITE}/category/python/feed/", "Ada » Python Category Feed"),
        FeedLink(f"{SITE}/?feed=rss2&cat=3", "Python"),
        FeedLink(f"{SITE}/feeds/posts/default/-/python"),
        FeedLink(f"{SITE}/feed/", "Ada auf Deutsch", language="de"),
        FeedLink(f"{SITE}/de/feed/", "Ada"),
        FeedLink(f"{SITE}/short.xml", "Ada (summaries)"),
    ],
    ids=lambda link: link.url + link.language,
)
def test_what_comes_after_the_posts_of_the_whole_site(worse: FeedLink) -> None:
    better = FeedLink(f"{SITE}/posts.xml", "Ada")
    assert best_first([worse, better], "en-GB") == (better, worse)


def test_full_text_comes_first_and_the_page_decides_what_is_equal() -> None:
    atom, rss, json = (FeedLink(f"{SITE}/feed.{kind}") for kind in ("atom", "rss", "json"))
    assert best_first([json, atom, rss]) == (json, atom, rss)
    full = FeedLink(f"{SITE}/full.xml", "Ada, full text")
    assert best_first([json, full]) == (full, json)


def test_comments_come_last_of_all() -> None:
    comments, part = FeedLink(f"{SITE}/comments"), FeedLink(f"{SITE}/tag/x/feed")
    german = FeedLink(f"{SITE}/tag/x/feed.de", language="de")
    assert best_first([comments, german, part], "en") == (part, german, comments)


def test_a_language_only_counts_where_the_page_has_one() -> None:
    german = FeedLink(f"{SITE}/de/feed/", language="de-AT")
    assert best_first([german, POSTS]) == (german, POSTS)
    assert best_first([POSTS, german], "de") == (POSTS, german)
    assert best_first([FeedLink(f"{SITE}/en/feed/"), german], "de-DE")[0] == german


def test_an_address_is_offered_once_under_its_first_title() -> None:
    assert best_first([POSTS, FeedLink(POSTS.url, "again")]) == (POSTS,)
