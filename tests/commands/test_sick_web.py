"""A thousand sources, one in fifty ill: a run ends on time, says what is wrong, reads the rest and loses nothing."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from counterparts import sick_web
from counterparts.desk import Desk
from counterparts.feed_server import body, status
from counterparts.illnesses import ILLNESSES, QUIRKS, Illness, article, redirect, silence
from counterparts.sick_web import ALLOWED, SickWeb

SOURCES, HOSTS, TIMEOUT = 1_000, 40, 8
#: Ill in every way that is not a mere variation of another.
ILL = [
    "a body that drips",
    "headers that drip",
    "silence",
    "an endless body",
    "a gzip bomb",
    "a deflate bomb",
    "packed twice",
    "half of what was promised",
    "a cut chunk",
    "a connection that is torn down",
    "TLS that is none",
    "a flood of headers",
    "a redirect to itself",
    "a redirect to a cloud's secrets",
    "a redirect to this machine",
    "a redirect to an IPv4 address in IPv6",
    "a page instead of a feed",
    "an empty answer",
    "410",
    "429",
]
SETTINGS = f"""
[[sources]]
kind = "curated"
opml = "blogroll.opml"

[fetch]
timeout = "{TIMEOUT}s"
allow_private = ["{ALLOWED}"]
"""
#: Leaves behind how much memory the run took at its fullest, in kilobytes, and each of the processes it started. What
#: getrusage says of a process itself is no less than its parent had, which is all of these tests, so Linux is asked.
MEASURED = """
import atexit, pathlib, re, resource
def own():
    status = pathlib.Path("/proc/self/status")
    if status.exists(): return int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def others(): return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
