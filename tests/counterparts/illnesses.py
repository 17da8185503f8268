"""What goes wrong on the web, and what is to be said of it.

`ILLNESSES` are answers that no feed can be read from, `QUIRKS` odd ones that can be read all the same.
"""

import gzip
import itertools
import socket
import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from counterparts.feed_server import Handler, Route, body, bomb, cut_off, drip, endless, header_drip, status

_ITS_OWNER = "if it lasts, tell its owner"
_REPAIR = "its owner has to repair the feed"
_SHORTEN = "its owner has to shorten it"
_MEND = "its owner has to mend it"
_PERMIT = "`allow_private` under [fetch] can permit it"
_MOVED = "if it moved, `syndicator remove` it and `add` its new address"
_RETIRED = "not asked any more; `syndicator remove URL` takes it out, `syndicator add URL` tries it again"
_SOONER = "`syndicator run --refresh` asks at once"
_FIND = "`syndicator add URL` finds the feeds of a page"
_NOT_ONE = "`syndicator add URL` finds the feeds of a web page"


@dataclass(frozen=True)
class Illness:
    """One way of being ill: what the server does, and the problem and the remedy that are told.

    {seconds} in the problem is the reader's timeout, {port} the port of the web.
    """

    name: str
    route: Route
    problem: str
    remedy: str
    scheme: str = "http"


def article(number: int, hours: float = 1, link: str = "") -> bytes:
    """A feed with one article."""
    when = format_datetime(datetime.now(UTC) - timedelta(hours=hours))
    return f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Blog {number}</title>
    <link>https://blog-{number}.example/</link><item><title>What blog {number} has to say</title>
    <link>{link or f"https://blog-{number}.example/1"}</link><guid>{number}</guid><pubDate>{when}</pubDate>
    <description>{"Some words about gardens. " * 20}</description></item></channel></rss>""".encode()


def raw(data: bytes) -> Route:
    """These bytes instead of an answer."""

    def route(handler: Handler) -> None:
        handler.server.served()
        handler.wfile.write(data)
        handler.close_connection = True

    return route


def silence(handler: Handler) -> None:
    """Nothing at all, until the other side is tired of it."""
    handler.connection.recv(1)
    handler.close_connection = True


def reset(handler: Handler) -> None:
    """The connection is torn down."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.rfile.close()  # it keeps the connection open
    handler.connection.close()
    handler.close_connection = True


def redirect(location: str) -> Route:
    """To another place; {port} in it is the web's own, {path} the path that was asked for."""

    def route(handler: Handler) -> None:
        target = location.format(port=handler.server.server_address[1], path=handler.path)
        handler.answer(302, {"Location": target.encode().decode("latin-1")})

    return route


def flapping() -> Route:
    """The same content every time, with validators that change, and no answer to conditions."""
    numbers, content = itertools.count(), article(0)

    def route(handler: Handler) -> None:
        number = next(numbers)
        when = format_datetime(datetime(2026, 11, 2, tzinfo=UTC) + timedelta(minutes=number), usegmt=True)
        handler.answer(200, {"ETag": f'"{number}"', "Last-Modified": when}, content)

    return route


