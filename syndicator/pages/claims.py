"""What one vocabulary of a page says of it. Every reader gives Claims; `read` decides whom to believe."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claims:
    """Texts are plain, addresses absolute, `language` and `published` as written; "" for what is not said.

    `closed` says in words why the page is not free to read.
    """

    title: str = ""
    description: str = ""
    site_name: str = ""
    author: str = ""
    language: str = ""
    image: str = ""
    image_alt: str = ""
    published: str = ""
    closed: str = ""
