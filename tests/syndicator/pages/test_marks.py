"""Marks against sharing a page: paywalls, adult content, pages that are not there. And what only looks like them."""

import pytest

from syndicator.pages.base import PageFacts
from syndicator.pages.missing import says_not_found
from syndicator.pages.read import read

URL = "https://ada.example/posts/1"
LONG = "<p>" + "A sentence of a long article. " * 100 + "</p>"
SHORT = "<p>Go back to the start page, or search.</p>"


def facts(html: str, url: str = URL) -> PageFacts:
    return read(html.encode(), url)


def ld(fields: str, kind: str = "NewsArticle") -> str:
    return f'<script type="application/ld+json">{{"@type": "{kind}", {fields}}}</script>'


@pytest.mark.parametrize(
    ("html", "says"),
    [
        (ld('"isAccessibleForFree": false'), "isAccessibleForFree"),
        (ld('"isAccessibleForFree": "False"'), "isAccessibleForFree"),
        (ld('"isAccessibleForFree": "http://schema.org/False"'), "isAccessibleForFree"),
        (ld('"hasPart": [{"@type": "WebPageElement", "isAccessibleForFree": false, "cssSelector": ".paid"}]'), "Free"),
        (ld('"isAccessibleForFree": false', "WebPage"), "isAccessibleForFree"),
        ('<meta property="article:content_tier" content="locked">', "locked"),
        ('<meta property="article:content_tier" content="Metered">', "metered"),
        ('<aside class="gh-post-upgrade-cta"><h2>This post is for subscribers only</h2></aside>', "Ghost"),
        ('<div class="mp_wrapper"><div class="mepr-unauthorized-message">Members only</div></div>', "MemberPress"),
        ('<article class="meteredContent"><p>Read the first paragraph</p></article>', "Medium"),
        ('<div data-testid="paywall" class="paywall"><h2>Keep reading</h2></div>', "Substack"),
    ],
)
def test_a_page_that_is_not_free_says_so(html: str, says: str) -> None:
    assert says in facts(f"<title>News</title>{html}{LONG}").paywall


@pytest.mark.parametrize(
    "html",
    [
        "<h1>How paywalls work</h1><p>This article is for subscribers only, they say.</p>",
        '<pre><code>&lt;aside class="gh-post-upgrade-cta"&gt; isAccessibleForFree: false</code></pre>',
        "<style>.gh-post-upgrade-cta { color: red }</style>",
        '<meta name="googlebot" content="noarchive"><meta name="robots" content="noarchive">',
        '<meta property="article:content_tier" content="free">',
        ld('"isAccessibleForFree": true'),
        ld('"isAccessibleForFree": "True", "hasPart": {"isAccessibleForFree": "true"}'),
        ld('"hasPart": {"@type": "Book", "name": "A book", "isAccessibleForFree": false}'),
        ld('"name": "A concert", "isAccessibleForFree": false', "Event"),
        ld('"itemListElement": [{"@type": "NewsArticle", "isAccessibleForFree": false}]', "ItemList"),
        '<div class="paywall-policy">Why we have none</div>',
    ],
)
def test_a_page_about_paywalls_is_free(html: str) -> None:
    assert facts(f"<title>Paywalls</title>{html}{LONG}").paywall == ""


@pytest.mark.parametrize(
    ("head", "adult"),
    [
        ('<meta name="rating" content="adult">', True),
        ('<META NAME="RATING" CONTENT="RTA-5042-1996-1400-1577-RTA">', True),
        ('<meta http-equiv="rating" content="Adult">', True),
        ('<meta name="rating" content="general"><meta name="rating" content="adult">', True),
        ('<meta name="rating" content="general">', False),
        ('<meta name="description" content="adult education">', False),
        ('<meta name="rating" content="4.5">', False),
    ],
)
def test_adult(head: str, adult: bool) -> None:
    assert facts(f"<head>{head}</head>{LONG}").adult is adult


