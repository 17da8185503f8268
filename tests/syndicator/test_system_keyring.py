"""Credentials in the keyring of the system: kept there where there is one, and no run waits or fails for a bad one."""

import json
import stat
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from syndicator import secrets, system_keyring
from syndicator.secrets import find, forget, held, keep, secrets_of
from syndicator.settings import SettingsError

SECRET = "s3cr3t-h0rse"
PARTS = {"token": SECRET, "app": "é"}


@pytest.fixture(autouse=True)
def anew(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """As in another process: nothing is remembered of the keyring."""
    monkeypatch.setattr(system_keyring, "PATIENCE", 60)
    monkeypatch.delenv("SYNDICATOR_KEYRING")

    def forgotten() -> None:
        system_keyring.of_system.cache_clear()
        system_keyring.backend_of_system.cache_clear()

    forgotten()
    return forgotten


@pytest.fixture
def entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, str]]:
    """There is a keyring; gives what is in it."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "counterparts.file_keyring.Keyring")
    monkeypatch.setenv("KEYRING_FILE", str(tmp_path / "keyring.json"))
    monkeypatch.setenv("KEYRING_MOOD", "")
    file = tmp_path / "keyring.json"
    return lambda: json.loads(file.read_text()) if file.exists() else {}


@pytest.fixture
def set_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Changes the keyring's mood."""
    return lambda mood: set_mood(mood, monkeypatch)


