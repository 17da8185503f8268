"""Secrets are where they should be and nowhere else: each place that they may leak to is looked at."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from syndicator import system_keyring
from syndicator.doctor import credentials
from syndicator.secrets import Sessions, keep
from syndicator.settings import load

SECRET = 'hush "hush" hush'


@pytest.mark.parametrize(
    ("place", "written"),
    [
        ("data/state.jsonl.torn-1", "{}"),
        ("data/backups/ledger.jsonl.2026-01-01", "{}"),
        ("data/syndicator.1.log", "GET {}"),
        ("cron.log.1", "{}"),
        ("public/index.html", "<p>{}"),
        ("notes.txt", "{}"),
    ],
)
@pytest.mark.parametrize("form", [str, lambda value: json.dumps(value)[1:-1], quote], ids=["bare", "JSON", "address"])
def test_a_secret_is_found_wherever_it_should_not_be(
    place: str, written: str, form: Callable[[str], str], tmp_path: Path
) -> None:
    path = tmp_path / "syndicator.toml"
    path.write_text(
        '[[sources]]\nkind = "notes"\nfile = "notes.txt"\n[accounts.far]\nplatform = "mastodon"\n'
        'server = "https://far.example"\n[accounts.links]\nplatform = "linkblog"\nfolder = "public"\n'
    )
    keep("far", {"token": SECRET}, tmp_path / "data")
    leak = tmp_path / place
    leak.parent.mkdir(exist_ok=True, parents=True)
    leak.write_text("x" * (1 << 20) + written.replace("{}", form(SECRET)))
    bad = [each for each in credentials.examine(load(path)) if each.level == "fault"]
    assert [each.text for each in bad] == [f"{leak}: the token of far stands in it"]
    assert SECRET not in repr(bad)
    leak.write_text("nothing")
    assert [each.text for each in credentials.examine(load(path))] == [
        f"{tmp_path / 'data' / 'secrets.toml'} is for its owner alone"
    ]


def test_a_session_is_a_secret_too(tmp_path: Path) -> None:
    path = tmp_path / "syndicator.toml"
    path.write_text('[accounts.sky]\nplatform = "bluesky"\nhandle = "ada.example"\n')
    token = "eyJ0eXAi." + "a1B2" * 20
    Sessions(tmp_path / "data").keep("sky", f"ada.example:::did:plc:{'q' * 24}:::{token}:::https://pds.example")
    (tmp_path / "data" / "state.jsonl").write_text(f"did:plc:{'q' * 24} https://pds.example ada.example")
    assert list(credentials.examine(load(path))) == []
    (tmp_path / "cron.log").write_text(f"Authorization: Bearer {token}")
    (tmp_path / "data" / "sessions.json").chmod(0o644)
    told = [(each.text, each.remedy) for each in credentials.examine(load(path))]
    sessions = tmp_path / "data" / "sessions.json"
    assert told[0] == (f"{sessions}: others on this machine can read it", f"chmod 600 {sessions}")
    assert [text for text, _ in told[1:]] == [f"{tmp_path / 'cron.log'}: the session of sky stands in it"]


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_secrets_that_git_keeps_or_would_keep(tmp_path: Path) -> None:
    path = tmp_path / "syndicator.toml"
    path.write_text('[accounts.far]\nplatform = "mastodon"\nserver = "https://far.example"\n')
    keep("far", {"token": SECRET}, tmp_path / "data")
    file = tmp_path / "data" / "secrets.toml"
    (tmp_path / "old.txt").write_text(SECRET)

    def git(*words: str) -> None:
        subprocess.run(["git", "-C", tmp_path, *words], check=True, capture_output=True)

    def told() -> dict[str, str]:
        return {each.text: each.remedy for each in credentials.examine(load(path)) if each.level != "ok"}

    assert told() == {}
    git("init", "--quiet")
    assert told() == {f"{file}: `git add` would take it up": "put secrets.toml into .gitignore"}
    (tmp_path / ".gitignore").write_text("data/\n")
    assert told() == {}
    git("add", "old.txt")
    assert list(told()) == [f"{tmp_path / 'old.txt'}: the token of far stands in it"]
    git("rm", "--cached", "old.txt")
    git("add", "--force", "data/secrets.toml")
    assert told()[f"{file} is kept by git"].startswith(f"git rm --cached {file}")


def test_credentials_of_accounts_that_are_no_more(tmp_path: Path) -> None:
    path = tmp_path / "syndicator.toml"
    path.write_text("")
    keep("old", {"token": SECRET}, tmp_path / "data")
    [_, found] = credentials.examine(load(path))
    assert (found.text, found.remedy) == ("old has a credential, and is no account", "syndicator login old --out")


def test_what_the_keyring_has_is_told_and_what_is_in_two_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNDICATOR_KEYRING", "auto")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "counterparts.file_keyring.Keyring")
    monkeypatch.setenv("KEYRING_FILE", str(tmp_path / "entries"))
    system_keyring.of_system.cache_clear()
    system_keyring.backend_of_system.cache_clear()
    path = tmp_path / "syndicator.toml"
    path.write_text('[accounts.far]\nplatform = "mastodon"\nserver = "https://far.example"\n')
    keep("far", {"token": SECRET}, tmp_path / "data")
    (tmp_path / "cron.log").write_text(SECRET)
    file = tmp_path / "data" / "secrets.toml"
    file.write_text('[far]\ntoken = "an older one"\n')
    file.chmod(0o600)
    assert [(each.level, each.text) for each in credentials.examine(load(path))] == [
        ("ok", f"{file} is for its owner alone"),
        ("ok", "the credential of far is in the keyring of this system"),
        ("mind", f"far has a credential in {file} too, which is not used while the keyring has one"),
        ("fault", f"{tmp_path / 'cron.log'}: the token of far stands in it"),
    ]
    system_keyring.backend_of_system.cache_clear()
