"""What is counted by day, what is known of each order that is counted, and tasks in hand.

All of it follows from the log: a follower writes it, and `dockhand check measures` makes it again.
"""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

measure = sa.Table(
    "measure",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("dimension", sa.String(16), primary_key=True),  # empty: the whole site
    sa.Column("member", sa.String(130), primary_key=True),  # of two dimensions both
    sa.Column("day", sa.Integer, primary_key=True),  # days since 1970 by the site's clock
    sa.Column("what", sa.String(24), primary_key=True),
    sa.Column("n", sa.BigInteger, nullable=False),
)

measured_order = sa.Table(
    "measured_order",
    metadata,
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("day", sa.Integer, nullable=False),  # on which it ended; 0: it has not
    sa.Column("placed_day", sa.Integer, nullable=False),
    sa.Column("placed_at", MS, nullable=False),
    sa.Column("due_at", MS, nullable=False),
    sa.Column("ended_at", MS, nullable=False),
    sa.Column("state", sa.String(24), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("customer", ID, nullable=False),
    sa.Column("destination", ID, nullable=False),
    sa.Column("carrier", ID, nullable=False),
    sa.Column("mistakes", sa.Integer, nullable=False),
    sa.Column("complaints", sa.Integer, nullable=False),
    sa.Column("returns", sa.Integer, nullable=False),
    sa.Column("reason", ID, nullable=False),
    sa.Column("courtesy", sa.Integer, nullable=False),
    sa.Column("work_ms", MS, nullable=False),
    sa.Column("cartons", sa.Text, nullable=False),  # kinds, as often as each was sealed
    sa.Column("charge", sa.BigInteger, nullable=False),
    sa.Column("charged_in", sa.String(3), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),  # empty: no cost is known of its goods
    sa.Column("sales", sa.BigInteger, nullable=False),
    sa.Column("goods", sa.BigInteger, nullable=False),
)
sa.Index(
    "ix_measured_order_site_day",
    measured_order.c.site,
    measured_order.c.day,
    measured_order.c.order_id,
)
sa.Index(
    "ix_measured_order_placed",
    measured_order.c.site,
    measured_order.c.placed_day,
    measured_order.c.order_id,
)

measured_task = sa.Table(  # who has a task of picking or packing in hand, since when
    "measured_task",
    metadata,
    sa.Column("task", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("person", ID, nullable=False),
    sa.Column("since", MS, nullable=False),
    sa.Column("seen", MS, nullable=False),  # until when its time is some order's already
    sa.Column("order_id", ID, nullable=False),  # which order's it was last
)

measured_clock = sa.Table(  # by whose clock a day begins in what follows a version
    "measured_clock",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("ver", sa.BigInteger, primary_key=True),
    sa.Column("timezone", ID, nullable=False),
)
