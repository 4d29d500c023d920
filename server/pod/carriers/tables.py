"""Waybills, what they are for, pickups booked, and what carriers have told."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

waybill = sa.Table(
    "waybill",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("carrier", ID, nullable=False),
    sa.Column("carrier_name", sa.String(40), nullable=False),
    sa.Column("service", ID, nullable=False),
    sa.Column("service_name", sa.String(40), nullable=False),
    sa.Column("number", sa.String(40), nullable=False),
    sa.Column("barcode", sa.String(16), nullable=False),  # of the number: code128, itf, none
    sa.Column("state", sa.String(16), nullable=False),  # open, void; then as the carrier tells it
    sa.Column("parts", sa.Text, nullable=False),  # what the price is made of
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("arrives_by", MS, nullable=False),
    sa.Column("by_rule", sa.Boolean, nullable=False),
    sa.Column("pickup", ID),
    sa.Column("told_at", MS),  # the latest of its carrier's events, by their own time
    sa.Column("delivered_at", MS),
    sa.Column("created_at", MS, nullable=False),
)
sa.Index("ix_waybill_number", waybill.c.site, waybill.c.number)
sa.Index("ix_waybill_made", waybill.c.site, waybill.c.carrier, waybill.c.created_at)

waybill_of = sa.Table(  # a shipment's waybill; several shipments to one door may share one
    "waybill_of",
    metadata,
    sa.Column("shipment", ID, primary_key=True),
    sa.Column("waybill", ID, nullable=False),
)
sa.Index("ix_waybill_of_waybill", waybill_of.c.waybill)

pickup = sa.Table(
    "pickup",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("carrier", ID, nullable=False),
    sa.Column("reference", sa.String(40), nullable=False),
    sa.Column("opens_at", MS, nullable=False),
    sa.Column("closes_at", MS, nullable=False),
    sa.Column("waybills", sa.Integer, nullable=False),
)

carrier_poll = sa.Table(  # beside the log: who is asked when
    "carrier_poll",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("carrier", ID, primary_key=True),
    sa.Column("next_at", MS, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),  # times in a row
    sa.Column("after", ID, nullable=False),  # the waybill that was asked for last
)

carrier_event = sa.Table(
    "carrier_event",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("source", ID, primary_key=True),
    sa.Column("ref", sa.String(64), primary_key=True),
    sa.Column("waybill", ID, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("code", sa.String(64), nullable=False),
    sa.Column("text", sa.String(500), nullable=False),
    sa.Column("place", sa.String(120), nullable=False),
    sa.Column("happened_at", MS, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    sa.Column("at", MS, nullable=False),
)
sa.Index("ix_carrier_event_waybill", carrier_event.c.waybill)
