"""Orders as a CSV file, for spreadsheets and other systems."""

import csv
import datetime as dt
from collections.abc import Iterator
from typing import Any, TextIO

import sqlalchemy as sa

from server.kernel.cells import harmless
from server.orders.tables import orders
from server.store.store import Store

PAGE = 1000
COLUMNS = (
    "number",
    "channel",
    "ref",
    "type",
    "state",
    "customer",
    "customer_name",
    "currency",
    "total",
    "lines",
    "pieces",
    "placed_at",
    "due_at",
)
_MOMENTS = {"placed_at", "due_at"}


def export_orders(store: Store, site: str, out: TextIO) -> int:
    """Write the site's orders by number; returns how many. `total` in minor units, moments as
    ISO 8601 in UTC."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for order in _orders(store, site):
        count += 1
        writer.writerow(harmless(_text(name, order[name])) for name in COLUMNS)
    return count


def _orders(store: Store, site: str) -> Iterator[sa.RowMapping]:
    """Page by page, so that no export holds up the writer for long."""
    found = (
        sa.select(*(orders.c[name] for name in COLUMNS))
        .where(orders.c.site == site, orders.c.number > sa.bindparam("after"))
        .order_by(orders.c.number)
        .limit(PAGE)
    )
    after = ""
    while page := _page(store, found, after):
        yield from page
        after = page[-1]["number"]


def _page(store: Store, found: sa.Select[Any], after: str) -> list[sa.RowMapping]:
    return store.run_sync(lambda tx: list(tx.conn.execute(found, {"after": after}).mappings()))


def _text(name: str, value: object) -> str:
    if name in _MOMENTS and isinstance(value, int):
        moment = dt.datetime.fromtimestamp(value / 1000, dt.UTC)
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return str(value)
