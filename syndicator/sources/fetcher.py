"""One request from beginning to end: turns per host, redirects hop by hop, validators, failures told in words."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from time import monotonic
from typing import Literal
from urllib.parse import unquote_to_bytes

from syndicator.sources import answer, files
from syndicator.sources.answer import TROUBLE, Answer, Failure, Forbidden, NoAnswer, NoHost, NoTls, Unreached
from syndicator.sources.connect import Visit, connection
from syndicator.sources.fetched import BUSY, Fetched, FetchOptions, FetchRequest
from syndicator.sources.guard import Guard
from syndicator.sources.turns import NotAsked, Server, Turns
from syndicator.urls import weburl
from syndicator.urls.weburl import WebUrl

_PERMANENT = {301, 308}
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class _Way:
    """How far `hops` redirects led: `permanent` while each was for good, `led` as a failure at its end tells it."""

    url: WebUrl
    hops: int = 0
    permanent: bool = True
    led: str = ""

    def on(self, reply: Answer) -> _Way:
        """One hop further. One that gives up encryption is followed, but not for good: it may be an attack."""
        location = reply.headers.get("location", "")
        target = weburl.parse(location.encode("latin-1", "replace").decode("utf-8", "replace"), self.url)
        if target is None:
            raise Failure("redirects to something that is no web address", "its owner has to mend it")
        safe = (self.url.scheme, target.scheme) != ("https", "http")
        permanent = self.permanent and reply.status in _PERMANENT and safe
        return _Way(target, self.hops + 1, permanent, f", after a redirect to {_address(target)}")


class Fetcher:
    """Fetches single requests from any thread; holds what those of one round share: `turns` if it began before."""

    def __init__(self, options: FetchOptions, turns: Turns | None = None) -> None:
        self._options = options
        self._guard = Guard(tuple(options.allow_private))
        self._turns = turns or Turns()

    def fetch(self, request: FetchRequest) -> Fetched:
        """Get one URL; whatever goes wrong there is in the result."""
        there = self._get(request, request.at or request.url)
        if request.at and there.lost:
            here = self._get(request, request.url)
            return there if here.status == "failed" and here.lost != "gone" else here
        return there

    def _get(self, request: FetchRequest, address: str) -> Fetched:
        try:
            if address[:5].lower() == "file:":
                return self._file(request)
            return self._follow(request, _parsed(address))
        except Failure as failure:
            return _failed(request, failure)

    def _file(self, request: FetchRequest) -> Fetched:
        if not request.allow_files:
            raise Failure("is a file, and those are read only when the settings name them", "name it there")
        body, etag = files.read(request.url, request.etag, self._options.max_bytes)
        return _with_body(request, Fetched(request.url, "ok", body, final_url=request.url, etag=etag))

    def _follow(self, request: FetchRequest, start: WebUrl) -> Fetched:
        """Follow redirects hop by hop, so that each is judged; the time spent waiting for a turn is not theirs."""
        seconds, way = self._options.timeout, _Way(start)
        if request.at and _address(start) != _address(_parsed(request.url)):
            way = replace(way, led=f", at {_address(start)}, where it moved")
        for _ in range(self._options.redirects + 1):
            known = _known_to(way.url, request)
            try:
                with self._turns.at(way.url.host) as server:
                    begun = monotonic()
                    reply = self._ask_in_turn(server, way.url, known, seconds)
                    seconds -= monotonic() - begun
                if reply.status not in _REDIRECTS or not reply.headers.get("location"):
                    return replace(_result(known, reply, way), permanent_url=_home(request, start, way))
                way = way.on(reply)
            except Failure as failure:
                return _failed(request, failure, way)
        raise Failure(f"redirects more than {self._options.redirects} times", "its owner has to mend it")

    def _ask_in_turn(self, server: Server, url: WebUrl, request: FetchRequest, seconds: float) -> Answer:
        """Ask, and let the server's turns know how it went. Too little time is no proof of silence."""
        try:
            reply = self._ask(url, request, seconds)
        except NoAnswer as failure:
            if seconds >= self._options.timeout / 2:
                server.was_silent(failure)
            raise
        server.answered()
        if reply.status in BUSY and (until := answer.retry_after(reply.headers, answer.now())):
            server.wants_time(answer.refused(reply.status), until)
        return reply

    def _ask(self, url: WebUrl, request: FetchRequest, seconds: float) -> Answer:
        visit = Visit(self._guard, seconds)
        try:
            with visit:
                link = connection(url, visit)
                try:
                    target = url.path + ("" if url.query is None else f"?{url.query}")
                    headers = _headers(url, request, self._options)
                    link.request("GET", target, headers=headers, preload_content=False, decode_content=False)
                    reply = answer.read(link.getresponse(), self._options.max_bytes, cut=self._options.beginning)
                finally:
                    link.close()
        except (*TROUBLE, Failure) as error:
            if visit.expired or isinstance(error, TimeoutError):
                raise self._late(visit) from error
            if isinstance(error, Failure):
                raise
            raise answer.broken(error, secure=url.scheme == "https") from error
        if visit.expired:  # cut off where the answer might as well have ended
            raise self._late(visit)
        return reply

    def _late(self, visit: Visit) -> Failure:
        kind = NoAnswer if visit.connected else Unreached
        return kind(f"no answer within {self._options.timeout:g} s", "`timeout` under [fetch] can give it more")


