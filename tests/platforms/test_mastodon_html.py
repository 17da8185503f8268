"""The HTML of strangers as text and links: what a reader sees, in one pass whatever is in it."""

import time

import pytest

from platforms.mastodon_accounts import profile
from platforms.mastodon_html import Content
from platforms.mastodon_wire import interaction

LONG, SHORT = 40_000, 10_000  # characters: what grows with the square takes sixteen times as long
MOST_TIMES = 10
HARMLESS = 0.05  # seconds of CPU: so little that its growth can't be told from noise


@pytest.mark.parametrize(
    ("html", "text", "links"),
    [
        (
            '<p>a &lt;b&gt;<br>c <a href="https://x.example/?q=1&amp;r">d</a></p>',
            "a <b>\nc d",
            ["https://x.example/?q=1&r"],
        ),
        ("<P>a</P><DIV>b</DIV><ul><li>c</li></ul>", "a\nb\nc", []),
        ("<a class=x href='https://x.example' rel=me>x</a>", "x", ["https://x.example"]),
        ("<a\nHREF=https://x.example>x</a><a data-href='n'>y</a><a>z</a>", "xyz", ["https://x.example"]),
        ("1 < 2 & 3 > 2<!-- not shown -->", "1 < 2 & 3 > 2", []),
        ("no HTML at all", "no HTML at all", []),
        (None, "", []),
        (7, "7", []),
    ],
)
def test_html_is_text_and_links(html: object, text: str, links: list[str]) -> None:
    content = Content(html)
    assert (content.text, content.links) == (text, links)


def test_a_character_reference_without_end_stops_nothing() -> None:
    assert Content(f"<p>a</p>&#{'9' * 5000};").text.startswith("a")


def seconds(html: str) -> float:
    start = time.process_time()
    Content(html)
    return time.process_time() - start


PIECES = (
    "<a ",
    "<a>",
    "<a href='",
    "<a href=x ",
    "</",
    "<!",
    "<!--",
    "<?",
    "<",
    ">",
    "&",
    "&#",
    "&#9",
    "<p><b x>",
    " ",
)
PLACES = ("{}", "<a {}>", "<a href='{}'>", "<p>{}</p>")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("piece", PIECES)
def test_reading_html_takes_no_more_than_its_share(piece: str, place: str) -> None:
    """As in `test_growth`: lengths are compared, so that no machine is too slow."""
    longer, shorter = (place.format(piece * (length // len(piece))) for length in (LONG, SHORT))
    if (taken := seconds(longer)) > HARMLESS:
        assert min(taken, seconds(longer)) < MOST_TIMES * min(seconds(shorter) for _ in range(3)) + HARMLESS


def test_a_hostile_mention_and_profile_are_read_at_once() -> None:
    hostile = "<a " * 16_666
    account = {"id": "2", "acct": "e@x.example", "note": hostile, "fields": [{"name": hostile, "value": hostile}] * 50}
    told = interaction({"id": "1", "type": "mention", "account": account, "status": {"content": hostile}}, "1")
    assert told is not None
    assert profile(account) is not None
