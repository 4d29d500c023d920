"""What an order's customer was told, for the desks; and the page on which a browser asks to be."""

from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Router, get
from litestar.params import FromPath

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.kernel.errors import Refusal
from server.kernel.values import DESK
from server.notices.rules import shown
from server.notices.settings import notice_rules
from server.notices.tables import notice
from server.notices.wishes import Wishes, wishes_of
from server.orders.tables import customer, orders

MOST = 200


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A notice. `why`: a word for what stood in its way; `to`: masked; times in ms."""

    id: str
    what: str
    channel: str
    audience: str
    to: str
    lang: str
    state: str
    why: str
    tried: int
    at: int
    next_at: int
    sent_at: int | None
    again_of: str | None


class OrderNotices(msgspec.Struct, frozen=True, kw_only=True):
    """Newest first. `on`: the site sends notices at all."""

    on: bool
    customer: str
    vip: bool
    wishes: Wishes
    notices: list[Told]


@get("/{order_id:str}", guards=[require(*DESK)])
async def show(request: AnyRequest, grant: ByGrant, order_id: FromPath[str]) -> OrderNotices:
    return await store_of(request).read(lambda conn: told(conn, grant.site, order_id))


def told(conn: sa.Connection, site: str, order_id: str) -> OrderNotices:
    """Refuses `not_found`, alike for an order of another site."""
    whose = (
        sa.select(orders.c.customer, customer.c.vip)
        .outerjoin(customer, customer.c.id == orders.c.customer)
        .where(orders.c.id == order_id, orders.c.site == site)
    )
    found = conn.execute(whose).first()
    if found is None:
        raise Refusal("not_found", field="order")
    rows = sa.select(notice).where(notice.c.order_id == order_id, notice.c.site == site)
    newest = rows.order_by(notice.c.at.desc(), notice.c.id.desc()).limit(MOST)
    return OrderNotices(
        on=notice_rules(conn, site).on,
        customer=found.customer,
        vip=bool(found.vip),
        wishes=wishes_of(conn, found.customer),
        notices=[_told(row) for row in conn.execute(newest).mappings()],
    )


def _told(row: Any) -> Told:
    same = {f: row[f] for f in Told.__struct_fields__ if f != "to"}
    return Told(**same, to=shown(row["channel"], row["target"]))


router = Router(path="/api/notices", route_handlers=[show])
