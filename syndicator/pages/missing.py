"""Pages that answer as if they were there and are not: soft 404s, parked domains, empty shells.

Precision comes first, since a page that is called missing is not shared: a title must say it as a whole, there must be
hardly anything else to read, and nothing may be dated as an article is. A page that scripts fill in is not judged.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from syndicator import urls
from syndicator.pages.document import Document, attribute
from syndicator.pages.phrases import FOR_SALE, NO_SITE, NOT_FOUND

#: So many words outside of menus and footers and a page has something to say, however it is called; if title and
#: heading agree that it was not found, the words are those of a search form and a list of other posts.
ENOUGH_WORDS, MANY_WORDS = 150, 400

_PARKING = frozenset({
    "sedoparking.com", "parkingcrew.net", "bodis.com", "parklogic.com", "above.com", "hugedomains.com", "dan.com",
    "afternic.com", "undeveloped.com", "uniregistry.com", "uniregistrymarket.link", "domainmarket.com",
    "buydomains.com", "cashparking.com", "ztomy.com", "skenzo.com", "voodoo.com", "dsparking.com", "smartname.com",
    "domainnamesales.com", "parking.namebright.com", "parked.porkbun.com", "parking-page.com", "parkingpage.com",
    "d38psrni17bvxu.cloudfront.net", "mydomaincontact.com", "perfectdomain.com", "iseaskies.com",
})  # fmt: skip
_PARKING_PATHS = re.compile(r"//img1\.wsimg\.com/parking-lander/|/universal/scripts-compressed/parking-page-")
_TO_LANDER = re.compile(r"location(?:\.href)?\s*=\s*[\"'](?:https?://[^\"'/]+)?/lander\b")

_BETWEEN_PARTS = re.compile(r"\s+[-–—|·•:»«/~]+\s+|\s*[|»«•。！]\s*")
_SIGH = re.compile(
    r"^(?:(?:we're |i'm )?(?:so )?sorry|oops|ooops|oh no|uh[ -]oh|whoops|ups|oups|hoppla|ops|error)\b[\W_]*"
)
_ONLY_404 = re.compile(
    r"(?:(?:http|error|erreur|fehler|fout|erro|errore|chyba|błąd|hata|hiba|fel|fejl|feil|virhe|ошибка|помилка|خطأ|エラー)\W*)?"
    r"(?:code\W*)?404(?:\W*(?:error|fehler|page|エラー|错误))?"
)
_FRAMES = "script[src], iframe[src], frame[src]"
_CONTENT = "script, img, picture, video, audio, iframe, frame, frameset, object, embed, canvas, svg, form"


@dataclass(frozen=True, slots=True)
class Signs:
    """What about a page speaks for its being missing. `titled` and `headed` say which names say so."""

    parked: str = ""
    wordpress: bool = False
    titled: str = ""
    headed: str = ""
    for_sale: str = ""
    no_site: str = ""
    hollow: bool = False

    def __bool__(self) -> bool:
        return self != Signs()


def signs(page: Document, titles: tuple[str, ...], heading: str, sends_to: str) -> Signs:
    """Look for signs in a page, its `titles` and first `heading`, and in where it sends its readers at once."""
    body = page.tree.body
    classes = attribute(body, "class").split() if body is not None else []
    names = (*titles, heading)
    return Signs(
        parked=_parking_host(page, sends_to),
        wordpress="error404" in classes,
        titled=next((title for title in titles if says_not_found(title)), ""),
        headed=heading if says_not_found(heading) else "",
        for_sale=next((name for name in names if _says_for_sale(name)), ""),
        no_site=next((name for name in names if NO_SITE.fullmatch(_plain(name))), ""),
        hollow=not any(names) and not page.metas and page.tree.css_first(_CONTENT) is None,
    )


def verdict(found: Signs, words: int, *, is_dated: bool) -> str:
    """Why the page is not what a reader came for, as the end of a sentence; "" when it may be.

    `words` are those outside of its menus and footers. `is_dated`: it says when it was published, as articles do.
    """
    if found.wordpress:
        return "its blog says that it was not found (error404)"
    if is_dated:
        return ""
    if found.parked and words < ENOUGH_WORDS * 2:
        return f"its domain is parked ({found.parked})"
    named = found.titled or found.headed
    if named and words < (MANY_WORDS if found.titled and found.headed else ENOUGH_WORDS):
        return f"it says that it was not found (“{named[:80]}”)"
    if found.for_sale and words < ENOUGH_WORDS:
        return f"its domain seems to be for sale or parked (“{found.for_sale[:80]}”)"
    if found.no_site and words < MANY_WORDS:
        return f"there is no site, only its server’s own page (“{found.no_site[:80]}”)"
    return "it is empty" if found.hollow and not words else ""


def says_not_found(title: str) -> bool:
    """Whether a title, or one of its parts, says that a page was not found and nothing else."""
    return any(_means_not_found(part) for part in _parts(title))


def _says_for_sale(title: str) -> bool:
    return any(FOR_SALE.fullmatch(_plain(part)) for part in _parts(title))


def _parts(title: str) -> tuple[str, ...]:
    """A title, and what stands in it between the marks that sites put around names."""
    return (title, *_BETWEEN_PARTS.split(title))


def _means_not_found(text: str) -> bool:
    text = _plain(text)
    if _ONLY_404.fullmatch(text):
        return True
    return NOT_FOUND.fullmatch(_plain(_ONLY_404.sub("", text, count=1))) is not None


def _plain(text: str) -> str:
    """A title in the one form that phrases are compared in."""
    text = unicodedata.normalize("NFKC", text[:300]).lower().replace("’", "'")
    return _trimmed(_SIGH.sub("", _trimmed(" ".join(text.split()))))


def _trimmed(text: str) -> str:
    """A text without punctuation, symbols and spaces around it; marks that belong to letters stay."""
    words = [place for place, mark in enumerate(text) if unicodedata.category(mark)[0] not in "PSZ"]
    return text[words[0] : words[-1] + 1] if words else ""


def _parking_host(page: Document, sends_to: str) -> str:
    links = [page.url, sends_to]
    links += [page.address(attribute(node, "src")) for node in page.tree.css(_FRAMES)[:100]]
    for link in links:
        host = urls.host(link) if link else ""
        if any(host == name or host.endswith(f".{name}") for name in _PARKING) or _PARKING_PATHS.search(link):
            return host
    root = page.tree.css_first("html")
    if root is not None and "data-adblockkey" in root.attributes:
        return "data-adblockkey"
    return "lander" if any(_TO_LANDER.search(node.text()) for node in page.tree.css("script:not([src])")[:3]) else ""
