"""The messages, by the directory D.96A of the United Nations. Pure.

No name and no address of a person stands in them: a partner's software knows the order by the
numbers that both sides gave it.
"""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from msgspec import Struct

from server.edi.reading import Message, Segment
from server.edi.writing import Envelope, Party, reference, segment, written
from server.notices.edi.partners import GLN, KIND_OF, Own, Partner
from server.notices.rules import decimal

VERSION = "D:96A:UN"
_AGENCIES = {GLN: "9", "1": "16"}
"""Who keeps a party's number (3055): GS1, Dun and Bradstreet."""
_MUTUAL = "ZZZ"
_ACCEPTED, _CHANGED, _NOT_ACCEPTED = "29", "4", "27"
_RESPONSE = {"confirmed": _ACCEPTED, "changed": _CHANGED, "cancelled": _NOT_ACCEPTED}
_LINE = {"confirmed": "5", "changed": "5", "cancelled": "7"}
"""Of an ORDRSP (1225), and of each of its lines (1229)."""
_BOOKED, _DELIVERED, _EN_ROUTE = "6", "21", "31"
_DEPARTS_LATE, _LATE_ON_THE_WAY = "17", "58"
"""Status events (9011) and reasons (9013)."""


class Line(Struct, frozen=True, kw_only=True):
    """`price` per piece in minor units; `qty` as ordered."""

    no: int
    sku: str
    gtin: str = ""
    qty: int
    price: int = 0


class Carton(Struct, frozen=True, kw_only=True):
    """`sscc`: whether its number is one; `holds`: pieces by SKU."""

    number: str
    sscc: bool
    weight_g: int = 0
    holds: dict[str, int] = {}


class Document(Struct, frozen=True, kw_only=True):
    """What a partner is told, as it was when it happened. Times in ms, 0: unknown. `fee` in minor
    units of `currency`; `left`: it is out of the house."""

    partner: Partner
    what: str
    number: str
    ref: str
    customer: str
    currency: str
    zone: str
    at: int
    placed_at: int = 0
    due_at: int = 0
    expected_at: int = 0
    fee: int = 0
    left: bool = False
    carrier: str = ""
    tracking: str = ""
    lines: list[Line] = []
    cartons: list[Carton] = []


def interchange(document: Document, control: str, own: Own) -> bytes:
    """One message in one envelope, the same bytes whenever it is asked for. Raises Unfit."""
    kind = KIND_OF[document.what]
    parts = {"ORDRSP": _ordrsp, "DESADV": _desadv, "IFTSTA": _iftsta}[kind]
    message = Message(kind, "1", tuple(parts(document, control, own)))
    envelope = Envelope(
        sender=Party(own.id, own.qualifier),
        recipient=Party(document.partner.id, document.partner.qualifier),
        reference=control,
        at=_local(document, document.at),
        charset=document.partner.charset,
        test=document.partner.test,
        asks=own.asks,
    )
    return written(envelope, [(VERSION, message)])


def _ordrsp(d: Document, control: str, own: Own) -> Iterator[Segment]:
    yield segment("BGM", "231", control, _RESPONSE[d.what])
    yield _time(d, "137", d.at)
    if d.due_at:
        yield _day(d, "2", d.due_at)
    yield from _numbers(d)
    yield _party("BY", d.partner.id, d.partner.qualifier)
    yield _party("SU", own.id, own.qualifier)
    yield segment("CUX", ("2", d.currency, "9"))
    if d.fee:
        yield segment("ALC", "C", "", "", "", ("CAN", "", "ZZZ", "Cancellation fee"))
        yield segment("MOA", ("8", decimal(d.fee, d.currency), d.currency))
    for line in d.lines:
        yield from _ordered(line, d)
    yield segment("UNS", "S")
    yield segment("CNT", ("2", str(len(d.lines))))


