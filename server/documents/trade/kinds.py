"""What each paper says of an order: one pure function a paper. Its words come later, by language.

A function gives the facts as a mapping that its template reads by name. Quantities are pieces;
weights are kilograms and amounts are money as they are written, so that no template reckons.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from server.documents.trade.money import written
from server.documents.trade.quantities import Sent, sent
from server.documents.trade.shapes import Box, Dossier, Known
from server.kernel.errors import ProtocolError, code

NOT_PACKED = code("not_packed_yet")
NOT_RELEASED = code("not_released_yet")
ORDER_CANCELLED = code("order_cancelled")
Facts = dict[str, Any]
_PLAIN = Known("")


def order_confirmation(of: Dossier) -> Facts:
    """What was ordered, at its prices."""
    lines = [Sent(a.no, a.sku, a.name, a.qty, a.price) for a in of.asked]
    days = {"due": _day(of.due_at, of), "placed": _day(of.placed_at, of)}
    return {**_head(of), **_priced(of, lines), **days}


def pick_list(of: Dossier) -> Facts:
    """Where to walk, and what was found so far. Raises ProtocolError `not_released_yet` (409)."""
    if not of.walks:
        raise ProtocolError(NOT_RELEASED, 409, field="order", mend="release it in a wave first")
    lines = [
        {
            "place": walk.place,
            "sku": walk.sku,
            "name": walk.name,
            "lot": walk.lot,
            "quantity": f"{walk.qty:,}",
            "picked": "" if walk.state == "open" else f"{walk.picked:,}",
        }
        for walk in of.walks
    ]
    total = f"{sum(walk.qty for walk in of.walks):,}"
    return {**_head(of), "lines": lines, "pieces": total, "due": _day(of.due_at, of)}


def packing_list(of: Dossier) -> Facts:
    """What is in which carton."""
    names = {line.sku: line.name for line in _sent(of)}
    boxes = [
        {
            **_box(box),
            "lines": [
                {"sku": sku, "name": names.get(sku, sku), "quantity": f"{qty:,}"}
                for sku, qty in box.goods
            ],
        }
        for box in of.boxes
    ]
    return {**_head(of), **_carriage(of), **_sums(of), "boxes": boxes, "lacking": _lacking(of)}


def shipping_instruction(of: Dossier) -> Facts:
    """What the forwarder is told: marks, parcels, weights, terms."""
    return {
        **_head(of),
        **_carriage(of),
        **_sums(of),
        "boxes": [{**_box(box), "goods": _in_words(of, box)} for box in of.boxes],
        "incoterm": of.incoterm,
        "due": _day(of.due_at, of),
        "dangerous": _dangerous(of),
    }


def delivery_note(of: Dossier) -> Facts:
    """What the receiver signs: ordered beside sent, no prices."""
    ordered = {a.no: a.qty for a in of.asked}
    lines = [  # what was ordered stands once, beside the first of what is sent for it
        {**_line(of, line), "ordered": f"{ordered.pop(line.no):,}" if line.no in ordered else ""}
        for line in _sent(of)
    ]
    return {**_head(of), **_carriage(of), **_sums(of), "lines": lines, "lacking": _lacking(of)}


def waybill(of: Dossier) -> Facts:
    """The consignment note: from whom, to whom, by whom, how many parcels of what weight."""
    return {
        **_head(of),
        **_carriage(of),
        **_sums(of),
        "boxes": [{**_box(box), "goods": _in_words(of, box)} for box in of.boxes],
        "dangerous": _dangerous(of),
    }


def bill_of_lading(of: Dossier) -> Facts:
    """Received in apparent good order: the goods by kind with their headings and weights."""
    lines = [_line(of, line) for line in _sent(of)]
    parcels = [_box(box) for box in of.boxes]
    return {
        **_head(of),
        **_carriage(of),
        **_sums(of),
        "lines": lines,
        "boxes": parcels,
        "incoterm": of.incoterm,
        "dangerous": _dangerous(of),
    }


def commercial_invoice(of: Dossier) -> Facts:
    """For customs and for the buyer: prices of the order's lines, quantities as packed."""
    return {
        **_head(of),
        **_carriage(of),
        **_sums(of),
        **_priced(of, _sent(of)),
        "incoterm": of.incoterm,
        "declaration": of.declaration,
    }


KINDS: dict[str, Callable[[Dossier], Facts]] = {
    kind.__name__: kind
    for kind in (
        order_confirmation,
        pick_list,
        packing_list,
        shipping_instruction,
        delivery_note,
        waybill,
        bill_of_lading,
        commercial_invoice,
    )
}


