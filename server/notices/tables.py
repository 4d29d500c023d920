"""The outbox of notices, what customers wish of them, and the browsers that asked for them."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("once", sa.String(255), nullable=False, unique=True),  # why there is no second one
    sa.Column("order_id", ID, nullable=False),
    sa.Column("what", sa.String(16), nullable=False),  # confirmed, shipped, …
    sa.Column("about", sa.String(128), nullable=False),  # which return, which day
    sa.Column("channel", sa.String(8), nullable=False),  # mail, sms, push, edi; none: see `why`
    sa.Column("audience", sa.String(8), nullable=False),  # customer, manager
    sa.Column("target", sa.String(254), nullable=False),  # address, number, subscription
    sa.Column("lang", sa.String(8), nullable=False),
    sa.Column("facts", sa.Text, nullable=False),  # what the words need, as it was then
    sa.Column("state", sa.String(16), nullable=False),  # queued, sent, failed, dropped
    sa.Column("why", sa.String(16), nullable=False, server_default=""),
    sa.Column("tried", sa.Integer, nullable=False, server_default="0"),
    sa.Column("at", MS, nullable=False),
    sa.Column("next_at", MS, nullable=False),
    sa.Column("sent_at", MS),
    sa.Column("again_of", ID),  # the notice that this one repeats
    # Of an interchange; with its partner nobody else's.
    sa.Column("reference", sa.String(14), nullable=False, server_default=""),
)
sa.Index("ix_notice_state", notice.c.state, notice.c.next_at)
sa.Index("ix_notice_order", notice.c.order_id)
sa.Index("ix_notice_reference", notice.c.reference, notice.c.target)

notice_wishes = sa.Table(
    "notice_wishes",
    metadata,
    sa.Column("customer", ID, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", MS, nullable=False),
)

push_subscription = sa.Table(
    "push_subscription",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("p256dh", sa.String(100), nullable=False),
    sa.Column("auth", sa.String(32), nullable=False),
    sa.Column("lang", sa.String(8), nullable=False),
    sa.Column("at", MS, nullable=False),
)
sa.Index("ix_push_subscription_order", push_subscription.c.order_id)
