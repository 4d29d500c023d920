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
    # The van and its driver's shift; 0 where nobody planned them.
    sa.Column("leaves_at", MS, nullable=False, server_default="0"),
    sa.Column("back_by", MS, nullable=False, server_default="0"),
    sa.Column("room_g", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("room_parcels", sa.Integer, nullable=False, server_default="0"),
    sa.Column("metres", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("home_s", sa.Integer, nullable=False, server_default="0"),
    sa.Column("back_at", MS),  # when it will be back, as far as can be told
    # How fast it is, in per mille of what was planned, as the site knew when it left; and since
    # when it has been on its way to the next stop.
    sa.Column("drive_pm", sa.Integer, nullable=False, server_default="1000"),
    sa.Column("serve_pm", sa.Integer, nullable=False, server_default="1000"),
    sa.Column("free_at", MS),
    sa.Column("late_stops", sa.Text, nullable=False, server_default=""),  # planned again for them
    # Where the van was seen last.
    sa.Column("lat_e7", sa.BigInteger),
    sa.Column("lon_e7", sa.BigInteger),
    sa.Column("seen_at", MS),
)
sa.Index("ix_run_site_state", run.c.site, run.c.state)

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
    sa.Column("lat_e7", sa.BigInteger),
    sa.Column("lon_e7", sa.BigInteger),
    sa.Column("placed_by", sa.String(16), nullable=False, server_default=""),  # who knew where
    sa.Column("opens_at", MS, nullable=False, server_default="0"),
    sa.Column("closes_at", MS, nullable=False, server_default="0"),  # 0: it never closes
    sa.Column("service_s", sa.Integer, nullable=False, server_default="0"),
    sa.Column("leg_m", sa.Integer, nullable=False, server_default="0"),  # from the stop before
    sa.Column("leg_s", sa.Integer, nullable=False, server_default="0"),
    sa.Column("drove_s", sa.Integer),  # what the leg and the stop really took
    sa.Column("served_s", sa.Integer),
    sa.Column("eta", MS),  # None: no plan, no arrival to tell
    sa.Column("delayed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("policy", sa.String(64), nullable=False, server_default=""),  # its revision
    sa.Column("proof", sa.String(64)),  # hash of the record that counts
    sa.Column("left_behind", sa.Boolean, nullable=False, server_default=sa.false()),  # at the dock
)
sa.Index("ix_stop_run", stop.c.run)
sa.Index("ix_stop_task", stop.c.task)
sa.Index("ix_stop_order", stop.c.order_id)
sa.Index("ix_stop_site_arrived_at", stop.c.site, stop.c.arrived_at)
sa.Index("ix_stop_site_closed", stop.c.site, stop.c.closed_at)

load = sa.Table(
    "load",
    metadata,
    sa.Column("stop", ID, primary_key=True),
    sa.Column("parcel", ID, primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),  # planned, loaded, missing, damaged
    sa.Column("reason", sa.String(32), nullable=False, server_default=""),
    sa.Column("at", MS),
)

departure = sa.Table(  # who left with what was loaded, and signed for it
    "departure",
    metadata,
    sa.Column("run", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("vehicle", sa.String(64), nullable=False),
    sa.Column("person", ID),
    sa.Column("signature", sa.String(80), nullable=False),
    sa.Column("photos", sa.Text, nullable=False),
    sa.Column("at", MS, nullable=False),
)

shipment_paper = sa.Table(  # papers of an order that are complete
    "shipment_paper",
    metadata,
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("paper", sa.String(32), primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("by_person", ID),
    sa.Column("at", MS, nullable=False),
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
    sa.Column("shown", sa.Text, nullable=False, server_default=""),  # words above the signature
    sa.Column("corrects", sa.String(64)),  # hash of the record that this one replaces
    sa.Column("superseded", sa.String(64)),  # hash of the record that replaced it
    sa.Column("stands", sa.Boolean, nullable=False, server_default=sa.true()),
)
sa.Index("ix_proof_stop", proof.c.stop)
sa.Index("ix_proof_order", proof.c.order_id)
sa.Index("ix_proof_device", proof.c.device, proof.c.n)
sa.Index("ix_proof_hash", proof.c.hash)

run_plan = sa.Table(  # what a supervisor decides on: new runs, or another order of those there are
    "run_plan",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("why", sa.String(16), nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # what was asked, the offer, and what was before
    sa.Column("at", MS, nullable=False),
    sa.Column("good_until", MS),
    sa.Column("changed_at", MS, nullable=False),
)
sa.Index("ix_run_plan_site_state", run_plan.c.site, run_plan.c.state)

known_place = sa.Table(  # where a van stood when it delivered to an address
    "known_place",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("country", sa.String(64), primary_key=True),
    sa.Column("postcode", sa.String(20), primary_key=True),
    sa.Column("street", sa.String(500), primary_key=True),
    sa.Column("lat_e7", sa.BigInteger, nullable=False),
    sa.Column("lon_e7", sa.BigInteger, nullable=False),
    sa.Column("at", MS, nullable=False),
)

proof_receipt = sa.Table(
    "proof_receipt",
    metadata,
    sa.Column("proof", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("n", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
)
sa.Index("ix_proof_receipt_site", proof_receipt.c.site, proof_receipt.c.n)

evidence_head = sa.Table(
    "evidence_head",
    metadata,
    sa.Column("device", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("proof", ID, nullable=False),
)

pod_policy = sa.Table(  # every revision that a driver was ever given
    "pod_policy",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("rev", sa.String(64), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

order_pin = sa.Table(  # what a device checks a receiver's PIN against; the PIN is kept nowhere
    "order_pin",
    metadata,
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("salt", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("rounds", sa.Integer, nullable=False),
)

receiver_sign = sa.Table(  # what a receiver signed on a phone of their own
    "receiver_sign",
    metadata,
    sa.Column("stop", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("link", ID, nullable=False),
    sa.Column("receiver", sa.String(120), nullable=False),
    sa.Column("signature", sa.String(80), nullable=False),
    sa.Column("pin", sa.String(16), nullable=False),
    sa.Column("shown", sa.Text, nullable=False),
    sa.Column("at", MS, nullable=False),
)

goods_back = sa.Table(  # pieces scanned off a van at the depot
    "goods_back",
    metadata,
    sa.Column("stop", ID, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("sku", ID, nullable=False),
    sa.Column("qty", sa.BigInteger, nullable=False),
)

sign_link = sa.Table(  # beside the log: one-time links for receivers' phones
    "sign_link",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("token", sa.String(64), nullable=False, unique=True),  # its SHA-256
    sa.Column("site", ID, nullable=False),
    sa.Column("stop", ID, nullable=False),
    sa.Column("device", ID, nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # what the receiver is shown
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("expires_at", MS, nullable=False),
    sa.Column("used_at", MS),
)
