"""Web addresses: one form for one article, one name for one site, and browsers' rules for reading them."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syndicator import urls


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Ada.Example/Post", "http://ada.example/Post"),
        ("https://ada.example:443/", "https://ada.example/"),
        ("http://ada.example:80", "http://ada.example/"),
        ("https://ada.example:8443/x", "https://ada.example:8443/x"),
        ("https://ada.example/a/./b/../c", "https://ada.example/a/c"),
        ("https://ada.example/%7Eada/%c3%a4?q=%7e", "https://ada.example/~ada/%C3%A4?q=~"),
        ("https://ada.example/x#comments", "https://ada.example/x"),
        ("https://ada.example/#!/post/1", "https://ada.example/#!/post/1"),
        ("https://ada.example/#/post/1", "https://ada.example/#/post/1"),
        ("https://ada.example/#/", "https://ada.example/"),
        ("https://ada:secret@ada.example/", "https://ada.example/"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://ada.example./x", "https://ada.example/x"),
        ("https://ada.example//a//b/", "https://ada.example//a//b/"),
        ("https://www.ada.example/", "https://www.ada.example/"),
        ("https://ada.example/?b=2&a=1", "https://ada.example/?b=2&a=1"),
        ("https://ada.example/?", "https://ada.example/"),
        (" https://ada.example/\n", "https://ada.example/"),
    ],
)
def test_one_form_for_one_article(url: str, expected: str) -> None:
    assert urls.canonical(url) == expected


@pytest.mark.parametrize(
    "parameter",
    [
        "utm_source=x",
        "UTM_Campaign=x",
        "fbclid=x",
        "gclid=x",
        "mc_cid=x",
        "mc_eid=x",
        "msclkid=x",
        "igshid=x",
        "_hsenc=x",
        "__hstc=x",
        "mkt_tok=x",
        "pk_campaign=x",
        "mtm_source=x",
        "at_medium=x",
        "yclid=x",
        "twclid=x",
        "wt_mc=x",
        "source=rss-abc",
        "source=rss",
        "ref=rss",
        "ref=RSS-feed",
        "from=atom",
        "ref=twitter",
        "ref=planet.example",
        "ref_src=twsrc%5Etfw",
        "cmp=rss",
        "feature=share",
        "utm%5Fsource=x",
        "gad_source=1",
        "ns_mchannel=rss",
        "cm_mmc=Feed-_-x",
        "itm_medium=x",
        "__twitter_impression=true",
        "mibextid=x",
        "PHPSESSID=abc",
    ],
)
def test_tracking_goes(parameter: str) -> None:
    assert urls.canonical(f"https://ada.example/?v=1&{parameter}") == "https://ada.example/?v=1"
    assert urls.canonical(f"https://ada.example/?{parameter}") == "https://ada.example/"


@pytest.mark.parametrize(
    "query",
    [
        "v=dQw4",
        "id=1",
        "p=123",
        "page=2",
        "source=books",
        "ref=main",
        "q=utm_source",
        "tag=fbclid",
        "s=1",
        "t=30",
        "story_fbid=1",
        "ref=v1.2",
        "source=twitter",
        "from=mastodon",
        "si=1",
        "feature=login",
        "trk=1",
        "cmp=7",
        "smid=1",
        "r=2",
        "medium=watercolour",
        "via=rome",
        "partner=ada",
        "itm=1",
        "news=utm_source",
        "ref_src=books",
    ],
)
def test_what_chooses_the_page_stays(query: str) -> None:
    assert urls.canonical(f"https://ada.example/?{query}") == f"https://ada.example/?{query}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&si=x&feature=youtu.be&t=30", "/watch?v=dQw4w9WgXcQ&t=30"),
        ("https://youtu.be/dQw4w9WgXcQ?si=x", "/dQw4w9WgXcQ"),
        ("https://open.spotify.com/episode/1?si=x&t=9", "/episode/1?t=9"),
        ("https://x.com/ada/status/1?s=20&t=abc", "/ada/status/1"),
        ("https://mobile.twitter.com/ada/status/1?ref_src=twsrc%5Etfw&s=20", "/ada/status/1"),
        ("https://www.linkedin.com/pulse/a?trk=x&trackingId=y", "/pulse/a"),
        ("https://www.nytimes.com/2026/a.html?smid=url-share", "/2026/a.html"),
        ("https://www.theguardian.com/a?CMP=share_btn_tw", "/a"),
        ("https://ada.medium.com/a-1?source=user_profile---1", "/a-1"),
        ("https://ada.substack.com/p/a?r=1&s=w", "/p/a"),
        ("https://ada.example/a;jsessionid=0A1B.node1?id=2", "/a?id=2"),
        ("https://notyoutube.com/watch?v=1&si=x", "/watch?v=1&si=x"),
    ],
)
def test_what_tracks_on_one_host_may_choose_the_page_on_another(url: str, expected: str) -> None:
    assert re.sub(r"^https://[^/]+", "", urls.canonical(url)) == expected


PAGE = "https://ada.example/2026/a?p=1&q=%26"
QUOTED = "https%3A%2F%2Fada.example%2F2026%2Fa%3Fp%3D1%26q%3D%2526"


@pytest.mark.parametrize(
    "carrier",
    [
        f"https://www.google.com/url?rct=j&sa=t&url={QUOTED}&ct=ga&cd=x&usg=y",
        f"https://www.google.co.uk/url?q={QUOTED}&sa=D",
        f"http://WWW.GOOGLE.com.:80/url?q={QUOTED}",
        f"https://l.facebook.com/l.php?u={QUOTED}&h=x",
        f"https://l.instagram.com/?u={QUOTED}&e=x",
        f"https://www.youtube.com/redirect?event=video&q={QUOTED}",
        f"https://t.umblr.com/redirect?z={QUOTED}&t=x",
        f"https://out.reddit.com/t3_1?url={QUOTED}&token=x",
        f"https://medium.com/m/global-identity?redirectUrl={QUOTED}",
        f"https://slack-redir.net/link?url={QUOTED}",
        f"https://duckduckgo.com/l/?uddg={QUOTED}&rut=x",
        f"https://eur01.safelinks.protection.outlook.com/?url={QUOTED}&data=x",
        "https://cdn.ampproject.org/c/s/ada.example/2026/a?p=1&q=%26",
        "https://ada-example.cdn.ampproject.org/v/s/ada.example/2026/a?p=1&q=%26",
        "https://www.google.com/amp/s/ada.example/2026/a?p=1&q=%26",
        f"https://www.google.com/url?q=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D{QUOTED.replace('%', '%25')}",
    ],
)
def test_what_only_carries_another_address_stands_for_it(carrier: str) -> None:
    assert urls.canonical(carrier) == PAGE


def test_feedsportal_writes_addresses_into_paths() -> None:
    carrier = "http://rss.feedsportal.com/c/1/f/2/s/3/sc/36/l/0L0Sada0Bexample0C20A260Ca0Ewalk0Dp0F1/story01.htm"
    assert urls.canonical(carrier) == "http://www.ada.example/2026/a-walk?p=1"


@pytest.mark.parametrize(
    "url",
    [
        f"https://web.archive.org/web/2020/{PAGE}",
        f"https://ada.example/url?q={QUOTED}",
        f"https://www.google.com/search?q={QUOTED}",
        "https://www.google.com/url?q=javascript%3Ahttp%3A1",
        "https://www.google.com/url?sa=t&rct=http%3A",
        "https://www.google.com/amp/s/nothost",
        f"https://click.linksynergy.com/deeplink?id=x&murl={QUOTED}",
        "http://feedproxy.google.com/~r/Name/~3/abc/a.html",
        "http://rss.feedsportal.com/c/1/f/2/s/3/l/0Z/story01.htm",
    ],
)
def test_what_is_more_than_a_carrier_or_tells_nothing_stays(url: str) -> None:
    assert urls.canonical(url) == url


def test_addresses_wrapped_without_end_stay_as_they_are() -> None:
    url = PAGE
    for _ in range(20):
        url = f"https://exit.sc/?url={url.replace('%', '%25').replace('&', '%26')}"
    assert urls.canonical(url) == urls.canonical(urls.canonical(url)) != PAGE


@pytest.mark.parametrize(
    "text", ["", "mailto:ada@ada.example", "ada.example", "javascript:1", "http://", "http://[", "\0", "http://\udc80/"]
)
def test_garbage_has_no_form(text: str) -> None:
    assert urls.canonical(text) == ""
    assert not urls.is_web(text)


@pytest.mark.parametrize(
    "other",
    [
        "http://ada.example/2026/walk",
        "https://www.ada.example/2026/walk",
        "https://ada.example/2026/walk/",
        "https://ada.example/2026/walk//",
        "http://www.ada.example/2026/walk/index.html",
        "https://ada.example/2026/walk/index.php#top",
        "https://ada.example/2026/walk/Default.aspx",
        "https://www.ada.example/2026/walk/?utm_medium=planet",
        "https://m.ada.example/2026/walk",
        "https://mobile.ada.example/2026/walk",
        "https://amp.ada.example/2026/walk",
        "https://ada.example/2026/walk/amp",
        "https://ada.example/2026/walk/amp/",
        "https://ada.example/2026/walk?amp",
        "https://ada.example/2026/walk?amp=1",
        "https://ada.example/2026/walk?output=amp",
        "https://ada.example/2026/walk?outputType=amp",
        "https://ada.example/2026/walk/print/",
        "https://ada.example/2026/walk?print=1",
        "https://www.google.com/amp/s/amp.ada.example/2026/walk",
    ],
)
def test_one_page_under_many_addresses(other: str) -> None:
    assert urls.page_key(urls.canonical(other)) == urls.page_key("https://ada.example/2026/walk")


@pytest.mark.parametrize(
    "other",
    [
        "https://ada.example/2026/Walk",
        "https://ada.example/2026/walk/2",
        "https://ada.example/2026/walk.html",
        "https://ada.example/2026/walk/index",
        "https://ada.example/2026/walk/reindex.html",
        "https://ada.example/2026/walk/index.html/x",
        "https://ada.example/2026/walk?p=2",
        "https://ada.example/2026/walk#/2",
        "https://ada.example:8080/2026/walk",
        "https://blog.ada.example/2026/walk",
        "https://www2.ada.example/2026/walk",
        "https://www.www.ada.example/2026/walk",
        "https://de.ada.example/2026/walk",
        "https://ada.example/amp/2026/walk/2",
        "https://ada.example/2026/walk/amplifiers",
        "https://ada.example/2026/walk?print=3",
        "https://ada.example/2026/walk?amplitude=1",
        "https://web.archive.org/web/2020/https://ada.example/2026/walk",
    ],
)
def test_another_page_however_alike(other: str) -> None:
    assert urls.page_key(urls.canonical(other)) != urls.page_key("https://ada.example/2026/walk")


@pytest.mark.parametrize(
    "pages",
    [
        ["https://en.wikipedia.org/wiki/Canal", "https://en.m.wikipedia.org/wiki/Canal"],
        ["https://ada.example/a.html", "https://ada.example/a.amp.html"],
        ["https://ada.example/?b=2&a=1", "https://ada.example/?a=1&b=2"],
        ["https://x.com/ada/status/1", "https://twitter.com/ada/status/1", "https://mobile.twitter.com/ada/status/1"],
        ["https://old.reddit.com/r/a/comments/1/b/", "https://www.reddit.com/r/a/comments/1/b"],
        [
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://youtu.be/dQw4w9WgXcQ?t=30",
            "https://m.youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&index=2",
            "https://www.youtube.com/shorts/dQw4w9WgXcQ",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        ],
    ],
)
def test_forms_that_sites_have_of_one_page(pages: list[str]) -> None:
    assert len({urls.page_key(urls.canonical(page)) for page in pages}) == 1


@pytest.mark.parametrize(
    "pages",
    [
        ["https://www.youtube.com/", "https://www.youtube.com/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ"],
        ["https://ada.example/amp", "https://ada.example/"],
        ["https://m.example/a", "https://example/a"],
        ["https://ada.example/?a=1", "https://ada.example/?a=2", "https://ada.example/?a=1&a=2"],
    ],
)
def test_pages_that_only_look_like_forms_of_one(pages: list[str]) -> None:
    assert len({urls.page_key(urls.canonical(page)) for page in pages}) == len(pages)


def test_the_front_page_and_what_is_no_address() -> None:
    assert urls.page_key("https://www.ada.example/index.php?p=1") == urls.page_key("https://ada.example/?p=1")
    assert urls.page_key("https://ada.example/") == urls.page_key("http://www.ada.example/index.html") != ""
    assert urls.page_key("") == urls.page_key("note:1") == ""


@given(st.text())
@example("http://h/%%34%31")
@example("http://h/?%%36%31&utm_source=1#!/%%")
@example("http://\u3002.example/")
def test_nothing_raises_and_the_form_of_a_form_is_itself(text: str) -> None:
    for url in (text, f"http://{text}", f"https://ada.example/{text}", f"https://ada.example/?{text}"):
        once = urls.canonical(url)
        assert urls.canonical(once) == once
        urls.site_of(url)
        urls.same_site(url, [text])
        assert urls.resolve(text, url) in {"", urls.resolve(text, urls.resolve(text, url))}


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.Ada.example/post/1", "ada.example"),
        ("ada.example", "ada.example"),
        ("https://medium.com/@Ada/post-1", "medium.com/@ada"),
        ("https://medium.com/p/abc", "medium.com"),
        ("https://ada.medium.com/post", "ada.medium.com"),
        ("https://github.com/ada/tool/issues", "github.com/ada"),
        ("https://github.com/", "github.com"),
        ("https://github.com/features/actions", "github.com"),
        ("https://tilde.example/~ada/log.html", "tilde.example/~ada"),
        ("https://social.example/@ada/1", "social.example/@ada"),
        ("https://www.linkedin.com/in/ada", "linkedin.com/in/ada"),
        ("https://ada.substack.com/p/one", "ada.substack.com"),
        ("https://ada.example:8080/x", "ada.example:8080"),
        ("mailto:ada@ada.example", ""),
        ("", ""),
    ],
)
def test_a_site_is_a_host_or_a_place_on_one(url: str, site: str) -> None:
    assert urls.site_of(url) == site


@pytest.mark.parametrize(
    ("url", "sites", "mine"),
    [
        ("https://ada.example/post", ["https://ada.example"], True),
        ("http://www.ada.example/post", ["https://ada.example/"], True),
        ("https://ada.example", ["https://www.ada.example"], True),
        ("https://blog.ada.example/", ["https://ada.example"], False),
        ("https://notada.example/", ["https://ada.example"], False),
        ("https://host.example/ada/post", ["https://host.example/ada"], True),
        ("https://host.example/adamant", ["https://host.example/ada/"], False),
        ("https://host.example/%61da/x", ["https://host.example/ada"], True),
        ("https://ada.example/x", ["ada.example"], True),
        ("https://ada.example:8931/x", ["https://ada.example"], True),
        ("https://ada.example:8931/x", ["ada.example:8931"], True),
        ("https://ada.example:8932/x", ["ada.example:8931"], False),
        ("https://ada.example/x", ["ada.example:8931"], False),
        ("https://ada.example/x", [], False),
        ("https://ada.example/x", ["", "mailto:x"], False),
        ("garbage \0", ["https://ada.example"], False),
    ],
)
def test_mine_or_not(url: str, sites: list[str], mine: bool) -> None:
    assert urls.same_site(url, sites) is mine


def test_host() -> None:
    assert urls.host("https://ADA.example.:8080/x") == "ada.example"
    assert urls.host("bücher.example") == "xn--bcher-kva.example"
    assert urls.host("http://[::1]:80/") == "[::1]"
    assert urls.host("") == ""


@pytest.mark.corpus
def test_links_resolve_as_in_browsers(corpus: Path) -> None:
    vectors = json.loads((corpus / "url" / "wpt_resolve.json").read_text())
    right = 0
    for vector in vectors:
        expected = vector["expected"] or ""
        expected = expected if expected.startswith("http") else ""
        right += urls.resolve(vector["base"] or "", vector["input"]) == expected
    print(f"resolving: {right} of {len(vectors)}")
    assert right >= 0.99 * len(vectors)


@pytest.mark.corpus
def test_the_universal_rules_hold_on_every_vector(corpus: Path) -> None:
    """The policies behind the vectors contradict each other; what they share is checked on every input of theirs."""
    vectors = json.loads((corpus / "url" / "vectors.json").read_text())
    normal = 0
    for url in (vector["input"] for vector in vectors if isinstance(vector["input"], str)):
        form = urls.canonical(url)
        assert urls.canonical(form) == form
        if not form:
            assert not re.match(r"\s*https?://[\w.-]+(/|$)", url), url
            continue
        normal += 1
        scheme, _, rest = form.partition("://")
        authority, path = re.fullmatch(r"([^/?#]+)(/.*)", rest).groups()  # type: ignore[union-attr]
        assert scheme in {"http", "https"}
        assert authority == authority.lower()
        assert not authority.endswith((":80", ":443")[scheme == "https"])
        assert not {".", ".."} & set(path.partition("?")[0].split("/"))
        assert "#" not in form or re.search(r"#(!|/)", form)
    print(f"canonical forms: {normal} of {len(vectors)} inputs are web addresses")
