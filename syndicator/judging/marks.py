"""What marks an article as paid for, or as not for everybody's eyes: its tags, its title, its addresses. Pure.

Only marks that hardly mean anything else stand here: an article is turned down for them, and its source is trusted
less.
"""

from __future__ import annotations

import re
from functools import lru_cache

from syndicator import affiliate
from syndicator.articles import Article
from syndicator.judging.places import host_of

# What publishers write over articles that somebody paid for, by law in most countries. Casefolded.
_PAID = r"""
    sponsored([ ](post|content|article|story|links?))? | paid[ ](post|content|partnership) | advertisement | advertorial
    | (partner|branded)[ ]content | (contains[ ])?affiliate[ ]links?
    | (bezahlte[ ])?(anzeige|werbung|werbeanzeige)(/(anzeige|werbung))? | gesponsert | reklame | sponset | sponsrad
    | (article|contenu)?[ ]?sponsorisé | publicité | publi-?rédactionnel | gesponsord | advertentie
    | (contenido[ ]|conteúdo[ ])?patrocinad[oa] | publicidad | publicidade | publirreportaje
    | pubblicità | (articolo[ ])?sponsorizzat[oa] | реклама | на[ ]правах[ ]рекламы
    | 広告 | 記事広告 | 広告記事 | 廣告 | 赞助
"""
# Apart from a title's other words these mean the same; as a tag they may name a subject (Active Directory, design).
_PAID_TAG = re.compile(_PAID, re.VERBOSE)
_PAID_TITLE = re.compile(rf"{_PAID} | ads? | advert | promo(ted)? | (sponsored|paid[ ]for)[ ]by\b.*", re.VERBOSE)
_PAID_BRACKET = re.compile(rf"{_PAID_TITLE.pattern} | paid | pr", re.VERBOSE)
_ADULT_TITLE = re.compile(r"nsfw | 18\+ | xxx | adults[ ]only | adult[ ]content", re.VERBOSE)
_ADULT_TAG = re.compile(rf"{_ADULT_TITLE.pattern} | adult | porno?(graphy)? | erotica | hentai", re.VERBOSE)

# What stands apart in a title: in brackets anywhere, before a colon, bar or dash at its start, or as a hashtag.
_APART = re.compile(
    r"[\[(【［（]\s*(?P<inside>[^\])】］）]{2,30}?)\s*[\])】］）]"
    r"|^\W*(?P<before>[^:：|–—]{2,30}?)\s*(?:[:：|–—]|\s-\s)"
    r"|\#(?P<hashtag>\w{2,30})"
)
_SIGN_OF_APART = re.compile(r"[\[(【［（:：|–—#]|\s-\s")

#: More than this share of its links, and no fewer than so many, make an article a list of things to buy.
_MOST_SALES, _FEWEST_SALES = 0.5, 3


def paid(article: Article) -> str:
    """What says that somebody pays for this article to be read; empty when nothing does."""
    tags = (tag for tag in article.tags if _is_paid_tag(tag))
    if mark := next((f"tag {tag!r}" for tag in tags), "") or _titled(article.title, _PAID_TITLE, _PAID_BRACKET):
        return f"sponsored: its {mark} says so"
    host = host_of(article)
    if affiliate.is_counter(host):
        return f"affiliate link: {host} counts sales"
    if affiliate.names_earner(article.url):
        return "affiliate link: its address names who earns from it"
    if article.sales >= _FEWEST_SALES and article.sales > article.links * _MOST_SALES:
        return f"affiliate: {article.sales} of its {article.links} links count sales"
    return ""


def adult(article: Article) -> str:
    """What says that this is for adults; empty when nothing does."""
    tags = (tag for tag in article.tags if _is_adult_tag(tag))
    mark = next((f"tag {tag!r}" for tag in tags), "") or _titled(article.title, _ADULT_TITLE, _ADULT_TITLE)
    return f"adult: its {mark} says so" if mark else ""


def _titled(title: str, marks: re.Pattern[str], in_brackets: re.Pattern[str]) -> str:
    if not _SIGN_OF_APART.search(title):
        return ""
    for apart in _APART.finditer(title):
        wanted = in_brackets if apart["inside"] else marks
        words: str = apart["inside"] or apart["before"] or apart["hashtag"]
        if wanted.fullmatch(words.casefold()):
            return f"title ({apart[0].strip()})"
    return ""


# Tags come again and again.


@lru_cache(maxsize=10_000)
def _is_paid_tag(tag: str) -> bool:
    return _PAID_TAG.fullmatch(tag.casefold().removeprefix("#")) is not None


@lru_cache(maxsize=10_000)
def _is_adult_tag(tag: str) -> bool:
    return _ADULT_TAG.fullmatch(tag.casefold().removeprefix("#")) is not None
