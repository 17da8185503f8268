"""What is read from one page: a piece of HTML beside what it says."""

import json
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator import urls
from syndicator.pages.base import PageFacts
from syndicator.pages.document import open_page
from syndicator.pages.links import rel_me, webmention_endpoint
from syndicator.pages.read import read

URL = "https://ada.example/posts/1"


def facts(html: str, url: str = URL) -> PageFacts:
    return read(html.encode(), url)


def json_ld(text: str, more: str = "") -> PageFacts:
    return facts(f'<head><title>T</title>{more}<script type="application/ld+json">{text}</script></head>')


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Plain</title>", "Plain"),
        ("<title>  Folded \n in\tone </title>", "Folded in one"),
        ("<title>A &amp;amp; B</title>", "A & B"),
        ("<title>The type List<T></title>", "The type List<T>"),
        ("<title>&lt;br&gt;: the line break</title>", "<br>: the line break"),
        ('<meta property="og:title" content="The &lt;a href=x&gt; element">', "The <a href=x> element"),
        ('<meta property="og:title" content="A &lt;em&gt;real&lt;/em&gt; story">', "A real story"),
        ("<title>Post – Site</title>", "Post – Site"),
        ('<title>Post – Site</title><meta property="og:title" content="Post">', "Post"),
        ('<title>Post</title><meta name="og:title" content="By name">', "By name"),
        ('<title>Post</title><meta property="OG:TITLE" content="Capitals">', "Capitals"),
        ('<title>T</title><meta property="dc:title og:title" content="Several">', "Several"),
        ('<meta property="og:title" content="First"><meta property="og:title" content="Second">', "First"),
        ('<meta property="og:title" content=" "><meta property="og:title" content="Said">', "Said"),
        ('<title>T</title><meta name="twitter:title" content="Card">', "Card"),
        ("<body><h1>Only a <em>heading</em></h1></body>", "Only a heading"),
        ("<body><svg><title>Icon</title></svg><h1>Heading</h1></body>", "Heading"),
        ('<title>Post</title><meta property="og:title" content="A\u202eB\x1b[2J">', "AB[2J"),
        (
            '<meta property="og:site_name" content="Ada"><meta property="og:title" content="Ada"><title>Post</title>',
            "Post",
        ),
        ('<meta property="og:site_name" content="Ada"><meta property="og:title" content="Ada">', "Ada"),
    ],
)
def test_title(html: str, title: str) -> None:
    assert facts(html).title == title


def test_opengraph_in_full() -> None:
    page = facts(
        """<html lang="en"><head prefix="og: https://ogp.me/ns#">
        <meta property="og:title" content="A title"><meta property="og:type" content="article">
        <meta property="og:description" content="What it is about"><meta property="og:site_name" content="Ada’s">
        <meta property="og:locale" content="de_DE">
        <meta property="article:author" content="https://facebook.example/ada">
        <meta property="article:published_time" content="2026-10-31T10:00:00+01:00">"""
    )
    assert (page.description, page.site_name, page.author) == ("What it is about", "Ada’s", "")
    assert page.published == datetime(2026, 10, 31, 9, tzinfo=UTC)
    assert page.language == "en"


@pytest.mark.parametrize(
    ("properties", "image", "alt"),
    [
        ([("og:image", "/a.png")], "https://ada.example/a.png", ""),
        ([("og:image", "/a.png"), ("og:image:alt", "A cat")], "https://ada.example/a.png", "A cat"),
        ([("og:image", "/a.png"), ("og:image", "/b.png"), ("og:image:alt", "B")], "https://ada.example/a.png", ""),
        ([("og:image:url", "/a.png"), ("og:image:alt", "A")], "https://ada.example/a.png", "A"),
        ([("og:image", "http://c.example/a"), ("og:image:secure_url", "https://c.example/a")],
         "https://c.example/a", ""),
        ([("og:image", "data:image/png;base64,AA"), ("og:image:alt", "A"), ("og:image", "/b.png")],
         "https://ada.example/b.png", ""),
        ([("og:image", ""), ("twitter:image", "/t.png"), ("twitter:image:alt", "T")], "https://ada.example/t.png", "T"),
        ([("og:image", "/a.png"), ("twitter:image", "/a.png"), ("twitter:image:alt", "T")],
         "https://ada.example/a.png", "T"),
        ([("og:image", "/a.png"), ("twitter:image", "/t.png"), ("twitter:image:alt", "T")],
         "https://ada.example/a.png", ""),
        ([("og:image", "javascript:alert(1)")], "", ""),
    ],
)  # fmt: skip
def test_image(properties: list[tuple[str, str]], image: str, alt: str) -> None:
    page = facts("".join(f'<meta property="{name}" content="{content}">' for name, content in properties))
    assert (page.image, page.image_alt) == (image, alt)


