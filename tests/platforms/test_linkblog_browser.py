"""The linkblog in a real browser: it fits every screen, is really dark, can be read, and asks nobody for anything."""

import functools
import itertools
import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from counterparts.browser import BRIGHTNESS, CONTRASTS, OVERFLOWING, Browser, executable

from platforms.base import Card, Draft, Login
from platforms.linkblog import Linkblog

LONG = "very" * 60
#: Title, site, author, language, description and what the owner says: what people write, and what nobody should.
ARTICLES = [
    ("Small tools, sharp edges", "Ada’s Workshop", "Ada", "en", "Why a program needs a manual. " * 9, ""),
    (
        "余白のある日々：活版印刷と余白の美しさについて考える" * 3,
        "余白",
        "ゆき",
        "ja",
        "文字のあいだにあるもの。" * 20,
        "",
    ),
    ("مقالة طويلة عن الخط العربي وتاريخه", "مدونة الخط", "ليلى", "ar", "كيف تغيرت الحروف حين انتقلت.", "شكرا"),
    (f"A {LONG} word", f"{LONG}.example", LONG, "en", LONG, f"https://{LONG}.example/{'a/long/path/' * 30}?q={LONG}"),
    ("🌱👩‍👩‍👧‍👦" * 60, "🌳", "", "", "🏳️‍🌈" * 200, "🌿"),
    ("<script>document.title='x'</script><img src=x onerror=alert(1)>", "<b>", "</main>", "en", "</article>", "<i>"),
]
PAGES = ("index.html", "archive/1.html", "archive/index.html")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = executable()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("no chromium: CI insists on it; apt-get install chromium")
        pytest.skip("no chromium here: install Debian's package `chromium` to look at the page in a real browser")
    browser = Browser(program, tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a linkblog with 60 entries."""
    yield from serve(publish(tmp_path_factory.mktemp("public")))


def publish(folder: Path, **options: object) -> Path:
    given = {"folder": str(folder), "title": "Robin’s links & more", "author": "Robin", "timezone": "Europe/London"}
    blog = Linkblog(Login("links", {**given, "sites": ["https://robin.example"], "blogroll": True, **options}))
    start = datetime(2026, 10, 30, 9, tzinfo=UTC)
    drafts = [Draft("A note of my own,\nin two lines.", language="en")]
    for number in range(59):
        title, name, author, language, about, say = ARTICLES[number % len(ARTICLES)]
        url = f"https://blog{number}.example/{number}"
        card = Card(url, title, about, site=name, site_url=f"https://blog{number}.example/", author=author)
        drafts.append(Draft(f"{title}\n{say}", url, card, language))
    for number, draft in enumerate(drafts):
        blog.publish(blog.prepare(draft, f"k{number}", start + timedelta(hours=9 * number)))
    return folder


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def serve(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", [320, 360, 414, 600, 768, 1024, 1280, 1920])
def test_nothing_is_wider_than_the_screen(browser: Browser, site: str, width: int, page: str) -> None:
    browser.look(width=width)
    browser.open(site + page)
    assert browser.ask("innerWidth") == width
    assert browser.ask("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert browser.ask(OVERFLOWING) == []


def test_a_line_is_no_longer_than_one_likes_to_read(browser: Browser, site: str) -> None:
    browser.look(width=1920)
    browser.open(site)
    width, size = browser.ask(
        "[document.querySelector('main').clientWidth, parseFloat(getComputedStyle(document.body).fontSize)]"
    )
    assert size >= 16
    assert width / size < 42


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("page", PAGES)
def test_every_word_stands_out_from_its_ground(browser: Browser, site: str, page: str, dark: bool) -> None:
    browser.look(dark=dark)
    browser.open(site + page)
    assert (browser.ask(BRIGHTNESS) < 0.2) == dark
    assert (browser.ask(BRIGHTNESS) > 0.9) != dark
    contrasts = browser.ask(CONTRASTS)
    assert len(contrasts) > (10 if page == "archive/index.html" else 150)
    assert [each for each in contrasts if each[0] < 4.5] == []


@pytest.mark.parametrize("dark", [False, True])
def test_the_entry_that_a_link_led_to_is_marked_and_can_be_read(browser: Browser, site: str, dark: bool) -> None:
    browser.look(dark=dark)
    browser.open(site)
    address = browser.ask("document.querySelectorAll('.mark')[20].href")
    browser.open(address)
    colours = browser.ask(
        "['article:target', 'html'].map(each => getComputedStyle(document.querySelector(each)).backgroundColor)"
    )
    assert colours[0] != colours[1]
    assert browser.ask("Math.abs(document.querySelector(':target').getBoundingClientRect().top) < innerHeight")
    assert [each for each in browser.ask(CONTRASTS) if each[0] < 4.5] == []


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("page", PAGES)
def test_it_asks_nobody_and_complains_of_nothing(browser: Browser, site: str, page: str, scripts: bool) -> None:
    browser.look(scripts=scripts)
    browser.open(site + page)
    assert browser.requests() == [site + page]
    assert browser.complaints() == []
    assert browser.ask("document.scripts.length + document.querySelectorAll('img, iframe, object, embed').length") == 0
    assert browser.ask("document.title.endsWith('Robin’s links & more')")


def test_a_page_that_asked_somebody_would_be_noticed(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<img src='http://elsewhere.example/x.png'><script>nothing()</script>")
    for site in serve(tmp_path):
        browser.look()
        browser.open(site)
        assert "http://elsewhere.example/x.png" in browser.requests()
        assert any("nothing is not defined" in each for each in browser.complaints())


def test_landmarks_and_headings_tell_the_way(browser: Browser, site: str) -> None:
    browser.look()
    browser.open(site)
    assert browser.ask("['header', 'main', 'h1'].map(each => document.querySelectorAll(each).length)") == [1, 1, 1]
    assert browser.ask("[...document.querySelectorAll('nav')].map(each => each.ariaLabel)") == ["Subscribe", "Pages"]
    levels = browser.ask("[...document.querySelectorAll('h1, h2, h3, h4')].map(each => +each.tagName[1])")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    names = browser.ask("[...document.querySelectorAll('[id]')].map(each => each.id)")
    assert len(names) == len(set(names))
    assert browser.ask("[...document.links].filter(each => !each.textContent.trim()).length") == 0


def test_texts_are_in_their_language_and_direction(browser: Browser, site: str) -> None:
    browser.look()
    browser.open(site)
    titles = browser.ask(
        "[...document.querySelectorAll('h3')].map(each => [each.lang, getComputedStyle(each).direction])"
    )
    assert dict(titles) == {"en": "ltr", "ja": "ltr", "ar": "rtl", "": "ltr"}
    assert browser.ask("getComputedStyle(document.querySelector('.from')).direction") == "ltr"


@pytest.mark.parametrize(
    ("language", "direction", "word"), [("de", "ltr", "en"), ("ar", "rtl", "en"), ("en-GB", "ltr", "en-GB")]
)
def test_a_page_of_another_language_says_what_is_english(
    browser: Browser, tmp_path: Path, language: str, direction: str, word: str
) -> None:
    for site in serve(publish(tmp_path, language=language)):
        browser.look(width=360)
        for page in PAGES:
            browser.open(site + page)
            root = browser.ask("[document.documentElement.lang, getComputedStyle(document.body).direction]")
            assert root == [language, direction]
            assert browser.ask("document.querySelector('nav').closest('[lang]').lang") == word
            assert browser.ask(OVERFLOWING) == []


def test_the_keyboard_gets_everywhere_and_shows_where_it_is(browser: Browser, site: str) -> None:
    browser.look()
    browser.open(site)
    seen = []
    for _ in range(8):
        browser.press("Tab")
        seen.append(browser.ask("document.activeElement.textContent"))
        style = browser.ask(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])(getComputedStyle(document.activeElement))"
        )
        assert style == ["solid", "2px"]
        assert browser.ask("document.activeElement.getBoundingClientRect().left >= 0")
    assert seen[:6] == ["Skip to the links", "Robin’s links & more", "Robin", "Atom", "JSON Feed", "Blogroll"]


def test_links_can_be_hit_with_a_finger(browser: Browser, site: str) -> None:
    browser.look(width=360)
    browser.open(site)
    heights = browser.ask(
        "[...document.querySelectorAll('nav a, .mark, h3 a')].map(e => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 24  # WCAG 2.2, 2.5.8


def test_on_paper_it_is_black_on_white_with_addresses_and_without_menus(browser: Browser, site: str) -> None:
    browser.look(dark=True, media="print")
    browser.open(site)
    assert browser.ask(BRIGHTNESS) == 1
    assert browser.ask(
        "[...document.querySelectorAll('nav, .mark')].every(e => getComputedStyle(e).display === 'none')"
    )
    after = browser.ask("getComputedStyle(document.querySelector('h3 a'), '::after').content")
    assert "https://blog58.example/58" in json.loads(after.replace("\\", "\\\\"))
