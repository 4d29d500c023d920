"""Waves and the lines that pickers walk."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

wave = sa.Table(
    "wave",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("policy", sa.String(16), nullable=False),
    sa.Column("orders", sa.Integer, nullable=False),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("metres", sa.Float, nullable=False),
    sa.Column("s_shape_metres", sa.Float, nullable=False),
    sa.Column("at", MS, nullable=False),
)

pick_line = sa.Table(
    "pick_line",
    metadata,
    sa.Column("task", ID, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("order_line", sa.Integer, nullable=False),
    sa.Column("sku", ID, nullable=False),
    sa.Column("lot", ID, nullable=False),
    sa.Column("bin", ID, nullable=False),
    sa.Column("qty", sa.BigInteger, nullable=False),
    sa.Column("picked", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(32)),
    sa.Column("by_person", ID),
    sa.Column("at", MS),
)
sa.Index("ix_pick_line_order", pick_line.c.order_id)
