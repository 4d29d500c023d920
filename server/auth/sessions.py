"""Which device speaks: an opaque cookie, new at every proof and every sign-in, kept only as a hash.

A browser has one session at a time. Opening one ends the device's others, so a value that was
planted or stolen beforehand is worth nothing afterwards.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from litestar.datastructures import Cookie

from server.auth.tables import device_session
from server.store.tables import device
from server.store.tx import Tx

COOKIE = "__Host-dockhand"
LIFE = 30 * 24 * 3_600 * 1_000
"""Milliseconds; sliding: see `prolong`."""
_PROLONG_BELOW = LIFE - 24 * 3_600 * 1_000


@dataclass(frozen=True, slots=True)
class DeviceSession:
    """`revoked_at` is set only where a handler asked for the device whatever its state."""

    device: str
    site: str
    token_hash: str
    expires_at: int
    revoked_at: int | None = None


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()


def open_session(tx: Tx, device_id: str) -> str:
    """A new token for the device, whose other sessions end here."""
    token = secrets.token_urlsafe(32)
    tx.conn.execute(
        sa.delete(device_session).where(
            sa.or_(device_session.c.device == device_id, device_session.c.expires_at <= tx.now)
        )
    )
    tx.conn.execute(
        sa.insert(device_session).values(
            token_hash=hashed(token), device=device_id, expires_at=tx.now + LIFE
        )
    )
    return token


def statement(token: str) -> sa.Select[Any]:
    """The session of a cookie's value, with its device's site and state."""
    return (
        sa.select(
            device_session.c.token_hash,
            device_session.c.device,
            device_session.c.expires_at,
            device.c.site,
            device.c.revoked_at,
        )
        .join_from(device_session, device, device.c.id == device_session.c.device)
        .where(device_session.c.token_hash == hashed(token))
    )


def read(row: Mapping[str, Any] | None, now: int) -> DeviceSession | None:
    if row is None or row["expires_at"] <= now:
        return None
    return DeviceSession(**row)


def wants_prolonging(session: DeviceSession, now: int) -> bool:
    """At most one write a day for a session that is in use."""
    return session.expires_at - now < _PROLONG_BELOW


def prolong(tx: Tx, session: DeviceSession) -> None:
    tx.conn.execute(
        sa.update(device_session)
        .where(device_session.c.token_hash == session.token_hash)
        .values(expires_at=tx.now + LIFE)
    )


def cookie(token: str) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=token,
        path="/",
        max_age=LIFE // 1_000,
        secure=True,
        httponly=True,
        samesite="strict",
    )
