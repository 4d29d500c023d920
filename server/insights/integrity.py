"""Do the books agree with themselves? Reads only; `dockhand check` prints what it finds."""

from collections.abc import Iterator

import msgspec
import sqlalchemy as sa

from server.insights import stock_books
from server.insights.finding import Finding
from server.inventory.ledger import WORLD
from server.inventory.tables import movement, stock
from server.kernel.ops import Envelope
from server.orders.events import OrderMoved
from server.orders.lifecycle import STATES, may_move
from server.orders.tables import orders
from server.store import tables as t
from server.store.engines import snapshot_engine
from server.store.store import Store

ROWS = 500


def findings(store: Store) -> list[Finding]:
    """Everything that does not hold, over all sites; empty when the books are sound. One snapshot,
    beside the site's work: it keeps nobody from writing."""
    return findings_at(store.url)


def findings_at(url: str) -> list[Finding]:
    engine = snapshot_engine(url)
    try:
        with engine.connect() as conn:
            return [f for rule in _RULES for f in rule(conn)]
    finally:
        engine.dispose()


def _stock(conn: sa.Connection) -> Iterator[Finding]:
    """Stock is the sum of movements, in every place but the world outside."""
    sums: dict[tuple[str, ...], int] = {}
    for column, sign in ((movement.c.to_bin, 1), (movement.c.from_bin, -1)):
        place = [movement.c.site, column, movement.c.sku, movement.c.lot]
        moved = sa.select(*place, sa.func.sum(movement.c.qty)).group_by(*place)
        for *key, qty in conn.execute(moved.where(column != WORLD)):
            at = tuple(str(k) for k in key)
            sums[at] = sums.get(at, 0) + sign * int(qty)
    kept = sa.select(stock.c.site, stock.c.bin, stock.c.sku, stock.c.lot, stock.c.qty)
    for *key, qty in conn.execute(kept):
        expected = sums.pop(tuple(str(k) for k in key), 0)
        if int(qty) != expected:
            yield Finding("stock_is_sum_of_movements", "/".join(key), str(qty), str(expected))
    for at, expected in sums.items():
        if expected:
            yield Finding("stock_is_sum_of_movements", "/".join(at), "0", str(expected))


def _states(conn: sa.Connection) -> Iterator[Finding]:
    unknown = sa.select(orders.c.number, orders.c.state).where(orders.c.state.not_in(STATES))
    for number, state in conn.execute(unknown):
        yield Finding("order_state_is_known", str(number), str(state))


def _moves(conn: sa.Connection) -> Iterator[Finding]:
    """Each order's moves, as the event log has them, are legal and lead to where it stands."""
    body = t.event.c.body
    moved = (
        sa.select(t.event.c.key, body)
        .where(t.event.c.kind == OrderMoved.kind)
        .order_by(t.event.c.site, t.event.c.ver, t.event.c.seq)
    )
    now = {str(i): str(s) for i, s in conn.execute(sa.select(orders.c.id, orders.c.state))}
    last: dict[str, str] = {}
    for key, text in conn.execute(moved):
        before, after = _move(text)
        if not may_move(before, after):
            yield Finding("order_moves_legally", str(key), f"{before} to {after}")
        if last.get(key, before) != before:
            yield Finding("order_moves_are_gap_free", str(key), before, last[key])
        last[key] = after
    for order, after in last.items():
        if order in now and now[order] != after:
            yield Finding("order_stands_where_it_moved", order, now[order], after)


def _move(text: str) -> tuple[str, str]:
    body = msgspec.json.decode(text)
    return str(body["before"]), str(body["after"])


def _log(conn: sa.Connection) -> Iterator[Finding]:
    """Each device's operations are numbered 1, 2, 3 … as far as the device itself says."""
    found = (
        sa.select(
            t.op.c.device,
            sa.func.count(),
            sa.func.min(t.op.c.n),
            sa.func.max(t.op.c.n),
            t.device.c.last_n,
        )
        .join(t.device, t.device.c.id == t.op.c.device, isouter=True)
        .group_by(t.op.c.device, t.device.c.last_n)
    )
    for device, count, first, last, last_n in conn.execute(found):
        if first != 1 or count != last:
            yield Finding("log_has_no_gap", str(device), f"{count} from {first} to {last}")
        if last_n != last:
            yield Finding("log_ends_where_the_device_does", str(device), str(last), str(last_n))


def _hashes(conn: sa.Connection) -> Iterator[Finding]:
    """What stands in the log is what came: each operation still has the hash it was taken under.

    Who named a grant that is not theirs is written down without it, so that the hash of such an
    operation cannot be made again.
    """
    vouched = sa.or_(t.op.c.sid.is_not(None), t.op.c.device.like("sys:%"))
    found = conn.execution_options(yield_per=ROWS).execute(_LOGGED.where(vouched))
    for r in found:
        body = msgspec.json.decode(r.body)
        came = Envelope(n=r.n, id=r.id, k=r.kind, v=r.v, sid=r.sid, at=r.at_raw, body=body)
        if (digest := came.digest()) != r.hash:
            yield Finding("log_is_what_came", f"{r.device}/{r.n}", digest[:12], r.hash[:12])


_OP = t.op.c
_LOGGED = sa.select(
    _OP.device, _OP.n, _OP.id, _OP.hash, _OP.kind, _OP.v, _OP.sid, _OP.at_raw, _OP.body
).order_by(_OP.device, _OP.n)
_RULES = (
    _stock,
    stock_books.moves,
    stock_books.counts,
    stock_books.ends,
    _states,
    _moves,
    _log,
    _hashes,
)
