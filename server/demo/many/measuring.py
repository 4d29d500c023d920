"""What each life counts for in the figures: counted from its log, as it is for any order, and told
again with it on other days."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec
import sqlalchemy as sa

from server.insights.measures.counting import Counted, Counting, Record
from server.insights.measures.following import read_log, settled, write
from server.insights.measures.rules import DAY_MS, Kept, Place
from server.insights.measures.tables import measured_order
from server.picking.tables import pick_line

_COLUMNS = tuple(measured_order.c.keys())


def shares(conn: sa.Connection, site: str, last: int) -> dict[str, Counted]:
    """By order what its part of the log up to the version `last` counts for. A task is its first
    order's."""
    of_task = dict(_tasks(conn, site))
    mine: dict[str, list[Record]] = defaultdict(list)
    for record in _log(conn, site, last):
        about = (getattr(record.event, name, "") for name in ("order", "about"))
        order = next(filter(None, about), "") or of_task.get(getattr(record.event, "task", ""), "")
        mine[order].append(record)
    return {o: Counting(settled(conn, told)).see_all(told) for o, told in mine.items()}


def _tasks(conn: sa.Connection, site: str) -> Iterator[tuple[str, str]]:
    p = pick_line.c
    for r in conn.execute(
        sa.select(p.task, p.order_id).where(p.site == site).order_by(p.no.desc())
    ):
        yield r.task, r.order_id


def _log(conn: sa.Connection, site: str, last: int) -> Iterator[Record]:
    since = 0
    while since < last:
        some, since = read_log(conn, site, since, last)
        yield from some


@dataclass
class Retold:
    """What a batch of lives told again counts for."""

    site: str
    counts: Counter[Place] = field(default_factory=Counter)
    rows: list[list[object]] = field(default_factory=list)

    def add(self, share: Counted, order_id: str, customer: str, days: int) -> None:
        """The life of a share, as another order that many days later."""
        counts = self.counts
        for (dimension, member, day, what), n in share.counts.items():
            counts[dimension, member, day + days, what] += n
        for kept in share.orders.values():
            self.rows.append(self._row(_later(kept, order_id, customer, days)))

    def _row(self, kept: Kept) -> list[object]:
        return [self.site if c == "site" else getattr(kept, c) for c in _COLUMNS]

    def write(self, conn: sa.Connection) -> None:
        """The counts; the rows are poured with all others."""
        write(conn, self.site, Counted(counts=self.counts, orders={}, in_hand={}))


def _later(kept: Kept, order_id: str, customer: str, days: int) -> Kept:
    moved = {f: getattr(kept, f) + days for f in ("day", "placed_day") if getattr(kept, f)}
    for moment in ("placed_at", "due_at", "ended_at"):
        if at := getattr(kept, moment):
            moved[moment] = at + days * DAY_MS
    return msgspec.structs.replace(kept, order_id=order_id, customer=customer, **moved)


def summed(of: Iterable[Counted]) -> Counter[Place]:
    """What all of them count for together."""
    total: Counter[Place] = Counter()
    for each in of:
        total.update(each.counts)
    return total
