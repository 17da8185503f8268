"""What `init` writes: it loads, says what it was told, stays fresh, and never overwrites."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator import settings, starter
from syndicator.starter import (
    Answers,
    config_folder,
    dates_in,
    move_dates,
    starter_text,
    system_zone,
    write_sample,
    write_starter,
)

EVERYTHING = Answers(
    name='Zoë “Zed” O\'Hara \\ "quoted"',
    site="https://zoe.example",
    feed='https://zoe.example/feed?a="b"',
    timezone="Asia/Tokyo",
    language="ja",
    blogroll="blogroll.opml",
)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- The starter


def test_starter_without_answers_loads_with_the_defaults(tmp_path: Path) -> None:
    (written,) = write_starter(tmp_path / "new" / "folder" / "syndicator.toml", Answers())
    assert written == tmp_path / "new" / "folder" / "syndicator.toml"
    loaded = settings.load(written)
    assert loaded.sources == ()
    assert loaded.plan == settings.Plan()


def test_answers_come_back_as_they_were_given(tmp_path: Path) -> None:
    (written,) = write_starter(tmp_path / "syndicator.toml", EVERYTHING)
    loaded = settings.load(written)
    me = settings.Me(
        name=EVERYTHING.name, sites=(EVERYTHING.site,), timezone=settings.Zone("Asia/Tokyo"), language="ja"
    )
    assert loaded.me == me
    assert [(source.kind, source.feed or source.opml) for source in loaded.sources] == [
        ("own", EVERYTHING.feed),
        ("curated", "blogroll.opml"),
    ]
    assert loaded.accounts["links"].title == f"{EVERYTHING.name}'s links"
    assert loaded.plan == settings.Plan()


@pytest.mark.parametrize(
    ("answers", "kinds"),
    [
        (Answers(feed="https://zoe.example/feed"), ["own"]),
        (Answers(blogroll="blogroll.opml"), ["curated"]),
        (Answers(name="Zoë"), []),
    ],
)
def test_only_known_sources_become_active(answers: Answers, kinds: list[str], tmp_path: Path) -> None:
    (written,) = write_starter(tmp_path / "syndicator.toml", answers)
    assert [source.kind for source in settings.load(written).sources] == kinds


def test_answers_leave_every_comment_in_its_place() -> None:
    def prose(text: str) -> list[str]:
        return [line for line in text.splitlines() if line.startswith("# ") and not re.match(r"# (\[|\w+ = )", line)]

    assert prose(starter_text(EVERYTHING)) == prose(starter_text(Answers()))
    assert len(prose(starter_text(EVERYTHING))) > 20


@pytest.mark.parametrize(
    "write",
    [
        lambda folder: write_starter(folder / "syndicator.toml", EVERYTHING),
        lambda folder: write_sample(folder, datetime.now(UTC)),
    ],
)
def test_settings_that_are_there_are_left_alone(write, tmp_path: Path) -> None:
    (tmp_path / "syndicator.toml").write_text("# mine\n")
    assert write(tmp_path) == []
    assert snapshot(tmp_path) == {"syndicator.toml": b"# mine\n"}


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "syndicator.toml").symlink_to(tmp_path / "elsewhere.toml")
    assert write_starter(tmp_path / "syndicator.toml", EVERYTHING) == []
    assert not (tmp_path / "elsewhere.toml").exists()


def test_a_folder_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(settings.SettingsError, match="can't be written"):
        write_starter(tmp_path / "file" / "syndicator.toml", Answers())


@pytest.mark.parametrize(
    ("told", "zone"),
    [
        ("Asia/Tokyo", "Asia/Tokyo"),
        (":Asia/Tokyo", "Asia/Tokyo"),
        ("/usr/share/zoneinfo/posix/Asia/Tokyo", "Asia/Tokyo"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", ""),
        ("Mars/Olympus", ""),
    ],
)
def test_the_systems_zone_is_what_tz_says(told: str, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", told)
    assert system_zone() == zone


@pytest.mark.parametrize(
    ("target", "zone"),
    [
        ("zoneinfo/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("zoneinfo.default/Europe/London", "Europe/London"),
        ("elsewhere/Europe/London", ""),
        (None, ""),
    ],
)
def test_else_where_the_link_of_the_local_time_leads(
    target: str | None, zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TZ", raising=False)
    link = tmp_path / "localtime"
    if target is None:
        link.write_bytes(b"TZif2")
    else:
        link.symlink_to(tmp_path / target)
    monkeypatch.setattr(starter, "_LOCAL_TIME", str(link))
    assert system_zone() == zone


# --- The sample


@pytest.mark.parametrize(
    "now", ["2026-11-22T00:30Z", "2027-03-01T12:00Z", "2028-03-01T23:59:59-11:00", "2020-01-01T09:00+09:00"]
)
def test_the_newest_article_is_of_yesterday(now: str, tmp_path: Path) -> None:
    moment = datetime.fromisoformat(now)
    write_sample(tmp_path, moment)
    published = [when for path in (tmp_path / "feeds").iterdir() for when in publications(path)]
    assert max(published).date() == moment.astimezone(UTC).date() - timedelta(days=1)
    assert len(published) >= 30
    assert max(published) - min(published) < timedelta(days=47)


def publications(path: Path) -> list[datetime]:
    """When the entries of a feed were published, read by other code than that which moved the dates."""
    if path.suffix == ".json":
        return [datetime.fromisoformat(item["date_published"]) for item in json.loads(path.read_bytes())["items"]]
    entries = feedparser.parse(path.read_bytes()).entries
    parsed = [entry.get("published_parsed") or entry.get("updated_parsed") for entry in entries]
    return [datetime(*when[:6], tzinfo=UTC) for when in parsed if when]


def test_the_sample_is_complete_and_loads(tmp_path: Path) -> None:
    written = write_sample(tmp_path, datetime(2027, 1, 1, tzinfo=UTC))
    assert written[-1].name == "syndicator.toml"
    assert {str(path.relative_to(tmp_path)) for path in written} == set(snapshot(tmp_path))
    loaded = settings.load(tmp_path / "syndicator.toml")
    assert [loaded.beside(source.feed or source.opml or source.file).is_file() for source in loaded.sources] == [
        True
    ] * 3
    assert len(list((tmp_path / "feeds").iterdir())) == 10


def test_only_dates_differ_from_the_packaged_sample(tmp_path: Path) -> None:
    write_sample(tmp_path, datetime(2027, 1, 1, tzinfo=UTC))
    config = config_folder()
    for name, data in snapshot(tmp_path).items():
        original = (config / ("sample.toml" if name == "syndicator.toml" else name)).read_bytes()
        assert [len(line) for line in data.splitlines()] == [len(line) for line in original.splitlines()], name
        days = {moved - before for moved, before in zip(dates_in(data), dates_in(original), strict=True)}
        assert days <= {timedelta(days=41)}, name


def test_a_second_copy_changes_nothing(tmp_path: Path) -> None:
    write_sample(tmp_path, datetime(2027, 1, 1, tzinfo=UTC))
    before = snapshot(tmp_path)
    assert write_sample(tmp_path, datetime(2027, 5, 1, tzinfo=UTC)) == []
    assert snapshot(tmp_path) == before


def test_a_copy_that_broke_off_is_completed_and_keeps_what_is_there(tmp_path: Path) -> None:
    now = datetime(2027, 1, 1, tzinfo=UTC)
    write_sample(tmp_path, now)
    (tmp_path / "syndicator.toml").unlink()
    (tmp_path / "feeds" / "ada.xml").unlink()
    (tmp_path / "notes.txt").write_text("mine")
    assert {path.name for path in write_sample(tmp_path, now)} == {"ada.xml", "syndicator.toml"}
    assert (tmp_path / "notes.txt").read_text() == "mine"


# --- Dates


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<pubDate>Mon, 16 Nov 2026 17:40:00 +0000</pubDate>", b"<pubDate>Fri, 01 Jan 2027 17:40:00 +0000</pubDate>"),
        (b"<pubDate>Sat, 14 Nov 2026 12:00:00 GMT</pubDate>", b"<pubDate>Wed, 30 Dec 2026 12:00:00 GMT</pubDate>"),
        (b"<updated>2026-10-21T13:00:00+01:00</updated>", b"<updated>2026-12-06T13:00:00+01:00</updated>"),
        (b'"date_published": "2026-11-20T08:15:00Z"', b'"date_published": "2027-01-05T08:15:00Z"'),
        (b"<dc:date>2026-10-23</dc:date>", b"<dc:date>2026-12-08</dc:date>"),
        (b"<id>tag:juniper.example,2026-10-21:hurry</id>", b"<id>tag:juniper.example,2026-10-21:hurry</id>"),
        (b'href="https://ada.example/2026-10-21"', b'href="https://ada.example/2026-10-21"'),
        (b"caf\xe9 \x80 in 2026-10-21, on Mon, 16 Nov", b"caf\xe9 \x80 in 2026-10-21, on Mon, 16 Nov"),
    ],
)
def test_dates_move_and_nothing_else_does(before: bytes, after: bytes) -> None:
    assert move_dates(before, timedelta(days=46)) == after


@given(st.dates(date(1900, 1, 1), date(2900, 1, 1)), st.integers(-20000, 20000))
def test_weekdays_stay_right_and_moving_back_restores(day: date, days: int) -> None:
    before = format_datetime(datetime.combine(day, time(8, 30), UTC)).encode()
    moved = move_dates(before, timedelta(days=days))
    assert moved.decode() == format_datetime(datetime.combine(day + timedelta(days=days), time(8, 30), UTC))
    assert move_dates(moved, timedelta(days=-days)) == before


def test_the_packaged_weekdays_are_right() -> None:
    for path in (config_folder() / "feeds").iterdir():
        for text in re.findall(rb"\w{3}, \d\d \w{3} \d{4}(?= )", path.read_bytes()):
            (day,) = dates_in(text + b" 00:00")
            assert f"{day:%a}".encode() == text[:3], (path.name, text)
            assert day < date(2026, 11, 21)
