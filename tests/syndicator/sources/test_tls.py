"""Fetching over TLS: certificates are checked, the name too, and a handshake that never ends ends."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counterparts import feed_server
from counterparts.feed_server import FeedServer, body, status
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from syndicator.sources import connect
from syndicator.sources.base import SourceError
from syndicator.sources.fetch import FetchOptions, FetchRequest, fetch
from syndicator.sources.find import find

LOCAL = FetchOptions(timeout=60, allow_private=("127.0.0.0/8", "localhost"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost and 127.0.0.1 that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    pem, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, kind, serialization.NoEncryption()))
    return path


@pytest.fixture
def server(certificate: Path) -> Iterator[FeedServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with feed_server.running() as running:
        running.socket = context.wrap_socket(running.socket, server_side=True)
        running.routes["/feed"] = body()
        yield running


@pytest.fixture
def trusting(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "_tls", lambda: ssl.create_default_context(cafile=str(certificate)))


def secure(server: FeedServer, host: str = "localhost") -> FetchRequest:
    return FetchRequest(server.url("/feed", host).replace("http:", "https:"))


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_trusted_certificate(server: FeedServer, host: str) -> None:
    fetched = fetch(secure(server, host), LOCAL)
    assert (fetched.status, fetched.body) == ("ok", feed_server.RSS)


@pytest.mark.usefixtures("trusting")
def test_a_move_to_encryption_is_for_good_and_one_that_gives_it_up_is_not(server: FeedServer) -> None:
    with feed_server.running("127.0.0.2") as plain:
        plain.routes["/feed"] = body()
        server.routes["/feed"] = status(301, Location=plain.url("/feed"))
        down = fetch(secure(server), LOCAL)
        assert (down.status, down.permanent_url) == ("ok", "")
        server.routes["/feed"] = body()
        plain.routes["/feed"] = status(301, Location=secure(server).url)
        up = fetch(FetchRequest(plain.url("/feed")), LOCAL)
        assert (up.status, up.permanent_url) == ("ok", secure(server).url)


@pytest.mark.usefixtures("trusting")
def test_a_certificate_for_another_name(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with feed_server.running("127.0.0.2") as other:
        other.socket = context.wrap_socket(other.socket, server_side=True)
        assert fetch(secure(other, "127.0.0.2"), LOCAL).error.startswith("its certificate is not valid (")


def test_a_certificate_nobody_vouches_for(server: FeedServer) -> None:
    fetched = fetch(secure(server), LOCAL)
    assert (fetched.error, fetched.no_tls) == ("its certificate is not valid (self-signed certificate)", False)
    assert server.requests == []


def test_a_bad_certificate_is_told_where_no_scheme_was_typed_and_http_is_for_its_owner_to_choose(
    server: FeedServer,
) -> None:
    there = secure(server).url.removeprefix("https://")
    with pytest.raises(SourceError) as caught:
        find(there, LOCAL)
    assert str(caught.value) == (
        f"https://{there}: its certificate is not valid (self-signed certificate)"
        " (if it lasts, tell its owner, or write it with http:// to do without encryption)"
    )


def test_a_server_without_tls() -> None:
    with feed_server.running() as plain:
        fetched = fetch(secure(plain, "127.0.0.1"), LOCAL)
        assert (fetched.error, fetched.no_tls) == ("no secure connection could be made", True)


@pytest.mark.usefixtures("trusting")
def test_who_redirects_to_a_server_without_tls_does_speak_it(server: FeedServer) -> None:
    with feed_server.running() as plain:
        server.routes["/feed"] = status(302, Location=secure(plain, "127.0.0.1").url)
        fetched = fetch(secure(server), LOCAL)
        assert fetched.error.startswith("no secure connection could be made, after a redirect to ")
        assert not fetched.no_tls


def test_a_handshake_that_never_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        held: list[socket.socket] = []
        threading.Thread(target=lambda: held.append(mute.accept()[0]), daemon=True).start()
        url = f"https://127.0.0.1:{mute.getsockname()[1]}/"
        fetched = fetch(FetchRequest(url), FetchOptions(timeout=0.3, allow_private=("127.0.0.1",)))
        assert fetched.error == "no answer within 0.3 s"
        for each in held:
            each.close()


@pytest.mark.usefixtures("trusting")
def test_time_is_up_for_a_drip_over_tls_as_well(server: FeedServer) -> None:
    server.routes["/feed"] = feed_server.drip()
    fetched = fetch(secure(server), FetchOptions(timeout=0.5, allow_private=("localhost",)))
    assert fetched.error == "no answer within 0.5 s"


def test_all_threads_share_one_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reads the whole list of authorities: 32 of them at once cost more time and memory than 1,000 requests."""
    made, together = [], threading.Barrier(8)

    def slowly() -> ssl.SSLContext:
        made.append(1)
        time.sleep(0.05)  # long enough for the others to come, if anything lets them
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def want() -> None:
        together.wait()
        connect._tls()

    monkeypatch.setattr(ssl, "create_default_context", slowly)
    connect._default_tls.cache_clear()
    threads = [threading.Thread(target=want) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connect._default_tls.cache_clear()
    assert made == [1]
