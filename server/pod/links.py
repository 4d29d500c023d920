"""The receiver signs on a phone of their own: a one-time link in a QR code on the driver's screen.

The link is a secret of 192 bits behind the page's `#`, kept here as its hash; it dies when it is
used, when its time is over, after five wrong PINs, and when the stop is closed. What was signed
comes in as an operation of the house, and goes to the driver with the stop's row.
"""

import hashlib
import secrets
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.floor.tables import task
from server.kernel.errors import Refusal, code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import BlobRef, Id, Moment, Role
from server.orders.tables import order_line, orders
from server.packing.tables import parcel
from server.pod import deliveries, pins, policies
from server.pod.events import ReceiverSigned
from server.pod.load_rules import SHORT
from server.pod.loading import STOP_UNKNOWN
from server.pod.proofs import STOP_CLOSED, Shown
from server.pod.rules import asked
from server.pod.stops import stop_of
from server.pod.tables import order_pin, receiver_sign, sign_link, stop
from server.store.tx import Tx

LINK_GONE = code("sign_link_gone")
BAD_PIN = code("bad_pin")
TRIES = 5
"""Wrong PINs on one link."""


class Signing(msgspec.Struct, frozen=True, kw_only=True):
    """What the receiver is shown: no name, address or phone of anybody."""

    order_number: str
    parcels: int
    lines: list["SigningLine"]
    asks_pin: bool


class SigningLine(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    qty: int
    delivered: int


class Link(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    site: str
    stop: str
    device: str
    body: Signing
    tries: int


def make(
    tx: Tx, site: str, device: str, person: str, stop_id: str, delivered: dict[int, int]
) -> tuple[str, int]:
    """A new link and when it dies (ms). `delivered`: pieces by line, where not all are.

    Links made before for the stop die. Refuses `not_found` for a stop that this person does not
    have, and `stop_already_closed`.
    """
    found = (
        sa.select(stop, task.c.assignee)
        .join(task, task.c.id == stop.c.task)
        .where(stop.c.id == stop_id, stop.c.site == site)
    )
    s = tx.conn.execute(found).first()
    if s is None or s.assignee != person:
        raise Refusal("not_found", field="stop")
    if s.state == "closed":
        raise Refusal(STOP_CLOSED, field="stop")
    token = secrets.token_urlsafe(24)
    expires = tx.now + policies.settings_of(tx.conn, site).link_min * 60_000
    tx.conn.execute(sa.delete(sign_link).where(sign_link.c.stop == stop_id))
    tx.conn.execute(
        sa.insert(sign_link).values(
            id=secrets.token_hex(10),
            token=_hashed(token),
            site=site,
            stop=stop_id,
            device=device,
            body=msgspec.json.encode(_shown(tx.conn, s, delivered)).decode(),
            expires_at=expires,
        )
    )
    return token, expires


def _shown(conn: Any, s: Any, delivered: dict[int, int]) -> Signing:
    number = conn.execute(sa.select(orders.c.number).where(orders.c.id == s.order_id)).scalar()
    goods = sa.select(order_line).where(order_line.c.order_id == s.order_id)
    lines = conn.execute(goods.order_by(order_line.c.no)).all()
    aboard = {no: qty for (_, no), qty in deliveries.aboard(lines).items()}
    boxes = sa.select(sa.func.count()).where(
        parcel.c.shipment == s.shipment, parcel.c.state.not_in(SHORT)
    )
    policy = policies.policy_of(conn, s.site, s.policy)
    wishes = asked(policy.clauses, "full", []) if policy else {}
    has_pin = sa.select(order_pin.c.order_id).where(order_pin.c.order_id == s.order_id)
    return Signing(
        order_number=str(number),
        parcels=int(conn.execute(boxes).scalar() or 0),
        lines=[
            SigningLine(
                name=line.name,
                qty=qty,
                delivered=min(qty, max(0, delivered.get(line.no, qty))),
            )
            for line in lines
            if (qty := aboard[line.no])
        ],
        asks_pin=wishes.get("pin") == "mandatory" and conn.execute(has_pin).first() is not None,
    )


def look(conn: Any, token: str, now: int) -> Link:
    """The open link of a token. Refuses `sign_link_gone`, whatever is the matter with it."""
    found = sa.select(sign_link).where(sign_link.c.token == _hashed(token))
    r = conn.execute(found).mappings().first()
    if r is None or r["used_at"] or r["expires_at"] <= now or r["tries"] >= TRIES:
        raise Refusal(LINK_GONE, field="token")
    if _is_closed(conn, r["stop"]):
        raise Refusal(LINK_GONE, field="token")
    body = msgspec.json.decode(r["body"], type=Signing)
    return Link(**{f: r[f] for f in ("id", "site", "stop", "device", "tries")}, body=body)


def _is_closed(conn: Any, stop_id: str) -> bool:
    state = conn.execute(sa.select(stop.c.state).where(stop.c.id == stop_id)).scalar()
    return state in (None, "closed")


def pin_fits(conn: Any, link: Link, said: str) -> bool:
    found = (
        sa.select(order_pin)
        .join(stop, stop.c.order_id == order_pin.c.order_id)
        .where(stop.c.id == link.stop)
    )
    kept = conn.execute(found).first()
    return kept is not None and pins.fits(said, kept.salt, kept.hash, kept.rounds)


def note_miss(tx: Tx, link_id: str) -> None:
    tx.conn.execute(
        sa.update(sign_link).where(sign_link.c.id == link_id).values(tries=sign_link.c.tries + 1)
    )


def use(tx: Tx, link_id: str) -> bool:
    """Whether this was its one use: of two at once only one is."""
    free = sa.and_(sign_link.c.id == link_id, sign_link.c.used_at.is_(None))
    return bool(tx.conn.execute(sa.update(sign_link).where(free).values(used_at=tx.now)).rowcount)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class SignForStop(Op):
    """What a receiver signed on a phone of their own; `shown`: the words above the signature."""

    stop: Id
    link: Id
    receiver: Annotated[str, Meta(max_length=120)]
    signature: BlobRef
    pin: Annotated[str, Meta(pattern="^(|ok)$")]
    shown: Shown
    at: Moment


@operation("pod.sign_for_stop.v1", kind=FACT, roles={Role.SYSTEM})
def sign_for_stop(op: SignForStop, ctx: OpContext) -> None:
    s = stop_of(ctx, op.stop)
    if s is None:
        return ctx.divert(STOP_UNKNOWN, stop=op.stop)
    ctx.emit(
        ReceiverSigned(
            order=s.order_id,
            stop=s.id,
            receiver=op.receiver,
            signature=op.signature,
            pin=op.pin,
        )
    )
    if s.state == "closed":
        return ctx.divert(STOP_CLOSED, stop=s.id, order=s.order_id)
    ctx.conn.execute(sa.delete(receiver_sign).where(receiver_sign.c.stop == s.id))
    ctx.conn.execute(
        sa.insert(receiver_sign).values(
            stop=s.id,
            site=ctx.site,
            link=op.link,
            receiver=op.receiver,
            signature=op.signature,
            pin=op.pin,
            shown=op.shown,
            at=op.at,
        )
    )
    ctx.touch("stop", s.id)
    return None