atexit.register(lambda: print(own(), others(), file=open("peak", "w")))
"""


class World:
    """The sick web, its reader, and what the first run said."""

    def __init__(self, web: SickWeb, folder: Path) -> None:
        self.web, self.desk = web, Desk(folder, SETTINGS)
        self.ill: dict[str, Illness] = {}
        self.well: list[str] = []
        self.to_silence = self._led("/silent", web.hosts[-2], web.hosts[:HOSTS])
        self.to_busy = self._led("/busy", web.hosts[-3], web.hosts[:1])
        web.routes |= {"/silent": silence, "/busy": status(503, Retry_After="2592000")}
        by_name = {illness.name: illness for illness in ILLNESSES}
        quirks = iter(QUIRKS.values())
        for number in range(SOURCES):
            path = f"/{number}/feed"
            if number % 50 == 7:
                self._add_ill(path, number // 50, by_name[ILL[number // 50]])
            else:
                web.routes[path] = next(quirks, None) or body(article(number))
                self.well.append(web.url(path, web.hosts[number % HOSTS]))
        everything = (*self.to_silence, *self.to_busy, *self.ill, *self.well)
        lines = "".join(f'<outline type="rss" xmlUrl="{url}"/>' for url in everything)
        (folder / "blogroll.opml").write_text(f'<opml version="2.0"><body>{lines}</body></opml>')
        start = time.monotonic()
        done = self.desk.run("run", "--json", python=MEASURED, expect=None)
        self.seconds, self.status, self.report = time.monotonic() - start, done.returncode, json.loads(done.stdout)

    def _led(self, path: str, target: str, hosts: list[str]) -> list[str]:
        """A feed on each of these hosts, beside healthy ones, that a redirect leads to the same place of another."""
        self.web.routes[f"{path}/feed"] = redirect(f"http://{target}:{{port}}{path}")
        return [self.web.url(f"{path}/feed", host) for host in hosts]

    def _add_ill(self, path: str, number: int, illness: Illness) -> None:
        """Each on a host that has no other; one that asks to wait is left alone for the round, so it serves nobody."""
        host = self.web.hosts[-1] if illness.name == "429" else self.web.hosts[number]
        self.web.routes[path] = illness.route
        self.ill[self.web.url(path, host).replace("http:", f"{illness.scheme}:")] = illness

    def sources(self) -> dict[str, dict[str, Any]]:
        return {each["url"]: each for each in self.desk.json("sources")}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with sick_web.running(HOSTS + 3) as web:
        yield World(web, tmp_path_factory.mktemp("sick"))


def test_the_run_ends_on_time_and_says_that_something_failed(world: World) -> None:
    assert world.status == 1
    assert world.report["fetched"]["ok"] == len(world.well) == 980
    assert len(world.ill) == 20
    assert world.report["fetched"]["failed"] == len(world.ill) + len(world.to_silence) + len(world.to_busy)
    assert world.seconds < 12 * TIMEOUT  # much more than it takes, and much less than the sick would like


def test_each_sick_source_is_named_once_with_its_own_sentence_and_remedy(world: World) -> None:
    told = (re.sub(r"\(asked again in \w+; ", "(", error) for error in world.report["errors"])
    assert sorted(error for error in told if "/silent" not in error and "/busy" not in error) == sorted(
        f"{url}: {illness.problem.format(seconds=TIMEOUT, port=world.web.port)} ({illness.remedy})"
        for url, illness in world.ill.items()
    )


def test_what_redirects_lead_to_is_asked_little_and_each_is_told_why(world: World) -> None:
    silent = [error for error in world.report["errors"] if "/silent/feed: " in error]
    assert len(silent) == len(world.to_silence) == 40
    asked = [error for error in silent if "/feed: no answer within" in error]
    assert len(asked) < 10  # three, if this machine is not so slow that a redirect takes half of the time
    left_alone = [error for error in silent if "/feed: not asked this time, after others on its server: " in error]
    assert len(asked) + len(left_alone) == len(silent)
    assert all("(asked again on the next run; " in error for error in left_alone)
    [busy] = [error for error in world.report["errors"] if "/busy/feed: " in error]
    assert "(asked again in 1d; " in busy or "(asked again in 23h59m; " in busy


def test_every_other_source_was_read_and_none_is_forgotten(world: World) -> None:
    sources = world.sources()
    assert {url for url, source in sources.items() if source["last_ok"]} == set(world.well)
    led = {*world.to_silence, *world.to_busy}
    assert {url for url, source in sources.items() if source["error"]} - led == set(world.ill)
    assert sum(bool(sources[url]["error"]) for url in world.to_silence) < 10


def test_memory_stays_bounded_whatever_is_sent(world: World) -> None:
    run, children = map(int, (world.desk.folder / "peak").read_text().split())
    assert run < 300_000
    assert children < 300_000


def test_nothing_of_this_machine_was_asked_that_the_settings_do_not_allow(world: World) -> None:
    assert world.web.trespasses == 0
    assert not [path for path, _ in world.web.requests if "secret" in path]


def test_the_next_run_leaves_the_sick_alone_and_tells_nothing_twice(world: World) -> None:
    before = len(world.web.requests)
    world.web.routes["/silent"] = body(article(SOURCES))
    report = world.desk.json("run")
    assert report["errors"] == []
    assert report["fetched"]["failed"] == 0
    assert report["fetched"]["ok"] > 30, "nobody had asked for them"
    assert sum(report["fetched"].values()) == SOURCES + len(world.to_silence) + len(world.to_busy)
    asked = {path for path, _ in world.web.requests[before:]}
    assert not [url for url in world.ill if any(url.endswith(path) for path in asked)]


def test_whoever_is_well_again_is_read_and_nothing_was_lost(world: World) -> None:
    for url in (*world.ill, *world.to_busy):
        world.web.routes[urlsplit(url).path] = body(article(SOURCES))
    report = world.desk.json("run", "--refresh", expect=1)  # one does not speak TLS, and never will
    assert report["fetched"]["ok"] + report["fetched"]["unchanged"] == sum(report["fetched"].values()) - 1
    [never] = [url for url, source in world.sources().items() if not source["last_ok"]]
    assert never.startswith("https:")
    assert len(report["errors"]) == 1
