"""Article × account → Draft: the exact text, measured by the network's own rule. Pure.

What strangers wrote is made neutral first: no control characters, and nothing that a network would take for a mention,
a link or a tag. When a text is too long the summary gives way first, then the credit as a whole, then the title; a URL
never does, and a note of one's own is posted whole or not at all. Whom to credit, and how, is for `credit` to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from platforms import text
from platforms.base import Card, Draft, Image, Limits
from syndicator.articles import Article
from syndicator.settings import AccountTable

#: What an account says when its settings have no template. A linkblog shows the link itself.
TEMPLATES = {"linkblog": "{title}"}
DEFAULT_TEMPLATE = "{title}\n{credit}\n{url}"

#: Fields in the order in which they give way to a length limit; a credit goes as a whole before the title is cut.
_GIVE_WAY = ("summary", "tags", "author", "site", "title")
_BEFORE_THE_CREDIT = _GIVE_WAY[:-1]


class TooLong(Exception):
    """Not even the URL fits this network's limit; the message says so."""


def compose(
    article: Article,
    account: AccountTable,
    limits: Limits,
    *,
    site_title: str = "",
    say: str = "",
    image_alt: str = "",
    credit: str = "",
) -> Draft:
    """The exact content for one account. `say` is the owner's own text, used instead of the title.

    `image_alt` tells what the article's picture shows, to those who can't see it. `credit` is a line of the owner's
    that names the author; it is there in full, or not at all.
    Raises TooLong when no shortening makes it fit.
    """
    is_note = article.kind == "notes"
    url = None if is_note else article.url
    template = "{title}" if is_note else template_of(account)
    fields = _fields(article, site_title, say or article.title, own_words=bool(say) or article.kind != "curated")
    fields["credit"] = credit
    warning = account.content_warning.strip() if limits.warnings else ""
    room = replace(limits, length=limits.length - text.graphemes(warning)) if limits.length else limits
    body, image = None, _attached(article, account, limits, image_alt)
    if is_note:
        body = _uncut(fields["title"], room, account.platform)
    if image:
        body = _whole(template if "{url}" in template else template + "\n{url}", fields, room)
    if body is None:
        image, body = None, _whole(template, fields, room) or _squeezed(template, fields, room)
    if body is None:
        raise TooLong(f"{article.url} does not fit the {limits.length} characters of {account.platform}")
    card = _card(article, site_title, image_alt if account.picture != "none" else None, limits)
    return Draft(
        text=body,
        url=url,
        card=card if url and limits.card == "client" and not image else None,
        language=_language(article),
        visibility=account.visibility,
        warning=warning,
        image=image,
    )


def template_of(account: AccountTable) -> str:
    """What an account's posts of articles are made by."""
    return account.template or TEMPLATES.get(account.platform, DEFAULT_TEMPLATE)


def without_credit(said: str, credit: str) -> str:
    """A text as it is without its credit: with the line that had nothing else gone, and no gap where it was."""
    lines = [(line, line.replace(credit, "").strip() if credit in line else line) for line in said.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(left for line, left in lines if left or not line)).strip()


def price_of(draft: Draft, limits: Limits) -> float:
    """What a network charges for a draft as it stands, in US dollars; a bare domain in its text is a link as well."""
    return limits.price_with_url_usd if draft.url is not None else text.price(draft.text, limits)


def _uncut(words: str, room: Limits, platform: str) -> str:
    """My own words as they are; the end of them may be what they are about."""
    if words and text.fits(words, room):
        return words
    length = text.measure(words, room)
    remedy = f"give it other words there, after [on {platform}]"
    raise TooLong(f"this note has {length} characters, {platform} takes {room.length}: {remedy}")


def _fields(article: Article, site_title: str, title: str, *, own_words: bool) -> dict[str, str]:
    """The template's fields. Only the owner's own words may mention anybody, link or be tagged."""
    clean = _own if own_words else text.neutral
    return {
        "title": clean(title),
        "url": "" if article.kind == "notes" else article.url,
        "author": text.neutral(article.author),
        "site": text.neutral(site_title) or text.neutral(article.site),
        "summary": text.neutral(article.summary),
        "tags": " ".join(dict.fromkeys(tag for tag in map(_hashtag, article.tags) if tag)),
    }


