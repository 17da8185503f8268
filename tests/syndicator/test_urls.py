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
    ],
)
def test_what_chooses_the_page_stays(query: str) -> None:
    assert urls.canonical(f"https://ada.example/?{query}") == f"https://ada.example/?{query}"


@pytest.mark.parametrize(
    "text", ["", "mailto:ada@ada.example", "ada.example", "javascript:1", "http://", "http://[", "\0"]
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
    ],
)
def test_another_page_however_alike(other: str) -> None:
    assert urls.page_key(urls.canonical(other)) != urls.page_key("https://ada.example/2026/walk")


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
    """Three vectors of 216 differ: punycode that decodes to an unassigned character is accepted here."""
    vectors = json.loads((corpus / "url" / "wpt_resolve.json").read_text())
    right = 0
    for vector in vectors:
        expected = vector["expected"] or ""
        expected = expected if expected.startswith("http") else ""
        right += urls.resolve(vector["base"] or "", vector["input"]) == expected
    print(f"resolving: {right} of {len(vectors)}")
    assert right >= 0.98 * len(vectors)


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
