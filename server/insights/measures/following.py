"""Follows the log from where it was read to, and writes what is counted: beside the work, so that
no scan waits for it. What has been read stands in `reader`, in the same commit as what it counted
for, so that nothing is counted twice and nothing is left out, whoever dies when.
"""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from server.floor.tables import task
from server.insights.measures.counting import (
    KINDS,
    Before,
    Bought,
    Counted,
    Counting,
    InHand,
    Opened,
    Record,
    Walk,
)
from server.insights.measures.rules import Kept
from server.insights.measures.tables import measured_clock, measured_order, measured_task
from server.kernel.events import Event
from server.orders.events import OrderReceived
from server.orders.promises import promise_rules
from server.orders.tables import order_line, orders
from server.returns.tables import rma, rma_line
from server.store import tables as t
from server.store.prepared import Prepared, insert_all
from server.store.store import Store
from server.store.tx import Tx

NAME = "measures"
AT_ONCE = 400
"""Events counted in one commit: some milliseconds, which a scan may have to wait."""
FAR = 5_000
"""Versions without anything to count after which the place is written down all the same."""
UTC = "UTC"
Clock = tuple[int, str]
_OVER = ("done", "cancelled")
_ORDER_COLUMNS = tuple(Kept.__struct_fields__)


class Step(Struct, frozen=True):
    """What the versions after `since` and up to `until` of a site count for. `timezone`: by which
    its days begin from now on, where that is news."""

    site: str
    since: int
    until: int
    counted: Counted
    timezone: str = ""


def read_to(conn: sa.Connection, site: str) -> int:
    found = sa.select(t.reader.c.ver).where(t.reader.c.name == NAME, t.reader.c.site == site)
    return int(conn.execute(found).scalar() or 0)


def next_step(
    log: sa.Connection, known: sa.Connection, site: str, end: int | None = None
) -> Step | None:
    """The next versions of `log` that are not counted in `known` yet, up to `end` or the newest;
    None where there is nothing to write. A site's own log and figures are in one database."""
    since = read_to(known, site)
    clock = sa.select(t.site_clock.c.ver).where(t.site_clock.c.site == site)
    last = int(log.execute(clock).scalar() or 0) if end is None else end
    records, until = read_log(log, site, since, last)
    if not records and until - since < FAR:
        return None
    clocks = _clocks(known, site)
    timezone = "" if end is not None else _changed(log, site, clocks)
    clocks += _from(since, timezone)
    in_hand = _in_hand(known, _named(records, "task"))
    worked_on = {held.order for held in in_hand.values() if held.order}
    counting = Counting(
        msgspec.structs.replace(
            settled(log, records),
            orders=_orders(known, sorted({*_named(records, "order"), *worked_on})),
            in_hand=in_hand,
            clocks=tuple((ver, ZoneInfo(name)) for ver, name in clocks),
        )
    )
    return Step(site, since, until, counting.see_all(records), timezone)


def take_step(tx: Tx, step: Step) -> bool:
    """Write it, unless somebody else has meanwhile: several nodes may follow one log."""
    place = {"name": NAME, "site": step.site, "since": step.since, "until": step.until}
    if not tx.conn.execute(_MOVE_ON, place).rowcount:
        return False
    if step.timezone:
        begins = {"site": step.site, "ver": step.since, "timezone": step.timezone}
        insert_all(tx.conn, measured_clock, [begins])
    write(tx.conn, step.site, step.counted)
    return True


def write(conn: sa.Connection, site: str, counted: Counted) -> None:
    _ADD.run_many(
        conn,
        [
            {"site": site, "dimension": d, "member": m, "day": day, "what": what, "n": n}
            for (d, m, day, what), n in sorted(counted.counts.items())
        ],
    )
    orders = [msgspec.structs.asdict(o) | {"site": site} for o in counted.orders.values()]
    _PUT_ORDER.run_many(conn, orders)
    gone = [name for name, held in counted.in_hand.items() if held is None]
    if gone:
        conn.execute(sa.delete(measured_task).where(measured_task.c.task.in_(gone)))
    held = [(name, h) for name, h in counted.in_hand.items() if h is not None]
    _PUT_TASK.run_many(
        conn,
        [_held(name, site, h) for name, h in held],
    )


def _held(task: str, site: str, h: InHand) -> dict[str, Any]:
    times = {"since": h.since, "seen": h.seen}
    return {"task": task, "site": site, "person": h.person, "order_id": h.order, **times}


