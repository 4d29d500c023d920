"""Shipments, their parcels and pallets, and the lines of a packing task."""

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
    sa.Column("numbers", sa.Text, nullable=False, server_default="[]"),  # ready for its cartons
    sa.Column("spare", ID, nullable=False, server_default=""),  # what further numbers begin with
    sa.Column("counted_by", ID),  # a blind count is over
    sa.Column("counted_at", MS),
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
    sa.Column("no", sa.Integer, nullable=False, server_default="1"),  # within its shipment
    sa.Column("carton", sa.String(16), nullable=False, server_default=""),
    sa.Column("proposed", sa.String(16), nullable=False, server_default=""),
    sa.Column("weight_g", sa.Integer, nullable=False, server_default="0"),
    sa.Column("expected_g", sa.Integer),
    sa.Column("pallet", ID),
    sa.Column("packed_by", ID),  # who checked it last, and sealed it
    sa.Column("packed_at", MS),
)
sa.Index("ix_parcel_shipment", parcel.c.shipment)
sa.Index("ix_parcel_order", parcel.c.order_id)
sa.Index("ix_parcel_pallet", parcel.c.pallet)
sa.Index("ix_parcel_site_packed", parcel.c.site, parcel.c.packed_at)

pallet = sa.Table(
    "pallet",
    metadata,
    sa.Column("number", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("person", ID, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # ready, open, built
    sa.Column("built_by", ID),
    sa.Column("built_at", MS),
)
sa.Index("ix_pallet_person", pallet.c.person, pallet.c.state)

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
    sa.Column("flawed", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("looked_by", ID),  # the item quality check
    sa.Column("looked_at", MS),
)

pack_piece = sa.Table(  # which pieces of a line are in which carton
    "pack_piece",
    metadata,
    sa.Column("task", ID, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("parcel", ID, primary_key=True),
    sa.Column("qty", sa.BigInteger, nullable=False),
    sa.Column("by_person", ID),
    sa.Column("at", MS),
)
sa.Index("ix_pack_piece_parcel", pack_piece.c.parcel)

print_job = sa.Table(
    "print_job",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("number", ID, nullable=False),  # of the parcel or pallet
    sa.Column("what", sa.String(16), nullable=False),  # parcel, pallet
    sa.Column("order_id", ID, nullable=False),
    sa.Column("station", ID, nullable=False),
    sa.Column("station_name", sa.String(40), nullable=False),
    sa.Column("lang", sa.String(8), nullable=False),
    sa.Column("person", ID, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # queued, printed, failed
    sa.Column("tried", sa.Integer, nullable=False, server_default="0"),
    sa.Column("fault", sa.String(16), nullable=False, server_default=""),
    sa.Column("at", MS, nullable=False),
    sa.Column("next_at", MS, nullable=False),
)
sa.Index("ix_print_job_state", print_job.c.state, print_job.c.next_at)
sa.Index("ix_print_job_person", print_job.c.person, print_job.c.number)
