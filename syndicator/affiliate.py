"""Links that count for whom a sale was made. Pure.

Only marks that hardly mean anything else stand here: articles are turned down for them.
"""

from __future__ import annotations

import re
from functools import lru_cache

# These hosts do nothing but count.
_COUNTERS = """
    amzn.to awin1.com zenaps.com shareasale.com shareasale-analytics.com anrdoezrs.net dpbolvw.net jdoqocy.com
    kqzyfj.com tkqlhce.com linksynergy.com skimresources.com viglink.com prf.hn rstyle.me shopstyle.it tidd.ly sjv.io
    pxf.io hop.clickbank.net tradedoubler.com tradetracker.net webgains.com webmasterplan.com s.click.aliexpress.com
    avantlink.com flexlinkspro.com
"""
_COUNTING = frozenset(_COUNTERS.split())
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#:]+)", re.IGNORECASE)
_PARAMETER = re.compile(r"[?&](?:aff|affid|aff_id|affiliate|affiliate_id|awc|irclickid|clickref)=[^&#]", re.IGNORECASE)
_AMAZON_TAG = re.compile(r"https?://(?:[^/?#]*\.)?amazon\.[a-z]{2,3}(?:\.[a-z]{2})?/[^#]*[?&]tag=[^&#]", re.IGNORECASE)


def names_earner(url: str) -> bool:
    """Whether an address says by a parameter who earns from it."""
    return "?" in url and bool(_PARAMETER.search(url) or _AMAZON_TAG.match(url))


@lru_cache(maxsize=10_000)
def is_counter(host: str) -> bool:
    """Whether a host, or one above it, does nothing but count sales."""
    while host:
        if host in _COUNTING:
            return True
        host = host.partition(".")[2]
    return False


def counts_sales(url: str) -> bool:
    """Whether an absolute http(s) address is an affiliate link by either mark."""
    host = _HOST.match(url)
    return names_earner(url) or (host is not None and is_counter(host[1].lower()))