def facts_of(paper: str, of: Dossier) -> Facts:
    """Raises ProtocolError `order_cancelled`, `not_packed_yet`, `not_released_yet` (409)."""
    if of.state == "cancelled":
        raise ProtocolError(ORDER_CANCELLED, 409, field="order")
    return KINDS[paper](of)


def _sent(of: Dossier) -> list[Sent]:
    if not of.boxes:
        mend = "seal a carton of it first"
        raise ProtocolError(NOT_PACKED, 409, field="order", mend=mend)
    lines = sent(of.asked, of.boxes)
    return [line._replace(name=_name(of, line)) for line in lines]


def _name(of: Dossier, line: Sent) -> str:
    """As it was ordered; a substitute and what nobody ordered by its own name."""
    own = of.items.get(line.sku, _PLAIN).name or line.sku
    return own if line.instead_of or not line.no else line.name or own


def _head(of: Dossier) -> Facts:
    return {
        "order": of.number,
        "reference": of.ref,
        "timezone": of.timezone,
        "customer": of.customer,
        "seller": msgspec.to_builtins(of.seller),
        "ship_to": msgspec.to_builtins(of.ship_to),
    }


def _carriage(of: Dossier) -> Facts:
    return {"carriage": {**msgspec.to_builtins(of.carriage), "transport": of.transport}}


def _priced(of: Dossier, lines: list[Sent]) -> Facts:
    total = sum(line.qty * line.price for line in lines)
    return {
        "currency": of.currency,
        "lines": [
            {
                **_line(of, line),
                "price": written(line.price, of.currency),
                "amount": written(line.qty * line.price, of.currency),
            }
            for line in lines
        ],
        "pieces": f"{sum(line.qty for line in lines):,}",
        "total": written(total, of.currency),
    }


def _line(of: Dossier, line: Sent) -> Facts:
    item = of.items.get(line.sku, _PLAIN)
    return {
        "no": str(line.no) if line.no else "–",
        "sku": line.sku,
        "name": line.name,
        "instead_of": line.instead_of,
        "quantity": f"{line.qty:,}",
        "origin": item.origin,
        "hs_code": item.hs_code,
        "weight": _kg(item.weight_g * line.qty),
    }


def _box(box: Box) -> Facts:
    return {
        "number": box.number,
        "carton": box.carton,
        "pallet": box.pallet,
        "pieces": f"{sum(qty for _, qty in box.goods):,}",
        "weight": _kg(box.weight_g),
    }


def _in_words(of: Dossier, box: Box) -> str:
    names = {line.sku: line.name for line in _sent(of)}
    return "; ".join(f"{qty:,} × {names.get(sku, sku)}" for sku, qty in box.goods)


def _sums(of: Dossier) -> Facts:
    """A weight is only given where every part of it is known: else the sum would be a lie."""
    lines = _sent(of)
    net = [of.items.get(line.sku, _PLAIN).weight_g * line.qty for line in lines]
    gross = [box.weight_g for box in of.boxes]
    return {
        "parcels": f"{len(of.boxes):,}",
        "pieces": f"{sum(line.qty for line in lines):,}",
        "net": _kg(sum(net)) if all(net) else "",
        "gross": _kg(sum(gross)) if all(gross) else "",
        "pallets": sorted({box.pallet for box in of.boxes if box.pallet}),
    }


def _lacking(of: Dossier) -> list[Facts]:
    """What was ordered and does not go along."""
    gone: dict[int, int] = {}
    for line in _sent(of):
        gone[line.no] = gone.get(line.no, 0) + line.qty
    return [
        {"sku": a.sku, "name": a.name, "quantity": f"{a.qty - gone.get(a.no, 0):,}"}
        for a in of.asked
        if gone.get(a.no, 0) < a.qty
    ]


def _dangerous(of: Dossier) -> list[str]:
    return _once(line.name for line in _sent(of) if of.items.get(line.sku, _PLAIN).dangerous)


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _kg(grams: int) -> str:
    """`1.25`; nothing where nobody has weighed it."""
    if not grams:
        return ""
    kilos, rest = divmod(grams, 1000)
    return f"{kilos:,}.{rest:03d}"


def _day(ms: int, of: Dossier) -> str:
    return day_in(of.timezone, ms)


def day_in(timezone: str, ms: int) -> str:
    """`2026-11-28`: the day that it was there."""
    return dt.datetime.fromtimestamp(ms / 1000, ZoneInfo(timezone)).date().isoformat()