def _ordered(line: Line, d: Document) -> Iterator[Segment]:
    yield from _item(line, line.no, _LINE[d.what])
    yield segment("QTY", ("21", str(line.qty)))
    yield segment("QTY", ("113", "0" if d.what == "cancelled" else str(line.qty)))
    if line.price:
        yield segment("PRI", ("AAA", decimal(line.price, d.currency)))


def _desadv(d: Document, control: str, own: Own) -> Iterator[Segment]:
    yield segment("BGM", "351", control, "9")
    yield _time(d, "137", d.at)
    yield _time(d, "11", d.at)
    if d.expected_at:
        yield _day(d, "17", d.expected_at)
    yield from _numbers(d)
    if d.tracking:
        yield segment("RFF", ("CN", reference(d.tracking)))
    yield _party("BY", d.partner.id, d.partner.qualifier)
    yield _party("SU", own.id, own.qualifier)
    if d.carrier:
        yield segment("TDT", "20", "", "", "", ("", "", "", d.carrier[:35]))
    yield segment("CPS", "1")
    yield segment("PAC", str(len(d.cartons)))
    lines = {line.sku: line for line in d.lines}
    told = 0
    for level, carton in enumerate(d.cartons, 2):
        yield from _carton(carton, level)
        for sku, pieces in carton.holds.items():
            told += 1
            yield from _item(lines.get(sku, Line(no=0, sku=sku, qty=0)), told)
            yield segment("QTY", ("12", str(pieces)))
    yield segment("CNT", ("2", str(told)))


def _carton(carton: Carton, level: int) -> Iterator[Segment]:
    yield segment("CPS", str(level), "1")
    yield segment("PAC", "1", "", "CT")
    if carton.weight_g:
        yield segment("MEA", "PD", "AAB", ("KGM", f"{carton.weight_g / 1000:.3f}"))
    yield segment("PCI", "33E" if carton.sscc else "17")
    yield segment("GIN", "BJ" if carton.sscc else "ML", reference(carton.number))


def _iftsta(d: Document, control: str, own: Own) -> Iterator[Segment]:
    yield segment("BGM", "23", control, "9")
    yield _time(d, "137", d.at)
    yield _party("CZ", own.id, own.qualifier)
    yield _party("CN", d.partner.id, d.partner.qualifier)
    yield from _numbers(d)
    yield segment("CNI", "1", reference(d.number))
    yield segment("STS", "1", *_status(d))
    if d.tracking:
        yield segment("RFF", ("CN", reference(d.tracking)))
    yield _time(d, "334", d.at)
    if d.expected_at and d.what != "delivered":
        yield _day(d, "17", d.expected_at)


def _status(d: Document) -> tuple[str, ...]:
    if d.what == "delivered":
        return (_DELIVERED,)
    if d.what == "out_for_delivery":
        return (_EN_ROUTE,)
    return (_EN_ROUTE, _LATE_ON_THE_WAY) if d.left else (_BOOKED, _DEPARTS_LATE)


def _numbers(d: Document) -> Iterator[Segment]:
    """The customer's, and ours."""
    yield segment("RFF", ("ON", reference(d.ref)))
    yield segment("RFF", ("VN", reference(d.number)))


def _party(role: str, said: str, qualifier: str) -> Segment:
    return segment("NAD", role, (said, "", _AGENCIES.get(qualifier, _MUTUAL)))


def _item(line: Line, no: int, action: str = "") -> Iterator[Segment]:
    yield segment("LIN", str(no), action, (line.gtin, "EN") if line.gtin else "")
    yield segment("PIA", "1", (reference(line.sku), "SA"))


def _time(d: Document, what: str, at: int) -> Segment:
    return segment("DTM", (what, f"{_local(d, at):%Y%m%d%H%M}", "203"))


def _day(d: Document, what: str, at: int) -> Segment:
    return segment("DTM", (what, f"{_local(d, at):%Y%m%d}", "102"))


def _local(d: Document, at: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(at / 1000, ZoneInfo(d.zone))
