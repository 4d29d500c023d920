"""What cancelling an order would cost, and who may: asked before it is done."""

from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Router, get
from litestar.params import FromPath

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.kernel.errors import Refusal
from server.kernel.values import DESK, Role
from server.orders.cancel_rules import Desk, Stage, has_rank, needed
from server.orders.cancelling import bill, cancel_rules, cancelled_lately
from server.orders.tables import orders


class Cancelling(msgspec.Struct, frozen=True, kw_only=True):
    """`fee` in minor units of `currency`. `may`, `may_waive`: whoever asks; `who`, `who_waives`: at
    least. `times`: orders of this customer cancelled within `days`; `often`: that is flagged."""

    stage: Stage
    fee: int
    currency: str
    may: bool
    who: Desk
    may_waive: bool
    who_waives: Desk
    times: int
    days: int
    often: bool


@get("/{order_id:str}", guards=[require(*DESK)])
async def show(request: AnyRequest, grant: ByGrant, order_id: FromPath[str]) -> Cancelling:
    """Of one that is cancelled already: as if it were to be."""
    store = store_of(request)
    now = store.clock()
    return await store.read(lambda conn: asked(conn, grant.site, order_id, grant.role, now))


def asked(conn: Any, site: str, order_id: str, role: Role, now: int) -> Cancelling:
    """Refuses `not_found`, alike for an order of another site."""
    found = sa.select(orders.c.customer).where(orders.c.id == order_id, orders.c.site == site)
    customer = conn.execute(found).scalar()
    if customer is None:
        raise Refusal("not_found", field="order")
    rules = cancel_rules(conn, site)
    costs = bill(conn, order_id, rules)
    who = needed(rules, costs.stage)
    times = cancelled_lately(conn, site, customer, now, rules.days)
    return Cancelling(
        stage=costs.stage,
        fee=costs.fee,
        currency=costs.currency,
        may=has_rank(role, who),
        who=who,
        may_waive=has_rank(role, rules.waives),
        who_waives=rules.waives,
        times=times,
        days=rules.days,
        often=times >= rules.often,
    )


router = Router(path="/api/cancelling", route_handlers=[show])
