"""Opening and withdrawing a return authorisation, and sending goods again."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.floor import discrepancies
from server.kernel.errors import code
from server.kernel.ops import OpContext
from server.orders import store as order_store
from server.orders.events import OrderCancelled
from server.orders.lifecycle import may_move
from server.orders.reship import reship
from server.picking.waves import PlanWave, plan_wave
from server.returns.events import Reshipped, ReturnOpened, ReturnWithdrawn
from server.returns.rules import FollowUp, Line, ReturnSettings
from server.returns.tables import rma, rma_line

SETTING = "returns"
shaped(SETTING, ReturnSettings)
RESHIPMENT_UNDER_WAY = code("reshipment_under_way")
_STOPPABLE = frozenset({"confirmed", "released", "picking", "picked", "packing", "packed", "hold"})


def settings_of(conn: Any, site: str) -> ReturnSettings:
    return msgspec.convert(get_setting(conn, site, SETTING, {}), ReturnSettings)


def open_one(
    ctx: OpContext,
    order_id: str,
    wanted: FollowUp,
    *,
    origin: str,
    stop: str | None = None,
    proof: str | None = None,
    discrepancy: str | None = None,
    note: str = "",
) -> str:
    """The number of the new authorisation. `note`: of whoever asked for it."""
    made, number = ctx.new_id(), f"RMA-{ctx.next_number('rma'):06d}"
    again = _send_again(ctx, order_id, wanted.reshipped)
    ctx.conn.execute(
        sa.insert(rma).values(
            id=made,
            site=ctx.site,
            number=number,
            order_id=order_id,
            origin=origin,
            stop=stop,
            proof=proof,
            state="opened",
            party=wanted.party,
            reason=wanted.reason,
            reship=again[0] if again else None,
            discrepancy=discrepancy,
            opened_at=ctx.at,
        )
    )
    rows = [{"rma": made, **msgspec.structs.asdict(line)} for line in wanted.lines]
    ctx.conn.execute(sa.insert(rma_line), rows)
    ctx.touch("rma", made)
    ctx.emit(
        ReturnOpened(
            order=order_id,
            rma=made,
            number=number,
            reason=wanted.reason,
            party=wanted.party,
            pieces=sum(line.qty for line in wanted.lines),
            back=sum(line.back for line in wanted.lines),
            origin=origin,
            note=note,
        )
    )
    if discrepancy:
        links = {"rma": number, "party": wanted.party}
        discrepancies.add(ctx, discrepancy, **links, **({"reship": again[1]} if again else {}))
    return number


def _send_again(ctx: OpContext, order_id: str, wanted: list[Line]) -> tuple[str, str] | None:
    """A linked order, its goods reserved at once where there is stock; the desk is told if not."""
    by_no = {line.no: line for line in order_store.lines(ctx.conn, [order_id])}
    goods = [(by_no[line.no], line.qty) for line in wanted if line.no in by_no]
    if not goods:
        return None
    made, number = reship(ctx, order_id, goods)
    if get_setting(ctx.conn, ctx.site, "layout", None) is not None:
        plan_wave(PlanWave(orders=[made], mode="single"), ctx)
    pieces = sum(qty for _, qty in goods)
    ctx.emit(Reshipped(order=order_id, by=made, number=number, pieces=pieces))
    return made, number


def withdraw(ctx: OpContext, found: Any) -> None:
    """Nothing of it has come in: the authorisation is void, and so is the order that makes it
    good, unless that one has left."""
    ctx.conn.execute(sa.update(rma).where(rma.c.id == found.id).values(state="withdrawn"))
    ctx.touch("rma", found.id)
    ctx.emit(ReturnWithdrawn(order=found.order_id, rma=found.id, number=found.number))
    again = order_store.get(ctx, found.reship) if found.reship else None
    if again is None:
        return
    if again.state in _STOPPABLE and may_move(again.state, "cancelled"):
        order_store.move(ctx, again, "cancelled")
        ctx.emit(OrderCancelled(order=again.id, before=again.state, reason=found.number))
    elif again.state != "cancelled":
        discrepancies.open_one(
            ctx, RESHIPMENT_UNDER_WAY, order=again.id, details={"rma": found.number}
        )


def find(ctx: OpContext, rma_id: str) -> Any:
    """The authorisation, locked until the commit, or None."""
    found = sa.select(rma).where(rma.c.id == rma_id, rma.c.site == ctx.site)
    return ctx.conn.execute(found.with_for_update()).first()
