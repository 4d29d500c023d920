"""The store's own tables, alike on SQLite and PostgreSQL. Domains add theirs to the metadata."""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = sa.String(64)
MS = sa.BigInteger

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", ID, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

site_clock = sa.Table(
    "site_clock",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("ver", sa.BigInteger, nullable=False),
)

device = sa.Table(
    "device",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("public_key", sa.Text),
    sa.Column("last_n", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("last_at", MS, nullable=False, server_default="0"),
    sa.Column("state", sa.String(16), nullable=False, server_default="active"),
    sa.Column("enrolled_at", MS, nullable=False),
    sa.Column("revoked_at", MS),
    sa.Column("seen_at", MS, nullable=False, server_default="0"),
)

op = sa.Table(
    "op",
    metadata,
    sa.Column("device", ID, primary_key=True),
    sa.Column("n", sa.BigInteger, primary_key=True),
    sa.Column("id", ID, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("site", ID, nullable=False),
    sa.Column("sid", ID),
    sa.Column("person", ID),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("v", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at_raw", MS, nullable=False),
    sa.Column("at_est", MS, nullable=False),
    sa.Column("recv_at", MS, nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("code", sa.String(64)),
    sa.Column("data", sa.Text),
    sa.Column("ver", sa.BigInteger, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),  # within its version: the order of a replay
)
sa.Index("ix_op_site_ver", op.c.site, op.c.ver, op.c.seq)
# For whoever looks something up in the audit log, the newest first.
_WRITTEN = (op.c.recv_at, op.c.ver, op.c.seq)
sa.Index("ix_op_site_written", op.c.site, *_WRITTEN)
sa.Index("ix_op_site_person", op.c.site, op.c.person, *_WRITTEN)
sa.Index("ix_op_site_device", op.c.site, op.c.device, *_WRITTEN)
sa.Index("ix_op_site_kind", op.c.site, op.c.kind, *_WRITTEN)
UNDONE = op.c.outcome != sa.literal_column("'applied'")
"""As the index says it: a planner has to see that it is the same."""
sa.Index("ix_op_undone", op.c.site, *_WRITTEN, sqlite_where=UNDONE, postgresql_where=UNDONE)

op_trouble = sa.Table(
    "op_trouble",
    metadata,
    sa.Column("device", ID, primary_key=True),
    sa.Column("n", sa.BigInteger, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
)

outside = sa.Table(
    "outside",
    metadata,
    sa.Column("source", ID, primary_key=True),
    sa.Column("ref", sa.String(128), primary_key=True),
    sa.Column("device", ID, nullable=False),
    sa.Column("n", sa.BigInteger, nullable=False),
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("ver", sa.BigInteger, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("device", ID, nullable=False),
    sa.Column("n", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("key", ID, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
sa.Index("ix_event_key", event.c.key)

audit_link = sa.Table(
    "audit_link",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("ver", sa.BigInteger, primary_key=True),
    sa.Column("rows", sa.Text, nullable=False),
    sa.Column("link", sa.String(64), nullable=False),
)

reader = sa.Table(
    "reader",
    metadata,
    sa.Column("name", ID, primary_key=True),
    sa.Column("site", ID, primary_key=True),
    sa.Column("ver", sa.BigInteger, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
)

lease = sa.Table(  # beside the log
    "lease",
    metadata,
    sa.Column("kind", ID, primary_key=True),
    sa.Column("key", sa.String(160), primary_key=True),
    sa.Column("node", ID, nullable=False),
    sa.Column("until", MS, nullable=False),
)

feed = sa.Table(
    "feed",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("scope", ID, primary_key=True),
    sa.Column("kind", ID, primary_key=True),
    sa.Column("key", sa.String(128), primary_key=True),
    sa.Column("ver", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text),
)
sa.Index("ix_feed_site_scope_ver", feed.c.site, feed.c.scope, feed.c.ver)
sa.Index("ix_feed_site_ver", feed.c.site, feed.c.ver)

scope_floor = sa.Table(
    "scope_floor",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("scope", ID, primary_key=True),
    sa.Column("ver", sa.BigInteger, nullable=False),
)

counter = sa.Table(
    "counter",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("name", ID, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

blob = sa.Table(
    "blob",
    metadata,
    sa.Column("site", ID, primary_key=True),
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("device", ID, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("have", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("mime", sa.String(64), nullable=False),
    sa.Column("at", MS, nullable=False),
    sa.Column("refused", sa.String(64)),
)
