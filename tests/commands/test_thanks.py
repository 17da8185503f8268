"""`ledger thanks`: who is named for what, and that hostile names are nothing but text."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import markdown
import pytest
from counterparts.desk import Desk, rss
from markdown_it import MarkdownIt

from ledger.book import Book
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.people import Person
from ledger.store.tiny import TinyStore
from syndicator.cli.fitted import cells

NOW = datetime.now(UTC)
EVIL = "<script>alert(1)</script>](javascript:alert(2)) [x](http://evil.example) **@all@pond.example**\x1b[31m"


def act(kind: Kind, who: Identity, days: float = 1, url: str = "", **more: bool) -> Entry:
    at = NOW - timedelta(days=days)
    return Entry(Direction.RECEIVED, kind, who, NOW, at, url, f"https://robin.example/{days}", **more)


def who(name: str) -> Identity:
    return Identity("mastodon", f"{name}@pond.example")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    book = Book(TinyStore(desk.folder / "data" / "ledger.jsonl"))
    kinds = {"mute": {"muted": True}, "out": {"opted_out": True}, "bot": {"automatic": True}, "evil": {}}
    spam = Person("s", "spam", (who("spam"),), spam_signs=("new", "loud"))
    named = [Person(name, EVIL if name == "evil" else name, (who(name),), **kind) for name, kind in kinds.items()]
    book.save_people(spam, Person("a", "Ada", (who("ada"), Identity("web", "ada.example"))), *named)
    book.append(act(Kind.BOOST, who(name)) for name in (*kinds, "spam"))
    book.append(
        [
            act(Kind.LINK, Identity("web", "ada.example"), url='https://ada.example/"><b>'),
            act(Kind.LINK, Identity("web", "ada.example"), 2, url="javascript:alert(1)"),
            act(Kind.LINK, who("bob"), 40, url="https://bob.example/1"),
            act(Kind.FOLLOW, who("cem"), 3),
            act(Kind.LIKE, who("dan"), secondhand=True),
            act(Kind.MENTION, who("fay"), url="https://pond.example/@fay/secret", private=True),
            act(Kind.LINK, Identity("web", "ada.example"), 3, url="https://ada.example/secret", private=True),
            Entry(Direction.GIVEN, Kind.BOOST, who("eve"), NOW, NOW),
        ]
    )
    return desk


def test_who_did_what_is_named_without_calling_them(desk: Desk) -> None:
    [links, boosts] = desk.json("ledger", "thanks")
    assert (links["kind"], boosts["kind"]) == ("link", "boost")
    [ada] = links["people"]
    assert (ada["person"], ada["times"], ada["handles"]) == ("Ada", 2, ["ada@pond.example", "ada.example"])
    assert [each["handles"] for each in boosts["people"]] == [["evil@pond.example"]]
    text = desk.run("ledger", "thanks").stdout
    assert "- Ada (ada@pond.example, ada.example), 2 times" in text
    assert "@ada@" not in text
    assert "bob.example" in desk.run("ledger", "thanks", "--since", (NOW - timedelta(days=60)).isoformat()).stdout
    assert "Nobody did" in desk.run("ledger", "thanks", "--since", NOW.isoformat()).stdout


@pytest.mark.parametrize("written", [("--format", "text"), ("--format", "markdown"), ("--format", "html"), ("--json",)])
def test_what_not_everybody_may_see_is_in_no_format(desk: Desk, written: tuple[str, ...]) -> None:
    said = desk.run("ledger", "thanks", *written).stdout
    assert "boost" in said
    assert "ada.example" in said
    for secret in ("secret", "fay", "mention", "3 times"):
        assert secret not in said


def test_one_act_told_by_two_doors_is_thanked_for_once(desk: Desk) -> None:
    book, at = Book(TinyStore(desk.folder / "data" / "ledger.jsonl")), NOW - timedelta(days=2)
    page, mine = "https://gil.example/post", "https://robin.example/a"
    told = Entry(Direction.RECEIVED, Kind.LINK, Identity("web", "gil.example"), NOW, at, page, mine, "feed")
    again = Entry(Direction.RECEIVED, Kind.LINK, told.identity, NOW, at, page, mine, "webmention.io", "7")
    book.append([told, again])
    [links, _] = desk.json("ledger", "thanks")
    assert {each["person"]: each["times"] for each in links["people"]} == {"Ada": 2, "gil.example": 1}


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_hostile_names_and_addresses_are_text_in_html_and_markdown(desk: Desk) -> None:
    page = desk.folder / "thanks.html"
    desk.run("ledger", "thanks", "--format", "html", "--out", page)
    html = page.read_text("utf-8")
    tags = Tags(html).seen
    assert {tag for tag, _ in tags} == {"h2", "h3", "ul", "li", "a", "bdi"}
    assert all(set(attrs) <= {"href"} for _, attrs in tags)
    assert all((attrs.get("href") or "https://").startswith("https://") for _, attrs in tags)
    assert "\x1b" not in html
    said = desk.run("ledger", "thanks", "--format", "markdown").stdout
    assert "\\<script\\>" in said
    assert "](javascript" not in said
    assert "](http://evil" not in said
    assert "**" not in said
    assert "(<https://ada.example/%22%3E%3Cb%3E>)" in said or "(<https://ada.example/>)" in said


ODD = [
    "山田太郎" * 12,
    "عبد الله محمد " * 8,
    "Ada\n- Eve, 9 times",
    "@all@pond.example",
    "<!--",
    "`x` <b>&amp;</b>",
    "‮evil",
]


@pytest.fixture
def odd(tmp_path: Path) -> Desk:
    """People of many scripts and with names that want to be more than names."""
    desk = Desk(tmp_path)
    book = Book(TinyStore(desk.folder / "data" / "ledger.jsonl"))
    book.save_people(*(Person(str(n), name, (who(f"p{n}"),)) for n, name in enumerate(ODD)))
    book.append(act(Kind.BOOST, who(f"p{n}")) for n in range(len(ODD)))
    return desk


def test_names_of_any_script_fit_eighty_columns_and_stay_on_their_line(odd: Desk) -> None:
    lines = odd.run("ledger", "thanks").stdout.splitlines()
    assert max(map(cells, lines)) <= 80
    assert sum(line.startswith("- ") for line in lines) == len(ODD)
    assert any("山田太郎" in line for line in lines)


def test_no_name_acts_in_any_format(odd: Desk) -> None:
    text = odd.run("ledger", "thanks").stdout
    assert "@all@" not in text
    assert "\u202e" not in text
    said = odd.run("ledger", "thanks", "--format", "markdown").stdout
    page = markdown.markdown(said)
    assert {tag for tag, _ in Tags(page).seen} == {"h1", "h2", "ul", "li", "a"}
    assert {tag for tag, _ in Tags(MarkdownIt("commonmark").render(said)).seen} == {"h1", "h2", "ul", "li", "a"}
    html = odd.run("ledger", "thanks", "--format", "html").stdout
    assert {tag for tag, _ in Tags(html).seen} == {"h2", "h3", "ul", "li", "a", "bdi"}
    assert "@all@" not in said + html


def with_account(desk: Desk) -> Desk:
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    return desk


def test_without_an_account_posts_are_only_shown(desk: Desk) -> None:
    done = with_account(desk).run("ledger", "thanks", "--friday")
    assert "│ #FollowFriday Ada, who linked to my pages 2 times." in done.stdout
    assert "not queued; with --to ACCOUNT" in done.stderr
    assert desk.json("queue") == []


def test_with_one_they_wait_in_the_queue_for_approval_once(desk: Desk) -> None:
    shown = with_account(desk).json("ledger", "thanks", "--friday", "--to", "pond", "--limit", 1)
    [post] = desk.json("queue")
    assert [post["id"]] == [each["id"] for each in shown]
    assert (post["state"], post["account"]) == ("awaiting", "pond")
    [another] = desk.json("ledger", "thanks", "--friday", "--to", "pond")
    assert another["text"] != post["text"]
    assert "nobody to thank" in desk.run("ledger", "thanks", "--friday", "--to", "pond").stderr


def test_a_thank_you_goes_through_the_queue_as_well(desk: Desk) -> None:
    done = with_account(desk).run("ledger", "thanks", "--to", "pond")
    assert "│ You linked to my pages: Ada" in done.stdout
    assert "1 post in the queue" in done.stderr
    [post] = desk.json("queue")
    assert (post["state"], post["names"]) == ("awaiting", [])
    desk.run("queue", "approve", post["id"])
    desk.feed(rss())
    desk.run("run")
    desk.run("run")
    entries = Book(TinyStore(desk.folder / "data" / "ledger.jsonl")).entries()
    given = [(entry.kind, entry.identity.handle) for entry in entries if entry.direction is Direction.GIVEN]
    assert sorted(given)[1:] == [("thank", "ada.example"), ("thank", "evil@pond.example")]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--friday", "--format", "html"), "--format and --out are for the text"),
        (("--to", "nobody"), "no account 'nobody'"),
        (("--friday", "--limit", "0"), "--limit"),
    ],
)
def test_wrong_use_is_told(desk: Desk, words: tuple[str, ...], says: str) -> None:
    assert says in with_account(desk).run("ledger", "thanks", *words, expect=2).stderr


def test_a_plan_shows_what_waits(desk: Desk) -> None:
    with_account(desk).run("ledger", "thanks", "--friday", "--to", "pond", "--limit", 1)
    desk.feed(rss())
    [planned] = desk.json("plan")["planned"]
    assert planned["text"].startswith("#FollowFriday Ada")
    assert "#FollowFriday Ada" in desk.run("plan").stdout
