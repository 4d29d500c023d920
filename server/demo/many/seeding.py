"""`dockhand seed`: as many orders as somebody wants to try, over two years, the same by seed."""

import datetime as dt
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from server.board.finding import PUT_PART, KnownTerms
from server.board.rules import fold
from server.board.tables import find_term
from server.demo.many.lives import A_DAY, DAY_MS, Clock, Lives
from server.demo.many.measuring import Retold, Shares, shares
from server.demo.many.retelling import (
    PLAIN,
    STORY,
    Life,
    Names,
    Rows,
    finished,
    moments,
    others,
    pour,
    tell,
)
from server.demo.many.shapes import shapes_in
from server.imports.groups import groups
from server.insights.measures.following import catch_up, pass_over, read_to
from server.insights.measures.tables import measured_order
from server.orders.tables import customer, orders
from server.store import tables as t
from server.store.store import Store
from server.store.tx import Tx

YEARS_MS = 2 * 365 * DAY_MS
LIVED = 2_000
BATCH = 1_000
ORDERS_OF_ONE = 4
"""So often a customer orders in the two years."""
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """`lived`: so many by operations, the rest told again; `story`: those with their events.
    `end`: the last day, ms; `shapes`: the folder of real orders, if there is one."""

    orders: int
    seed: int = 1
    lived: int = LIVED
    story: bool = True
    end: int = 0
    shapes: Path | None = None
    site: str = "main"


