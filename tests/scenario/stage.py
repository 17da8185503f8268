"""Puts a written month on the counterparts: who did what, where and when, as each network and site tells it."""

import re
import tomllib
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from counterparts.desk import Desk
from counterparts.fake_bluesky_ids import POST, cid
from counterparts.fake_bluesky_view import uri
from counterparts.fake_mastodon import TOKEN, MastodonWorld
from counterparts.fake_webmention_io import DOMAIN, FakeWebmentionIo
from counterparts.fake_webmention_io import TOKEN as KEY
from counterparts.fake_x import ME, SECRETS, FakeX
from mastodon_mock.db.models import Account
from scenario.worlds import NOW, News, OnMastodon, Sky, ago

SETTINGS = f"""
[me]
name = "Ada"
sites = ["https://{DOMAIN}"]

[ledger]
suggestions_per_day = 20

[plan]
first_run = 0
spread = false
min_gap = "0m"
stagger = "0m"
quiet = ""
jitter = "0m"
per_day = 100

[fetch]
check_links = false

"""
_MENTIONS = {
    "link": "mention-of",
    "pingback": "mention-of",
    "like": "like-of",
    "bookmark": "bookmark-of",
    "comment": "in-reply-to",
    "boost": "repost-of",
}


def month() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "month.toml").read_text("utf-8"))


