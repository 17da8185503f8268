"""Short ways to write favours in tests, told from a Monday noon that never moves."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.entry import Direction, Entry, Identity, Kind

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ADA = Identity("mastodon", "ada@example.social")
ADA_SITE = Identity("web", "ada.example")
BOB = Identity("mastodon", "bob@example.social")


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def received(kind: str, days: float, who: Identity = ADA, **more: object) -> Entry:
    return Entry(Direction.RECEIVED, Kind(kind), who, recorded=ago(days), at=ago(days), **more)


def given(kind: str, days: float, who: Identity = ADA, **more: object) -> Entry:
    return Entry(Direction.GIVEN, Kind(kind), who, recorded=ago(days), at=ago(days), **more)


@st.composite
def _one(draw: st.DrawFn, who: st.SearchStrategy[Identity]) -> Entry:
    at = ago(draw(st.integers(0, 900 * 24)) / 24)
    pages = st.sampled_from(["", "https://a.example/1", "https://a.example/2", "https://b.example/3"])
    return Entry(
        draw(st.sampled_from(Direction)),
        draw(st.sampled_from(Kind)),
        draw(who),
        recorded=at + timedelta(hours=draw(st.integers(0, 48))),
        at=draw(st.sampled_from([at, at, None])),
        url=draw(pages),
        my_url=draw(pages),
        channel=draw(st.sampled_from(["mastodon", "feed", "hand"])),
        native_id=draw(st.sampled_from(["", "1", "2", "3"])),
        trust=draw(st.sampled_from([1.0, 0.8, 0.3])),
        substantial=draw(st.booleans()),
        secondhand=draw(st.booleans()),
        private=draw(st.booleans()),
    )


def ledgers(*people: Identity) -> st.SearchStrategy[list[Entry]]:
    """Ledgers of a few people, each entry there once; some gifts name what they answer."""
    who = st.sampled_from(people or (ADA, ADA_SITE))

    @st.composite
    def ledger(draw: st.DrawFn) -> list[Entry]:
        entries = draw(st.lists(_one(who), max_size=25, unique_by=lambda entry: entry.key))
        named = []
        for entry in entries:
            if entry.direction is Direction.GIVEN and draw(st.booleans()):
                answer = draw(st.sampled_from(entries)).key
                named.append(replace(entry, in_return_for=answer))
            else:
                named.append(entry)
        return named

    return ledger()
