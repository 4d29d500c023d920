"""Returns, as far as a delivery opens them: authorised, received, put aside for inspection.

rma: opened -> received        opened -> withdrawn (the proof was corrected)
"""

from collections import Counter
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.floor import discrepancies
from server.inventory import ledger
from server.kernel.errors import Refusal, code
from server.kernel.ops import FACT, REQUEST, Op, OpContext, operation
from server.kernel.values import BlobRef, Code, Id, LineNo, Pieces, Qty, Role, Text
from server.orders import store as order_store
from server.pod.deliveries import RETURNS
from server.returns import asking, authorise
from server.returns.events import ReturnReceived
from server.returns.rules import Lacking, follow_up
from server.returns.tables import rma, rma_line

INSPECTION = "INSPECTION"
"""Where goods that came back wait for somebody's judgement; nobody may pick from it."""
RMA_UNKNOWN = code("rma_unknown")
RMA_OVER = code("rma_is_over")
RETURN_DIFFERS = code("return_differs")
NOT_RETURNABLE = code("not_returnable")
RETURN_OPEN = code("return_open")
RETURN_ASKED = code("return_asked")
WINDOW_OVER = code("return_window_over")
RECEIVERS = frozenset({Role.PICKER, Role.PACKER, Role.SUPERVISOR})


class WantedLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    no: LineNo
    qty: Pieces


class StartReturn(Op):
    """The customer wants to send back what was delivered. `reason`: a code of the site's table;
    `note`: in the customer's words."""

    order: Id
    reason: Annotated[str, Meta(pattern="^[a-z_]{1,32}$")]
    lines: Annotated[list[WantedLine], Meta(min_length=1, max_length=200)]
    note: Text = ""


@operation(
    "returns.start_return.v1",
    kind=REQUEST,
    roles={Role.SERVICE, Role.SUPERVISOR, Role.SYSTEM},
)
def start_return(op: StartReturn, ctx: OpContext) -> None:
    settings = authorise.settings_of(ctx.conn, ctx.site)
    _check_order(ctx, op.order, settings.window_days)
    numbers = asking.opened_by_customer(ctx.conn, op.order)
    if len(numbers) >= settings.most_open:
        raise Refusal(RETURN_OPEN, field="order", value=op.order, by=numbers[0])
    # Sent back by the customer: nothing is sent again before it has been looked at.
    only_back = msgspec.structs.replace(settings, reship=False)
    wanted = follow_up(_wanted(ctx, op), only_back)
    if wanted is None:
        raise Refusal(NOT_RETURNABLE, field="lines", value=0)
    told = None if ctx.person else _tell_service(ctx, op)
    authorise.open_one(ctx, op.order, wanted, origin="customer", note=op.note, discrepancy=told)


def _tell_service(ctx: OpContext, op: StartReturn) -> str:
    """Nobody of the house has spoken to the customer yet."""
    pieces = sum(want.qty for want in op.lines)
    details = {"reason": op.reason, "pieces": pieces, "note": op.note}
    return discrepancies.open_one(
        ctx, RETURN_ASKED, operation="returns.start_return", order=op.order, details=details
    )


def _check_order(ctx: OpContext, order_id: str, window_days: int) -> None:
    order = order_store.get(ctx, order_id)
    if order is None:
        raise Refusal("not_found", field="order", value=order_id)
    if order.state not in asking.DELIVERED:
        raise Refusal(NOT_RETURNABLE, field="order", value=order.state)
    if asking.is_too_late(ctx.conn, order_id, ctx.at, window_days):
        raise Refusal(WINDOW_OVER, field="order", days=window_days)


def _wanted(ctx: OpContext, op: StartReturn) -> list[Lacking]:
    """Refuses what was never delivered, or is on its way back already."""
    if twice := [no for no, n in Counter(want.no for want in op.lines).items() if n > 1]:
        raise Refusal("malformed", field="lines", value=twice[0], mend="each line once")
    may = {line.no: line for line in asking.returnable(ctx.conn, op.order)}
    for want in op.lines:
        left = may[want.no].left if want.no in may else 0
        if want.qty > left:
            raise Refusal(NOT_RETURNABLE, field="lines", value=want.no, left=left)
    return [
        Lacking(no=want.no, sku=may[want.no].sku, qty=want.qty, reason=op.reason)
        for want in op.lines
    ]


class CameLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line that did not come at all has 0 pieces."""

    no: LineNo
    sku: Code
    qty: Qty


class ReceiveReturn(Op):
    """The goods of an authorisation are here, counted by scans."""

    rma: Id
    lines: Annotated[list[CameLine], Meta(min_length=1, max_length=1000)]
    photos: Annotated[list[BlobRef], Meta(max_length=12)] = []
    note: Text = ""


@operation("returns.receive_return.v1", kind=FACT, roles=RECEIVERS)
def receive_return(op: ReceiveReturn, ctx: OpContext) -> None:
    """Into inspection, whatever was expected; a difference is told."""
    found = authorise.find(ctx, op.rma)
    source = RETURNS if found is None or found.origin == "delivery" else ledger.WORLD
    for line in op.lines:
        ledger.move_any_lot(ctx, line.sku, line.qty, source, INSPECTION, "inspect", ref=op.rma)
    if found is None:
        return ctx.divert(RMA_UNKNOWN, rma=op.rma)
    _count(ctx, op)
    ctx.touch("rma", found.id)
    if found.state != "opened":
        return ctx.divert(RMA_OVER, rma=op.rma, order=found.order_id)
    ctx.conn.execute(
        sa.update(rma).where(rma.c.id == op.rma).values(state="received", received_at=ctx.at)
    )
    expected, came = _sums(ctx, op.rma)
    ctx.emit(
        ReturnReceived(
            order=found.order_id,
            rma=op.rma,
            number=found.number,
            pieces=came,
            expected=expected,
            photos=list(op.photos),
        )
    )
    if _differs(ctx, op.rma):
        details = {"rma": found.number, "expected": expected, "found": came, "note": op.note}
        discrepancies.open_one(
            ctx,
            RETURN_DIFFERS,
            operation="returns.receive_return",
            order=found.order_id,
            details=details,
        )
    return None


def _count(ctx: OpContext, op: ReceiveReturn) -> None:
    for line in op.lines:
        here = sa.and_(rma_line.c.rma == op.rma, rma_line.c.no == line.no)
        more = sa.update(rma_line).where(here).values(received=rma_line.c.received + line.qty)
        if ctx.conn.execute(more).rowcount:
            continue
        ctx.conn.execute(
            sa.insert(rma_line).values(
                rma=op.rma,
                no=line.no,
                sku=line.sku,
                qty=0,
                back=0,
                received=line.qty,
                reason="",
                party="nobody",
                follow="return",
            )
        )


def _sums(ctx: OpContext, rma_id: str) -> tuple[int, int]:
    line = rma_line.c
    found = sa.select(sa.func.sum(line.back), sa.func.sum(line.received))
    row: Any = ctx.conn.execute(found.where(line.rma == rma_id)).one()
    return int(row[0] or 0), int(row[1] or 0)


def _differs(ctx: OpContext, rma_id: str) -> bool:
    line = rma_line.c
    found = sa.select(line.no).where(line.rma == rma_id, line.back != line.received)
    return ctx.conn.execute(found.limit(1)).first() is not None
