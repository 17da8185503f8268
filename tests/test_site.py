"""The documentation becomes a site, without a warning or the network; its reference has all that the code has."""

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from counterparts import browser
from counterparts.forks import BIN
from walkthrough import Reader
from written import ROOT

from syndicator.networks import ADAPTERS
from website import documents, keys, options, pictures, surroundings
from website.fields import Fields

#: Commands whose real documents are held against the reference.
PRINTED = [
    "syndicator accounts",
    "syndicator sources",
    "syndicator plan",
    "syndicator run",
    "syndicator queue --all",
    "syndicator why https://ada.example/notes/queue-promise/",
    "syndicator judge",
    "syndicator doctor --offline",
    "syndicator preview file:feeds/ada.xml",
    "syndicator share https://robin.example/posts/measure",
    "ledger owe --all",
    "ledger why letters.example",
    "ledger collect",
    "ledger thanks --since 2026-01-01",
    "ledger people list --all",
    "ledger people show ada.example",
    "ledger people review",
    "ledger follows",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site as mkdocs builds it."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [BIN / "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env={
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            "http_proxy": "http://127.0.0.1:9",
            "https_proxy": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_document_is_a_page(site):
    pages = {str(path.relative_to(ROOT / "docs").with_suffix(".html")) for path in (ROOT / "docs").rglob("*.md")}
    assert pages <= {str(path.relative_to(site)) for path in site.rglob("*.html")}


def test_pages_ask_nobody_for_anything(site):
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        asked = re.findall(r'<(?:script|img|iframe|source)[^>]+src="([^"]+)|<link[^>]+href="([^"]+)', text)
        addresses = [one or other for one, other in asked]
        assert addresses
        assert [each for each in addresses if each.startswith(("http", "//"))] == [], page.name


def test_notes_to_the_tests_are_not_shown(site):
    assert "not run:" not in (site / "tutorial.html").read_text("utf-8")


def test_every_command_and_option_is_in_the_reference(site):
    page = (site / "reference" / "options.html").read_text("utf-8")
    for each in options.every_command():
        assert f'id="{each.words.replace(" ", "-")}"' in page, each.words
        for parameter in each.command.params:
            assert all(name in page for name in parameter.opts if name.startswith("--"))
    assert len(options.every_command()) > 40


def test_every_key_of_the_settings_is_in_the_reference():
    page = keys.page()
    for heading, table in keys.TABLES.items():
        section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
        for field in msgspec.structs.fields(table):
            assert f"| `{field.name}` |" in section, f"{heading} {field.name}"
    assert "| `per_day` | whole number | `6` | posts a day, for each account |" in page
    assert "- min_score must lie between 0 and 1\n" in page


def test_every_variable_is_in_the_reference():
    page = surroundings.page()
    assert {"SYNDICATOR_CONFIG", "SYNDICATOR_KEYRING", "EDITOR", "VISUAL"} <= set(surroundings.variables())
    assert all(f"| `{name}` |" in page for name in surroundings.variables())
    assert all(f"| `{platform}` |" in page for platform, parts in surroundings.credentials().items() if parts)
    assert set(surroundings.credentials()) == set(ADAPTERS)
    assert "| 2 | `SettingsError` |" in page


def test_there_are_pictures_of_every_scene(site):
    for scene in pictures.SCENES:
        drawn = (site / "pictures" / f"{scene.name}.svg").read_text("utf-8")
        words = "".join(ET.fromstring(drawn).itertext()).replace("\xa0", " ")
        assert f"$ {scene.command}" in words
        assert not re.search(r"(?:href|src)=|url\((?!#)|@import", drawn), "it asks others for something"
        assert f'src="pictures/{scene.name}.svg"' in (site / "looks.html").read_text("utf-8")
    assert "Teodor Brandt" in (site / "pictures" / "owe.svg").read_text("utf-8").replace("&#160;", " ")


@pytest.mark.skipif(browser.executable() is None, reason="no Chromium here: apt-get install chromium")
def test_there_is_a_picture_of_the_linkblog(site):
    picture = (site / "pictures" / pictures.LINKBLOG).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000  # an empty page has a tenth of that


@pytest.fixture(scope="module")
def reader(tmp_path_factory) -> Reader:
    return Reader(tmp_path_factory.mktemp("world"), "ran")


@pytest.mark.parametrize("command", PRINTED)
def test_every_field_that_is_printed_is_in_the_reference(command, reader):
    known = documents.documents()
    words = max((each for each in known if f"{command} ".startswith(f"{each} ")), key=len)
    printed = json.JSONDecoder().raw_decode(reader.do(f"{command} --json"))[0]
    assert list(_unknown(printed, known[words], words)) == []


def _unknown(value: object, fields: Fields, at: str) -> Iterator[str]:
    """The places in a document that the reference does not have. What it calls a plain value may hold anything."""
    if isinstance(value, list) and fields.each:
        for each in value:
            yield from _unknown(each, fields.each, f"{at}[]")
    elif isinstance(value, dict) and fields.fields and "NAME" not in fields.fields:
        for name, inner in value.items():
            if name in fields.fields:
                yield from _unknown(inner, fields.fields[name], f"{at}.{name}")
            else:
                yield f"{at}.{name}"


def test_the_reference_of_the_json_has_what_scripts_rely_on():
    plan = documents.documents()["syndicator plan"]
    [planned] = [each for name, each in plan.fields.items() if name == "planned"]
    assert planned.each
    assert {"text", "length", "limit", "price_usd", "card", "parts", "why"} <= set(planned.each.fields)
    assert planned.each.fields["card"].empty
    assert set(planned.each.fields["card"].fields) == {"url", "title", "description", "image"}
