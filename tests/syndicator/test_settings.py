"""Whatever is wrong with a settings file is told in one sentence: the file, the key, the remedy."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from syndicator.settings import AccountTable, Mix, Plan, Settings, SettingsError, load, parse
from syndicator.times import Clock, Quiet, Span

FILE = Path("syndicator.toml")
ACCOUNT = '[accounts.m]\nplatform = "mastodon"\n'
FEED = '[[sources]]\nkind = "own"\nfeed = "https://ada.example/feed"\n'


def read(text: str) -> Settings:
    return parse(tomllib.loads(text), FILE)


@dataclass
class Bad:
    """Settings that can't be used, and what their owner must be told: the key and the way out."""

    text: str
    key: str
    remedy: str


BAD = [
    # unknown keys, in every table
    Bad("dta = 'x'", "dta", "did you mean `data`"),
    Bad("[plann]\nper_day = 1", "plann", "did you mean `plan`"),
    Bad("path = 'x'", "path", "remove it"),
    Bad("[me]\nnmae = 'Ada'", "nmae", "did you mean `name`"),
    Bad(FEED + "fede = 'x'", "fede", "did you mean `feed`"),
    Bad(ACCOUNT + "aprove = 'ask'", "aprove", "did you mean `approve`"),
    Bad("[plan]\nzzz = 1", "zzz", "known keys: per_day, min_gap"),
    Bad("[plan]\nmix = { owns = 1 }", "owns", "did you mean `own`"),
    Bad("[ledger]\nhalflife = '1d'", "halflife", "did you mean `half_life`"),
    Bad("[fetch]\ntimeot = '1s'", "timeot", "did you mean `timeout`"),
    Bad(ACCOUNT + "mix = { notess = 1 }", "notess", "did you mean `notes`"),
    # wrong types
    Bad("data = 5", "data", "a text in quotes"),
    Bad("plan = 5", "plan", "a table"),
    Bad("me = []", "me", "a table"),
    Bad("sources = 5", "sources", "a list"),
    Bad("[sources]\nkind = 'own'", "sources", "[[sources]]"),
    Bad("accounts = 5", "accounts", "[accounts.NAME]"),
    Bad("[accounts]\nm = 5", "accounts.m", "a table"),
    Bad("[me]\nsites = 'https://ada.example'", "me.sites", 'a list, like ["one", "two"]'),
    Bad("[plan]\nper_day = 'six'", "plan.per_day", "a whole number"),
    Bad("[plan]\nper_day = 6.5", "plan.per_day", "a whole number"),
    Bad("[plan]\nper_day = true", "plan.per_day", "a whole number"),
    Bad("[plan]\nspread = 'yes'", "plan.spread", "true or false"),
    Bad("[plan]\nmin_gap = 90", "plan.min_gap", "a text in quotes"),
    Bad("[plan]\nslots = '08:30'", "plan.slots", "a list"),
    Bad("[plan]\nslots = [8]", "plan.slots[0]", "a text in quotes"),
    Bad(FEED + "include = [5]", "sources[0].include[0]", "a text in quotes"),
    Bad(ACCOUNT + "mix = { own = 'x' }", "accounts.m.mix.own", "a number"),
    Bad("[ledger]\nweights = { link = 'x' }", "ledger.weights", "a number"),
    Bad("[fetch]\nallow_private = '127.0.0.1'", "fetch.allow_private", "a list"),
    # impossible values
    Bad("[plan]\nmin_gap = '90 minutes'", "plan.min_gap", "90m, 12h or 3d"),
    Bad("[plan]\nmax_age = '9999999d'", "plan.max_age", "a thousand years"),
    Bad("[plan]\nquiet = '22-7'", "plan.quiet", "08:30"),
    Bad("[plan]\nquiet = '22:00'", "plan.quiet", "22:00-07:30"),
    Bad("[plan]\nslots = ['08:30', '25:00']", "plan.slots[1]", "08:30"),
    Bad("[me]\nsites = ['https://ada.example', 'notaurl']", "'notaurl'", "https://ada.example"),
    Bad("[me]\nsites = ['']", "'' in sites", "https://ada.example"),
    Bad("[me]\nlanguage = 'english please'", "'english please'", "pt-BR"),
    Bad("[me]\ntimezone = 'Europe/Lundon'", "me.timezone", "Europe/London"),
    Bad("[me]\ntimezone = ''", "me.timezone", "Europe/London"),
    Bad("[me]\ntimezone = '../../etc/passwd'", "me.timezone", "Europe/London"),
    Bad("[plan]\nmix = { own = -1 }", "plan.mix", "between 0 and 1000"),
    Bad("[plan]\nmix = { own = nan }", "plan.mix", "between 0 and 1000"),
    Bad("[plan]\nmix = { own = inf }", "plan.mix", "between 0 and 1000"),
    Bad("[plan]\nmix = { own = 0, curated = 0, notes = 0 }", "plan.mix", "not all be zero"),
    Bad("[plan]\nper_day = -1", "per_day", "between 0 and 1000"),
    Bad("[plan]\nper_day = 1_000_000", "per_day", "between 0 and 1000"),
    Bad("[plan]\nfirst_run = -1", "first_run", "zero or more"),
    Bad("[plan]\nmin_score = 1.5", "min_score", "between 0 and 1"),
    Bad("[plan]\nmin_score = nan", "min_score", "between 0 and 1"),
    Bad("[plan]\ntopics = ['']", "topic", "remove the empty one"),
    Bad("[plan]\ncatch_up = 'later'", "plan.catch_up", "expire, trickle, skip"),
    Bad(ACCOUNT + "per_day = -1", "accounts.m", "between 0 and 1000"),
    Bad(ACCOUNT + "min_score = 3.0", "accounts.m", "between 0 and 1"),
    Bad(ACCOUNT + "quiet = '25:00-26:00'", "accounts.m.quiet", "08:30"),
    Bad(ACCOUNT + "visibility = 'secret'", "accounts.m.visibility", "public, unlisted, private, direct"),
    Bad(ACCOUNT + "approve = 'maybe'", "accounts.m.approve", "auto, ask"),
    Bad(ACCOUNT + "monthly_budget_usd = -1", "accounts.m", "zero or more"),
    Bad(ACCOUNT + "monthly_budget_usd = nan", "accounts.m", "zero or more"),
    Bad(ACCOUNT + "template = '{titel}'", "{titel}", "{title}, {url}"),
    Bad(ACCOUNT + "template = '{title!r} {url}'", "{title!r}", "{title}, {url}"),
    Bad(ACCOUNT + "template = '{ title }'", "{ title }", "{title}, {url}"),
    Bad(ACCOUNT + "template = 'by @{author} {url}'", "has @ before {author}", "write {author} without it"),
    Bad(ACCOUNT + "template = 'by ＠{author} {url}'", "has ＠ before {author}", "{credit} to name the author"),
    Bad(ACCOUNT + "template = '{title} #{site} {url}'", "has # before {site}", "{tags} for hashtags"),
    Bad(ACCOUNT + "template = '{title} ＃{tags} {url}'", "has ＃ before {tags}", "write {tags} without it"),
    Bad(ACCOUNT + "template = '{url} ＄{title}'", "has ＄ before {title}", "write {title} without it"),
    Bad(ACCOUNT + "template = '{}'", "{}", "{title}, {url}"),
    Bad("[accounts.m]\nserver = 'x'", "accounts.m", "`platform`"),
    Bad("[accounts.'my account']\nplatform = 'x'", "my account", "letters, digits, - and _"),
    Bad("[accounts.'']\nplatform = 'x'", "''", "letters, digits, - and _"),
    Bad("[[sources]]\nfeed = 'x'", "sources[0]", "`kind`"),
    Bad("[[sources]]\nkind = 'mine'\nfeed = 'x'", "sources[0].kind", "own, curated, notes"),
    Bad("[[sources]]\nkind = 'own'", "sources[0]", "feed"),
    Bad("[[sources]]\nkind = 'own'\nopml = 'x'", "sources[0]", "feed"),
    Bad("[[sources]]\nkind = 'curated'\nopml = 'x'\nfeed = 'y'", "sources[0]", "feed, opml"),
    Bad("[[sources]]\nkind = 'notes'\nfeed = 'x'", "sources[0]", "file"),
    Bad(FEED + FEED + "weight = 11", "sources[1]", "between 0 and 10"),
    Bad(FEED + "weight = nan", "sources[0]", "between 0 and 10"),
    Bad(FEED + "exclude = ['/(/']", "sources[0]", "not a regular expression"),
    Bad(FEED + "include = [' ']", "sources[0]", "remove it"),
    Bad("[ledger]\nhalf_life = '0d'", "half_life", "longer than nothing"),
    Bad("[ledger]\nreciprocity_lift = 0.9", "reciprocity_lift", "between 0 and 0.5"),
    Bad("[ledger]\nthreshold = nan", "threshold", "zero or more"),
    Bad("[ledger]\nsuggestions_per_day = -1", "suggestions_per_day", "zero or more"),
    Bad("[ledger]\nweights = { lnik = 1 }", "lnik", "link, recommend"),
    Bad("[ledger]\nweights = { link = -1 }", "link", "between 0 and 1000"),
    Bad("[judge]\nweights = { relevnce = 1 }", "relevnce", "the parts are source, trust"),
    Bad("[judge]\nweights = { trust = -1 }", "trust", "between 0 and 1000"),
    Bad("[judge]\nlanguages = ['french']", "french", 'write for example "fr"'),
    Bad("[judge]\nblock = ['localhost']", "localhost", "tabloid.example"),
    Bad("[judge]\nblok = []", "blok", "did you mean `block`"),
    Bad("[credit]\ntext = 'by'", "credit", "by {author}"),
    Bad("[credit]\ntext = 'by {author}x'", "credit", "by itself"),
    Bad("[credit]\ntext = 'by@{author}'", "credit", "by itself"),
    Bad("[credit]\ntext = '{author} {author}'", "credit", "once"),
    Bad("[credit]\ntext = '{author} on {site}'", "credit", "by itself"),
    Bad("[credit]\nnever = ['ada']", "never", "@name@server"),
    Bad("[fetch]\nconcurrency = 0", "concurrency", "at least 1"),
    Bad("[fetch]\ntimeout = '0s'", "timeout", "longer than nothing"),
    Bad("[fetch]\nleast_interval = '2d'", "least_interval", "not be longer than most_interval"),
    Bad("[fetch]\nmost_interval = '1m'", "most_interval", "least_interval must not be longer"),
    Bad("[fetch]\nallow_private = ['127.0.0.1', 'abc def']", "allow_private", "nas.local, 192.168.1.10"),
]


