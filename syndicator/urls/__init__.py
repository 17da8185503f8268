"""Web addresses: taken apart as browsers do it, brought to one form, and what they mean to us.

`forms` says what is the same page, the same site, mine; `weburl` how an address is built. The rest are its rules.
"""

from syndicator.urls.forms import (
    canonical,
    host,
    is_front_page,
    is_web,
    is_whole_host,
    page_of,
    resolve,
    same_site,
    site_of,
    with_fragment,
)
from syndicator.urls.same_page import page_key

__all__ = [
    "canonical",
    "host",
    "is_front_page",
    "is_web",
    "is_whole_host",
    "page_key",
    "page_of",
    "resolve",
    "same_site",
    "site_of",
    "with_fragment",
]
