"""A whole floor on the wire: many handhelds, two nodes on one PostgreSQL, and a bad ten minutes.

Handhelds keep a socket to one node or the other, work as `tests/sync/engine/fleet.py` does, and
check every answer by the invariants' names. Meanwhile nodes are killed and started again, their
doorbells and database connections cut, and sockets torn.
"""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import sqlalchemy as sa

from server.auth.tables import person
from server.inventory.ops import ReceiveStock
from server.kernel.errors import Unavailable
from server.orders.ops import ImportOrder
from server.picking.waves import PlanWave
from server.store.store import Store
from server.store.submit import Outside, submit
from server.store.tx import Tx
from tests.faults.forked import Forked
from tests.faults.handheld import OnTheWire
from tests.floor_site import ITEMS, SITE, STOCK, Handheld, build, good, order_of, system
from tests.serving import cookie_for
from tests.sync.engine.twin import Twin

LEADERS = 4
ORDERS_AT_ONCE = 40
FAULT_EVERY_S = 12.0
SETTLING_S = 20
CUT_BELLS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = 'dockhand-doorbell' AND datname = current_database()"
)
CUT_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


@dataclass
class Floor:
    """`pickers`, `chiefs`: the handhelds' cores; `devices`: the same, on the wire."""

    store: Store
    nodes: list[Forked]
    chance: random.Random
    people: list[str] = field(default_factory=list)
    pickers: list[Twin] = field(default_factory=list)
    chiefs: list[Twin] = field(default_factory=list)
    devices: list[OnTheWire] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    orders: int = 0
    peak_mb: int = 0

    def open(self, devices: int, step_s: float) -> None:
        build(self.store)
        for bin_code, sku, _ in STOCK:
            goods = ReceiveStock(bin=bin_code, sku=sku, qty=90_000)
            system(self.store, "inventory.receive_stock.v1", goods)
        self.people = [f"picker{100 + i}" for i in range(devices)]
        self.store.run_sync(lambda tx: _hire(tx, self.people))
        self.pickers = [Twin(Handheld(self.store, p, f"dev-{p}")) for p in self.people]
        self.chiefs = [
            Twin(Handheld(self.store, "supervisor", f"chief-{i}")) for i in range(LEADERS)
        ]
        self.more_work()
        for twin in (*self.pickers, *self.chiefs):
            cookie = cookie_for(self.store, twin.id)
            people = self.people if twin in self.chiefs else ()
            seed = random.Random(self.chance.random())
            self.devices.append(OnTheWire(twin, cookie, self.nodes, seed, people, step_s))

    def more_work(self) -> None:
        first = self.orders + 1
        self.orders += ORDERS_AT_ONCE
        wanted = [
            order_of(f"R-{i}", **{sku: self.chance.randint(1, 4) for sku in ITEMS})
            for i in range(first, self.orders + 1)
        ]
        self.store.run_sync(lambda tx: _import(tx, wanted))
        system(self.store, "picking.plan_wave.v1", PlanWave(mode="single"))

    async def shift(
        self, seconds: float, fault_every_s: float = FAULT_EVERY_S, settling_s: float = SETTLING_S
    ) -> None:
        """Everybody at work for so long; then the faults end and all is handed over."""
        async with asyncio.TaskGroup() as group:
            around = [group.create_task(self._orders()), group.create_task(self._watch())]
            for device in self.devices:
                group.create_task(device.work())
            await self._faults(time.monotonic() + seconds, fault_every_s)
            for device in self.devices:
                device.over = True
            for task in around:
                task.cancel()
        self._start_dead_nodes()
        async with asyncio.timeout(settling_s), asyncio.TaskGroup() as group:
            for device in self.devices:
                group.create_task(device.hand_over())
        for node in self.nodes:
            node.kill()  # nobody is heard to leave any more
        for device in self.devices:  # what one handed over may have changed what others see
            while await device.twin.ask(self.store):
                pass

    async def _orders(self) -> None:
        """As many as the floor takes: when the queue is short, the next ones come."""
        while True:
            free = sum(1 for t in self.chiefs[0].of("task") if t["state"] == "open")
            if free < len(self.pickers) / 4:
                with contextlib.suppress(Unavailable, sa.exc.OperationalError):
                    await asyncio.to_thread(self.more_work)
            await asyncio.sleep(0.5)

    async def _watch(self) -> None:
        while True:
            for node in self.nodes:
                if node.process is not None and node.process.pid:
                    with contextlib.suppress(psutil.Error):
                        rss = psutil.Process(node.process.pid).memory_info().rss
                        self.peak_mb = max(self.peak_mb, rss >> 20)
            await asyncio.sleep(1)

    async def _faults(self, until: float, every_s: float) -> None:
        kinds = (self._kill, self._cut_bells, self._cut_all, self._tear)
        turn = 0
        while time.monotonic() + every_s < until or len(self.faults) < len(kinds):
            await asyncio.sleep(every_s)
            fault = kinds[turn % len(kinds)]
            turn += 1
            self.faults[fault.__name__.strip("_")] += 1
            await asyncio.to_thread(fault)
        await asyncio.sleep(max(0.0, until - time.monotonic()))

    def _kill(self) -> None:
        node = self.chance.choice(self.nodes)
        node.kill()
        time.sleep(self.chance.uniform(0, 1))
        node.start()

    def _cut_bells(self) -> None:
        self._sql(CUT_BELLS)

    def _cut_all(self) -> None:
        """Every connection of both nodes at once, as when the database restarts."""
        self._sql(CUT_ALL)

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self.store.url, autocommit=True) as conn:
            conn.execute(statement)

    def _tear(self) -> None:
        for device in self.chance.sample(self.devices, len(self.devices) // 3):
            device.tear()

    def _start_dead_nodes(self) -> None:
        for node in self.nodes:
            if node.is_dead:
                node.start()


def _import(tx: Tx, wanted: list[ImportOrder]) -> None:
    for asked in wanted:
        outside = Outside("test", asked.ref)
        good(submit(tx, SITE, "test", "orders.import_order.v1", asked, outside))


def _hire(tx: Tx, names: list[str]) -> None:
    for name in names:
        tx.conn.execute(
            sa.insert(person).values(
                id=name, site=SITE, name=name.title(), badge=f"B-{name}", role="picker", pin_hash=""
            )
        )


@contextlib.contextmanager
def floor(
    store: Store, folder: Path, devices: int, step_s: float, sabotage: str = ""
) -> Iterator[Floor]:
    nodes = []
    for name in "ab":
        (folder / name).mkdir()
        nodes.append(Forked(store.url, folder / name, sabotage))
    made = Floor(store, nodes, random.Random(1))
    made.open(devices, step_s)
    try:
        for node in nodes:
            node.start()
        yield made
    finally:
        for node in nodes:
            node.kill()
