"""A thousand HTTPS hosts on this machine's loopback addresses, each with a feed, for the benchmarks of fetching.

    with farm(1000, folder) as hosts:
        hosts.urls, hosts.authorities   # what to fetch; the CA file that makes it trustworthy (SSL_CERT_FILE)
        hosts.publish(1)                # from now on a twentieth of the feeds have another item

Every host is an address of its own (127.1.x.y, so Linux only) with a certificate of its own. An answer begins 50 ms
after its request. The feeds are made up: 20 items with HTML, half RSS and half Atom, about 30 to 100 kB, served
gzipped to whoever takes that, with an ETag that is honoured. The servers run in processes of their own.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import ipaddress
import multiprocessing
import random
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

LATENCY = 0.05
ITEMS = 20
#: One feed in so many changes between two rounds.
CHANGES = 20
_SYSTEM_AUTHORITIES = Path(ssl.get_default_verify_paths().openssl_cafile)
_CHANCE = random.Random(11)
_WORDS = ["".join(_CHANCE.choices("aeioulnrstmdkpbgh", k=_CHANCE.randint(2, 11))) for _ in range(20_000)]


@dataclass(frozen=True)
class Farm:
    """The running hosts: the feed of each, the file of trusted authorities, and the way to the servers."""

    urls: tuple[str, ...]
    authorities: Path
    servers: tuple[Connection, ...]

    def publish(self, round_number: int) -> None:
        """From now on serve this round's feeds: in each round but the first another twentieth has changed."""
        for server in self.servers:
            server.send(round_number)
        for server in self.servers:
            server.recv()


@contextmanager
def farm(count: int, folder: Path, processes: int = 2) -> Iterator[Farm]:
    """Run the hosts until the block ends; certificates are written into `folder`."""
    addresses = [f"127.1.{number // 250}.{number % 250 + 1}" for number in range(count)]
    authorities, port = _certificates(addresses, folder), _free_port()
    context = multiprocessing.get_context("spawn")
    running, ends = [], []
    for part in range(processes):
        here, there = context.Pipe()
        mine = list(enumerate(addresses))[part::processes]
        process = context.Process(target=_serve, args=(mine, port, folder, there), daemon=True)
        process.start()
        running.append(process)
        ends.append(here)
    try:
        for end in ends:
            end.recv()
        yield Farm(tuple(f"https://{address}:{port}/feed" for address in addresses), authorities, tuple(ends))
    finally:
        for process in running:
            process.kill()
            process.join()


def _certificates(addresses: list[str], folder: Path) -> Path:
    """A CA and a certificate for each address; returns the file of authorities, the system's own among them."""
    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bench")])
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for address in addresses:
        builder = _certificate(authority, address, key).add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False
        )
        (folder / f"{address}.pem").write_bytes(builder.sign(root, hashes.SHA256()).public_bytes(pem) + secret)
    own = _certificate(authority, "bench", root).add_extension(x509.BasicConstraints(True, None), critical=True)
    path = folder / "authorities.pem"
    others = _SYSTEM_AUTHORITIES.read_bytes() if _SYSTEM_AUTHORITIES.exists() else b""
    path.write_bytes(own.sign(root, hashes.SHA256()).public_bytes(pem) + others)
    return path


def _certificate(issuer: x509.Name, name: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    valid = now - timedelta(days=1), now + timedelta(days=30)
    return x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), *valid)


def _free_port() -> int:
    """A port that nobody uses on any address."""
    with socket.create_server(("0.0.0.0", 0)) as anywhere:
        return int(anywhere.getsockname()[1])


def _serve(hosts: list[tuple[int, str]], port: int, folder: Path, boss: Connection) -> None:
    asyncio.run(_Servers(hosts, port, folder, boss).run())


class _Servers:
    """One process's share of the hosts, and the round whose feeds they serve."""

    def __init__(self, hosts: list[tuple[int, str]], port: int, folder: Path, boss: Connection) -> None:
        self._hosts, self._port, self._folder, self._boss = hosts, port, folder, boss
        self.answers: dict[int, tuple[str, bytes, bytes]] = {}

    async def run(self) -> None:
        self._publish(0)
        loop = asyncio.get_running_loop()
        for number, address in self._hosts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._folder / f"{address}.pem")
            await loop.create_server(partial(_Host, self, number), address, self._port, ssl=context)
        self._boss.send("ready")
        while True:
            self._publish(await asyncio.to_thread(self._boss.recv))
            self._boss.send("published")

    def _publish(self, round_number: int) -> None:
        for number, address in self._hosts:
            if round_number == 0 or number % CHANGES == round_number % CHANGES:
                body = made_up_feed(number, f"https://{address}:{self._port}", round_number)
                etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
                self.answers[number] = etag, _response(body, etag), _response(gzip.compress(body, 6), etag, zipped=True)


