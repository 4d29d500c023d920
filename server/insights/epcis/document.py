"""The export: the log's events page by page, each with what the books know of it, as one document.

A record may correct an earlier one that was exported long ago: the earlier event stands in each
export in full, now with its errorDeclaration, under the same id.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.catalog.tables import item_code
from server.insights.epcis.mapping import (
    CLOSED,
    DEPARTED,
    KINDS,
    LOADED,
    PACKED,
    Correction,
    Known,
    Told,
    epcis_event,
    moment,
)
from server.orders.tables import orders
from server.packing.tables import parcel
from server.pod.tables import load, proof, stop
from server.store.tables import event, op

PAGE = 500
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
_CHECKED = "packing.item_checked"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """`order` alone, if it is named; `since`, `until`: ms, of when it happened, the latter
    excluded; at most `most` events."""

    site: str
    order: str = ""
    since: int = 0
    until: int = 2**53
    most: int = 2**31


def document(conn: sa.Connection, wanted: Wanted, now: int) -> Iterator[bytes]:
    """An EPCISDocument in pieces, an event a line. `now`: ms, when it is made."""
    head = {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": moment(now),
    }
    yield msgspec.json.encode(head)[:-1] + b',"epcisBody":{"eventList":['
    for count, told in enumerate(epcis_events(conn, wanted)):
        yield (b",\n" if count else b"\n") + msgspec.json.encode(told)
    yield b"\n]}}\n"


def order_of(conn: sa.Connection, site: str, number: str) -> str | None:
    """The id of the order with that number."""
    found = sa.select(orders.c.id).where(orders.c.site == site, orders.c.number == number)
    return conn.execute(found).scalar()


def epcis_events(conn: sa.Connection, wanted: Wanted) -> Iterator[dict[str, Any]]:
    books = _Books(conn, wanted.site)
    count = 0
    for told in _told(conn, wanted):
        made = epcis_event(told, books.known(told))
        if made is not None:
            yield made
            count += 1
        if count >= wanted.most:
            return


def _told(conn: sa.Connection, wanted: Wanted) -> Iterator[Told]:
    """In the order of the log."""
    after = (-1, -1)
    while page := conn.execute(_page(wanted, after)).all():
        for r in page:
            yield _read(r)
        after = page[-1].ver, page[-1].seq
        if len(page) < PAGE:
            return


_TOLD = sa.select(
    event.c.ver, event.c.seq, event.c.kind, event.c.key, event.c.body, op.c.at_est, op.c.recv_at
).join(op, sa.and_(op.c.device == event.c.device, op.c.n == event.c.n))


def _read(r: Any) -> Told:
    body = msgspec.json.decode(r.body)
    return Told(
        place=(r.ver, r.seq), kind=r.kind, at=r.at_est, recv_at=r.recv_at, order=r.key, body=body
    )


def _page(wanted: Wanted, after: tuple[int, int]) -> sa.Select[Any]:
    ver, seq = after
    found = _TOLD.where(
        event.c.site == wanted.site,
        event.c.kind.in_(KINDS),
        op.c.at_est >= wanted.since,
        op.c.at_est < wanted.until,
        sa.or_(event.c.ver > ver, sa.and_(event.c.ver == ver, event.c.seq > seq)),
    )
    if wanted.order:
        found = found.where(event.c.key == wanted.order)
    return found.order_by(event.c.ver, event.c.seq).limit(PAGE)


class _Books:
    """What is looked up beside the events; small things are remembered."""

    def __init__(self, conn: sa.Connection, site: str) -> None:
        self.conn = conn
        shop = get_setting(conn, site, "shop", {})
        self.site, self.gln = site, str(shop.get("gln", ""))
        self._numbers: dict[str, str] = {}
        self._gtins: dict[str, str] = {}

    def known(self, told: Told) -> Known:
        contents = self._contents(told)
        return Known(
            site=self.site,
            gln=self.gln,
            order_number=self._number(told.order),
            parcels=self._parcels(told),
            contents=contents,
            gtins={sku: gtin for sku in contents if (gtin := self._gtin(sku))},
            corrected_by=self._correction(told),
        )

    def _number(self, order_id: str) -> str:
        if order_id not in self._numbers:
            found = sa.select(orders.c.number).where(orders.c.id == order_id)
            self._numbers[order_id] = str(self.conn.execute(found).scalar() or "")
        return self._numbers[order_id]

    def _gtin(self, sku: str) -> str:
        if sku not in self._gtins:
            found = sa.select(item_code.c.code).where(item_code.c.sku == sku)
            codes = self.conn.execute(found.order_by(item_code.c.code)).scalars()
            self._gtins[sku] = next((c for c in codes if c.isdecimal() and len(c) == 14), "")
        return self._gtins[sku]

    def _parcels(self, told: Told) -> list[str]:
        if told.kind in (LOADED, PACKED):
            return [told.body["parcel"]]
        if told.kind not in (DEPARTED, "pod.arrived", CLOSED):
            return []
        aboard = (
            sa.select(load.c.parcel)
            .join(stop, stop.c.id == load.c.stop)
            .where(stop.c.run == told.body["run"], stop.c.order_id == told.order)
        )
        listed = self.conn.execute(aboard.order_by(load.c.parcel)).scalars().all()
        own = sa.select(parcel.c.number).where(parcel.c.order_id == told.order)
        return list(listed or self.conn.execute(own.order_by(parcel.c.number)).scalars())

    def _contents(self, told: Told) -> dict[str, int]:
        if told.kind == PACKED:
            return self._packed(told)
        return self._delivered(told) if told.kind == CLOSED else {}

    def _packed(self, told: Told) -> dict[str, int]:
        """By the checks at the bench before the parcel was closed; each says how many there are."""
        found = (
            sa.select(event.c.body)
            .where(event.c.site == self.site, event.c.key == told.order)
            .where(event.c.kind == _CHECKED)
            .order_by(event.c.ver, event.c.seq)
        )
        checks = [msgspec.json.decode(body) for body in self.conn.execute(found).scalars()]
        here = (told.body["parcel"], "")
        return {
            c["sku"]: c["qty"]
            for c in checks
            if c["task"] == told.body["task"] and c.get("parcel", "") in here
        }

    def _delivered(self, told: Told) -> dict[str, int]:
        """Pieces that were handed over, as the signed record has them."""
        found = sa.select(proof.c.record).where(proof.c.id == told.body["proof"])
        record = msgspec.json.decode(self.conn.execute(found).scalar() or "{}")
        handed: dict[str, int] = {}
        for line in record.get("lines", ()):
            handed[line["sku"]] = handed.get(line["sku"], 0) + line["delivered"]
        return handed

    def _correction(self, told: Told) -> Correction | None:
        """The newest later event whose record names this one's hash."""
        if told.kind != CLOSED:
            return None
        found = _TOLD.where(
            event.c.site == self.site, event.c.key == told.order, event.c.kind == CLOSED
        )
        others = map(_read, self.conn.execute(found.order_by(event.c.ver, event.c.seq)))
        mends = [
            other
            for other in others
            if other.place > told.place and other.body.get("corrects") == told.body["hash"]
        ]
        if not mends:
            return None
        right = epcis_event(mends[-1], self.known(mends[-1]))
        return Correction(event_id=right["eventID"], at=mends[-1].recv_at) if right else None