def seed(url: str, blobs: Path, wish: Wish, report: Report = print) -> None:
    """Into an empty store at `url`."""
    lived = min(wish.orders, wish.lived)
    days = -(-lived // A_DAY)
    clock = Clock(wish.end - days * DAY_MS)
    store = Store(url, blobs, clock)
    try:
        _check_empty(store)
        begun = time.monotonic()
        _live(store, clock, wish, lived)
        report(f"{lived} orders lived in {time.monotonic() - begun:.0f} s")
        catch_up(store)
        if left := wish.orders - lived:
            begun = time.monotonic()
            Retelling(store, wish, left).run(report)
            report(f"{left} told again in {time.monotonic() - begun:.0f} s")
    finally:
        store.close()


class NotEmpty(Exception):
    """Somebody works there already: invented orders would mix with theirs."""


def day_of(text: str) -> int:
    """The beginning of `2026-01-31` in ms. Raises ValueError."""
    day = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
    return int(day.timestamp()) // 86_400 * DAY_MS


def _check_empty(store: Store) -> None:
    if store.run_sync(lambda tx: tx.conn.execute(sa.select(t.op.c.n).limit(1)).first()):
        raise NotEmpty("The store is not empty. Seed a new one: --db names it.")


def people_of(count: int) -> int:
    return max(30, count // ORDERS_OF_ONE)


def _live(store: Store, clock: Clock, wish: Wish, count: int) -> None:
    people = people_of(wish.orders)
    shapes = shapes_in(wish.shapes)
    lives = Lives(store, clock, shapes, site=wish.site, seed=wish.seed, people=people)
    while lives.made < count:
        day = clock.now
        lives.day(min(A_DAY, count - lives.made))
        clock.now = day - day % DAY_MS + DAY_MS


def _shares(tx: Tx, site: str) -> Shares:
    made = Shares(site)
    made.put_all(shares(tx.conn, site, read_to(tx.conn, site)))
    return made


class Log:
    """Numbers for what is told again: each operation is its device's next, each life a version."""

    def __init__(self, tx: Tx, site: str, lives: int) -> None:
        clock, device = t.site_clock.c, t.device.c
        bump = sa.update(t.site_clock).where(clock.site == site).values(ver=clock.ver + lives)
        self._ver = int(tx.conn.execute(bump.returning(clock.ver)).scalar_one()) - lives
        ends = sa.select(device.id, device.last_n).where(device.site == site)
        self._last = {r.id: int(r.last_n) for r in tx.conn.execute(ends)}

    def number(self, rows: Rows) -> None:
        self._ver += 1
        given: dict[tuple[str, int], int] = {}
        for seq, row in enumerate(rows.get("op", ())):
            device = row[_OP["device"]]
            self._last[device] += 1
            n = given[device, row[_OP["n"]]] = self._last[device]
            row[_OP["n"]], row[_OP["id"]] = n, f"{device}-{n}"
            row[_OP["ver"]], row[_OP["seq"]] = self._ver, seq
        for seq, row in enumerate(rows.get("event", ())):
            row[_EVENT["n"]] = given[row[_EVENT["device"]], row[_EVENT["n"]]]
            row[_EVENT["ver"]], row[_EVENT["seq"]] = self._ver, seq

    def close(self, tx: Tx) -> None:
        for device, n in self._last.items():
            tx.conn.execute(sa.update(t.device).where(t.device.c.id == device).values(last_n=n))


_OP = {name: at for at, name in enumerate(t.op.c.keys())}
_EVENT = {name: at for at, name in enumerate(t.event.c.keys())}
_TERM = tuple(find_term.c.keys())


@dataclass
class Retelling:
    """Orders `count` over the two years before those that were lived."""

    store: Store
    wish: Wish
    count: int
    turn: int = 0
    _known: set[str] = field(default_factory=set)
    _shares: Shares = field(default_factory=lambda: Shares(""))

    def run(self, report: Report) -> None:
        site, story = self.wish.site, self.wish.story
        lives = self.store.run_sync(lambda tx: finished(tx.conn, site, story=story))
        self._shares = self.store.run_sync(lambda tx: _shares(tx, site))
        if self.store.is_sqlite:
            self.store.run_sync(lambda tx: tx.conn.exec_driver_sql("PRAGMA cache_size=-400000"))
        first = self.wish.end - YEARS_MS
        placed = moments(first, min(life.placed_at for life in lives) - DAY_MS, self.count)
        for some in groups(placed, BATCH):
            self.store.run_sync(lambda tx, some=some: self._batch(tx, lives, some))  # type: ignore[misc]
            if self.turn % (100 * BATCH) == 0:
                report(f"  {self.turn} …")

    def _batch(self, tx: Tx, lives: list[Life], placed: list[int]) -> None:
        site = self.wish.site
        numbers = self._numbers(tx, placed)
        parcel = tx.next_number(site, "parcel", 4 * len(placed)) - 4 * len(placed)
        told: Rows = defaultdict(list)
        people: dict[str, list[Any]] = {}
        terms = KnownTerms(site)
        log, retold = Log(tx, site, len(placed)), Retold(self._shares)
        for at, (when, number) in enumerate(zip(placed, numbers, strict=True)):
            life = lives[self.turn * 7_919 % len(lives)]
            who = others(life, self.turn, people_of(self.wish.orders))
            later = (when - life.placed_at) // DAY_MS
            ref = f"T{self.turn:08}"
            names = Names(self.turn, who, number, ref, parcel + 4 * at + 1, later)
            rows = tell(life, names, later * DAY_MS)
            log.number(rows)
            for name, more in rows.items():
                told[name] += more
            retold.add(life.id, life.named(self.turn), who.id, later)
            people[who.id] = [who.id, who.name, who.ship_to.country, who.ship_to.phone, "", False]
            self.turn += 1
        log.close(tx)
        self._index(terms, told)
        self._pour(tx, told, people, terms)
        pour(tx.conn, measured_order, retold.rows)
        retold.write(tx.conn)
        pass_over(tx.conn, site)

    def _numbers(self, tx: Tx, placed: list[int]) -> list[str]:
        """As the intake gives them: by year and channel."""
        years = [dt.datetime.fromtimestamp(at / 1000, dt.UTC).year for at in placed]
        counters = {
            year: tx.next_number(self.wish.site, f"order:{year}:EC", by) - by
            for year, by in Counter(years).items()
        }
        found = []
        for year in years:
            counters[year] += 1
            found.append(f"{year}-EC-{counters[year]:06}")
        return found

    def _index(self, terms: KnownTerms, told: Rows) -> None:
        """What `board.finding` writes for the same orders, line by line."""
        keys = orders.c.keys()
        lines: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in told["order_line"]:
            lines[row[0]].append((row[2], row[3]))
        placed: dict[str, int] = {}
        for row in told["orders"]:
            order = dict(zip(keys, row, strict=True)) | {"customer_phone": ""}
            placed[order["id"]] = order["placed_at"]
            terms.add(order, lines[order["id"]])
        for row in told["parcel"]:
            said = {"site": terms.site, "kind": "parcel", "term": fold(row[0])}
            terms.terms.append(said | {"at": placed[row[3]], "order_id": row[3]})

    def _pour(self, tx: Tx, told: Rows, people: dict[str, list[Any]], terms: KnownTerms) -> None:
        new = [p for i, p in people.items() if i not in self._known]
        known = sa.select(customer.c.id).where(customer.c.id.in_([p[0] for p in new]))
        before = set(tx.conn.execute(known).scalars())
        self._known |= set(people)
        pour(tx.conn, customer, [p for p in new if p[0] not in before])
        for table in (*PLAIN, *(STORY if self.wish.story else ())):
            pour(tx.conn, table, told[table.name])
        index = [[row[c] for c in _TERM] for row in terms.terms]
        pour(tx.conn, find_term, sorted(index))
        PUT_PART.run_many(tx.conn, terms.parts)