def set_mood(mood: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYRING_MOOD", mood)
    if mood == "silent":  # nobody waits for what never comes
        monkeypatch.setattr(system_keyring, "PATIENCE", 0.3)
        monkeypatch.setattr(system_keyring, "PERSONAL_PATIENCE", 0.3)


def data(tmp_path: Path, name: str = "data") -> Path:
    return tmp_path / name


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_credential_goes_into_the_keyring_and_into_no_file(
    entries: Callable[[], dict[str, str]], tmp_path: Path, anew: Callable[[], None]
) -> None:
    kept = keep("sky", PARTS, data(tmp_path))
    assert (kept.in_keyring, kept.note, kept.place) == (True, "", "the keyring of this system (file keyring Keyring)")
    [(name, value)] = entries().items()
    assert name.startswith("syndicator|sky ")
    assert json.loads(value) == PARTS
    assert SECRET.encode() not in written(data(tmp_path))
    anew()
    assert secrets_of("sky", data(tmp_path), {}) == PARTS
    assert held(data(tmp_path)) == ("sky",)
    assert stat.S_IMODE((data(tmp_path) / "keyring.json").stat().st_mode) == 0o600


def test_the_order_is_environment_keyring_file(entries: Callable[[], dict[str, str]], tmp_path: Path) -> None:
    keep("sky", {"token": "of the keyring"}, data(tmp_path))
    file = data(tmp_path) / "secrets.toml"
    file.write_text('[sky]\ntoken = "of the file"\n[pond]\ntoken = "of the file"\n')
    file.chmod(0o600)
    assert secrets_of("sky", data(tmp_path), {"SYNDICATOR_SKY_TOKEN": "outer"}) == {"token": "outer"}
    assert secrets_of("sky", data(tmp_path), {}) == {"token": "of the keyring"}
    assert secrets_of("pond", data(tmp_path), {}) == {"token": "of the file"}


def test_what_moves_into_the_keyring_leaves_the_file(
    entries: Callable[[], dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNDICATOR_KEYRING", "off")
    assert keep("sky", PARTS, data(tmp_path)).note == "", "its owner knows"
    keep("pond", {"token": "another"}, data(tmp_path))
    monkeypatch.setenv("SYNDICATOR_KEYRING", "auto")
    keep("sky", PARTS, data(tmp_path))
    assert SECRET not in (data(tmp_path) / "secrets.toml").read_text()
    assert secrets_of("pond", data(tmp_path), {}) == {"token": "another"}
    monkeypatch.setenv("SYNDICATOR_KEYRING", "off")
    keep("sky", {"token": "newer"}, data(tmp_path))
    monkeypatch.setenv("SYNDICATOR_KEYRING", "auto")
    assert secrets_of("sky", data(tmp_path), {}) == {"token": "newer"}, "the older one is not read any more"


def test_two_installations_do_not_share_an_entry(entries: Callable[[], dict[str, str]], tmp_path: Path) -> None:
    keep("sky", {"token": "one"}, data(tmp_path, "one"))
    keep("sky", {"token": "two"}, data(tmp_path, "two"))
    assert secrets_of("sky", data(tmp_path, "one"), {}) == {"token": "one"}
    assert forget("sky", data(tmp_path, "one")) == (True, "")
    assert secrets_of("sky", data(tmp_path, "two"), {}) == {"token": "two"}
    assert len(entries()) == 1


def test_forgetting_takes_it_from_everywhere(
    entries: Callable[[], dict[str, str]], tmp_path: Path, anew: Callable[[], None]
) -> None:
    keep("sky", PARTS, data(tmp_path))
    file = data(tmp_path) / "secrets.toml"
    file.write_text(f'[sky]\ntoken = "{SECRET}"\n')
    file.chmod(0o600)
    assert forget("sky", data(tmp_path)) == (True, "")
    assert (entries(), secrets_of("sky", data(tmp_path), {})) == ({}, {})
    anew()
    assert secrets_of("sky", data(tmp_path), {}) == {}
    assert forget("sky", data(tmp_path)) == (False, "")


MOODS = {
    "locked": "it is locked",
    "broken": "it failed (ValueError)",
    "silent": "it gave no answer within 0.3 seconds",
    "forgetful": "it does not keep what it is given",
}


@pytest.mark.parametrize("mood", MOODS)
def test_where_the_keyring_fails_the_file_takes_it_and_the_owner_is_told(
    mood: str, entries: Callable[[], dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mood(mood, monkeypatch)
    kept = keep("sky", PARTS, data(tmp_path))
    assert (kept.in_keyring, kept.place) == (False, str(data(tmp_path) / "secrets.toml"))
    assert f"is not used: {MOODS[mood]}" in kept.note
    assert ("stays in the keyring" in kept.note) is (mood == "silent"), "it may still come round and write"
    assert SECRET not in kept.note
    assert secrets_of("sky", data(tmp_path), {}) == PARTS


@pytest.mark.parametrize("mood", ["unreadable", "stuck"])
def test_what_a_keyring_takes_and_does_not_give_is_removed_from_it_or_named(
    mood: str,
    entries: Callable[[], dict[str, str]],
    tmp_path: Path,
    anew: Callable[[], None],
    set_to: Callable[[str], None],
) -> None:
    set_to(mood)
    kept = keep("sky", PARTS, data(tmp_path))
    assert (kept.in_keyring, secrets_of("sky", data(tmp_path), {})) == (False, PARTS)
    if mood == "unreadable":
        assert entries() == {}
        assert "stays in the keyring" not in kept.note
        return
    [name] = [key.partition("|")[2] for key in entries()]
    assert f"the entry {name!r} of 'syndicator' stays in the keyring" in kept.note
    assert held(data(tmp_path)) == ("sky",)
    assert repr(name) in forget("sky", data(tmp_path))[1], "told as long as it is there"
    set_to("")
    anew()
    assert (forget("sky", data(tmp_path)), entries()) == ((True, ""), {})


@pytest.mark.parametrize("needed", [("token",), ("token", "app")])
def test_no_keyring_is_asked_for_what_the_environment_has(
    needed: tuple[str, ...], entries: Callable[[], dict[str, str]], tmp_path: Path, anew: Callable[[], None]
) -> None:
    keep("sky", PARTS, data(tmp_path))
    anew()
    asked = Path(f"{tmp_path / 'keyring.json'}.asked")
    asked.unlink()
    found = find("sky", data(tmp_path), {"SYNDICATOR_SKY_TOKEN": "outer"}, needed)
    assert asked.exists() is ("app" in needed)
    assert found.parts == (PARTS if "app" in needed else {}) | {"token": "outer"}


@pytest.mark.parametrize("mood", ["locked", "broken", "silent"])
def test_a_run_goes_on_without_a_keyring_that_fails_and_says_why(
    mood: str,
    entries: Callable[[], dict[str, str]],
    tmp_path: Path,
    anew: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep("sky", PARTS, data(tmp_path))
    keep("pond", PARTS, data(tmp_path))
    anew()
    set_mood(mood, monkeypatch)
    found = find("sky", data(tmp_path), {})
    assert (found.parts, SECRET in found.trouble) == ({}, False)
    assert found.trouble.endswith(f"can't be used now: {MOODS[mood]}")
    assert find("sky", data(tmp_path), {"SYNDICATOR_SKY_TOKEN": "outer"}).parts == {"token": "outer"}
    if mood == "silent":
        asked = Path(f"{tmp_path / 'keyring.json'}.asked").read_text()
        assert find("pond", data(tmp_path), {}).trouble == found.trouble
        assert Path(f"{tmp_path / 'keyring.json'}.asked").read_text() == asked, "asked once and no more"


def test_what_can_not_be_removed_is_named_and_read_no_more(
    entries: Callable[[], dict[str, str]], tmp_path: Path, anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep("sky", PARTS, data(tmp_path))
    monkeypatch.setenv("KEYRING_MOOD", "locked")
    there, left = forget("sky", data(tmp_path))
    [name] = [key.partition("|")[2] for key in entries()]
    assert there
    assert left == f"the entry {name!r} of 'syndicator' stays in the keyring (it is locked): remove it there"
    monkeypatch.setenv("KEYRING_MOOD", "")
    anew()
    assert secrets_of("sky", data(tmp_path), {}) == {}


def test_an_entry_that_is_gone_or_was_changed_is_told(
    entries: Callable[[], dict[str, str]], tmp_path: Path, anew: Callable[[], None]
) -> None:
    keep("sky", PARTS, data(tmp_path))
    [name] = entries()
    for content, told in ((json.dumps({}), "is not in this one"), (json.dumps({name: SECRET}), "was changed")):
        (tmp_path / "keyring.json").write_text(content)
        anew()
        found = find("sky", data(tmp_path), {})
        assert told in found.trouble
        assert SECRET not in found.trouble


@pytest.mark.parametrize("backend", ["keyring.backends.fail.Keyring", "keyring.backends.null.Keyring", "no.such.Thing"])
def test_no_keyring_is_no_trouble(backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    kept = keep("sky", PARTS, data(tmp_path))
    assert not kept.in_keyring
    assert "the system's keyring is not used: " in kept.note
    assert secrets_of("sky", data(tmp_path), {}) == PARTS


def test_who_has_nothing_in_a_keyring_never_asks_one(
    entries: Callable[[], dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNDICATOR_KEYRING", "off")
    keep("sky", PARTS, data(tmp_path))
    monkeypatch.setenv("SYNDICATOR_KEYRING", "auto")
    assert secrets_of("sky", data(tmp_path), {}) == PARTS
    assert secrets_of("pond", data(tmp_path), {}) == {}
    assert not Path(f"{tmp_path / 'keyring.json'}.asked").exists()


def test_nothing_that_is_printed_holds_a_secret(entries: Callable[[], dict[str, str]], tmp_path: Path) -> None:
    kept = keep("sky", PARTS, data(tmp_path))
    assert SECRET not in f"{kept!r} {find('sky', data(tmp_path), {})!r} {system_keyring.of_system()!r}"
    (data(tmp_path) / "secrets.toml").write_text(f'[sky]\ntoken = "{SECRET}')
    (data(tmp_path) / "secrets.toml").chmod(0o600)
    with pytest.raises(SettingsError) as told:
        secrets.keep("sky", PARTS, data(tmp_path))
    assert SECRET not in "".join(traceback.format_exception(told.value))


@pytest.mark.skipif(sys.platform != "linux", reason="the bus of a session is Linux'")
def test_a_bus_that_is_named_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/somewhere")
    system_keyring._find_bus()
    assert system_keyring.os.environ["DBUS_SESSION_BUS_ADDRESS"] == "unix:path=/somewhere"
