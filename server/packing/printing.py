"""A label goes to the printer of a bench.

job: queued -> printed | failed       (queued again after a fault, until the site's tries are over)

The job is made here; who draws and sends it looks for queued ones and tells what came of each.
Off-line nothing is asked for: the device prints its own label.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from msgspec import Meta

from server.kernel.errors import Refusal, code
from server.kernel.feeds import Row, RowSink, person_scope, projects, row
from server.kernel.ops import FACT, REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Role
from server.packing.events import LabelNotPrinted, LabelPrinted
from server.packing.print_rules import Fault, after
from server.packing.printers import printing
from server.packing.tables import pallet, parcel, print_job

LABEL_UNKNOWN = code("label_unknown")
PARCEL_VOID = code("parcel_void")
STATION_UNKNOWN = code("station_unknown")
STATION_PRINTS_IN_BROWSER = code("station_prints_in_browser")
KEPT = 20
"""Jobs that a person's device shows; as many labels as it keeps itself."""
CLEARED = 20
"""Old jobs that go with a new one, at most: whoever asks for a label does not wait for a year's."""
DAY_MS = 86_400_000


@row("print_job")
class PrintJobRow(Row):
    """Key: number of the parcel or pallet. The latest job for its label. `station_name`: as it was
    called then. `fault`: why it was not printed, or not yet."""

    number: str
    what: str
    station: str
    station_name: str
    state: str
    tried: int
    fault: str
    at: int


class PrintLabel(Op):
    """Print the label of a parcel or pallet at a bench. Asked again, it is printed again."""

    number: Id
    station: Annotated[str, Meta(min_length=1, max_length=32)]
    what: Literal["parcel", "pallet"] = "parcel"
    lang: Literal["en", "zh-Hans", "zh-Hant"] = "en"


@operation(
    "packing.print_label.v1",
    kind=REQUEST,
    roles={Role.PACKER, Role.SUPERVISOR, Role.SERVICE, Role.SYSTEM},
)
def print_label(op: PrintLabel, ctx: OpContext) -> None:
    rules = printing(ctx.conn, ctx.site)
    station = rules.station(op.station)
    if station is None:
        raise Refusal(STATION_UNKNOWN, field="station", value=op.station, mend="printing")
    if station.kind == "browser":
        raise Refusal(STATION_PRINTS_IN_BROWSER, field="station", value=op.station)
    order = _order_of(ctx, op)
    key = ctx.new_id()
    job = {
        "id": key,
        "site": ctx.site,
        "number": op.number,
        "what": op.what,
        "order_id": order,
        "station": op.station,
        "station_name": station.name,
        "lang": op.lang,
        "person": ctx.person or "",
        "state": "queued",
        "at": ctx.at,
        "next_at": ctx.now,
    }
    ctx.conn.execute(sa.insert(print_job).values(job))
    ctx.touch("print_job", key)
    _forget_old(ctx)
    _clear_over(ctx, ctx.now - rules.keep_days * DAY_MS)


def _order_of(ctx: OpContext, op: PrintLabel) -> str:
    """Empty for a pallet, which has cartons of several."""
    if op.what == "pallet":
        known = sa.select(pallet.c.number).where(
            pallet.c.number == op.number, pallet.c.site == ctx.site
        )
        if ctx.conn.execute(known).first() is None:
            raise Refusal(LABEL_UNKNOWN, field="number", value=op.number)
        return ""
    found = sa.select(parcel).where(parcel.c.number == op.number, parcel.c.site == ctx.site)
    box = ctx.conn.execute(found).first()
    if box is None:
        raise Refusal(LABEL_UNKNOWN, field="number", value=op.number)
    if box.state == "void":
        raise Refusal(PARCEL_VOID, field="number", value=op.number)
    return str(box.order_id)


def _forget_old(ctx: OpContext) -> None:
    """A device shows the latest; what came of older ones stands in the order's story."""
    if not ctx.person:
        return
    mine = sa.select(print_job.c.number).where(
        print_job.c.person == ctx.person, print_job.c.site == ctx.site
    )
    latest = mine.group_by(print_job.c.number).order_by(
        sa.func.max(print_job.c.at).desc(), print_job.c.number
    )
    for number in ctx.conn.execute(latest.offset(KEPT).limit(KEPT)).scalars():
        ctx.drop(person_scope(ctx.person), "print_job", number)


def _clear_over(ctx: OpContext, until: int) -> None:
    """Jobs that were over by then (ms), from the table and from the device that still shows one."""
    j = print_job.c
    over = sa.select(j.id, j.person, j.number).where(
        j.site == ctx.site, j.state.in_(("printed", "failed")), j.next_at < until
    )
    gone = ctx.conn.execute(over.order_by(j.next_at, j.id).limit(CLEARED)).all()
    if not gone:
        return
    ctx.conn.execute(sa.delete(print_job).where(j.id.in_([r.id for r in gone])))
    for r in gone:
        known = sa.select(j.id).where(j.person == r.person, j.number == r.number).limit(1)
        if r.person and ctx.conn.execute(known).first() is None:
            ctx.drop(person_scope(r.person), "print_job", r.number)


class TellPrinted(Op):
    """What came of sending a job once. `fault` is empty where the printer took all of it."""

    job: Id
    fault: Literal["", Fault] = ""


@operation("packing.tell_printed.v1", kind=FACT, roles={Role.SYSTEM})
def tell_printed(op: TellPrinted, ctx: OpContext) -> None:
    found = sa.select(print_job).where(print_job.c.id == op.job, print_job.c.site == ctx.site)
    job = ctx.conn.execute(found.with_for_update()).first()
    if job is None or job.state != "queued":
        return
    rules = printing(ctx.conn, ctx.site)
    then = after(op.fault, job.tried + 1, ctx.now, tries=rules.tries, wait_s=rules.wait_s)
    change = sa.update(print_job).where(print_job.c.id == op.job)
    values = {"state": then.state, "tried": job.tried + 1, "fault": op.fault, "next_at": then.at}
    ctx.conn.execute(change.values(values))
    ctx.touch("print_job", op.job)
    if then.state == "printed":
        ctx.emit(LabelPrinted(order=job.order_id, number=job.number, station=job.station_name))
    elif then.state == "failed":
        ctx.emit(
            LabelNotPrinted(
                order=job.order_id, number=job.number, station=job.station_name, fault=op.fault
            )
        )


@projects("print_job")
def show_jobs(sink: RowSink, ids: Iterable[str]) -> None:
    """Of several jobs for one label the latest is shown."""
    asked = sa.select(print_job).where(print_job.c.id.in_(list(ids)))
    for job in sink.conn.execute(asked.order_by(print_job.c.at, print_job.c.id)).mappings():
        if job["person"] and job["id"] == _latest(sink.conn, job):
            same: dict[str, Any] = {f: job[f] for f in PrintJobRow.__struct_fields__}
            sink.put(person_scope(job["person"]), "print_job", job["number"], PrintJobRow(**same))


def _latest(conn: Any, job: Any) -> str:
    found = (
        sa.select(print_job.c.id)
        .where(print_job.c.person == job["person"], print_job.c.number == job["number"])
        .order_by(print_job.c.at.desc(), print_job.c.id.desc())
        .limit(1)
    )
    return str(conn.execute(found).scalar_one())
