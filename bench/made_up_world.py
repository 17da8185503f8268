"""A small made-up blogosphere with labels, so that `rank.py` runs out of the box: feeds, my own feed, good links.

It proves the harness, not the ranking: who makes up both the world and the ranking can't be surprised. What is good was
decided before anything else is written: an article has a subject and a quality, both drawn, and is good when it is on
one of my subjects and of high quality. Length, links from others and words follow from these only loosely, titles may
lead astray, few articles have tags, and some are advertisements.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

SUBJECTS = {
    "canals": "lock barge towpath aqueduct mooring winding basin puddle navigation boatyard lengthsman sluice",
    "letterpress": "type forme chase composing ink platen kerning quoin galley proof roller typeface",
    "sourdough": "starter crumb rye levain proving crust hydration oven banneton flour ferment scoring",
    "keyboards": "switch keycap firmware layout solder stabiliser plate tactile layer column split matrix",
    "orchards": "pruning rootstock graft blossom scion cider espalier wassail windfall pear russet ladder",
    "football": "striker keeper league derby transfer penalty referee corner midfield season stadium fixture",
    "gadgets": "phone launch camera battery chip leak price rumour benchmark screen charger earbuds",
    "markets": "shares rate bond quarter earnings outlook dividend rally index fund yield inflation",
}
MINE = ("canals", "letterpress")
_PLAIN = (
    "the and of to a in that it was for on with as had not but this from they we my when which there one all were "
    "more some what out up about into time then them only other new after first well way even over day good old two"
)
_TITLES = ("On {}", "What {} taught me", "A year of {}", "{}, slowly", "Notes on {}", "Why {} matters", "The last {}")
BLOGS, POSTS, OWN_POSTS = 40, 12, 15


@dataclass(slots=True)
class _Piece:
    """One article before it is written down."""

    url: str
    subject: str
    quality: float
    title: str
    text: str
    when: datetime
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def make(folder: Path, now: datetime, seed: int = 5) -> tuple[Path, Path]:
    """Write the feeds into `folder`/feeds; return my own feed, which is among them, and the file of good links."""
    feeds = folder / "feeds"
    feeds.mkdir()
    chance = random.Random(seed)
    blogs = {f"blog{number}.example": _blog(chance, number, now) for number in range(BLOGS)}
    everything = [piece for pieces in blogs.values() for piece in pieces]
    for host, pieces in blogs.items():
        for piece in pieces:
            others = [each for each in everything if host not in each.url and each.when < piece.when]
            liked = [each for each in others if chance.random() < 0.04 * each.quality**3]
            piece.links = tuple(each.url for each in chance.sample(liked, min(len(liked), chance.randrange(4))))
    for host, pieces in blogs.items():
        (feeds / f"{host}.xml").write_text(_feed(host, pieces), encoding="utf-8")
    own = feeds / "own.xml"
    own.write_text(_feed("me.example", [_mine(chance, number, now) for number in range(OWN_POSTS)]), encoding="utf-8")
    good = folder / "good.txt"
    good.write_text("".join(f"{each.url}\n" for each in everything if _is_good(each)), encoding="utf-8")
    return own, good


def _is_good(piece: _Piece) -> bool:
    return piece.subject in MINE and piece.quality > 0.6


def _blog(chance: random.Random, number: int, now: datetime) -> list[_Piece]:
    """A blog keeps to two subjects mostly, and is better or worse than others mostly."""
    subjects, level = chance.sample(sorted(SUBJECTS), 2), chance.random()
    pieces = []
    for place in range(POSTS):
        subject = chance.choice(subjects) if chance.random() < 0.8 else chance.choice(sorted(SUBJECTS))
        quality = min(max(chance.gauss(level, 0.25), 0), 1)
        when = now - timedelta(minutes=chance.randrange(28 * 24 * 60))
        piece = _piece(chance, f"https://blog{number}.example/{place}", subject, quality, when)
        if chance.random() < 0.05:
            piece.title, piece.quality = f"Sponsored: {piece.title}", 0.0
        pieces.append(piece)
    return pieces


def _mine(chance: random.Random, number: int, now: datetime) -> _Piece:
    when = now - timedelta(days=9 * number + 3)
    return _piece(chance, f"https://me.example/{number}", MINE[number % len(MINE)], 0.8, when)


def _piece(chance: random.Random, url: str, subject: str, quality: float, when: datetime) -> _Piece:
    words = SUBJECTS[subject].split()
    length = int(40 + 900 * quality * chance.random() + chance.expovariate(1 / 80))
    strays = SUBJECTS[chance.choice(sorted(SUBJECTS))].split()
    vocabulary = [*_PLAIN.split() * 4, *words * 2, *strays]
    title = chance.choice(_TITLES).format(chance.choice(words if chance.random() < 0.8 else strays))
    tags = (subject,) if chance.random() < 0.3 else ()
    return _Piece(url, subject, quality, title, " ".join(chance.choices(vocabulary, k=length)), when, tags)


def _feed(host: str, pieces: list[_Piece]) -> str:
    items = "".join(_item(piece) for piece in sorted(pieces, key=lambda piece: piece.when, reverse=True))
    about = f"<title>{host}</title><link>https://{host}/</link><language>en</language>"
    return f'<rss version="2.0"><channel>{about}{items}</channel></rss>'


def _item(piece: _Piece) -> str:
    links = "".join(f' <a href="{link}">see</a>' for link in piece.links)
    tags = "".join(f"<category>{tag}</category>" for tag in piece.tags)
    return (
        f"<item><title>{escape(piece.title)}</title><link>{piece.url}</link>{tags}"
        f"<pubDate>{format_datetime(piece.when)}</pubDate>"
        f"<description><![CDATA[{piece.text}{links}]]></description></item>\n"
    )
