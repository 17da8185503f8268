"""Which addresses are public, and what an owner can exempt."""

import re

import pytest

from syndicator.sources.guard import Guard

PRIVATE = re.split(
    r"\s+",
    "0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.168.1.1"
    " 192.0.2.1 198.18.0.1 203.0.113.9 224.0.0.251 239.255.255.250 240.0.0.1 255.255.255.255"
    " :: ::1 fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 ff02::1 2001:db8::1"
    " ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 ::10.1.2.3 64:ff9b::7f00:1"
    " 64:ff9b::a9fe:a9fe 64:ff9b:1::a00:1 2002:7f00:1:: 2002:a00:1::1 2001:0:0:0:0:0:80ff:fffe",
)
PUBLIC = ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2a00:1450:4001::1", "::ffff:1.1.1.1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_in_every_wrapping(address: str) -> None:
    assert not Guard().permits("feeds.example", address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert Guard().permits("feeds.example", address)


@pytest.mark.parametrize(
    ("entry", "host", "address", "permitted"),
    [
        ("nas.home.example", "nas.home.example", "10.0.0.5", True),
        ("NAS.home.example.", "nas.home.example", "10.0.0.5", True),
        ("nas.home.example", "evil.example", "10.0.0.5", False),
        ("home.example", "nas.home.example", "10.0.0.5", False),
        ("10.0.0.5", "anything.example", "10.0.0.5", True),
        ("10.0.0.0/24", "anything.example", "10.0.0.5", True),
        ("10.0.0.0/24", "anything.example", "10.0.1.5", False),
        ("[::1]", "::1", "::1", True),
        ("fd00::/8", "nas", "fd00::5", True),
        ("fd00::/8", "nas", "10.0.0.5", False),
        ("bücher.example", "xn--bcher-kva.example", "10.0.0.5", True),
        ("my_nas", "my_nas", "10.0.0.5", True),
    ],
)
def test_exemptions(entry: str, host: str, address: str, permitted: bool) -> None:
    assert Guard((entry,)).permits(host, address) is permitted


@pytest.mark.parametrize(
    "entry",
    [
        "abc def",
        "",
        " ",
        "10.0.0.0/33",
        "10.0.0.300",
        "http://nas.local",
        "nas.local:8080",
        "*.local",
        "a..b",
        "nas/",
    ],
)
def test_what_is_neither_host_nor_network_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match=r"neither a host nor a network; write for example nas\.local"):
        Guard((entry,))
