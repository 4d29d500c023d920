"""A site to begin with: floor, goods, stock, people, customers' first orders and a first wave.

Everything but the people goes through operations of the system device `sys:<site>:demo`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

import sqlalchemy as sa

import server.modules  # noqa: F401  registers the operations that are submitted here
from server.auth.enrol import make_code
from server.auth.pins import new_pin
from server.catalog.ops import PutItem, PutSetting
from server.demo.bench import bench_settings
from server.demo.customers import Customer, customers, neighbours
from server.demo.earlier import pick_and_pack
from server.demo.goods import PRICES, Good, goods
from server.demo.orders import demo_order, long_order, order_of
from server.demo.people import SeededPerson, add_staff
from server.demo.reserve import LOTS, keeps_lots, reserve_bins, reserve_stock, reserve_work
from server.demo.road import road_settings
from server.demo.site import layout, zone
from server.demo.sizes import with_size
from server.imports.groups import groups
from server.imports.gtin import gtin14, own_ean13
from server.imports.layouts import layout_setting, put_bin
from server.inventory.ops import ReceiveStock
from server.kernel.ops import Op, Outcome
from server.orders.ops import ImportOrder
from server.orders.tables import orders as order_table
from server.picking.geometry import Bin
from server.picking.planner import plan_waiting
from server.picking.waves import PlanWave
from server.pod.run_planner import plan_waiting as plan_runs_waiting
from server.pod.run_plans import AcceptRunPlan, PlanRuns
from server.pod.tables import run_plan
from server.store.store import Store
from server.store.submit import Outside, submit
from server.store.tx import Tx

SITE = "main"
FIRST_LINES = 24
"""Lines of the first, urgent order: long enough to lose the network in the middle of it."""
HOUR_MS = 3_600_000
ABROAD = ("CUST-008", "CUST-017", "CUST-021")
"""Customers whose parcels wait for a carrier."""
ON_THE_FIRST_RUN = 4
REASONS = {
    "short": ["missing", "damaged", "wrong_item", "blocked", "unreadable", "other"],
    "partial": ["damaged", "missing", "not_ordered", "too_many", "other"],
    "refused": ["damaged", "not_ordered", "too_late", "no_money", "other"],
    "failed": ["nobody_home", "closed", "address_not_found", "no_access", "other"],
}
SHOP = {"name": "Lantern & Oak", "city": "Bristol", "country": "GB", "currency": "GBP"}

Step = tuple[str, Op]


@dataclass(frozen=True, slots=True)
class Seeded:
    """What only its maker may see: PINs and unspent enrolment codes. `orders`: how many."""

    site: str
    people: list[SeededPerson]
    codes: list[str]
    orders: int


class SeedFailed(Exception):
    """An operation of the seed was refused: the demo and the rules do not agree."""


def seed(
    store: Store,
    *,
    site: str = SITE,
    people_pins: Callable[[], str] = new_pin,
    chance: Random | None = None,
    orders: int = 30,
    wave: int = 12,
    codes: int = 4,
) -> Seeded:
    """Fill an empty store. `chance` decides the goods and orders (the same seed gives the same
    site); badges and codes are always secret and fresh. `wave`: orders released at once."""
    chance = chance or Random(20)  # noqa: S311  decides what is ordered, nothing secret
    _submit_all(store, site, _site_steps(store.clock()))
    people = store.run_sync(lambda tx: add_staff(tx, site, people_pins))
    _work_before_opening(store, site, chance, people)
    placed = [o * HOUR_MS // 4 for o in range(orders, 0, -1)]
    store.run_sync(lambda tx: _first_orders(tx, site, chance, placed))
    if orders and wave:
        _submit_all(
            store, site, [("picking.plan_wave.v1", PlanWave(max_orders=wave, mode="single"))]
        )
        plan_waiting(store)
    _submit_all(store, site, reserve_work())
    # From here on, not of what was there before the opening.
    told = PutSetting(key="notices", value={"on": True, "shop": SHOP["name"]})
    _submit_all(store, site, [("catalog.put_setting.v1", told)])
    made = store.run_sync(lambda tx: [new_code(tx, site) for _ in range(codes)])
    return Seeded(site, people, made, orders)


def _work_before_opening(
    store: Store, site: str, chance: Random, people: list[SeededPerson]
) -> None:
    """Orders of the day before are packed; the first of them wait on a run."""
    for waves in (neighbours(), [each for each in customers() if each.id in ABROAD]):
        made = store.run_sync(lambda tx, who=waves: _orders_before(tx, site, chance, who))  # type: ignore[misc]
        wave_plan = PlanWave(orders=made, mode="single")
        _submit_all(store, site, [("picking.plan_wave.v1", wave_plan)])
        plan_waiting(store)
    pick_and_pack(store, site, people)
    near = [each.id for each in neighbours()[:ON_THE_FIRST_RUN]]
    found = sa.select(order_table.c.id).where(order_table.c.customer.in_(near))
    orders = store.run_sync(lambda tx: list(tx.conn.execute(found).scalars()))
    leaves_at = store.clock() + HOUR_MS // 2
    asked = PlanRuns(orders=orders, vehicles=["VAN-1"], leaves_at=leaves_at)
    _submit_all(store, site, [("pod.plan_runs.v1", asked)])
    plan_runs_waiting(store)
    plan = store.run_sync(lambda tx: str(tx.conn.execute(sa.select(run_plan.c.id)).scalar_one()))
    _submit_all(store, site, [("pod.accept_run_plan.v1", AcceptRunPlan(plan=plan))])


def _orders_before(tx: Tx, site: str, chance: Random, who: list[Customer]) -> list[str]:
    """Their ids. Nothing that is kept by lot, so that nobody has to scan one."""
    choice = [good for good in goods() if good.sku not in LOTS]
    made: list[str] = []
    for customer in who:
        ref = next_ref(tx, site)
        placed_at = tx.now - 26 * HOUR_MS + len(made) * HOUR_MS // 6
        wanted = chance.sample(choice, 1 + len(made) % 3)
        order = order_of(chance, customer, ref, placed_at, wanted)
        submit_order(tx, site, order)
        found = sa.select(order_table.c.id).where(order_table.c.ref == ref)
        made.append(str(tx.conn.execute(found).scalar_one()))
    return made


def new_code(tx: Tx, site: str) -> str:
    """A fresh enrolment code of the demo, good for one browser within ten minutes."""
    return make_code(tx, site=site, made_by="demo")[0]


def _site_steps(now: int) -> Iterator[Step]:
    floor = layout()
    yield "catalog.put_setting.v1", PutSetting(key="reasons", value=REASONS)
    yield "catalog.put_setting.v1", PutSetting(key="costs", value=PRICES)
    yield "catalog.put_setting.v1", PutSetting(key="shop", value=SHOP)
    yield "catalog.put_setting.v1", layout_setting(floor)
    yield from bench_settings()
    yield from road_settings()
    for b in floor.bins:
        yield "inventory.put_bin.v1", put_bin(b, zone(b.aisle))
    yield from reserve_bins()
    for good in goods():
        yield "catalog.put_item.v1", with_size(keeps_lots(_put_item(good)))
    faces: dict[str, str] = {}
    for good, bin_code, pieces in first_stock(floor.bins):
        faces.setdefault(good.sku, bin_code)
        if good.sku not in LOTS:
            received = ReceiveStock(bin=bin_code, sku=good.sku, qty=pieces)
            yield "inventory.receive_stock.v1", received
    yield from reserve_stock(faces, now)


def _put_item(good: Good) -> PutItem:
    return PutItem(
        sku=good.sku,
        name=good.name,
        codes=[gtin14(own_ean13(good.sku))],
        weight_g=good.weight_g,
        weight_class=good.weight_class,
        price=good.price,
        cost=good.cost,
    )


def first_stock(bins: Iterable[Bin]) -> Iterator[tuple[Good, str, int]]:
    """Each good in one or two bins of its zone, scattered over it, no two goods in one bin."""
    places: dict[str, list[str]] = {}
    for b in bins:
        places.setdefault(zone(b.aisle), []).append(b.code)
    for weight_class, codes in places.items():
        mine = [g for g in goods() if g.weight_class == weight_class]
        stride = len(codes) // len(mine)
        for at, good in enumerate(mine):
            yield good, codes[at * stride], 40 + (at * 7) % 60
            if at % 3 == 0 and stride > 1:
                yield good, codes[at * stride + 1], 24


def _submit_all(store: Store, site: str, steps: Iterable[Step]) -> None:
    for some in groups(steps, 50):
        store.run_sync(partial(_do_all, site=site, steps=some))


def _do_all(tx: Tx, site: str, steps: Iterable[Step]) -> None:
    for operation, op in steps:
        must(tx, site, operation, op)


def must(tx: Tx, site: str, operation: str, op: Op, outside: Outside | None = None) -> None:
    verdict = submit(tx, site, "demo", operation, op, outside)
    if verdict.outcome is not Outcome.APPLIED:
        raise SeedFailed(f"{operation}: {verdict.outcome} {verdict.code} {verdict.data}")


def next_ref(tx: Tx, site: str) -> str:
    return f"W{tx.next_number(site, 'demo-order'):06d}"


def submit_order(tx: Tx, site: str, order: ImportOrder) -> None:
    must(tx, site, "orders.import_order.v1", order, Outside("demo", f"{site}/{order.ref}"))


def _first_orders(tx: Tx, site: str, chance: Random, ages: list[int]) -> None:
    for at, age in enumerate(ages):
        order = demo_order(chance, next_ref(tx, site), tx.now - age)
        if at == 0:
            order = long_order(chance, order, FIRST_LINES)
        submit_order(tx, site, order)
