"""One request from beginning to end: turns per host, redirects hop by hop, validators, failures told in words."""

from __future__ import annotations

import base64
import hashlib
import threading
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from time import monotonic
from urllib.parse import unquote_to_bytes

from syndicator import weburl
from syndicator.sources import answer, files
from syndicator.sources.answer import TROUBLE, Answer, Failure, Forbidden
from syndicator.sources.connect import Visit, connection
from syndicator.sources.fetched import Fetched, FetchOptions, FetchRequest
from syndicator.sources.guard import Guard
from syndicator.weburl import WebUrl

_PERMANENT = {301, 308}
_REDIRECTS = {301, 302, 303, 307, 308}


class Fetcher:
    """Fetches single requests from any thread; holds what they share."""

    def __init__(self, options: FetchOptions) -> None:
        self._options = options
        self._guard = Guard(tuple(options.allow_private))
        self._turns: dict[str, threading.Lock] = {}

    def fetch(self, request: FetchRequest) -> Fetched:
        """Get one URL; whatever goes wrong there is in the result."""
        failed = Fetched(request.url, "failed", final_url=request.url)
        try:
            if request.url[:5].lower() == "file:":
                return self._file(request)
            return self._follow(request, _parsed(request.url))
        except Failure as failure:
            private = isinstance(failure, Forbidden)
            return replace(failed, error=failure.problem, remedy=failure.remedy, private=private)

    def _file(self, request: FetchRequest) -> Fetched:
        if not request.allow_files:
            raise Failure("is a file, and those are read only when the settings name them", "name it there")
        body, etag = files.read(request.url, request.etag, self._options.max_bytes)
        return _with_body(request, Fetched(request.url, "ok", body, final_url=request.url, etag=etag))

    def _follow(self, request: FetchRequest, url: WebUrl) -> Fetched:
        """Follow redirects hop by hop, so that each is judged; the time spent waiting for a turn is not theirs."""
        seconds, permanent, led = self._options.timeout, True, ""
        for hop in range(self._options.redirects + 1):
            with self._turns.setdefault(url.host, threading.Lock()):
                start = monotonic()
                try:
                    reply = self._ask(url, request, seconds)
                except Failure as failure:
                    raise type(failure)(failure.problem + led, failure.remedy) from failure
                seconds -= monotonic() - start
            location = reply.headers.get("location", "")
            if reply.status not in _REDIRECTS or not location:
                return _result(request, reply, url, permanent=permanent and hop > 0, led=led)
            permanent = permanent and reply.status in _PERMANENT
            target = weburl.parse(location.encode("latin-1", "replace").decode("utf-8", "replace"), url)
            if target is None:
                raise Failure(f"redirects to something that is no web address{led}", "its owner has to mend it")
            url, led = target, f", after a redirect to {_address(target)}"
        raise Failure(f"redirects more than {self._options.redirects} times", "its owner has to mend it")

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
                raise self._late() from error
            if isinstance(error, Failure):
                raise
            raise answer.broken(error) from error
        if visit.expired:  # cut off where the answer might as well have ended
            raise self._late()
        return reply

    def _late(self) -> Failure:
        return Failure(f"no answer within {self._options.timeout:g} s", "`timeout` under [fetch] can give it more")


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


def _result(request: FetchRequest, reply: Answer, url: WebUrl, *, permanent: bool, led: str) -> Fetched:
    address = _address(url)
    fetched = Fetched(
        url=request.url,
        status="failed",
        content_type=reply.headers.get("content-type", ""),
        final_url=address,
        permanent_url=address if permanent else "",
        etag=reply.headers.get("etag", ""),
        last_modified=reply.headers.get("last-modified", ""),
        http_status=reply.status,
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
    failure, later = answer.refused(reply.status), answer.retry_after(reply.headers, answer.now())
    return replace(fetched, error=failure.problem + led, remedy=failure.remedy, retry_after=later)


def _with_body(request: FetchRequest, fetched: Fetched) -> Fetched:
    """Complete an answer by the hash of its body: the same bytes as last time are unchanged, whatever the headers."""
    body_hash = hashlib.sha256(fetched.body).hexdigest() if fetched.body is not None else request.body_hash
    if fetched.body is None or body_hash == request.body_hash:
        return replace(fetched, status="unchanged", body=None, body_hash=body_hash)
    return replace(fetched, body_hash=body_hash)
