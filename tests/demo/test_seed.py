"""The demo's site: the same for everybody, but for its secrets."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from server.auth.tables import person
from server.catalog.tables import item, item_code
from server.demo.customers import neighbours
from server.demo.goods import goods
from server.demo.seed import Seeded, seed
from server.demo.site import layout
from server.floor.tables import discrepancy, task
from server.insights.integrity import findings
from server.inventory.tables import bin_, lot, stock
from server.kernel.gs1 import has_check_digit
from server.kernel.scan import ScanSettings, resolve
from server.kernel.values import Role
from server.orders.tables import order_line, orders
from server.packing.tables import shipment
from server.picking.geometry import layout_problems
from server.pod.carriers.consigning import carriers_setting
from server.pod.carriers.tables import waybill
from server.pod.papers import rules_of as loading_rules
from server.pod.run_rules import run_rules
from server.pod.tables import run, stop
from server.store.store import Store
from server.store.tx import Tx
from tests.stores import open_store

SCAN = ScanSettings(year=2026)


def rows(store: Store, statement: Any) -> list[tuple[Any, ...]]:
    return store.run_sync(lambda tx: [tuple(r) for r in tx.conn.execute(statement)])


@contextmanager
def seeded(folder: Path, **wishes: Any) -> Iterator[tuple[Store, Seeded]]:
    folder.mkdir(exist_ok=True)
    with open_store("sqlite", folder) as store:
        yield store, seed(store, **wishes)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Seeded]]:
    """To look at: nobody changes anything in it."""
    with seeded(tmp_path_factory.mktemp("site")) as made:
        yield made


def test_every_item_code_is_a_gtin_with_its_check_digit(site: tuple[Store, Seeded]) -> None:
    codes = [str(r[0]) for r in rows(site[0], sa.select(item_code.c.code))]
    assert len(set(codes)) == len(goods()) == 150
    for code in codes:
        assert len(code) == 14
        assert has_check_digit(code)
        assert resolve(code[1:], SCAN).gtin == code


def test_badges_and_bins_are_read_by_the_scan_resolver(site: tuple[Store, Seeded]) -> None:
    for someone in site[1].people:
        assert resolve(someone.badge, SCAN).kind == "badge"
    for place in layout().bins:
        assert resolve(f"L-{place.code}", SCAN).code == place.code


def test_the_layout_can_be_walked() -> None:
    assert layout_problems(layout()) == []
    assert len(layout().bins) == 384


def test_every_good_stands_in_a_bin_of_its_zone(site: tuple[Store, Seeded]) -> None:
    places = rows(
        site[0],
        sa.select(stock.c.sku, bin_.c.zone, item.c.weight_class)
        .join(bin_, bin_.c.code == stock.c.bin)
        .join(item, item.c.sku == stock.c.sku)
        .where(bin_.c.kind.in_(("pick", "bulk"))),
    )
    assert {p[0] for p in places} == {g.sku for g in goods()}
    assert all(zone == weight_class for _, zone, weight_class in places)


def test_thirty_orders_wait_and_a_wave_of_twelve_is_out(site: tuple[Store, Seeded]) -> None:
    states = [r[0] for r in rows(site[0], sa.select(orders.c.state))]
    assert states.count("released") == 12
    assert states.count("confirmed") == 18
    assert rows(site[0], sa.select(discrepancy.c.id)) == []
    longest = rows(site[0], sa.select(sa.func.max(task.c.lines)))
    assert longest == [(24,)]


def test_parcels_wait_for_vans_and_carriers_and_a_run_for_its_driver(
    site: tuple[Store, Seeded],
) -> None:
    states = [state for (state,) in rows(site[0], sa.select(shipment.c.state))]
    assert (states.count("packed"), states.count("on_run")) == (8, 4)
    carriers = [carrier for (carrier,) in rows(site[0], sa.select(waybill.c.carrier))]
    assert (carriers.count("own"), carriers.count("heron")) == (9, 3)
    assert rows(site[0], sa.select(run.c.vehicle, run.c.state)) == [("VAN-1", "planned")]
    assert len(rows(site[0], sa.select(stop.c.id))) == 4
    assert findings(site[0]) == []


def test_every_setting_of_the_road_is_read_by_its_domain(site: tuple[Store, Seeded]) -> None:
    def read(tx: Tx) -> tuple[object, ...]:
        rules, loading = run_rules(tx.conn, "main"), loading_rules(tx.conn, "main")
        own = carriers_setting(tx.conn, "main").own
        return rules.depot, len(rules.vehicles), own and own.name, len(loading.plates)

    depot, vehicles, own, plates = site[0].run_sync(read)
    assert depot is not None
    assert (vehicles, plates) == (2, 2)
    assert own == "Lantern & Oak vans"


def test_the_vans_have_an_area_for_whomever_they_visit() -> None:
    for customer in neighbours():
        assert customer.ship_to.postcode.startswith(("BS", "BA"))
        assert float(customer.ship_to.lat) == pytest.approx(51.45, abs=0.1)


def test_each_kind_of_other_work_waits(site: tuple[Store, Seeded]) -> None:
    waiting = [r[0] for r in rows(site[0], sa.select(task.c.kind).where(task.c.state == "open"))]
    assert waiting.count("count") == 2
    assert waiting.count("putaway") == 1
    assert waiting.count("replenish") == 2


def test_the_lot_that_expires_first_stands_at_the_pick_face(site: tuple[Store, Seeded]) -> None:
    kept = (
        sa.select(lot.c.lot, bin_.c.kind)
        .join(stock, sa.and_(stock.c.sku == lot.c.sku, stock.c.lot == lot.c.lot))
        .join(bin_, bin_.c.code == stock.c.bin)
        .order_by(lot.c.expiry)
    )
    assert rows(site[0], kept) == [("H-2511", "pick"), ("H-2604", "bulk")]


def test_there_is_somebody_for_each_role_and_two_pickers(site: tuple[Store, Seeded]) -> None:
    roles = [p.role for p in site[1].people]
    assert set(roles) == set(Role) - {Role.SYSTEM}
    assert roles.count(Role.PICKER) == 2


def test_pins_are_in_the_answer_and_nowhere_else(tmp_path: Path) -> None:
    pins = (f"836492750{n}" for n in range(417, 900))
    with seeded(tmp_path, people_pins=lambda: next(pins)) as (store, made):
        found = rows(store, sa.select(person.c.pin_hash))
        stored = b"".join(f.read_bytes() for f in tmp_path.glob("site.db*"))
    assert all(str(r[0]).startswith("$argon2id$") for r in found)
    assert made.people[0].badge.encode() in stored
    for someone in made.people:
        assert someone.pin.encode() not in stored
        assert someone.pin not in repr(made)


def test_pins_are_by_chance_and_long_enough(site: tuple[Store, Seeded]) -> None:
    pins = [p.pin for p in site[1].people]
    assert all(len(pin) >= 6 and pin.isdigit() for pin in pins)
    assert len(set(pins)) > 1


def test_two_sites_of_one_seed_differ_in_their_secrets_alone(tmp_path: Path) -> None:
    lines = sa.select(order_line.c.no, order_line.c.sku, order_line.c.qty).order_by(
        order_line.c.order_id, order_line.c.no
    )
    pieces = sa.select(stock.c.bin, stock.c.sku, stock.c.qty).order_by(stock.c.bin, stock.c.sku)
    wishes = {"orders": 8, "wave": 3}
    with (
        seeded(tmp_path / "a", chance=Random(7), **wishes) as (one, first),
        seeded(tmp_path / "b", chance=Random(7), **wishes) as (two, second),
    ):
        assert rows(one, lines) == rows(two, lines)
        assert rows(one, pieces) == rows(two, pieces)
    assert {p.badge for p in first.people}.isdisjoint({p.badge for p in second.people})
    assert set(first.codes).isdisjoint(second.codes)
