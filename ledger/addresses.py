"""One post has many addresses: gives the one form of them all, so that tellings of one act find each other. Pure.

Only for comparing: what is kept and shown is the address as it was told. Whether two entries tell of one act is left to
`sameact`.
"""

from __future__ import annotations

import re
from functools import cache

#: Posts that are known by a key, whatever their author is called there (a handle, an id, or what they were renamed to).
_KEYED = (
    r"https?://(?:www\.)?(bsky)\.app/profile/[^/?#]+/post/(\w+)/?",
    r"at://[^/?#]+/app\.(bsky)\.feed\.post/(\w+)",
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)(\.com)/(?:i/web|\w+)/status/(\d+)/?",
)
#: A status by ActivityPub's name is the page that a browser is shown: /users/ada/statuses/1 is /@ada/1.
_STATUS = r"(https?://[^/?#]+)/users/([^/?#]+)/statuses/(\w+)/?"
#: How bridges write an act that has no page of its own: the post it was done to, with who did it behind a `#`.
_REACTED = r"#(?:liked|favorited|reblogged|reposted|retweeted)[-_]by[-_]\S+$"

#: `re` looks a pattern up too, but takes as long for it as for matching; most starts meet no such address.
_compiled = cache(re.compile)


def is_plain(urls: str) -> bool:
    """Whether none of the addresses in a text has another form than its own, as far as is soon seen."""
    return not ("/status" in urls or "bsky" in urls or "http:" in urls)


def form(url: str) -> str:
    """The same text for all addresses of one post; whatever is no network's post stays as it is, but for its scheme."""
    if "/status" in url or "bsky" in url:  # no pattern fits anything else, and most addresses are something else
        for pattern in _KEYED:
            if found := _compiled(pattern).fullmatch(url):
                return f"{found[1]}:{found[2]}"
        if found := _compiled(_STATUS).fullmatch(url):
            url = f"{found[1]}/@{found[2]}/{found[3]}"
    return f"https://{url[7:]}" if url.startswith("http://") else url


def reacted_to(url: str) -> str:
    """The post that a bridge's address of a like or boost names; empty for any other address."""
    bare = _compiled(_REACTED).sub("", url)
    return bare if bare != url else ""
