"""One order with everything that happened to it, on one time line, oldest first.

Every scan, photo and signature: the events of the order, and beside them the operations that were
set aside and name its tasks, so that nobody has to guess why something is missing.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from server.auth.tables import person as person_table
from server.board.returned import returns_of
from server.board.shapes import (
    Countersigned,
    Evidence,
    Line,
    Moment,
    OpenDiscrepancy,
    OrderStory,
    Parcel,
    Proof,
    Stop,
)
from server.floor.tables import discrepancy
from server.kernel.errors import Refusal
from server.orders.cancelling import cancel_rules, cancelled_lately
from server.orders.tables import order_line, orders
from server.packing.tables import pack_line, parcel
from server.picking.tables import pick_line
from server.pod import dossier
from server.pod.checks import Kept, eight
from server.pod.expected import MOVING, Expected, expected
from server.pod.tables import run, stop
from server.returns import offering
from server.store import blobs
from server.store.feed import version
from server.store.site_keys import PublicKey
from server.store.tables import device, event, op

MAX_EVENTS = 5_000
MAX_ASIDE = 200
_UNCHECKED = ("released", "picking", "hold")


_ORDER = (
    *("id", "number", "channel", "ref", "type", "state", "customer", "customer_name", "currency"),
    *("total", "placed_at", "due_at", "changed_at"),
)


def tell(
    conn: sa.Connection,
    folder: Path,
    site: str,
    order_id: str,
    keys: Sequence[PublicKey] = (),
    now: int = 0,
) -> OrderStory:
    """Refuses `not_found`, alike for an order of another site and for one that nobody has.

    `folder`: where the blobs lie; `keys`: those that this site has ever signed with; `now` in ms.
    """
    seen = version(conn, site)
    found = sa.select(orders).where(orders.c.id == order_id, orders.c.site == site)
    order = conn.execute(found).mappings().first()
    if order is None:
        raise Refusal("not_found", field="order")
    aside = _set_aside(conn, site, order_id)
    return OrderStory(
        ver=seen,
        **{field: order[field] for field in _ORDER},
        ship_to=msgspec.json.decode(order["ship_to"]),
        expected=_expected(conn, order, now),
        lines=_rows(conn, Line, _lines(order_id).order_by(order_line.c.no)),
        parcels=_rows(conn, Parcel, _of(parcel, order_id).order_by(parcel.c.number)),
        stops=_rows(conn, Stop, _stops(order_id)),
        returns=returns_of(conn, order_id),
        returnable=offering.by_house(conn, order, now),
        replaces=order["replaces"],
        replaces_number=_number(conn, order["replaces"]),
        discrepancies=[_open(d) for d in aside if d["state"] == "open"],
        unproven=[r["id"] for r in dossier.without_proof(conn, order_id)],
        cancels_often=_cancels_often(conn, order, now),
        story=_story(conn, folder, site, order_id, aside, keys),
    )


def _expected(conn: sa.Connection, order: Any, now: int) -> Expected | None:
    moves = order["state"] in MOVING
    return expected(conn, [order["id"]], now).get(order["id"]) if moves else None


def _cancels_often(conn: sa.Connection, order: Any, now: int) -> int:
    rules = cancel_rules(conn, order["site"])
    times = cancelled_lately(conn, order["site"], order["customer"], now, rules.days)
    return times if times >= rules.often else 0


def _number(conn: sa.Connection, order_id: str | None) -> str | None:
    return conn.execute(sa.select(orders.c.number).where(orders.c.id == order_id)).scalar()


def _rows(conn: sa.Connection, kind: Any, statement: sa.Select[Any]) -> list[Any]:
    return [
        kind(**{f: r[f] for f in kind.__struct_fields__})
        for r in conn.execute(statement).mappings()
    ]


def _of(table: sa.Table, order_id: str) -> sa.Select[Any]:
    return sa.select(table).where(table.c.order_id == order_id)


def _lines(order_id: str) -> sa.Select[Any]:
    """The final check writes down what was picked; until then the floor's own lines tell it."""
    p, mine = pick_line.c, order_line.c
    pieces = sa.cast(sa.func.coalesce(sa.func.sum(p.picked), 0), sa.BigInteger)
    so_far = sa.select(pieces).where(p.order_id == mine.order_id, p.order_line == mine.no)
    picked = sa.case(
        (sa.and_(orders.c.state.in_(_UNCHECKED), mine.picked == 0), so_far.scalar_subquery()),
        else_=mine.picked,
    )
    others = (c for c in mine if c.name != "picked")
    return (
        sa.select(*others, picked.label("picked"))
        .join(orders, orders.c.id == mine.order_id)
        .where(mine.order_id == order_id)
    )


def _stops(order_id: str) -> sa.Select[Any]:
    return (
        sa.select(stop, run.c.number.label("run_number"), run.c.vehicle)
        .join(run, run.c.id == stop.c.run)
        .where(stop.c.order_id == order_id)
        .order_by(run.c.number)
    )


