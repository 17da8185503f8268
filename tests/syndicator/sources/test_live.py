"""A blogroll from one look to the next: what changed, and which looks are not to be believed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.sources import opml
from syndicator.sources.blogroll import Subscription
from syndicator.sources.live import Change, Moved, Renamed, compare, doubt

ADA = Subscription("https://ada.example/feed", "Ada", "https://ada.example/", tags=("python",), folders=("News",))
BOB = Subscription("https://bob.example/rss", "Bob", "https://bob.example/")


def feed(url: str, title: str = "", site: str = "", **more: tuple[str, ...]) -> Subscription:
    return Subscription(url, title, site, **more)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ([ADA, BOB], [BOB, ADA], Change()),
        ([ADA], [ADA, BOB], Change(added=(BOB.url,))),
        ([ADA, BOB], [ADA], Change(gone=(BOB.url,))),
        ([feed("u", "Bob")], [feed("u", "Bobby")], Change(renamed=(Renamed("u", "Bob", "Bobby"),))),
        (
            [feed("u", "Bob", folders=("A",))],
            [feed("u", "Bob", folders=("A", "B"))],
            Change(renamed=(Renamed("u", "A / Bob", "A / B / Bob"),)),
        ),
        (
            [feed("u", "Bob", tags=("x",))],
            [feed("u", "Bob", tags=("x", "y"))],
            Change(renamed=(Renamed("u", "Bob [x]", "Bob [x, y]"),)),
        ),
        ([feed("u", tags=("x", "y"))], [feed("u", tags=("y", "x"))], Change()),
        ([feed("u", site="https://a.example")], [feed("u", site="https://b.example")], Change()),
    ],
    ids=["order", "added", "gone", "title", "folder", "tags", "order of tags", "site"],
)
def test_what_changed(before: list[Subscription], after: list[Subscription], change: Change) -> None:
    assert compare(before, after) == change
    assert bool(change) is (change != Change())


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (feed("http://ada.example/feed"), feed("https://www.ada.example/feed/")),
        (feed("https://ada.example/rss", "Ada", "https://ada.example/"), feed("https://f.example/1", "A", ADA.site)),
        (feed("https://ada.example/rss", "Ada"), feed("https://new.example/rss", "ADA")),
        (feed("https://ada.example/rss", "Ada", "https://ada.example/"), feed("https://new.example/rss", "Ada")),
        (
            feed("https://ada.example/rss", "Ada", "https://ada.example/"),
            feed("https://f.example/1", "Ada", "https://www.ada.example/blog/"),
        ),
    ],
    ids=["https and www", "same site", "same title", "same title, site unsaid", "same title, other page of the site"],
)
def test_a_feed_that_has_another_address_moved(was: Subscription, now: Subscription) -> None:
    assert compare([BOB, was], [now, BOB]) == Change(moved=(Moved(was.url, now.url),))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            [
                feed("https://v.example/1", "One", "https://v.example/"),
                feed("https://v.example/2", "", "https://v.example/"),
            ],
            [
                feed("https://v.example/3", "Three", "https://v.example/"),
                feed("https://v.example/2", "", "https://v.example/"),
            ],
        ),
        (
            [feed("https://a.example/f", "Blog")],
            [feed("https://b.example/f", "Blog"), feed("https://c.example/f", "Blog")],
        ),
        (
            [feed("https://a.example/f", "Blog", "https://a.example/")],
            [feed("https://b.example/f", "Blog", "https://b.example/")],
        ),
        ([feed("https://a.example/f")], [feed("https://b.example/f")]),
    ],
    ids=["one of many on a site", "a title that two have", "a title on two sites", "nothing in common"],
)
def test_what_others_have_in_common_too_is_no_sign_of_a_move(
    before: list[Subscription], after: list[Subscription]
) -> None:
    change = compare(before, after)
    assert change.moved == ()
    assert len(change.gone) == 1
    assert change.added


many = st.lists(
    st.builds(
        Subscription,
        st.integers(0, 20).map("https://{}.example/f".format),
        st.sampled_from(["", "A", "B"]),
        st.integers(0, 5).map("https://{}.example/".format),
    ),
    unique_by=lambda each: each.url,
)


@given(many, many)
def test_every_feed_is_accounted_for_once(before: list[Subscription], after: list[Subscription]) -> None:
    change = compare(before, after)
    old, new = {each.url for each in before}, {each.url for each in after}
    left, came = [each.before for each in change.moved], [each.after for each in change.moved]
    assert sorted([*change.gone, *left]) == sorted(old - new)
    assert sorted([*change.added, *came]) == sorted(new - old)
    assert {each.url for each in change.renamed} <= old & new
    assert compare(after, after) == Change()


def test_fifty_thousand_feeds_that_all_moved_take_no_time() -> None:
    before = [feed(f"http://{n}.example/f", str(n)) for n in range(50_000)]
    after = [feed(f"https://{n}.example/f", str(n)) for n in range(50_000)]
    start = time.process_time()
    assert len(compare(before, after).moved) == 50_000
    assert time.process_time() - start < 30


def rolled(feeds: int, *, end: str = "</body></opml>", junk: str = "") -> opml.Blogroll:
    lines = "".join(f'<outline xmlUrl="https://{n}.example/f"/>' for n in range(feeds))
    return opml.read(f"<opml><body>{junk}{lines}{end}".encode())


TWENTY = rolled(20).sources
BARE = '<outline text="Q & A"/>'


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (rolled(20), ""),
        (rolled(1), ""),
        (rolled(19, junk=BARE), ""),
        (rolled(11, junk=BARE), ""),
        (rolled(9, junk=BARE), "lacks 11 of 20 feeds and is malformed: line 1, column 31: not well-formed"),
        (rolled(20, end="<outline xmlUrl="), ""),
        (rolled(19, end="<outline xmlUrl="), "breaks off: line 1, column "),
        (rolled(0), "names no feeds any more"),
        (opml.read(b""), "line 1: holds no outlines: is it OPML?"),
        (opml.read(b"<html><body>Moved!</body></html>"), "line 1: holds no outlines: is it OPML?"),
    ],
)
def test_which_answers_are_doubted(found: opml.Blogroll, reason: str) -> None:
    told = doubt(TWENTY, found, on_web=True)
    assert told.startswith(reason)
    assert bool(told) is bool(reason)
    assert doubt((), found, on_web=True) == "", "at first sight there is nothing to compare with"


def test_a_file_may_be_emptied_by_its_owner_but_not_by_a_crash() -> None:
    assert doubt(TWENTY, rolled(0), on_web=False) == ""
    assert doubt(TWENTY, opml.read(b""), on_web=False)


def test_few_feeds_may_go_from_a_malformed_list() -> None:
    assert doubt(rolled(9).sources, rolled(1, junk=BARE), on_web=True) == ""
