"""What a carrier's sentence says of a parcel, where no table knows its codes.

Rules in order, the first that fits counts: what went wrong before what went well, because "not
delivered", "out for delivery" and "will be delivered" hold the same word as "delivered". Patterns
are looked for in folded text: lower case, no accents, single blanks. English, French, German,
Spanish, Italian, Dutch, Polish and Chinese share the rules; no pattern of one language is an
ordinary word of another with another meaning.
"""

import re
import unicodedata

from server.pod.carriers.states import State

_RULES: tuple[tuple[State, tuple[str, ...]], ...] = (
    (
        "returned",
        (
            r"(?<!being )returned to (the )?(sender|shipper|origin)",
            r"(retourne|renvoye|restitue)e? a l.?expediteur",
            r"zuruck(gesandt|gesendet)|an (den )?absender zuruckgegeben",
            r"devuelt[oa] al? (remitente|origen)",
            r"restituit[oa] al mittente",
            r"(teruggestuurd|geretourneerd|retour bezorgd)",
            r"zwrocon[oay] do nadawcy",
            r"退货签收|退件签收|已退回",
        ),
    ),
    (
        "returning",
        (
            r"return(ing|ed|s)? (shipment|to (the )?(sender|shipper))",
            r"being returned|return initiated",
            r"retour (a l.?expediteur|en cours|vers l.?expediteur)",
            r"rucksend|(geht|wird) .*zuruck|zuruck an (den )?absender",
            r"(en )?devolucion",
            r"in restituzione|reso al mittente|rientro al mittente",
            r"retour (naar )?(de )?afzender",
            r"zwrot (do|przesylki)|zwracan",
            r"退回|退件|退货|拦截",
        ),
    ),
    (
        "cancelled",
        (
            r"cancel+ed|voided",
            r"annulee?\b",
            r"storniert",
            r"cancelad[oa]|anulad[oa]",
            r"annullat[oa]",
            r"geannuleerd",
            r"anulowan",
            r"取消",
        ),
    ),
    (
        "attempt_failed",
        (
            r"unsuccessful|not (been )?(able|possible) to (be )?deliver|unable to (be )?deliver",
            r"(could|can)( ?not|n.t) (be )?deliver|not (yet )?(been )?delivered|undeliver",
            r"delivery (was )?(fail|unsuccess|not possible)|fail(ed|ure)?( to)? deliver",
            r"attempted delivery|(delivery )?attempt( fail)?$",
            r"delivery attempt|missed delivery|card left",
            r"(customer|recipient|consignee|receiver|addressee) (was )?(not (available|in)|absent)",
            r"not at home|nobody (at )?home|business (was )?closed|refused|redirected",
            r"pas (pu etre|ete) (livre|distribue|remis)|echec de (la )?livraison|avis de passage",
            r"(tentative|presentation) .*(livraison|infructueu)",
            r"destinataire absent|refus(e|ee)? par",
            r"nicht (\w+ )?(zugestellt|angetroffen)|zustellversuch|annahme ?verweiger|verweigert",
            r"zustellung .*(nicht|fehlgeschlagen|erfolglos)|nicht zustellbar",
            r"no (se )?(ha )?(podido|pudo) entregar",
            r"no (ha sido |fue )?entregad[oa]|intento de entrega",
            r"(destinatario|cliente) ausente|rechazad[oa]|rehusad[oa]",
            r"mancata consegna|non (e stat[oa] )?consegnat|tentativo di consegna|rifiutat",
            r"destinatario assente",
            r"niet (\w+ )?(bezorgd|afgeleverd|thuis)|bezorgpoging|geweigerd|kon .*niet",
            r"nie (zostala? |udalo sie )?dorecz|niedoreczon|nieudan|odmow[ail]|nieobecn|\bawizo\b",
            r"(派送|投递|派件)(失败|异常)|未妥投|拒收|拒签|无法联系|无人|重新派送|电话错误|地址不详|不详细",
        ),
    ),
    (
        "in_transit",
        (
            (
                r"delivered to (the |a |our )?(local |next |partner |destination |delivery )?"
                r"(carrier|courier|depot|facility|airport|airline|hub|warehouse|terminal|customs)"
            ),
            r"(remis|livre) (au|a la) (transporteur|plateforme)",
        ),
    ),
    (
        "at_centre",
        (
            r"parcel ?shop|pick-?up point|left with agent|collection point",
            r"(ready|available|waiting|awaiting) (for )?(your )?(pick-?up|collection)",
            r"point (relais|de retrait)|disponible en (agence|bureau)",
            r"paketshop|abholbereit|zur abholung|liegt .*(filiale|packstation)",
            r"punto (de recogida|di ritiro)|in giacenza|afhaalpunt|ligt klaar",
            r"punkt(u|cie)? odbioru|gotowa do odbioru|待取|已放入",
        ),
    ),
    (
        "customs",
        (
            r"customs|clearance|douan|zoll(?!stock)|aduan|dogan|sdogan|odpraw\w* celn|urz\w+ celn",
            r"清关|海关|报关",
        ),
    ),
    ("delivered", (r"异常后最终签收",)),
    (
        "exception",
        (
            r"damaged|\blost\b|delay|addressing error|(wrong|incorrect|incomplete|bad) address",
            r"exception|on hold|\bheld\b|mis-?(sort|rout)|unclaimed|discarded|weather",
            r"endommage|\bperdue?\b|\bretard|anomalie|incident|adresse (incomplete|incorrecte)",
            r"beschadigt|verloren|verzoger|verspat|fehlgeleitet|fehlleitung",
            r"adresse .*(unvollstandig|fehlerhaft|falsch)",
            r"danad[oa]|extraviad|retras|incidencia|direccion (incorrecta|incompleta|erronea)",
            r"danneggiat|smarrit|ritardo|anomalia|indirizzo (errato|incompleto)",
            r"beschadigd|vermist|vertrag(ing|d)|onjuist adres",
            r"uszkodzon|zagubi|opozni|bledny adres",
            r"破损|丢失|遗失|延迟|超时|异常|问题件|错分|超区",
        ),
    ),
    (
        "out_for_delivery",
        (
            r"out for delivery|(on|onto|in) (\w+ )?(board|vehicle|van) for delivery",
            r"(gone|went) out on|with (the |your )?(courier|driver)",
            r"shipment in delivery|in delivery",
            r"on (its|the) way to (the |its )?(consignee|recipient|receiver|customer|addressee)",
            r"en (cours de )?(livraison|distribution|tournee)|mis en livraison",
            r"in (der )?zustellung|zustellfahrzeug|heute .*zugestellt|in auslieferung",
            r"en reparto|salio a reparto|ruta de entrega|in consegna",
            r"bezorger|in bezorging|vandaag (\w+ )?bezorgd|onderweg naar (de )?(ontvanger|u\b)",
            r"w doreczeniu|(wydan|przekazan)\w* (kurierowi )?do doreczenia|wydan\w+ kurierowi",
            r"派件中|派送中|正在派|投递中|派件员",
        ),
    ),
    (
        "in_transit",
        (
            r"(will|shall|to|should|may) be delivered",
            r"being delivered|(before|until|once) delivered",
            r"(sera|etre) (livre|distribue|remis)e?",
            r"(wird|werden|soll|kann)\b.* zugestellt|zugestellt werden",
            r"(sera|ser) entregad[oa]|(sara|essere|verra) consegnat[oa]",
            r"(wordt|worden|zal)\b.* (bezorgd|afgeleverd)|(zostanie|bedzie) (dorecz|dostarcz)on",
        ),
    ),
    (
        "picked_up",
        (
            r"consegnat[oa] al (corriere|vettore)",
            r"entregad[oa] (al|por el) (transportista|remitente)",
        ),
    ),
    (
        "delivered",
        (
            r"\bdelivered\b|delivery (was )?(complete|confirmed|successful)|successful delivery",
            r"(picked up|collected) by (the )?(customer|recipient|consignee|receiver|addressee)",
            r"(signed|received) (for )?by (the )?(customer|recipient|consignee|receiver|addressee)",
            r"\b(est|a ete|bien) (livre|distribue)e?\b|^(livre|distribue)e?\b",
            r"remise? au destinataire|livraison (effectuee|reussie|terminee)",
            r"zugestellt|zustellung erfolgreich|vom empfanger abgeholt",
            r"\bentregad[oa]\b|entrega (realizada|efectuada)",
            r"\bconsegnat[oa]\b|consegna (effettuata|completata)",
            r"\b(bezorgd|afgeleverd)\b|door (de )?ontvanger (opgehaald|afgehaald)",
            r"\b(doreczon|dostarczon)[oay]\b|odebran[oay] przez (odbiorc|adresat)",
            r"(?<!未)(?<!待)(?<!备)签收|妥投|投递成功|已送达",
        ),
    ),
    (
        "info_received",
        (
            r"label (created|printed)|electronic|pre-?advice|pre-?transit|pre-?alert",
            r"info(rmation)?( \w+)? received",
            r"(information|data) (\w+ )?(sent|received|submitted|transmitted|uploaded|entered)",
            r"data was entered|shipment (processed|fulfilled)|^processed$|inventory allocated",
            r"(in|being) prepar|awaiting item|booked|order (created|placed|received)",
            r"informations? (recue|transmise)|en (cours de )?preparation|bientot nous etre confie",
            r"etiquette (creee|imprimee)|annonce(e)? par l.?expediteur",
            r"angekundigt|auftragsdaten|sendungsdaten|versand vorbereitet|avisiert",
            r"informacion (recibida|enviada)|etiqueta|prerregistr|pendiente de recogida",
            r"informazioni (ricevute|inviate)|etichetta|in preparazione|dati (ricevuti|inviati)",
            r"aangemeld|voormelding|label aangemaakt|gegevens (ontvangen|verzonden)",
            r"zarejestrowan|\bdane\b|etykiet|przygotowan",
            r"待揽|已下单|暂无|已创建|信息已|无信息",
        ),
    ),
    (
        "picked_up",
        (
            r"picked ?up|pick-?up (complete|scan)|collected|origin scan|dropped off|drop-?off",
            r"handed over (to|by)|received your parcel|in possession|accept(ed|ance)",
            r"(received|registered) (at origin|by the post)",
            r"(pris|prise) en charge|depose|collectee?\b|enlevee?\b|ramassee?\b",
            r"abgeholt|eingeliefert|ubernommen",
            r"recogid[oa]|admitid[oa]|recepcionad",
            r"ritirat[oa]|pres[oa] in carico|accettat[oa]",
            r"opgehaald|afgehaald|aangenomen",
            r"odebran[oay]|nadan[oay]\b|przyjet",
            r"揽收|揽件|已揽|已取件|已收件",
        ),
    ),
    (
        "in_transit",
        (
            r"depart|\bleft\b|dispatched|outgoing|forwarded|crossing",
            r"\bparti\b|quitte|remis au transporteur",
            r"verlassen|weitergeleitet|abgefahren|salida|ha salido|partit[oa]|vertrokken",
            r"wyjecha|opusci|离开|发往|发件|发出",
        ),
    ),
    (
        "at_centre",
        (
            (
                r"(arriv\w*|incoming|scanned|processed|sorted|grouped|tendered|received|is|^at|item)"
                r" .*\b(facility|hub|depot|cent(re|er)|office|location|terminal|station|operator)"
            ),
            r"arrived\b|\bsorted\b|(parcel|delivery|distribution|sorting) (delivery )?cent(re|er)",
            r"centre de (tri|distribution)|site de livraison|agence|bureau de poste",
            r"zustellbasis|paketzentrum|verteilzentrum|niederlassung|sortier",
            r"centro de (distribucion|clasificacion|reparto)|delegacion|almacen",
            r"centro (di )?(smistamento|distribuzione)|filiale|smistamento",
            r"sorteercentrum|distributiecentrum|gesorteerd",
            r"sortowni|oddzial|centrum logistyczn|magazyn",
            r"到达|转运中心|网点|分拣|分拨",
        ),
    ),
    (
        "in_transit",
        (
            r"transit|on the way|on its way|en route|underway|shipped|arriving|arrival|at local",
            r"achemin|expediee?\b|pays du destinataire",
            r"unterwegs|transport|versandt|en camino|en ruta|enviad[oa]|expedid[oa]",
            r"in viaggio|spedit[oa]|onderweg|verzonden|w drodze|wyslan|w trasie",
            r"在途|运输|途中|转寄",
        ),
    ),
)
_COMPILED = tuple((state, re.compile("|".join(rules))) for state, rules in _RULES)
_SEAMS = re.compile(r"(?<=[a-z])(?=[A-Z])|[_.\-]+")
_POLISH = str.maketrans("łŁ", "lL")


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_POLISH))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(bare.casefold().replace("’", "'").split())


def state_of(text: str) -> State:
    """`unknown` where no rule fits."""
    said = folded(text)
    return next((state for state, rule in _COMPILED if rule.search(said)), "unknown")


def words_of(code: str) -> str:
    """`OUT_FOR_DELIVERY` and `OutForDelivery` as words."""
    return " ".join(_SEAMS.sub(" ", code).split())
