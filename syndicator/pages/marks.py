"""What a page says against sharing it: that it costs money, that it is for adults, that it only sends readers on.

Precision comes first: only declarations made for machines and the markup of known paywalls count, never words, so an
article about paywalls is no mark. `noarchive` is none either: it asks search engines not to keep a copy.
"""

from __future__ import annotations

from syndicator.pages.claims import Claims
from syndicator.pages.document import Document
from syndicator.sources import weblinks

#: Elements that are there only for readers who may not read on, and whose they are.
_PAYWALLS = {
    "aside.gh-post-upgrade-cta, .gh-post-upgrade-cta-content": "Ghost",
    "#leaky_paywall_message, .leaky_paywall_message_wrap": "Leaky Paywall",
    '.paywall[data-testid="paywall"]': "Substack",
    "article.meteredContent": "Medium",
    ".mepr-unauthorized-message": "MemberPress",
    ".wc-memberships-content-restricted-message": "WooCommerce Memberships",
    ".pmpro_content_message": "Paid Memberships Pro",
}
_ANY_PAYWALL = ", ".join(_PAYWALLS)
_TIERS = {"locked", "metered"}
_RTA = "RTA-5042-1996-1400-1577-RTA"  # https://www.rtalabel.org
_AT_ONCE = 1  # seconds


def paywall(page: Document, schema: Claims) -> str:
    """Why this page is not free to read, as far as it says so; "" where it does not.

    Counts what JSON-LD says (`schema`), Facebook's `article:content_tier`, and the markup of well-known paywalls.
    """
    tier = page.meta("article:content_tier").lower()
    if schema.closed or tier in _TIERS:
        return schema.closed or f"its publisher calls it {tier} (article:content_tier)"
    if page.tree.css_first(_ANY_PAYWALL) is None:
        return ""
    shown = next((whose for selector, whose in _PAYWALLS.items() if page.tree.css_first(selector) is not None), "")
    return f"it ends at a paywall ({shown})" if shown else ""


def is_adult(page: Document) -> bool:
    """Whether the page rates itself as for adults only, by the two labels that search engines obey."""
    ratings = [content.strip() for name, content in page.metas if name in {"rating", "http-equiv:rating"}]
    return any(rating.lower() == "adult" or _RTA in rating.upper() for rating in ratings)


def refresh(page: Document) -> str:
    """Where the page sends every reader within a second (`<meta http-equiv=refresh>`), "" where it lets them stay."""
    content = next((content for name, content in page.metas if name == "http-equiv:refresh"), "")
    seconds, link = weblinks.in_refresh(content)
    target = page.address(link) if seconds <= _AT_ONCE else ""
    return "" if target.partition("#")[0] == page.url.partition("#")[0] else target
