"""Days of one person's runs, one every half hour, in this process: real requests to sites on loopback, real stores.

Sites write in rhythms of their own, some all at once; sites, networks, the owner's line and the machine fail for hours
or days. Each run opens the state anew, as a new process would; only the networks are played (by the memory network, and
by one that takes money), and the clock is moved.
"""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from counterparts import page_server
from counterparts.feed_server import FeedServer, Handler
from small_world import Clock, Script, SmallWorld

from platforms.base import Actor, Interaction
from platforms.errors import RateLimited, Unreachable
from syndicator.outbox import Post
from syndicator.outcomes import Failed, Posted
from syndicator.report import Report
from syndicator.settings import Plan

ZONE = ZoneInfo("Europe/London")
#: The clock goes back on the 25th.
START = datetime(2026, 10, 21, tzinfo=UTC)
STEP, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)
RUNS = 5 * 48
WRITERS, VOICES = 30, 60  # sites with feeds of their own, and those who write in one feed together
NOTES = 40
CHATTY_PER_DAY = 1
BUDGET_USD = 2.0
#: What each account says of its pace; the rest is the starter's.
PACES: dict[str, dict[str, object]] = {
    "pond": {},
    "lake": {"slots": ["08:10", "11:00", "14:30", "17:45", "21:55"], "per_day": 5, "catch_up": "trickle"},
    "well": {"spread": False, "per_day": 4, "catch_up": "skip"},
}
WORDS = """apple bark canal dew elm fern gate hedge iris jay kiln loam moss nettle oak pear quince reed sage thistle urn
vine willow yew ash birch clover dill elder fig gorse heather ivy juniper kale larch mallow nut orchard plum rose sloe
thyme violet wren aster beech cedar daisy finch garlic hazel lark mint newt owl poppy robin swift tansy"""


@dataclass(frozen=True)
class Storm:
    """When something does not work; `who` is an account, a site's number, "line" or "machine"."""

    who: object
    since: datetime
    lasting: timedelta

    def rages(self, now: datetime) -> bool:
        return self.since <= now < self.since + self.lasting


OFF = [Storm("machine", START + 3 * DAY + 6 * HOUR, 20 * HOUR)]
SILENT = [Storm("pond", START + 1 * DAY, 20 * HOUR), Storm("lake", START + 4 * DAY + 9 * HOUR, 5 * HOUR)]
LIMITED = [Storm("well", START + 2 * DAY, 14 * HOUR)]
LINE = [Storm("line", START + 1 * DAY + 10 * HOUR, 5 * HOUR)]
ILL = [Storm(n, START + n * DAY, 36 * HOUR) for n in range(2, 5)]
#: On these runs the planet has forty new articles at once.
BURSTS = (20, 2 * 48 + 30, 4 * 48 + 10)


@dataclass
class Site:
    """Somebody who writes, and the feed of the last they wrote. On the web it is an address of loopback."""

    number: int
    every: timedelta
    entries: list[str] = field(default_factory=list)
    body: bytes = b""
    keeps: int = 10

    @property
    def host(self) -> str:
        return f"127.0.1.{self.number + 1}"

    def writes(self, *entries: str) -> None:
        self.entries = [*entries, *self.entries][: self.keeps]
        about = f"<title>Garden {self.number}</title><link>http://{self.host}/</link><description>d</description>"
        self.body = f'<rss version="2.0"><channel>{about}{"".join(self.entries)}</channel></rss>'.encode()


class Web:
    """All sites, on one server that goes by the address it is asked at."""

    def __init__(self, server: FeedServer, sites: Iterable[Site]) -> None:
        self.server, self.sites = server, {site.host: site for site in sites}
        self.ill: set[str] = set()
        self.is_cut = False
        self.answers = Counter[str]()
        server.routes["/feed.xml"] = self._feed

    def url(self, site: Site, path: str) -> str:
        return self.server.url(path, site.host)

    def entry(self, site: Site, path: str, title: str, now: datetime, source: str = "") -> str:
        """A new article with its page: an RSS item."""
        self.server.routes[path] = self._page
        body = f"A {title.lower()} {source}in the garden, and what it teaches about pruning old code. " * 12
        return (
            f"<item><title>{title}</title><link>{self.url(site, path)}</link><guid>{path}</guid>"
            f"<pubDate>{format_datetime(now)}</pubDate><description><![CDATA[{body}]]></description></item>"
        )

    def _feed(self, handler: Handler) -> None:
        site = self.sites[self._host(handler)]
        tag = f'"{sha256(site.body).hexdigest()[:16]}"'
        same = handler.headers.get("If-None-Match") == tag
        headers = {"ETag": tag, "Content-Type": "application/rss+xml"}
        self._answer(handler, 304 if same else 200, headers, b"" if same else site.body)

    def _page(self, handler: Handler) -> None:
        self._answer(handler, 200, {"Content-Type": page_server.HTML}, page_server.html(handler.path))

    def _answer(self, handler: Handler, code: int, headers: Mapping[str, str], body: bytes) -> None:
        if self.is_cut:
            handler.close_connection = True
        elif self._host(handler) in self.ill:
            handler.answer(503, {})
        else:
            self.answers["page" if "page" in headers else str(code)] += 1
            handler.answer(code, headers, body)

    def _host(self, handler: Handler) -> str:
        return str(handler.connection.getsockname()[0])


