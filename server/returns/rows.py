"""Return authorisations that are still open, for the desks and for whoever takes the goods in."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from server.kernel.feeds import Row, RowSink, board_scope, projects, queue_scope, row
from server.orders.tables import order_line, orders
from server.returns.tables import rma, rma_line

QUEUE = "return"


@row("rma")
class RmaRow(Row):
    """Key: rma. `pieces`: not kept; `back`: of them expected here."""

    id: str
    number: str
    order: str
    order_number: str
    state: str
    party: str
    reason: str
    pieces: int
    back: int
    opened_at: int


@row("rma_line")
class RmaLineRow(Row):
    """Key: rma/no."""

    rma: str
    no: int
    sku: str
    name: str
    back: int
    reason: str


@projects("rma")
def show_returns(sink: RowSink, ids: Iterable[str]) -> None:
    wanted = list(ids)
    lines = _lines(sink.conn, wanted)
    found = (
        sa.select(rma, orders.c.number.label("order_number"))
        .join(orders, orders.c.id == rma.c.order_id)
        .where(rma.c.id.in_(wanted))
    )
    for r in sink.conn.execute(found).mappings():
        for scope in (board_scope(sink.site), queue_scope(sink.site, QUEUE)):
            _show(sink, scope, r, lines.get(r["id"], []))


def _show(sink: RowSink, scope: str, r: Any, lines: list[tuple[RmaLineRow, int]]) -> None:
    if r["state"] != "opened":
        sink.drop(scope, "rma", r["id"])
        for line, _ in lines:
            sink.drop(scope, "rma_line", f"{line.rma}/{line.no}")
        return
    same = {f: r[f] for f in RmaRow.__struct_fields__ if f in r}
    pieces, back = sum(qty for _, qty in lines), sum(line.back for line, _ in lines)
    sink.put(scope, "rma", r["id"], RmaRow(**same, order=r["order_id"], pieces=pieces, back=back))
    for line, _ in lines:
        sink.put(scope, "rma_line", f"{line.rma}/{line.no}", line)


def _lines(conn: Any, ids: list[str]) -> dict[str, list[tuple[RmaLineRow, int]]]:
    found = (
        sa.select(rma_line, order_line.c.name)
        .join(rma, rma.c.id == rma_line.c.rma)
        .outerjoin(
            order_line,
            sa.and_(order_line.c.order_id == rma.c.order_id, order_line.c.no == rma_line.c.no),
        )
        .where(rma_line.c.rma.in_(ids))
        .order_by(rma_line.c.rma, rma_line.c.no)
    )
    made: dict[str, list[tuple[RmaLineRow, int]]] = {}
    for r in conn.execute(found).mappings():
        same = {f: r[f] for f in ("rma", "no", "sku", "back", "reason")}
        shown = RmaLineRow(**same, name=r["name"] or r["sku"])
        made.setdefault(r["rma"], []).append((shown, int(r["qty"])))
    return made
