"""Events of any carrier in our words: by code tables where there are some, by their sentences in
eight languages otherwise. Never `delivered` for what is not."""

import json
from collections import defaultdict
from typing import Any, get_args

import pytest

from server.pod.carriers.shapes import Reported
from server.pod.carriers.states import MOVES, STATES, State, follows
from server.pod.carriers.tracking import Codes, in_order, normalised
from server.pod.carriers.wording import state_of
from tests.data import data

WHOLLY = 0.9
MEANT: dict[str, set[State]] = {
    "pending": {"info_received"},
    "picked_up": {"picked_up"},
    "in_transit": {"in_transit", "customs", "at_centre"},
    "out_for_delivery": {"out_for_delivery"},
    "delivered": {"delivered"},
    "delivery_failed": {"attempt_failed", "exception", "returning", "returned"},
    "ready_for_pickup": {"at_centre"},
    "on_hold": {"exception", "customs"},
    "delivery_delayed": {"exception", "attempt_failed"},
    "cancelled": {"cancelled"},
    "return_to_sender": {"returning", "returned"},
}
"""What another normaliser's words may be in ours; ours tell more."""
USUAL: dict[str, State] = {
    "pending": "info_received",
    "picked_up": "picked_up",
    "in_transit": "in_transit",
    "out_for_delivery": "out_for_delivery",
    "delivered": "delivered",
    "delivery_failed": "attempt_failed",
    "ready_for_pickup": "at_centre",
    "on_hold": "exception",
    "delivery_delayed": "exception",
    "cancelled": "cancelled",
    "return_to_sender": "returning",
}
SENTENCES: dict[State, tuple[str, ...]] = {
    "info_received": (
        "The sender has sent us the shipment data electronically",
        "L'étiquette a été créée : étiquette imprimée",
        "Die Sendung wurde elektronisch angekündigt",
        "Etiqueta creada por el remitente",
        "Informazioni ricevute dal mittente",
        "De zending is aangemeld",
        "Przesyłka zarejestrowana w systemie",
        "商家已下单",
    ),
    "picked_up": (
        "Courier has collected the parcel from the sender",
        "Votre colis a été pris en charge",
        "Die Sendung wurde abgeholt",
        "El envío ha sido recogido",
        "La spedizione è stata ritirata",
        "Pakket opgehaald bij de afzender",
        "Przesyłka nadana w placówce",
        "快递员已揽收",
    ),
    "in_transit": (
        "Departed from sort hub",
        "Colis en cours d'acheminement",
        "Die Sendung ist unterwegs",
        "El paquete está en tránsito",
        "La spedizione è in viaggio",
        "Het pakket is onderweg",
        "Przesyłka jest w drodze",
        "快件已发往上海",
    ),
    "customs": (
        "Customs cleared",
        "Dédouanement en cours",
        "Verzollung abgeschlossen",
        "Despacho de aduanas",
        "In dogana",
        "Bij de douane",
        "Odprawa celna zakończona",
        "正在清关",
    ),
    "at_centre": (
        "Arrived at sorting facility",
        "Arrivé au centre de tri",
        "Im Paketzentrum eingetroffen",
        "En el centro de clasificación",
        "Arrivato al centro di smistamento",
        "Aangekomen in het sorteercentrum",
        "Przyjęcie w sortowni",
        "已到达杭州转运中心",
    ),
    "out_for_delivery": (
        "Out for delivery, will be delivered today",
        "Votre colis est en cours de livraison",
        "Die Sendung wurde in das Zustellfahrzeug geladen und wird heute zugestellt",
        "El envío está en reparto",
        "La spedizione è in consegna",
        "De bezorger is onderweg naar u",
        "Przesyłka wydana do doręczenia",
        "派件中，请准备签收",
    ),
    "attempt_failed": (
        "We were not able to deliver: nobody home",
        "Le colis n'a pas pu être livré, destinataire absent",
        "Die Sendung konnte nicht zugestellt werden",
        "No se ha podido entregar: destinatario ausente",
        "Mancata consegna: destinatario assente",
        "Het pakket kon niet worden bezorgd",
        "Nieudana próba doręczenia",
        "派送失败，收件人无人",
    ),
    "delivered": (
        "Delivered, left at front door",
        "Votre colis a été livré",
        "Die Sendung wurde zugestellt",
        "Entregado al destinatario",
        "La spedizione è stata consegnata",
        "Het pakket is bezorgd",
        "Przesyłka została doręczona",
        "您的快件已签收",
    ),
    "exception": (
        "Parcel damaged during sorting",
        "Colis endommagé",
        "Die Sendung wurde beschädigt",
        "Envío dañado",
        "Spedizione danneggiata",
        "Pakket beschadigd",
        "Przesyłka uszkodzona",
        "包裹破损",
    ),
    "returning": (
        "Parcel is being returned to the shipper",
        "Retour à l'expéditeur en cours",
        "Rücksendung eingeleitet",
        "En devolución al remitente",
        "Spedizione in restituzione",
        "Retour naar afzender",
        "Zwrot do nadawcy",
        "快件退回中",
    ),
    "returned": (
        "Returned to sender",
        "Colis retourné à l'expéditeur",
        "Sendung zurückgesandt",
        "Devuelto al remitente",
        "Restituito al mittente",
        "Pakket geretourneerd",
        "Przesyłka zwrócona do nadawcy",
        "退货签收",
    ),
    "cancelled": (
        "Shipment cancelled by sender",
        "Envoi annulé",
        "Sendung storniert",
        "Envío anulado",
        "Spedizione annullata",
        "Zending geannuleerd",
        "Przesyłka anulowana",
        "订单已取消",
    ),
}
NOT_DELIVERED = (
    "Your parcel will be delivered tomorrow",
    "The parcel could not be delivered",
    "Parcel not delivered",
    "Expected to be delivered by Friday",
    "Delivered to local courier",
    "Votre colis sera livré demain",
    "Le colis n'a pas été livré",
    "Ihre Sendung wird voraussichtlich morgen zugestellt",
    "Die Sendung wurde leider nicht zugestellt",
    "Será entregado mañana",
    "No entregado",
    "Sarà consegnato domani",
    "Non consegnato",
    "Consegnata al corriere",
    "Wordt morgen bezorgd",
    "Niet bezorgd",
    "Zostanie doręczona jutro",
    "Nie doręczono: adresat nieobecny",
    "未签收",
    "超时未签收",
    "等待签收：待签收",
    "退货签收",
)


