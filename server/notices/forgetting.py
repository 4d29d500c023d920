"""A customer who is to be forgotten: what the outbox holds of them goes, and nothing new comes.

That a notice was sent, when, and by which way stays: it names nobody. What their orders, proofs and
the log of operations hold is not the outbox's to erase.
"""

import msgspec
import sqlalchemy as sa

from server.kernel.errors import Refusal
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Code, Role
from server.notices.tables import notice, notice_wishes, push_subscription
from server.notices.wishes import CUSTOMER_UNKNOWN, Wishes
from server.orders.tables import customer, orders

FORGOTTEN = "forgotten"
NOTHING = "{}"
"""The facts of a notice that nobody can send again."""


class ForgetCustomer(Op):
    customer: Code


@operation("notices.forget_customer.v1", kind=REQUEST, roles={Role.ADMIN, Role.SYSTEM})
def forget_customer(op: ForgetCustomer, ctx: OpContext) -> None:
    """Of every site: a customer is one. What waits is not sent any more, a copy to their manager
    neither. Again is the same."""
    known = sa.select(customer.c.id).where(customer.c.id == op.customer)
    if ctx.conn.execute(known).first() is None:
        raise Refusal(CUSTOMER_UNKNOWN, field="customer", value=op.customer)
    theirs = sa.select(orders.c.id).where(orders.c.customer == op.customer)
    mine = notice.c.order_id.in_(theirs)
    waiting = sa.update(notice).where(mine, notice.c.state == "queued")
    ctx.conn.execute(waiting.values(state="dropped", why=FORGOTTEN))
    ctx.conn.execute(sa.update(notice).where(mine).values(target="", facts=NOTHING))
    browsers = push_subscription.c.order_id.in_(theirs)
    ctx.conn.execute(sa.delete(push_subscription).where(browsers))
    ctx.conn.execute(sa.delete(notice_wishes).where(notice_wishes.c.customer == op.customer))
    body = msgspec.json.encode(Wishes(quiet=True, forgotten=True)).decode()
    ctx.conn.execute(sa.insert(notice_wishes).values(customer=op.customer, body=body, at=ctx.at))
