"""The packaged data: the starter settings are complete and true, the sample world is what its comments say."""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from syndicator import settings
from syndicator.starter import dates_in

CONFIG = Path(__file__).parents[1] / "config"
FEEDS = sorted((CONFIG / "feeds").iterdir())
TABLES = {
    "": settings.Settings,
    "me": settings.Me,
    "sources": settings.SourceTable,
    "accounts": settings.AccountTable,
    "plan": settings.Plan,
    "judge": settings.Judge,
    "credit": settings.Credit,
    "ledger": settings.Ledger,
    "fetch": settings.Fetch,
    "run": settings.Run,
    "digest": settings.Digest,
}
#: Who links to which of Robin's posts, in the order of publication: the ledger's work in the sample.
LINKS_TO_ROBIN = {
    "ada.example": ["ten-years", "own-feed", "slow-is-a-setting"],
    "juniper.example": ["measure", "thirty-lines"],
    "letters.example": ["own-feed"],
}
FORMATS = {
    "ada.xml": "rss20",
    "atelier.xml": "rss20",
    "bench.xml": "rss20",
    "fen.xml": "rss20",
    "juniper.atom": "atom10",
    "letters.rdf": "rss10",
    "planet.xml": "rss20",
    "robin.atom": "atom10",
    "yuki.rss": "rss092",
}


def entries(name: str) -> list[tuple[str, str, str]]:
    """(url, title, HTML) of every entry of a sample feed, as it was published: newest first."""
    data = (CONFIG / "feeds" / name).read_bytes()
    if name.endswith(".json"):
        return [(item["url"], item["title"], item["content_html"]) for item in json.loads(data)["items"]]
    feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    return [
        (entry.link, entry.title, entry.content[0].value if "content" in entry else entry.get("summary", ""))
        for entry in feed.entries
    ]


def sections(text: str) -> dict[str, str]:
    """The starter's text by its top-level table, commented or not."""
    parts = re.split(r"(?m)^(?:# )?\[+(\w+)[^\]]*\]+", text)
    found = {"": parts[0]}
    for table, body in zip(parts[1::2], parts[2::2], strict=True):
        found[table] = found.get(table, "") + body
    return found


def uncommented(text: str) -> str:
    return re.sub(r"(?m)^# (?=\[|\w+ = )", "", text)


# --- Settings


@pytest.mark.parametrize("name", ["starter.toml", "sample.toml"])
def test_settings_load_as_they_are(name: str) -> None:
    assert settings.load(CONFIG / name).accounts


@pytest.mark.parametrize("table", TABLES)
def test_starter_names_every_key(table: str) -> None:
    text = sections((CONFIG / "starter.toml").read_text("utf-8"))[table]
    shown = set(re.findall(r"(?m)^(?:# )?(\w+) = ", text))
    not_shown = set(TABLES[table].__struct_fields__) - shown - set(settings.Plan.__struct_fields__ * (table != "plan"))
    assert not_shown - {"path", *TABLES} == set()


def test_starter_names_no_key_that_does_not_exist(tmp_path: Path) -> None:
    everything = tmp_path / "everything.toml"
    everything.write_text(uncommented((CONFIG / "starter.toml").read_text("utf-8")))
    loaded = settings.load(everything)
    assert {source.kind for source in loaded.sources} == {"own", "curated", "notes"}
    assert {each.platform for each in loaded.accounts.values()} >= {"linkblog", "mastodon", "bluesky", "x", "memory"}


def test_starter_shows_the_defaults_and_is_conservative() -> None:
    starter, default = settings.load(CONFIG / "starter.toml"), settings.Settings()
    assert (starter.data, starter.me, starter.plan) == (default.data, default.me, default.plan)
    assert (starter.ledger, starter.fetch) == (default.ledger, default.fetch)
    assert starter.sources == ()
    assert starter.plan.first_run == 0
    assert [account.platform for account in starter.accounts.values()] == ["linkblog"]


def test_the_sample_needs_no_login_and_posts_at_once() -> None:
    sample = settings.load(CONFIG / "sample.toml")
    assert {account.platform for account in sample.accounts.values()} == {"linkblog", "memory"}
    assert sample.plan.first_run == 3
    assert not sample.plan.spread
    assert not sample.plan.grace


def test_lines_are_short_enough_to_edit() -> None:
    for name in ("starter.toml", "sample.toml"):
        assert max(map(len, (CONFIG / name).read_text("utf-8").splitlines())) <= 120


# --- The sample world


