"""Shipments, their parcels, and the lines of a packing task."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

shipment = sa.Table(
    "shipment",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("state", sa.String(24), nullable=False),
    sa.Column("outcome", sa.String(16)),
    sa.Column("reason", sa.String(32)),
    sa.Column("changed_at", MS, nullable=False),
)
sa.Index("ix_shipment_order", shipment.c.order_id)
sa.Index("ix_shipment_site_state", shipment.c.site, shipment.c.state)

parcel = sa.Table(
    "parcel",
    metadata,
    sa.Column("number", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("shipment", ID, nullable=False),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("weight_g", sa.Integer, nullable=False, server_default="0"),
    sa.Column("packed_by", ID),
    sa.Column("packed_at", MS),
)
sa.Index("ix_parcel_shipment", parcel.c.shipment)

pack_line = sa.Table(
    "pack_line",
    metadata,
    sa.Column("task", ID, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("pick_task", ID, nullable=False),
    sa.Column("pick_slot", sa.Integer, nullable=False, server_default="0"),
    sa.Column("sku", ID, nullable=False),
    sa.Column("qty", sa.BigInteger, nullable=False),
    sa.Column("packed", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("by_person", ID),
    sa.Column("at", MS),
)