ARTICLE = """{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "A headline",
 "description": "About", "datePublished": "2026-10-30", "inLanguage": "en-gb",
 "author": [{"@type": "Person", "name": "Ada"}, {"@type": "Person", "name": "Grace"}],
 "publisher": {"@type": "Organization", "name": "The Paper"},
 "image": {"@type": "ImageObject", "url": "/lead.jpg", "caption": "A ship"}}"""


def test_json_ld_in_full() -> None:
    page = json_ld(ARTICLE)
    assert (page.title, page.description, page.author) == ("A headline", "About", "Ada, Grace")
    assert (page.site_name, page.language) == ("The Paper", "en-GB")
    assert (page.image, page.image_alt) == ("https://ada.example/lead.jpg", "A ship")
    assert page.published == datetime(2026, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        f"[{ARTICLE}]",
        f'{{"@graph": [{{"@type": "WebSite", "name": "Site"}}, {ARTICLE}]}}',
        f'{{"@type": "WebPage", "name": "Page", "mainEntity": {ARTICLE}}}',
        ARTICLE.replace('"A ship"}}', '"A ship",},}'),
        f"/*<![CDATA[*/ {ARTICLE} /*]]>*/",
        f"<!-- {ARTICLE} -->",
        f"// said below\n{ARTICLE};",
        ARTICLE.replace('"About",', '"About", /* the // end */'),
        ARTICLE.replace('"headline"', '"url": "https://ada.example//x", "headline"').replace("}}", "},}"),
        f"\ufeff{ARTICLE}",
    ],
)
def test_json_ld_in_the_wild(text: str) -> None:
    assert json_ld(text).title == "A headline"


@pytest.mark.parametrize("text", ["", "{", "null", "[[1, 2], 3]", "[" * 100_000, '{"@type": {"a": []}}', "\\" * 999])
def test_json_ld_that_cannot_be_read_leaves_the_rest(text: str) -> None:
    assert json_ld(text).title == "T"


def test_json_ld_follows_references() -> None:
    page = json_ld(
        """{"@graph": [
        {"@type": "Article", "headline": "H", "author": {"@id": "#ada"}, "image": {"@id": "#picture"}},
        {"@type": "Person", "@id": "#ada", "name": "Ada"},
        {"@type": "ImageObject", "@id": "#picture", "contentUrl": "https://ada.example/p.png"}]}"""
    )
    assert (page.author, page.image) == ("Ada", "https://ada.example/p.png")


def test_json_ld_of_several_articles_gives_the_one_that_lives_here() -> None:
    page = json_ld(
        """[{"@type": "Article", "headline": "Another", "url": "https://ada.example/posts/0"},
        {"@type": "Article", "headline": "This", "mainEntityOfPage": {"@id": "https://www.ada.example/posts/1/"}}]"""
    )
    assert page.title == "This"


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ('<html lang="en-us">', "en-US"),
        ('<html xml:lang="pt_BR">', "pt-BR"),
        ('<html lang="zh-hans-cn">', "zh-Hans-CN"),
        ('<html lang="de-1996">', "de-1996"),
        ('<html lang=""><meta property="og:locale" content="fr_FR">', "fr-FR"),
        ('<html lang="{{ lang }}"><meta http-equiv="Content-Language" content="nl">', "nl"),
        ('<meta http-equiv="Content-Language" content="de, en">', None),
        ('<html lang="english">', None),
        ('<html lang="und">', None),
    ],
)
def test_language(html: str, language: str | None) -> None:
    assert facts(html).language == language


