"""A plan of runs from the asking to the decision.

run_plan: planning -> proposed -> accepted -> undone
                   |           |-> dropped
                   |-> dropped (nothing would change, or the run ended meanwhile)
"""

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from server.kernel.ops import OpContext
from server.kernel.values import Moment
from server.pod.run_lists import Lists, open_stops
from server.pod.tables import run, run_plan

OPEN = ("planning", "proposed")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """`runs`: to be planned again. `vehicles`: each with a new run. `shipments`: to be taken
    besides what the runs call with. `leaves_at` (ms): 0 as each vehicle's day begins."""

    runs: list[str] = []
    vehicles: list[str] = []
    shipments: list[str] = []
    leaves_at: Moment = 0


def start(ctx: OpContext, asked: Asked, why: str) -> str:
    """Who works it out is the planner beside the store."""
    plan_id = ctx.new_id()
    ctx.conn.execute(
        sa.insert(run_plan).values(
            id=plan_id,
            site=ctx.site,
            number=ctx.next_number("run_plan"),
            state="planning",
            why=why,
            body=msgspec.json.encode({"ask": msgspec.to_builtins(asked)}).decode(),
            at=ctx.at,
            changed_at=ctx.at,
        )
    )
    ctx.touch("run_plan", plan_id)
    return plan_id


def ask_again(ctx: OpContext, run_id: str, why: str, leaving: str = "") -> None:
    """By itself: only a run with times, with stops to come, that nobody is planning already.
    `leaving`: a stop that is being closed right now."""
    r = ctx.conn.execute(sa.select(run).where(run.c.id == run_id)).first()
    ahead = [s for s in open_stops(ctx.conn, [run_id]) if s.id != leaving]
    least = 1 if why == "late" else 2
    if r is None or not r.leaves_at or r.state == "closed" or len(ahead) < least:
        return
    if not open_plans(ctx, [run_id]):
        start(ctx, Asked(runs=[run_id]), why)


def open_plans(ctx: OpContext, runs: Sequence[str]) -> list[str]:
    """Plans that wait to be worked out or decided and concern any of these runs."""
    found = sa.select(run_plan.c.id, run_plan.c.body).where(
        run_plan.c.site == ctx.site, run_plan.c.state.in_(OPEN)
    )
    rows = ctx.conn.execute(found.order_by(run_plan.c.at, run_plan.c.id)).all()
    return [r.id for r in rows if set(runs) & set(asked_of(r.body).runs)]


def asked_of(body: str) -> Asked:
    return msgspec.convert(msgspec.json.decode(body)["ask"], Asked)


def keep(ctx: OpContext, plan_id: str, state: str, **more: Any) -> None:
    """A plan's new state; `more`: columns, and `body` parts under `offer` and `before`."""
    row = ctx.conn.execute(sa.select(run_plan.c.body).where(run_plan.c.id == plan_id)).one()
    body = msgspec.json.decode(row.body)
    for part in ("offer", "before"):
        if part in more:
            body[part] = msgspec.to_builtins(more.pop(part))
    values = {"state": state, "body": msgspec.json.encode(body).decode(), "changed_at": ctx.at}
    ctx.conn.execute(sa.update(run_plan).where(run_plan.c.id == plan_id).values(**values, **more))
    ctx.touch("run_plan", plan_id)


def before_of(body: str) -> Lists:
    return dict(msgspec.json.decode(body).get("before", {}))


def settle(ctx: OpContext, runs: Sequence[str]) -> None:
    """What was accepted for these runs before is taken back no more."""
    found = sa.select(run_plan.c.id, run_plan.c.body).where(
        run_plan.c.site == ctx.site, run_plan.c.state == "accepted"
    )
    for r in ctx.conn.execute(found.order_by(run_plan.c.id)).all():
        if set(runs) & before_of(r.body).keys():
            keep(ctx, r.id, "settled")
