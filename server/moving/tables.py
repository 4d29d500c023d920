"""What is to be brought from where to where, whatever for."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

move_line = sa.Table(
    "move_line",
    metadata,
    sa.Column("task", ID, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("order_id", ID),
    sa.Column("sku", ID, nullable=False),
    sa.Column("lot", ID, nullable=False),
    sa.Column("from_bin", ID, nullable=False),
    sa.Column("to_bin", ID, nullable=False),  # empty: the worker finds a place
    sa.Column("qty", sa.BigInteger, nullable=False),
    sa.Column("moved", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(32)),
    sa.Column("why", sa.String(32), nullable=False),
    sa.Column("by_person", ID),
    sa.Column("at", MS),
)
sa.Index("ix_move_line_site_to", move_line.c.site, move_line.c.to_bin, move_line.c.state)
