"""Items, their codes, and a site's settings."""

import sqlalchemy as sa

from server.store.tables import ID, metadata

item = sa.Table(
    "item",
    metadata,
    sa.Column("sku", ID, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("weight_g", sa.Integer, nullable=False, server_default="0"),
    sa.Column("weight_class", sa.String(16), nullable=False, server_default="light"),
    sa.Column("temperature", sa.String(16), nullable=False, server_default=""),
    sa.Column("dangerous", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("tracks_lot", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("tracks_expiry", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("tracks_serial", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("price", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("cost", sa.BigInteger, nullable=False, server_default="0"),  # 0: not known
    sa.Column("length_mm", sa.Integer, nullable=False, server_default="0"),
    sa.Column("width_mm", sa.Integer, nullable=False, server_default="0"),
    sa.Column("height_mm", sa.Integer, nullable=False, server_default="0"),
    sa.Column("upright", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("liquid", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("apart", sa.String(32), nullable=False, server_default=""),
    sa.Column("origin", sa.String(2), nullable=False, server_default=""),
    sa.Column("hs_code", sa.String(12), nullable=False, server_default=""),
)

item_code = sa.Table(
    "item_code",
    metadata,
    sa.Column("code", ID, primary_key=True),
    sa.Column("sku", ID, nullable=False),
    sa.Column("pieces", sa.Integer, nullable=False, server_default="1"),  # of an outer pack more
)
sa.Index("ix_item_code_sku", item_code.c.sku)

item_substitute = sa.Table(  # what may be sent instead, the best one first
    "item_substitute",
    metadata,
    sa.Column("sku", ID, primary_key=True),
    sa.Column("substitute", ID, primary_key=True),
    sa.Column("rank", sa.Integer, nullable=False),
)

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("key", ID, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
