"""Which orders share a cart: never worse than the simple ways, and close to the best known."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pytest

from server.picking.batching import BatchOrder, Capacity, arrival, batch
from server.picking.geometry import Crossing, Layout, Spot
from server.picking.routes import cost
from server.picking.tours import Tours
from tests.data import data

DEEP = Layout(aisles=6, gap=40, block_lengths=(120, 80, 100), depot=Crossing(2, 0))
PLAIN = Layout(aisles=8, gap=40, block_lengths=(200,), depot=Crossing(3, 0))
HIGH = Layout(aisles=5, gap=30, block_lengths=(50, 50, 50, 50), depot=Crossing(0, 0))


def chosen(layout: Layout, count: int, seed: int) -> list[BatchOrder]:
    chance = random.Random(seed)
    deep = sum(layout.block_lengths)
    return [
        BatchOrder(
            id=f"o{at}",
            spots=tuple(
                Spot(chance.randrange(layout.aisles), chance.randrange(deep + 1))
                for _ in range(chance.randint(1, 4))
            ),
            weight_g=chance.randint(100, 9000),
        )
        for at in range(count)
    ]


def walked(layout: Layout, orders: Sequence[BatchOrder], carts: list[list[str]]) -> int:
    """Decimetres, by the routes' own price."""
    spots = {o.id: o.spots for o in orders}
    return sum(
        round(10 * cost(layout, layout.start, layout.start, [s for o in cart for s in spots[o]]))
        for cart in carts
    )


@pytest.mark.parametrize("layout", [PLAIN, DEEP])
def test_tours_of_many_carts_at_once_are_as_long_as_one_by_one(layout: Layout) -> None:
    orders = chosen(layout, 12, 1)
    chance = random.Random(2)
    carts = [frozenset(chance.sample(range(12), chance.randint(1, 6))) for _ in range(40)]
    carts.append(frozenset())
    tours = Tours(layout, layout.start, [o.spots for o in orders])
    alone = [
        walked(layout, orders, [[orders[o].id for o in cart]]) if cart else 0 for cart in carts
    ]
    assert tours.lengths(tours.needs([sorted(cart) for cart in carts])).tolist() == alone


def test_on_a_floor_of_many_blocks_batches_are_compared_by_a_quick_policy() -> None:
    orders = chosen(HIGH, 12, 1)
    tours = Tours(HIGH, HIGH.start, [o.spots for o in orders])
    carts = [list(range(at, at + 4)) for at in range(8)]
    exact = [walked(HIGH, orders, [[orders[o].id for o in cart]]) for cart in carts]
    for quick, shortest in zip(tours.lengths(tours.needs(carts)), exact, strict=True):
        assert shortest <= quick <= 2 * shortest


@pytest.mark.parametrize("seed", range(4))
def test_every_order_is_on_one_cart_and_no_cart_is_too_full(seed: int) -> None:
    orders = chosen(PLAIN, 24, seed)
    orders = [msgspec.structs.replace(o, volume_ml=900 * len(o.spots)) for o in orders]
    capacity = Capacity(totes=5, weight_g=20_000, volume_ml=9_000, picks=12)
    carts = batch(PLAIN, PLAIN.start, orders, capacity, seed, 20)
    assert sorted(o for cart in carts for o in cart) == sorted(o.id for o in orders)
    by_id = {o.id: o for o in orders}
    for cart in carts:
        held = [by_id[o] for o in cart]
        assert len(held) <= 5
        assert sum(o.weight_g for o in held) <= 20_000
        assert sum(o.volume_ml for o in held) <= 9_000
        assert sum(len(o.spots) for o in held) <= 12


def test_an_order_too_large_for_any_cart_has_one_to_itself() -> None:
    small = chosen(PLAIN, 4, 1)
    huge = BatchOrder(id="huge", spots=(Spot(0, 5),), weight_g=90_000)
    carts = batch(PLAIN, PLAIN.start, [*small, huge], Capacity(totes=9, weight_g=50_000), 0, 5)
    assert ["huge"] in carts


@pytest.mark.parametrize("seed", range(3))
def test_more_rounds_never_walk_farther_and_none_is_no_worse_than_arrival(seed: int) -> None:
    orders = chosen(PLAIN, 20, seed)
    capacity = Capacity(totes=4)
    first_come = walked(PLAIN, orders, arrival(orders, capacity))
    savings = walked(PLAIN, orders, batch(PLAIN, PLAIN.start, orders, capacity, 1, 0))
    searched = walked(PLAIN, orders, batch(PLAIN, PLAIN.start, orders, capacity, 1, 40))
    assert searched <= savings <= first_come


def test_the_same_seed_gives_the_same_carts() -> None:
    orders = chosen(DEEP, 16, 3)
    one, other = (batch(DEEP, DEEP.start, orders, Capacity(totes=4), 7, 4) for _ in range(2))
    assert one == other


def small_waves() -> Iterator[Any]:
    path = data("routing", "wave_small_exact.json")
    yield from msgspec.json.decode(path.read_bytes())["instances"]


@pytest.mark.data
def test_small_waves_are_optimal_nine_times_in_ten() -> None:
    optimal = 0
    for wave in small_waves():
        w = wave["warehouse"]
        layout = Layout(
            aisles=w["aisles"],
            gap=w["aisle_gap"],
            block_lengths=tuple(w["block_lengths"]),
            depot=Crossing(**w["depot"]),
        )
        orders = [
            BatchOrder(
                id=str(o["id"]),
                spots=tuple(layout.at(p["aisle"], p["block"], p["offset"]) for p in o["lines"]),
                weight_g=o["weight_g"],
            )
            for o in wave["orders"]
        ]
        cart = wave["cart"]
        capacity = Capacity(totes=cart["orders"], weight_g=cart["weight_g"])
        length = walked(layout, orders, batch(layout, layout.start, orders, capacity, 1, 16))
        assert length >= wave["reference"]["optimal"]
        optimal += length == wave["reference"]["optimal"]
    assert optimal >= 18
