"""The published blogroll: what readers may see of the sources, and nothing else."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from small_world import SmallWorld, entry

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.people import Person
from syndicator.blogroll_page import FILES, public, put_out
from syndicator.settings import SettingsError, parse
from syndicator.sources import opml
from syndicator.sources.base import Source
from syndicator.sources.subscriptions import Subscriptions

ADA = Source("https://ada.example/feed.xml", "curated", "Ada’s garden", "https://ada.example/", tags=("python",))
BOB = Source("https://bob.example/feed.xml", "curated", "Bob", "https://bob.example/", folders=("Friends", "Near"))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    world = SmallWorld(tmp_path, monkeypatch)
    world.accounts["links"] = {"platform": "linkblog", "folder": "public", "blogroll": True}
    return world


def out(world: SmallWorld, *sources: Source) -> list[str]:
    return put_out(world.open(), Subscriptions(sources, (), ()))


def test_it_says_whom_i_read_in_their_folders(world: SmallWorld, tmp_path: Path) -> None:
    assert out(world, ADA, BOB) == []
    first, second = ((tmp_path / "public" / name).read_bytes() for name in FILES)
    assert first == second
    found = opml.read(first)
    assert (found.wellformed, found.problems, found.skipped) == (True, (), ())
    assert [(each.url, each.title, each.site, each.folders) for each in found.sources] == [
        (each.url, each.title, each.site, each.folders) for each in (ADA, BOB)
    ]


def test_it_is_opml_2(world: SmallWorld, tmp_path: Path) -> None:
    """http://opml.org/spec2.opml: version, one head and body, a text for each outline, an address for each feed."""
    out(world, ADA, BOB, replace(ADA, url="https://bare.example/rss", title="", site=""))
    root = ET.parse(tmp_path / "public" / "blogroll.opml").getroot()
    assert (root.tag, root.get("version"), [child.tag for child in root]) == ("opml", "2.0", ["head", "body"])
    assert root.findtext("head/title")
    outlines = list(root.iter("outline"))
    assert len(outlines) == 5
    assert all(outline.get("text") for outline in outlines)
    feeds = [outline for outline in outlines if outline.get("type") == "rss"]
    assert [feed.get("xmlUrl") for feed in feeds] == [ADA.url, BOB.url, "https://bare.example/rss"]


@pytest.mark.parametrize(
    "source",
    [
        replace(ADA, kind="own"),
        replace(ADA, kind="notes"),
        replace(ADA, weight=0),
        replace(ADA, tags=("python", "Private")),
        replace(ADA, tags=("people/private",)),
        replace(ADA, folders=("PRIVATE",)),
        replace(ADA, folders=("Work", " private ", "Clients")),
        *(
            replace(ADA, url=url)
            for url in (
                "file:///home/robin/feed.xml",
                "https://robin:secret@ada.example/feed.xml",
                "https://robin@ada.example/feed.xml",
                "https://ada.example/feed?auth=x1",
                "https://ada.example/feed?a=1&access_token=x1",
                "https://ada.example/feed?feed_key=",
                "https://ada.example/feed?TOKEN=x1",
                "http://127.0.0.1:4000/feed.xml",
                "http://192.168.1.10/feed.xml",
                "http://[::1]/feed.xml",
                "http://[fd00::1]/feed.xml",
                "http://nas/feed.xml",
                "http://nas.local/feed.xml",
                "http://reader.home.arpa/feed.xml",
                "not an address",
            )
        ),
    ],
    ids=lambda source: source.url,
)
def test_what_is_nobodys_business_stays_out(source: Source) -> None:
    assert public([source, BOB]) == public([BOB]) != []


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/feeds/videos.xml?channel_id=UC123456789abcdefghijklmn",
        "https://ada.example/?feed=rss2&tag=keys",
        "https://ada.example/private-thoughts/feed.xml",
        "http://93.184.216.34/feed.xml",
    ],
)
def test_what_only_looks_private_is_shown(url: str) -> None:
    assert [each.url for each in public([replace(ADA, url=url)])] == [url]


def test_tags_and_sites_at_home_are_not_told() -> None:
    [shown] = public([replace(ADA, site="http://nas.local/ada")])
    assert (shown.tags, shown.site) == ((), "")


def test_it_is_published_only_when_asked_for(world: SmallWorld, tmp_path: Path) -> None:
    world.accounts["links"] = {"platform": "linkblog", "folder": "public"}
    assert out(world, ADA) == []
    assert not (tmp_path / "public").exists()


def test_a_blogroll_needs_a_place() -> None:
    with pytest.raises(SettingsError, match="needs a folder"):
        parse({"accounts": {"pond": {"platform": "memory", "blogroll": True}}}, Path("syndicator.toml"))


def test_a_run_puts_it_out_and_the_page_leads_to_it(world: SmallWorld, tmp_path: Path) -> None:
    world.feed("planet", entry("https://p0.example/a"))
    report = world.run()
    assert report.errors == []
    page = (tmp_path / "public" / "index.html").read_text("utf-8")
    assert '<link rel="blogroll" type="text/xml" title="Blogroll" href="blogroll.opml">' in page
    assert opml.read((tmp_path / "public" / "blogroll.opml").read_bytes()).sources == ()  # its feed is a file


def test_what_did_not_change_is_not_written(world: SmallWorld, tmp_path: Path) -> None:
    out(world, ADA)
    before = [(tmp_path / "public" / name).stat().st_ino for name in FILES]
    out(world, ADA)
    assert [(tmp_path / "public" / name).stat().st_ino for name in FILES] == before
    out(world, ADA, BOB)
    assert BOB.url in (tmp_path / "public" / "blogroll.opml").read_text("utf-8")


def test_an_opml_of_the_owners_is_never_overwritten(world: SmallWorld, tmp_path: Path) -> None:
    own = opml.write("Mine", ())
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "blogroll.opml").write_bytes(own)
    [problem] = out(world, ADA)
    assert "is not ours" in problem
    assert (tmp_path / "public" / "blogroll.opml").read_bytes() == own
    assert ADA.url in (tmp_path / "public" / FILES[1]).read_text("utf-8")


def test_a_folder_that_cannot_be_written_is_told_and_stops_nothing(world: SmallWorld, tmp_path: Path) -> None:
    (tmp_path / "public").write_text("a file")
    assert [problem.startswith("links: ") for problem in out(world, ADA)] == [True, True]


def test_whom_i_recommend_is_marked_and_no_other_tag_is_told(world: SmallWorld, tmp_path: Path) -> None:
    now = world.clock()
    bob, cy, dan = (Identity("web", f"{name}.example") for name in ("bob", "cy", "dan"))
    gave = Entry(Direction.GIVEN, Kind.RECOMMEND, Identity("mastodon", "bob@pond.example"), now, now)
    got = Entry(Direction.RECEIVED, Kind.RECOMMEND, cy, now, now)
    quietly = Entry(Direction.GIVEN, Kind.RECOMMEND, dan, now, now, private=True)
    world.open().book.save_people(Person("b", "Bob", (bob, gave.identity)))
    world.open().book.append([gave, got, quietly])
    others = [replace(ADA, url=f"https://{name}.example/f", site=f"https://{name}.example/") for name in ("cy", "dan")]
    out(world, replace(ADA, tags=("python", "Recommended")), BOB, *others)
    found = opml.read((tmp_path / "public" / "blogroll.opml").read_bytes()).sources
    assert [(each.url, each.tags) for each in found if each.tags] == [
        (ADA.url, ("recommended",)),
        (BOB.url, ("recommended",)),
    ]
    assert len(found) == 4