@pytest.mark.parametrize(
    "title",
    [
        "404", "404 Not Found", "Error 404", "404 error", "HTTP 404", "Page not found",
        "Page Not Found – Ada’s site", "404 - Page not found | Site", "Site » 404",
        "Oops! That page can’t be found.", "Sorry, this page isn't available.", "Not Found",
        "Page not found (404)", "Error: Page not found", "Nothing found", "410 Gone",
        "The page you requested was not found", "This page doesn’t exist", "Page no longer exists",
        "Page not found · GitHub", "Seite nicht gefunden", "Die angeforderte Seite wurde leider nicht gefunden",
        "Fehler 404", "404 – Seite nicht gefunden", "Diese Seite existiert nicht mehr", "Pagina niet gevonden",
        "Fout 404", "Page non trouvée", "Page introuvable – Le Site", "Erreur 404", "Cette page n’existe plus",
        "Oups ! Page introuvable", "Página no encontrada", "No se ha encontrado la página",
        "Página não encontrada", "Erro 404", "Pagina non trovata", "Errore 404", "Pagina nu a fost găsită",
        "Pàgina no trobada", "Sidan hittades inte", "Siden blev ikke fundet", "Siden ble ikke funnet",
        "Sivua ei löytynyt", "Nie znaleziono strony", "Strona nie istnieje", "Stránka nenalezena",
        "Az oldal nem található", "Страница не найдена", "Ошибка 404", "Сторінку не знайдено",
        "Η σελίδα δεν βρέθηκε", "Sayfa bulunamadı", "الصفحة غير موجودة", "صفحه یافت نشد", "הדף לא נמצא",
        "पृष्ठ नहीं मिला", "ページが見つかりません", "お探しのページは見つかりませんでした。",
        "页面不存在", "找不到页面", "頁面不存在", "페이지를 찾을 수 없습니다",
        "Không tìm thấy trang", "Halaman tidak ditemukan", "ไม่พบหน้าที่คุณต้องการ",
    ],
)  # fmt: skip
def test_a_soft_404_in_many_languages(title: str) -> None:
    assert "not found" in facts(f"<title>{title}</title><body><h1>Site</h1>{SHORT}").missing
    assert "not found" in facts(f"<title>Site</title><body><h1>{title}</h1>{SHORT}").missing
    assert "not found" in facts(f'<meta property="og:title" content="{title}"><title>Site</title>{SHORT}').missing


@pytest.mark.parametrize(
    "title",
    [
        "How to design a 404 page", "The best 404 pages of 2026", "404 Media", "A scoop – 404 Media",
        "Area code 404", "404 ways to cook an egg", "ModuleNotFoundError: No module named x",
        "Page not found errors in WordPress, fixed", "Lost and found", "Page object model",
        "The page is available", "This article is available in French", "Gone", "Not found guilty",
        "Peugeot 404", "Why the page cannot be found by search engines", "Nothing", "Error",
        "La página que no existe: un cuento", "bash: command not found", "Seite 404 des Romans", "",
    ],
)  # fmt: skip
def test_a_title_that_only_mentions_it_is_none(title: str) -> None:
    assert not says_not_found(title)
    assert facts(f"<title>{title}</title><body><h1>{title}</h1>{SHORT}").missing == ""


@pytest.mark.parametrize(
    "title",
    [
        "example.com - This website is for sale! - example Resources and Information.",
        "example.com | Domain for sale", "Buy example.com - premium domain", "Parked at Loopia",
        "Namecheap Parking Page", "Registered at Namecheap.com", "Domain for sale: example.com",
        "HugeDomains.com - example.com is for sale (Example)", "example.com – Parked Domain", "example.com for sale",
        "This domain is registered with GoDaddy", "example.com - Diese Website steht zum Verkauf! - Informationen",
        "example.com - Ce site web est à vendre ! - exemple Ressources et information.",
        "example.com - Este sitio web está a la venta - Recursos", "The domain name example.com is for sale | Dan.com",
    ],
)  # fmt: skip
def test_a_parked_page_says_so_in_a_part_of_its_title(title: str) -> None:
    assert "for sale or parked" in facts(f"<title>{title}</title>{SHORT}").missing
    assert facts(f"<title>{title}</title>{LONG}").missing == ""


@pytest.mark.parametrize(
    "title",
    [
        "How to buy a domain name", "Buying a premium domain | Ada's garden", "Why my old domain is for sale",
        "What I learnt when my domain expired - Ada", "Parked at the lake - a photo", "Parked by the sea",
        "Domain parking, explained", "Premium domains are a bad idea", "Registered at last", "Parked by Dan",
        "A house for sale | Ada's garden", "Houses for sale", "Is example.com for sale?", "Buy Nothing Day",
        "Designing a better parking page for phones", "This website is for sailors", "Domain for sale signs of old",
    ],
)  # fmt: skip
def test_a_piece_about_domains_is_not_for_sale(title: str) -> None:
    assert facts(f"<title>{title}</title><body><h1>{title}</h1>{SHORT}").missing == ""


