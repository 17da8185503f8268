"""What a server answered: its body within a cap, its word on when to ask again, and its failures as sentences."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import urllib3.exceptions
from urllib3.response import BaseHTTPResponse

from syndicator.sources import dates
from syndicator.sources.connect import PrivateAddress

#: What a conversation with a server may end in; everything else is a bug of ours.
TROUBLE = (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, zlib.error)

_CHUNK = 65_536
_GZIP = {"gzip", "x-gzip", "deflate"}
_LONGEST_WAIT = timedelta(days=1)  # whatever is asked for: a slip in a header silences nobody for longer
_BROKE_OFF = "broke off in the middle of its answer"
_LONGEST_FRESH = timedelta(days=366)
_DIRECTIVE = re.compile(r'\s*([a-z-]+)\s*(?:=\s*"?(\d+)"?\s*)?')
_NOT_TLS = "WRONG_VERSION_NUMBER"  # OpenSSL, of an answer that begins as none of TLS does
_ITS_OWNER = "if it lasts, tell its owner"
_STATUS = {
    401: ("asks for a login, 401", "write it into the address: https://NAME:PASSWORD@HOST/…"),
    403: ("refuses to give it, 403", "see whether a browser gets it; its owner decides who may"),
    304: ("says that nothing changed, 304, without being asked", _ITS_OWNER),
    404: ("nothing at this address, 404", ""),
    410: ("gone for good, 410", ""),
    429: ("asks to wait, too many requests, 429", "it wants time, nothing else"),
}


class Failure(Exception):
    """A request came to nothing: `problem` says why, without naming the address; `remedy` what to do, "" if unknown."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(problem)


class Forbidden(Failure):
    """The guard does not permit the address."""


class NoAnswer(Failure):
    """The server said nothing, or nothing whole that makes sense."""


class Unreached(NoAnswer):
    """No connection came about: there is no way to the server, or nobody knows it."""


class NoHost(Unreached):
    """The address names a server that nobody knows."""


