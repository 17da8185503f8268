"""The first questions of `init`: who somebody is, where their blog and its feed are, and whose blogs they read."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from syndicator import urls
from syndicator.cli.app import fail, mention, tell
from syndicator.cli.asking import Questions
from syndicator.settings.tables import is_language
from syndicator.starter import Answers, is_zone, system_zone

if TYPE_CHECKING:
    from syndicator.sources.base import Feed
    from syndicator.sources.blogroll import Blogroll
    from syndicator.sources.fetched import FetchOptions

#: Where the feeds of a blogroll go that is taken over.
_OWN_FILE = "blogroll.opml"


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read: `blogroll` as the settings name it, and what has to be copied into it first, if anything.

    `failed` tells that what was given in an option can't be read.
    """

    blogroll: str = ""
    copied: Blogroll | None = None
    failed: bool = False


def ask_who(questions: Questions, blog: str, name: str) -> Answers:
    """The owner's site, feed, name, language and zone; what can be found out is offered as the answer."""
    from syndicator.sources.address import by_http, typed

    blog = blog or questions.text("Your blog's address (leave empty to fill it in later)", check=address)
    found = _feed_of(blog, must_be=not questions.asks) if blog else None
    feed = found.url if found else ""
    if blog and not feed:
        feed = questions.text("The address of its feed (leave empty to fill it in later)", check=address)
    title = name or (found.title if found else "")
    language = found.language or "" if found else ""
    language = language if is_language(language) else ""
    if blog:
        title = questions.text("Your name", title)
        language = questions.text("The language you write in", language or "en", _language)
    zone = questions.text("Your time zone, for quiet hours and slots", system_zone() or "UTC", _zone)
    plain = by_http(blog) if feed.startswith("http://") else ""
    named = plain or typed(blog)
    site = _site(named, found) if found else named
    return Answers(name=title, site=site, feed=feed, timezone=zone, language=language, private=_private(named))


def _site(named: str, feed: Feed) -> str:
    """The site that is meant by an address, which may be that of its feed: then the feed says, or it is all its host.

    `sites` tells whose a page is, and none lies below a feed.
    """
    from syndicator.sources.known import looks_like_feed

    if urls.is_web(named) and urls.page_of(named) != urls.page_of(feed.url) and not looks_like_feed(named):
        return named
    site = feed.site if urls.is_web(feed.site) else urls.resolve(feed.url, "/")
    if site:
        mention(f"your site, as its feed says: {site}")
    return site


def ask_reading(questions: Questions, folder: Path, who: Answers, opml: str) -> Reading:
    """Whose blogs are read: an OPML file or address, or the blogroll of the owner's site, which is then followed."""
    if opml:
        try:
            return Reading(_OWN_FILE, _read(opml, who))
        except ValueError as error:
            tell(f"error: {error}; no blogroll was taken over")
            return Reading(failed=True)
    own = _OWN_FILE if (folder / _OWN_FILE).exists() else ""
    theirs = "" if own or not who.feed else _blogroll_of(who)
    seen: dict[str, Blogroll] = {}

    def check(answer: str) -> str:
        answer = answer.strip()
        if answer and answer not in {own, theirs}:
            seen[answer] = _read(answer, who)
        return answer

    question = "Other people's blogs: an OPML file, or the address of one (Enter: {})"
    answer = questions.text(question.format("this one" if own or theirs else "none yet"), own or theirs, check)
    return Reading(_OWN_FILE, seen[answer]) if answer in seen else Reading(answer)


def _feed_of(blog: str, *, must_be: bool) -> Feed | None:
    """The feed of a blog, if there is one; leaves where there is none and it `must_be`."""
    from syndicator.sources.address import typed
    from syndicator.sources.base import SourceError
    from syndicator.sources.find import find

    mention("looking for its feed …")
    try:
        feed = find(blog, _options(_private(typed(blog)))).feed
    except SourceError as error:
        if must_be:
            fail(f"no feed found: {error}; nothing was written (without --blog it can be filled in later)")
        tell(f"no feed found: {error}")
        return None
    count = len(feed.items)
    mention(f"found: {feed.title or 'a feed without a title'}, {feed.url}, {count} item{'s' * (count != 1)}")
    return feed


def _blogroll_of(who: Answers) -> str:
    """The address of the blogroll that the owner's site names; "" where there is none."""
    from syndicator.sources.base import SourceError
    from syndicator.sources.find_blogroll import find_blogroll

    try:
        found = find_blogroll(who.site or who.feed, _options(who.private))
    except SourceError:
        return ""
    others = [each for each in found.blogroll.sources if not _is_own(each.url, who)]
    if found.blogroll.sources and not others:
        mention(f"your site's blogroll has no feed but your own: {found.answer.url}")
        return ""
    count = len(others)
    mention(f"your site has a blogroll with {count} feed{'s' * (count != 1)}: {found.answer.url}")
    return found.answer.url


def _is_own(feed: str, who: Answers) -> bool:
    return urls.page_of(feed) == urls.page_of(who.feed)


def _read(where: str, who: Answers) -> Blogroll:
    """A blogroll with feeds in it. ValueError says what is wrong with the file or address."""
    from syndicator.paths import path_of
    from syndicator.sources.base import SourceError
    from syndicator.sources.find_blogroll import find_blogroll, read_file

    try:
        if urls.is_web(where):
            found = find_blogroll(where, _options(who.private or _private(where))).blogroll
        else:
            found = read_file(path_of(where, Path))
    except SourceError as error:
        raise ValueError(str(error)) from None
    if not found.sources:
        raise ValueError(f"{where}: no feeds found; is it an OPML file?")
    return found


def _options(private: str) -> FetchOptions:
    from syndicator.fetch_options import fetch_options
    from syndicator.settings import Fetch, Settings

    return fetch_options(Settings(fetch=Fetch(allow_private=(private,) if private else ())))


def _private(url: str) -> str:
    """The host of an address that its owner typed, if it is one at home, which no program may ask unless told so."""
    from syndicator.sources.guard import is_public

    host = urls.host(url).strip("[]")
    if host == "localhost":
        return host
    try:
        return "" if is_public(ip_address(host)) else host
    except ValueError:
        return ""


def address(answer: str) -> str:
    """An answer that can be a web address, or is empty. ValueError for any other."""
    from syndicator.sources.address import typed

    answer = answer.strip()
    if answer and not typed(answer):
        raise ValueError(f"{answer!r} is not a web address; write for example https://ada.example")
    return answer


def _language(answer: str) -> str:
    answer = answer.strip()
    if not is_language(answer):
        raise ValueError(f"{answer!r} is no language code; write for example en or pt-BR")
    return answer


def _zone(answer: str) -> str:
    answer = answer.strip()
    if not is_zone(answer):
        raise ValueError(f"{answer!r} is not a time zone; write for example Europe/London")
    return answer
