"""How an open case looks on the desks."""

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from server.auth.tables import person as person_table
from server.exceptions.tables import exception_case
from server.floor.tables import discrepancy
from server.kernel.feeds import Row, RowSink, board_scope, projects, row
from server.orders.tables import orders


@row("discrepancy")
class DiscrepancyRow(Row):
    """`outcome`: what became of the operation that told it; `why`: reasons to begin higher.
    `since`, `due_at`: the time of its `level`, in ms; `reminded`: per cent of it that were told.
    `rev`: what a change of it expects; `entries`: how long its story is."""

    id: str
    kind: str
    state: str
    outcome: str
    operation: str
    person: str | None
    person_name: str | None
    order: str | None
    order_number: str | None
    customer: str
    customer_name: str | None
    task: str | None
    at: int
    level: int
    why: list[str]
    since: int
    due_at: int
    reminded: int
    owner: str | None
    owner_name: str | None
    rev: int
    entries: int
    details: dict[str, Any]


_D, _C = discrepancy.c, exception_case.c
_OWNER = person_table.alias("owner_person")
CASES = (
    sa.select(
        *(_D[f] for f in ("id", "site", "kind", "state", "outcome", "operation", "person")),
        *(_D[f] for f in ("task", "at", "body", "note", "settled_at", "settled_by")),
        *(_C[f] for f in ("customer", "sku", "level", "why", "since", "due_at", "reminded")),
        *(_C[f] for f in ("owner", "rev", "entries", "cause")),
        _C.order_id.label("order"),
        person_table.c.name.label("person_name"),
        _OWNER.c.name.label("owner_name"),
        orders.c.number.label("order_number"),
        orders.c.customer_name,
    )
    .join(exception_case, _C.id == _D.id)
    .outerjoin(person_table, person_table.c.id == _D.person)
    .outerjoin(_OWNER, _OWNER.c.id == _C.owner)
    .outerjoin(orders, orders.c.id == _C.order_id)
)
"""Every case with the names of whom and what it is about."""


@projects("discrepancy")
def show(sink: RowSink, ids: Iterable[str]) -> None:
    for r in sink.conn.execute(CASES.where(_D.id.in_(list(ids)))).mappings():
        if r["state"] == "settled":
            sink.drop(board_scope(sink.site), "discrepancy", r["id"])
        else:
            sink.put(board_scope(sink.site), "discrepancy", r["id"], case_row(r))


def case_row(r: Any) -> DiscrepancyRow:
    """Of a row of `CASES`."""
    made = {"why": r["why"].split(), "details": msgspec.json.decode(r["body"])}
    same = {f: r[f] for f in DiscrepancyRow.__struct_fields__ if f not in made}
    return DiscrepancyRow(**same, **made)
