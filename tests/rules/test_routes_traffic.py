"""One-way aisles and aisles without turning, against a graph that knows nothing of the rules' code.

The graph has a node for every point and heading, and an edge only for a step that is allowed.
"""

import itertools
import random
from typing import Literal

import pytest

from server.picking.geometry import Crossing, Layout, Spot, layout_problems, walk_length
from server.picking.routes import Stop, cost, route
from server.picking.traffic import Traffic
from tests.rules.floor_graph import graph_of, walked

ANY_WAY: tuple[Literal[-1, 0, 1], ...] = (-1, 0, 1)
UP_AND_DOWN = Layout(4, 40, (300,), Crossing(0, 0), aisle_direction=(1, -1, 1, -1))
CANNOT_TURN = Layout(3, 40, (300,), Crossing(0, 0), no_turn=(1,))


def _random_task(seed: int, stops: int) -> tuple[Layout, list[Spot]]:
    chance = random.Random(seed)
    blocks = tuple(chance.choice((80, 170)) for _ in range(chance.randint(1, 3)))
    aisles = chance.randint(2, 5)
    directions: list[Literal[-1, 0, 1]] = [1, -1]
    directions += [chance.choice(ANY_WAY) for _ in range(aisles - 2)]
    chance.shuffle(directions)
    layout = Layout(
        aisles,
        40,
        blocks,
        Crossing(0, 0),
        aisle_direction=tuple(directions) if seed % 3 else (),
        no_turn=tuple(a for a in range(aisles) if chance.random() < 0.5),
    )
    ys = sorted({*layout.crosses, *range(0, layout.crosses[-1], 25)})
    return layout, [Spot(chance.randrange(aisles), chance.choice(ys)) for _ in range(stops + 2)]


@pytest.mark.parametrize("seed", range(60))
def test_the_length_of_a_walk_is_that_in_the_graph_of_allowed_steps(seed: int) -> None:
    layout, spots = _random_task(seed, 7)
    graph = graph_of(layout, spots)
    assert Traffic(layout).walk_length(spots) == walked(graph, spots)
    for one, other in itertools.permutations(spots, 2):
        assert Traffic(layout).walk_length([one, other]) == walked(graph, [one, other])


@pytest.mark.parametrize("seed", range(60))
def test_a_ruled_route_is_as_short_as_the_best_of_all_orders(seed: int) -> None:
    layout, (start, end, *spots) = _random_task(seed, 5)
    graph = graph_of(layout, [start, end, *spots])
    found = route(layout, start, end, [Stop(spot) for spot in spots])
    assert sorted(found.order) == list(range(len(spots)))
    assert found.length == walked(graph, [start, *(spots[at] for at in found.order), end])
    orders = itertools.permutations(spots)
    assert found.length == min(walked(graph, [start, *order, end]) for order in orders)
    assert cost(layout, start, end, spots) == found.length / 10


@pytest.mark.parametrize("seed", range(30))
def test_on_a_ruled_floor_heavy_still_comes_before_light(seed: int) -> None:
    layout, (start, end, *spots) = _random_task(seed, 5)
    stops = [Stop(spot, rank=at % 2, tote="AB"[at > 2]) for at, spot in enumerate(spots)]
    found = route(layout, start, end, stops)
    best = min(
        Traffic(layout).walk_length([start, *(spots[at] for at in order), end])
        for order in itertools.permutations(range(5))
        if order.index(0) < order.index(1) and order.index(2) < order.index(1)
        and order.index(4) < order.index(3)
    )  # fmt: skip
    order = found.order
    assert order.index(0) < order.index(1) > order.index(2)
    assert order.index(4) < order.index(3)
    assert best <= found.length <= 1.1 * best


def test_a_free_floor_has_the_same_ways_by_either_reckoning() -> None:
    for seed in range(20):
        layout, spots = _random_task(seed, 8)
        free = Layout(layout.aisles, layout.gap, layout.block_lengths, layout.depot)
        assert Traffic(free).walk_length(spots) == walk_length(free, spots)


def test_a_one_way_aisle_is_walked_to_its_end_and_entered_anew() -> None:
    stops = [Stop(Spot(0, 200)), Stop(Spot(0, 100))]
    found = route(UP_AND_DOWN, Spot(0, 0), Spot(0, 0), stops)
    assert (found.order, found.length) == ((1, 0), 300 + 40 + 300 + 40)
    assert (
        Traffic(UP_AND_DOWN).walk_length([Spot(0, 200), Spot(0, 100)]) == 100 + 40 + 300 + 40 + 100
    )


def test_where_carts_cannot_turn_one_goes_through() -> None:
    found = route(CANNOT_TURN, Spot(0, 0), Spot(0, 0), [Stop(Spot(1, 10))])
    assert found.length == 40 + 300 + 40 + 300
    turning = Layout(3, 40, (300,), Crossing(0, 0))
    assert route(turning, Spot(0, 0), Spot(0, 0), [Stop(Spot(1, 10))]).length == 2 * (40 + 10)


def test_a_walk_that_begins_in_a_one_way_aisle_picks_what_is_ahead_first() -> None:
    stops = [Stop(Spot(0, 50)), Stop(Spot(0, 250))]
    found = route(UP_AND_DOWN, Spot(0, 200), Spot(0, 0), stops)
    assert found.order == (1, 0)


def test_a_layout_is_told_what_is_wrong_with_its_rules() -> None:
    def codes(**rules: tuple[int, ...]) -> list[tuple[str, str]]:
        layout = Layout(2, 40, (300,), Crossing(0, 0), **rules)  # type: ignore[arg-type]
        return [(problem.code, problem.field) for problem in layout_problems(layout)]

    assert codes(aisle_direction=(1,)) == [("layout.directions", "aisle_direction")]
    assert codes(aisle_direction=(1, 1)) == [("layout.no_way_back", "aisle_direction")]
    assert codes(no_turn=(0, 2)) == [("layout.out_of_range", "no_turn[1]")]
    assert codes(aisle_direction=(1, 0), no_turn=(1,)) == []