def pass_over(conn: sa.Connection, site: str) -> None:
    """What the log holds by now is counted otherwise."""
    clock = sa.select(t.site_clock.c.ver).where(t.site_clock.c.site == site).scalar_subquery()
    here = (t.reader.c.name == NAME, t.reader.c.site == site)
    conn.execute(sa.update(t.reader).where(*here).values(ver=clock))


def catch_up(store: Store) -> int:
    """Everything that is not counted yet, here and now; returns how many steps it took."""
    steps = 0
    for site in store.run_sync(lambda tx: sites(tx.conn)):
        while True:
            step = store.run_sync(lambda tx, s=site: next_step(tx.conn, tx.conn, s))  # type: ignore[misc]
            if step is None:
                break
            store.run_sync(lambda tx, s=step: take_step(tx, s))  # type: ignore[misc]
            steps += 1
    return steps


def sites(conn: sa.Connection) -> list[str]:
    return list(
        conn.execute(sa.select(t.site_clock.c.site).order_by(t.site_clock.c.site)).scalars()
    )


class Follower:
    """One per node; several on one database take turns."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def follow(self) -> None:
        """Until nothing is left to count, a little at a time, so that work goes between."""
        for site in await self._store.read(sites):
            while (step := await self._next(site)) is not None:
                await self._store.run(lambda tx, s=step: take_step(tx, s))  # type: ignore[misc]

    async def _next(self, site: str) -> Step | None:
        return await self._store.read(lambda conn: next_step(conn, conn, site))


def read_log(log: sa.Connection, site: str, since: int, last: int) -> tuple[list[Record], int]:
    """What there is to count in the versions after `since` and up to `last`, some of them at once
    and always whole; and the last version that was read."""
    asked = {"site": site, "since": since, "last": last, "limit": AT_ONCE + 1}
    rows = list(log.execute(_EVENTS, asked))
    if len(rows) <= AT_ONCE:
        return [_record(r) for r in rows], last
    cut = rows[-1].ver
    if whole := [_record(r) for r in rows if r.ver < cut]:
        return whole, cut - 1
    alone = {"site": site, "since": cut - 1, "last": cut, "limit": 1_000_000}
    return [_record(r) for r in log.execute(_EVENTS, alone)], cut


def settled(log: sa.Connection, records: list[Record]) -> Before:
    """What records tell of that never changes, and nothing else."""
    return Before(
        walks=_walks(log, _named(records, "task")),
        opened=_opened(log, _named(records, "rma")),
        bought=_bought(log, sorted({r.event.order for r in records if _is_new(r.event)})),
    )


def _is_new(event: Event) -> bool:
    return isinstance(event, OrderReceived)


def _record(r: Any) -> Record:
    event = msgspec.json.decode(r.body, type=KINDS[r.kind])
    return Record(int(r.ver), int(r.at_est), r.person or "", event)


def _named(records: Iterable[Record], field: str) -> list[str]:
    return sorted({name for r in records if (name := getattr(r.event, field, ""))})


def _orders(conn: sa.Connection, ids: list[str]) -> dict[str, Kept]:
    columns = [measured_order.c[name] for name in _ORDER_COLUMNS]
    found = sa.select(*columns).where(measured_order.c.order_id.in_(ids))
    return {r["order_id"]: Kept(**r) for r in conn.execute(found).mappings()} if ids else {}


def _in_hand(conn: sa.Connection, ids: list[str]) -> dict[str, InHand]:
    found = sa.select(measured_task).where(measured_task.c.task.in_(ids))
    rows = conn.execute(found) if ids else ()
    return {r.task: InHand(r.person, r.since, r.seen, r.order_id) for r in rows}


def _walks(conn: sa.Connection, ids: list[str]) -> dict[str, Walk]:
    """Metres only of tasks that are over: till then a walk may be planned anew."""
    found = sa.select(task.c.id, task.c.zone, task.c.state, task.c.body)
    rows = conn.execute(found.where(task.c.id.in_(ids))) if ids else ()
    return {r.id: _walk(r) for r in rows}


def _walk(r: Any) -> Walk:
    body = msgspec.json.decode(r.body) if r.state in _OVER else {}
    walked, s_shape = (round(10 * body.get(f, 0)) for f in ("metres", "s_shape_metres"))
    return Walk(r.zone, walked, s_shape)


def _opened(conn: sa.Connection, ids: list[str]) -> dict[str, Opened]:
    if not ids:
        return {}
    goods: dict[str, list[tuple[str, int]]] = {}
    lines = sa.select(rma_line.c.rma, rma_line.c.sku, rma_line.c.qty)
    for r in conn.execute(lines.where(rma_line.c.rma.in_(ids)).order_by(rma_line.c.no)):
        goods.setdefault(r.rma, []).append((r.sku, int(r.qty)))
    heads = sa.select(rma.c.id, rma.c.opened_at, rma.c.reason).where(rma.c.id.in_(ids))
    return {
        r.id: Opened(int(r.opened_at), r.reason, tuple(goods.get(r.id, ())))
        for r in conn.execute(heads)
    }


def _bought(conn: sa.Connection, ids: list[str]) -> dict[str, Bought]:
    """What an order's lines cost and bring as they came in: neither changes afterwards."""
    c = order_line.c
    sums = (sa.func.sum(c.qty * c.price), sa.func.sum(c.qty * c.cost), sa.func.min(c.cost))
    found = (
        sa.select(orders.c.id, orders.c.currency, *sums)
        .join(order_line, c.order_id == orders.c.id)
        .where(orders.c.id.in_(ids))
        .group_by(orders.c.id, orders.c.currency)
    )
    rows = conn.execute(found) if ids else ()
    return {
        key: Bought(currency, int(sales), int(goods))
        for key, currency, sales, goods, least in rows
        if least
    }


