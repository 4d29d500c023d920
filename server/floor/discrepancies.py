"""Discrepancies: whatever did not go as the books say, in sight until a person settles it."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec
import sqlalchemy as sa

from server.auth.tables import person as person_table
from server.floor.rows import DiscrepancyRow
from server.floor.tables import discrepancy
from server.kernel.events import Event, reacts
from server.kernel.feeds import RowSink, board_scope, projects
from server.kernel.ops import OpContext
from server.store.dispatch import OperationSetAside

_ID = re.compile(r"[A-Za-z0-9:._/-]{1,64}")
_ORDER = sa.table("orders", sa.column("id"), sa.column("number"))


class DiscrepancyOpened(Event, frozen=True, kw_only=True):
    """`what`: its kind; `about`: the order. On no time line: what it follows from is."""

    kind: ClassVar[str] = "floor.discrepancy_opened"
    discrepancy: str
    what: str
    about: str


def open_one(
    ctx: OpContext,
    kind: str,
    *,
    outcome: str = "applied",
    operation: str = "",
    order: str | None = None,
    task: str | None = None,
    details: dict[str, Any] | None = None,
) -> str:
    """Put something on the exceptions desk; `kind` is a code with words in the catalogues."""
    made = ctx.new_id()
    ctx.conn.execute(
        sa.insert(discrepancy).values(
            id=made,
            site=ctx.site,
            kind=kind,
            state="open",
            operation=operation,
            outcome=outcome,
            device=ctx.device,
            n=ctx.n,
            person=ctx.person,
            order_id=order or None,
            task=task,
            body=msgspec.json.encode(details or {}).decode(),
            at=ctx.at,
        )
    )
    ctx.touch("discrepancy", made)
    ctx.emit(DiscrepancyOpened(discrepancy=made, what=kind, about=order or ""))
    return made


def add(ctx: OpContext, discrepancy_id: str, **details: Any) -> None:
    """What became of it meanwhile, beside what it was opened with."""
    here = discrepancy.c.id == discrepancy_id
    body = ctx.conn.execute(sa.select(discrepancy.c.body).where(here)).scalar()
    told = msgspec.json.encode(msgspec.json.decode(body or "{}") | details).decode()
    ctx.conn.execute(sa.update(discrepancy).where(here).values(body=told))
    ctx.touch("discrepancy", discrepancy_id)


def settle(ctx: OpContext, discrepancy_id: str, note: str = "") -> None:
    """Nobody has to look at it: it is kept for the record."""
    ctx.conn.execute(
        sa.update(discrepancy)
        .where(discrepancy.c.id == discrepancy_id)
        .values(state="settled", settled_at=ctx.at, settled_by=ctx.person, note=note)
    )
    ctx.touch("discrepancy", discrepancy_id)


@reacts(OperationSetAside)
def keep_in_sight(event: OperationSetAside, ctx: OpContext) -> None:
    """Diverted, quarantined, held, and refused facts; a refused request is told to its asker."""
    if event.outcome == "refused" and event.code not in ("malformed", "unknown_operation"):
        return
    details = {**event.details, "body": event.body}
    open_one(
        ctx,
        event.code,
        outcome=event.outcome,
        operation=event.operation,
        order=_text(event.details.get("order")),
        task=_text(event.details.get("task")) or _text(event.body.get("task")),
        details=details,
    )


def _text(value: Any) -> str | None:
    """A task's id out of a body that may be malformed: PostgreSQL keeps no NUL in a text."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


@projects("discrepancy")
def show(sink: RowSink, ids: Iterable[str]) -> None:
    d = discrepancy
    found = (
        sa.select(
            d,
            person_table.c.name.label("person_name"),
            _ORDER.c.number.label("order_number"),
            d.c.order_id.label("order"),
        )
        .outerjoin(person_table, person_table.c.id == d.c.person)
        .outerjoin(_ORDER, _ORDER.c.id == d.c.order_id)
        .where(d.c.id.in_(list(ids)))
    )
    for r in sink.conn.execute(found).mappings():
        if r["state"] == "settled":
            sink.drop(board_scope(sink.site), "discrepancy", r["id"])
            continue
        fields = {f: r[f] for f in DiscrepancyRow.__struct_fields__ if f in r}
        sink.put(
            board_scope(sink.site),
            "discrepancy",
            r["id"],
            DiscrepancyRow(**fields, details=msgspec.json.decode(r["body"])),
        )