@pytest.mark.parametrize(
    ("head", "url", "canonical"),
    [
        ('<link rel=canonical href="/posts/1">', URL, "https://ada.example/posts/1"),
        ('<link rel="CANONICAL" href="https://ada.example/moved">', URL, "https://ada.example/moved"),
        ('<link rel="shortlink canonical" href="https://other.example/copy">', URL, "https://other.example/copy"),
        ('<base href="https://b.example/x/"><link rel=canonical href="y">', URL, "https://b.example/x/y"),
        ('<link rel=canonical href="/posts/1"><link rel=canonical href="https://www.ada.example/posts/1/">', URL,
         "https://ada.example/posts/1"),
        ('<link rel=canonical href="/posts/1"><link rel=canonical href="/posts/2">', URL, ""),
        ('<link rel=canonical href="/1"><link rel=canonical href="/2"><meta property="og:url" content="/2">', URL,
         "https://ada.example/2"),
        ('<link rel=canonical href="ada.example/posts/1">', URL, ""),
        ('<link rel=canonical href="www.ada.example/posts/1">', URL, ""),
        ('<link rel=canonical href="/">', URL, ""),
        ('<link rel=canonical href="https://ada.example">', URL, ""),
        ('<link rel=canonical href="/en/">', URL, ""),
        ('<link rel=canonical href="/amp">', URL, ""),
        ('<link rel=canonical href="/">', "https://ada.example/now", ""),
        ('<link rel=canonical href="/now">', "https://ada.example/now?from=list", "https://ada.example/now"),
        ('<link rel=canonical href="/en/">', "https://ada.example/", "https://ada.example/en/"),
        ('<link rel=canonical href="/">', "https://ada.example/?p=12", ""),
        ('<link rel=canonical href="/">', "https://ada.example/?from=list", "https://ada.example/"),
        ('<link rel=canonical href="/?p=12">', URL, "https://ada.example/?p=12"),
        ('<link rel=canonical href="">', URL, ""),
        ('<link rel=canonical href="mailto:a@b.example">', URL, ""),
        ('<link rel=canonical href="https://ada.example/{{ page.url }}">', URL, ""),
        ('<link rel=canonical href="http://localhost:4000/posts/1">', URL, ""),
        ('<link rel=canonical href="http://192.168.0.7/posts/1">', URL, ""),
        ('<link rel=canonical href="/b">', "http://127.0.0.1:8000/a", "http://127.0.0.1:8000/b"),
        ('<meta property="og:url" content="https://ada.example/posts/one">', URL, "https://ada.example/posts/one"),
        ('<meta property="og:url" content="https://other.example/posts/one">', URL, ""),
        ('<meta property="og:url" content="https://ada.example/">', URL, ""),
        ('</head><body><p>Hi<link rel=canonical href="https://evil.example/x">', URL, ""),
    ],
)  # fmt: skip
def test_canonical(head: str, url: str, canonical: str) -> None:
    assert facts(f"<head>{head}", url).canonical == canonical


def test_words_are_those_a_reader_sees() -> None:
    page = facts(
        "<body><script>one two</script><style>a b</style><p>Just</p><p>three words</p><svg><text>x</text></svg>"
    )
    assert page.words == 3


def test_a_page_in_another_encoding() -> None:
    page = read("<title>Füße</title>".encode("latin-1"), URL, "text/html; charset=iso-8859-1")
    assert page.title == "Füße"


def test_a_long_page_is_read_up_to_a_limit_without_tearing_characters() -> None:
    body = "<title>Füße</title>" + "<p>ü</p>" * 1_000_000
    page = read(body.encode(), URL, "text/html; charset=iso-8859-1")
    assert page.title == "Füße"
    assert 1_000 < page.words < 500_000


def test_what_nests_without_end_is_not_read() -> None:
    assert read(b"<div>" * 100_000, URL) == PageFacts(URL)


