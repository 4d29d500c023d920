"""Bins that are counted: what was said, what the books had then, what followed."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

count_line = sa.Table(
    "count_line",
    metadata,
    sa.Column("task", ID, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("bin", ID, nullable=False),
    sa.Column("sku", ID, nullable=False),
    sa.Column("lot", ID, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("counted", sa.BigInteger),
    sa.Column("book", sa.BigInteger),  # at the moment of counting
    sa.Column("first_count", sa.BigInteger),  # by somebody else, where this is the second count
    sa.Column("first_person", ID),
    sa.Column("why", sa.String(32), nullable=False),
    sa.Column("by_person", ID),
    sa.Column("at", MS),
)
sa.Index("ix_count_line_bin", count_line.c.site, count_line.c.bin)
