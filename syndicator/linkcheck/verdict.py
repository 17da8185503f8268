"""What a server's answer means for an article that is about to be shared: whether those who click will find its page.

Pure. Precision matters both ways: a dead link embarrasses its sharer, and a page that only turns robots away is not
dead. So what surely is not there is "dead", what can't be told is "unsure" and asked again, less and less often. After
about a day, a server that answers and only refuses robots is believed to show its pages to people.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import Enum

import msgspec

from syndicator import urls
from syndicator.linkcheck.checked import Check
from syndicator.pages.base import PageFacts
from syndicator.sources.fetched import BUSY, Fetched
from syndicator.sources.markup import shorten

#: How long to wait after each look that did not find a page well; the last is for all that follow.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (15, 60, 240, 480, 720))

_LONGEST_TITLE, _LONGEST_DESCRIPTION, _LONGEST_ADDRESS = 300, 1_000, 2_000

#: What people open in a browser: pages, and what it shows or plays by itself.
_READABLE = re.compile(
    r"(text|image|audio|video)/.+ | application/(xhtml\+xml|xml|pdf|epub\+zip|ogg|vnd\.apple\.mpegurl)", re.VERBOSE
)
_FEED = re.compile(r"(application|text)/(rss|atom|rdf|feed)\+(xml|json)")
_PAGE = re.compile(r"(text/html|application/xhtml\+xml|application/xml|text/xml)")

#: A site's front door: nothing at all, a language, or a word for it.
_HOME = re.compile(r"|[a-z]{2}(-[a-z]{2})?|home|default", re.IGNORECASE)
_LOGIN = re.compile(
    r"(^|/)(log-?in|sign-?in|sign-?up|sign_in|sign_up|wp-login\.php|login\.\w+|register|sso|saml2?|oauth2?|authorize"
    r"|authwall|session/new)(/|$)",
    re.IGNORECASE,
)
_LOGIN_HOST = re.compile(r"(login|signin|sso|auth|accounts)\.", re.IGNORECASE)
_CONSENT = re.compile(r"(consent|guce)\.|[^/]*/(.*/)?(cookie-?consent|consent|privacy-?gate|gdpr)(/|$)", re.IGNORECASE)


class Finding(Enum):
    """What an answer comes to."""

    FOUND = "it is there"
    MISSING = "it is not there, and may come (back)"
    GONE = "it will not come back"
    REFUSED = "somebody is there who does not talk to robots"
    TROUBLE = "nobody can tell"


def verdict(
    url: str,
    fetched: Fetched,
    facts: PageFacts | None,
    now: datetime,
    known: Check | None = None,
    *,
    wall: bool = False,
) -> Check:
    """Give the new check of the article at `url`. `facts` are what its page says, if it is one and was read.

    `known` is the check before. `wall` says that this server is known to refuse robots what it shows to people.
    """
    finding, reason = _finding(url, fetched, facts)
    if finding is Finding.FOUND and fetched.status == "unchanged" and known:
        return msgspec.structs.replace(
            known,
            at=now,
            final_url=_address(fetched.final_url),
            permanent_url=_address(fetched.permanent_url),
            etag=fetched.etag,
            last_modified=fetched.last_modified,
        )
    if finding is Finding.FOUND:
        return _found(url, fetched, facts, now)
    before = known if known and not known.ok else None
    tries = (before.tries if before else 0) + (not fetched.unasked)
    if finding is Finding.REFUSED and (wall or tries > len(WAITS)):
        return Check(url=url, at=now, verdict="ok", reason=f"not read: {reason}", status=fetched.http_status)
    wait = WAITS[min(max(tries, 1), len(WAITS)) - 1]
    return Check(
        url=url,
        at=now,
        verdict="dead" if finding in (Finding.MISSING, Finding.GONE) else "unsure",
        reason=reason,
        status=fetched.http_status,
        final_url=_address(fetched.final_url),
        tries=tries,
        since=before.since if before else now,
        again=None if finding is Finding.GONE else max(now + wait, fetched.retry_after or now),
        server_until=fetched.retry_after if fetched.http_status in BUSY else None,
    )


def put_off(url: str, told: Check, now: datetime, known: Check | None = None) -> Check:
    """Give the check of a page that was not asked for, since its server asked to wait when `told` was made.

    It counts as no look: what is known of one page says nothing of how often another was not found.
    """
    before = known if known and not known.ok else None
    return Check(
        url=url,
        at=now,
        verdict="unsure",
        reason=told.reason,
        status=told.status,
        tries=before.tries if before else 0,
        since=before.since if before else now,
        again=told.server_until,
        server_until=told.server_until,
    )


def out_of_reach(url: str, why: str, now: datetime, known: Check | None = None) -> Check:
    """Give the check of a page that was asked for without a network: no look at it, and no time that it was away."""
    tries = known.tries if known and not known.ok else 0
    return Check(url=url, at=now, verdict="unsure", reason=why, tries=tries, since=now, again=now + WAITS[0])


def asks_to_wait(check: Check, now: datetime) -> bool:
    """Tell whether a server said that it wants no requests now, of whatever page that was."""
    return check.server_until is not None and check.server_until > now


def is_page(content_type: str, body: bytes) -> bool:
    """Tell whether an answer is a page that can be read for what it says of itself."""
    kind = _kind(content_type)
    return _PAGE.fullmatch(kind) is not None if kind else body.lstrip()[:1] == b"<"


def _found(url: str, fetched: Fetched, facts: PageFacts | None, now: datetime) -> Check:
    page = facts or PageFacts(fetched.final_url)
    return Check(
        url=url,
        at=now,
        verdict="ok",
        status=fetched.http_status,
        final_url=_address(fetched.final_url),
        permanent_url=_address(fetched.permanent_url),
        canonical=_address(page.canonical),
        title=shorten(page.title, _LONGEST_TITLE),
        description=shorten(page.description, _LONGEST_DESCRIPTION),
        site_name=shorten(page.site_name, _LONGEST_TITLE),
        author=shorten(page.author, _LONGEST_TITLE),
        language=page.language,
        image=page.image if len(page.image) <= _LONGEST_ADDRESS else "",
        image_alt=shorten(page.image_alt, _LONGEST_DESCRIPTION),
        credits=page.credits,
        words=page.words,
        paywall=page.paywall,
        adult=page.adult,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        body_hash=fetched.body_hash,
    )


def _finding(url: str, fetched: Fetched, facts: PageFacts | None) -> tuple[Finding, str]:
    """What an answer comes to, and why, in words that go on after the address."""
    if fetched.status == "failed":
        return _failed(fetched)
    if astray := _astray(url, fetched.final_url):
        return astray
    if fetched.status == "unchanged":
        return Finding.FOUND, ""
    if facts and facts.missing:
        return Finding.MISSING, facts.missing
    return _content(_kind(fetched.content_type), fetched.body or b"")


def _failed(fetched: Fetched) -> tuple[Finding, str]:
    status = fetched.http_status
    if status == 410:
        return Finding.GONE, fetched.error
    if status == 404 or fetched.private:
        return Finding.MISSING, fetched.error
    # Bot walls answer with anything from 401 to 429; one large network has made up 999.
    if 400 <= status < 500 or status == 999:
        return Finding.REFUSED, fetched.error
    return Finding.TROUBLE, fetched.error


def _astray(url: str, final_url: str) -> tuple[Finding, str] | None:
    """Whether redirects lead to something else than the piece: a home page, a login, a question about cookies."""
    if urls.canonical(url) == urls.canonical(final_url):
        return None
    at, asked = (urls.page_key(urls.canonical(each)).partition("?")[0] for each in (final_url, url))
    if _CONSENT.match(at) and not _CONSENT.match(asked):
        return Finding.REFUSED, "leads to a question about cookies"
    if _asks_login(at) and not _asks_login(asked):
        return Finding.TROUBLE, "leads to a login page"
    if not _is_home(final_url) or _is_home(url):
        return None
    if urls.site_of(final_url) == urls.site_of(url) or urls.host(final_url) == urls.host(url):
        return Finding.MISSING, "leads to the home page of its site now"
    return Finding.TROUBLE, f"leads to the home page of {urls.host(final_url)}"


def _asks_login(key: str) -> bool:
    return bool(_LOGIN_HOST.match(key) or _LOGIN.search(key.partition("/")[2]))


def _is_home(url: str) -> bool:
    """Whether an address is a site's front door; on shared hosts, that of a person's place there."""
    key = urls.page_key(urls.canonical(url))
    path = key.partition("/")[2]
    return "?" not in key and "#" not in key and (key == urls.site_of(url) or _HOME.fullmatch(path) is not None)


def _content(kind: str, body: bytes) -> tuple[Finding, str]:
    if not body.strip():
        return Finding.TROUBLE, "answers with an empty page"
    if _FEED.fullmatch(kind):
        return Finding.MISSING, "is a feed, not a page"
    if kind and not _READABLE.fullmatch(kind):
        return Finding.MISSING, f"is not a page but {kind[:60]}"
    return Finding.FOUND, ""


def _address(url: str) -> str:
    """The normal form of an address that is worth remembering."""
    return urls.canonical(url) if len(url) <= _LONGEST_ADDRESS else ""


def _kind(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
