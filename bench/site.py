"""A busy warehouse: pickers with handhelds, each holding tasks of orders that came in and were
planned by the same operations as on a real site."""

import random
from dataclasses import dataclass, field
from typing import Literal

import msgspec
import sqlalchemy as sa

from server.auth.sessions import COOKIE, open_session
from server.auth.tables import grant, person
from server.catalog.ops import PutItem, PutSetting
from server.catalog.tables import item_code
from server.floor.ops import TakeTask
from server.floor.tables import task
from server.imports.gtin import gtin14, own_ean13
from server.inventory.ops import PutBin, ReceiveStock
from server.kernel.ops import Envelope, Op, Outcome
from server.kernel.values import Role
from server.kernel.wire import Frame
from server.orders.ops import ImportOrder
from server.orders.validation import OrderLine, ShipTo
from server.picking.geometry import Crossing, Layout
from server.picking.ops import ConfirmPick
from server.picking.planner import plan_waiting
from server.picking.tables import pick_line
from server.picking.waves import PlanWave
from server.store import tables as t
from server.store.store import Store
from server.store.submit import submit
from server.store.tx import Tx
from server.sync.exchange import push

SITE = "main"
AISLES = 10
SHELVES = 40
"""Bins an aisle, each with an item of its own."""
ENOUGH = 1_000_000
PLACED_AT = 1_700_000_000_000


Walk = list[tuple[str, str]]
"""Bin and code of each line of a task, in walking order."""


@dataclass
class Device:
    """A handheld with its person signed in; `ops` are confirmed picks nobody has pushed yet."""

    id: str
    person: str
    role: Role
    cookie: str
    n: int = 0
    ops: list[Envelope] = field(default_factory=list)

    @property
    def sid(self) -> str:
        return f"sid-{self.id}"

    def envelope(self, name: str, op: Op, at: int) -> Envelope:
        self.n += 1
        base, _, version = name.rpartition(".v")
        body = msgspec.to_builtins(op)
        made = f"{self.id}-{self.n}"
        return Envelope(n=self.n, id=made, k=base, v=int(version), sid=self.sid, at=at, body=body)


def build(
    store: Store,
    pickers: int,
    tasks_each: int,
    lines: int,
    boards: int = 0,
    most: int = 3,
    blocks: int = 1,
    policy: Literal["s_shape", "optimal"] = "s_shape",
) -> list[Device]:
    """Pickers first, then supervisors; each picker holds `tasks_each` tasks of `lines` lines of
    one to `most` pieces."""
    store.run_sync(lambda tx: _put_floor(tx, blocks))
    take_orders(store, range(pickers * tasks_each), lines, most, policy)
    devices = store.run_sync(lambda tx: [_enrol(tx, i, pickers) for i in range(pickers + boards)])
    _hand_out(store, devices[:pickers], tasks_each)
    return devices


