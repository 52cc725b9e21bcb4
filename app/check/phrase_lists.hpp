// The words that `phrases` looks for, each list in one text with "|" between them: in lower case, as `lower_text` makes
// it, in the languages of shops. Add what is missing; the corpus in tests/verdicts tells what it breaks.
#pragma once

#include <string_view>

namespace check::phrase_lists {

// clang-format off
// What a sentence says is missing: a page ...
inline constexpr std::string_view kPages =
    "what you were looking for|what you're looking for|what you are looking for|what you've requested|"
    "das gesuchte|ce que vous cherchez|lo que buscas|lo que buscabas|quello che cerchi|destination|"
    "this account|page|url|link|site|content|resource|file|document|address|seite|inhalt|lien|página|pagina|enlace|conteúdo|"
    "strona|strony|sida|sidan|side|siden|sivu|stránka|stránku|sayfa|oldal|ページ|页面|頁面|网页|"
    "페이지|страница|страницу|страницы";

// ... or a product.
inline constexpr std::string_view kProducts =
    "product|item|offer|listing|deal|promotion|campaign|property|article|coupon|course|produkt|artikel|angebot|"
    "produit|offre|annonce|producto|artículo|articulo|oferta|anuncio|prodotto|articolo|offerta|annuncio|produto|"
    "artigo|anúncio|vara|varan|varen|tuote|ürün|produs|termék|商品|상품|товар|aanbieding|program|"
    "merchant|store";

// What is wrong with it: it was never there, or nobody knows ...
inline constexpr std::string_view kMissing =
    "has vanished|vanished|has disappeared|disappeared|went missing|gone missing|has gone|got lost|nowhere to be found|"
    "not found|cannot be found|can't be found|can not be found|could not be found|couldn't be found|wasn't found|"
    "isn't found|unable to find|can't find|cannot find|can not find|couldn't find|could not find|couldn't locate|"
    "could not locate|doesn't exist|does not exist|no longer exist|didn't find|did not find|isn't here|"
    "is not here|is missing|never existed|doesn't seem to exist|nicht gefunden|nicht finden|existiert nicht|"
    "existiert leider nicht|existiert nicht mehr|gibt es nicht|nicht vorhanden|nicht mehr vorhanden|introuvable|"
    "n'existe pas|n'existe plus|pas été trouvé|non trouvé|pas trouvé|impossible de trouver|no encontrad|"
    "no existe|no se encuentra|no se ha encontrado|no se encontró|no se pudo encontrar|no hemos encontrado|"
    "no pudimos encontrar|no encontramos|non trovat|non esiste|stata trovata|stato trovato|non è stata trovata|"
    "non è stato trovato|niet gevonden|bestaat niet|niet vinden|não encontrad|não existe|não foi encontrad|"
    "não foi possível encontrar|não encontramos|nie znaleziono|nie została znaleziona|nie istnieje|"
    "nie została odnaleziona|nie został znaleziony|nie znaleźliśmy|hittades inte|finns inte|hittas inte|"
    "inte hitta|kunde inte hittas|ikke fundet|findes ikke|ikke findes|ikke finde|eksisterer ikke|ikke funnet|"
    "finnes ikke|fant ikke|ei löyty|ei löydy|ei ole olemassa|nenalezen|nebyla nalezena|neexistuje|bulunamadı|"
    "nu a fost găsit|nu există|nem található|nem létezik|見つかりません|存在しません|"
    "みつかりません|ありません|不存在|找不到|未找到|没有找到|無法找到|"
    "찾을 수 없|존재하지 않|не найден|не существует|δεν βρέθηκε";

// ... or it is over.
inline constexpr std::string_view kUnavailable =
    "taken down|has been retired|been suspended|is suspended|been deactivated|has been deleted|been withdrawn|has closed|is closed|over now|is over|"
    "no longer available|not available anymore|not available any more|isn't available|is not available|"
    "is unavailable|unavailable|has expired|is expired|expired|has been removed|was removed|been deleted|"
    "has ended|is gone|no longer active|is inactive|not active|has been discontinued|is discontinued|"
    "has moved or|no longer offered|no longer valid|no longer sold|nicht mehr verfügbar|nicht mehr erhältlich|"
    "nicht mehr lieferbar|nicht verfügbar|nicht mehr im sortiment|abgelaufen|wurde entfernt|"
    "n'est plus disponible|plus disponible|a expiré|a été supprimé|ya no está disponible|"
    "no está disponible|ya no disponible|ha caducado|ha expirado|non è più disponibile|non più disponibile|"
    "scaduta|niet meer beschikbaar|niet langer beschikbaar|niet meer leverbaar|verlopen|"
    "não está mais disponível|já não está disponível|não está disponível|nie jest już dostępn|"
    "nie jest dostępn|wygasł|inte längre tillgänglig|inte tillgänglig|finns inte längre|"
    "ikke længere tilgængelig|ikke lenger tilgjengelig|販売を終了|販売終了|取り扱いを終了|"
    "公開終了|已下架|已失效|판매 종료|больше не доступ";

// Whole headlines.
inline constexpr std::string_view kHeadlines =
    "404|410|404 error|error 404|http 404|erreur 404|fehler 404|fout 404|errore 404|erro 404|błąd 404|fejl 404|"
    "fel 404|404 fehler|404 not found|not found|nicht gefunden|introuvable|no encontrado|no encontrada|"
    "non trovato|non trovata|niet gevonden|não encontrado|não encontrada|nie znaleziono|ikke fundet|"
    "hittades inte|gone|410 gone|file not found|you're lost|are you lost|looks like you're lost|nothing here|"
    "nothing to see here|there's nothing here|there is nothing here|dead link|dead end|page gone|broken link";

// Cannot be bought.
inline constexpr std::string_view kSoldOut =
    "out of stock|out-of-stock|sold out|currently unavailable|temporarily unavailable|no longer available|"
    "item is unavailable|product is unavailable|product unavailable|item unavailable|not in stock|"
    "no longer in stock|discontinued|notify me when available|notify me when in stock|"
    "notify me when it's available|notify me when back|email me when|email when available|notify when available|"
    "when it's back in stock|when back in stock|listing has ended|listing was ended|bidding has ended|"
    "this listing ended|not available for purchase|no availability|not taking reservations|sold-out|is sold|"
    "unavailable|ausverkauft|nicht verfügbar|nicht auf lager|nicht lieferbar|vergriffen|nicht vorrätig|"
    "nicht mehr verfügbar|nicht mehr lieferbar|nicht mehr erhältlich|benachrichtigen, wenn|"
    "angebot wurde beendet|angebot wurde vom verkäufer beendet|auktion beendet|annonce terminée|vente terminée|"
    "anuncio finalizado|inserzione è terminata|nicht mehr im sortiment|rupture de stock|en rupture|épuisé|indisponible|plus disponible|non disponible|"
    "victime de son succès|plus en stock|agotado|agotada|sin stock|no disponible|fuera de stock|sin existencias|"
    "esaurito|esaurita|non disponibile|uitverkocht|niet op voorraad|niet leverbaar|niet beschikbaar|"
    "niet meer leverbaar|esgotado|esgotada|indisponível|fora de estoque|sem estoque|sem stock|avise-me quando|"
    "brak w magazynie|niedostępny|niedostępna|wyprzedan|brak towaru|powiadom o dostępności|slutsåld|"
    "slut i lager|ej i lager|tillfälligt slut|inte i lager|finns ej i lager|udsolgt|ikke på lager|utsolgt|"
    "loppuunmyyty|ei varastossa|loppu varastosta|vyprodáno|není skladem|vypredané|tükendi|stokta yok|"
    "stoc epuizat|indisponibil|elfogyott|nincs raktáron|在庫切れ|売り切れ|品切れ|在庫なし|"
    "お取り扱いできません|お取り扱いしておりません|完売|販売終了|缺货|售罄|"
    "无货|缺貨|售完|已下架|품절|нет в наличии|распродано|"
    "снят с производства";

// Beginnings of what says that it can.
inline constexpr std::string_view kInStock =
    "in stock|available now|only |auf lager|sofort lieferbar|lieferbar|verfügbar|en stock|disponible|"
    "disponibile|op voorraad|em estoque|em stock|disponível|dostępny|w magazynie|i lager|på lager|varastossa|"
    "skladem|stokta|在庫あり|有货|в наличии";

// Controls that buy.
inline constexpr std::string_view kCart =
    "add to cart|add to bag|add to basket|add to trolley|add to my bag|add to order|add to shopping|buy now|"
    "buy it now|buy |purchase now|order now|book now|reserve now|see all buying options|pre-order|preorder|"
    "pre order|get it now|select options|choose options|select size|select a size|choose a size|"
    "see buying options|shop now|place bid|enroll now|start free trial|get started|check availability|i'll reserve|"
    "reserve|book tickets|get tickets|buy tickets|find tickets|"
    "in den warenkorb|in den einkaufswagen|jetzt kaufen|jetzt buchen|jetzt bestellen|vorbestellen|in die tasche|"
    "zum warenkorb|tickets kaufen|karten kaufen|ajouter au panier|acheter|commander|réserver|précommander|ajouter à mon panier|"
    "añadir al carrito|añadir a la cesta|agregar al carrito|añadir a la bolsa|comprar|reservar|"
    "aggiungi al carrello|acquista|compra ora|prenota|in winkelwagen|in winkelmand|in mijn winkelwagen|"
    "toevoegen aan|bestellen|koop nu|nu kopen|boek nu|adicionar ao carrinho|adicionar à sacola|"
    "adicionar ao cesto|do koszyka|kup teraz|lägg i varukorg|lägg i kundvagn|köp|læg i kurv|"
    "læg i indkøbskurv|køb|legg i handlekurv|kjøp|lisää ostoskoriin|osta |do košíku|koupit|sepete ekle|"
    "hemen al|adaugă în coș|kosárba|カートに入れる|カートに追加|カートへ|かごに入れる|"
    "かごに追加|今すぐ購入|加入购物车|立即购买|加入購物車|장바구니|구매하기|"
    "в корзину|купить";

// Robots kept out.
inline constexpr std::string_view kWalls =
    "just a moment|attention required! | cloudflare|checking your browser|"
    "checking if the site connection is secure|verify you are human|verify you're human|"
    "verify that you are human|verifying you are human|verify you are a human|verify that you're not a robot|"
    "are you a human|are you human|are you a robot|not a robot|robot check|robot or human|"
    "enter the characters you see below|type the characters you see|pardon our interruption|unusual traffic|"
    "access to this page has been denied|access to this site has been denied|"
    "request unsuccessful. incapsula|you have been blocked|you've been blocked|security check|"
    "please complete the security check|complete the captcha|solve the captcha|enter the captcha|press & hold|"
    "press and hold|enable javascript and cookies to continue|please enable cookies|ddos protection by|"
    "sucuri website firewall|radware captcha|think that you are a bot|"
    "human verification|bot verification|automated access|unusual activity|"
    "suspicious activity|too many requests|rate limit exceeded|before you continue to|one more step|"
    "the request could not be satisfied|this request was blocked|request blocked|your request has been blocked|"
    "reference id:|reference #|not available in your country|not available in your region|"
    "not available in your location|kein roboter|sind sie ein mensch|sicherheitsüberprüfung|zugriff verweigert|"
    "êtes humain|êtes un humain|pas un robot|accès refusé|accès interdit|vérification de sécurité|"
    "no soy un robot|no eres un robot|eres humano|acceso denegado|non sono un robot|non sei un robot|"
    "accesso negato|geen robot|toegang geweigerd|não sou um robô|não é um robô|acesso negado|"
    "nie jestem robotem|nie jesteś robotem|dostęp zabroniony|ロボットではありません|"
    "アクセスが拒否|验证|不是机器人|я не робот";

// The same, where nothing else is said: there are products against it.
inline constexpr std::string_view kWallsAlone = "access denied|captcha";

// Parked domains.
inline constexpr std::string_view kForSale =
    "domain is for sale|domain may be for sale|domain name is for sale|domain for sale|buy this domain|"
    "is for sale on|inquire about this domain|domain is parked|parked domain|parked free|domain has expired|"
    "domain name has expired|this domain is registered|diese domain steht zum verkauf|domain kaufen|"
    "domaine est à vendre|nom de domaine est à vendre|dominio está en venta|dominio è in vendita|"
    "domein is te koop|domein te koop|domain name is available|website is for sale|future home of";

// Pages before the page.
inline constexpr std::string_view kInterstitials =
    "are you over 18|are you over 21|are you 18|are you 21|age verification|verify your age|confirm your age|"
    "you must be 18|you must be 21|of legal drinking age|enter your date of birth|age check|altersprüfung|"
    "bist du über 18|sind sie über 18|vérification de l'âge|avez-vous plus de 18|verificación de edad|"
    "eres mayor de edad|verifica dell'età|choose your country|select your country|choose your region|"
    "select your region|choose your location|select your location|choose a country|select a country|"
    "country selector|where are you shopping|land auswählen|wählen sie ihr land|choisissez votre pays|"
    "sélectionnez votre pays|selecciona tu país|elige tu país|seleziona il tuo paese|kies je land|"
    "kies uw land|sign in|log in|login|anmelden|einloggen|se connecter|connexion|iniciar sesión|accedi|inloggen|"
    "entrar|zaloguj|under maintenance|be right back|be back soon|down for maintenance|scheduled maintenance|"
    "wartungsarbeiten|en maintenance|en mantenimiento|in manutenzione|opening soon|enter store using password|"
    "cookie consent|we value your privacy|before you continue|accept cookies|waiting room|you are now in line|"
    "you are in line|virtual queue|warteraum|file d'attente";

// What else may not be had, beside the product.
inline constexpr std::string_view kBesides =
    "delivery|shipping|pickup|pick-up|pick up|collection|collect|in-store|gift wrap|finance|reviews|chat|video|engraving|"
    "versand|lieferung|abholung|livraison|retrait|envío|recogida|spedizione|ritiro|bezorging|afhalen|entrega|frete|"
    "retirada|dostawa|odbiór|leverans|levering|trial|preview|sample|in your area|for your location|in your location";

// Words around "sold out" that name nothing which could be.
inline constexpr std::string_view kNeutral =
    "a|an|the|this|that|it|it's|is|are|was|has|have|been|now|we|we're|our|for|at|of|in|and|but|sorry|unfortunately|"
    "currently|temporarily|completely|already|online|moment|time|status|stock|availability|available|event|show|concert|"
    "course|workshop|price|regular|sale|unit|per|from|usd|eur|gbp|chf|you|your|selected|requested|looking|apologies|notice|"
    "der|die|das|dieser|diese|dieses|ist|sind|sie|es|und|im|zur|zurzeit|zeit|derzeit|leider|aktuell|momentan|bereits|"
    "schon|vorübergehend|verfügbarkeit|lagerbestand|bestand|lieferstatus|lager|veranstaltung|konzert|kurs|preis|"
    "ce|cet|cette|est|le|la|les|l'|désolé|actuellement|momentanément|temporairement|malheureusement|déjà|disponibilité|"
    "spectacle|prix|este|esta|está|el|lo|los|actualmente|temporalmente|ya|sentimos|disponibilidad|estado|evento|precio|"
    "questo|questa|è|il|attualmente|momentaneamente|temporaneamente|purtroppo|disponibilità|spiacenti|prezzo|stato|"
    "dit|deze|het|de|helaas|tijdelijk|momenteel|op|beschikbaarheid|voorraad|prijs|o|os|as|um|uma|no|atualmente|"
    "temporariamente|infelizmente|momento|disponibilidade|preço|ten|ta|to|jest|obecnie|niestety|chwilowo|dostępność|cena|"
    "ne|n'est|pas|non|not|no|nicht|niet|inte|ikke|nie|denna|detta|den|är|tyvärr|just|nu|för|tillfälligt|tillfället|tillgänglighet|lagerstatus|denne|dette|er|desværre|dessverre";
inline constexpr std::string_view kThis =
    "this |the product|the item|dieser |diese |dieses |der artikel|das produkt|ce |cet |cette |este |esta |questo |questa |"
    "dit |deze |ten |ta |to |denna |detta |denne |dette |この|当商品|此|该|이 ";
inline constexpr std::string_view kNeutralWide =
    "現在|只今|ただいま|申し訳|誠に|この|こちら|当商品|商品|在庫|状況|目前|暂时|暫時|该|此|已经|库存|현재|상품|죄송|재고";

// Beginnings of headlines of results.
inline constexpr std::string_view kSearches =
    "search results|results for|search result|0 results|no results|search:|search for|you searched for|"
    "suchergebnis|0 treffer|ergebnisse für|résultats pour|résultats de recherche|resultados de|"
    "resultados para|risultati per|risultati della ricerca|zoekresultaten|resultaten voor|wyniki wyszukiwania|"
    "sökresultat|søgeresultat|検索結果";

// clang-format on

}  // namespace check::phrase_lists
