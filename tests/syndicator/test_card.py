"""A card of who followed: what they say and write, bounded and harmless, and what gives pause."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from msgspec import structs
from pieces import NOON

from ledger.entry import Identity
from ledger.people import implicit
from platforms.abilities import Profile, TheirPost
from platforms.base import Actor, Login, PostRef
from platforms.errors import Unreachable
from platforms.memory import Memory
from syndicator.accounts import Account
from syndicator.card import card, signs
from syndicator.settings import AccountTable

BEA = Identity("memory", "bea")
FINE = Profile(
    Actor("bea", "bea"),
    "Writes of \x1b[31mmoss\n@everybody " + "x" * 900,
    links=("https://bea.example",),
    created=NOON - timedelta(days=400),
    posts=1200,
    followers=90,
    following=80,
)


@dataclass
class Pond(Memory):
    """The memory network with somebody to look up."""

    found: Profile | Unreachable | None

    def __post_init__(self) -> None:
        super().__init__(Login("pond"))

    def profile(self, handle: str) -> Profile | None:
        if isinstance(self.found, Unreachable):
            raise self.found
        return self.found

    def posts(self, handle: str) -> tuple[TheirPost, ...]:
        return tuple(TheirPost(PostRef(str(n), ""), NOON, f"On moss {n}") for n in range(5))


def lines(found: Profile | Unreachable | None, spam_signs: tuple[str, ...] = ()) -> list[str]:
    account = Account("pond", AccountTable(platform="memory"), Pond(found), "")
    return card(BEA, structs.replace(implicit(BEA), spam_signs=spam_signs), [account], NOON)


def test_it_tells_what_they_say_and_write_and_where_else_they_are() -> None:
    says, *rest = lines(FINE)
    assert says.startswith("says: Writes of [31mmoss @\u200beverybody xxx")
    assert len(says) < 320
    assert rest == [
        "1,200 posts, 90 followers, 80 followed, there since 28 Sep 2025",
        "link: https://bea.example",
        *(f"wrote: On moss {n}" for n in range(3)),
    ]


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({"created": NOON - timedelta(days=29)}, "the account is under 30 days old"),
        ({"posts": 0}, "it has no posts"),
        ({"following": 2001, "followers": 400}, "it follows 2,001 and 400 follow it"),
        ({"actor": Actor("bea", "bea", bot=True)}, "it is a bot"),
        ({"marks": ("spam",)}, "it is marked as spam"),
    ],
)
def test_what_gives_pause(changes: dict[str, object], sign: str) -> None:
    assert signs(FINE, NOON) == []
    assert signs(replace(FINE, **changes), NOON) == [sign]
    assert f"look twice: {sign}" in lines(replace(FINE, **changes))


def test_signs_seen_before_are_told_too() -> None:
    assert lines(FINE, ("churner",))[-1] == "look twice: churner"


def test_who_is_gone_or_can_not_be_asked_is_said() -> None:
    assert lines(None) == ["nobody has this handle any more"]
    assert lines(Unreachable("pond", "no answer")) == ["could not be asked: pond: no answer"]
    assert card(Identity("x", "bea"), implicit(BEA), [], NOON) == []