class Stage(OnMastodon):
    """All counterparts, and the folder of the one whose month it is."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder, SETTINGS)
        self.fediverse, self.sky, self.x = MastodonWorld(folder), Sky(), FakeX()
        self.mentions, self.news = FakeWebmentionIo(), News()
        self.told = month()
        self.feeds: dict[str, list[str]] = {}
        self.rows = ["direction,kind,who,url,my_url,at"]
        self._accounts()
        self._mine()
        acts = [(act, person) for person in self.told["people"] for act in _each(person)]
        for act, person in sorted(acts, key=lambda each: -each[0][0]):
            self._happens(*act, person)
        self._write()

    def publish(self) -> None:
        """What is to wait for a comment comes out: what a feed held when it was first read would never be shared."""
        for site, items in self.feeds.items():
            self.desk.feed(_rss(site, items), f"{site}.xml")

    def close(self) -> None:
        for world in (self.fediverse, self.sky, self.x, self.mentions, self.news):
            world.close()

    # -- Ada

    def _accounts(self) -> None:
        desk = self.desk
        desk.add_account("pond", "memory", {}, {})
        desk.add_account("toots", "mastodon", {"server": self.fediverse.url}, {"token": TOKEN})
        sky = self.sky.login()
        desk.add_account("sky", "bluesky", dict(sky.options), dict(sky.secrets))
        desk.add_account("x", "x", {"server": self.x.url, "collect": True}, SECRETS)
        desk.add_account("mentions", "webmention.io", {"server": self.mentions.url, "domain": DOMAIN}, {"token": KEY})
        desk.add_account("news", "hackernews", {"server": self.news.url, "domain": DOMAIN}, {})

    def _mine(self) -> None:
        """What Ada wrote, by its number."""
        self.mine: dict[str, str] = {}
        with self.fediverse.app.state.session_factory() as session:
            self.people = {one.username: one.id for one in session.query(Account)}
        for number, days in enumerate(self.told["toots"], 1):
            self.mine[f"toot {number}"] = str(self._toot(self.people["alice"], f"Toot {number}", ago(days)))
        for number, days in enumerate(self.told["skies"], 1):
            rkey = f"3kmine{number:07}"
            self.sky.repo[POST][rkey] = {"$type": POST, "text": f"Sky {number}", "createdAt": ago(days).isoformat()}
            self.mine[f"sky {number}"] = rkey
        for number, days in enumerate(self.told["tweets"], 1):
            self.mine[f"tweet {number}"] = self.x.post(f"Tweet {number}", ME, at=ago(days))
        for number, days in enumerate(self.told["posts"], 1):
            self.mine[f"post {number}"] = f"https://{DOMAIN}/posts/{number}"
            self._article(DOMAIN, f"Post {number}", self.mine[f"post {number}"], days)

    # -- everybody else

    def _happens(self, days: float, network: str, who: str, does: str, to: str, person: dict[str, Any]) -> None:
        tell = {
            "mastodon": self._on_mastodon,
            "bluesky": self._on_bluesky,
            "x": self._on_x,
            "webmention": self._by_webmention,
            "bridgy": self._by_bridgy,
            "hackernews": self._on_news,
            "hand": self._by_hand,
            "feed": self._in_feed,
        }[network]
        tell(who, does, self.mine.get(to, ""), ago(days), person)

    def _on_bluesky(self, who: str, does: str, mine: str, at: datetime, person: dict[str, Any]) -> None:
        name = re.sub(r"\W", "", who)
        did, sky = f"did:plc:{name}", self.sky
        if did not in sky.profiles:
            born = ago(7 if person.get("young") else 900).isoformat().replace("+00:00", "Z")
            sky.profiles[did] = {"handle": who, "displayName": person.get("name", name), "createdAt": born}
            sky.profiles[did] |= {"postsCount": 0} if person.get("empty") else {}
            sky.at = ago(4)
            if not person.get("empty"):
                sky.write(f"What {name} thinks of gardens", who=name)
        if does == "echo":
            for number, days in enumerate(self.told["posts"], 1):
                link, sky.at = self.mine[f"post {number}"], ago(days) + timedelta(minutes=3)
                external = {"uri": link, "title": f"Post {number}", "description": ""}
                sky.write("New!", who=name, embed={"$type": "app.bsky.embed.external", "external": external})
            return
        sky.at = at
        subject = uri(POST, mine) if mine else ""
        if does == "mention":
            sky.notify("mention", name, text="@ada.test look at this")
            return
        post = {"uri": subject, "cid": cid(sky.repo[POST][mine])}
        record = {"boost": {"subject": post}, "quote": {"embed": {"$type": "app.bsky.embed.record", "record": post}}}
        kind = {"boost": "app.bsky.feed.repost", "quote": POST}[does]
        content = {"$type": kind, "createdAt": at.isoformat().replace("+00:00", "Z"), **record[does]}
        content |= {"text": "Read this"} if does == "quote" else {}
        sky.notify({"boost": "repost"}.get(does, does), name, subject=subject, record=content)

    def _on_x(self, who: str, does: str, mine: str, at: datetime, _person: dict[str, Any]) -> None:
        names = {user["username"]: key for key, user in self.x.users.items()}
        them = names.get(who) or self.x.user(who)
        if does == "quote":
            self.x.post("Read this", them, at=at, quote=mine)
        elif does == "reply":
            self.x.post("@ada indeed", them, at=at, reply_to=mine)
        else:
            self.x.post("Look at this, @ada", them, at=at)

    def _by_webmention(self, who: str, does: str, mine: str, at: datetime, _person: dict[str, Any]) -> None:
        when, prop = at.isoformat(), _MENTIONS[does]
        more = {"wm_protocol": "pingback"} if does == "pingback" else {}
        self.mentions.add(f"https://{who}/on-ada", prop, published=when, wm_target=mine, **{prop: mine}, **more)

    def _by_bridgy(self, who: str, _does: str, mine: str, at: datetime, _person: dict[str, Any]) -> None:
        """Bridgy tells a site of what was done to the toot that leads there."""
        name, _, domain = who.partition("@")
        toot = f"https://mock.local/@alice/{mine}"  # as the mock calls itself, whatever its port
        page = self.mine["post 1"]
        self.mentions.add(
            f"https://brid.gy/repost/mastodon/@alice@127.0.0.1/{mine}/{self.people[who]}",
            "repost-of",
            url=f"{toot}#reblogged-by-{self.people[who]}",
            published=at.isoformat(),
            author={"type": "card", "name": name, "url": f"https://{domain}/@{name}"},
            wm_target=page,
        )

    def _on_news(self, who: str, _does: str, mine: str, at: datetime, _person: dict[str, Any]) -> None:
        self.news.at = at
        self.news.submit(mine, author=who)

    def _by_hand(self, who: str, does: str, mine: str, at: datetime, _person: dict[str, Any]) -> None:
        theirs = f"https://{who}/page"
        row = ["given", "share", who, theirs, ""] if "by me" in does else ["received", does, who, theirs, mine]
        self.rows.append(",".join([*row, at.isoformat()]))

    def _in_feed(self, who: str, _does: str, mine: str, at: datetime, person: dict[str, Any]) -> None:
        """Their latest article; one that links is as old as the link."""
        days = (NOW - at) / timedelta(days=1)
        body = f'<a href="{mine}">there</a>' if mine else ""
        self._article(who, person["title"], f"https://{who}/latest", days, body)

    def _article(self, site: str, title: str, link: str, days: float, body: str = "") -> None:
        text = "What a winter pruning teaches about deleting code. " * 12 + body
        self.feeds.setdefault(site, []).append(
            f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{format_datetime(ago(days))}</pubDate><description><![CDATA[{text}]]></description></item>"
        )

    def _write(self) -> None:
        """The feeds, their subscriptions, and what was noted by hand."""
        first = {act[2] for person in self.told["people"] if person.get("comment_first") for act in person["acts"]}
        for site, items in self.feeds.items():
            self.desk.feed(_rss(site, [] if site in first else items), f"{site}.xml")
            kind = "own" if site == DOMAIN else "curated"
            waits = "comment_first = true\n" if site in first else ""
            self.desk.add(f'[[sources]]\nkind = "{kind}"\nfeed = "{site}.xml"\n{waits}\n')
        (self.desk.folder / "by-hand.csv").write_text("\n".join(self.rows), encoding="utf-8")


def _rss(site: str, items: Iterable[str]) -> str:
    about = f"<title>{site}</title><link>https://{site}/</link>"
    return f'<rss version="2.0"><channel>{about}{"".join(items)}</channel></rss>'


def _each(person: dict[str, Any]) -> list[list[Any]]:
    """The acts of a person, or of as many as look like them, minutes apart."""
    [first, *_] = person["acts"]
    many = range(person.get("burst", 1))
    if len(many) == 1:
        return list(person["acts"])
    return [[first[0] - n / 1440, first[1], f"{first[2][:-1]}{n}", *first[3:]] for n in many]
