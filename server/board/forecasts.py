"""What the board says of the time to come: the pace of each kind of work, when each order and each
wave will be finished. Reckoned anew every few seconds beside the store; only what is news is
written.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from server.board.pace import (
    DAY_MS,
    HOUR_MS,
    UNKNOWN,
    BoardRules,
    Finish,
    Pace,
    Waiting,
    Work,
    all_done,
    finishes,
    latest,
    pace,
    working_hours,
    worth_telling,
)
from server.floor.tables import task
from server.kernel.feeds import Row, board_scope, row
from server.orders.tables import orders
from server.packing.tables import pack_line
from server.picking.tables import pick_line, wave
from server.store import tables as t
from server.store.tx import Tx

MOST_TASKS = 5_000
"""Finished tasks that are looked at, the newest."""
_BEFORE_THE_DOCK = ("confirmed", "released", "picking", "picked", "packing")


@row("pace")
class PaceRow(Row):
    """Key: kind of task; a run has its own plan and is none. `per_min`: lines a minute of the whole
    site, None where too little is known; learned from `lines` in `minutes` of work. `left`: lines
    still to be done, `at`: when they will be."""

    kind: str
    per_min: float | None
    lines: int
    minutes: int
    left: int
    at: int | None


@row("forecast")
class ForecastRow(Row):
    """Key: order, while it is before the dock and enough is known. `at`: when it is packed."""

    at: int


@row("progress")
class ProgressRow(Row):
    """Key: a released wave. `done` of its `lines` are picked; `at`: when the last will be, None
    when all are or too little is known."""

    number: int
    lines: int
    done: int
    at: int | None


Shown = dict[tuple[str, str], Row]
News = dict[tuple[str, str], Row | None]
"""By kind and key what to write; None: the board is to say nothing of it any more."""
_ROWS: dict[str, type[Row]] = {"pace": PaceRow, "forecast": ForecastRow, "progress": ProgressRow}


class _Left(msgspec.Struct):
    """An order before the dock. `waves`: its open lines by wave; `due`: of its promise."""

    waiting: Waiting
    waves: dict[str, int]


def rows_now(conn: Any, site: str, rules: BoardRules, now: int) -> tuple[Shown, dict[str, int]]:
    """By kind and key what the board shows of the future; and when each order is due."""
    hours = working_hours(_hours(conn, site, rules, now), now)
    paces = {kind: pace(done, rules) for kind, done in _done(conn, site, rules, now).items()}
    left = _left(conn, site)
    pick, pack = paces.get("pick", UNKNOWN), paces.get("pack", UNKNOWN)
    found = finishes((one.waiting for one in left), now, pick, pack, hours)
    lines = _open_lines(conn, site) | {  # of an order both are known before there is a task
        "pick": sum(one.waiting.pick for one in left),
        "pack": sum(one.waiting.pack for one in left),
    }
    shown: Shown = {}
    for kind in sorted(paces.keys() | {k for k, n in lines.items() if n}):
        known = paces.get(kind, UNKNOWN)
        ends = all_done(lines.get(kind, 0), known, now, hours)
        shown["pace", kind] = _pace_row(kind, known, lines.get(kind, 0), ends)
    for order, finish in found.items():
        if finish.at is not None:
            shown["forecast", order] = ForecastRow(at=finish.at)
    shown |= _progress(conn, site, left, found)
    return shown, {one.waiting.order: one.waiting.due_at for one in left}


def _pace_row(kind: str, known: Pace, left: int, ends: int | None) -> PaceRow:
    return PaceRow(
        kind=kind,
        per_min=None if known.per_min is None else round(known.per_min, 1),
        lines=known.lines,
        minutes=round(known.minutes),
        left=left,
        at=ends if left else None,
    )


def _done(conn: Any, site: str, rules: BoardRules, now: int) -> dict[str, list[Work]]:
    c = task.c
    found = (
        sa.select(c.kind, c.taken_at, c.done_at, c.lines)
        .where(c.site == site, c.done_at > now - rules.history_days * DAY_MS)
        .where(c.state == "done", c.taken_at.is_not(None), c.kind != "drive")
        .order_by(c.done_at.desc())
        .limit(MOST_TASKS)
    )
    made: dict[str, list[Work]] = {}
    for r in conn.execute(found):
        made.setdefault(r.kind, []).append(Work(min(r.taken_at, r.done_at), r.done_at, r.lines))
    return made


def _hours(conn: Any, site: str, rules: BoardRules, now: int) -> list[int]:
    """From each hour with work in it to the next in the index: as many steps as there are."""
    done, later = task.c, task.alias("later").c
    since = now - rules.history_weeks * 7 * DAY_MS
    first = sa.select(sa.func.min(done.done_at).label("at"))
    hour = first.where(done.site == site, done.done_at > since).cte("hour", recursive=True)
    ends = hour.c.at - hour.c.at % HOUR_MS + HOUR_MS
    after = sa.select(sa.func.min(later.done_at)).where(later.site == site, later.done_at >= ends)
    on = sa.select(after.scalar_subquery()).where(hour.c.at.is_not(None))
    found = sa.select(hour.union_all(on).c.at)
    return [int(at) // HOUR_MS for at in conn.execute(found).scalars() if at is not None]


def _left(conn: Any, site: str) -> list[_Left]:
    """Nothing is planned for a confirmed order yet: all its lines are to be picked and packed."""
    found = sa.select(*(orders.c[f] for f in ("id", "state", "priority", "due_at", "lines")))
    before = found.where(orders.c.site == site, orders.c.state.in_(_BEFORE_THE_DOCK))
    picks, packed = _picks(conn, site), _packed(conn, site)
    made = []
    for r in conn.execute(before):
        waves = picks.get(r.id, {})
        waiting = Waiting(
            order=r.id,
            in_hand=r.state in ("picking", "packing"),
            priority=r.priority,
            due_at=r.due_at,
            pick=r.lines if r.state == "confirmed" else sum(waves.values()),
            pack=max(0, r.lines - packed.get(r.id, 0)),
        )
        made.append(_Left(waiting, waves))
    return made


def _before_the_dock(site: str, *states: str) -> sa.Select[Any]:
    return sa.select(orders.c.id).where(orders.c.site == site, orders.c.state.in_(states))


def _picks(conn: Any, site: str) -> dict[str, dict[str, int]]:
    c = pick_line.c
    found = (
        sa.select(c.order_id, c.wave, sa.func.count().label("n"))
        .where(c.order_id.in_(_before_the_dock(site, "released", "picking")), c.state == "open")
        .group_by(c.order_id, c.wave)
    )
    made: dict[str, dict[str, int]] = {}
    for r in conn.execute(found):
        made.setdefault(r.order_id, {})[r.wave] = int(r.n)
    return made


def _packed(conn: Any, site: str) -> dict[str, int]:
    c = pack_line.c
    mine = sa.select(task.c.id).where(
        task.c.site == site, task.c.state == "held", task.c.kind == "pack"
    )
    found = (
        sa.select(c.order_id, sa.func.count())
        .where(c.task.in_(mine), c.packed >= c.qty)
        .group_by(c.order_id)
    )
    return {order: int(n) for order, n in conn.execute(found)}


def _open_lines(conn: Any, site: str) -> dict[str, int]:
    c = task.c
    found = (
        sa.select(c.kind, sa.func.sum(c.lines))
        .where(c.site == site, c.state.in_(("waiting", "open", "held")), c.kind != "drive")
        .group_by(c.kind)
    )
    return {kind: int(n) for kind, n in conn.execute(found)}


def _progress(
    conn: Any, site: str, left: Iterable[_Left], found: Mapping[str, Finish]
) -> dict[tuple[str, str], Row]:
    lines: dict[str, int] = {}
    ends: dict[str, list[int | None]] = {}
    for one in left:
        for name, n in one.waves.items():
            lines[name] = lines.get(name, 0) + n
            ends.setdefault(name, []).append(found[one.waiting.order].picked_at)
    released = sa.select(wave.c.id, wave.c.number, wave.c.lines).where(
        wave.c.id.in_(_on_board(site))
    )
    return {
        ("progress", r.id): ProgressRow(
            number=r.number,
            lines=r.lines,
            done=max(0, r.lines - lines.get(r.id, 0)),
            at=latest(ends.get(r.id, [])),
        )
        for r in conn.execute(released.where(wave.c.state == "released"))
    }


def _on_board(site: str) -> sa.Select[Any]:
    f = t.feed.c
    return sa.select(f.key).where(
        f.site == site, f.scope == board_scope(site), f.kind == "wave", f.body.is_not(None)
    )


def rows_shown(conn: Any, site: str) -> Shown:
    """What the board says of it now."""
    f = t.feed.c
    found = sa.select(f.kind, f.key, f.body).where(
        f.site == site, f.scope == board_scope(site), f.kind.in_(_ROWS), f.body.is_not(None)
    )
    return {
        (r.kind, r.key): msgspec.json.decode(r.body, type=_ROWS[r.kind])
        for r in conn.execute(found)
    }


def news(shown: Shown, found: Shown, due: Mapping[str, int], now: int) -> News:
    """What to write so that the board says what was found."""
    gone: News = {key: None for key in shown if key not in found}
    return gone | {
        key: body
        for key, body in found.items()
        if _is_news(shown.get(key), body, due.get(key[1], 0), now)
    }


def _is_news(before: Row | None, body: Row, due_at: int, now: int) -> bool:
    """The moment by its own measure, all else if it is another."""
    if before is None:
        return True
    if worth_telling(getattr(before, "at", None), getattr(body, "at", None), due_at, now):
        return True
    return _without_moment(before) != _without_moment(body)


def _without_moment(body: Row) -> dict[str, Any]:
    return {f: getattr(body, f) for f in body.__struct_fields__ if f != "at"}


def write(tx: Tx, site: str, wanted: News) -> None:
    for (kind, key), body in wanted.items():
        if body is None:
            tx.drop(site, board_scope(site), kind, key)
        else:
            tx.put(site, board_scope(site), kind, key, body)