@pytest.mark.parametrize(
    "html",
    [
        f"<title>Page not found</title><body><h1>Page not found</h1>{LONG}",
        f"<title>404</title><body><h1>A novel</h1>{LONG}",
        f'<meta property="article:published_time" content="2026-10-01"><title>404 Not Found</title>{SHORT}',
        f"<title>This domain is for sale</title>{LONG}",
        f"<title>Welcome to nginx, a course</title>{LONG * 2}",
        '<title></title><body><div id="root"></div><script src="/app.js"></script>',
        '<body><img src="/comic.png">',
        f'<title>Domains</title><p>I sold mine at <a href="https://sedoparking.com/">Sedo</a>.</p>{SHORT}',
        f'<title>Ads</title><script src="https://www.bodis.com/a.js"></script>{LONG}',
        f'<title>Post</title><body class="error404ish">{SHORT}',
    ],
)
def test_precision_first(html: str) -> None:
    assert facts(html).missing == ""


@pytest.mark.parametrize(
    ("html", "url", "says"),
    [
        (f'<title>Blog</title><body class="error404 wp-theme">{LONG}', URL, "error404"),
        (f"<title>404</title><body><h1>Page not found</h1>{LONG[:1500]}", URL, "“404”"),
        (f"<title>404</title><body><nav>{LONG}</nav>{SHORT}<footer>{LONG}</footer>", URL, "“404”"),
        ("<html><head></head><body></body></html>", URL, "empty"),
        ("", URL, "empty"),
        ("<title>ada.example is for sale</title><p>Make an offer</p>", URL, "for sale"),
        ("<title>ada.example</title><h1>This domain is for sale!</h1>", URL, "for sale"),
        ("<title>ada.example</title><h1>Diese Domain steht zum Verkauf</h1>", URL, "for sale"),
        ("<title>Ce nom de domaine est à vendre</title>", URL, "for sale"),
        ("<title>Este dominio está en venta</title>", URL, "for sale"),
        ("<title>Домен продаётся</title>", URL, "for sale"),
        ("<title>Deze domeinnaam is te koop</title>", URL, "for sale"),
        ("<title>ada.example</title><h1>This domain has expired</h1>", URL, "for sale"),
        ('<title>ada.example</title><script src="//img.sedoparking.com/x.js"></script>', URL, "sedoparking.com"),
        ('<title>x</title><iframe src="https://www.parkingcrew.net/?d=ada.example"></iframe>', URL, "parkingcrew.net"),
        ('<html data-adblockkey="MFww"><title>ada.example</title>', URL, "parked"),
        ('<meta http-equiv="refresh" content="0; url=https://www.hugedomains.com/d/x">', URL, "hugedomains.com"),
        (
            "<title>Ada.com is for sale</title>",
            "https://www.hugedomains.com/domain_profile.cfm?d=ada",
            "hugedomains.com",
        ),
        ('<script>window.onload=function(){window.location.href="/lander"}</script>', URL, "parked"),
        ("<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>If you see this page</p>", URL, "server"),
        ("<title>Apache2 Ubuntu Default Page: It works</title>", URL, "server"),
        ("<title>Account Suspended</title>", URL, "server"),
        ("<title>Site not found · GitHub Pages</title>", URL, "server"),
    ],
)
def test_pages_that_are_not_there(html: str, url: str, says: str) -> None:
    assert says in facts(html, url).missing


@pytest.mark.parametrize(
    ("html", "refresh"),
    [
        ('<meta http-equiv="refresh" content="0; url=/new">', "https://ada.example/new"),
        ('<meta http-equiv="Refresh" content="0;URL=\'https://b.example/x\'">', "https://b.example/x"),
        ('<meta http-equiv="refresh" content="1,/new">', "https://ada.example/new"),
        ('<meta http-equiv="refresh" content="0; /new">', "https://ada.example/new"),
        ('<meta http-equiv="refresh" content="30; url=/new">', ""),
        ('<meta http-equiv="refresh" content="0">', ""),
        ('<meta http-equiv="refresh" content="0; url=https://ada.example/posts/1#top">', ""),
        ('<meta http-equiv="refresh" content="0; url=javascript:alert(1)">', ""),
        ('<meta http-equiv="refresh" content="soon; url=/new">', ""),
        ('<noscript><meta http-equiv="refresh" content="0; url=/no-scripts"></noscript>', ""),
    ],
)
def test_refresh(html: str, refresh: str) -> None:
    assert facts(f"<head>{html}</head>{LONG}").refresh == refresh
