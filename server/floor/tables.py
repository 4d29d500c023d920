"""Tasks as leases, whatever their kind, and the discrepancies that somebody has to settle."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

task = sa.Table(
    "task",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("assignee", ID),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("title", sa.String(120), nullable=False),
    sa.Column("ref", ID, nullable=False),
    sa.Column("zone", ID, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("due_at", MS, nullable=False),
    sa.Column("expected_s", sa.Integer, nullable=False),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("mode", sa.String(16), nullable=False, server_default=""),
    sa.Column("orders", sa.Integer, nullable=False, server_default="1"),
    sa.Column("after", ID),  # the task that must be done before this one may be taken
    sa.Column("paused", sa.Text, nullable=False, server_default=""),  # why its holder parked it
    sa.Column("stopped", sa.Text, nullable=False, server_default=""),  # its order is on hold: why
    sa.Column("halted", sa.Text, nullable=False, server_default=""),  # itself is on hold: why
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),  # decisions about it
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("created_at", MS, nullable=False),
    sa.Column("taken_at", MS),
    sa.Column("done_at", MS),
)
sa.Index("ix_task_ref", task.c.ref)
sa.Index("ix_task_site_state", task.c.site, task.c.state)
sa.Index("ix_task_site_done", task.c.site, task.c.done_at)
sa.Index("ix_task_after", task.c.after)
sa.Index("ix_task_assignee", task.c.assignee)

abilities = sa.Table(
    "abilities",
    metadata,
    sa.Column("person", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("skills", sa.Text, nullable=False),
    sa.Column("zones", sa.Text, nullable=False),
)
"""What somebody has learned to do and where they work, JSON arrays; empty: all their role does,
everywhere."""

discrepancy = sa.Table(
    "discrepancy",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("operation", sa.String(64), nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("device", ID, nullable=False),
    sa.Column("n", sa.BigInteger, nullable=False),
    sa.Column("person", ID),
    sa.Column("order_id", ID),
    sa.Column("task", ID),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", MS, nullable=False),
    sa.Column("settled_at", MS),
    sa.Column("settled_by", ID),
    sa.Column("note", sa.Text),
)
sa.Index("ix_discrepancy_site_state", discrepancy.c.site, discrepancy.c.state)
sa.Index("ix_discrepancy_site_at", discrepancy.c.site, discrepancy.c.at)
