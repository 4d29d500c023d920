"""Plans waves beside the store: reads a wave's snapshot, works its plan out in a process of its
own, and submits what came of it as an operation.

A wave that is still in planning when a node starts is simply planned (again): nothing is kept
here. One node at a time holds a wave, by a lease; should two plan it all the same, the second
result is refused.
"""

import logging
from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting, items
from server.inventory.tables import bin_
from server.kernel.ops import Outcome
from server.kernel.processes import Aside
from server.orders.tables import orders
from server.picking.geometry import Layout
from server.picking.modes import CartRules, WaveAsk, WaveLine, WaveOrder, WavePlan, plan
from server.picking.release import ReleasePlan
from server.picking.tables import wave, wave_line
from server.store import lease
from server.store.store import Store
from server.store.submit import submit
from server.store.tx import Tx
from server.store.worker import Worker

LOOK_S = 0.5
LEASE_MS = 60_000
"""A wave that could not be planned, or whose node died, is tried again after this; till then the
next one has its turn."""
_LEASE = "wave"
_WAITING = (
    sa.select(wave.c.id)
    .where(wave.c.state == "planning", lease.free(_LEASE, wave.c.id, "now"))
    .order_by(wave.c.at, wave.c.id)
    .limit(1)
)
_log = logging.getLogger(__name__)


def claim(tx: Tx, node: str) -> str | None:
    """The oldest wave in planning that nobody is at; it is this node's for a while."""
    found: str | None = tx.conn.execute(_WAITING, {"now": tx.now}).scalar()
    return found if found and lease.claim(tx, _LEASE, found, node, LEASE_MS) else None


def snapshot(conn: sa.Connection, wave_id: str) -> WaveAsk:
    """All that planning needs, so that it touches the store no more."""
    asked = conn.execute(sa.select(wave).where(wave.c.id == wave_id)).one()
    layout = msgspec.convert(get_setting(conn, asked.site, "layout", None), Layout)
    rows = _lines(conn, wave_id)
    master = items(conn, {r.sku for r in rows})
    lines = [
        WaveLine(
            no=r.no,
            order=r.order_id,
            bin=r.bin,
            spot=layout.at(r.aisle, r.block, r.offset_dm),
            zone=r.zone,
            rank=0 if master[r.sku].weight_class == "heavy" else 1,
            weight_g=master[r.sku].weight_g * r.qty,
        )
        for r in rows
    ]
    return WaveAsk(
        wave=wave_id,
        layout=msgspec.structs.replace(layout, bins=()),
        orders=_orders(conn, sorted({r.order_id for r in rows})),
        lines=lines,
        policy=asked.policy,
        mode=asked.mode,
        cart=msgspec.convert(get_setting(conn, asked.site, "cart", {}), CartRules),
        seed=asked.number,
    )


def _lines(conn: sa.Connection, wave_id: str) -> Any:
    w = wave_line
    shelf = sa.and_(bin_.c.site == w.c.site, bin_.c.code == w.c.bin)
    found = sa.select(w, bin_.c.aisle, bin_.c.block, bin_.c.offset_dm, bin_.c.zone)
    return conn.execute(found.join(bin_, shelf).where(w.c.wave == wave_id).order_by(w.c.no)).all()


def _orders(conn: sa.Connection, ids: list[str]) -> list[WaveOrder]:
    found = sa.select(orders.c.id, orders.c.marks).where(orders.c.id.in_(ids))
    ordered = found.order_by(orders.c.placed_at, orders.c.id)
    return [WaveOrder(id=r.id, special="special" in r.marks.split()) for r in conn.execute(ordered)]


def put(tx: Tx, wave_id: str, made: WavePlan, node: str) -> None:
    """The plan as an operation; it is refused where the wave was dropped meanwhile."""
    site = tx.conn.execute(sa.select(wave.c.site).where(wave.c.id == wave_id)).scalar_one()
    verdict = submit(
        tx, site, "planner", "picking.release_plan.v1", ReleasePlan(wave=wave_id, plan=made)
    )
    if verdict.outcome is not Outcome.APPLIED:
        _log.warning("wave %s: %s", wave_id, verdict)
    lease.give_back(tx, _LEASE, wave_id, node)


def plan_waiting(store: Store, node: str = "here") -> int:
    """Plan every wave in planning, here and now; how many."""
    planned = 0
    while (wave_id := store.run_sync(lambda tx: claim(tx, node))) is not None:
        made = plan(store.run_sync(lambda tx, w=wave_id: snapshot(tx.conn, w)))  # type: ignore[misc]
        store.run_sync(lambda tx, w=wave_id, m=made: put(tx, w, m, node))  # type: ignore[misc]
        planned += 1
    return planned


class Planner(Worker):
    """The worker of one node. `node`: its name among those that share the store."""

    def __init__(self, store: Store, node: str) -> None:
        super().__init__("wave planner", self._plan_one, LOOK_S, until_idle=True)
        self._store, self._node = store, node
        self._aside = Aside()

    async def stop(self) -> None:
        await super().stop()
        self._aside.stop()

    async def _plan_one(self) -> bool:
        """Looks before it writes."""
        if not await self._store.rows(_WAITING, {"now": self._store.clock()}):
            return False
        wave_id = await self._store.run(lambda tx: claim(tx, self._node))
        if wave_id is None:
            return False
        ask = await self._store.read(lambda conn: snapshot(conn, wave_id))
        made = await self._aside.run(plan, ask)
        await self._store.run(lambda tx: put(tx, wave_id, made, self._node))
        return True
