"""People, what they may do where, and how they and their devices prove it."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("badge", ID, nullable=False, unique=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("lang", sa.String(16), nullable=False, server_default="en"),
    sa.Column("pin_hash", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
)

grant = sa.Table(
    "grant_",
    metadata,
    sa.Column("sid", ID, primary_key=True),
    sa.Column("device", ID, nullable=False),
    sa.Column("person", ID, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("site", ID, nullable=False),
    sa.Column("issued_at", MS, nullable=False),
    sa.Column("expires_at", MS, nullable=False),
    sa.Column("ended_at", MS),
    sa.Column("revoked_at", MS),
)
sa.Index("ix_grant_person", grant.c.person)

device_session = sa.Table(
    "device_session",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("device", ID, nullable=False),
    sa.Column("expires_at", MS, nullable=False),
)
sa.Index("ix_device_session_device", device_session.c.device)

challenge = sa.Table(
    "challenge",
    metadata,
    sa.Column("nonce", ID, primary_key=True),
    sa.Column("device", ID, nullable=False),
    sa.Column("expires_at", MS, nullable=False),
)

enrol_code = sa.Table(
    "enrol_code",
    metadata,
    sa.Column("code_hash", sa.String(64), primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("made_by", ID, nullable=False),
    sa.Column("expires_at", MS, nullable=False),
    sa.Column("used_by", ID),
)

pin_trouble = sa.Table(
    "pin_trouble",
    metadata,
    sa.Column("subject", sa.String(140), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("wait_until", MS, nullable=False),
    sa.Column("recent", sa.Text, nullable=False),
    sa.Column("last_at", MS, nullable=False),
)
"""`recent`: the moments (ms, a JSON array) of the wrong tries of the last hour, oldest first."""
