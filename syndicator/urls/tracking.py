"""Query parameters that say how a reader came, never what is shown. Data, and one question asked of it.

Names with one well-known meaning go from every address; short or common ones only on the hosts that give them that
meaning, or with a value that can mean nothing else. What might choose the content stays: a parameter too many makes an
address long, one too few makes it another page. Compiled from the documentation of the tools that set them and from
public lists of such parameters (ClearURLs, AdGuard, Brave), read November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote_plus

_ANYWHERE = re.compile(
    r"""
    (utm|itm|mtm|pk|piwik|matomo|hsa|vero|oly|sfmc|bsft)_.* | __hs.* | _hs(enc|mi) | hsctatracking
    | hmb_(campaign|medium|source) | fbclid | fb_(action_ids|action_types|ref|source) | action_(object|ref|type)_map
    | mibextid | igsh(id)? | twclid | ttclid | rdt_cid | li_fat_id | epik | __twitter_impression
    | gcl(id|src) | gad_(source|campaignid) | gs_l | dclid | [gw]braid | srsltid | _g[al] | msclkid
    | ys?clid | _openstat | rb_clickid | sc_c(id|mp) | s_(cid|kwcid) | ef_id | sscid | tblci | vgo_ee
    | mc_([ce]id|tc) | mkt_tok | ml_subscriber(_hash)? | wickedid | _kx | __s | dm_i | trk_(contact|msg|module|sid)
    | sp(mailing|user|job|report)id | elq(track|trackid|campaignid)? | cm_mmc.* | wt[_.]z?mc(_id)? | wtrid | xtor | ncid
    | cmpid | icid | ftag | ns_(mchannel|source|campaign|linkname|fee)
    | at_(medium|campaign|custom\d|link_\w+|bbc_team|ptr_name|format) | sara_(ref|ecid) | ftcamp
    | guccounter | guce_referrer(_sig)? | _branch_(match_id|referrer) | sr_share | phpsessid | jsessionid
    """,
    re.VERBOSE,
)

#: By the host, or the end of it: "x.com" speaks for "mobile.x.com" too.
_ON_HOST: Mapping[str, re.Pattern[str]] = {
    host: re.compile(names)
    for hosts, names in (
        ("youtube.com youtu.be", "si|feature|pp|ab_channel"),
        ("spotify.com", "si|nd|dlsi"),
        ("x.com twitter.com", "s|t|cxt|ref_src|ref_url"),
        ("facebook.com", r"__(cft|xts)__.*|__tn__|hc_.*|ref|refsrc|fref|rdid|share_url|eav|paipv|_rdr"),
        ("instagram.com threads.com threads.net", "xmt|slof"),
        ("linkedin.com", "trk|trackingid|lipi|rcm|midtoken|midsig|originalsubdomain"),
        ("reddit.com", "share_id|rdt|ref|ref_source|correlation_id"),
        ("tiktok.com", "_t|_r|is_copy_url|is_from_webapp|sender_device"),
        ("medium.com", "source"),
        ("substack.com", "r|s|showwelcome|isfreemail|triedredirect|publication_id|post_id"),
        ("nytimes.com", "smid|smtyp|emc|rref|partner|te|nl|campaign_id|instance_id|segment_id|user_id|regi_id"),
        ("theguardian.com", "cmp"),
        ("bbc.com bbc.co.uk", "ocid"),
        ("washingtonpost.com", "wpisrc|wpmm|itid"),
        ("economist.com", "fsrc"),
        ("wsj.com", "mod|reflink"),
        ("bloomberg.com", "srnd|sref|leadsource"),
        ("ft.com", "segmentid|sharetype"),
    )
    for host in hosts.split()
}

#: Names that mean many things, and the values with which they mean only this.
_BY_FEED = re.compile(r"(?:rss|atom|feed|feedburner|feedly)(?:[12]|feed|[-_.].*)?", re.IGNORECASE)
_BY_SITE = re.compile(
    r"twitter|facebook|mastodon|bluesky|linkedin|hackernews|hn|producthunt|newsletter|email"
    r"|(?:[a-z0-9-]+\.)+[a-z]{2,24}",  # newsletters and blogs of some makes write their own host there
    re.IGNORECASE,
)
_WITH_VALUE: Mapping[str, tuple[re.Pattern[str], ...]] = {
    **dict.fromkeys(("source", "src", "from", "via", "medium", "cmp", "cid", "partner"), (_BY_FEED,)),
    **dict.fromkeys(("ref", "referrer", "referer"), (_BY_FEED, _BY_SITE)),
    "ref_src": (_BY_FEED, _BY_SITE, re.compile("twsrc.*")),
    "feature": (re.compile(r"share|youtu\.be"),),
}


def tracks(part: str, host: str) -> bool:
    """Whether one `name=value` of a query, as it stands in the address, is only for tracking; `host` in lower case."""
    name, _, value = part.partition("=")
    name = unquote_plus(name).lower()
    if _ANYWHERE.fullmatch(name):
        return True
    if (told := _of_host(host)) and told.fullmatch(name):
        return True
    value = unquote_plus(value)
    return any(pattern.fullmatch(value) for pattern in _WITH_VALUE.get(name, ()))


def _of_host(host: str) -> re.Pattern[str] | None:
    while host:
        if found := _ON_HOST.get(host):
            return found
        host = host.partition(".")[2]
    return None
