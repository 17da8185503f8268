"""Paths of every system, as people write them in settings, blogrolls and commands."""

from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest
from counterparts.desk import Desk, item, rss

from syndicator.paths import address_of, config_folder, has_drive, path_of
from syndicator.sources.opml_address import address_of as address_in_opml

HOME = str(Path.home())


@pytest.mark.parametrize(
    ("written", "flavour", "path"),
    [
        ("C:\\blogs\\a.xml", PureWindowsPath, "C:\\blogs\\a.xml"),
        ("C:/blogs/a.xml", PureWindowsPath, "C:\\blogs\\a.xml"),
        ("file:///C:/blogs/a%20feed.xml", PureWindowsPath, "C:\\blogs\\a feed.xml"),
        ("file://localhost/C:/blogs/a.xml", PureWindowsPath, "C:\\blogs\\a.xml"),
        ("FILE:///c:/blogs/a.xml", PureWindowsPath, "c:\\blogs\\a.xml"),
        ("file:C:\\blogs\\a.xml", PureWindowsPath, "C:\\blogs\\a.xml"),
        ("file://nas/blogs/a.xml", PureWindowsPath, "\\\\nas\\blogs\\a.xml"),
        ("file:feeds/a.xml", PureWindowsPath, "feeds\\a.xml"),
        ("file:feeds/a.xml", PurePosixPath, "feeds/a.xml"),
        ("file:///home/ada/my%20blogs.opml", PurePosixPath, "/home/ada/my blogs.opml"),
        ("file://localhost/home/ada/a.xml", PurePosixPath, "/home/ada/a.xml"),
        ("notes 100%.txt", PurePosixPath, "notes 100%.txt"),
        ("~/blogs/a.xml", PurePosixPath, f"{HOME}/blogs/a.xml"),
        ("file:~/blogs/a.xml", PurePosixPath, f"{HOME}/blogs/a.xml"),
        ("~nobody-of-that-name/a.xml", PurePosixPath, "~nobody-of-that-name/a.xml"),
    ],
)
def test_a_path_is_what_is_written(written: str, flavour: type[PurePath], path: str) -> None:
    assert str(path_of(written, flavour)) == path


@pytest.mark.parametrize(
    ("typed", "here", "address"),
    [
        ("C:\\blogs\\a feed.xml", PureWindowsPath("D:/x"), "file:///C:/blogs/a%20feed.xml"),
        ("C:/blogs/a.xml", PureWindowsPath("D:/x"), "file:///C:/blogs/a.xml"),
        ("\\\\nas\\blogs\\a.xml", PureWindowsPath("D:/x"), "file://nas/blogs/a.xml"),
        (".\\a.xml", PureWindowsPath("D:/x"), "file:///D:/x/a.xml"),
        ("./a.xml", PurePosixPath("/home/ada"), "file:///home/ada/a.xml"),
        ("../a.xml", PurePosixPath("/home/ada"), "file:///home/ada/../a.xml"),
        ("/srv/a.xml", PurePosixPath("/home/ada"), "file:///srv/a.xml"),
        ("~/a.xml", PurePosixPath("/x"), f"{Path(HOME).as_uri()}/a.xml"),
        ("ada.example", PurePosixPath("/x"), ""),
        ("ada.example/feed", PureWindowsPath("D:/x"), ""),
        ("//ada.example/feed", PurePosixPath("/x"), ""),
        ("https://ada.example/~ada/", PurePosixPath("/x"), ""),
        ("@ada@example.social", PurePosixPath("/x"), ""),
    ],
)
def test_what_is_typed_as_a_place_is_a_file(typed: str, here: PurePath, address: str) -> None:
    assert address_of(typed, type(here), here) == address


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("win32", {"APPDATA": "/roaming"}, "/roaming/syndicator"),
        ("win32", {}, "/home/ada/AppData/Roaming/syndicator"),
        ("darwin", {"XDG_CONFIG_HOME": "/x"}, "/home/ada/Library/Application Support/syndicator"),
        ("linux", {"XDG_CONFIG_HOME": "/x"}, "/x/syndicator"),
        ("linux", {"XDG_CONFIG_HOME": ""}, "/home/ada/.config/syndicator"),
        ("freebsd14", {}, "/home/ada/.config/syndicator"),
    ],
)
def test_settings_lie_where_each_system_wants_them(platform: str, environment: dict[str, str], folder: str) -> None:
    assert config_folder(platform, environment, Path("/home/ada")) == Path(folder)