def _set_aside(conn: sa.Connection, site: str, order_id: str) -> list[Mapping[str, Any]]:
    """Discrepancies of the order, of a task that works on it, or with an operation that names it:
    one that was quarantined was never looked into, so only its body says whose it is."""
    tasks = sa.union(
        *(sa.select(t.c.task).where(t.c.order_id == order_id) for t in (pick_line, pack_line, stop))
    )
    d = discrepancy.c
    named = sa.or_(d.task.in_(tasks), d.body.contains(order_id, autoescape=True))
    found = (
        sa.select(discrepancy, device.c.name.label("device_name"), person_table.c.name)
        .outerjoin(device, device.c.id == d.device)
        .outerjoin(person_table, person_table.c.id == d.person)
        .where(d.site == site)
        .where(sa.or_(d.order_id == order_id, sa.and_(d.order_id.is_(None), named)))
        .order_by(d.at.desc(), d.id)
        .limit(MAX_ASIDE)
    )
    own = sa.select(pick_line.c.task, pick_line.c.no).where(pick_line.c.order_id == order_id)
    lines = {(task, no) for task, no in conn.execute(own)}
    made = [
        dict(r) | {"details": msgspec.json.decode(r["body"])}
        for r in conn.execute(found).mappings()
    ]
    return [r for r in made if r["order_id"] or order_id in r["body"] or _works_on(r, lines)]


def _works_on(aside: Mapping[str, Any], lines: set[tuple[str, int]]) -> bool:
    """A pick task serves many orders: what names a line belongs to that line's order."""
    body = aside["details"].get("body")
    line = body.get("line") if isinstance(body, dict) else None
    picks = any(task == aside["task"] for task, _ in lines)
    return line is None or not picks or (aside["task"], line) in lines


def _open(aside: Mapping[str, Any]) -> OpenDiscrepancy:
    return OpenDiscrepancy(**{f: aside[f] for f in OpenDiscrepancy.__struct_fields__})


def _story(
    conn: sa.Connection,
    folder: Path,
    site: str,
    order_id: str,
    aside: list[Mapping[str, Any]],
    keys: Sequence[PublicKey],
) -> list[Moment]:
    told = [
        dict(r) | {"data": msgspec.json.decode(r["body"])}
        for r in conn.execute(_events(site, order_id)).mappings()
    ]
    kept = dossier.proofs_of(conn, site, order_id)
    refs = [ref for r in told for ref in _refs(r["data"])] + [ref for p in kept for ref in p.refs]
    known = blobs.known(conn, folder, site, map(blobs.sha256_of, refs))
    judged = {p.id: _proof(p, kept, known, {k.kid: k for k in keys}) for p in kept}
    moments = [_moment(r, judged, known) for r in told]
    moments += [_aside_moment(r) for r in aside if r["outcome"] != "applied"]
    return sorted(moments, key=lambda m: m.at)  # stable: within one ms as they were written down


def _events(site: str, order_id: str) -> sa.Select[Any]:
    return (
        sa.select(
            event.c.kind,
            event.c.body,
            event.c.device,
            device.c.name.label("device_name"),
            op.c.at_est.label("at"),
            op.c.person,
            person_table.c.name,
        )
        .join(op, sa.and_(op.c.device == event.c.device, op.c.n == event.c.n))
        .outerjoin(device, device.c.id == event.c.device)
        .outerjoin(person_table, person_table.c.id == op.c.person)
        .where(event.c.key == order_id, event.c.site == site)
        .order_by(event.c.ver, event.c.seq)
        .limit(MAX_EVENTS)
    )


def _refs(data: Mapping[str, Any]) -> list[str]:
    signature = data.get("signature")
    return [*data.get("photos", ()), *([signature] if signature else [])]


def _moment(
    row: Mapping[str, Any],
    judged: Mapping[str, Proof],
    known: Mapping[str, blobs.Blob],
) -> Moment:
    data = {k: v for k, v in row["data"].items() if k not in ("photos", "signature", "order")}
    photos = [_evidence(ref, known) for ref in row["data"].get("photos", ())]
    signature = row["data"].get("signature")
    signed = _evidence(signature, known) if signature else None
    return Moment(
        **_who(row),
        kind=row["kind"],
        data=data,
        photos=photos,
        signature=signed,
        proof=judged.get(data.get("proof", "")),
    )


def _who(row: Mapping[str, Any]) -> dict[str, Any]:
    same = {field: row[field] for field in ("at", "person", "device", "device_name")}
    return same | {"person_name": row["name"]}


def _evidence(ref: str, known: Mapping[str, blobs.Blob]) -> Evidence:
    sha256 = blobs.sha256_of(ref)
    found = known.get(sha256)
    state, mime = (found.state, found.mime) if found else (blobs.MISSING, "")
    return Evidence(ref=ref, sha256=sha256, state=state, mime=mime)


def _proof(
    kept: Kept,
    others: Sequence[Kept],
    known: Mapping[str, blobs.Blob],
    keys: Mapping[str, PublicKey],
) -> Proof:
    files = [_evidence(ref, known).state for ref in kept.refs]
    signed = kept.receipt
    return Proof(
        id=kept.id,
        hash=kept.hash,
        seq=kept.record["seq"],
        verdicts=kept.verdicts,
        checks=eight(kept, others, files, keys),
        countersigned=Countersigned(n=signed.n, at=kept.recv_at, key=signed.key)
        if signed
        else None,
        position=kept.record.get("position"),
        no_position=kept.record.get("no_position", ""),
        evidence_complete=all(state == blobs.COMPLETE for state in files),
        counts=kept.stands and kept.superseded is None,
        superseded=kept.superseded,
        corrects=kept.corrects,
    )


def _aside_moment(aside: Mapping[str, Any]) -> Moment:
    told = {f: aside[f] for f in ("operation", "outcome", "task", "state", "note", "details")}
    return Moment(**_who(aside), kind="set_aside", data=told | {"code": aside["kind"]})
