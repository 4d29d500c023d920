"""One event of the log as one event of EPCIS 2.0. Pure: what it needs to know is brought along.

    packing.parcel_packed   packing     the parcel and what was put into it
    packing.pallet_built    packing     the pallet and its parcels
    pod.parcel_loaded       loading     in_progress
    pod.departed            departing   in_transit
    pod.arrived             arriving    in_transit
    pod.stop_closed         accepting   by outcome and reason; a failed attempt: transporting

A record that corrects an earlier one makes that one's event an error, with the id of the right one.
Identifiers are GS1's own where there are any (SSCC, GTIN, GLN), and ours as `urn:dockhand:` where
not. Nobody's name, address or position is in it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from server.insights.epcis.hashing import event_id
from server.insights.epcis.uris import HOST, gtin_uri, is_sscc, sscc_uri

PACKED, PALLET = "packing.parcel_packed", "packing.pallet_built"
LOADED, DEPARTED, ARRIVED = "pod.parcel_loaded", "pod.departed", "pod.arrived"
CLOSED = "pod.stop_closed"
KINDS = (PACKED, PALLET, LOADED, DEPARTED, ARRIVED, CLOSED)
_STEPS = {
    LOADED: ("loading", "in_progress"),
    DEPARTED: ("departing", "in_transit"),
    ARRIVED: ("arriving", "in_transit"),
}
_BY_REASON = {"damaged": "damaged", "wrong_goods": "mismatch_class"}
_BY_OUTCOME = {
    "full": "completeness_verified",
    "partial": "mismatch_quantity",
    "refused": "returned",
}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An event of the log: `at` when it happened, `recv_at` when the server heard of it, ms;
    `place`: version and number, by which the log is ordered."""

    place: tuple[int, int]
    kind: str
    at: int
    recv_at: int
    order: str
    body: dict[str, Any]


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the books say beside it. `parcels`: those that the event is about; `contents`: pieces
    by SKU; `gtins` by SKU; `corrected_by`: the event of the record that mends this one's."""

    site: str
    gln: str = ""
    order_number: str = ""
    parcels: Sequence[str] = ()
    contents: Mapping[str, int] = {}
    gtins: Mapping[str, str] = {}
    corrected_by: "Correction | None" = None


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """The event that is right, and when the mending record came (ms)."""

    event_id: str
    at: int


def epcis_event(told: Told, known: Known) -> dict[str, Any] | None:
    """None where there is nothing to say: no parcel, nothing inside it."""
    event = _aggregation(told, known) if told.kind in (PACKED, PALLET) else _object(told, known)
    if event is None:
        return None
    named = {
        "type": event.pop("type"),
        "eventID": "",
        "eventTime": moment(told.at),
        "eventTimeZoneOffset": "+00:00",
        "recordTime": moment(told.recv_at),
        **event,
    }
    named["eventID"] = event_id(named)
    if known.corrected_by:
        named["errorDeclaration"] = {
            "declarationTime": moment(known.corrected_by.at),
            "reason": "incorrect_data",
            "correctiveEventIDs": [known.corrected_by.event_id],
        }
    return named


def _aggregation(told: Told, known: Known) -> dict[str, Any] | None:
    inside: dict[str, Any] = {}
    if told.kind == PALLET:
        parent, inside["childEPCs"] = told.body["pallet"], _parcels(told.body["parcels"])
    else:
        parent, inside["childQuantityList"] = told.body["parcel"], _goods(known)
    if not any(inside.values()):
        return None
    return {
        "type": "AggregationEvent",
        "parentID": parcel_uri(parent),
        **inside,
        "action": "ADD",
        "bizStep": "packing",
        "disposition": "container_closed",
        "readPoint": {"id": site_uri(known)},
        **_business(known),
    }


def _object(told: Told, known: Known) -> dict[str, Any] | None:
    if not known.parcels:
        return None
    step, disposition = _step(told)
    goods = _goods(known) if told.kind == CLOSED else []
    at_door = told.kind in (ARRIVED, CLOSED)
    place = f"urn:dockhand:stop:{quote(told.body['stop'], safe='')}" if at_door else site_uri(known)
    return {
        "type": "ObjectEvent",
        "epcList": _parcels(known.parcels),
        **({"quantityList": goods} if goods else {}),
        "action": "OBSERVE",
        "bizStep": step,
        "disposition": disposition,
        "readPoint": {"id": place},
        **_business(known),
    }


def _step(told: Told) -> tuple[str, str]:
    if told.kind != CLOSED:
        return _STEPS[told.kind]
    outcome = told.body["outcome"]
    if outcome not in _BY_OUTCOME:
        return "transporting", "in_transit"
    by_reason = _BY_REASON.get(told.body["reason"]) if outcome != "full" else None
    return "accepting", by_reason or _BY_OUTCOME[outcome]


def _goods(known: Known) -> list[dict[str, Any]]:
    pieces = sorted((sku, qty) for sku, qty in known.contents.items() if qty > 0)
    return [{"epcClass": item_uri(sku, known.gtins), "quantity": qty} for sku, qty in pieces]


def _parcels(numbers: Sequence[str]) -> list[str]:
    return [parcel_uri(number) for number in sorted(set(numbers))]


def _business(known: Known) -> dict[str, Any]:
    if not known.order_number:
        return {}
    site, number = quote(known.site, safe=""), quote(known.order_number, safe="")
    order = f"urn:dockhand:order:{site}:{number}"
    return {"bizTransactionList": [{"type": "po", "bizTransaction": order}]}


def parcel_uri(number: str) -> str:
    return sscc_uri(number) if is_sscc(number) else f"urn:dockhand:parcel:{quote(number, safe='')}"


def item_uri(sku: str, gtins: Mapping[str, str]) -> str:
    gtin = gtins.get(sku)
    return gtin_uri(gtin) if gtin else f"urn:dockhand:item:{quote(sku, safe='')}"


def site_uri(known: Known) -> str:
    if len(known.gln) == 13 and known.gln.isdecimal():
        return f"{HOST}/414/{known.gln}"
    return f"urn:dockhand:site:{quote(known.site, safe='')}"


def moment(at: int) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    told = dt.datetime.fromtimestamp(at / 1000, dt.UTC)
    return told.isoformat(timespec="milliseconds").replace("+00:00", "Z")