@pytest.mark.parametrize("state", SENTENCES)
def test_a_sentence_in_each_of_eight_languages_says_the_state(state: State) -> None:
    assert {text: state_of(text) for text in SENTENCES[state]} == dict.fromkeys(
        SENTENCES[state], state
    )


@pytest.mark.parametrize("text", NOT_DELIVERED)
def test_what_is_not_delivered_is_never_called_so(text: str) -> None:
    assert state_of(text) != "delivered"


def test_a_code_that_is_made_of_words_is_read_where_there_is_no_sentence() -> None:
    assert normalised("OUT_FOR_DELIVERY", "", {}) == "out_for_delivery"
    assert normalised("DeliveryFailure", "Anna", {}) == "attempt_failed"
    assert normalised("X9", "Anna", {}) == "unknown"


def test_the_table_of_codes_counts_before_the_words_but_never_makes_delivered_of_another() -> None:
    codes: Codes = {"20": "at_centre", "30": "delivered"}
    assert normalised("20", "On the way", codes) == "at_centre"
    assert normalised("30", "", codes) == "delivered"
    assert normalised("30", "Delivered to parcel shop, ready for collection", codes) == "at_centre"


def test_a_code_of_two_meanings_is_told_by_the_words_or_by_what_was_before() -> None:
    codes: Codes = {
        "HP": ["in_transit", "at_centre", "exception"],
        "DP": ["at_centre", "delivered"],
    }
    assert normalised("HP", "Parcel damaged", codes) == "exception"
    assert normalised("HP", "", codes, before="picked_up") == "in_transit"
    assert normalised("HP", "", codes, before="customs") == "at_centre"
    assert normalised("DP", "", codes, before="out_for_delivery") == "unknown"


def told(at: int, seq: int, text: str, ref: str = "") -> Reported:
    return Reported(number="N", ref=ref or f"{at}/{seq}", text=text, at=at, seq=seq)


