"""Return authorisations and what they authorise."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

rma = sa.Table(
    "rma",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("number", sa.String(24), nullable=False),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),  # delivery: on the van; customer: sent in
    sa.Column("stop", ID),
    sa.Column("proof", sa.String(64)),  # hash of the record that it follows from
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("party", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("reship", ID),  # the order that makes it good
    sa.Column("discrepancy", ID),
    sa.Column("opened_at", MS, nullable=False),
    sa.Column("received_at", MS),
)
sa.Index("ix_rma_order", rma.c.order_id)
sa.Index("ix_rma_stop", rma.c.stop)

rma_line = sa.Table(
    "rma_line",
    metadata,
    sa.Column("rma", ID, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),  # as in the order
    sa.Column("sku", ID, nullable=False),
    sa.Column("qty", sa.BigInteger, nullable=False),  # not delivered, or to be sent back
    sa.Column("back", sa.BigInteger, nullable=False),  # of them expected here
    sa.Column("received", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("party", sa.String(16), nullable=False),
    sa.Column("follow", sa.String(16), nullable=False),
)
