"""Credentials: found where they should be, and never shown to anybody."""

import stat
import threading
import traceback
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from platforms.errors import variable
from syndicator.secrets import PARTS, Sessions, fingerprint, forget, keep, secrets_of
from syndicator.settings import SettingsError

SECRET = "s3cr3t-h0rse"


def stored(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "secrets.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    ("account", "part", "name"),
    [
        ("fosstodon", "token", "SYNDICATOR_FOSSTODON_TOKEN"),
        ("x", "access_secret", "SYNDICATOR_X_ACCESS_SECRET"),
        ("my-links_2", "api_key", "SYNDICATOR_MY_LINKS_2_API_KEY"),
    ],
)
def test_names_of_variables(account: str, part: str, name: str) -> None:
    assert variable(account, part) == name


def test_nothing_anywhere_is_no_credential(tmp_path: Path) -> None:
    assert secrets_of("sky", tmp_path, {}) == {}
    assert secrets_of("sky", tmp_path / "not there", {}) == {}


def test_the_environment_beats_the_file_part_by_part(tmp_path: Path) -> None:
    stored(tmp_path, '[x]\napi_key = "from file"\napi_secret = "from file"\n[sky]\ntoken = "other"\n')
    environ = {"SYNDICATOR_X_API_KEY": "from environment", "SYNDICATOR_X_TOKEN": ""}
    assert secrets_of("x", tmp_path, environ) == {"api_key": "from environment", "api_secret": "from file"}
    assert secrets_of("sky", tmp_path, environ) == {"token": "other"}


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o666, 0o601])
def test_a_file_that_others_can_read_is_refused_with_the_command_that_helps(mode: int, tmp_path: Path) -> None:
    path = stored(tmp_path, f'[sky]\ntoken = "{SECRET}"\n', mode)
    with pytest.raises(SettingsError) as told:
        secrets_of("sky", tmp_path, {})
    assert f"chmod 600 {path}" in str(told.value)
    assert SECRET not in str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        f'[sky]\ntoken = "{SECRET}',
        f"[sky]\ntoken = {SECRET}",
        f'token = "{SECRET}"',
        f'[sky]\ntoken = ["{SECRET}"]',
        f'[sky.{SECRET}]\n"{SECRET}" = 5',
        f'[sky]\ntoken = "{SECRET}"\ntoken = "{SECRET}"',
    ],
)
def test_a_malformed_file_is_told_without_giving_anything_away(text: str, tmp_path: Path) -> None:
    path = stored(tmp_path, text)
    with pytest.raises(SettingsError) as told:
        secrets_of("sky", tmp_path, {})
    assert str(path) in str(told.value)
    assert SECRET not in "".join(traceback.format_exception(told.value))


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.write_bytes(b"\xff\xfe[sky]")
    path.chmod(0o600)
    with pytest.raises(SettingsError, match="can't be read"):
        secrets_of("sky", tmp_path, {})


def test_sessions_lie_in_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "data")
    assert sessions.recall("sky") is None
    sessions.keep("sky", SECRET)
    sessions.keep("other", "another")
    sessions.keep("sky", SECRET + "2")
    assert Sessions(tmp_path / "data").recall("sky") == SECRET + "2"
    assert Sessions(tmp_path / "data").recall("other") == "another"
    file = tmp_path / "data" / "sessions.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("garbage", [b"", b"{", b"[]", b'{"sky": 5}', b"\xff"])
def test_sessions_that_are_of_no_use_are_made_anew(garbage: bytes, tmp_path: Path) -> None:
    (tmp_path / "sessions.json").write_bytes(garbage)
    assert Sessions(tmp_path).recall("sky") is None
    Sessions(tmp_path).keep("sky", "new")
    assert Sessions(tmp_path).recall("sky") == "new"


credentials = st.dictionaries(st.sampled_from(PARTS), st.text(max_size=12), max_size=3)


@given(credentials, credentials)
def test_fingerprints_tell_credentials_apart_and_nothing_else(one: dict[str, str], other: dict[str, str]) -> None:
    assert (fingerprint(one) == fingerprint(other)) is (one == other)
    assert fingerprint(dict(reversed(one.items()))) == fingerprint(one)


def test_a_fingerprint_does_not_hold_the_secret() -> None:
    assert SECRET not in fingerprint({"token": SECRET})
    assert len(fingerprint({"token": SECRET})) == 16


def test_a_kept_credential_is_found_again_and_leaves_the_rest_of_the_file_as_it_was(tmp_path: Path) -> None:
    path = stored(tmp_path, f'# mine\n[other]\ntoken = "{SECRET}"\n\n[sky]\ntoken = "old"\nurl = "gone"\n')
    assert keep("sky", {"token": 'new " one'}, tmp_path).place == str(path)
    assert secrets_of("sky", tmp_path, {}) == {"token": 'new " one'}
    assert secrets_of("other", tmp_path, {}) == {"token": SECRET}
    assert path.read_text("utf-8").startswith("# mine\n")


def test_the_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = Path(keep("sky", {"token": SECRET}, tmp_path / "new" / "data").place)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert forget("sky", tmp_path / "new" / "data") == (True, "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secrets_of("sky", tmp_path / "new" / "data", {}) == {}
    assert forget("sky", tmp_path / "new" / "data") == (False, "")


def test_a_file_that_cannot_be_read_is_not_written_over(tmp_path: Path) -> None:
    path = stored(tmp_path, "[sky\ntoken = 1")
    with pytest.raises(SettingsError, match=r"secrets\.toml"):
        keep("sky", {"token": SECRET}, tmp_path)
    assert path.read_text("utf-8") == "[sky\ntoken = 1"


def test_sessions_that_are_kept_at_once_are_all_kept(tmp_path: Path) -> None:
    with FileLock(tmp_path / "secrets.lock"):
        other = threading.Thread(target=Sessions(tmp_path).keep, args=("sky", "one"))
        other.start()
        other.join(0.3)
        (tmp_path / "sessions.json").write_text('{"pond": "two"}')
    other.join()
    assert (Sessions(tmp_path).recall("sky"), Sessions(tmp_path).recall("pond")) == ("one", "two")


def test_one_session_is_forgotten_and_the_others_stay(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path)
    sessions.keep("sky", "one")
    sessions.keep("other", "two")
    sessions.forget("sky")
    assert (sessions.recall("sky"), sessions.recall("other")) == (None, "two")
