"""Orders keep arriving while the demo runs, and goods for them."""

import asyncio
from random import Random

import sqlalchemy as sa
import structlog

from server.demo.orders import demo_order
from server.demo.seed import SeedFailed, must, next_ref, submit_order
from server.inventory.ops import ReceiveStock
from server.inventory.tables import stock
from server.orders.tables import orders
from server.orders.validation import OrderLine
from server.store.dispatch import HandlerFailed
from server.store.store import Store
from server.store.tx import Tx

WAITING_AT_MOST = 200
"""A demo left alone over a weekend need not fill the disk."""
LOW, DELIVERY = 20, 60

_log = structlog.get_logger()


async def trickle(store: Store, site: str, per_minute: float, chance: Random) -> None:
    """Until cancelled. `per_minute` on average, at uneven intervals as in life; 0: none."""
    while per_minute > 0:
        await asyncio.sleep(min(600.0, chance.expovariate(per_minute / 60)))
        try:
            await store.run(lambda tx: one_more(tx, site, chance))
        except (SeedFailed, HandlerFailed) as error:
            _log.warning("demo.order_failed", error=str(error))


def one_more(tx: Tx, site: str, chance: Random) -> bool:
    """One order placed now, its goods on stock; False when enough orders wait already."""
    waiting = sa.select(sa.func.count()).where(orders.c.site == site, orders.c.state == "confirmed")
    if int(tx.conn.execute(waiting).scalar_one()) >= WAITING_AT_MOST:
        return False
    order = demo_order(chance, next_ref(tx, site), tx.now)
    for line in order.lines:
        _replenish(tx, site, line)
    submit_order(tx, site, order)
    return True


def _replenish(tx: Tx, site: str, line: OrderLine) -> None:
    """A delivery arrives where the article lies and runs low."""
    lies = sa.select(stock.c.bin, stock.c.qty, stock.c.allocated).where(
        stock.c.site == site, stock.c.sku == line.sku, stock.c.bin.like("A__-__-_")
    )
    places = list(tx.conn.execute(lies.order_by(stock.c.bin)))
    free = sum(p.qty - p.allocated for p in places)
    if places and free < LOW + line.qty:
        op = ReceiveStock(bin=places[0].bin, sku=line.sku, qty=DELIVERY)
        must(tx, site, "inventory.receive_stock.v1", op)
