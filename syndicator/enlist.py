"""A new account: what each network is in a line, what its settings need, and the table that comes of the answers. Pure.

Who asks, and how, is the caller's business; the login is `login`'s. Which networks exist,
`networks` knows: a test holds this list to it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from syndicator.settings import Settings


@dataclass(frozen=True, slots=True)
class Wish:
    """A key of an account that a new one is asked for. An answer may be left out unless it is `needed`."""

    key: str
    question: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A network as somebody sees it who has no account there yet; `posts` tells whether posts can go there."""

    platform: str
    line: str
    wishes: tuple[Wish, ...] = ()
    posts: bool = True


_DOMAIN = Wish("domain", "Your site's domain", needed=True)
OFFERS = (
    Offer(
        "mastodon",
        "any server that speaks Mastodon's API; the login is in your browser",
        (Wish("server", "Your server, e.g. mastodon.social", needed=True),),
    ),
    Offer(
        "bluesky",
        "Bluesky, or a server of your own; the login takes an app password",
        (
            Wish("handle", "Your handle, e.g. ada.bsky.social", needed=True),
            Wish("server", "Its server, unless that is Bluesky's own"),
        ),
    ),
    Offer(
        "x",
        "X, which charges for every post; the login takes the keys of an app of yours",
        (Wish("monthly_budget_usd", "The most it may cost in a month, in US dollars", needed=True),),
    ),
    Offer(
        "micropub",
        "a site of yours that takes posts by Micropub: micro.blog, WordPress, Indiekit",
        (Wish("server", "The site's address, e.g. https://micro.blog", needed=True),),
    ),
    Offer("apprise", "a chat channel: Telegram, Discord, Slack, Matrix, ntfy, e-mail and many more"),
    Offer(
        "linkblog",
        "a page with feeds of everything you shared, in a folder; needs no login",
        (Wish("folder", "The folder to write it into", needed=True),),
    ),
    Offer("webmention.io", "who links to your site; nothing is posted there", (_DOMAIN,), posts=False),
    Offer(
        "hackernews",
        "who submits your pages to Hacker News; needs no login, nothing is posted there",
        (_DOMAIN, Wish("handle", "Your name there, so that you owe yourself nothing")),
        posts=False,
    ),
    Offer(
        "lobsters",
        "who submits your pages to Lobsters; needs no login, nothing is posted there",
        (_DOMAIN, Wish("handle", "Your name there, so that you owe yourself nothing")),
        posts=False,
    ),
    Offer(
        "memory",
        "a pretended network in a file, for trying things out; needs no login",
        (Wish("file", "The file to keep its posts in", needed=True),),
    ),
)


def offer_of(text: str) -> Offer:
    """The network of this name, or with this number in the list (from 1). ValueError names them all."""
    text = text.strip().lower()
    for number, each in enumerate(OFFERS, 1):
        if text in {each.platform, str(number)}:
            return each
    raise ValueError(f"{text!r} is no network; choose one of: {', '.join(each.platform for each in OFFERS)}")


def usual(wish: Wish, platform: str, settings: Settings) -> str:
    """What an answer most probably is; empty where nobody can know."""
    mine = [urlsplit(site).hostname or "" for site in settings.me.sites]
    folders = {table.folder for table in settings.accounts.values()}
    match wish.key:
        case "domain":
            return mine[0] if mine else ""
        case "monthly_budget_usd":
            return "5"
        case "folder":
            return "public" if "public" not in folders else f"public-{len(folders) + 1}"
        case "file":
            return f"{settings.data}/{platform}.jsonl"
    return ""


def clean(key: str, platform: str, text: str) -> str | float:
    """An answer as the settings take it. ValueError says what is wrong with it and what to write."""
    text = text.strip()
    if key == "server":
        return _server(text, whole=platform == "micropub")
    if key == "handle" and platform == "bluesky":
        handle = text.rstrip("/").rpartition("/")[2].removeprefix("@").lower()
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", handle):
            raise ValueError(f"{text!r} is no handle; write it in full, for example ada.bsky.social")
        return handle
    if key == "domain":
        host = urlsplit(text if "://" in text else f"https://{text}").hostname or ""
        if "." not in host:
            raise ValueError(f"{text!r} is no domain; write for example blog.example")
        return host
    if key == "monthly_budget_usd":
        return _dollars(text)
    return text


#: The options of `login` that give keys of an account; others are given with --set.
_OPTIONS = {"server": "--server URL", "handle": "--handle NAME"}


def table(offer: Offer, given: Mapping[str, str], *, ask_first: bool) -> dict[str, str | float]:
    """The keys of an account's table, in the order of the settings. ValueError for an answer that can't be one.

    With `ask_first` each post waits until its owner approves it.
    """
    wanted = [wish.key for wish in offer.wishes]
    keys: dict[str, str | float] = {"platform": offer.platform}
    for key in [*wanted, *(key for key in given if key not in wanted)]:
        if given.get(key):
            keys[key] = clean(key, offer.platform, given[key])
    missing = [wish.key for wish in offer.wishes if wish.needed and wish.key not in keys]
    if missing:
        options = " ".join(_OPTIONS.get(key, f"--set {key}=…") for key in missing)
        raise ValueError(f"an account of {offer.platform} needs: {', '.join(missing)}; give it with {options}")
    return keys | ({"approve": "ask"} if ask_first and offer.posts else {})


def name_for(offer: Offer, keys: Mapping[str, str | float], taken: Collection[str]) -> str:
    """What an account may be called: as its server, else as its network; never as another one."""
    host = urlsplit(str(keys.get("server", ""))).hostname or ""
    label = re.sub(r"[^A-Za-z0-9_-]", "", host.split(".")[0])
    named_by_server = offer.platform == "mastodon" and not _is_number(host) and label not in {"", "www", "localhost"}
    name = (label if named_by_server else offer.platform.partition(".")[0])[:30]
    count = next(number for number in range(1, len(taken) + 2) if _numbered(name, number) not in taken)
    return _numbered(name, count)


def check_name(text: str, taken: Collection[str]) -> str:
    """A name for an account. ValueError for one that can't be, or that is taken."""
    name = text.strip()
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name):
        raise ValueError(f"{name!r} can't be an account's name: use letters, digits, - and _")
    if name in taken:
        raise ValueError(f"there is an account {name!r} already; choose another name")
    return name


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}{number}"


def _server(text: str, *, whole: bool) -> str:
    """A server's address out of what people write: with or without https://, a page there, a handle."""
    parts = urlsplit(text if "://" in text else f"https://{text.rpartition('@')[2]}")
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[^\s/@]*[\w\]]", host) or not _is_site(host):
        raise ValueError(f"{text!r} is no server; write for example https://mastodon.social")
    port = f":{parts.port}" if parts.port else ""
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/') if whole else ''}"


def _is_site(host: str) -> bool:
    return "." in host or host == "localhost" or _is_number(host)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _dollars(text: str) -> float:
    try:
        amount = float(text.removeprefix("$"))
    except ValueError:
        amount = -1
    if not 0 <= amount < 1_000_000:
        raise ValueError(f"{text!r} is no amount; write for example 5, or 0 to spend nothing")
    return amount
