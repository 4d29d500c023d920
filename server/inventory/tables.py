"""Bins, and the ledger: stock is the sum of movements; the stock table keeps that sum at hand."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

bin_ = sa.Table(
    "bin",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("code", ID, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("zone", ID, nullable=False, server_default=""),
    sa.Column("aisle", sa.Integer, nullable=False, server_default="0"),
    sa.Column("block", sa.Integer, nullable=False, server_default="0"),
    sa.Column("offset_dm", sa.Integer, nullable=False, server_default="0"),
    sa.Column("side", sa.String(1), nullable=False, server_default="L"),
    sa.Column("level", sa.Integer, nullable=False, server_default="1"),
    sa.Column("capacity", sa.BigInteger, nullable=False, server_default="0"),  # pieces; 0: any
)

stock = sa.Table(
    "stock",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("bin", ID, primary_key=True),
    sa.Column("sku", ID, primary_key=True),
    sa.Column("lot", ID, primary_key=True),
    sa.Column("qty", sa.BigInteger, nullable=False),
    sa.Column("allocated", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("received_at", MS, nullable=False, server_default="0"),  # the oldest piece's receipt
)
sa.Index("ix_stock_site_sku", stock.c.site, stock.c.sku)

lot = sa.Table(
    "lot",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("sku", ID, primary_key=True),
    sa.Column("lot", ID, primary_key=True),
    sa.Column("expiry", sa.String(10), nullable=False, server_default=""),  # ISO date, or nothing
    sa.Column("held", sa.String(120), nullable=False, server_default=""),  # why; nothing: it is not
    sa.Column("received_at", MS, nullable=False),
)

serial = sa.Table(  # which order line holds a piece that has a number of its own
    "serial",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("sku", ID, primary_key=True),
    sa.Column("serial", ID, primary_key=True),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("task", ID, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("person", ID),
    sa.Column("at", MS, nullable=False),
)
sa.Index("ix_serial_order", serial.c.order_id)

bin_level = sa.Table(  # between which quantities a pick face is kept
    "bin_level",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("bin", ID, primary_key=True),
    sa.Column("sku", ID, primary_key=True),
    sa.Column("least", sa.BigInteger, nullable=False),
    sa.Column("most", sa.BigInteger, nullable=False),
)

movement = sa.Table(
    "movement",
    metadata,
    sa.Column("device", ID, primary_key=True),
    sa.Column("n", sa.BigInteger, primary_key=True),
    sa.Column("i", sa.Integer, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("at", MS, nullable=False),
    sa.Column("sku", ID, nullable=False),
    sa.Column("lot", ID, nullable=False),
    sa.Column("qty", sa.BigInteger, nullable=False),
    sa.Column("from_bin", ID, nullable=False),
    sa.Column("to_bin", ID, nullable=False),
    sa.Column("why", sa.String(32), nullable=False),
    sa.Column("ref", ID, nullable=False, server_default=""),
)
sa.Index("ix_movement_site_at", movement.c.site, movement.c.at)