def _own(words: str) -> str:
    """My own words without what is invisible, and without large gaps."""
    return text.clean_newlines(text.plain(words))


def _attached(article: Article, account: AccountTable, limits: Limits, alt: str) -> Image | None:
    """The article's picture, if it is to be attached, somebody says what it shows, and the network takes pictures."""
    wanted = account.picture == "attach" and article.kind != "notes" and limits.images > 0
    if not (wanted and article.image and (shows := _alt(alt, limits))):
        return None
    return Image(article.image, shows)


def _alt(words: str, limits: Limits) -> str:
    """What a picture shows, as long as the network takes it."""
    longest = limits.alt_length
    return text.shorten(text.neutral(words), lambda shorter: longest is None or len(shorter) <= longest)


def _whole(template: str, fields: dict[str, str], limits: Limits) -> str | None:
    """The template filled so that it fits; None if nothing but the link would be left of it."""
    body = _fit(template, fields, limits)
    return None if body == fields["url"] and _fill(template, fields) != body else body


def _squeezed(template: str, fields: dict[str, str], limits: Limits) -> str | None:
    """What is left where there is no room for words beside the link: the words, if a card carries it, else the link."""
    without = _fit(template.replace("{url}", ""), fields, limits) if limits.card == "client" and fields["url"] else None
    return without or _fit(template, fields, limits)


def _fit(template: str, fields: dict[str, str], limits: Limits) -> str | None:
    """Fill the template so that it fits, with the credit if the title stays whole; None if nothing makes it fit."""
    credited = _shortened(template, fields, limits, _BEFORE_THE_CREDIT) if fields["credit"] else None
    return credited or _shortened(template, {**fields, "credit": ""}, limits, _GIVE_WAY)


def _shortened(template: str, fields: dict[str, str], limits: Limits, giving_way: tuple[str, ...]) -> str | None:
    """Fill the template, shortening field after field until it fits; None if even empty fields leave it too long."""
    fields = dict(fields)

    def fits_as(name: str) -> Callable[[str], bool]:
        return lambda value: text.fits(_fill(template, {**fields, name: value}), limits)

    for name in giving_way:
        if text.fits(_fill(template, fields), limits):
            break
        if "{" + name + "}" in template:
            fields[name] = text.shorten(fields[name], fits_as(name))
    body = _fill(template, fields)
    return body if body and text.fits(body, limits) else None


def _fill(template: str, fields: dict[str, str]) -> str:
    """The template with its fields; a line whose fields are all empty goes, an empty line of the template stays."""
    lines = []
    for line in template.splitlines():
        filled = re.sub(r"{(\w+)}", lambda match: fields.get(match[1], ""), line).strip()
        if filled or not line.strip():
            lines += [part.strip() for part in filled.splitlines()] or [""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _hashtag(tag: str) -> str:
    """`static sites` → `#staticsites`; empty when nothing is left that can be a hashtag."""
    word = re.sub(r"\W", "", tag)
    return f"#{word}" if word and not word.isdigit() else ""


def _card(article: Article, site_title: str, image_alt: str | None, limits: Limits) -> Card:
    """The link preview; without the picture if `image_alt` is None."""
    host = article.site.partition("/")[0]
    return Card(
        url=article.url,
        title=text.neutral(article.title),
        description=text.neutral(article.summary),
        image=None if image_alt is None else article.image,
        image_alt=_alt(image_alt or "", limits),
        site=text.neutral(site_title) or article.site,
        site_url=f"https://{host}/" if host else "",
        author=text.neutral(article.author),
    )


def _language(article: Article) -> str | None:
    """The primary code of the declared language (`pt-BR` → `pt`); None when nobody says, since a guess misleads."""
    code = (article.language or "").strip().lower().replace("_", "-").partition("-")[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else None
