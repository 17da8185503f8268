"""`[accounts.NAME]`: one login on one network."""

from __future__ import annotations

import math
import re
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from syndicator.settings.pacing import Mix, Plan
from syndicator.settings.table import Table
from syndicator.times import Clock, Quiet, Span

#: What makes a mention, a hashtag or a cashtag of the word that follows, in all its forms.
_CALLING = r"([@＠﹫#＃﹟$＄﹩]){(\w+)}"


class AccountTable(Table, frozen=True):
    """One `[accounts.NAME]`: a network's own options, and any key of `[plan]` for this account alone.

    `picture` is where an article's picture goes: onto the link card, attached to the post (with its alternative text;
    without one it stays on the card), or nowhere. `content_warning` hides every post of the account behind these words.
    With `collect` off nothing is read of what others did there; unset, nothing where that costs money and there is no
    budget. With `blogroll` the curated sources are published in its `folder`, but for those that are private.
    """

    platform: str
    server: str = ""
    handle: str = ""
    visibility: Literal["public", "unlisted", "private", "direct"] = "public"
    template: str = ""
    approve: Literal["auto", "ask"] = "auto"
    monthly_budget_usd: float | None = None
    folder: str = ""
    title: str = ""
    url: str = ""
    blogroll: bool = False
    file: str = ""
    domain: str = ""
    syndicate_to: tuple[str, ...] = ()
    picture: Literal["card", "attach", "none"] = "card"
    content_warning: str = ""
    collect: bool | None = None
    per_day: int | UnsetType = UNSET
    min_gap: Span | UnsetType = UNSET
    quiet: Quiet | UnsetType = UNSET
    slots: tuple[Clock, ...] | UnsetType = UNSET
    spread: bool | UnsetType = UNSET
    jitter: Span | UnsetType = UNSET
    stagger: Span | UnsetType = UNSET
    mix: Mix | UnsetType = UNSET
    max_age: Span | UnsetType = UNSET
    grace: Span | UnsetType = UNSET
    author_gap: Span | UnsetType = UNSET
    note_gap: Span | UnsetType = UNSET
    first_run: int | UnsetType = UNSET
    catch_up: Literal["expire", "trickle", "skip"] | UnsetType = UNSET
    topics: tuple[str, ...] | UnsetType = UNSET
    min_score: float | UnsetType = UNSET

    def __post_init__(self) -> None:
        """A template names what a draft has and calls nobody, a budget is an amount, and a server an address."""
        for field in re.findall(r"{([^{}]*)}", self.template):
            if field not in TEMPLATE_FIELDS:
                known = ", ".join("{" + name + "}" for name in TEMPLATE_FIELDS)
                raise ValueError(f"the template names {{{field}}}; it may use {known}")
        if calling := re.search(_CALLING, self.template):
            sign, field = calling[1], calling[2]
            raise ValueError(
                f"the template has {sign} before {{{field}}}: that would call or tag whatever a stranger wrote there;"
                f" write {{{field}}} without it, {{tags}} for hashtags, or {{credit}} to name the author"
            )
        if self.monthly_budget_usd is not None and not 0 <= self.monthly_budget_usd < math.inf:
            raise ValueError("monthly_budget_usd must be zero or more")
        if self.server and not self.server.startswith(("https://", "http://")):
            raise ValueError(f"the server {self.server!r} is no address; write {_address_for(self.server)}")
        if self.blogroll and not self.folder:
            raise ValueError("blogroll = true needs a folder to write it into")
        self.plan(Plan())

    def plan(self, common: Plan) -> Plan:
        """The pacing of this account: its own keys over the common ones."""
        own = {key: getattr(self, key) for key in Plan.__struct_fields__ if getattr(self, key) is not UNSET}
        return msgspec.structs.replace(common, **own)


def _address_for(server: str) -> str:
    """What is meant by a host alone; an example for anything else."""
    return (
        f"https://{server}" if re.fullmatch(r"[\w.-]+(:\d+)?(/\S*)?", server) else "for example https://example.social"
    )


TEMPLATE_FIELDS = ("title", "url", "author", "credit", "site", "summary", "tags")
