"""Discrepancies: whatever did not go as the books say, in sight until a person settles it."""

import re
from typing import Any, ClassVar

import msgspec
import sqlalchemy as sa

from server.floor.tables import discrepancy
from server.kernel.events import Event, reacts
from server.kernel.ops import OpContext
from server.store.dispatch import OperationSetAside

_ID = re.compile(r"[A-Za-z0-9:._/-]{1,64}")
_SKU = re.compile(r"[^\x00-\x1f\x7f]{1,64}")


class DiscrepancyOpened(Event, frozen=True, kw_only=True):
    """Something is on the exceptions desk. It is on no order's time line: what led to it is.
    `of_line`: of the task, 0 where none was named; `sku`: "" where it is of no item."""

    kind: ClassVar[str] = "floor.discrepancy_opened"
    discrepancy: str
    about: str
    of_order: str
    of_task: str
    of_line: int
    sku: str


class DiscrepancyClosed(Event, frozen=True, kw_only=True):
    """What it told of is true no longer."""

    kind: ClassVar[str] = "floor.discrepancy_closed"
    discrepancy: str
    note: str


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
    ctx.emit(_opened(made, kind, order, task, details or {}))
    return made


def _opened(
    made: str, kind: str, order: str | None, task: str | None, details: dict[str, Any]
) -> DiscrepancyOpened:
    body = details.get("body")
    told = {**(body if isinstance(body, dict) else {}), **details}
    sku, line = told.get("sku"), told.get("line")
    return DiscrepancyOpened(
        discrepancy=made,
        about=kind,
        of_order=order or "",
        of_task=task or "",
        of_line=line if isinstance(line, int) and 0 < line < 2**31 else 0,
        sku=sku if isinstance(sku, str) and _SKU.fullmatch(sku) else "",
    )


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
    ctx.emit(DiscrepancyClosed(discrepancy=discrepancy_id, note=note))


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