def zeros(size: int) -> bytes:
    """So many bytes, deflated."""
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(b"\0" * 1_000_000) for _ in range(size // 1_000_000)), packer.flush()])


def entities(declarations: str, reference: str) -> Route:
    """A feed whose title refers to what its document type declares; {port} in that is the web's."""
    feed = article(0).partition(b"?>")[2].replace(b"What blog", f"What {reference} blog".encode())

    def route(handler: Handler) -> None:
        declared = declarations.replace("{port}", str(handler.server.server_address[1]))
        handler.answer(200, {}, f"<?xml version='1.0'?><!DOCTYPE rss {declared}>".encode() + feed)

    return route


def dated(*dates: str) -> Route:
    """A feed of articles with these dates."""
    items = "".join(
        f"<item><title>Number {number}</title><link>https://clock.example/{number}</link><pubDate>{date}</pubDate></item>"
        for number, date in enumerate(dates)
    )
    return body(f'<rss version="2.0"><channel><title>No clock</title>{items}</channel></rss>'.encode())


def _private(name: str, location: str, address: str, host: str = "") -> Illness:
    """A redirect to where nobody may look. The message names the address, and the host as it was understood."""
    target = f"http://{host or address}:{{port}}/secret"
    problem = f"is on a private network, {address}, after a redirect to {target}"
    return Illness(name, redirect(f"http://{location}:{{port}}/secret"), problem, _PERMIT)


def _packed(data: bytes, coding: str) -> Route:
    return body(data, Content_Encoding=coding)


_LATE, _CUT = "no answer within {seconds} s", "broke off in the middle of its answer"
_LONG = "sends more than 10 MB"
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

ILLNESSES = (
    Illness("a body that drips", drip(), _LATE, "`timeout` under [fetch] can give it more"),
    Illness("headers that drip", header_drip(0.2), _LATE, "`timeout` under [fetch] can give it more"),
    Illness("silence", silence, _LATE, "`timeout` under [fetch] can give it more"),
    Illness("an endless body", endless, _LONG, _SHORTEN),
    Illness("a gzip bomb", bomb, _LONG, _SHORTEN),
    Illness("a deflate bomb", _packed(zeros(100_000_000), "deflate"), _LONG, _SHORTEN),
    Illness(
        "a bomb in a bomb",
        _packed(gzip.compress(gzip.compress(b"\0" * 50_000_000)), "gzip, gzip"),
        "answers in an encoding nobody asked for (gzip, gzip)",
        _ITS_OWNER,
    ),
    Illness("packed twice", _packed(gzip.compress(gzip.compress(article(0))), "gzip"), "is not a feed", _NOT_ONE),
    Illness("cut gzip", _packed(gzip.compress(article(0))[:-20], "gzip"), _CUT, _ITS_OWNER),
    Illness("gzip that is none", _packed(article(0), "gzip"), "sends damaged compressed data", _ITS_OWNER),
    Illness("half of what was promised", cut_off, _CUT, _ITS_OWNER),
    Illness("a cut chunk", raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n<rss"), _CUT, _ITS_OWNER),
    Illness(
        "a feed that ends early",
        body(article(0)[:200]),
        "is cut off or malformed (line 3: no element found), nothing could be read",
        _REPAIR,
    ),
    Illness("a connection that is torn down", reset, _CUT, _ITS_OWNER),
    Illness("a closed connection", raw(b""), "hung up without an answer", _ITS_OWNER),
    Illness("another protocol", raw(b"SSH-2.0-OpenSSH_9.9\r\n"), "does not speak HTTP", _MOVED),
    Illness("TLS that is none", body(article(0)), "no secure connection could be made", _ITS_OWNER, scheme="https"),
    Illness(
        "a flood of headers",
        raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n"),
        "sends too many headers",
        _ITS_OWNER,
    ),
    Illness(
        "an endless header", raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000), "sends too many headers", _ITS_OWNER
    ),
    Illness("a redirect to itself", redirect("{path}"), "redirects more than 5 times", _MEND),
    Illness(
        "a redirect to a file", redirect("file:///etc/passwd"), "redirects to something that is no web address", _MEND
    ),
    Illness("a redirect to nowhere", status(302), "answers with status 302", _ITS_OWNER),
    _private("a redirect into a private network", "10.0.0.1", "10.0.0.1"),
    _private("a redirect to a cloud's secrets", "169.254.169.254", "169.254.169.254"),
    _private("a redirect to this machine", "127.0.0.1", "127.0.0.1"),
    _private("a redirect to this machine by IPv6", "[::1]", "::1", "[::1]"),
    _private("a redirect to an IPv4 address in IPv6", "[::ffff:127.0.0.1]", "::ffff:7f00:1", "[::ffff:7f00:1]"),
    _private("a redirect to a decimal address", "2130706433", "127.0.0.1"),
    _private("a redirect to an octal address", "0177.0.0.01", "127.0.0.1"),
    _private("a redirect to a hexadecimal address", "0x7f.1", "127.0.0.1"),
    _private("a redirect to a full-width address", "１２７.0.0.1", "127.0.0.1"),
    Illness(
        "a page instead of a feed",
        body(b"<!doctype html><html><title>Hello</title>", Content_Type="text/html"),
        "is a web page, not a feed",
        _FIND,
    ),
    Illness(
        "a picture",
        body(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), Content_Type="application/rss+xml"),
        "is not a feed",
        _NOT_ONE,
    ),
    Illness(
        "JSON that is no feed",
        body(b'{"error": "no"}', Content_Type="application/json"),
        "is JSON, but not a JSON Feed",
        _NOT_ONE,
    ),
    Illness("nothing but NULs", body(b"\0" * 1_000), "is empty", _REPAIR),
    Illness("an empty answer", body(b""), "is empty", _REPAIR),
    Illness("204", status(204), "is empty", _REPAIR),
    Illness("304 without a condition", status(304), "says that nothing changed, 304, without being asked", _ITS_OWNER),
    Illness("404", status(404), "nothing at this address, 404", _MOVED),
    Illness("410", status(410), "gone for good, 410", _RETIRED),
    Illness(
        "429",
        status(429, Retry_After="3600"),
        "asks to wait, too many requests, 429",
        f"it wants time, nothing else; {_SOONER}",
    ),
    Illness("503", status(503, Retry_After="7200"), "has trouble of its own, 503", f"{_ITS_OWNER}; {_SOONER}"),
)

#: Odd, and read all the same, with one article each if nothing else is said.
QUIRKS: dict[str, Route] = {
    "a feed that says it is a picture": body(article(0), Content_Type="image/png"),
    "a feed that says it is a page": body(article(0), Content_Type="text/html; charset=klingon"),
    "NULs inside": body(article(0).replace(b"garden", b"gar\0den").replace(b"What", b"\0What")),
    "validators that change": flapping(),
    "billions of laughs": entities(f'[<!ENTITY l0 "ha">{_LAUGHS}]', "&l9;"),
    "a quadratic blowup": entities(f'[<!ENTITY a "{"a" * 100_000}">]', "&a;" * 2_000),
    "a file of this machine": entities('[<!ENTITY x SYSTEM "file:///etc/passwd">]', "&x;"),
    "a request for a secret": entities('[<!ENTITY x SYSTEM "http://127.0.0.1:{port}/secret">]', "&x;"),
    "a declaration elsewhere": entities('SYSTEM "http://127.0.0.1:{port}/secret.dtd"', "&x;"),
    "a parameter entity": entities('[<!ENTITY % p SYSTEM "http://127.0.0.1:{port}/secret.dtd"> %p;]', "&x;"),
    "a clock before all clocks": dated("Thu, 01 Jan 1970 00:00:00 GMT"),
    "a clock after all clocks": dated("Fri, 31 Dec 9999 23:59:59 GMT"),
    "a clock that stands on its head": dated("yesterday, at noon or so"),
    "a zone that can't be": dated("Mon, 02 Nov 2026 08:00:00 +9999"),
}
