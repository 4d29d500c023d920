"""How much of an order a stranger with the link sees, and what the right postcode adds.

Whoever holds a link may have found it: names are masked and there is no street, phone or mail.
The postcode shows that they know where the goods go.
"""

import hmac
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from server.notices.settings import notice_rules
from server.orders import links
from server.orders.events import OrderMoved
from server.orders.tables import order_line, orders
from server.packing.tables import parcel
from server.pod import pins
from server.pod.expected import MOVING, expected
from server.pod.run_rules import readable_rules
from server.pod.tables import proof, stop
from server.pod.windows import Coming, TrackRules, coming, track_rules
from server.returns import offering
from server.returns.asking import Returnable
from server.returns.tables import rma
from server.store.tables import event, op

DAY_MS = 86_400_000
STEPS = ("received", "preparing", "shipped", "out_for_delivery", "delivered")
_STEP = {
    "draft": 0,
    "review": 0,
    "confirmed": 0,
    "hold": 0,
    "released": 1,
    "picking": 1,
    "picked": 1,
    "packing": 1,
    "packed": 1,
    "shipped": 2,
    "out_for_delivery": 3,
    "delivered": 4,
    "part_delivered": 4,
    "refused": 4,
    "closed": 4,
}
ENDED = frozenset({"delivered", "part_delivered", "refused", "closed", "cancelled"})


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """`at`: ms, None while it is to come."""

    name: str
    at: int | None


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """What the newest proof says. `receiver` masked unless the postcode was right."""

    outcome: str
    at: int
    receiver: str
    signature: str | None


class Private(msgspec.Struct, frozen=True, kw_only=True):
    """What only the right postcode shows. `lines`: name and pieces. `pin`: on the day, where the
    delivery asks for one. `returnable`: what may be sent back, `reasons`: for what."""

    name: str
    street: str
    postcode: str
    lines: list[tuple[str, int]]
    pin: str = ""
    returnable: list[Returnable] = []
    reasons: list[str] = []


class SentBack(msgspec.Struct, frozen=True):
    """A return that the customer has asked for. `state`: opened, received."""

    number: str
    state: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """`coming`: None once nothing comes any more; `zone`: whose clock all times are by.
    `survey`: path of the page that asks how it was, once it has been delivered.
    `push`: path of the page where a browser asks to be told, while there is something to tell.
    `may_return`: whoever knows the postcode may send something back."""

    site: str
    number: str
    state: str
    name: str
    city: str
    country: str
    pieces: int
    parcels: int
    coming: Coming | None
    survey: str = ""
    push: str = ""
    zone: str
    now: int
    may_return: bool
    returns: list[SentBack]
    asks_postcode: bool
    steps: list[Step]
    handover: Handover | None
    private: Private | None
    wrong_postcode: bool


def look(conn: sa.Connection, order_id: str, postcode: str, now: int, key: bytes) -> Shown | None:
    """None where there is no such order, or it has been over for too long. `key`: of the site's
    links."""
    found = conn.execute(sa.select(orders).where(orders.c.id == order_id)).mappings().first()
    if found is None:
        return None
    rules = track_rules(conn, found["site"])
    if _is_past(found, now, rules):
        return None
    to = msgspec.json.decode(found["ship_to"])
    knows = same_postcode(postcode, to.get("postcode", ""))
    name = to.get("name") or found["customer_name"]
    zone = readable_rules(conn, found["site"]).zone
    wishes = offering.by_page(conn, found, now)
    private = _private(conn, found, to, name, wishes) if knows else None
    if private and pins.is_the_day(conn, order_id, now, zone):
        private = msgspec.structs.replace(private, pin=pins.shown(conn, key, order_id))
    return Shown(
        site=found["site"],
        number=found["number"],
        state=found["state"],
        name=name if knows else masked(name),
        city=to.get("city", ""),
        country=to.get("country", ""),
        pieces=found["pieces"],
        parcels=_parcels(conn, order_id),
        survey=links.survey_path_of(key, order_id) if found["delivered_at"] else "",
        push=_push(conn, found, key),
        coming=_coming(conn, found, now, zone, rules),
        zone=zone.key,
        now=now,
        may_return=bool(wishes.lines),
        returns=_returns(conn, order_id),
        asks_postcode=bool(_letters(to.get("postcode", ""))),
        steps=_steps(conn, found),
        handover=_handover(conn, order_id, knows),
        private=private,
        wrong_postcode=bool(postcode.strip()) and not knows,
    )


