"""How pages say in many languages that they are not there, or that their domain is for sale.

Each phrase is a regular expression in lower case, for what `missing` has brought into one form: no leading sighs, no
marks around it, straight apostrophes. To add a language, add its line; each is compared with a whole title, or with all
that stands between two bars or dashes of one.
"""

from __future__ import annotations

import re

_NOT_FOUND = (
    # English
    (
        r"(?:(?:the|this|that|your|requested) )*(?:page|post|article|file|content|document|url|story|resource|entry)"
        r"(?: (?:you (?:requested|are looking for|were looking for)|requested))?"
        r"(?: (?:was |is )?not found| (?:could not|couldn't|cannot|can't|can not) be found| no longer exists"
        r"| (?:does not|doesn't) exist(?: anymore)?| (?:is )?(?:missing|unavailable|gone)"
        r"| (?:isn't|is not|is no longer) available(?: anymore)?| has been (?:removed|deleted))"
    ),
    r"(?:not|nothing) found|we (?:could not|couldn't|can't|cannot) find (?:that|this|the|your) page",
    r"http status 404.*|410 gone|page gone",
    # German, Dutch
    r"(?:(?:die|diese) )?(?:angeforderte )?(?:web)?seite (?:wurde |konnte )?(?:leider )?nicht gefunden(?: werden)?",
    r"(?:(?:die|diese) )?(?:web)?seite (?:existiert|gibt es)(?: leider)? nicht(?: mehr)?|(?:inhalt )?nicht gefunden",
    r"(?:(?:de|deze) )?(?:opgevraagde )?pagina (?:is |werd |kon )?niet (?:gevonden|worden gevonden)|niet gevonden",
    r"(?:de|deze) pagina bestaat niet(?: meer)?",
    # French, Spanish, Portuguese, Italian, Romanian, Catalan, Galician
    r"(?:(?:la|cette) )?page (?:demandée )?(?:est )?(?:non trouvée|introuvable|inexistante)",
    r"(?:la|cette) page (?:demandée )?(?:n'existe (?:pas|plus)|n'a pas été trouvée)",
    r"(?:(?:la|esta) )?página (?:no (?:encontrada|disponible|existe)|no ha sido encontrada)|no encontrad[oa]",
    r"no se (?:ha encontrado|encontró|ha podido encontrar|encuentra) la página|(?:la|esta) página no existe",
    r"(?:(?:a|esta) )?página não (?:encontrada|existe|foi encontrada|disponível)|não encontrad[oa]",
    r"(?:(?:la|questa) )?pagina (?:non (?:trovata|esiste|disponibile)|inesistente)|non trovat[oa]",
    r"pagin[aă] (?:nu (?:a fost găsită|există|poate fi găsită)|negăsită|inexistentă)",
    r"(?:la )?pàgina no (?:trobada|existeix)|no s'ha trobat la pàgina|páxina non atopada",
    # Swedish, Danish, Norwegian, Finnish
    r"sidan (?:hittades inte|kunde inte hittas|kan inte hittas|finns inte(?: längre)?|saknas)",
    r"siden? (?:blev ikke fundet|kunne ikke findes|findes ikke(?: længere)?|ikke fundet|(?:ble )?ikke funnet)",
    r"(?:siden finnes ikke|fant ikke siden|kunne ikke finne siden)(?: lenger)?",
    r"sivua ei (?:löydy|löytynyt|löydetty|ole(?: olemassa)?)",
    # Polish, Czech, Slovak, Hungarian
    r"nie znaleziono(?: (?:strony|takiej strony))?|stron[ay] nie (?:została znaleziona|istnieje|znaleziono)",
    r"(?:tato )?stránka (?:nenalezena|nebyla nalezena|neexistuje|nenájdená|nebola nájdená|sa nenašla)|nenalezeno",
    r"az? oldal nem (?:található|létezik)|oldal nem található",
    # Russian, Ukrainian, Bulgarian, Serbian, Greek, Turkish
    r"(?:такой )?страниц[аы] не (?:найдена|существует)|(?:такой )?страницы (?:больше )?нет|не найдено",
    r"сторінк[ау] не (?:знайдено|знайдена|існує)|страницата не (?:е намерена|съществува)|страница није пронађена",
    r"(?:η )?σελίδα δεν (?:βρέθηκε|υπάρχει)|(?:aradığınız )?sayfa bulunamadı",
    # Arabic, Persian, Hebrew, Hindi
    r"الصفحة (?:المطلوبة )?غير موجودة|لم يتم العثور على (?:هذه )?الصفحة|(?:صفحه|برگه)(?: مورد نظر)? (?:یافت|پیدا) نشد",
    r"ה?(?:דף|עמוד)(?: המבוקש)? (?:לא נמצא|אינו קיים)|(?:पृष्ठ|पेज) नहीं मिला",
    # Japanese, Chinese, Korean, Vietnamese, Indonesian, Thai
    r"(?:お探しの|指定された|ご指定の)?(?:ページ|記事)(?:が|は)(?:見つかりません(?:でした)?|存在しません|ありません)",
    r"(?:您?(?:访问|请求)的)?(?:页面|网页)(?:未找到|没有找到|找不到了?|不存在|已删除)|(?:找不到|未找到)(?:该|此)?(?:页面|网页)",
    r"(?:頁面|網頁)(?:不存在|找不到|未找到)|找不到(?:該|此)?(?:頁面|網頁)",
    r"(?:요청하신 )?페이지(?:를|가) (?:찾을 수 없습니다|존재하지 않습니다|없습니다)",
    r"(?:không tìm thấy trang|trang không tồn tại)(?: này)?|halaman (?:tidak|tak) ditemukan|ไม่พบหน้า(?:ที่คุณต้องการ|นี้)?",
)
#: Who lets pages stand at the domains that were bought there.
_REGISTRAR = (
    r"(?:[\w-]+\.[a-z]{2,24}|bluehost|dreamhost|dynadot|enom|epik|gandi|godaddy|hostgator|hostinger|infomaniak"
    r"|ionos|loopia|name ?bright|namecheap|name ?silo|network solutions|one\.com|ovh(?:cloud)?|porkbun|sedo"
    r"|strato|transip|united domains)"
)
_FOR_SALE = (
    # English
    (
        r"(?:this|the) (?:premium )?(?:web ?site |web )?domain(?: name)? (?:\S+ )?(?:is|may be|might be|has|has been)"
        r" (?:now |probably )?(?:for sale|parked|available|expired|registered|suspended).*"
    ),
    r"\S+\.[a-z]{2,24} (?:domain (?:name )?)?(?:is|may be) (?:for sale|parked|available for (?:sale|purchase)).*",
    r"this (?:web ?)?site (?:is|may be|might be) (?:now )?for sale(?: by (?:its )?owner)?|\S+\.[a-z]{2,24} for sale",
    r"(?:buy|purchase|own|get) this (?:premium )?domain(?: name)?.*|(?:inquire|enquire) about this domain(?: name)?",
    r"domain (?:name )?(?:is )?(?:for sale|parked|parking|expired)(?:\W+\S+\.[a-z]{2,24})?",
    r"premium domain(?: name)?(?: (?:is )?for sale)?|(?:buy|purchase) \S+\.[a-z]{2,24}\W+premium domain(?: name)?",
    rf"(?:(?:this |the )?domain (?:name )?(?:is )?)?(?:parked|registered) (?:at|by|with) {_REGISTRAR}",
    rf"(?:{_REGISTRAR} |domain |default )?parking page",
    r"this (?:web ?)?(?:page|site) is parked.*|parked domain(?: name)?|(?:\S+ )?parked (?:free|for free).*",
    # German, Dutch
    r"diese (?:web ?site|webseite|internetseite) (?:steht zum verkauf|ist zu verkaufen)|deze web ?site is te koop",
    r"(?:diese |die )?domain (?:\S+ )?(?:(?:steht|ist) )?(?:zum verkauf|zu verkaufen|geparkt).*",
    r"(?:dit |deze )?domein(?:naam)? (?:\S+ )?(?:(?:is|staat) )?(?:te koop|geparkeerd).*",
    # French, Spanish, Portuguese, Italian
    r"ce site(?: web)? est à vendre|este sitio(?: web)? está (?:en|a la) venta|este site está à venda",
    r"questo sito(?: web)? è in vendita",
    r"(?:(?:ce|le) )?(?:nom de )?domaine (?:\S+ )?(?:est )?(?:à vendre|en vente|en parking).*",
    r"(?:(?:este|el) )?dominio (?:\S+ )?(?:está )?(?:en venta|a la venta|aparcado).*",
    r"(?:(?:este|o) )?domínio (?:\S+ )?(?:está )?(?:à venda|estacionado).*",
    r"(?:(?:questo|il) )?dominio (?:\S+ )?(?:è )?(?:in vendita|parcheggiato).*",
    # Swedish, Danish, Norwegian, Polish, Czech
    r"(?:denna |den här )?domän(?:en)? (?:\S+ )?(?:är )?(?:till salu|parkerad).*",
    r"(?:dette )?dom[æe]ne(?:t)? (?:\S+ )?(?:er )?(?:til salg|til salgs|parkert|parkeret).*",
    r"(?:ta )?domena (?:\S+ )?(?:jest )?(?:na sprzedaż|zaparkowana).*|(?:tato )?doména (?:\S+ )?(?:je )?na prodej.*",
    # Russian, Turkish, Japanese, Chinese
    r"(?:этот )?домен(?:ное имя)? (?:\S+ )?(?:прода[её]тся|припаркован|выставлен на продажу).*",
    r"(?:bu )?alan adı (?:\S+ )?satılık(?:tır)?.*",
    r"(?:この)?ドメイン(?:名)?(?:は|を)?.{0,20}(?:販売|売却|売りに出).*|(?:此|该|本)?域名.{0,10}(?:出售|转让).*",
)

#: Titles of pages that a server shows before anybody has put a site there, or after it went.
_NO_SITE = (
    r"apache2? .*default page.*|(?:apache|nginx|http server) test page.*|test page for the (?:apache|nginx|http).*",
    r"welcome to nginx.*|iis windows(?: server)?|default web site page|(?:this )?account (?:has been )?suspended",
    r"site not found.*|there isn't a github pages site here|web server's default page",
    r"future home of something quite cool",
)

NOT_FOUND = re.compile("|".join(_NOT_FOUND))
FOR_SALE = re.compile("|".join(_FOR_SALE))
NO_SITE = re.compile("|".join(_NO_SITE))