PIECES = """
<meta property='og: |image' content=' |title' content=" |<link rel=canonical href=' |//x/ |'> |"> |&#0; |\u202e
|\x1b |<script type="application/ld+json">{"@type":"Article","headline": |</script> |<title> |</title> |<html |lang=
|{ |} |[ |<body class= |<div class='h-entry'> |<a rel=me href= |&#xd800; |<svg> |<template>
|<noscript> |<base href='//y/'> |" |<p>
"""
SOUP = st.lists(st.sampled_from(PIECES.strip().split("|")) | st.text(max_size=12), max_size=40).map("".join)


@given(st.binary(max_size=300) | SOUP.map(lambda text: text.encode("utf-8", errors="surrogatepass")))
def test_nothing_raises_and_nothing_dangerous_comes_out(body: bytes) -> None:
    page = read(body, URL)
    for text in (page.title, page.description, page.site_name, page.author, page.image_alt):
        assert text == " ".join(text.split())
        assert not {"Cc", "Cs"} & set(map(unicodedata.category, text))
        assert not set("\u202e\u2066\ufeff") & set(text)
    for address in (page.canonical, page.image, page.refresh, webmention_endpoint(body, URL)):
        assert not address or urls.is_web(address)


@pytest.mark.parametrize(
    "html",
    [
        "<p " + " ".join(f"a{n}=b" for n in range(20_000)) + ">",
        "<p " + "".join(f"a{n}='>'" for n in range(20_000)) + ">",
        "<p a" + "".join(f"/b{n}" for n in range(20_000)) + ">",
    ],
)
def test_an_element_keeps_a_thousand_attributes(html: str) -> None:
    """The parser's work grows with their square: a page of them would keep it busy for minutes."""
    page = open_page(f"<title>T</title>{html}<h1>H</h1>".encode(), URL)
    assert page is not None
    element, heading = page.tree.css_first("p"), page.tree.css_first("h1")
    assert element is not None
    assert heading is not None
    assert 990 < len(element.attributes) <= 1000
    assert heading.text() == "H"


def test_long_attributes_and_many_short_elements_are_read() -> None:
    drawing = '<path d="' + "M 1 2 " * 20_000 + '"/>'
    assert facts(f"<title>T</title><svg>{drawing}</svg>" + "<p class=a id=b>x</p>" * 2_000).title == "T"
    script = json.dumps({"@type": "Article", "headline": "H", "text": "if (a<b) c d e " * 1_000})
    assert json_ld(script).title == "H"


def test_one_element_with_many_properties_is_read_once() -> None:
    names = " ".join(f"p-{'abcdefghij'[n % 10]}{'abcdefghij'[n // 10 % 10]}x" for n in range(100))
    page = facts(f'<div class="h-entry"><p class="{names} p-name">A name</p></div>')
    assert page.title == "A name"


@given(SOUP, st.text(max_size=100))
def test_links_never_raise(html: str, header: str) -> None:
    body = html.encode("utf-8", errors="surrogatepass")
    endpoint = webmention_endpoint(body, URL, header)
    assert not endpoint or urls.is_web(endpoint)
    assert all(urls.is_web(place) or place.lower().startswith("mailto:") for place in rel_me(body, URL))


@pytest.mark.parametrize(
    ("html", "header", "endpoint"),
    [
        ("", "<https://b.example/wm>; rel=webmention", "https://b.example/wm"),
        ("", '</wm>; rel="other webmention", </no>; rel=self', "https://ada.example/wm"),
        ("", '</wm>; title="a, b"; REL=WebMention', "https://ada.example/wm"),
        ('<link rel="webmention" href="/in">', "</other>; rel=not-webmention", "https://ada.example/in"),
        ('<link rel="webmention"><a rel="webmention" href="wm?a=b">here</a>', "", "https://ada.example/posts/wm?a=b"),
        ('<a rel="webmention" href="">self</a>', "", URL),
        ('<p>&lt;link rel="webmention" href="/no"&gt;</p><!-- <a rel=webmention href=/no> -->', "", ""),
        ('<link rel="webmention" href="javascript:alert(1)">', "", ""),
    ],
)
def test_webmention_endpoint(html: str, header: str, endpoint: str) -> None:
    assert webmention_endpoint(html.encode(), URL, header) == endpoint
