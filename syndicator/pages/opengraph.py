"""OpenGraph and Twitter cards: the words and the picture that a page offers for its link preview.

Rules: https://ogp.me (first of several values wins, structured properties follow the picture they describe) and X's
card documentation. Names may stand in `property` or `name`; both are common.
"""

from __future__ import annotations

from dataclasses import dataclass

from syndicator.pages.claims import Claims
from syndicator.pages.document import Document, plain


@dataclass(slots=True)
class _Picture:
    url: str = ""
    alt: str = ""


def opengraph(page: Document) -> Claims:
    """What the `og:` and `article:` properties say. An author who is only a profile's address is no name."""
    picture = _picture(page)
    author = page.meta("article:author", "og:article:author")
    return Claims(
        title=page.title("og:title"),
        description=page.meta("og:description"),
        site_name=page.meta("og:site_name"),
        author="" if "://" in author else author,
        language=page.meta("og:locale"),
        image=picture.url,
        image_alt=picture.alt,
        published=page.meta("article:published_time", "og:article:published_time", "article:published"),
    )


def twitter(page: Document) -> Claims:
    """What a Twitter card says; its `site` and `creator` are handles, no names."""
    return Claims(
        title=page.title("twitter:title"),
        description=page.meta("twitter:description"),
        image=page.address(page.meta("twitter:image", "twitter:image:src")),
        image_alt=page.meta("twitter:image:alt"),
    )


def _picture(page: Document) -> _Picture:
    """The first picture with an address; each `og:image` starts one, what follows describes it."""
    pictures = [_Picture()]
    for name, content in page.metas:
        if name == "og:image":
            pictures.append(_Picture(page.address(content)))
        elif name == "og:image:url":
            pictures[-1].url = pictures[-1].url or page.address(content)
        elif name == "og:image:secure_url":
            pictures[-1].url = page.address(content) or pictures[-1].url
        elif name == "og:image:alt":
            pictures[-1].alt = pictures[-1].alt or plain(content)
    return next((picture for picture in pictures if picture.url), _Picture())
