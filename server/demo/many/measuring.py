"""What each life counts for in the figures: counted from its log, as it is for any order, and told
again with it on other days."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from server.insights.measures.counting import Counted, Counting, Record
from server.insights.measures.following import read_log, settled, write
from server.insights.measures.rules import DAY_MS, Kept, Place, counts_of
from server.insights.measures.tables import measured_order
from server.picking.tables import pick_line

_COLUMNS = tuple(measured_order.c.keys())
_ID, _CUSTOMER = _COLUMNS.index("order_id"), _COLUMNS.index("customer")
_LATER = [(_COLUMNS.index(c), 1) for c in ("day", "placed_day")] + [
    (_COLUMNS.index(c), DAY_MS) for c in ("placed_at", "due_at", "ended_at")
]


def shares(conn: sa.Connection, site: str, last: int) -> dict[str, Counted]:
    """By order what its part of the log up to the version `last` counts for. A task is its first
    order's."""
    of_task = dict(_tasks(conn, site))
    mine: dict[str, list[Record]] = defaultdict(list)
    everything = list(_log(conn, site, last))
    for record in everything:
        about = (getattr(record.event, name, "") for name in ("order", "about"))
        order = next(filter(None, about), "") or of_task.get(getattr(record.event, "task", ""), "")
        mine[order].append(record)
    whole = Counting(settled(conn, everything)).see_all(everything).orders
    each = {o: Counting(settled(conn, told)).see_all(told) for o, told in mine.items()}
    return {o: _with_its_work(o, share, whole.get(o)) for o, share in each.items()}


def _with_its_work(order_id: str, share: Counted, whole: Kept | None) -> Counted:
    """Of a task for several orders, each has the time that was its own."""
    mine = share.orders.get(order_id)
    if mine is None or whole is None:
        return share
    counts = Counter(share.counts)
    counts.subtract(_counts(mine))
    mine = msgspec.structs.replace(mine, work_ms=whole.work_ms)
    counts.update(_counts(mine))
    orders = {**share.orders, order_id: mine}
    told = {place: n for place, n in counts.items() if n}
    return msgspec.structs.replace(share, counts=told, orders=orders)


def _counts(kept: Kept) -> Counter[Place]:
    counts: Counter[Place] = Counter()
    for place, n in counts_of(kept):
        counts[place] += n
    return counts


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
class Shares:
    """The same, made ready to be told again a million times: what is counted is a number, and a
    row of an order only lacks what differs."""

    site: str
    places: list[tuple[str, str, str]] = field(default_factory=list)
    of: dict[str, tuple[list[tuple[int, list[tuple[int, int]]]], list[Any]]] = field(
        default_factory=dict
    )

    def put_all(self, each: dict[str, Counted]) -> None:
        numbers: dict[tuple[str, str, str], int] = {}
        for order_id, share in each.items():
            if order_id not in share.orders:
                continue
            by_day: dict[int, list[tuple[int, int]]] = defaultdict(list)
            for (dimension, member, day, what), n in share.counts.items():
                at = numbers.setdefault((dimension, member, what), len(numbers))
                by_day[day].append((at, n))
            self.of[order_id] = (list(by_day.items()), self._row(share.orders[order_id]))
        self.places = list(numbers)

    def _row(self, kept: Kept) -> list[Any]:
        return [self.site if c == "site" else getattr(kept, c) for c in _COLUMNS]


@dataclass
class Retold:
    """What a batch of lives told again counts for."""

    shares: Shares
    counts: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    rows: list[list[Any]] = field(default_factory=list)

    def add(self, life: str, order_id: str, customer: str, days: int) -> None:
        """A life as another order that many days later."""
        found = self.shares.of.get(life)
        if found is None:
            return
        for day, counted in found[0]:
            there = self.counts[day + days]
            for place, n in counted:
                there[place] = there.get(place, 0) + n
        row = found[1].copy()
        row[_ID], row[_CUSTOMER] = order_id, customer
        for at, unit in _LATER:
            if row[at]:
                row[at] += days * unit
        self.rows.append(row)

    def write(self, conn: sa.Connection) -> None:
        """The counts; the rows are poured with all others."""
        places = self.shares.places
        counts: dict[Place, int] = {}
        for day, there in self.counts.items():
            for at, n in there.items():
                dimension, member, what = places[at]
                counts[dimension, member, day, what] = n
        write(conn, self.shares.site, Counted(counts=counts, orders={}, in_hand={}))


def summed(of: Iterable[Counted]) -> Counter[Place]:
    """What all of them count for together."""
    total: Counter[Place] = Counter()
    for each in of:
        total.update(each.counts)
    return total
