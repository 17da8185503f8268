"""The commands on real blogrolls and feeds: the open corpus, its feeds served from loopback."""

import json
from collections import Counter
from pathlib import Path

import pytest
from counterparts.desk import Desk
from counterparts.feed_server import body, running
from typer.testing import CliRunner

from syndicator import articles, urls
from syndicator.cli import main
from syndicator.upgrades import open_state

pytestmark = pytest.mark.corpus

TYPES = {".json": "application/feed+json", ".opml": "text/x-opml", ".rss": "application/rss+xml"}


def test_every_blogroll_imports_and_exports_to_the_same_feeds(corpus: Path, tmp_path: Path) -> None:
    """Through `syndicator import --json`: all feeds that are expected, and a reason for whatever is left out."""
    expected = json.loads((corpus / "opml" / "expected.json").read_text("utf-8"))
    figures: Counter[str] = Counter()
    runner = CliRunner()
    app = main.make()
    for name, facts in expected.items():
        config = tmp_path / f"{len(figures)}-{figures.total()}" / "syndicator.toml"
        config.parent.mkdir()
        config.write_text('[me]\nname = "Robin"\n')
        done = runner.invoke(app, ["--config", str(config), "import", str(corpus / name), "--json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), (name, done.exception)
        found = json.loads(done.stdout)
        added = {urls.canonical(url) for url in found["added"]}
        facts = facts.get("basic", facts)
        if facts["wellformed"] and facts.get("agree") is not False:
            wanted = {feed["xmlUrl"] or "" for feed in facts["feeds"]}
        else:
            wanted = set(facts.get("listparser_feed_urls", []))
        assert bool(found["problems"]) is not facts["wellformed"], name
        wanted = {urls.canonical(url) for url in wanted if urls.is_web(url)}
        missing = wanted - added
        figures["wrong" if missing else "right"] += 1
        if missing:
            assert found["skipped"], f"{name} lost {missing} without a word"
        listed = json.loads(runner.invoke(app, ["--config", str(config), "sources", "--json"]).stdout)
        assert {each["url"] for each in listed} == set(found["added"])
    print(f"opml: {dict(figures)} of {len(expected)} files")
    assert figures["right"] >= len(expected) - 2


def test_a_run_over_every_feed(corpus: Path, tmp_path: Path) -> None:
    """One `syndicator run` over all feeds of the corpus at once: each is read or told of, and the rest goes on."""
    files = sorted(path for path in (corpus / "feeds").glob("*/*") if path.is_file())
    consensus = json.loads((corpus / "feeds" / "expected_consensus.json").read_text("utf-8"))
    desk = Desk(tmp_path, '[plan]\nfirst_run = 100000\nmax_age = "36500d"\n[fetch]\nallow_private = ["127.0.0.1"]\n')
    with running() as server:
        lines = []
        for path in files:
            where = f"/{path.parent.name}/{path.name}"
            server.routes[where] = body(path.read_bytes(), **{"Content-Type": TYPES.get(path.suffix, "text/xml")})
            lines.append(f'<outline text="{path.stem}" xmlUrl="{server.url(where).replace("&", "&amp;")}"/>')
        (tmp_path / "all.opml").write_text(f"<opml version='2.0'><body>{''.join(lines)}</body></opml>")
        imported = desk.json("import", "all.opml")
        assert len(imported["added"]) == len(files)
        report = desk.json("run", expect=1)
        listed = {each["url"]: each for each in desk.json("sources")}
    fetched = report["fetched"]
    print(f"feeds: {fetched['ok']} read, {fetched['failed']} told of, of {len(files)}")
    assert fetched["ok"] + fetched["failed"] == len(files)
    assert fetched["failed"] == len(report["errors"]) <= 20
    assert all(each["last_ok"] or each["error"] for each in listed.values())
    assert not [
        each["url"] for each in listed.values() if each["url"].split("/", 3)[3] in consensus and each["failures"]
    ]

    catalogue = articles.load(open_state(tmp_path / "data", scratch=True))
    found, items = 0, 0
    for facts in consensus.values():
        for item in facts["items"]:
            link = item.get("feedburner_origlink") or item.get("link") or ""
            if isinstance(link, str) and urls.is_web(link) and item.get("title"):
                items += 1
                found += catalogue.get(link) is not None
    print(f"articles: {found} of {items} expected addresses are in the catalogue, {len(catalogue)} articles in all")
    assert found == items
