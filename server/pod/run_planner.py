"""Works plans of runs out beside the store: reads a plan's snapshot, has it solved in a process of
its own, and submits what came of it as an operation. Tells arrivals again where time has passed.

A plan that is still in planning when a node starts is simply worked out (again): nothing is kept
here. One node at a time holds a plan, by a lease; should two do it all the same, the second answer
is refused.
"""

import logging
from typing import Any

import sqlalchemy as sa

from server.kernel.ops import Outcome
from server.kernel.processes import Aside
from server.pod.arrivals import ReckonArrivals
from server.pod.offers import Ask, Effort, Offer
from server.pod.replans import asked_of
from server.pod.run_days import day_of
from server.pod.run_plans import PutRunPlan, RefreshRunPlan
from server.pod.run_rules import MIN_MS, readable_rules
from server.pod.tables import run, run_plan, stop
from server.store import lease
from server.store.store import Store
from server.store.submit import submit
from server.store.tx import Tx
from server.store.worker import Worker

LOOK_S = 0.5
TELL_S = 30.0
"""How often the clock alone may move arrivals."""
LEASE_MS = 120_000
_LEASE = "run plan"
_WAITING = (
    sa.select(run_plan.c.id)
    .where(run_plan.c.state == "planning", lease.free(_LEASE, run_plan.c.id, "now"))
    .order_by(run_plan.c.at, run_plan.c.id)
    .limit(1)
)
_log = logging.getLogger(__name__)


def claim(tx: Tx, node: str) -> str | None:
    """The oldest plan in planning that nobody is at; it is this node's for a while."""
    found: str | None = tx.conn.execute(_WAITING, {"now": tx.now}).scalar()
    return found if found and lease.claim(tx, _LEASE, found, node, LEASE_MS) else None


def snapshot(conn: sa.Connection, plan_id: str, now: int) -> Ask:
    """All that planning needs. A setting that was spoilt meanwhile counts as none."""
    plan = conn.execute(sa.select(run_plan).where(run_plan.c.id == plan_id)).one()
    rules = readable_rules(conn, plan.site)
    day = day_of(conn, plan.site, rules, asked_of(plan.body), now)
    return Ask(
        plan=plan_id,
        vans=day.vans,
        new=day.new,
        visits=day.visits,
        doors=day.doors,
        placed_by=day.placed_by,
        now=day.now,
        speeds=rules.speeds,
        matrix_url=rules.matrix_url,
        keep=rules.keep,
        effort=Effort(most=rules.iterations, idle=rules.idle),
        seed=plan.number,
    )


def work(ask: Ask) -> Offer:
    from server.pod import offering  # noqa: PLC0415  only the process beside the server solves

    return offering.work(ask)


def put(tx: Tx, plan_id: str, made: Offer, node: str) -> None:
    """The answer as an operation; it is refused where the plan was given up meanwhile."""
    found = sa.select(run_plan.c.site).where(run_plan.c.id == plan_id)
    site = tx.conn.execute(found).scalar_one()
    op = PutRunPlan(plan=plan_id, offer=made)
    verdict = submit(tx, site, "planner", "pod.put_run_plan.v1", op)
    if verdict.outcome is not Outcome.APPLIED:
        _log.warning("run plan %s: %s", plan_id, verdict)
    if made.faults:
        _log.error("run plan %s cannot be driven: %s", plan_id, made.faults[:3])
    lease.give_back(tx, _LEASE, plan_id, node)


def plan_waiting(store: Store, node: str = "here") -> int:
    """Work every plan in planning out, here and now; how many."""
    planned = 0
    while (plan_id := store.run_sync(lambda tx: claim(tx, node))) is not None:
        ask = store.run_sync(lambda tx, p=plan_id: snapshot(tx.conn, p, tx.now))  # type: ignore[misc]
        made = work(ask)
        store.run_sync(lambda tx, p=plan_id, m=made: put(tx, p, m, node))  # type: ignore[misc]
        planned += 1
    return planned


def overdue(conn: sa.Connection, now: int) -> tuple[list[Any], list[Any]]:
    """What time alone has changed: vans of which nothing was heard when they should have been
    somewhere, and plans that waited too long."""
    found = (
        sa.select(run.c.site, run.c.id, sa.func.min(stop.c.eta).label("eta"))
        .join(stop, stop.c.run == run.c.id)
        .where(run.c.state != "closed", run.c.leaves_at > 0)
        .where(stop.c.state == "planned", stop.c.eta < now)
        .group_by(run.c.site, run.c.id)
    )
    rows = conn.execute(found.order_by(run.c.site, run.c.id)).all()
    steps = {site: step_ms(conn, site) for site in {r.site for r in rows}}
    old = sa.select(run_plan.c.site, run_plan.c.id).where(
        run_plan.c.state == "proposed", run_plan.c.good_until < now
    )
    waited = conn.execute(old.order_by(run_plan.c.site, run_plan.c.id)).all()
    return [r for r in rows if r.eta <= now - steps[r.site]], list(waited)


def by_the_clock(tx: Tx) -> int:
    """Submit what is overdue. How many."""
    late, waited = overdue(tx.conn, tx.now)
    for r in late:
        submit(tx, r.site, "planner", "pod.reckon_arrivals.v1", ReckonArrivals(run=r.id))
    for p in waited:
        submit(tx, p.site, "planner", "pod.refresh_run_plan.v1", RefreshRunPlan(plan=p.id))
    return len(late) + len(waited)


def step_ms(conn: sa.Connection, site: str) -> int:
    """An arrival that is overdue by less is not told again."""
    return readable_rules(conn, site).eta_step_min * MIN_MS


async def tell_overdue(store: Store) -> None:
    """Looks before it writes: most of the time nothing is overdue."""
    now = store.clock()
    if any(await store.read(lambda conn: overdue(conn, now))):
        await store.run(by_the_clock)


class RunPlanner(Worker):
    """The worker of one node. `node`: its name among those that share the store."""

    def __init__(self, store: Store, node: str) -> None:
        super().__init__("run planner", self._plan_one, LOOK_S, until_idle=True)
        self._store, self._node = store, node
        self._aside = Aside()

    async def stop(self) -> None:
        await super().stop()
        self._aside.stop()

    async def _plan_one(self) -> bool:
        """Looks before it writes."""
        now = self._store.clock()
        if not await self._store.rows(_WAITING, {"now": now}):
            return False
        plan_id = await self._store.run(lambda tx: claim(tx, self._node))
        if plan_id is None:
            return False
        ask = await self._store.read(lambda conn: snapshot(conn, plan_id, now))
        made = await self._aside.run(work, ask)
        await self._store.run(lambda tx: put(tx, plan_id, made, self._node))
        return True
