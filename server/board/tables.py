"""What orders are found by: plain indexes of beginnings, alike on SQLite and PostgreSQL.

No full-text extension: `pg_trgm` is not to be had everywhere, and neither it nor FTS5's trigrams
can look up the two characters that most Chinese names have (docs/adr/0013).
"""

import sqlalchemy as sa

from server.board.case_words import PART
from server.board.rules import TERM
from server.store.tables import ID, MS, metadata


def bytewise(length: int) -> sa.types.TypeEngine[str]:
    """Text that PostgreSQL orders by its bytes, as SQLite does: a beginning is then a range."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


find_term = sa.Table(  # an order under each thing that somebody may say of it
    "find_term",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("term", bytewise(TERM), primary_key=True),
    sa.Column("at", MS, primary_key=True),  # when it was placed: read backwards, newest first
    sa.Column("order_id", ID, primary_key=True),
    sqlite_with_rowid=False,
)

find_part = sa.Table(  # the terms that many orders share, by each of their parts
    "find_part",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("part", bytewise(TERM), primary_key=True),
    sa.Column("term", bytewise(TERM), primary_key=True),
    sa.Column("last_at", MS, nullable=False),  # the newest order under the term
    sqlite_with_rowid=False,
)

find_case = (
    sa.Table(  # settled cases under each word, and each character of a script without spaces
        "find_case",
        metadata,
        sa.Column("site", ID, primary_key=True),
        sa.Column("part", bytewise(PART), primary_key=True),
        sa.Column("case_id", ID, primary_key=True),
        sqlite_with_rowid=False,
    )
)
sa.Index("ix_find_case_case", find_case.c.case_id)
