"""Which blogrolls pages and feeds name, best first, and where they are guessed."""

import pytest

from syndicator.sources.blogroll_links import common_places, named

PAGE = "https://ada.example/~ada/blog/"


@pytest.mark.parametrize(
    ("body", "link", "found"),
    [
        ('<link rel="blogroll" type="text/xml" href="/roll.opml">', "", ["https://ada.example/roll.opml"]),
        ('<LINK REL="Blogroll nofollow" HREF="roll.opml">', "", ["https://ada.example/~ada/blog/roll.opml"]),
        ('<base href="https://b.example/x/"><link rel=blogroll href=r>', "", ["https://b.example/x/r"]),
        ("<p>", '</r.opml>; rel="blogroll"; type="text/x-opml", <x>; rel=next', ["https://ada.example/r.opml"]),
        (
            "<link rel=blogroll type=text/html href=/people><link rel=blogroll href=/r.opml>",
            "</h.opml>; rel=blogroll",
            ["https://ada.example/h.opml", "https://ada.example/r.opml", "https://ada.example/people"],
        ),
        ('<link rel="blogroll" href="javascript:x"><link rel="blogroll" href="">', "", []),
        ('<link rel="stylesheet" href="/blogroll.css"><a rel="blogroll" href="/b">', "", []),
        (
            "<rss><channel><source:blogroll>https://ada.example/o?a=1&amp;b=2</source:blogroll><item/></channel></rss>",
            "",
            ["https://ada.example/o?a=1&b=2"],
        ),
        (
            "<rss><channel><blogChannel:blogRoll>\n<![CDATA[/r.opml]]></blogChannel:blogRoll></channel></rss>",
            "",
            ["https://ada.example/r.opml"],
        ),
        ("<rss><channel><item><source:blogroll>https://x.example/</source:blogroll></item></channel></rss>", "", []),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="blogroll" href="https://ada.example/r.opml"/></feed>',
            "",
            ["https://ada.example/r.opml"],
        ),
    ],
)
def test_what_names_a_blogroll(body: str, link: str, found: list[str]) -> None:
    assert [each.url for each in named(body.encode(), PAGE, link=link)] == found


def test_titles_are_made_harmless() -> None:
    [link] = named(b'<link rel=blogroll href=/r title="Friends\x1b[31m &amp; more">', PAGE)
    assert (link.title, link.type) == ("Friends[31m & more", "")


def test_common_places_are_few_and_the_well_known_one_comes_first() -> None:
    places = common_places(PAGE)
    assert places[0] == "https://ada.example/.well-known/recommendations.opml"
    assert places[1] == "https://ada.example/~ada/blog/blogroll.opml"
    assert "https://ada.example/blogroll.xml" in places
    assert len(places) == len(set(places)) < 15
    assert len(common_places("https://ada.example")) == 6
