"""Whatever it is given, a plan breaks no promise: caps, gaps, quiet hours, budgets, once per article, and so on."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from pieces import LONDON, NOON, article, channel, judgement, note

from platforms.base import Limits
from syndicator.articles import Article
from syndicator.judging.base import Judgement
from syndicator.mix import MIX_WINDOW
from syndicator.plan import Channel, Past, Plan, Planned, plan
from syndicator.settings import Mix
from syndicator.settings import Plan as Pacing
from syndicator.slots import slots_of
from syndicator.sources.base import Source
from syndicator.times import Clock, Quiet, Span

DAY = timedelta(days=1)
PAID = Limits(length=280, count="x", source="", read_on="", price_usd=0.015, price_with_url_usd=0.2)
ZONES = ["UTC", "Europe/London", "America/Havana", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
#: Around changes of the clock in those zones, and on an ordinary day.
STARTS = [
    datetime(2026, 10, 24, tzinfo=UTC),
    datetime(2026, 3, 28, tzinfo=UTC),
    datetime(2026, 3, 7, tzinfo=UTC),
    datetime(2026, 10, 31, tzinfo=UTC),
    datetime(2026, 4, 4, tzinfo=UTC),
    datetime(2026, 6, 15, tzinfo=UTC),
]


def from_feed(article: Article) -> Source:
    """Every article counts for the feed it was seen in; one post a day may come from the chatty one."""
    return Source(article.source, article.kind, per_day=1 if "chatty" in article.source else None)


pacings = st.builds(
    Pacing,
    per_day=st.integers(0, 12),
    min_gap=st.integers(0, 600).map(lambda n: Span(minutes=n)),
    quiet=st.one_of(
        st.just(Quiet("")),
        st.builds(
            lambda a, b: Quiet(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}"), *[st.integers(0, 1439)] * 2
        ),
    ),
    slots=st.lists(st.integers(0, 1439).map(lambda n: Clock(f"{n // 60:02}:{n % 60:02}")), max_size=5).map(tuple),
    spread=st.booleans(),
    jitter=st.integers(0, 90).map(lambda n: Span(minutes=n)),
    mix=st.builds(Mix, own=st.sampled_from([0, 0.2, 1]), curated=st.sampled_from([0.5, 1]), notes=st.floats(0, 1)),
    max_age=st.integers(0, 20).map(lambda n: Span(days=n)),
    grace=st.integers(0, 200).map(lambda n: Span(minutes=n)),
    author_gap=st.integers(0, 5).map(lambda n: Span(days=n)),
    note_gap=st.integers(0, 30).map(lambda n: Span(days=n)),
    stagger=st.integers(0, 120).map(lambda n: Span(minutes=n)),
)
FEEDS = [*(f"https://p{n}.example/feed" for n in range(4)), "https://chatty.example/feed"]


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Channel], dict[str, list[Judgement]], list[Past], datetime, ZoneInfo]:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    now = draw(st.sampled_from(STARTS)) + timedelta(minutes=draw(st.integers(0, 3 * 1440)))
    random = Random(draw(st.integers(0, 10**6)))
    found = []
    for n in range(draw(st.integers(0, 25))):
        kind = random.choice(["own", "curated", "curated", "notes"])
        # Mine is mostly on my site, and now and then on somebody's.
        who = "me.example" if kind == "own" and random.random() < 0.6 else f"p{random.randint(0, 9)}.example"
        when = now - timedelta(minutes=random.choice([-30, 0, 5, 60, 600, 6000, 20000]))
        feed = random.choice(FEEDS)
        about = (
            note(str(n)) if kind == "notes" else article(f"https://{who}/{n}", kind=kind, published=when, source=feed)
        )
        found.append(judgement(about, round(random.random(), 2), random.choice(["", "", "", "below min_score"])))
    channels = [
        channel(f"acct{n}", draw(pacings), PAID, budget_usd=draw(st.sampled_from([None, 0.0, 0.5, 3.0])), held=held)
        for n, held in enumerate(draw(st.sampled_from([[], [""], ["", ""], ["", "refused"]])))
    ]
    past = [
        Past(
            random.choice(channels).name,
            random.choice(found).article.url if found and random.random() < 0.4 else f"https://gone.example/{n}",
            random.choice(["own", "curated", "notes"]),
            f"p{random.randint(0, 9)}.example",
            now + timedelta(minutes=random.randint(-8000, 900)),
            live=random.random() < 0.8,
            source=random.choice(FEEDS),
            due=random.random() < 0.2,
            returns=random.random() < 0.5,
        )
        for n in range(draw(st.integers(0, 12)) if channels else 0)
    ]
    return channels, {each.name: found for each in channels}, past, now, zone


def breaches(
    channel: Channel, made: Plan, past: Sequence[Past], now: datetime, zone: ZoneInfo, horizon: timedelta = DAY
) -> list[str]:
    """Every promise that a plan breaks on one account."""
    mine = [each for each in made.planned if each.account == channel.name]
    past = [replace(each, when=max(each.when, now)) if each.due else each for each in past]
    before = [each for each in past if each.account == channel.name]
    found = wrong_times(channel.pacing, mine, before, zone) + wrong_articles(channel.pacing, mine, before)
    found += wrong_company(channel, made, past, zone)
    if any(not now <= each.when <= now + horizon for each in mine):
        found.append("outside the horizon")
    if mine and channel.held:
        found.append("held")
    if channel.budget_usd is not None and sum(each.price_usd for each in mine) > channel.budget_usd + 1e-9:
        found.append("over budget")
    return found


def wrong_times(pacing: Pacing, mine: Sequence[Planned], before: Sequence[Past], zone: ZoneInfo) -> list[str]:
    found = []
    taken = [each.when for each in mine] + [each.when for each in before if each.live]
    per_day = Counter(when.astimezone(zone).date() for when in taken)
    for each in mine:
        local = each.when.astimezone(zone)
        if per_day[local.date()] > pacing.per_day:
            found.append(f"{per_day[local.date()]} on {local.date()}")
        if pacing.quiet.covers(local):
            found.append(f"quiet at {local}")
        if any(abs(each.when - when) < pacing.min_gap for when in taken if when is not each.when):
            found.append(f"gap at {local}")
    return found


def wrong_company(channel: Channel, made: Plan, past: Sequence[Past], zone: ZoneInfo) -> list[str]:
    """What is beside the same link elsewhere, or one too many of its source."""
    found = []
    others = [(each.article.url, each.when) for each in made.planned if each.account < channel.name]
    others += [(each.article, each.when) for each in past if each.live and each.account != channel.name]
    distance = channel.pacing.stagger
    mine = [each for each in made.planned if each.account == channel.name]
    of_source = Counter((each.source, each.when.astimezone(zone).date()) for each in mine)
    of_source.update(
        (each.source, each.when.astimezone(zone).date()) for each in past if each.live and each.account == channel.name
    )
    for each in mine:
        if any(url == each.article.url and abs(when - each.when) < distance for url, when in others):
            found.append(f"{each.article.url} in company")
        if "chatty" in each.source and of_source[each.source, each.when.astimezone(zone).date()] > 1:
            found.append(f"{each.source} again")
    return found


def wrong_articles(pacing: Pacing, mine: Sequence[Planned], before: Sequence[Past]) -> list[str]:
    found = []
    used = Counter(each.article.url for each in mine) + Counter(
        {each.article for each in before if "://" in each.article}
    )
    for each in mine:
        about = each.article
        if each.judgement.rejected or not getattr(pacing.mix, about.kind):
            found.append(f"{about.url} should not be shared")
        if about.kind != "notes" and used[about.url] > 1:
            found.append(f"{about.url} again")
        if about.kind != "notes" and not pacing.grace <= each.when - about.dated <= pacing.max_age:
            found.append(f"{about.url} is too fresh or too old")
        if about.kind == "notes" and any(each.when - when < pacing.note_gap for when in uses(each, mine, before)):
            found.append(f"{about.url} has not rested")
        if about.kind == "curated" and any(
            abs(each.when - when) < pacing.author_gap for when in seen(each, mine, before)
        ):
            found.append(f"{about.site} twice")
    return found


def third_returns(mine: Sequence[Planned], before: Sequence[Past], owed: Collection[str]) -> list[str]:
    """Returns that the plan makes the third in a row; three in a row that were there before are none of its doing."""
    shares = [(each.when, each.returns, False) for each in before if each.live and each.kind == "curated"]
    shares += [(each.when, each.article.site in owed, True) for each in mine if each.article.kind == "curated"]
    shares.sort(key=lambda share: share[0])
    runs = (shares[start : start + 3] for start in range(len(shares) - 2))
    return [
        f"three returns around {run[1][0]}"
        for run in runs
        if all(returns for _, returns, _ in run) and any(planned for *_, planned in run)
    ]


def uses(note: Planned, mine: Sequence[Planned], before: Sequence[Past]) -> list[datetime]:
    """The times of a note before this one, and all that were there before the plan."""
    same = [each for each in mine if each is not note and each.article.url == note.article.url]
    planned = [each.when for each in same if each.when <= note.when]
    return planned + [each.when for each in before if each.article == note.article.url]


def seen(curated: Planned, mine: Sequence[Planned], before: Sequence[Past]) -> list[datetime]:
    """The posts to which a curated one owes the author gap: all of its site that were there when it got its time.

    Times are given away in their order, and my own posts are exempt: one may follow, at the same time or later.
    """
    site = curated.article.site
    planned = [
        each.when
        for each in mine
        if each is not curated
        and each.article.site == site
        and (each.article.kind == "curated" or each.when < curated.when)
    ]
    return planned + [each.when for each in before if each.live and each.site == site]


def wrong_slots(channel: Channel, made: Plan, past: Sequence[Past], zone: ZoneInfo) -> list[str]:
    """Posts for which their account has no slot, or one that another post uses."""
    pacing, found = channel.pacing, []
    if not (pacing.slots or pacing.spread):
        return []
    taken = [each.when for each in made.planned] + [each.when for each in past if each.live]
    for each in made.planned:
        today = each.when.astimezone(zone).date()
        slots = [slot for day in range(-2, 3) for slot in slots_of(pacing, zone, channel.name, today + day * DAY)]
        passed = [slot for slot in slots if slot <= each.when]
        coming = [slot for slot in slots if slot > each.when]
        if not passed or sum(passed[-1] <= when < coming[0] for when in taken) > 1:
            found.append(f"no slot of its own at {each.when}")
    return found


def wrong_notes(judged: Sequence[Judgement], made: Plan, before: Sequence[Past]) -> list[str]:
    """Notes that came before one that has rested longer."""
    never = datetime.min.replace(tzinfo=UTC)
    last = {each.article.url: never for each in judged if each.article.kind == "notes" and not each.rejected}
    for each in before:
        if each.article in last:
            last[each.article] = max(last[each.article], each.when)
    found = []
    for each in made.planned:
        if each.article.kind == "notes":
            used, last[each.article.url] = last[each.article.url], each.when
            found += [f"{each.article.url} before {url}" for url, other in last.items() if other < used]
    return found


def wrong_counts(made: Plan, past: Sequence[Past], now: datetime) -> list[str]:
    """What a plan says of the mix and is not so: the kinds of the last 50 posts before each."""
    kinds = [(max(each.when, now) if each.due else each.when, each.kind) for each in past if each.live]
    found = []
    for each in made.planned:
        recent = [kind for _, kind in sorted(kinds, key=lambda known: known[0])[-MIX_WINDOW:]]
        kind = each.article.kind
        if f"{kind} has {recent.count(kind)} of the last {len(recent)} posts" not in each.why[1]:
            found.append(f"{each.why[1]}: {recent}")
        kinds.append((each.when, kind))
    return found


@settings(max_examples=300)
@given(situations(), st.sampled_from([1, 1, 1, 8]))
def test_no_promise_is_broken(situation: tuple, days: int) -> None:
    channels, judged, past, now, zone = situation
    horizon = DAY * days
    found = plan(channels, judged, past, now=now, zone=zone, horizon=horizon, source_of=from_feed)
    assert {each.name: breaches(each, found, past, now, zone, horizon) for each in channels} == {
        each.name: [] for each in channels
    }
    if len(channels) == 1:  # where nobody makes a post wait, posts are picked in the order of their times
        settled = [replace(each, when=max(each.when, now)) if each.due else each for each in past]
        assert wrong_counts(found, past, now) == []
        assert wrong_slots(channels[0], found, settled, zone) == []
        assert wrong_notes(judged[channels[0].name], found, settled) == []


@given(situations(), st.frozensets(st.integers(0, 9)), st.sampled_from([1, 8]))
def test_one_share_in_three_goes_to_somebody_who_is_owed_nothing(
    situation: tuple, owing: frozenset[int], days: int
) -> None:
    channels, judged, past, now, zone = situation
    owed = {f"p{number}.example" for number in owing}
    found = plan(channels, judged, past, now=now, zone=zone, horizon=DAY * days, source_of=from_feed, owed=owed)
    settled = [replace(each, when=max(each.when, now)) if each.due else each for each in past]
    for each in channels:
        mine = [planned for planned in found.planned if planned.account == each.name]
        assert third_returns(mine, [post for post in settled if post.account == each.name], owed) == []


@given(situations())
def test_everything_is_planned_or_passed_over_with_a_reason_on_every_account(situation: tuple) -> None:
    channels, judged, past, now, zone = situation
    found = plan(channels, judged, past, now=now, zone=zone)
    told = {(each.account, each.article) for each in found.skipped if each.reason}
    planned = {(each.account, each.article.url) for each in found.planned}
    for name, candidates in judged.items():
        for each in candidates:
            url = each.article.url
            skipped = (name, url) in told or (None, url) in told
            assert skipped is not ((name, url) in planned)


@given(situations(), st.randoms(use_true_random=False))
def test_the_plan_depends_on_what_there_is_not_on_its_order(situation: tuple, random: Random) -> None:
    channels, judged, past, now, zone = situation
    one = plan(channels, judged, past, now=now, zone=zone)
    mixed = {name: random.sample(found, len(found)) for name, found in judged.items()}
    other = plan(channels, mixed, random.sample(past, len(past)), now=now, zone=zone)
    assert one.planned == other.planned
    assert set(one.skipped) == set(other.skipped)


def test_a_week_ahead_has_a_week_of_posts() -> None:
    many = [judgement(article(f"https://p{n}.example/a")) for n in range(60)]
    found = plan([channel(pacing=Pacing())], {"demo": many}, [], now=NOON, zone=LONDON, horizon=7 * DAY)
    assert len({each.when.date() for each in found.planned}) == 8
    assert breaches(channel(pacing=Pacing()), found, [], NOON, LONDON, 7 * DAY) == []