@dataclass(frozen=True)
class Sent:
    """One post as it went out."""

    at: datetime
    post: Post


class Days:
    """What was lived through. `sent` is in order; `happened` what others did, on each account."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, server: FeedServer) -> None:
        self.random, self.seconds = Random(7), 0.0
        me = Site(0, 12 * HOUR)
        self.chatty = Site(1, 6 * HOUR)
        self.planet = Site(2, 30 * DAY, keeps=40)
        rhythms = self.random.choices((2 * DAY, 4 * DAY, 6 * DAY, 9 * DAY), k=WRITERS)
        self.writers = [me, self.chatty, *(Site(3 + n, every) for n, every in enumerate(rhythms))]
        self.voices = [Site(100 + n, DAY) for n in range(VOICES)]
        self.web = Web(server, [*self.writers, self.planet, *self.voices])
        self.dates: dict[str, datetime] = {}
        self.world = SmallWorld(folder, monkeypatch)
        self.sent: list[Sent] = []
        self.reports: list[Report] = []
        self.happened = Counter[str]()
        self.scripts = self._set_up()

    def _set_up(self) -> dict[str, Script]:
        world, server = self.world, self.web.server
        me, chatty, *others = [*self.writers, self.planet]
        world.clock = Clock(START)
        world.me |= {"sites": [self.web.url(me, "/")], "timezone": str(ZONE), "language": "en"}
        world.plan = {"topics": ["garden", "pruning"], "min_score": 0.2, "max_age": "4d"}
        world.fetch = {"allow_private": ["127.0.0.0/8"]}
        world.sources += [
            {"kind": "own", "feed": self.web.url(me, "/feed.xml")},
            {"kind": "curated", "feed": self.web.url(chatty, "/feed.xml"), "per_day": CHATTY_PER_DAY},
            *({"kind": "curated", "feed": self.web.url(site, "/feed.xml")} for site in others),
        ]
        world.notes(*(f"{title} is worth a walk." for title in self._titles(NOTES)))
        for site in self.web.sites.values():
            site.writes()
        for site in self.writers:
            site.writes(*(self._article(site, f"/{site.number}-old{n}", START - site.every * n) for n in (1, 2, 3)))
        assert server.server_address[0] == "0.0.0.0", "it is to answer for all sites"
        prices = {"well": {"platform": "charging", "monthly_budget_usd": BUDGET_USD}}
        return {name: world.account(name, **prices.get(name, {}), **pace) for name, pace in PACES.items()}

    def pace(self, name: str) -> Plan:
        settings = self.world.settings()
        return settings.accounts[name].plan(settings.plan)

    def live(self) -> None:
        """Half hour by half hour. What is written while the machine is off is found when it is on again."""
        began = time.monotonic()
        for number in range(RUNS):
            self.world.clock.now = now = START + STEP * number + timedelta(seconds=self.random.randint(0, 50))
            self._write(number, now)
            if not any(storm.rages(now) for storm in OFF):
                self._weather(now)
                self._run(now)
        self.seconds = time.monotonic() - began

    def _write(self, number: int, now: datetime) -> None:
        for site in self.writers:
            if self.random.random() < STEP / site.every:
                site.writes(self._article(site, f"/{site.number}-{number}", now))
        if number in BURSTS:
            voices = self.random.sample(self.voices, 40)
            self.planet.writes(*(self._article(each, f"/{each.number}-{number}", now) for each in voices))

    def _article(self, site: Site, path: str, now: datetime) -> str:
        self.dates[self.web.url(site, path)] = now.replace(microsecond=0)
        return self.web.entry(site, path, self._titles(1)[0], now)

    def _titles(self, count: int) -> list[str]:
        return [" ".join(self.random.sample(WORDS.split(), 5)).capitalize() for _ in range(count)]

    def _weather(self, now: datetime) -> None:
        self.web.is_cut = any(storm.rages(now) for storm in LINE)
        self.web.ill = {self.writers[int(str(storm.who))].host for storm in ILL if storm.rages(now)}
        for name, script in self.scripts.items():
            silent = self.web.is_cut or any(storm.who == name and storm.rages(now) for storm in SILENT)
            busy = [storm.since + storm.lasting for storm in LIMITED if storm.who == name and storm.rages(now)]
            script.trouble = Unreachable(name, "no answer") if silent else None
            if busy:
                script.trouble = RateLimited(name, "slow down", retry_at=busy[0])

    def _run(self, now: datetime) -> None:
        if self.random.random() < 0.05:
            name = self.random.choice(list(PACES))
            self.happened[name] += 1
            self.world.happens(name, Interaction("like", Actor(f"fan{self.random.randint(0, 9)}"), id=str(now)))
        report = self.world.run()
        self.reports.append(report)
        self.sent += [Sent(now, each.post) for each in report.outcomes if isinstance(each, Posted)]

    @property
    def failed(self) -> int:
        return sum(isinstance(each, Failed) for report in self.reports for each in report.outcomes)