class NoTls(NoAnswer):
    """At an https address nobody speaks TLS."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; the body is decoded and empty unless the status is 2xx."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def read(response: BaseHTTPResponse, limit: int, *, cut: bool = False) -> Answer:
    """Read an answer of at most `limit` bytes once decompressed; of a longer body `cut` the rest, or raise Failure."""
    if not 200 <= response.status < 300:
        return Answer(response.status, response.headers)
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding in _GZIP:
        return Answer(response.status, response.headers, _unpacked(response, limit, cut=cut))
    if coding not in {"", "identity"}:
        raise Failure(f"answers in an encoding nobody asked for ({coding[:20]})", _ITS_OWNER)
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        body += chunk
        if _full(len(body), limit, cut=cut):
            break
    return Answer(response.status, response.headers, bytes(body[:limit]))


def _unpacked(response: BaseHTTPResponse, limit: int, *, cut: bool) -> bytes:
    """Decompress piece by piece: never more than the limit is made, however much a bomb promises."""
    body, unpacker = bytearray(), zlib.decompressobj(wbits=47)
    while chunk := response.read1(_CHUNK):
        while chunk and not unpacker.eof:
            body += unpacker.decompress(chunk, limit + 1 - len(body))
            if _full(len(body), limit, cut=cut):
                return bytes(body[:limit])
            chunk = unpacker.unconsumed_tail
        if unpacker.eof and unpacker.unused_data[:2] == b"\x1f\x8b":  # gzip allows several members in a row
            chunk, unpacker = unpacker.unused_data, zlib.decompressobj(wbits=47)
            body += unpacker.decompress(chunk, limit + 1 - len(body))
            if _full(len(body), limit, cut=cut):
                return bytes(body[:limit])
    if not unpacker.eof:
        raise Failure(_BROKE_OFF, _ITS_OWNER)
    return bytes(body)


def _full(size: int, limit: int, *, cut: bool) -> bool:
    """Whether there is more than may be read and that is enough; Failure where all of it was wanted."""
    if size > limit and not cut:
        raise Failure(f"sends more than {limit / 1_000_000:g} MB", "its owner has to shorten it")
    return size > limit


def refused(status: int) -> Failure:
    """What a status that is no success means."""
    if status >= 500:
        return Failure(f"has trouble of its own, {status}", _ITS_OWNER)
    return Failure(*_STATUS.get(status, (f"answers with status {status}", _ITS_OWNER)))


def broken(error: Exception, *, secure: bool) -> Failure:
    """What an error in a conversation means, in one over TLS if it is `secure`."""
    if isinstance(error, PrivateAddress):
        return Forbidden(f"is on a private network, {error}", "`allow_private` under [fetch] can permit it")
    if isinstance(error, socket.gaierror):
        return NoHost("no such host")
    if isinstance(error, ssl.SSLCertVerificationError):
        return NoAnswer(f"its certificate is not valid ({error.verify_message})", _ITS_OWNER)
    if isinstance(error, ssl.SSLError | urllib3.exceptions.SSLError):
        is_other_language = getattr(error, "reason", None) == _NOT_TLS
        return (NoTls if is_other_language else NoAnswer)("no secure connection could be made", _ITS_OWNER)
    if isinstance(error, ConnectionRefusedError):
        return (NoTls if secure else NoAnswer)("refuses connections")
    if isinstance(error, http.client.HTTPException):
        return _garbled(error)
    if isinstance(error, zlib.error):
        return Failure("sends damaged compressed data", _ITS_OWNER)
    if isinstance(error, OSError) and error.strerror and not isinstance(error, ConnectionError):
        return Unreached(f"can't be reached: {error.strerror.lower()}")
    return NoAnswer(_BROKE_OFF, _ITS_OWNER)


def _garbled(error: http.client.HTTPException) -> Failure:
    if isinstance(error, http.client.RemoteDisconnected):
        return NoAnswer("hung up without an answer", _ITS_OWNER)
    if isinstance(error, http.client.BadStatusLine):
        return NoAnswer("does not speak HTTP")
    if isinstance(error, http.client.LineTooLong) or str(error).endswith(" headers"):  # it counts them
        return NoAnswer("sends too many headers", _ITS_OWNER)
    return NoAnswer(_BROKE_OFF, _ITS_OWNER)


def retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the server wants to be asked again, within a day: Retry-After in seconds or as a date (RFC 9110, 10.2.3)."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", text):
        return now + min(timedelta(seconds=int(text)), _LONGEST_WAIT)
    when = dates.read(text)
    return min(when, now + _LONGEST_WAIT) if when is not None and when > now else None


def freshness(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long from now an answer is said to stay fresh (RFC 9111, 4.2); None where nothing is said, or no time at all.

    `max-age` goes before `Expires`, and the answer's `Age` in caches is over already. `s-maxage` is said to caches that
    many people share; `no-cache` and `no-store` are about keeping answers, not about when to ask.
    """
    stated = map(_DIRECTIVE.fullmatch, headers.get("cache-control", "").lower().split(","))
    directives = {match[1]: match[2] for match in reversed([*filter(None, stated)])}  # said twice: the first one counts
    if not directives.keys().isdisjoint({"no-cache", "no-store"}):
        return None
    if seconds := directives.get("max-age"):
        fresh = min(timedelta(seconds=int(seconds[:10])), _LONGEST_FRESH)
    elif expires := dates.read(headers.get("expires", "")):
        fresh = min(expires - (dates.read(headers.get("date", "")) or now), _LONGEST_FRESH)
    else:
        return None
    age = headers.get("age", "").strip()
    if re.fullmatch(r"\d{1,9}", age):
        fresh -= timedelta(seconds=int(age))
    return fresh if fresh > timedelta() else None


def now() -> datetime:
    """The time of an answer, UTC."""
    return datetime.now(UTC)