def _headers(url: WebUrl, request: FetchRequest, options: FetchOptions) -> dict[str, str]:
    contact = f" (+{options.contact})" if options.contact else ""
    headers = {
        "User-Agent": f"Syndicator/{_version()}{contact}",
        "Accept": options.accept,
        "Accept-Encoding": "gzip",
        "Connection": "close",
        "If-None-Match": request.etag,
        "If-Modified-Since": request.last_modified,
    }
    if url.user or url.password:
        login = unquote_to_bytes(url.user) + b":" + unquote_to_bytes(url.password)
        headers["Authorization"] = "Basic " + base64.b64encode(login).decode()
    return {
        name: " ".join(value.encode("latin-1", "ignore").decode("latin-1").split())
        for name, value in headers.items()
        if value
    }


@cache
def _version() -> str:
    return version("syndicator")


def _parsed(text: str) -> WebUrl:
    url = weburl.parse(text)
    if url is None:
        raise Failure("is not a web address", "write it in full, with https://")
    return url


def _address(url: WebUrl) -> str:
    return str(replace(url, user="", password="", fragment=None))


def _failed(request: FetchRequest, failure: Failure, way: _Way | None = None) -> Fetched:
    """A request that came to nothing, where it did so on its way."""
    redirected = way is not None and way.hops > 0
    cause = failure.cause if isinstance(failure, NotAsked) else failure
    return Fetched(
        request.url,
        "failed",
        final_url=_address(way.url) if way else request.url,
        retry_after=failure.until if isinstance(failure, NotAsked) else None,
        error=failure.problem + (way.led if way else ""),
        remedy=failure.remedy,
        private=isinstance(failure, Forbidden),
        unreached=isinstance(cause, Unreached) and not redirected,
        no_tls=isinstance(failure, NoTls) and not redirected,
        unasked=isinstance(failure, NotAsked),
        lost="missing" if isinstance(failure, NoHost) else "",
    )


def _known_to(url: WebUrl, request: FetchRequest) -> FetchRequest:
    """The request as it goes to one address: another's validators mean nothing there, and might even match."""
    validated = weburl.parse(request.validated_at or request.at or request.url)
    if validated is not None and _address(validated) == _address(url):
        return request
    return replace(request, etag="", last_modified="")


def _home(request: FetchRequest, start: WebUrl, way: _Way) -> str:
    """Where to ask from now on; "" for where it was subscribed, which also keeps a login that is in that address."""
    subscribed = _parsed(request.url)
    address = _address(way.url if way.permanent else start)
    return "" if subscribed.user or subscribed.password or address == _address(subscribed) else address


def _result(request: FetchRequest, reply: Answer, way: _Way) -> Fetched:
    now = answer.now()
    fetched = Fetched(
        request.url,
        "failed",
        content_type=reply.headers.get("content-type", ""),
        final_url=_address(way.url),
        etag=reply.headers.get("etag", ""),
        last_modified=reply.headers.get("last-modified", ""),
        http_status=reply.status,
        max_age=answer.freshness(reply.headers, now),
        link=reply.headers.get("link", ""),
    )
    if 200 <= reply.status < 300:
        return _with_body(request, replace(fetched, status="ok", body=reply.body))
    if reply.status == 304 and (request.etag or request.last_modified):
        return replace(
            fetched,
            status="unchanged",
            etag=fetched.etag or request.etag,
            last_modified=fetched.last_modified or request.last_modified,
            body_hash=request.body_hash,
        )
    failure, later = answer.refused(reply.status), answer.retry_after(reply.headers, now)
    return replace(
        fetched, error=failure.problem + way.led, remedy=failure.remedy, retry_after=later, lost=_lost(reply, way)
    )


def _lost(reply: Answer, way: _Way) -> Literal["", "missing", "gone"]:
    if reply.status == 410:
        return "gone" if way.permanent else "missing"
    return "missing" if reply.status == 404 else ""


def _with_body(request: FetchRequest, fetched: Fetched) -> Fetched:
    """Complete an answer by the hash of its body: the same bytes as last time are unchanged, whatever the headers."""
    body_hash = hashlib.sha256(fetched.body).hexdigest() if fetched.body is not None else request.body_hash
    if fetched.body is None or body_hash == request.body_hash:
        return replace(fetched, status="unchanged", body=None, body_hash=body_hash)
    return replace(fetched, body_hash=body_hash)
