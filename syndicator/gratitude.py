"""The words of public thanks: a follow-friday post for one person, a thank-you cut into posts. Pure.

Strangers' names and titles are made neutral: they call nobody, link nowhere and file nothing under a tag. Who is called
all the same, and where a post leads, is for `thanking` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ledger.entry import Entry, Identity, Kind
from ledger.people import Person
from ledger.thanks import Group, Praise, Thanked
from platforms import text

#: What somebody did, as the end of a sentence about them.
DID = {
    Kind.LINK: "linked to my pages",
    Kind.RECOMMEND: "recommended me",
    Kind.SUBMIT: "submitted my pages",
    Kind.SHARE: "shared my links",
    Kind.QUOTE: "quoted me",
    Kind.BOOST: "boosted my posts",
    Kind.COMMENT: "commented",
    Kind.REPLY: "replied",
    Kind.MENTION: "mentioned me",
    Kind.BOOKMARK: "bookmarked my pages",
    Kind.LIKE: "liked my posts",
    Kind.FOLLOW: "followed me",
    Kind.THANK: "thanked me",
}
#: Too many, and too little each, to be named one by one in posts.
_NOT_IN_POSTS = frozenset({Kind.LIKE, Kind.FOLLOW, Kind.THANK})
#: Graphemes of a name and of a title; what is longer is cut.
_NAME, _TITLE = 50, 80
_REASONS = 2
#: The channels whose note of a link is the title of the page that has it. By hand and from files it is anything.
_TITLED = frozenset({"feed"})

Fits = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Part:
    """One post of a thank-you, and who is thanked in it."""

    text: str
    people: tuple[Identity, ...]


def friday(praise: Praise) -> tuple[str, ...]:
    """What can be said to recommend one person, from the fullest to the shortest."""
    name, reasons = shown(praise.person), praise.reasons
    full = [_reason(kind, done, titled=True) for kind, done in reasons[:_REASONS]]
    bare = [_reason(kind, done, titled=False) for kind, done in reasons[:_REASONS]]
    ends = (" and ".join(full), full[0], bare[0])
    return tuple(dict.fromkeys(f"#FollowFriday {name}, who {end}." for end in ends))


def thank_you(groups: Sequence[Group], fits: Fits) -> Iterator[Part]:
    """A thank-you in as few posts as it takes, each whole by itself. Everybody is in it once, for what tells most.

    Left out are likes and follows, and whom not even a post of their own fits.
    """
    named: set[str] = set()
    said, people, head = "", list[Identity](), ""
    for group in groups:
        if group.kind in _NOT_IN_POSTS:
            continue
        for each in group.people:
            if each.person.id in named:
                continue
            named.add(each.person.id)
            start = f"You {DID[group.kind]}: "
            name = shown(each.person)
            longer = f"{said}, {name}" if head == start else f"{said}\n{start}{name}"
            alone = f"Thank you!\n{start}{name}"
            if said and not fits(longer):
                yield Part(said, tuple(people))
                said, people = "", []
            new = longer if said else alone
            if fits(new):
                said, head = new, start
                people.append(each.latest.identity)
    if said:
        yield Part(said, tuple(people))


def shown(person: Person) -> str:
    """A person's name, or their handle where they have none, as nothing but words."""
    named = text.neutral(person.name.lstrip("@＠ ")) if person.has_name else ""
    return _cut(named, _NAME) or _cut(text.neutral(person.identities[0].handle), _NAME)


def _reason(kind: Kind, done: Thanked, *, titled: bool) -> str:
    title = text.neutral(_title(done.latest)) if kind is Kind.LINK and titled else ""
    times = f" {done.times} times" if done.times > 1 else ""
    lately = ", lately" if done.times > 1 else ""
    return f"{DID[kind]}{times}" + (f"{lately} in “{_cut(title, _TITLE)}”" if title else "")


def _title(link: Entry) -> str:
    """The title of the page that has a link; "" where the note may be its owner's own, which is for no other eyes."""
    return link.note if link.channel in _TITLED else ""


def _cut(words: str, longest: int) -> str:
    return text.shorten(words, lambda shorter: text.graphemes(shorter) <= longest)