def _is_past(order: Any, now: int, rules: TrackRules) -> bool:
    return order["state"] in ENDED and order["changed_at"] < now - rules.days * DAY_MS


def _parcels(conn: sa.Connection, order_id: str) -> int:
    boxes = sa.select(sa.func.count()).where(
        parcel.c.order_id == order_id, parcel.c.state != "void"
    )
    return int(conn.execute(boxes).scalar_one())


def _coming(
    conn: sa.Connection, order: Any, now: int, zone: ZoneInfo, rules: TrackRules
) -> Coming | None:
    if order["state"] in ENDED:
        return None
    moves = order["state"] in MOVING
    known = expected(conn, [order["id"]], now).get(order["id"]) if moves else None
    return coming(known, order["due_at"], now, zone, rules)


def _push(conn: sa.Connection, order: Any, key: bytes) -> str:
    tells = notice_rules(conn, order["site"]).on and order["state"] not in ENDED
    return links.push_path_of(key, order["id"]) if tells else ""


def _returns(conn: sa.Connection, order_id: str) -> list[SentBack]:
    found = (
        sa.select(rma.c.number, rma.c.state)
        .where(rma.c.order_id == order_id, rma.c.origin == "customer", rma.c.state != "withdrawn")
        .order_by(rma.c.number)
    )
    return [SentBack(*r) for r in conn.execute(found)]


def same_postcode(said: str, right: str) -> bool:
    """However it is written: `sw1a 2aa` is `SW1A2AA`. Never right where there is none."""
    a, b = _letters(said), _letters(right)
    return bool(b) and hmac.compare_digest(a.encode(), b.encode())


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def masked(name: str) -> str:
    """`Maria Schmidt` is `M. S.`, `王小明` is `王**`: enough for whoever knows the name."""
    words = name.split()
    if len(words) == 1 and not name.isascii():
        return name[:1] + "*" * min(len(name) - 1, 3)
    return " ".join(f"{word[0]}." for word in words[:3])


def _steps(conn: sa.Connection, order: Any) -> list[Step]:
    """When each step began; what was passed without a word is dated by the next."""
    moved = (
        sa.select(event.c.body, op.c.at_est)
        .join(op, sa.and_(op.c.device == event.c.device, op.c.n == event.c.n))
        .where(event.c.site == order["site"], event.c.key == order["id"])
        .where(event.c.kind == OrderMoved.kind)
        .order_by(event.c.ver, event.c.seq)
    )
    began: dict[int, int] = {0: order["placed_at"]}
    for body, at in conn.execute(moved):
        began.setdefault(_STEP.get(msgspec.json.decode(body)["after"], 0), at)
    reached = _reached(order, began)
    for at in range(reached, 0, -1):
        if at not in began and at + 1 in began:
            began[at] = began[at + 1]
    return [Step(name=n, at=began.get(i) if i <= reached else None) for i, n in enumerate(STEPS)]


def _reached(order: Any, began: dict[int, int]) -> int:
    """A hold or a cancellation leaves an order where it was."""
    state = order["held_from"] if order["state"] == "hold" else order["state"]
    return max(began) if state == "cancelled" else _STEP.get(state, 0)


def _handover(conn: sa.Connection, order_id: str, knows: bool) -> Handover | None:
    newest = (
        sa.select(proof.c.record, stop.c.closed_at)
        .join(stop, stop.c.id == proof.c.stop)
        .where(proof.c.order_id == order_id, stop.c.state == "closed")
        .order_by(proof.c.recv_at.desc(), proof.c.id.desc())
    )
    row = conn.execute(newest.limit(1)).first()
    if row is None:
        return None
    record = msgspec.json.decode(row.record)
    receiver = record.get("receiver", "")
    return Handover(
        outcome=record["outcome"],
        at=row.closed_at,
        receiver=receiver if knows else masked(receiver),
        signature=record.get("signature") if knows else None,
    )


def _private(
    conn: sa.Connection, order: Any, to: dict[str, str], name: str, wishes: offering.Offered
) -> Private:
    lines = sa.select(order_line.c.name, order_line.c.sku, order_line.c.qty)
    found = lines.where(order_line.c.order_id == order["id"]).order_by(order_line.c.no)
    return Private(
        name=name,
        street=to.get("street", ""),
        postcode=to.get("postcode", ""),
        lines=[(r.name or r.sku, r.qty) for r in conn.execute(found.limit(500))],
        returnable=wishes.lines,
        reasons=wishes.reasons,
    )