@pytest.mark.parametrize("bad", BAD, ids=[each.text.replace("\n", " ")[-60:] for each in BAD])
def test_one_sentence_names_file_key_and_remedy(bad: Bad) -> None:
    with pytest.raises(SettingsError) as told:
        read(bad.text)
    sentence = str(told.value)
    assert sentence.startswith("syndicator.toml: ")
    assert bad.key in sentence
    assert bad.remedy in sentence
    assert "\n" not in sentence
    # What the checking library says in its own words is not for users.
    assert not any(word in sentence for word in ("Struct", "msgspec", "$", "Expected `", "object"))


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "syndicator.toml"
    file.write_text('data = "data"\n\n[me\n')
    with pytest.raises(SettingsError, match=r"syndicator.toml: not valid TOML: .*line 3"):
        load(file)


def test_a_missing_file_is_told_with_the_command_that_writes_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such settings file; `syndicator init` writes one"):
        load(tmp_path / "syndicator.toml")


@pytest.mark.parametrize("data", [b"\xff\xfed\x00", b'data = "caf\xe9"'])
def test_a_file_that_is_not_utf_8_is_told(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "syndicator.toml").write_bytes(data)
    with pytest.raises(SettingsError, match=r"syndicator\.toml: line 1 is not UTF-8"):
        load(tmp_path / "syndicator.toml")


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"can't be read: .*; name a settings file"):
        load(tmp_path)


