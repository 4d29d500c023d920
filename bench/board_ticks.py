"""A site whose orders change all the time: `python -m bench.board_ticks FOLDER PORT SECONDS`.

Serves, and from a line on its standard input on changes one open order in each of `PER_SECOND`
commits a second; then says how many.
"""

import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
import uvicorn

from bench.site import SITE
from server import web
from server.app import create_app
from server.orders.tables import orders
from server.settings import Settings
from server.store.store import Store
from server.store.tx import Tx
from server.web.listening import configure

PER_SECOND = 50
STATES = ("confirmed", "released", "picking", "picked", "packing", "packed")
"""Each change moves an order on, from the last to the first: all of them stay open."""


def main() -> None:
    folder, port, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    url = f"sqlite:///{folder / 'site.db'}"
    store = Store(url, folder / "blobs")
    settings = Settings(url=url, blobs=folder / "blobs", origins=web.local_origins(port))
    threading.Thread(target=_change, args=(store, seconds), daemon=True).start()
    uvicorn.Server(configure(create_app(settings, store), "127.0.0.1", port)).run()


def _change(store: Store, seconds: float) -> None:
    sys.stdin.readline()
    ids = store.run_sync(
        lambda tx: list(tx.conn.execute(sa.select(orders.c.id).order_by(orders.c.id)).scalars())
    )
    start, n = time.monotonic(), 0
    while n < seconds * PER_SECOND:
        time.sleep(max(0.0, start + n / PER_SECOND - time.monotonic()))
        store.run_sync(lambda tx, n=n: _move(tx, ids, n))  # type: ignore[misc]
        n += 1
    print(n, time.monotonic() - start, flush=True)


def _move(tx: Tx, ids: Sequence[str], n: int) -> None:
    """Far apart in the list, and each as often as the others."""
    order = ids[n * 1_009 % len(ids)]
    found = sa.select(orders.c.state).where(orders.c.id == order)
    before = str(tx.conn.execute(found).scalar_one())
    after = STATES[(STATES.index(before) + 1) % len(STATES)]
    change = sa.update(orders).where(orders.c.id == order)
    tx.conn.execute(change.values(state=after, priority=n % 100))
    tx.touch(SITE, "order", order)


if __name__ == "__main__":
    main()
