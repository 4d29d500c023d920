"""Past the dock door: runs, their stops, and the proof of what happened at each."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

run = sa.Table(
    "run",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("vehicle", sa.String(64), nullable=False, server_default=""),
    sa.Column("task", ID, nullable=False),
    sa.Column("departed_at", MS),
    sa.Column("created_at", MS, nullable=False),
)

stop = sa.Table(
    "stop",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("run", ID, nullable=False),
    sa.Column("task", ID, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("shipment", ID, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("outcome", sa.String(16)),
    sa.Column("reason", sa.String(32)),
    sa.Column("arrived_at", MS),
    sa.Column("closed_at", MS),
)
sa.Index("ix_stop_run", stop.c.run)
sa.Index("ix_stop_task", stop.c.task)
sa.Index("ix_stop_order", stop.c.order_id)

load = sa.Table(
    "load",
    metadata,
    sa.Column("stop", ID, primary_key=True),
    sa.Column("parcel", ID, primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("at", MS),
)

proof = sa.Table(
    "proof",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("stop", ID, nullable=False),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("device", ID, nullable=False),
    sa.Column("n", sa.BigInteger, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("prev", sa.String(64), nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("verdicts", sa.Text, nullable=False),
    sa.Column("recv_at", MS, nullable=False),
)
sa.Index("ix_proof_stop", proof.c.stop)
sa.Index("ix_proof_order", proof.c.order_id)
