"""A packing task as the bench's device holds it: all that packing needs without a network."""

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting, items
from server.floor.tables import task as task_table
from server.floor.tasks import TaskMoved, progress
from server.kernel.events import reacts
from server.kernel.feeds import Row, RowSink, person_scope, projects, row
from server.kernel.ops import OpContext
from server.orders.tables import orders
from server.packing.cartons import UNSEALED
from server.packing.tables import pack_line, pack_piece, parcel, shipment


class InCarton(msgspec.Struct, frozen=True):
    parcel: str
    qty: int


class JobCarton(msgspec.Struct, frozen=True):
    """`carton`: its kind, None while nobody has said which."""

    parcel: str
    carton: str | None
    sealed: bool
    weight_g: int


@row("pack_line")
class PackLineRow(Row):
    """Key `task/no`. `packed` counts pieces checked into the cartons by scan, `inside` says into
    which; `flawed` of the `qty` do not go out. `looked`: the item quality check is done."""

    task: str
    no: int
    order: str
    sku: str
    name: str
    codes: tuple[str, ...]
    packs: dict[str, int]
    weight_class: str
    weight_g: int
    qty: int
    packed: int
    inside: list[InCarton]
    flawed: int
    looked: bool
    length_mm: int
    width_mm: int
    height_mm: int
    upright: bool
    liquid: bool
    apart: str
    temperature: str
    dangerous: bool


@row("pack_job")
class PackJobRow(Row):
    """Key: task. The order being packed. `numbers` are ready for its cartons, in this order; the
    n-th past the last of them is `spare-n`. `parcel` is the first of them. `counted`: a blind
    count is over. `abroad`: it leaves the shop's country."""

    task: str
    order: str
    order_number: str
    customer_name: str
    ship_to: str
    parcel: str
    shipment: str
    numbers: list[str]
    spare: str
    cartons: list[JobCarton]
    counted: bool
    transport: str
    abroad: bool


@projects("pack_line")
def show_lines(sink: RowSink, keys: Iterable[str]) -> None:
    tasks = sorted({key.rpartition("/")[0] for key in keys})
    found = (
        sa.select(pack_line, task_table.c.assignee)
        .join(task_table, task_table.c.id == pack_line.c.task)
        .where(pack_line.c.task.in_(tasks), task_table.c.state == "held")
    )
    wanted = set(keys)
    records = [r for r in sink.conn.execute(found).mappings() if f"{r['task']}/{r['no']}" in wanted]
    known = items(sink.conn, {r["sku"] for r in records})
    pieces = _pieces(sink.conn, tasks)
    for r in records:
        master = known[r["sku"]]
        line = PackLineRow(
            task=r["task"],
            no=r["no"],
            order=r["order_id"],
            sku=r["sku"],
            name=master.name,
            codes=master.codes,
            packs=master.packs,
            weight_class=master.weight_class,
            weight_g=master.weight_g,
            qty=r["qty"],
            packed=r["packed"],
            inside=pieces.get((r["task"], r["no"]), []),
            flawed=r["flawed"],
            looked=r["looked_at"] is not None,
            **msgspec.structs.asdict(master.stowage),
        )
        sink.put(person_scope(r["assignee"]), "pack_line", f"{r['task']}/{r['no']}", line)


def _pieces(conn: Any, tasks: list[str]) -> dict[tuple[str, int], list[InCarton]]:
    found = (
        sa.select(pack_piece.c.task, pack_piece.c.no, pack_piece.c.parcel, pack_piece.c.qty)
        .join(parcel, parcel.c.number == pack_piece.c.parcel)
        .where(pack_piece.c.task.in_(tasks))
        .order_by(parcel.c.no)
    )
    made: dict[tuple[str, int], list[InCarton]] = {}
    for task, no, number, qty in conn.execute(found):
        made.setdefault((task, no), []).append(InCarton(number, int(qty)))
    return made


@projects("pack_job")
def show_jobs(sink: RowSink, tasks: Iterable[str]) -> None:
    found = (
        sa.select(
            task_table.c.id.label("task"),
            task_table.c.assignee,
            orders.c.id.label("order"),
            orders.c.number.label("order_number"),
            orders.c.customer_name,
            orders.c.ship_to,
            orders.c.transport,
            shipment.c.id.label("shipment"),
            shipment.c.numbers,
            shipment.c.spare,
            shipment.c.counted_at,
        )
        .join(shipment, shipment.c.id == task_table.c.ref)
        .join(orders, orders.c.id == shipment.c.order_id)
        .where(task_table.c.id.in_(list(tasks)), task_table.c.state == "held")
    )
    country = get_setting(sink.conn, sink.site, "shop", {}).get("country", "")
    for r in sink.conn.execute(found).mappings():
        row = _job_row(r, _cartons(sink.conn, r["shipment"]), country)
        sink.put(person_scope(r["assignee"]), "pack_job", r["task"], row)


def _job_row(r: Any, cartons: list[JobCarton], country: str) -> PackJobRow:
    same: dict[str, Any] = {f: r[f] for f in PackJobRow.__struct_fields__ if f in r}
    numbers = msgspec.json.decode(r["numbers"], type=list[str])
    to = msgspec.json.decode(r["ship_to"]).get("country", "")
    return PackJobRow(
        **{**same, "numbers": numbers},
        parcel=cartons[0].parcel if cartons else numbers[0],
        cartons=cartons,
        counted=r["counted_at"] is not None,
        abroad=bool(country and to and to != country),
    )


def _cartons(conn: Any, shipment_id: str) -> list[JobCarton]:
    found = sa.select(parcel).where(parcel.c.shipment == shipment_id).order_by(parcel.c.no)
    return [
        JobCarton(
            parcel=r.number,
            carton=r.carton if r.state != "planned" else None,
            sealed=r.state not in UNSEALED,
            weight_g=r.weight_g,
        )
        for r in conn.execute(found)
    ]


@reacts(TaskMoved)
def lines_follow_their_task(event: TaskMoved, ctx: OpContext) -> None:
    if event.task_kind != "pack":
        return
    found = sa.select(pack_line.c.no).where(pack_line.c.task == event.task)
    keys = [f"{event.task}/{no}" for no in ctx.conn.execute(found).scalars()]
    if event.before:
        ctx.drop(person_scope(event.before), "pack_job", event.task)
        for key in keys:
            ctx.drop(person_scope(event.before), "pack_line", key)
    if event.after:
        ctx.touch("pack_job", event.task)
        for key in keys:
            ctx.touch("pack_line", key)


_is_in = pack_line.c.packed >= pack_line.c.qty - pack_line.c.flawed
progress("pack", pack_line.c.task, _is_in)
