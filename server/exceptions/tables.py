"""What the desk knows of a discrepancy beside what was found: level, time, owner, story."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

exception_case = sa.Table(
    "exception_case",
    metadata,
    sa.Column("id", ID, primary_key=True),  # of the discrepancy
    sa.Column("site", ID, nullable=False),
    sa.Column("opened_at", MS, nullable=False),
    sa.Column("order_id", ID),  # also where only the task says whose it is
    sa.Column("customer", ID, nullable=False),
    sa.Column("sku", ID, nullable=False),
    sa.Column("why", sa.String(64), nullable=False),  # reasons to begin higher, between spaces
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("since", MS, nullable=False),  # when the level's time began
    sa.Column("due_at", MS, nullable=False),
    sa.Column("reminded", sa.Integer, nullable=False),  # per cent of the time that were told
    sa.Column("next_at", MS),  # when time alone changes something; none: never
    sa.Column("owner", ID),
    sa.Column("rev", sa.Integer, nullable=False),  # counts what somebody must have seen
    sa.Column("entries", sa.Integer, nullable=False),
    sa.Column("cause", sa.String(16), nullable=False),
    sa.Column("reused", ID),  # the case whose resolution was taken
)
sa.Index("ix_exception_case_next", exception_case.c.next_at)
sa.Index("ix_exception_case_customer", exception_case.c.customer, exception_case.c.opened_at)
sa.Index("ix_exception_case_sku", exception_case.c.sku)
sa.Index("ix_exception_case_reused", exception_case.c.reused)

exception_entry = sa.Table(  # the story of a case, which travels with a hand-over
    "exception_entry",
    metadata,
    sa.Column("case_id", ID, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("at", MS, nullable=False),
    sa.Column("what", sa.String(16), nullable=False),
    sa.Column("person", ID),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("about", ID, nullable=False),  # to whom, how many per cent, which cause
    sa.Column("text", sa.Text, nullable=False),
)

self_check = sa.Table(  # when the books of a site last checked themselves
    "self_check",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("at", MS, nullable=False),
    sa.Column("found", sa.Integer, nullable=False),
)