def test_the_blogroll_names_every_feed() -> None:
    tree = ET.parse(CONFIG / "blogroll.opml")
    assert tree.getroot().get("version") == "2.0"
    named = [outline.get("xmlUrl", "") for outline in tree.iter("outline") if outline.get("type") == "rss"]
    there = {f"file:feeds/{path.name}" for path in FEEDS} - {"file:feeds/robin.atom"}
    assert len(named) == len(set(named)) == 9
    assert set(named) == there


@pytest.mark.parametrize("path", [path for path in FEEDS if path.suffix != ".json"], ids=lambda path: path.name)
def test_every_feed_is_well_formed_but_the_broken_one(path: Path) -> None:
    feed = feedparser.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    assert feed.version == FORMATS[path.name]
    assert bool(feed.bozo) == (path.name == "fen.xml")
    assert len(feed.entries) >= 3
    assert all(entry.title and entry.link for entry in feed.entries)


def test_the_broken_feed_stops_in_the_middle_of_its_last_text() -> None:
    assert (CONFIG / "feeds" / "fen.xml").read_bytes().endswith(b"why I ca")
    assert [bool(html) for _, _, html in entries("fen.xml")] == [True, True, False]


def test_one_feed_is_in_an_old_encoding() -> None:
    data = (CONFIG / "feeds" / "atelier.xml").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert entries("atelier.xml")[2][1] == "Le cœur de l’ouvrage : choisir son papier"


def test_some_titles_are_hostile() -> None:
    assert any("<script>" in title for _, title, _ in entries("bench.xml"))
    assert any("\x1b" in title for _, title, _ in entries("pica.json"))
    assert any(title.startswith("@everyone") for _, title, _ in entries("ada.xml"))


def test_one_new_item_is_an_advertisement_that_the_sample_excludes() -> None:
    excluded = settings.load(CONFIG / "sample.toml").sources[1].exclude
    titles = [title.lower() for _, title, _ in entries("bench.xml")[:3]]
    assert sum(any(word in title for word in excluded) for title in titles) == 1


def test_the_planet_repeats_two_articles_under_other_addresses_and_ids() -> None:
    originals = {url for name in ("ada.xml", "juniper.atom") for url, _, _ in entries(name)}
    repeated = [url for url, _, _ in entries("planet.xml") if url.partition("?")[0] in originals]
    assert len(repeated) == 2
    assert all("utm_source=" in url for url in repeated)


def test_who_links_to_robin() -> None:
    found: dict[str, list[str]] = {}
    for path in FEEDS:
        if path.name in ("robin.atom", "planet.xml"):
            continue
        for url, _, html in reversed(entries(path.name)):
            links = re.findall(r'href="https://robin\.example/posts/([\w-]+)"', html)
            found.setdefault(urlsplit(url).hostname or "", []).extend(links)
    assert {host: posts for host, posts in found.items() if posts} == LINKS_TO_ROBIN
    assert len(found) == 8


def test_every_link_between_the_samples_leads_to_an_article() -> None:
    articles = {url.partition("?")[0] for path in FEEDS for url, _, _ in entries(path.name)}
    linked = {
        link
        for path in FEEDS
        for _, _, html in entries(path.name)
        for link in re.findall(r'href="(https?://[^"]+)"', html)
    }
    assert linked - articles == set()
    assert sum("robin.example" not in link for link in linked) >= 10


def test_the_texts_are_worth_reading() -> None:
    words = Counter(
        80 <= len(re.sub(r"<[^>]+>", " ", html).split()) <= 250
        for path in FEEDS
        if path.name not in ("yuki.rss", "planet.xml")
        for _, _, html in entries(path.name)
    )
    assert words[False] <= 2, "only the advertisement and the text that is cut off are short"


def test_dates_lie_in_the_window_that_the_copy_moves() -> None:
    written = [day for path in FEEDS for day in dates_in(path.read_bytes())]
    assert min(written) >= date(2026, 10, 5)
    assert max(written) == date(2026, 11, 20)


def test_notes_are_three_short_paragraphs() -> None:
    notes = (CONFIG / "notes.txt").read_text("utf-8").strip().split("\n\n")
    assert len(notes) == 3
    assert all(40 < len(note) <= 250 for note in notes)


def test_no_real_site_is_named() -> None:
    spec_hosts = {"www.w3.org", "purl.org", "wellformedweb.org", "jsonfeed.org"}
    hosts = {
        host
        for path in (*FEEDS, CONFIG / "blogroll.opml", CONFIG / "notes.txt", CONFIG / "sample.toml")
        for host in re.findall(r"https?://([\w.-]+\w)", path.read_bytes().decode("latin-1"))
    }
    assert {host for host in hosts if not host.endswith(".example")} <= spec_hosts
