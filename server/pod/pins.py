"""A PIN that the receiver was told and says at the door. A device checks it off-line, against a
salted hash in the stop's row; neither it nor the log of operations ever holds the PIN. It is made
of the salt and a secret that only the site's nodes have, so that the tracking page can show it on
the day, and it is still written down nowhere.

Six digits can be tried out by whoever has the hash and time: it shows that the receiver was there,
not that the driver is honest. Stretched, so that trying them all takes hours and not seconds.
"""

import hashlib
import hmac
import secrets
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from msgspec import Meta

from server.kernel.errors import Refusal
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import SHA256_HEX, Id, Role
from server.kernel.zones import local_day
from server.orders import store as order_store
from server.pod.events import PinIssued
from server.pod.policies import asks_pin
from server.pod.tables import order_pin, run, stop
from server.store.submit import submit
from server.store.tx import Tx

DIGITS = 6
_PURPOSE = "dockhand/pin/1"
ROUNDS = 20_000
"""PBKDF2 (RFC 8018) with SHA-256: some 50 ms on a handheld, 5 ms here."""


class PutPin(Op):
    """`hash`: of the PIN's digits with `salt` (hex) and so many `rounds`, 32 bytes as hex."""

    order: Id
    salt: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
    hash: SHA256_HEX
    rounds: Annotated[int, Meta(ge=1_000, le=1_000_000)]


@operation("pod.put_pin.v1", kind=REQUEST, roles={Role.SYSTEM})
def put_pin(op: PutPin, ctx: OpContext) -> None:
    """A new PIN takes the place of the one before."""
    if order_store.get(ctx, op.order) is None:
        raise Refusal("not_found", field="order", value=op.order)
    ctx.conn.execute(sa.delete(order_pin).where(order_pin.c.order_id == op.order))
    ctx.conn.execute(
        sa.insert(order_pin).values(
            order_id=op.order, site=ctx.site, salt=op.salt, hash=op.hash, rounds=op.rounds
        )
    )
    ctx.emit(PinIssued(order=op.order))
    stops = sa.select(stop.c.id).where(stop.c.order_id == op.order, stop.c.state != "closed")
    for stop_id in ctx.conn.execute(stops).scalars().all():
        ctx.touch("stop", stop_id)


def pin_of(key: bytes, order_id: str, salt: str) -> str:
    """`key`: the site's secret of its tracking pages; `salt`: random, hex."""
    made = hmac.digest(key, f"{_PURPOSE}|{order_id}|{salt}".encode(), "sha256")
    return str(int.from_bytes(made) % 10**DIGITS).zfill(DIGITS)


def issue(tx: Tx, key: bytes, site: str, order_id: str) -> str:
    """A new PIN for whoever tells it to the receiver; `key` as in `pin_of`. Refuses `not_found`."""
    salt = secrets.token_hex(16)
    pin = pin_of(key, order_id, salt)
    op = PutPin(order=order_id, salt=salt, hash=stretched(pin, salt, ROUNDS), rounds=ROUNDS)
    verdict = submit(tx, site, "pins", "pod.put_pin.v1", op)
    if verdict.code:
        raise Refusal(verdict.code, **(verdict.data or {}))
    return pin


def shown(conn: Any, key: bytes, order_id: str) -> str:
    """The PIN that a device would take now; empty where there is none, or not one of this key."""
    kept = conn.execute(sa.select(order_pin).where(order_pin.c.order_id == order_id)).first()
    if kept is None:
        return ""
    pin = pin_of(key, order_id, kept.salt)
    return pin if fits(pin, kept.salt, kept.hash, kept.rounds) else ""


def is_the_day(conn: Any, order_id: str, now: int, zone: ZoneInfo) -> bool:
    """Whether the order is handed over today (in `zone`), against a PIN: its van is expected today,
    or has left already."""
    found = (
        sa.select(stop.c.site, stop.c.policy, stop.c.eta, run.c.state)
        .join(run, run.c.id == stop.c.run)
        .where(stop.c.order_id == order_id, stop.c.state != "closed")
    )
    return any(
        (s.state == "departed" or (s.eta and local_day(s.eta, zone) == local_day(now, zone)))
        and asks_pin(conn, s.site, s.policy)
        for s in conn.execute(found).all()
    )


def lacking(conn: Any) -> list[tuple[str, str]]:
    """Site and order of each delivery to come that asks for a PIN and has none yet."""
    found = (
        sa.select(stop.c.site, stop.c.order_id, stop.c.policy)
        .join(run, run.c.id == stop.c.run)
        .outerjoin(order_pin, order_pin.c.order_id == stop.c.order_id)
        .where(run.c.state != "closed", stop.c.state == "planned", order_pin.c.order_id.is_(None))
        .order_by(stop.c.site, stop.c.order_id)
    )
    rows = conn.execute(found).all()
    asks = {(r.site, r.policy) for r in rows}
    asks = {(site, rev) for site, rev in asks if asks_pin(conn, site, rev)}
    return list(dict.fromkeys((r.site, r.order_id) for r in rows if (r.site, r.policy) in asks))


def issue_lacking(tx: Tx, key: bytes) -> int:
    """By the clock, before the van leaves: the device must hold the hash when it goes out of
    reach. How many."""
    waiting = lacking(tx.conn)
    for site, order_id in waiting:
        issue(tx, key, site, order_id)
    return len(waiting)


def stretched(pin: str, salt: str, rounds: int) -> str:
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), bytes.fromhex(salt), rounds).hex()


def fits(said: str, salt: str, kept: str, rounds: int) -> bool:
    return hmac.compare_digest(stretched(said, salt, rounds), kept)
