"""A small warehouse to test on: two aisles, four bins, three items, people of each role, a device
that pushes frames as a handheld does."""

import time
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from server.auth.tables import grant, person
from server.catalog.ops import PutItem, PutSetting
from server.inventory.ops import PutBin, ReceiveStock
from server.kernel.ops import Envelope, Op, Outcome
from server.kernel.wire import Frame
from server.orders.ops import ImportOrder
from server.orders.validation import OrderLine, ShipTo
from server.picking.geometry import Crossing, Layout
from server.picking.planner import plan_waiting
from server.picking.waves import PlanWave
from server.store import tables as t
from server.store.dispatch import Verdict
from server.store.store import Store
from server.store.submit import Outside, submit
from server.store.tx import Tx
from server.sync.exchange import push

SITE = "main"
ITEMS = {"MUG": "04006381333931", "TEE": "09506000134352", "LAMP": "05000112637922"}
BINS = {"A01-1-1": (0, 30), "A01-2-1": (0, 60), "A02-1-1": (1, 30), "A02-2-1": (1, 90)}
ANYBODY_CANCELS = {"confirmed": "service", "executed": "service"}
"""What follows from a cancelled order is most tests' concern, not who may."""
STOCK = (("A01-1-1", "MUG", 50), ("A01-2-1", "TEE", 40), ("A02-1-1", "LAMP", 30))


def system(store: Store, operation: str, op: Op, outside: Outside | None = None) -> Verdict:
    return store.run_sync(lambda tx: submit(tx, SITE, "test", operation, op, outside))


def build(store: Store) -> None:
    """Layout, bins, items, stock and people."""
    layout = Layout(aisles=2, gap=30, block_lengths=(100,), depot=Crossing(0, 0))
    value = msgspec.to_builtins(layout)
    good(system(store, "catalog.put_setting.v1", PutSetting(key="layout", value=value)))
    for bin_code, (aisle, offset) in BINS.items():
        bin_op = PutBin(code=bin_code, aisle=aisle, offset_dm=offset)
        good(system(store, "inventory.put_bin.v1", bin_op))
    for sku, gtin in ITEMS.items():
        good(system(store, "catalog.put_item.v1", PutItem(sku=sku, name=sku, codes=[gtin])))
    for bin_code, sku, qty in STOCK:
        received = ReceiveStock(bin=bin_code, sku=sku, qty=qty)
        good(system(store, "inventory.receive_stock.v1", received))
    anybody = PutSetting(key="cancelling", value={"may": ANYBODY_CANCELS})
    good(system(store, "catalog.put_setting.v1", anybody))
    people(store)


def people(store: Store) -> None:
    """One of each role and a second picker; nobody can sign in until a test sets a PIN."""
    for role in ("picker", "picker2", "packer", "driver", "supervisor", "service"):
        store.run_sync(lambda tx, role=role: _person(tx, role))  # type: ignore[misc]


def _person(tx: Tx, name: str) -> None:
    tx.conn.execute(
        sa.insert(person).values(
            id=name,
            site=SITE,
            name=name.title(),
            badge=f"B-{name}",
            role=name.rstrip("0123456789"),
            pin_hash="",
        )
    )


def release_wave(store: Store, **asked: Any) -> Verdict:
    """Plan a wave and send it to the floor at once, each order alone unless `mode` says else."""
    op = PlanWave(**{"mode": "single", **asked})
    verdict = system(store, "picking.plan_wave.v1", op)
    planning = "SELECT count(*) FROM wave WHERE state = 'planning'"
    plan_waiting(store)
    while scalar(store, planning):  # a serving node of the same store may be at it
        time.sleep(0.02)
        plan_waiting(store)
    return verdict


def good(verdict: Verdict) -> Verdict:
    assert verdict.outcome is Outcome.APPLIED, verdict
    return verdict


def order(store: Store, ref: str, **lines: int) -> str:
    """An order of `lines` (sku=qty); returns its id."""
    made = order_of(ref, **lines)
    good(system(store, "orders.import_order.v1", made, Outside("test", ref)))
    return str(scalar(store, "SELECT id FROM orders WHERE ref = :ref", ref=ref))


def order_of(ref: str, **lines: int) -> ImportOrder:
    return ImportOrder(
        channel="EC",
        ref=ref,
        customer="C1",
        customer_name="Corner Shop",
        ship_to=ShipTo(country="GB", city="Leeds", street="1 Mill Lane", postcode="LS1"),
        currency="GBP",
        placed_at=1_700_000_000_000,
        lines=[OrderLine(sku=s, name=s, qty=q, price=250) for s, q in lines.items()],
    )


def scalar(store: Store, statement: str, **values: Any) -> Any:
    return store.run_sync(lambda tx: tx.conn.execute(sa.text(statement), values).scalar())


def table(store: Store, statement: str, **values: Any) -> list[dict[str, Any]]:
    return store.run_sync(
        lambda tx: [dict(r) for r in tx.conn.execute(sa.text(statement), values).mappings()]
    )


@dataclass
class Handheld:
    """A device with one person signed in, pushing operations one frame at a time."""

    store: Store
    who: str
    id: str = ""
    n: int = 0
    sent: list[Envelope] = field(default_factory=list)
    public_key: str | None = None

    def __post_init__(self) -> None:
        self.id = self.id or f"dev-{self.who}"
        self.store.run_sync(self._enrol)

    def _enrol(self, tx: Tx) -> None:
        tx.conn.execute(
            sa.insert(t.device).values(
                id=self.id, site=SITE, name=self.id, enrolled_at=tx.now, public_key=self.public_key
            )
        )
        tx.conn.execute(
            sa.insert(grant).values(
                sid=f"sid-{self.id}",
                device=self.id,
                person=self.who,
                role=self.who.rstrip("0123456789"),
                site=SITE,
                issued_at=tx.now,
                expires_at=tx.now + 10**9,
            )
        )

    def envelope(self, name: str, op: Op | dict[str, Any]) -> Envelope:
        self.n += 1
        body = op if isinstance(op, dict) else msgspec.to_builtins(op)
        k, _, v = name.rpartition(".v")
        e = Envelope(
            n=self.n,
            id=f"{self.id}-{self.n}",
            k=k,
            v=int(v),
            sid=f"sid-{self.id}",
            at=self.store.clock(),
            body=body,
        )
        self.sent.append(e)
        return e

    def frame(self, *ops: Envelope) -> Frame:
        return Frame(dev=self.id, sid=f"sid-{self.id}", now=self.store.clock(), ops=list(ops))

    def push(self, *ops: Envelope) -> int:
        frame = self.frame(*ops)
        return self.store.run_sync(lambda tx: push(tx, self.id, frame)).last

    def say(self, name: str, op: Op | dict[str, Any]) -> tuple[str, str | None]:
        """Push one operation; what became of it: outcome and code."""
        e = self.envelope(name, op)
        self.push(e)
        found = table(
            self.store,
            "SELECT outcome, code FROM op WHERE device = :d AND n = :n",
            d=self.id,
            n=e.n,
        )
        return (found[0]["outcome"], found[0]["code"]) if found else ("unsent", None)
