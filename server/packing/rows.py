"""A line of a packing task as the bench's device holds it."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from server.catalog.queries import items
from server.floor.tables import task as task_table
from server.floor.tasks import PROGRESS, TaskMoved
from server.kernel.events import reacts
from server.kernel.feeds import Row, RowSink, person_scope, projects, row
from server.kernel.ops import OpContext
from server.orders.tables import orders
from server.packing.tables import pack_line, parcel, shipment


@row("pack_line")
class PackLineRow(Row):
    """Key `task/no`. `packed` counts pieces checked into the parcel by scan."""

    task: str
    no: int
    order: str
    sku: str
    name: str
    codes: tuple[str, ...]
    weight_class: str
    weight_g: int
    qty: int
    packed: int


@row("pack_job")
class PackJobRow(Row):
    """Key: task. The order being packed and the parcel number kept ready for its label."""

    task: str
    order: str
    order_number: str
    customer_name: str
    ship_to: str
    parcel: str
    shipment: str


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
    for r in records:
        master = known[r["sku"]]
        line = PackLineRow(
            task=r["task"],
            no=r["no"],
            order=r["order_id"],
            sku=r["sku"],
            name=master.name,
            codes=master.codes,
            weight_class=master.weight_class,
            weight_g=master.weight_g,
            qty=r["qty"],
            packed=r["packed"],
        )
        sink.put(person_scope(r["assignee"]), "pack_line", f"{r['task']}/{r['no']}", line)


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
            parcel.c.number.label("parcel"),
            parcel.c.shipment,
        )
        .join(shipment, shipment.c.id == task_table.c.ref)
        .join(orders, orders.c.id == shipment.c.order_id)
        .join(parcel, parcel.c.shipment == shipment.c.id)
        .where(task_table.c.id.in_(list(tasks)), task_table.c.state == "held")
    )
    for r in sink.conn.execute(found).mappings():
        fields: dict[str, Any] = {f: r[f] for f in PackJobRow.__struct_fields__}
        sink.put(person_scope(r["assignee"]), "pack_job", r["task"], PackJobRow(**fields))


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


def _done(conn: Any, tasks: list[str]) -> dict[str, int]:
    count = (
        sa.select(pack_line.c.task, sa.func.count())
        .where(pack_line.c.task.in_(tasks), pack_line.c.packed >= pack_line.c.qty)
        .group_by(pack_line.c.task)
    )
    return {task: int(n) for task, n in conn.execute(count)}


PROGRESS["pack"] = _done
