"""Every version of every paper of an order."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

order_paper = sa.Table(
    "order_paper",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("paper", sa.String(32), nullable=False),
    sa.Column("source", sa.String(8), nullable=False),  # issued, attached, waived
    sa.Column("number", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("lang", sa.String(8), nullable=False, server_default=""),
    sa.Column("blob", sa.String(80), nullable=False, server_default=""),
    sa.Column("facts", sa.String(64), nullable=False, server_default=""),  # hash of what it says
    sa.Column("stamp", sa.String(64), nullable=False, server_default=""),  # of what was packed
    sa.Column("note", sa.String(500), nullable=False, server_default=""),
    sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("by_person", ID),
    sa.Column("at", MS, nullable=False),
)
sa.Index("ix_order_paper_order", order_paper.c.order_id)
sa.Index("ix_order_paper_blob", order_paper.c.site, order_paper.c.blob)