def test_events_stand_in_the_order_of_their_own_time_and_each_once() -> None:
    late, first = told(20, 2, "Out for delivery"), told(10, 1, "Picked up")
    same_time = told(20, 1, "Arrived at depot")
    repeated = told(30, 9, "Delivered", ref=late.ref)
    assert in_order([late, repeated, first, same_time]) == [first, same_time, late]


def test_a_late_event_moves_nothing_unless_it_says_that_it_is_over() -> None:
    assert follows("out_for_delivery", "in_transit", is_late=False) == "in_transit"
    assert follows("out_for_delivery", "in_transit", is_late=True) is None
    assert follows("in_transit", "delivered", is_late=True) == "closed"


def test_nothing_leads_out_of_an_end_and_every_state_is_one_of_ours() -> None:
    assert MOVES.keys().isdisjoint({"closed", "returned", "void", "planned"})
    assert {said for moves in MOVES.values() for said in moves} <= set(STATES)
    assert get_args(State) == STATES


def karrio() -> list[tuple[str, dict[str, Any]]]:
    """Each shipment with its carrier."""
    found = []
    for path in sorted(data("carrier_tracking", "karrio").glob("*.json")):
        for name, value in json.loads(path.read_text("utf-8")).items():
            if not (name.upper().startswith("PARSED") and isinstance(value, list) and value):
                continue
            if isinstance(value[0], list):
                found += [(path.stem, s) for s in value[0] if isinstance(s, dict) and "events" in s]
    return found


def tables() -> dict[str, dict[str, State | list[State]]]:
    """The data set's lists of codes as a site would write them into its setting."""
    listed = json.loads(data("carrier_tracking", "karrio_status_mapping.json").read_text("utf-8"))
    made: dict[str, dict[str, State | list[State]]] = {}
    for carrier, of in listed.items():
        states: dict[str, list[State]] = defaultdict(list)
        for word, codes in of.get("TrackingStatus", {}).items():
            for code in codes:
                if code and word in USUAL and USUAL[word] not in states[code]:
                    states[code].append(USUAL[word])
        made[carrier] = {c: s[0] if len(s) == 1 else s for c, s in states.items()}
    return made


def agreement(codes: dict[str, dict[str, State | list[State]]]) -> tuple[int, int, list[str]]:
    right, asked, false_ends = 0, 0, []
    for carrier, shipment in karrio():
        before: State = "unknown"
        for event in reversed(shipment["events"]):
            code, text = event.get("code") or "", event.get("description") or ""
            got = before = normalised(code, text, codes.get(carrier, {}), before)
            if status := event.get("status"):
                asked += 1
                right += got in MEANT[status]
            if got == "delivered" and status not in ("delivered", None):
                false_ends.append(f"{carrier} {code} {text}")
    return right, asked, false_ends


@pytest.mark.data
@pytest.mark.parametrize("by", ["words", "codes"])
def test_nine_of_ten_events_of_seventeen_carriers_are_understood(by: str) -> None:
    right, asked, false_ends = agreement(tables() if by == "codes" else {})
    assert asked == 118
    assert right == (117 if by == "codes" else 110)
    assert right >= WHOLLY * asked
    assert false_ends == []


@pytest.mark.data
def test_the_measure_notices_a_normaliser_that_always_says_the_same() -> None:
    everywhere: dict[str, dict[str, State | list[State]]] = {
        c: {str(e.get("code") or ""): "in_transit" for _, s in karrio() for e in s["events"]}
        for c, _ in karrio()
    }
    right, asked, _ = agreement(everywhere)
    assert right < WHOLLY * asked


@pytest.mark.data
def test_every_listed_code_is_its_table_s_state() -> None:
    for carrier, codes in tables().items():
        for code, state in codes.items():
            if isinstance(state, str):
                assert normalised(code, "", codes) == state, (carrier, code)


@pytest.mark.data
def test_lists_of_two_other_services_are_read_from_their_words() -> None:
    lists = json.loads(data("carrier_tracking", "status_lists.json").read_text("utf-8"))
    ends = {c for c, text in lists["kdniao"]["codes"].items() if state_of(text) == "delivered"}
    assert ends == {"3", "301", "302", "304", "311"}
    seen = lists["aftership"]["subtags_seen"]
    assert {c for c, text in seen.items() if state_of(text) == "delivered"} == {
        f"Delivered_00{n}" for n in range(1, 6)
    }
