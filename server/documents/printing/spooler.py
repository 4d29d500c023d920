"""Sends queued labels beside the store, one after the other at each bench, all benches at once.

Nothing is kept here: a job that is queued when a node starts is sent (again). One node at a time
has a job, by a lease. A node that dies between the printer's last byte and telling of it leaves a
label that comes out twice, which is better than one that never comes.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Literal

import sqlalchemy as sa

from server.documents import papers
from server.documents.carried import carried_label
from server.documents.errors import PrintError
from server.documents.label_zpl import pallet_label_zpl, parcel_label_zpl
from server.documents.labels import ParcelLabel
from server.documents.pallet_label import PalletLabel
from server.documents.printing.port import NotPrinted, Printer
from server.kernel.errors import DockhandError
from server.packing.print_rules import Fault
from server.packing.printers import Printing, Station, printing
from server.packing.printing import TellPrinted
from server.packing.tables import print_job
from server.store import lease
from server.store.store import Store
from server.store.submit import submit
from server.store.tx import Tx
from server.store.worker import Worker, ended

LOOK_S = 0.3
LEASE_MS = 180_000
"""Longer than the longest that a site may let a printer take, twice."""
_LEASE = "label"
_log = logging.getLogger(__name__)
_WAITING = (
    sa.select(print_job)
    .where(print_job.c.state == "queued", print_job.c.next_at <= sa.bindparam("now"))
    .where(lease.free(_LEASE, print_job.c.id, "now"))
    .order_by(print_job.c.at, print_job.c.id)
    .limit(500)
)
Job = Mapping[str, Any]


def claim(tx: Tx, job_id: str, node: str) -> bool:
    """Whether it is this node's for a while; not if it is over, or waits, by now."""
    due = sa.select(print_job.c.id).where(
        print_job.c.id == job_id, print_job.c.state == "queued", print_job.c.next_at <= tx.now
    )
    if tx.conn.execute(due).first() is None:
        return False
    return lease.claim(tx, _LEASE, job_id, node, LEASE_MS)


def tell(tx: Tx, job: Job, fault: Literal["", Fault], node: str) -> None:
    """As an operation; a job that is over by now stays as it is."""
    op = TellPrinted(job=job["id"], fault=fault)
    submit(tx, job["site"], "spooler", "packing.tell_printed.v1", op)
    lease.give_back(tx, _LEASE, job["id"], node)


Document = ParcelLabel | PalletLabel


def document_of(conn: sa.Connection, job: Job) -> Document:
    """From the rows of now: what is printed again has the carrier that was chosen since."""
    site, number, lang = job["site"], job["number"], job["lang"]
    if job["what"] == "pallet":
        return papers.pallet_of(conn, site, number, lang)
    return carried_label(conn, site, number, lang)


def drawn(document: Document, dpi: int) -> bytes:
    if isinstance(document, PalletLabel):
        return pallet_label_zpl(document, dpi=dpi)
    return parcel_label_zpl(document, dpi=dpi)


class Spooler(Worker):
    """The worker of one node. `printers`: by kind of station."""

    def __init__(self, store: Store, node: str, printers: Mapping[str, Printer]) -> None:
        super().__init__("spooler", self.look, LOOK_S)
        self._store, self._node = store, node
        self.printers = printers
        self._busy: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def stop(self) -> None:
        """At once: what was not told is sent again by whoever starts next."""
        await super().stop()
        for task in list(self._busy.values()):
            await ended(task)

    async def look(self) -> None:
        """Begin the first job that is due at each bench that prints nothing now."""
        due: dict[tuple[str, str], Job] = {}
        for job in await self._store.rows(_WAITING, {"now": self._store.clock()}):
            due.setdefault((job["site"], job["station"]), job)
        for place, job in due.items():
            if place not in self._busy:
                self._busy[place] = asyncio.create_task(self._one(place, job))

    async def settled(self) -> None:
        """Until nothing is being sent; what is due later waits."""
        while self._busy:
            await asyncio.gather(*self._busy.values())

    async def _one(self, place: tuple[str, str], job: Job) -> None:
        try:
            if await self._store.run(lambda tx: claim(tx, job["id"], self._node)):
                fault = await self._sent(job)
                await self._store.run(lambda tx: tell(tx, job, fault, self._node))
        except Exception:  # noqa: BLE001  the lease runs out, and it is tried again
            _log.exception("label %s at %s", job["number"], job["station"])
        finally:
            self._busy.pop(place, None)

    async def _sent(self, job: Job) -> Literal["", Fault]:
        rules = await self._store.read(lambda conn: printing(conn, job["site"]))
        station = rules.station(job["station"])
        printer = self.printers.get(station.kind) if station else None
        if station is None or printer is None:
            return "no_station"
        try:
            await self._send(job, station, printer, rules)
        except NotPrinted as why:
            _log.warning("label %s at %s: %s", job["number"], station.id, why)
            return why.fault
        except (PrintError, DockhandError) as why:
            _log.warning("label %s cannot be drawn: %s", job["number"], why)
            return "cannot_draw"
        return ""

    async def _send(self, job: Job, station: Station, printer: Printer, rules: Printing) -> None:
        document = await self._store.read(lambda conn: document_of(conn, job))
        zpl = await asyncio.to_thread(drawn, document, station.dpi)
        await printer.send(station, zpl, timeout_s=rules.timeout_s)
