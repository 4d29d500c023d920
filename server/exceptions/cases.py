"""A case as the desk's operations load and change it; each change is an entry of its story."""

from dataclasses import dataclass, replace
from typing import Any

import msgspec
import sqlalchemy as sa

from server.exceptions.rules import Clock, Concerned
from server.exceptions.tables import exception_case, exception_entry
from server.floor.tables import discrepancy
from server.kernel.errors import Refusal
from server.kernel.ops import OpContext
from server.orders.tables import customer, orders

OPEN, SETTLED = "open", "settled"


@dataclass(frozen=True, slots=True)
class Case:
    """`kind`: what is wrong, a code; `order`: "" where it is nobody's."""

    id: str
    kind: str
    state: str
    order: str
    clock: Clock
    owner: str | None
    rev: int
    entries: int


def load(ctx: OpContext, case_id: str, expects: int | None = None) -> Case:
    """The case, locked until the commit. Refuses one that is not there, and one that has changed
    since the asker saw revision `expects` of it."""
    c, d = exception_case.c, discrepancy.c
    found = sa.select(exception_case, d.kind, d.state).join(discrepancy, d.id == c.id)
    locked = found.where(c.id == case_id, c.site == ctx.site).with_for_update()
    r = ctx.conn.execute(locked).mappings().first()
    if r is None:
        raise Refusal("not_found", field="case", value=case_id)
    if expects is not None and expects != r["rev"]:
        raise Refusal("stale", case=case_id, field="expects", value=expects, rev=r["rev"])
    times = {f: r[f] for f in Clock.__struct_fields__}
    same = {f: r[f] for f in ("id", "kind", "state", "owner", "rev", "entries")}
    return Case(**same, order=r["order_id"] or "", clock=Clock(**times))


def save(ctx: OpContext, case: Case, *, seen: bool = True, **values: Any) -> Case:
    """`seen`: who acts next must have seen this; False for what takes nothing from anybody."""
    changed = replace(case, rev=case.rev + seen)
    times = msgspec.structs.asdict(changed.clock)
    next_at = changed.clock.next_at if changed.state == OPEN else None
    ctx.conn.execute(
        sa.update(exception_case)
        .where(exception_case.c.id == case.id)
        .values(**times, next_at=next_at, owner=changed.owner, rev=changed.rev, **values)
    )
    ctx.touch("discrepancy", case.id)
    return changed


def tell(ctx: OpContext, case: Case, what: str, text: str = "", about: str = "") -> Case:
    """One more entry. `about`: to whom, how many per cent, or which cause."""
    told = replace(case, entries=case.entries + 1)
    ctx.conn.execute(
        sa.insert(exception_entry).values(
            case_id=case.id,
            no=told.entries,
            site=ctx.site,
            at=ctx.at,
            what=what,
            person=ctx.person,
            level=case.clock.level,
            about=about,
            text=text,
        )
    )
    here = sa.update(exception_case).where(exception_case.c.id == case.id)
    ctx.conn.execute(here.values(entries=told.entries))
    ctx.touch("discrepancy", case.id)
    return told


def set_state(ctx: OpContext, case: Case, state: str, note: str | None) -> Case:
    over = state == SETTLED
    ctx.conn.execute(
        sa.update(discrepancy)
        .where(discrepancy.c.id == case.id)
        .values(
            state=state,
            note=note,
            settled_at=ctx.at if over else None,
            settled_by=ctx.person if over else None,
        )
    )
    return replace(case, state=state)


def concerned(ctx: OpContext, order: str, before: int = 0) -> Concerned:
    """Whom a problem of this order hits, and how much is at stake."""
    o = orders.c
    found = sa.select(o.total, o.currency, customer.c.vip)
    joined = found.outerjoin(customer, customer.c.id == o.customer).where(o.id == order)
    r = ctx.conn.execute(joined).first()
    if r is None:
        return Concerned(before=before)
    return Concerned(vip=bool(r.vip), total=r.total, currency=r.currency, before=before)
