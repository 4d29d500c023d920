"""The central order store."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

customer = sa.Table(
    "customer",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("country", sa.String(64), nullable=False, server_default=""),
    sa.Column("phone", sa.String(40), nullable=False, server_default=""),
    sa.Column("email", sa.String(120), nullable=False, server_default=""),
    sa.Column("vip", sa.Boolean, nullable=False, server_default=sa.false()),
)

orders = sa.Table(
    "orders",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("number", sa.String(40), nullable=False, unique=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("ref", sa.String(120), nullable=False),
    sa.Column("type", sa.String(16), nullable=False),
    sa.Column("transport", sa.String(16), nullable=False, server_default=""),
    sa.Column("marks", sa.Text, nullable=False, server_default=""),  # words, between spaces
    sa.Column("priority", sa.Integer, nullable=False, server_default="40"),
    sa.Column("state", sa.String(24), nullable=False),
    sa.Column("held_from", sa.String(24), nullable=False, server_default=""),  # before the hold
    sa.Column("customer", ID, nullable=False),
    sa.Column("customer_name", sa.String(120), nullable=False),
    sa.Column("ship_to", sa.Text, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("pieces", sa.BigInteger, nullable=False),
    sa.Column("placed_at", MS, nullable=False),
    sa.Column("due_at", MS, nullable=False),
    sa.Column("deliver_from", MS, nullable=False, server_default="0"),  # the window agreed
    sa.Column("deliver_to", MS, nullable=False, server_default="0"),  # 0: none
    sa.Column("created_at", MS, nullable=False),
    sa.Column("changed_at", MS, nullable=False),
    sa.Column("replaces", ID),  # the order whose goods this one makes good
    # The day that we would have named without a buffer; 0: the day came with the order.
    sa.Column("promised_at", MS, nullable=False, server_default="0"),
    sa.Column("delivered_at", MS),
)
sa.Index("ix_orders_site_state", orders.c.site, orders.c.state)
sa.Index("ix_orders_site_delivered", orders.c.site, orders.c.delivered_at)
sa.Index("ix_orders_ref", orders.c.ref)
sa.Index("ix_orders_customer", orders.c.customer)

promise_learned = sa.Table(  # what deliveries have taught of promises
    "promise_learned",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", MS, nullable=False),
)

order_line = sa.Table(
    "order_line",
    metadata,
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("sku", ID, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("qty", sa.BigInteger, nullable=False),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("cost", sa.BigInteger, nullable=False, server_default="0"),  # as the item's was then
    sa.Column("picked", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("shipped", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("delivered", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("substitute", ID),  # what was picked instead, and how much of `picked` it is
    sa.Column("substituted", sa.BigInteger, nullable=False, server_default="0"),
)
sa.Index("ix_order_line_sku", order_line.c.sku)

cancellation = sa.Table(
    "cancellation",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("ref", sa.String(120), nullable=False),
    sa.Column("customer", ID, nullable=False),
    sa.Column("order_id", ID),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("pieces", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", MS, nullable=False),
)