def take_orders(
    store: Store,
    refs: range,
    lines: int,
    most: int = 3,
    policy: Literal["s_shape", "optimal"] = "s_shape",
) -> None:
    """Orders come in and are planned, each as a task of its own that nobody holds yet."""
    wave = PlanWave(max_orders=20, policy=policy, mode="single")
    import_orders(store, refs, lines, most)
    for _ in range(-(-len(refs) // 20)):
        store.run_sync(lambda tx: _say(tx, "picking.plan_wave.v1", wave))
        plan_waiting(store)


def import_orders(store: Store, refs: range, lines: int, most: int = 3) -> None:
    """They come in, and wait for a wave."""
    for first in range(refs.start, refs.stop, 20):
        some = range(first, min(first + 20, refs.stop))
        store.run_sync(lambda tx, some=some: _import(tx, some, lines, most))  # type: ignore[misc]


def _say(tx: Tx, operation: str, op: Op) -> None:
    verdict = submit(tx, SITE, "bench", operation, op)
    if verdict.outcome is not Outcome.APPLIED:
        raise RuntimeError(f"{operation}: {verdict}")


def _put_floor(tx: Tx, blocks: int) -> None:
    deep = -(-SHELVES // blocks)
    layout = Layout(AISLES, gap=30, block_lengths=(deep * 10,) * blocks, depot=Crossing(0, 0))
    value = msgspec.to_builtins(layout)
    _say(tx, "catalog.put_setting.v1", PutSetting(key="layout", value=value))
    for i in range(AISLES * SHELVES):
        aisle, shelf = divmod(i, SHELVES)
        block, at = divmod(shelf, deep)
        place = PutBin(code=bin_code(i), aisle=aisle, block=block, offset_dm=at * 10 + 5)
        _say(tx, "inventory.put_bin.v1", place)
        item = PutItem(sku=f"SKU{i:04}", name=f"Article {i}", codes=[_code(i)])
        _say(tx, "catalog.put_item.v1", item)
        _say(
            tx,
            "inventory.receive_stock.v1",
            ReceiveStock(bin=bin_code(i), sku=item.sku, qty=ENOUGH),
        )


def bin_code(i: int) -> str:
    aisle, shelf = divmod(i, SHELVES)
    return f"A{aisle:02}-{shelf:02}-1"


def _code(i: int) -> str:
    return gtin14(own_ean13(f"SKU{i:04}"))


def _import(tx: Tx, refs: range, lines: int, most: int) -> None:
    for ref in refs:
        chosen = random.Random(ref).sample(range(AISLES * SHELVES), lines)
        order = ImportOrder(
            channel="EC",
            ref=f"B-{ref}",
            customer=f"C{ref % 500}",
            customer_name=f"Customer {ref % 500}",
            ship_to=ShipTo(country="GB"),
            currency="GBP",
            placed_at=PLACED_AT,
            lines=[
                OrderLine(sku=f"SKU{i:04}", name=f"Article {i}", qty=1 + i % most, price=250)
                for i in chosen
            ],
        )
        _say(tx, "orders.import_order.v1", order)


def _enrol(tx: Tx, i: int, pickers: int) -> Device:
    role = Role.PICKER if i < pickers else Role.SUPERVISOR
    device = Device(f"dev{i:03}", f"person{i:03}", role, "")
    tx.conn.execute(
        sa.insert(person).values(
            id=device.person,
            site=SITE,
            name=f"Person {i}",
            badge=f"B-{i:03}",
            role=role,
            pin_hash="",
        )
    )
    tx.conn.execute(
        sa.insert(t.device).values(id=device.id, site=SITE, name=device.id, enrolled_at=tx.now)
    )
    tx.conn.execute(
        sa.insert(grant).values(
            sid=device.sid,
            device=device.id,
            person=device.person,
            role=role,
            site=SITE,
            issued_at=tx.now,
            expires_at=tx.now + 10**9,
        )
    )
    device.cookie = f"{COOKIE}={open_session(tx, device.id)}"
    return device


def _hand_out(store: Store, pickers: list[Device], tasks_each: int) -> None:
    """Each takes tasks as a handheld would, and is given the picks to confirm in walking order."""
    ids = store.run_sync(
        lambda tx: list(tx.conn.execute(sa.select(task.c.id).order_by(task.c.id)).scalars())
    )
    if len(ids) != len(pickers) * tasks_each:
        raise RuntimeError(f"{len(ids)} tasks were planned for {len(pickers)} pickers")
    for i, device in enumerate(pickers):
        mine = ids[i * tasks_each : (i + 1) * tasks_each]
        now = store.clock()
        took = [
            device.envelope("floor.take_task.v1", TakeTask(task=one, expects=0), now)
            for one in mine
        ]
        frame = Frame(dev=device.id, sid=device.sid, now=now, ops=took)
        store.run_sync(lambda tx, frame=frame: push(tx, frame.dev, frame))  # type: ignore[misc]
        device.ops = store.run_sync(lambda tx, d=device, m=mine: _picks(tx, d, m))  # type: ignore[misc]


def _picks(tx: Tx, device: Device, tasks: list[str]) -> list[Envelope]:
    found = sa.select(pick_line).where(pick_line.c.task.in_(tasks))
    rows = tx.conn.execute(found.order_by(pick_line.c.task, pick_line.c.no)).mappings()
    return [
        device.envelope(
            "picking.confirm_pick.v1",
            ConfirmPick(
                task=r["task"],
                line=r["no"],
                bin=r["bin"],
                sku=r["sku"],
                qty=r["qty"],
                code=_code(int(r["sku"][3:])),
                epoch=1,
            ),
            tx.now,
        )
        for r in rows
    ]


def walks_of(store: Store) -> list[tuple[str, Walk]]:
    """Each task of the site with its walk."""
    found = (
        sa.select(pick_line.c.task, pick_line.c.bin, item_code.c.code)
        .join(item_code, item_code.c.sku == pick_line.c.sku)
        .order_by(pick_line.c.task, pick_line.c.no)
    )
    walks: dict[str, Walk] = {}
    for name, shelf, code in store.run_sync(lambda tx: list(tx.conn.execute(found))):
        walks.setdefault(name, []).append((shelf, code[1:]))
    return list(walks.items())