@pytest.mark.parametrize("written", ["C:\\blogs\\a feed.xml", "C:/blogs/a feed.xml", "file:///C:/blogs/a%20feed.xml"])
def test_a_blogroll_may_name_a_file_with_its_drive(written: str) -> None:
    assert has_drive(written) == written.startswith("C:")
    read = address_in_opml(written, "file:///D:/blogroll.opml", allow_files=True)
    assert read == ("file:///C:/blogs/a%20feed.xml", "")
    assert address_in_opml(written, "https://a.example/", allow_files=False)[0] == ""


def test_places_in_the_settings_and_commands(tmp_path: Path) -> None:
    """A home that is a folder of its own, a blogroll by its `file:` address with a space, a feed by its path."""
    home, elsewhere = tmp_path / "home", tmp_path / "else where"
    home.mkdir()
    elsewhere.mkdir()
    feed = rss(item(1))
    (home / "mine.xml").write_text(feed)
    (elsewhere / "a.xml").write_text(feed)
    (elsewhere / "roll.opml").write_text(
        '<opml version="2.0"><body><outline type="rss" text="A" xmlUrl="a.xml"/></body></opml>'
    )
    roll = (elsewhere / "roll.opml").as_uri()
    desk = Desk(tmp_path, 'data = "~/state"\n[[sources]]\nkind = "own"\nfeed = "~/mine.xml"\n\n')
    desk.add(f'[[sources]]\nkind = "curated"\nopml = "{roll}"\n')
    desk.environment["HOME"] = str(home)
    desk.run("run")
    assert (home / "state" / "state.jsonl").exists()
    feeds = {(home / "mine.xml").as_uri(), (elsewhere / "a.xml").as_uri()}
    assert {each["url"] for each in desk.json("sources")} == feeds
    assert "part 1" in desk.run("preview", "~/mine.xml").stdout
    assert "part 1" in desk.run("preview", f"./{elsewhere.name}/a.xml").stdout
    assert "1 unchanged" in desk.run("import", roll).stdout
    desk.environment["SYNDICATOR_CONFIG"] = "~/mine.toml"
    (home / "mine.toml").write_text("")
    assert desk.json("sources") == []


def test_a_home_of_nobody_is_told_and_breaks_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, '[[sources]]\nkind = "curated"\nopml = "~nobody-of-that-name/roll.opml"\n')
    [told] = [line for line in desk.run("run", expect=1).stderr.splitlines() if line.startswith("Problem")]
    assert "~nobody-of-that-name" in told


def test_files_of_ours_have_names_that_every_system_takes(tmp_path: Path) -> None:
    """No character that Windows refuses (https://learn.microsoft.com/windows/win32/fileio/naming-a-file)."""
    desk = Desk(tmp_path)
    desk.feed(rss(item(1)))
    desk.add_account("pond", "memory", {}, {})
    desk.add_account("links", "linkblog", {"folder": "public", "url": "https://robin.example/links/"}, {})
    desk.run("run", expect=None)
    desk.run("ledger", "add", "link", "bo.example")
    desk.run("run", expect=None)
    made = [path.relative_to(tmp_path) for path in tmp_path.rglob("*")]
    assert {"backups", "public", "syndicator.log"} <= {path.name for path in made}
    parts = {part for path in made for part in path.parts}
    assert [part for part in parts if set('<>:"\\|?*') & set(part) or part.endswith((".", " "))] == []
