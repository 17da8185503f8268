"""Where an article lives, as judging needs it for every one of many: hosts and the domains above them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from syndicator import urls
from syndicator.articles import Article


def host_of(article: Article) -> str:
    """The host of an article without "www." and port; its site begins with it."""
    host = article.site.partition("/")[0]
    return bare_host(article.url) if not host or ":" in host else host


def bare_host(address: str) -> str:
    """The host of an address or a site, without "www." and port."""
    return urls.host(address).removeprefix("www.")


def within(host: str, hosts: Collection[str]) -> bool:
    """Whether a host is one of `hosts` or lies below one."""
    return any(each in hosts for each in _upwards(host))


def _upwards(host: str) -> Iterator[str]:
    while host:
        yield host
        host = host.partition(".")[2]