class _Host(asyncio.Protocol):
    """One connection to one host: answers each request after the latency."""

    def __init__(self, servers: _Servers, number: int) -> None:
        self._servers, self._number, self._heard = servers, number, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        if self._heard.endswith(b"\r\n\r\n"):
            asked, self._heard = self._heard.lower(), b""
            asyncio.get_running_loop().call_later(LATENCY, self._answer, asked)

    def _answer(self, asked: bytes) -> None:
        etag, plain, zipped = self._servers.answers[self._number]
        if f"if-none-match: {etag}".encode() in asked:
            self._transport.write(f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode())
        else:
            self._transport.write(zipped if b"gzip" in asked else plain)
        if b"connection: close" in asked:
            self._transport.close()


def _response(body: bytes, etag: str, *, zipped: bool = False) -> bytes:
    coding = "Content-Encoding: gzip\r\n" if zipped else ""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nETag: {etag}\r\n{coding}Content-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


def made_up_feed(number: int, site: str, round_number: int = 0) -> bytes:
    """The feed of one host, UTF-8: `ITEMS` items, in later rounds with that many newer ones on top."""
    first = round_number + ITEMS - 1
    items = [_item(number, n, site) for n in range(first, first - ITEMS, -1)]
    title = f"Site {number} of {_WORDS[number % len(_WORDS)]}"
    if number % 2:
        entries = "".join(_RSS_ITEM.format(**item) for item in items)
        return _RSS.format(title=title, site=site, items=entries).encode()
    entries = "".join(_ATOM_ENTRY.format(**item) for item in items)
    return _ATOM.format(title=title, site=site, entries=entries, updated=items[0]["iso"]).encode()


def _item(number: int, n: int, site: str) -> dict[str, str]:
    """One item; how long its text is depends on the host and varies from item to item."""
    chance = random.Random(number * 1000 + n)
    when = datetime.now(UTC).replace(hour=6, minute=number % 60, second=0, microsecond=0)
    when += timedelta(hours=7 * (n - 3 * ITEMS))
    scale = 0.6 + number % 7 / 5
    paragraphs = "".join(_paragraph(chance, site, round(chance.randint(35, 80) * scale)) for _ in range(4))
    return {
        "url": f"{site}/{when:%Y/%m}/{_WORDS[n % 100]}-{number}-{n}?utm_source=feed",
        "id": f"tag:site{number},2026:{n}",
        "title": " ".join(chance.choices(_WORDS, k=7)).capitalize(),
        "author": f"Author {number % 977}",
        "tag": chance.choice(_WORDS),
        "rfc822": f"{when:%a, %d %b %Y %H:%M:%S} GMT",
        "iso": f"{when:%Y-%m-%dT%H:%M:%SZ}",
        "html": paragraphs.replace("&", "&amp;").replace("<", "&lt;"),
        "summary": " ".join(chance.choices(_WORDS, k=40)),
    }


def _paragraph(chance: random.Random, site: str, words: int) -> str:
    text = chance.choices(_WORDS, k=words)
    text[words // 3] = f'<a href="{site}/about/{text[0]}" title="x">{text[1]} &amp; {text[2]}</a>'
    text[words // 2] = f"<em>{text[3]}</em>"
    return f'<p class="x">{" ".join(text)}.</p>\n<img src="/img/{text[4]}.jpg" alt="{text[5]}">\n'


_RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>{title}</title><link>{site}/</link><description>Made up</description><language>en</language>
{items}</channel></rss>
"""
_RSS_ITEM = """<item><title>{title}</title><link>{url}</link><guid isPermaLink="false">{id}</guid>
<pubDate>{rfc822}</pubDate><dc:creator>{author}</dc:creator><category>{tag}</category>
<description>{summary}</description><content:encoded>{html}</content:encoded></item>
"""
_ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>{title}</title><id>{site}/</id>
<link rel="alternate" href="{site}/"/><link rel="self" href="{site}/feed"/><updated>{updated}</updated>
{entries}</feed>
"""
_ATOM_ENTRY = """<entry><title>{title}</title><link rel="alternate" href="{url}"/><id>{id}</id>
<published>{iso}</published><updated>{iso}</updated><author><name>{author}</name></author><category term="{tag}"/>
<summary>{summary}</summary><content type="html">{html}</content></entry>
"""
