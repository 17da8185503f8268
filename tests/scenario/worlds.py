"""The written month's networks where things happen at any time: Bluesky, Hacker News, and Mastodon's server."""

from datetime import UTC, datetime, timedelta
from typing import Any

from counterparts.fake_bluesky import FakeBluesky
from counterparts.fake_bluesky_ids import DID
from counterparts.fake_mastodon import MastodonWorld
from counterparts.fake_news import FakeHackerNews
from counterparts.json_server import Call
from mastodon_mock.db.models import Account, Notification, Relationship, Status

NOW = datetime.now(UTC).replace(microsecond=0)
LONG = "I read it twice. " + "What a walk through the canal teaches about gardens and code alike. " * 3
_NOTICES = {"boost": "reblog", "like": "favourite", "follow": "follow", "reply": "mention", "long reply": "mention"}


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


class Sky(FakeBluesky):
    """A Bluesky where things happen at any time, and where people have handles of their own."""

    at = NOW

    def _moment(self) -> str:
        self.at += timedelta(milliseconds=1)
        return self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _did_of(self, name: str) -> str:
        known = {profile["handle"]: did for did, profile in self.profiles.items()}
        return known.get(name) or super()._did_of(name)

    def _get_profile(self, call: Call) -> dict[str, Any]:
        """With the counts of those who have counts of their own."""
        profile = super()._get_profile(call)
        return profile | {name: own for name, own in self._person(profile["did"]).items() if name in profile}

    def _exists(self, did: str) -> bool:
        return did == DID or did in self.profiles


class News(FakeHackerNews):
    """A Hacker News where stories come at any time."""

    at = NOW

    @property
    def _at(self) -> datetime:
        return self.at


class OnMastodon:
    """The part of a stage that is played on a server of the fediverse."""

    fediverse: MastodonWorld
    people: dict[str, int]

    def follow(self, who: str) -> None:
        """Somebody of the fediverse follows Ada."""
        them, me = self._account(who, {}), self.people["alice"]
        with self.fediverse.app.state.session_factory() as session:
            for one, other, follows in ((them, me, True), (me, them, False)):
                edge = {"source_account_id": one, "target_account_id": other}
                session.add(Relationship(following=follows, followed_by=one == me, **edge))
            session.commit()

    def follow_back(self, who: str) -> None:
        """Ada follows them, too."""
        with self.fediverse.app.state.session_factory() as session:
            for edge in session.query(Relationship):
                if edge.source_account_id == self.people["alice"] and edge.target_account_id == self.people[who]:
                    edge.following = True
                elif edge.source_account_id == self.people[who]:
                    edge.followed_by = True
            session.commit()

    def unfollow(self, who: str) -> None:
        """They do not any more."""
        with self.fediverse.app.state.session_factory() as session:
            for edge in session.query(Relationship):
                if edge.source_account_id == self.people[who]:
                    edge.following = False
                elif edge.target_account_id == self.people[who]:
                    edge.followed_by = False
            session.commit()

    def _on_mastodon(self, who: str, does: str, mine: str, at: datetime, person: dict[str, Any]) -> None:
        them = self._account(who, person)
        if does == "is boosted by me":
            with self.fediverse.app.state.session_factory() as session:
                theirs = session.query(Status).filter_by(account_id=them).first().id
            self._toot(self.people["alice"], "", at, reblog_of_id=theirs)
            return
        about = int(mine) if mine else None
        if "reply" in does:
            about = self._toot(
                them, f"@alice {LONG if 'long' in does else 'Indeed!'}", at, in_reply_to_id=about,
                in_reply_to_account_id=self.people["alice"],
            )  # fmt: skip
        with self.fediverse.app.state.session_factory() as session:
            told = {"account_id": self.people["alice"], "from_account_id": them, "created_at": at}
            session.add(Notification(type=_NOTICES[does], status_id=about, **told))
            session.commit()

    def _account(self, who: str, person: dict[str, Any]) -> int:
        """Somebody on some server, who has written something."""
        if who not in self.people:
            name, _, domain = who.partition("@")
            with self.fediverse.app.state.session_factory() as session:
                account = Account(
                    username=name, domain=domain, display_name=person.get("name", ""), note=person.get("note", ""),
                    bot=person.get("bot", False), created_at=ago(3000),
                )  # fmt: skip
                session.add(account)
                session.commit()
                self.people[who] = account.id
            self._toot(self.people[who], f"What {name} thinks of gardens", ago(4))
        return self.people[who]

    def _toot(self, account: int, text: str, at: datetime, **more: Any) -> int:
        with self.fediverse.app.state.session_factory() as session:
            status = Status(account_id=account, content=f"<p>{text}</p>", text=text, created_at=at, **more)
            session.add(status)
            session.commit()
            return int(status.id)
