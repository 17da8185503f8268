"""The sources that settings name: what is found, and a sentence for each file that isn't as it should be."""

from pathlib import Path

import pytest

from syndicator.follow import subscribed
from syndicator.settings import load
from syndicator.sources.subscriptions import Subscriptions
from syndicator.workspace import Workspace


def read(folder: Path, settings: str) -> Subscriptions:
    (folder / "syndicator.toml").write_text(settings, encoding="utf-8")
    return subscribed(Workspace(load(folder / "syndicator.toml"), scratch=True))


NOTES = '[[sources]]\nkind = "notes"\nfile = "notes.txt"\n'
FEED = '[[sources]]\nkind = "curated"\nfeed = "https://ada.example/feed"\n'


def test_notes_are_read_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("One\n\nTwo\n", encoding="utf-8")
    found = read(tmp_path, NOTES)
    assert [(file.path, [note.text for note in file.notes]) for file in found.notes] == [
        (tmp_path / "notes.txt", ["One", "Two"])
    ]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            None,
            "can't be read: No such file or directory (put the file of notes there, or mend `file` in the settings)",
        ),
        ("Fête".encode("latin-1"), "is not UTF-8 text at byte 1 (save it as UTF-8)"),
        ("Fête".encode("utf-16"), "is not UTF-8 text at byte 0 (save it as UTF-8)"),
    ],
    ids=["missing", "Latin-1", "UTF-16"],
)
def test_notes_that_can_not_be_read_are_told_and_the_rest_goes_on(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / "notes.txt").write_bytes(content)
    found = read(tmp_path, NOTES + FEED)
    assert found.notes == ()
    assert found.problems == (f"{tmp_path / 'notes.txt'}: {problem}",)
    assert [source.url for source in found.feeds] == ["https://ada.example/feed"]


def test_a_folder_is_no_file_of_notes(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").mkdir()
    [problem] = read(tmp_path, NOTES).problems
    assert problem.startswith(f"{tmp_path / 'notes.txt'}: can't be read: ")


def test_a_malformed_blogroll_is_used_and_told_with_line_and_remedy(tmp_path: Path) -> None:
    (tmp_path / "b.opml").write_text('<opml><body>\n<outline text="Q & A" xmlUrl="https://ada.example/feed"/>')
    found = read(tmp_path, '[[sources]]\nkind = "curated"\nopml = "b.opml"\n')
    assert [source.url for source in found.feeds] == ["https://ada.example/feed"]
    [problem] = found.problems
    assert problem.startswith("b.opml: line 2, column ")
    assert problem.endswith("(mend the file)")
