"""What the floor's rule would give to whom, for a supervisor to look at and change before any of
it happens: each choice becomes a request of its own."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from litestar import post
from litestar.params import JSONBody
from msgspec import Meta

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.auth.tables import person as person_table
from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.floor import abilities, tasks
from server.floor.assigning import AssignRules, Choice, Waiting, Worker, assign
from server.floor.rows import TaskRow
from server.floor.tables import task as task_table
from server.kernel.ops import OpContext
from server.kernel.values import Id, Role
from server.store.feed import version

SETTING = "assigning"
DAY_MS = 86_400_000
Several = Annotated[list[Id], Meta(max_length=1_000)]
shaped(SETTING, AssignRules)


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which waiting tasks to give out, and who is at work."""

    tasks: Several
    people: Several


class Load(msgspec.Struct, frozen=True):
    """Somebody's work as it is: `seconds` of what is in hand, at their own pace. `pace`: actual by
    expected time for each kind where it is known."""

    person: str
    held: int
    seconds: int
    pace: dict[str, float]


class Proposals(msgspec.Struct, frozen=True):
    """`ver`: of the site, as it was looked at. Tasks that do not wait any more are left out."""

    ver: int
    choices: list[Choice]
    loads: list[Load]
    rules: AssignRules


@post("/proposals", guards=[require(Role.SUPERVISOR, Role.ADMIN)], status_code=200)
async def propose(request: AnyRequest, grant: ByGrant, data: JSONBody[Asked]) -> Proposals:
    store = store_of(request)
    now = store.clock()
    return await store.read(lambda conn: proposals(conn, grant.site, data, now))


def proposals(conn: Any, site: str, asked: Asked, now: int) -> Proposals:
    """`now`: ms. Changes nothing."""
    rules = msgspec.convert(get_setting(conn, site, SETTING, {}), AssignRules)
    team = _team(conn, site, asked.people, rules, now)
    waiting = _waiting(conn, site, asked.tasks, [w.id for w in team], now)
    return Proposals(
        version(conn, site),
        assign(waiting, team, rules, now),
        [Load(w.id, w.held, w.load_s, w.pace) for w in team],
        rules,
    )


def _team(conn: Any, site: str, people: list[str], rules: AssignRules, now: int) -> list[Worker]:
    p = person_table.c
    found = sa.select(p.id, p.role).where(p.site == site, p.id.in_(people), p.active)
    roles = {r.id: Role(r.role) for r in conn.execute(found.order_by(p.id))}
    learned = {a.person: a for a in abilities.known(conn, site, people)}
    paces = _paces(conn, site, list(roles), rules, now)
    team = []
    for who, role in roles.items():
        may, has = abilities.kinds_of(role), learned.get(who)
        kinds = may & set(has.skills) if has and has.skills else may
        zones = frozenset(has.zones) if has else frozenset()
        team.append(Worker(who, frozenset(kinds), zones, paces.get(who, {})))
    return _loaded(conn, site, team, rules)


def _paces(
    conn: Any, site: str, people: list[str], rules: AssignRules, now: int
) -> dict[str, dict[str, float]]:
    """Actual by expected time of each person's finished tasks, by kind, where there are enough."""
    t = task_table.c
    found = (
        sa.select(
            t.assignee, t.kind, sa.func.sum(t.done_at - t.taken_at), sa.func.sum(t.expected_s)
        )
        .where(
            t.site == site,
            t.done_at >= now - rules.pace_days * DAY_MS,
            t.state == "done",
            t.assignee.in_(people),
            t.expected_s > 0,
            t.taken_at < t.done_at,
        )
        .group_by(t.assignee, t.kind)
        .having(sa.func.count() >= rules.pace_tasks)
    )
    paces: dict[str, dict[str, float]] = {}
    for who, kind, took_ms, expected_s in conn.execute(found):
        paces.setdefault(who, {})[kind] = round(float(took_ms) / 1000 / float(expected_s), 2)
    return paces


def _loaded(conn: Any, site: str, team: list[Worker], rules: AssignRules) -> list[Worker]:
    held: dict[str, list[TaskRow]] = {}
    for row in tasks.in_hand(conn, site, [w.id for w in team]):
        held.setdefault(row.assignee or "", []).append(row)
    return [_with(worker, held.get(worker.id, []), rules) for worker in team]


def _with(worker: Worker, held: list[TaskRow], rules: AssignRules) -> Worker:
    """What nobody may go on with counts as a task and takes no time."""
    seconds = 0
    for row in held:
        left = 1 - min(1, row.done / row.lines) if row.lines else 1
        if not row.stopped:
            seconds += round(left * worker.seconds(_as_waiting(row), rules))
    return replace(worker, load_s=seconds, held=len(held))


def _as_waiting(row: TaskRow) -> Waiting:
    return Waiting(row.id, row.kind, row.zone, row.priority, row.due_at, row.expected_s)


def _waiting(conn: Any, site: str, ids: list[str], people: list[str], now: int) -> list[Waiting]:
    t = task_table.c
    found = sa.select(task_table).where(
        t.site == site, t.id.in_(ids), t.state == "open", t.stopped == "", t.halted == ""
    )
    shown = {f for f in Waiting.__slots__ if f != "barred"}
    return [
        Waiting(
            **{f: r[f] for f in shown},
            barred=frozenset(who for who in people if _is_barred(conn, r, who, now)),
        )
        for r in conn.execute(found).mappings().all()
    ]


def _is_barred(conn: Any, row: Any, person: str, now: int) -> bool:
    """Whether the task's own domain keeps it from this person, as it does when they take it."""
    barred = tasks.BARRED.get(row["kind"])
    if barred is None:
        return False
    looks: Any = SimpleNamespace(conn=conn, now=now)
    ctx = OpContext(looks, row["site"], device="", n=0, at=now, person=person)
    return barred(ctx, tasks.Task(**{f: row[f] for f in tasks.Task.__slots__})) is not None