def test_the_defaults_are_those_of_the_reference() -> None:
    """Word for word as users are told."""
    told = """
        data = "data"
        [me]
        language = "en"
        [plan]
        per_day = 6
        min_gap = "90m"
        quiet = "22:00-07:30"
        slots = []
        spread = true
        jitter = "10m"
        mix = { own = 0.2, curated = 0.7, notes = 0.1 }
        max_age = "10d"
        grace = "15m"
        author_gap = "3d"
        first_run = 0
        catch_up = "expire"
        min_score = 0.35
        [ledger]
        half_life = "180d"
        threshold = 3.0
        suggestions_per_day = 5
        reciprocity_lift = 0.15
        [fetch]
        concurrency = 32
        timeout = "20s"
        allow_private = []
    """
    assert read(told) == read("")
    source, account = read(FEED).sources[0], read(ACCOUNT).accounts["m"]
    assert (source.weight, source.include, source.exclude, source.comment_first) == (1.0, (), (), False)
    assert (account.visibility, account.approve, account.monthly_budget_usd) == ("public", "auto", None)


#: A value for every key of [plan] that is not its default.
OTHER: dict[str, tuple[str, Any]] = {
    "per_day": ("2", 2),
    "min_gap": ('"2h"', Span(hours=2)),
    "quiet": ('""', Quiet("")),
    "slots": ('["08:30"]', (Clock("08:30"),)),
    "spread": ("false", False),
    "stagger": ('"1m"', Span(minutes=1)),
    "jitter": ('"1m"', Span(minutes=1)),
    "mix": ("{ own = 1, curated = 0, notes = 0 }", Mix(own=1, curated=0, notes=0)),
    "max_age": ('"3d"', Span(days=3)),
    "grace": ('"0"', Span()),
    "author_gap": ('"1w"', Span(days=7)),
    "note_gap": ('"9d"', Span(days=9)),
    "first_run": ("3", 3),
    "catch_up": ('"skip"', "skip"),
    "topics": ('["python"]', ("python",)),
    "min_score": ("0", 0.0),
}


