"""Which item may be sent instead of another, and where a site or a customer takes none.

Setting `substitutes`: `{"allow": true, "customers": {"C1": false}}`; the customer's word is
the stronger one.
"""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.catalog.tables import item, item_substitute
from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Code, Role

code("unknown_item")


class PutSubstitutes(Op):
    """Exactly these, the best one first; none: nothing is sent instead any more."""

    sku: Code
    substitutes: Annotated[list[Code], Meta(max_length=10)] = []


@operation(
    "catalog.put_substitutes.v1",
    kind=REQUEST,
    roles={Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM},
)
def put_substitutes(op: PutSubstitutes, ctx: OpContext) -> None:
    wanted = list(dict.fromkeys(op.substitutes))
    if op.sku in wanted:
        raise Refusal("malformed", field="substitutes", value=op.sku, mend="another item")
    skus = {op.sku, *wanted}
    found = sa.select(item.c.sku).where(item.c.sku.in_(sorted(skus)))
    if missing := skus - set(ctx.conn.execute(found).scalars()):
        raise Refusal("unknown_item", field="substitutes", value=min(missing))
    ctx.conn.execute(sa.delete(item_substitute).where(item_substitute.c.sku == op.sku))
    if wanted:
        rows = [{"sku": op.sku, "substitute": s, "rank": i} for i, s in enumerate(wanted)]
        ctx.conn.execute(sa.insert(item_substitute), rows)


class Rule(msgspec.Struct, frozen=True):
    allow: bool = True
    customers: dict[str, bool] = {}

    def allows(self, customer: str) -> bool:
        return self.customers.get(customer, self.allow)


shaped("substitutes", Rule)


def rule(conn: Any, site: str) -> Rule:
    return msgspec.convert(get_setting(conn, site, "substitutes", {}), Rule, strict=False)


def substitutes(conn: Any, skus: Iterable[str]) -> dict[str, list[str]]:
    """By SKU, the best one first."""
    of = item_substitute.c
    found = sa.select(of.sku, of.substitute).where(of.sku.in_(sorted(set(skus))))
    made: dict[str, list[str]] = {}
    for sku, substitute in conn.execute(found.order_by(of.sku, of.rank)):
        made.setdefault(sku, []).append(substitute)
    return made
