"""A PIN that the receiver was told and says at the door. A device checks it off-line, against a
salted hash in the stop's row; neither it nor the log of operations ever holds the PIN.

Six digits can be tried out by whoever has the hash and time: it shows that the receiver was there,
not that the driver is honest. Stretched, so that trying them all takes hours and not seconds.
"""

import hashlib
import hmac
import secrets
from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.kernel.errors import Refusal
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import SHA256_HEX, Id, Role
from server.orders import store as order_store
from server.pod.events import PinIssued
from server.pod.tables import order_pin, stop
from server.store.submit import submit
from server.store.tx import Tx

DIGITS = 6
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


def issue(tx: Tx, site: str, order_id: str) -> str:
    """A new PIN for whoever tells it to the receiver. Refuses `not_found`."""
    pin = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    salt = secrets.token_hex(16)
    op = PutPin(order=order_id, salt=salt, hash=stretched(pin, salt, ROUNDS), rounds=ROUNDS)
    verdict = submit(tx, site, "pins", "pod.put_pin.v1", op)
    if verdict.code:
        raise Refusal(verdict.code, **(verdict.data or {}))
    return pin


def stretched(pin: str, salt: str, rounds: int) -> str:
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), bytes.fromhex(salt), rounds).hex()


def fits(said: str, salt: str, kept: str, rounds: int) -> bool:
    return hmac.compare_digest(stretched(said, salt, rounds), kept)
