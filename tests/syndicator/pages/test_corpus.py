"""Pages of the open corpus: what others' test suites expect of them. `pytest -s` prints the figures per family."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from syndicator import urls
from syndicator.pages import mf2
from syndicator.pages.document import open_page
from syndicator.pages.links import rel_me, webmention_endpoint
from syndicator.pages.mf2_values import Picture
from syndicator.pages.plain import title_of
from syndicator.pages.read import read
from syndicator.sources import markup

#: Where a file says no address of its own; the suite of microformats names it.
ANYWHERE = "http://example.com/"


@pytest.fixture(scope="module")
def expected(corpus: Path) -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads((corpus / "html" / "expected.json").read_text(encoding="utf-8"))
    return found


def of(family: str, expected: Mapping[str, Any]) -> dict[str, Any]:
    return {name: entry for name, entry in expected.items() if name.startswith(f"html/{family}/")}


def report(family: str, wrong: list[str], number: int) -> None:
    print(f"\nhtml/{family}: {number - len(wrong)} of {number}", *wrong, sep="\n  ")
    assert number
    assert wrong == []


@pytest.mark.parametrize("family", ["og", "feedfinder", "indieweb", "webmention-rocks"])
def test_titles_descriptions_pictures_and_canonical_addresses(
    family: str, expected: Mapping[str, Any], corpus: Path
) -> None:
    """OpenGraph's words win, and a property may carry several names; without them the title element is compared."""
    entries, wrong = of(family, expected), []
    for name, entry in entries.items():
        said = entry["expect"]["dom"]
        og = {key: value for keys, value in said["og"].items() for key in keys.split()}
        body, url = (corpus / name).read_bytes(), entry.get("url", ANYWHERE)
        page, opened = read(body, url), open_page(body, url)
        assert opened is not None
        wants = {
            "title": (page.title, og["og:title"]) if "og:title" in og else (title_of(opened), said["title"] or ""),
            "description": (page.description, og.get("og:description", page.description)),
            "image": (page.image, og.get("og:image", "")),
            "site": (page.site_name, og.get("og:site_name", "")),
            "canonical": (page.canonical, said["canonical"] or ""),
        }
        wrong += [f"{name}: {part}: {got!r}, not {want!r}" for part, (got, want) in wants.items() if got != fold(want)]
        wrong += [f"{name}: taken for missing: {page.missing}"] if page.missing and page.words else []
    report(f"{family} (titles, pictures, canonical)", wrong, len(entries))


@pytest.mark.parametrize("family", ["og", "indieweb", "webmention-rocks"])
def test_rel_me_and_webmention_endpoints(family: str, expected: Mapping[str, Any], corpus: Path) -> None:
    entries, wrong = of(family, expected), []
    for name, entry in entries.items():
        body, url = (corpus / name).read_bytes(), entry.get("url", ANYWHERE)
        link = next((value for key, value in entry.get("headers", {}).items() if key.lower() == "link"), "")
        said = entry["expect"]
        inside = said["dom"]["webmention_html"]
        wanted = said.get("webmention_endpoint") or (urls.resolve(url, inside) if inside is not None else "")
        if (got := webmention_endpoint(body, url, link)) != wanted:
            wrong.append(f"{name}: webmention endpoint {got!r}, not {wanted!r}")
        if (got_me := list(rel_me(body, url))) != said["dom"]["rel_me"]:
            wrong.append(f"{name}: rel=me {got_me}")
    report(f"{family} (rel=me, webmention)", wrong, len(entries))


def test_microformats(corpus: Path) -> None:
    """All of the suite but what is out of scope: ids, the HTML of `e-*`, and rels other than `me`."""
    pairs, wrong = sorted((corpus / "html" / "mf2").glob("*.json")), []
    for path in pairs:
        body = path.with_suffix(".html").read_bytes()
        wanted = json.loads(path.read_text(encoding="utf-8"))
        page = open_page(body, ANYWHERE)
        assert page is not None
        if [shape(item) for item in mf2.items(page)] != [without_extras(item) for item in wanted["items"]]:
            wrong.append(path.name)
        if list(rel_me(body, ANYWHERE)) != wanted["rels"].get("me", []):
            wrong.append(f"{path.name}: rel=me")
    report("mf2", wrong, len(pairs))


def fold(text: str) -> str:
    return markup.fold(markup.unescape(text))


def shape(item: mf2.Item) -> dict[str, Any]:
    """An item as the suite writes it down."""
    properties = {name: [_value(value) for value in values] for name, values in item.properties.items()}
    children = [shape(child) for child in item.children]
    return {"type": list(item.types), "properties": properties} | ({"children": children} if children else {})


def _value(value: mf2.Value) -> Any:
    if isinstance(value, Picture):
        return {"value": value.url, "alt": value.alt}
    return shape(value) | {"value": _value(value.value)} if isinstance(value, mf2.Item) else value


def without_extras(wanted: Any) -> Any:
    """What the suite expects, in one line and without what we leave out."""
    match wanted:
        case str():
            return markup.fold(wanted)
        case list():
            return [without_extras(each) for each in wanted]
        case {"html": _, "value": text}:
            return without_extras(text)
        case dict():
            return {name: without_extras(value) for name, value in wanted.items() if name != "id"}
    return wanted
