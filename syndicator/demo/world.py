"""The stage: a folder with settings, feeds and a pretended network, in which the story happens as time goes by.

Everything that acts here is what acts elsewhere: runs are `run.run` on a `Workspace` whose clock is moved. Only the
blogs (files) and the people (acts on the memory network, in its file) are played.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from platforms import memory_world
from platforms.abilities import TheirPost
from platforms.base import Actor, Interaction, PostRef
from syndicator.demo.story import DAYS, OWNER, Act, Story, Written, read
from syndicator.settings import load
from syndicator.starter import SETTINGS, config_folder
from syndicator.workspace import Workspace

#: The account on the pretended network, as the settings call it.
POND = "pond"
_FILES = (SETTINGS, "blogroll.opml", "notes.txt")
_DAY = timedelta(days=1)


class World:
    """One folder of it, at one time, which only goes forward. `today` is the day after the last one of the story."""

    def __init__(self, folder: Path, today: datetime) -> None:
        data = config_folder() / "demo"
        self.folder = folder
        self.settings = folder / SETTINGS
        self.story: Story = read((data / "story.toml").read_text("utf-8"))
        self._dawn = today.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - (DAYS + 2) * _DAY
        self._now = self._dawn
        self._to_come = self.story.events()
        self._written: list[Written] = []
        (folder / "feeds").mkdir(parents=True, exist_ok=True)
        for name in _FILES:
            (folder / name).write_bytes((data / name).read_bytes())
        self.pond = folder / "data" / f"{POND}.jsonl"
        self._network = memory_world.world(POND, str(self.pond))

    def clock(self) -> datetime:
        """What time it is in this world."""
        return self._now

    def space(self) -> Workspace:
        """What a process finds that starts now."""
        return Workspace(load(self.settings), clock=self.clock)

    def time_of(self, when: timedelta) -> datetime:
        """A time of the story (since the dawn of its day 0) in this world's calendar."""
        return self._dawn + when

    def wait_until(self, when: timedelta) -> list[Written | Act]:
        """Let time pass until then in the story; gives what happened meanwhile."""
        self._now = self.time_of(when)
        happened = [event for event in self._to_come if event.at <= when]
        self._to_come = self._to_come[len(happened) :]
        news = [event for event in happened if isinstance(event, Written)]
        self._written += news
        self._publish({event.blog for event in news})
        for event in happened:
            if isinstance(event, Act):
                self._act(event, self.time_of(event.at))
        return happened

    # --- The blogs

    def _publish(self, blogs: Iterable[str]) -> None:
        """Write the feeds of these blogs anew, with all that they have published by now."""
        for name in blogs:
            items = (self._item(each) for each in reversed(self._written) if each.blog == name)
            head = f"<title>{escape(self.story.blogs[name].title)}</title><link>https://{name}.example/</link>"
            feed = f'<rss version="2.0"><channel>{head}\n{"".join(items)}</channel></rss>\n'
            (self.folder / "feeds" / f"{name}.xml").write_text(feed, encoding="utf-8")

    def _item(self, article: Written) -> str:
        author = self.story.blogs[article.blog].author
        return (
            f"<item><title>{escape(article.title)}</title><link>{article.url}</link>"
            f"<guid>{article.url}</guid><author>post@{article.blog}.example ({escape(author)})</author>"
            f"<pubDate>{format_datetime(self.time_of(article.at))}</pubDate>"
            f"<description>{escape(f'<p>{article.text}</p>')}</description></item>\n"
        )

    # --- The people

    def _act(self, act: Act, at: datetime) -> None:
        network = self._network
        if act.who == OWNER:
            network.record(
                "did", id=self._address(f"{OWNER}/{act.to}"), kind="follow", target=act.to, at=at.isoformat()
            )
        elif act.does == "unfollow":
            network.leave(act.who)
        elif act.does == "write":
            where = self._address(f"{act.who}/{act.page}")
            network.write(self._actor(act.who), TheirPost(PostRef(where, where), at, act.says, language="en"))
        else:
            network.interact(self._interaction(act, at))

    def _interaction(self, act: Act, at: datetime) -> Interaction:
        where = self._address(f"{act.who}/{act.does}-{act.to or 'of-robin'}")
        to_page = act.does == "share"
        target = "" if not act.to else self.story.article(act.to).url if to_page else self._post_about(act.to)
        return Interaction(act.does, self._actor(act.who), where, where, target, at, act.says)

    def _post_about(self, page: str) -> str:
        """The address of Robin's own post on the network that is about a page."""
        url = self.story.article(page).url
        return next(self._address(str(post["id"])) for post in self._network.posts() if post["url"] == url)

    def _actor(self, who: str) -> Actor:
        person = self.story.people[who]
        if person.site:
            return Actor(person.site.removeprefix("https://"), who, person.site, person.name, network="web")
        return Actor(who, who, self._address(who), person.name)

    def _address(self, what: str) -> str:
        return f"memory://{POND}/{what}"
