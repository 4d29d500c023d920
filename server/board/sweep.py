"""The board's own house-keeping: what is over leaves it, what is to come is reckoned anew.

Not operations: rows only, which any node makes again from the tables.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from server.board import forecasts, leaving
from server.board.pace import BoardRules
from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.store.store import Store
from server.store.tables import site_clock
from server.store.tx import Tx

T = TypeVar("T")
SETTING = "board"
shaped(SETTING, BoardRules)


def board_rules(conn: Any, site: str) -> BoardRules:
    """A setting that nobody can read counts as none."""
    try:
        return msgspec.convert(get_setting(conn, site, SETTING, {}), BoardRules)
    except msgspec.ValidationError:
        return BoardRules()


async def sweep(store: Store) -> None:
    """Reads beside the writer and takes it only where there is something to write."""
    for site in await store.read(_sites):
        await _forecast(store, site)
        await _let_go(store, site)


def _sites(conn: sa.Connection) -> list[str]:
    return list(conn.execute(sa.select(site_clock.c.site).order_by(site_clock.c.site)).scalars())


async def _forecast(store: Store, site: str) -> None:
    now = store.clock()

    def reckon(conn: sa.Connection) -> forecasts.News:
        found, due = forecasts.rows_now(conn, site, board_rules(conn, site), now)
        return forecasts.news(forecasts.rows_shown(conn, site), found, due, now)

    wanted = await store.read(reckon)
    for some in batched(wanted.items(), leaving.AT_ONCE):
        await store.run(lambda tx, some=some: forecasts.write(tx, site, dict(some)))  # type: ignore[misc]


def batched(rows: Iterable[T], most: int) -> Iterator[tuple[T, ...]]:
    """In commits of a bounded size: nobody on the floor waits for all of them."""
    left = iter(rows)
    while some := tuple(islice(left, most)):
        yield some


async def _let_go(store: Store, site: str) -> None:
    """In commits of a bounded size, one after the other while there is more."""
    now = store.clock()
    while await store.read(
        lambda conn: leaving.leaving(conn, site, board_rules(conn, site), now, 1)
    ):
        if not await store.run(lambda tx: _drop(tx, site)):
            break
    up_to = await store.read(lambda conn: leaving.too_many(conn, site))
    if up_to is not None:
        await store.run(lambda tx: leaving.bury(tx, site, up_to))


def _drop(tx: Tx, site: str) -> int:
    return leaving.let_go(tx, site, board_rules(tx.conn, site))
