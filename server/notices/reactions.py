"""Which event makes which notice. All in the savepoint of the operation that causes it."""

from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.notices.making import day, drop, make, moment, tells
from server.notices.rules import HOUR_MS, money
from server.notices.settings import notice_rules
from server.notices.tracking import tracking_of
from server.orders.events import AddressChanged, OrderCancelled, OrderMoved, OrderReceived
from server.pod.events import DelayForeseen
from server.pod.run_rules import readable_rules
from server.returns.events import ReturnOpened, ReturnReceived

DELIVERED = frozenset({"delivered", "part_delivered"})


@reacts(OrderReceived)
def confirmed(event: OrderReceived, ctx: OpContext) -> None:
    """An order is confirmed as it is taken in."""
    if not tells(ctx, "confirmed"):
        return
    when = day(ctx.conn, ctx.site, event.order, ctx.now)
    make(ctx, "confirmed", event.order, pieces=str(event.pieces), day=when)


@reacts(OrderMoved)
def moved(event: OrderMoved, ctx: OpContext) -> None:
    """Shipped each time that it leaves the dock; delivered once, whatever corrects the proof."""
    if event.after == "shipped":
        _shipped(event.order, ctx)
    elif event.after == "out_for_delivery":
        make(ctx, "out_for_delivery", event.order, f"{ctx.device}/{ctx.n}")
    elif event.after in DELIVERED:
        make(ctx, "delivered", event.order)
        wait = notice_rules(ctx.conn, ctx.site).survey_after_h * HOUR_MS
        make(ctx, "survey", event.order, at=ctx.at + wait)
    elif event.before in DELIVERED and event.after in ("refused", "out_for_delivery", "packed"):
        drop(ctx, event.order, "survey")


def _shipped(order_id: str, ctx: OpContext) -> None:
    if not tells(ctx, "shipped"):
        return
    carrier, tracking = tracking_of(ctx.conn, order_id)
    when = day(ctx.conn, ctx.site, order_id, ctx.now)
    about = f"{ctx.device}/{ctx.n}"
    make(ctx, "shipped", order_id, about, carrier=carrier, tracking=tracking, day=when)


@reacts(AddressChanged)
def changed(event: AddressChanged, ctx: OpContext) -> None:
    make(ctx, "changed", event.order, f"{ctx.device}/{ctx.n}")


@reacts(DelayForeseen)
def delayed(event: DelayForeseen, ctx: OpContext) -> None:
    """At once; of a delay that comes and goes the customer hears once a day."""
    if not tells(ctx, "delayed"):
        return
    zone = readable_rules(ctx.conn, ctx.site).zone
    today = f"{moment(ctx.at, zone):%Y-%m-%d}"
    promised = f"{moment(event.promised, zone):%Y-%m-%d}"
    when = day(ctx.conn, ctx.site, event.order, ctx.now)
    make(ctx, "delayed", event.order, today, promised=promised, day=when)


@reacts(OrderCancelled)
def cancelled(event: OrderCancelled, ctx: OpContext) -> None:
    """With what it costs."""
    told = money(event.fee, event.currency) if event.fee else ""
    make(ctx, "cancelled", event.order, fee=told, fee_minor=str(event.fee))


@reacts(ReturnOpened)
def rma_issued(event: ReturnOpened, ctx: OpContext) -> None:
    make(ctx, "rma_issued", event.order, event.number, rma=event.number, pieces=str(event.pieces))


@reacts(ReturnReceived)
def return_done(event: ReturnReceived, ctx: OpContext) -> None:
    make(ctx, "return_done", event.order, event.number, rma=event.number, pieces=str(event.pieces))
