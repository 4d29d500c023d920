"""Reports that the house has made, their schedules and what came of them, and who used which."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

report = sa.Table(
    "report",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("spec", sa.Text, nullable=False),
    sa.Column("person", ID),
    sa.Column("changed_at", MS, nullable=False),
)
sa.Index("ix_report_site", report.c.site)

report_schedule = sa.Table(
    "report_schedule",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("report", ID, nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # rhythm, filters, recipients, format, language
    sa.Column("person", ID),  # in whose name it is made: what they may see is in it
    sa.Column("due_at", MS, nullable=False),
    sa.Column("next_at", MS, nullable=False),  # later than it was due where it is tried again
    sa.Column("tried", sa.Integer, nullable=False, server_default="0"),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),  # moves when changed
    sa.Column("changed_at", MS, nullable=False),
)
sa.Index("ix_report_schedule_next", report_schedule.c.next_at)
sa.Index("ix_report_schedule_site", report_schedule.c.site)

report_run = sa.Table(
    "report_run",
    metadata,
    sa.Column("schedule", ID, primary_key=True),
    sa.Column("due_at", MS, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("report", ID, nullable=False),
    sa.Column("name", sa.String(120), nullable=False),  # as it was called then
    sa.Column("state", sa.String(16), nullable=False),  # sent, retrying, failed
    sa.Column("fault", sa.String(64), nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("receivers", sa.Integer, nullable=False),
    sa.Column("tried", sa.Integer, nullable=False),
    sa.Column("at", MS, nullable=False),
)
sa.Index("ix_report_run_site_at", report_run.c.site, report_run.c.at)

report_use = sa.Table(
    "report_use",
    metadata,
    sa.Column("device", ID, primary_key=True),
    sa.Column("n", sa.BigInteger, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("what", sa.String(16), nullable=False),
    sa.Column("report", ID, nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),  # filters, format, recipients
    sa.Column("person", ID),
    sa.Column("at", MS, nullable=False),
)
sa.Index("ix_report_use_site_at", report_use.c.site, report_use.c.at)
