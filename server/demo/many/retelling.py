"""Lives that were lived are told again of other people at other times, where living all would take
too long: the same rows and events under new ids, numbers, names and moments.

What is told again is history. It is found, counted and read like any order, but it is not on the
board, holds no stock, and no proof: a signature says who signed what, and cannot be told of others.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from server.demo.many.customers import Person, person
from server.orders.tables import order_line, orders
from server.packing.tables import parcel, shipment
from server.pod.tables import stop
from server.returns.tables import rma, rma_line
from server.store import tables as t

OVER = ("delivered", "refused", "cancelled", "part_delivered")
COUNTRIES_TURN = 30
"""People whose numbers differ by this live in the same town: only name, street and phone change."""
PLAIN = (orders, order_line, shipment, parcel, stop, rma, rma_line)
STORY = (t.op, t.event)
_MOMENTS = frozenset(
    {
        *(
            "placed_at",
            "due_at",
            "created_at",
            "changed_at",
            "packed_at",
            "arrived_at",
            "closed_at",
        ),
        *("eta", "closes_at", "at", "at_raw", "at_est", "recv_at", "received_at", "opened_at"),
    }
)
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{20}(?![0-9a-f])")
Rows = dict[str, list[list[Any]]]


@dataclass(frozen=True, slots=True)
class Life:
    """`id`: the order's. `text`: JSON of its rows by table; `ids`: what is renamed in it;
    `placed_at` in ms."""

    id: str
    text: str
    pattern: re.Pattern[str]
    ids: list[str]
    number: str
    ref: str
    parcels: list[str]
    rmas: list[str]
    who: Person
    placed_at: int

    def named(self, turn: int) -> str:
        """The order's id when it is told again."""
        return _renamed(self.id, turn)


@dataclass(frozen=True, slots=True)
class Names:
    """What one telling gives: the `turn`-th of all, placed `days` later than it was lived."""

    turn: int
    who: Person
    number: str
    ref: str
    parcel: int
    days: int


def finished(conn: sa.Connection, site: str, *, story: bool) -> list[Life]:
    """All lives of the site that are over, in the order of their ids."""
    found = sa.select(orders.c.id).where(orders.c.site == site, orders.c.state.in_(OVER))
    return [_life(conn, i, story) for i in conn.execute(found.order_by(orders.c.id)).scalars()]


def _life(conn: sa.Connection, order_id: str, story: bool) -> Life:
    rows = {table.name: _rows(conn, table, order_id) for table in PLAIN}
    order = dict(zip(orders.c.keys(), rows["orders"][0], strict=True))
    if story:
        rows |= {table.name: _rows(conn, table, order_id) for table in STORY}
    text = msgspec.json.encode(rows).decode()
    runs = {r[stop.c.keys().index("run")] for r in rows["stop"]}
    ids = sorted(set(_ID.findall(text)) - runs)
    who = person(int(order["customer"].removeprefix("K")))
    parcels = [r[0] for r in rows["parcel"]]
    numbers = [r[rma.c.keys().index("number")] for r in rows["rma"]]
    to = who.ship_to
    changing = [*ids, order["number"], order["ref"], *parcels, *numbers, who.id]
    changing += [who.name, to.street, to.phone]
    pattern = re.compile("|".join(map(re.escape, sorted(changing, key=len, reverse=True))))
    return Life(
        order_id,
        text,
        pattern,
        ids,
        order["number"],
        order["ref"],
        parcels,
        numbers,
        who,
        order["placed_at"],
    )


def _renamed(old: str, turn: int) -> str:
    return f"{turn:08x}{old[8:]}"


def _rows(conn: sa.Connection, table: sa.Table, order_id: str) -> list[list[Any]]:
    return [list(r) for r in conn.execute(_OF[table.name], {"of": order_id})]


def _of(table: sa.Table) -> sa.Select[Any]:
    me: sa.BindParameter[str] = sa.bindparam("of")
    found = sa.select(table)
    if table is orders:
        return found.where(orders.c.id == me)
    if table is t.event:
        return found.where(t.event.c.key == me).order_by(t.event.c.ver, t.event.c.seq)
    if table is t.op:
        said = sa.select(t.event.c.device, t.event.c.n).where(t.event.c.key == me).distinct()
        told = sa.tuple_(t.op.c.device, t.op.c.n).in_(said)
        return found.where(told).order_by(t.op.c.ver, t.op.c.seq)
    if table is rma_line:
        mine = sa.select(rma.c.id).where(rma.c.order_id == me)
        return found.where(rma_line.c.rma.in_(mine)).order_by(rma_line.c.rma, rma_line.c.no)
    return found.where(table.c.order_id == me).order_by(*table.primary_key.columns)


_OF = {table.name: _of(table) for table in (*PLAIN, *STORY)}


def tell(life: Life, names: Names, later_ms: int) -> Rows:
    """Rows by table, as in the tables' columns; versions and counts of devices are yet to come."""
    to, was = names.who.ship_to, life.who.ship_to
    given = {old: _renamed(old, names.turn) for old in life.ids}
    given |= {life.number: names.number, life.ref: names.ref, life.who.id: names.who.id}
    given |= {life.who.name: names.who.name, was.street: to.street, was.phone: to.phone}
    given |= {old: f"P-{names.parcel + at:08}" for at, old in enumerate(life.parcels)}
    given |= {old: f"{old}/{names.turn}" for old in life.rmas}
    text = life.pattern.sub(lambda found: given[found[0]], life.text)
    rows: Rows = msgspec.json.decode(text, type=Rows)
    for name, at in _LATER.items():
        for row in rows.get(name, ()):
            for i in at:
                if row[i]:
                    row[i] += later_ms
    return rows


_LATER = {
    table.name: [i for i, c in enumerate(table.c.keys()) if c in _MOMENTS]
    for table in (*PLAIN, *STORY)
}


def pour(conn: sa.Connection, table: sa.Table, rows: Iterable[list[Any]]) -> None:
    """As fast as the database takes rows: COPY on PostgreSQL, one prepared statement on SQLite."""
    columns = ", ".join(f'"{c}"' for c in tuple(table.c.keys()))
    cursor: Any = conn.connection.cursor()
    try:
        if conn.dialect.name == "sqlite":
            marks = ", ".join("?" * len(table.c))
            cursor.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", rows)  # noqa: S608  names of our own tables
            return
        with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    finally:
        cursor.close()


def others(life: Life, turn: int, people: int) -> Person:
    """Somebody else of the same town; `people`: how many customers the site has in all."""
    home = int(life.who.id.removeprefix("K")) % COUNTRIES_TURN
    houses = max(1, people // COUNTRIES_TURN)
    return person(home + COUNTRIES_TURN * (turn * 7_919 % houses))


def moments(first: int, last: int, count: int) -> Iterator[int]:
    """`count` moments from `first` to `last` (ms), evenly."""
    return (first + (last - first) * k // max(1, count) for k in range(count))
