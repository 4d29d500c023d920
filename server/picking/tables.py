"""Waves and the lines that pickers walk."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

wave = sa.Table(
    "wave",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("policy", sa.String(16), nullable=False),
    sa.Column("mode", sa.String(16), nullable=False),
    sa.Column("orders", sa.Integer, nullable=False),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("metres", sa.Float, nullable=False),
    sa.Column("s_shape_metres", sa.Float, nullable=False),
    sa.Column("arrival_metres", sa.Float, nullable=False, server_default="0"),
    sa.Column("body", sa.Text, nullable=False),  # what was asked, then the plan of each mode
    sa.Column("at", MS, nullable=False),
    sa.Column("changed_at", MS, nullable=False),
)
sa.Index("ix_wave_site_state", wave.c.site, wave.c.state)

wave_line = sa.Table(  # stock promised to a wave before its tasks exist
    "wave_line",
    metadata,
    sa.Column("wave", ID, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("order_line", sa.Integer, nullable=False),
    sa.Column("sku", ID, nullable=False),
    sa.Column("lot", ID, nullable=False),
    sa.Column("bin", ID, nullable=False),
    sa.Column("qty", sa.BigInteger, nullable=False),
)
sa.Index("ix_wave_line_order", wave_line.c.order_id)

pick_line = sa.Table(
    "pick_line",
    metadata,
    sa.Column("task", ID, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("wave", ID, nullable=False, server_default=""),
    sa.Column("slot", sa.Integer, nullable=False, server_default="0"),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("order_line", sa.Integer, nullable=False),
    sa.Column("sku", ID, nullable=False),
    sa.Column("lot", ID, nullable=False),
    sa.Column("bin", ID, nullable=False),
    sa.Column("qty", sa.BigInteger, nullable=False),
    sa.Column("picked", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(32)),
    sa.Column("asked_lot", ID, nullable=False, server_default=""),  # where another was taken
    sa.Column("seq", sa.Integer, nullable=False, server_default="0"),  # walked by it; 0: by `no`
    sa.Column("instead_of", sa.Integer),  # the line of this task whose rest it fetches
    sa.Column("waits", sa.Boolean, nullable=False, server_default=sa.false()),  # for goods
    sa.Column("stopped", sa.Boolean, nullable=False, server_default=sa.false()),  # order on hold
    sa.Column("sorted", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("by_person", ID),
    sa.Column("at", MS),
)
sa.Index("ix_pick_line_order", pick_line.c.order_id)
sa.Index("ix_pick_line_wave", pick_line.c.wave)
DONE = pick_line.c.at.is_not(None)
"""Of what was picked only: what waits costs the index nothing."""
sa.Index(
    "ix_pick_line_site_at",
    pick_line.c.site,
    pick_line.c.at,
    sqlite_where=DONE,
    postgresql_where=DONE,
)

pick_forward = sa.Table(  # where a line went when its task was split: late work finds it there
    "pick_forward",
    metadata,
    sa.Column("task", ID, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("to_task", ID, nullable=False),
)

check_line = sa.Table(  # what a second person counts in the totes, without knowing the picks
    "check_line",
    metadata,
    sa.Column("task", ID, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("pick_task", ID, nullable=False),
    sa.Column("slot", sa.Integer, nullable=False),
    sa.Column("sku", ID, nullable=False),
    sa.Column("expected", sa.BigInteger, nullable=False),
    sa.Column("counted", sa.BigInteger),
    sa.Column("by_person", ID),
    sa.Column("at", MS),
)
sa.Index("ix_check_line_order", check_line.c.order_id)

pick_tote = sa.Table(  # the totes of a task; slot 0 is the only one of a task for one order
    "pick_tote",
    metadata,
    sa.Column("task", ID, primary_key=True),
    sa.Column("slot", sa.Integer, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("order_id", ID, nullable=False),
    sa.Column("code", ID),  # of the tote on the cart, once it has been scanned
    sa.Column("stands", ID),  # where it was set down: the hand-over place of a zone
)
sa.Index("ix_pick_tote_order", pick_tote.c.order_id)
sa.Index("ix_pick_tote_code", pick_tote.c.site, pick_tote.c.code)
