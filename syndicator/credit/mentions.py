"""Which handles are mentions on their network, and whom a text mentions there. Pure."""

from __future__ import annotations

import re

from ledger.entry import Identity
from ledger.who import UnknownWho, identity
from platforms import text

#: As Mastodon's own extractor has it (`Account::MENTION_RE`), and stricter: a host name in ASCII, without a port.
_FEDIVERSE = re.compile(
    r"[a-z0-9_]{1,64}(?:[.-][a-z0-9_]{1,64}){0,8}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
#: As loosely as any server or app may read them: who is taken for named by mistake is only spared.
_WRITTEN = {
    "mastodon": re.compile(
        r"(?<![=/\w])@(\w{1,64}(?:[.-]+\w{1,64}){0,8}(?:@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})?)", re.ASCII
    ),
    "x": re.compile(r"(?<![\w@＠/])[@＠](\w{1,15})(?![\w@＠])", re.ASCII),
}
_LONGEST = 200
_MOST = 20


def mention(who: Identity) -> str:
    """The handle as its network takes it for a mention; "" for what is none there, or no handle at all.

    Only Mastodon and Bluesky: nobody is to be called unasked on X, and a mention is none elsewhere.
    """
    if len(who.handle) > _LONGEST or not who.handle.isascii():
        return ""
    written = f"@{who.handle}"
    if who.network == "mastodon":
        return written if _FEDIVERSE.fullmatch(who.handle) else ""
    if who.network == "bluesky":
        whole = text.Facet("mention", 0, len(written), who.handle)
        return written if text.facets(written) == (whole,) else ""
    return ""


def mentions(said: str, who: Identity) -> bool:
    """Whether a text mentions somebody, as their network sees it."""
    if who.network == "bluesky":
        return any(each.type == "mention" and each.value.lower() == who.handle for each in text.facets(said))
    wanted = re.escape(who.handle)
    return bool(re.search(rf"(?<![=/\w])@{wanted}(?![\w@]|[.-]+\w)", said, re.IGNORECASE | re.ASCII))


def mentioned(said: str, network: str, host: str = "") -> tuple[Identity, ...]:
    """Everybody whom a text calls on a network, in their order. On Mastodon a bare `@name` lives on my own `host`."""
    if network == "bluesky":
        handles = [each.value for each in text.facets(said) if each.type == "mention"]
    elif network in _WRITTEN:
        handles = _WRITTEN[network].findall(said)
    else:
        return ()
    if network == "mastodon":
        handles = [each if "@" in each else f"{each}@{host}" for each in handles if "@" in each or host]
    found: dict[Identity, None] = {}
    for handle in handles:
        try:
            found.setdefault(identity(f"{network}:{handle}"))
        except UnknownWho:
            continue
    return tuple(found)[:_MOST]