def _clocks(conn: sa.Connection, site: str) -> list[Clock]:
    c = measured_clock.c
    found = sa.select(c.ver, c.timezone).where(c.site == site).order_by(c.ver)
    return [(int(r.ver), r.timezone) for r in conn.execute(found)]


def clock_of(conn: sa.Connection, site: str) -> ZoneInfo:
    """By which the site's days begin now."""
    clocks = _clocks(conn, site)
    return ZoneInfo(clocks[-1][1] if clocks else UTC)


def _changed(conn: sa.Connection, site: str, clocks: list[Clock]) -> str:
    """The site's clock, where it is not the one by which its days have begun so far."""
    now = promise_rules(conn, site).timezone
    return "" if now == (clocks[-1][1] if clocks else UTC) else now


def _from(since: int, timezone: str) -> list[Clock]:
    return [(since, timezone)] if timezone else []


_E = t.event.c
_MADE = sa.and_(t.op.c.device == _E.device, t.op.c.n == _E.n)
_EVENTS = (
    sa.select(_E.ver, _E.seq, _E.kind, _E.body, t.op.c.person, t.op.c.at_est)
    .join(t.op, _MADE)
    .where(
        _E.site == sa.bindparam("site"),
        _E.ver > sa.bindparam("since"),
        _E.ver <= sa.bindparam("last"),
        _E.kind.in_(sorted(KINDS)),
    )
    .order_by(_E.ver, _E.seq)
    .limit(sa.bindparam("limit"))
)
_MOVE_ON = sa.text(
    "INSERT INTO reader (name, site, ver, seq) VALUES (:name, :site, :until, 0)"
    " ON CONFLICT (name, site) DO UPDATE SET ver = excluded.ver WHERE reader.ver = :since"
)
_ADD = Prepared(
    sa.text(
        "INSERT INTO measure (site, dimension, member, day, what, n)"
        " VALUES (:site, :dimension, :member, :day, :what, :n)"
        " ON CONFLICT (site, dimension, member, day, what) DO UPDATE SET n = measure.n + excluded.n"
    )
)
_ORDER_NAMES = ("site", *_ORDER_COLUMNS)
_PUT_ORDER = Prepared(
    sa.text(
        f"INSERT INTO measured_order ({', '.join(_ORDER_NAMES)})"  # noqa: S608  our own columns
        f" VALUES ({', '.join(f':{c}' for c in _ORDER_NAMES)})"
        " ON CONFLICT (order_id) DO UPDATE SET "
        + ", ".join(f"{c} = excluded.{c}" for c in _ORDER_COLUMNS if c != "order_id")
    )
)
_PUT_TASK = Prepared(
    sa.text(
        "INSERT INTO measured_task (task, site, person, since, seen, order_id)"
        " VALUES (:task, :site, :person, :since, :seen, :order_id)"
        " ON CONFLICT (task) DO UPDATE SET person = excluded.person, since = excluded.since,"
        " seen = excluded.seen, order_id = excluded.order_id"
    )
)