def test_an_account_may_override_every_key_of_plan() -> None:
    assert set(OTHER) == set(Plan.__struct_fields__) <= set(AccountTable.__struct_fields__)


@pytest.mark.parametrize("key", OTHER)
def test_an_override_holds_for_its_account_alone(key: str) -> None:
    text, value = OTHER[key]
    found = read(f'{ACCOUNT}{key} = {text}\n[accounts.other]\nplatform = "x"\n')
    assert found.accounts["m"].plan(found.plan) == msgspec.structs.replace(Plan(), **{key: value}) != Plan()
    assert found.accounts["other"].plan(found.plan) == found.plan == Plan()


def test_what_an_account_leaves_out_comes_from_the_common_plan() -> None:
    found = read(f"[plan]\nper_day = 3\nmin_score = 0.5\n{ACCOUNT}per_day = 1")
    assert found.accounts["m"].plan(found.plan) == Plan(per_day=1, min_score=0.5)


def test_paths_are_seen_from_the_settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "syndicator.toml").write_text('data = "state"')
    monkeypatch.chdir(tmp_path)
    found = load(Path("syndicator.toml"))
    monkeypatch.chdir("/")
    assert found.data_folder == tmp_path / "state"
    assert found.beside("notes.txt") == tmp_path / "notes.txt"
    assert found.beside("/etc/notes.txt") == Path("/etc/notes.txt")


@pytest.mark.parametrize(
    "site", ["ada.example", "http://blog/", "http://localhost:8000", "münchen.example/~ada", "10.0.0.1"]
)
def test_sites_are_written_in_many_ways(site: str) -> None:
    assert read(f"[me]\nsites = ['{site}']\nlanguage = 'de_at'").me.sites == (site,)


def test_a_zone_is_a_zone() -> None:
    assert isinstance(read("[me]\ntimezone = 'Asia/Kathmandu'").me.timezone, ZoneInfo)


def test_settings_can_not_be_changed() -> None:
    with pytest.raises(AttributeError):
        read("").plan.per_day = 7  # type: ignore[misc]
