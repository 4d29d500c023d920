"""Routes on small floors drawn by hand, and what every engine must hold to."""

import itertools
import random
from collections.abc import Iterable

import pytest

from server.picking.exact import shortest_order
from server.picking.geometry import (
    Bin,
    Crossing,
    Layout,
    Spot,
    distances,
    layout_problems,
    walk_length,
)
from server.picking.ranks import DROP_OFF, HEAVY, LIGHT, PICK_UP
from server.picking.routes import Policy, Route, Stop, cost, route, route_to_nearest
from server.picking.trouble import trouble

POLICIES: tuple[Policy, ...] = (
    "optimal", "s_shape", "return", "largest_gap", "combined", "nearest"
)  # fmt: skip
ONE_BLOCK = Layout(aisles=5, gap=40, block_lengths=(300,), depot=Crossing(0, 0))
TWO_BLOCKS = Layout(aisles=5, gap=40, block_lengths=(200, 300), depot=Crossing(2, 0))


def _closed(layout: Layout, spots: list[Spot], policy: Policy = "optimal") -> Route:
    return route(layout, layout.start, layout.start, [Stop(spot) for spot in spots], policy)


def _random_task(seed: int) -> tuple[Layout, Spot, Spot, list[Stop]]:
    chance = random.Random(seed)
    blocks = tuple(chance.choice((80, 170, 240)) for _ in range(chance.randint(1, 5)))
    layout = Layout(chance.randint(1, 8), 40, blocks, Crossing(0, 0))

    def spot() -> Spot:
        return Spot(chance.randrange(layout.aisles), chance.randrange(layout.crosses[-1] + 1))

    stops = [
        Stop(spot(), chance.randrange(2), chance.choice("AB")) for _ in range(chance.randrange(12))
    ]
    return layout, spot(), spot(), stops


def test_distance_goes_by_the_nearer_cross_aisle() -> None:
    assert ONE_BLOCK.distance(Spot(1, 100), Spot(1, 250)) == 150
    assert ONE_BLOCK.distance(Spot(0, 100), Spot(1, 50)) == 40 + 150
    assert ONE_BLOCK.distance(Spot(0, 200), Spot(2, 250)) == 80 + 150
    assert TWO_BLOCKS.distance(Spot(0, 100), Spot(1, 400)) == 40 + 300
    assert TWO_BLOCKS.distance(Spot(0, 200), Spot(1, 400)) == 40 + 200


def test_s_shape_walks_through_each_aisle_and_returns_in_the_last_of_an_odd_number() -> None:
    spots = [Spot(2, 100), Spot(0, 50), Spot(1, 200), Spot(0, 250)]
    found = _closed(ONE_BLOCK, spots, "s_shape")
    assert found.order == (1, 3, 2, 0)
    assert found.length == 300 + 40 + 300 + 40 + 2 * 100 + 80
    assert found.s_shape == found.length


def test_return_goes_in_and_out_at_the_front() -> None:
    found = _closed(ONE_BLOCK, [Spot(0, 50), Spot(1, 200), Spot(4, 10)], "return")
    assert (found.order, found.length) == ((0, 1, 2), 2 * (50 + 200 + 10) + 2 * 160)


def test_largest_gap_fetches_the_middle_aisles_from_both_ends() -> None:
    spots = [Spot(0, 150), Spot(1, 30), Spot(1, 280), Spot(2, 20), Spot(3, 100)]
    found = _closed(ONE_BLOCK, spots, "largest_gap")
    assert found.order == (0, 2, 4, 3, 1)
    assert found.length == 2 * 300 + 2 * 120 + 2 * (20 + 20 + 30)


def test_combined_turns_at_the_back_where_going_through_costs_more() -> None:
    spots = [Spot(0, 290), Spot(1, 290), Spot(2, 20)]
    found = _closed(ONE_BLOCK, spots, "combined")
    assert (found.order, found.length) == ((0, 1, 2), 2 * 300 + 2 * 10 + 2 * 80)


def test_two_blocks_are_walked_from_the_farthest_back() -> None:
    found = _closed(TWO_BLOCKS, [Spot(2, 100), Spot(2, 450), Spot(4, 150)], "s_shape")
    assert found.order == (0, 1, 2)
    assert found.length == 200 + 2 * 250 + 80 + 200 + 80


def test_nearest_goes_to_the_first_of_the_equally_near() -> None:
    found = _closed(ONE_BLOCK, [Spot(0, 100), Spot(0, 50), Spot(0, 50)], "nearest")
    assert (found.order, found.length) == ((1, 2, 0), 200)


@pytest.mark.parametrize("policy", POLICIES)
def test_no_stops_is_the_way_from_start_to_end(policy: Policy) -> None:
    found = route(ONE_BLOCK, Spot(0, 0), Spot(3, 0), [], policy)
    assert (found.order, found.length, found.proven) == ((), 120, True)


@pytest.mark.parametrize("policy", POLICIES)
def test_one_stop_and_stops_at_one_place_are_each_visited_once(policy: Policy) -> None:
    assert _closed(ONE_BLOCK, [Spot(3, 120)], policy).order == (0,)
    twice = _closed(TWO_BLOCKS, [Spot(1, 90), Spot(1, 90), Spot(1, 200)], policy)
    assert sorted(twice.order) == [0, 1, 2]


@pytest.mark.parametrize("lost", [Spot(5, 0), Spot(-1, 0), Spot(0, 301), Spot(0, -1)])
def test_a_point_that_is_not_on_the_floor_is_refused(lost: Spot) -> None:
    with pytest.raises(ValueError, match="not on the floor"):
        route(ONE_BLOCK, ONE_BLOCK.start, ONE_BLOCK.start, [Stop(lost)])


def test_a_route_may_begin_inside_an_aisle() -> None:
    stops = [Stop(Spot(2, 260)), Stop(Spot(2, 100)), Stop(Spot(3, 280))]
    found = route(ONE_BLOCK, Spot(2, 150), Spot(0, 0), stops)
    assert (found.order, found.length) == ((0, 2, 1), 150 + 40 + 20 + 280 + 160)


@pytest.mark.parametrize("seed", range(60))
def test_optimal_is_never_longer_than_a_policy_and_its_length_is_that_of_its_order(
    seed: int,
) -> None:
    layout, start, end, stops = _random_task(seed)
    best = route(layout, start, end, stops)
    spots = [stops[at].spot for at in best.order]
    assert sorted(best.order) == list(range(len(stops)))
    assert best.length == walk_length(layout, [start, *spots, end])
    for policy in POLICIES:
        other = route(layout, start, end, stops, policy)
        assert sorted(other.order) == sorted(best.order)
        assert best.length <= other.length
        assert other.s_shape == best.s_shape


def _shortest_by_trying_all(layout: Layout, start: Spot, end: Spot, spots: list[Spot]) -> int:
    return min(walk_length(layout, [start, *order, end]) for order in itertools.permutations(spots))


@pytest.mark.parametrize("seed", range(150))
def test_a_proven_route_is_as_short_as_the_best_of_all_orders(seed: int) -> None:
    chance = random.Random(seed)
    blocks = tuple(chance.choice((30, 80, 170)) for _ in range(chance.randint(1, 3)))
    layout = Layout(4, 40, blocks, Crossing(0, 0))
    # A coarse grid, so that stops meet each other, the start, the end and the cross aisles.
    ys = sorted({*layout.crosses, *range(0, layout.crosses[-1] + 1, 25)})
    spots = [Spot(chance.randrange(4), chance.choice(ys)) for _ in range(chance.randint(2, 8))]
    start, end, *left = spots
    found = route(layout, start, end, [Stop(spot) for spot in left])
    assert found.proven
    assert sorted(found.order) == list(range(len(left)))
    assert found.length == _shortest_by_trying_all(layout, start, end, left)


@pytest.mark.parametrize("seed", range(60))
def test_the_planners_cost_is_the_length_of_the_route_in_metres(seed: int) -> None:
    layout, start, end, stops = _random_task(seed)
    found = route(layout, start, end, [Stop(stop.spot) for stop in stops])
    assert cost(layout, start, end, [stop.spot for stop in stops]) == found.length / 10


def test_five_blocks_are_proven_where_the_stops_lie_in_three() -> None:
    layout = Layout(6, 40, (100,) * 5, Crossing(0, 0))
    near, far = [Stop(Spot(1, 90)), Stop(Spot(2, 290))], [Stop(Spot(2, 410))]
    assert route(layout, Spot(0, 0), Spot(0, 0), near).proven
    assert not route(layout, Spot(0, 0), Spot(0, 0), near + far).proven


@pytest.mark.parametrize("policy", POLICIES)
def test_heavy_comes_before_light_in_each_tote(policy: Policy) -> None:
    mixed = 0
    for seed in range(40):
        layout, start, end, stops = _random_task(seed)
        order = route(layout, start, end, stops, policy).order
        for tote in "AB":
            ranks = [stops[at].rank for at in order if stops[at].tote == tote]
            assert ranks == sorted(ranks)
            mixed += len(set(ranks)) > 1
    assert mixed > 20


@pytest.mark.parametrize("seed", range(40))
def test_heavy_before_light_over_the_cart_is_as_short_as_the_best_of_all_such_orders(
    seed: int,
) -> None:
    chance = random.Random(seed)
    layout = Layout(4, 40, tuple(chance.choice((80, 170)) for _ in range(2)), Crossing(0, 0))
    start, end, *spots = (Spot(chance.randrange(4), chance.randrange(161)) for _ in range(9))
    stops = [Stop(spot, rank=at % 2) for at, spot in enumerate(spots)]
    found = route(layout, start, end, stops)
    assert found.proven
    assert found.length == min(
        walk_length(layout, [start, *heavy, *light, end])
        for heavy in itertools.permutations(spots[0::2])
        for light in itertools.permutations(spots[1::2])
    )


@pytest.mark.parametrize("seed", range(60))
def test_heavy_before_light_is_proven_in_three_blocks_too(seed: int) -> None:
    chance = random.Random(seed)
    layout = Layout(4, 40, tuple(chance.choice((30, 80, 170)) for _ in range(3)), Crossing(0, 0))
    ys = sorted({*layout.crosses, *range(0, layout.crosses[-1] + 1, 25)})
    start, end, *spots = (Spot(chance.randrange(4), chance.choice(ys)) for _ in range(8))
    stops = [Stop(spot, rank=int(at > seed % 4)) for at, spot in enumerate(spots)]
    found = route(layout, start, end, stops)
    heavy, light = spots[: seed % 4 + 1], spots[seed % 4 + 1 :]
    assert found.proven
    assert found.length == min(
        walk_length(layout, [start, *first, *second, end])
        for first in itertools.permutations(heavy)
        for second in itertools.permutations(light)
    )


@pytest.mark.parametrize("seed", range(30))
def test_totes_of_mixed_weight_are_walked_nearly_as_short_as_can_be(seed: int) -> None:
    chance = random.Random(seed)
    layout = Layout(4, 40, (170, 80), Crossing(0, 0))
    start, end, *spots = (Spot(chance.randrange(4), chance.randrange(251)) for _ in range(8))
    stops = [Stop(spot, at % 2, "AB"[at % 3 == 0]) for at, spot in enumerate(spots)]
    waits = [
        (one, other)
        for one, other in itertools.permutations(range(6), 2)
        if stops[one].tote == stops[other].tote and stops[one].rank < stops[other].rank
    ]
    best = min(
        walk_length(layout, [start, *(spots[at] for at in order), end])
        for order in itertools.permutations(range(6))
        if all(order.index(one) < order.index(other) for one, other in waits)
    )
    assert best <= route(layout, start, end, stops).length <= 1.02 * best


def test_of_equally_short_walks_the_one_with_fewer_u_turns_is_taken() -> None:
    # In and out of both aisles is as long as going round: 2 × 200 + 2 × 100 = 2 × 300.
    spots = [Spot(1, 50), Spot(0, 100), Spot(1, 100), Spot(0, 200)]
    found = _closed(ONE_BLOCK, spots)
    assert found.length == 2 * 300 + 2 * 40 == _closed(ONE_BLOCK, spots, "return").length
    assert found.order in {(1, 3, 2, 0), (0, 2, 3, 1)}
    assert _closed(ONE_BLOCK, spots, "return").order == (1, 3, 0, 2)
    depot = ONE_BLOCK.start
    exact = shortest_order(ONE_BLOCK, depot, depot, spots, found.length)
    assert tuple(exact or ()) in {(1, 3, 2, 0), (0, 2, 3, 1)}


@pytest.mark.parametrize("seed", range(40))
def test_of_the_shortest_walks_the_exact_one_has_the_fewest_u_turns(seed: int) -> None:
    chance = random.Random(seed)
    blocks = tuple(chance.choice((100, 200)) for _ in range(chance.randint(1, 2)))
    layout = Layout(4, 40, blocks, Crossing(0, 0))
    ys = range(0, layout.crosses[-1] + 1, 25)
    spots = [Spot(chance.randrange(4), chance.choice(ys)) for _ in range(6)]

    def walk(order: Iterable[int]) -> list[Spot]:
        return [layout.start, *(spots[at] for at in order), layout.start]

    order = shortest_order(layout, layout.start, layout.start, spots, 10**6)
    assert order is not None
    walks = list(map(walk, itertools.permutations(range(6))))
    shortest = min(walk_length(layout, one) for one in walks)
    fewest = min(trouble(layout, w) for w in walks if walk_length(layout, w) == shortest)
    assert walk_length(layout, walk(order)) == shortest
    assert trouble(layout, walk(order)).u_turns == fewest.u_turns


def test_u_turns_are_counted_where_a_cart_turns_between_two_cross_aisles() -> None:
    depot = Spot(0, 0)
    assert trouble(ONE_BLOCK, [depot, Spot(0, 150), depot]) == (1, 0)
    assert trouble(ONE_BLOCK, [depot, Spot(0, 100), Spot(0, 200), Spot(1, 250), depot]) == (0, 2)
    assert trouble(ONE_BLOCK, [depot, Spot(0, 300), depot]) == (0, 0)
    assert trouble(ONE_BLOCK, [depot, Spot(0, 150), Spot(1, 150), depot]) == (0, 2)
    assert trouble(ONE_BLOCK, [Spot(0, 0), Spot(1, 100), Spot(1, 100), Spot(2, 0)]) == (1, 2)


@pytest.mark.parametrize("seed", range(60))
def test_no_policy_is_as_short_with_less_trouble(seed: int) -> None:
    layout, start, end, stops = _random_task(seed)
    stops = [Stop(stop.spot) for stop in stops]

    def badness(found: Route) -> tuple[int, ...]:
        walk = [start, *(stops[at].spot for at in found.order), end]
        return walk_length(layout, walk), *trouble(layout, walk)

    best = badness(route(layout, start, end, stops))
    for policy in POLICIES:
        assert best <= badness(route(layout, start, end, stops, policy))


def test_each_tote_is_left_at_its_own_drop_off_after_its_goods() -> None:
    stops = [
        Stop(Spot(0, 250), DROP_OFF, "A"),
        Stop(Spot(4, 50), LIGHT, "A"),
        Stop(Spot(0, 100), HEAVY, "B"),
        Stop(Spot(4, 0), DROP_OFF, "B"),
        Stop(Spot(2, 10), PICK_UP, "A"),
    ]
    order = _closed_stops(stops).order
    assert order.index(4) < order.index(1) < order.index(0)
    assert order.index(2) < order.index(3)


def test_of_several_drop_off_points_the_one_that_the_walk_ends_at_soonest_is_taken() -> None:
    stops = [Stop(Spot(4, 250))]
    ends = [Spot(0, 0), Spot(3, 0), Spot(4, 300)]
    end, found = route_to_nearest(ONE_BLOCK, Spot(0, 0), ends, stops)
    assert (end, found.length) == (Spot(4, 300), 160 + 300)
    with pytest.raises(ValueError, match="empty"):
        route_to_nearest(ONE_BLOCK, Spot(0, 0), [], stops)


def test_totes_do_not_wait_for_each_other() -> None:
    stops = [Stop(Spot(0, 250), 0, "A"), Stop(Spot(0, 100), 1, "B")]
    assert _closed_stops(stops).length == 500
    assert _closed_stops([Stop(stop.spot, stop.rank) for stop in stops]).order == (0, 1)


def _closed_stops(stops: list[Stop]) -> Route:
    return route(ONE_BLOCK, ONE_BLOCK.start, ONE_BLOCK.start, stops)


def test_the_same_task_always_gives_the_same_route() -> None:
    for seed in range(5):
        task = _random_task(seed)
        assert route(*task) == route(*task)


def test_the_matrix_holds_each_distance_both_ways() -> None:
    spots = [Spot(0, 0), Spot(1, 170), Spot(4, 30)]
    matrix = distances(TWO_BLOCKS, spots)
    assert all(
        matrix[i][j] == TWO_BLOCKS.distance(one, other)
        for i, one in enumerate(spots)
        for j, other in enumerate(spots)
    )


def test_a_layout_file_is_told_each_problem_with_its_field() -> None:
    bins = (Bin("A-1", 0, 0, 10), Bin("A-1", 9, 0, 10), Bin("A-2", 0, 3, 0), Bin("A-3", 0, 0, 301))
    layout = Layout(5, 40, (300, 0), Crossing(5, 0), Crossing(0, 3), bins)
    assert [
        (problem.code, problem.field, problem.value) for problem in layout_problems(layout)
    ] == [
        ("layout.out_of_range", "depot.aisle", 5),
        ("layout.out_of_range", "dropoff.cross", 3),
        ("layout.empty_block", "block_lengths[1]", 0),
        ("layout.code_twice", "bins[1].code", "A-1"),
        ("layout.out_of_range", "bins[1].aisle", 9),
        ("layout.out_of_range", "bins[2].block", 3),
        ("layout.out_of_range", "bins[3].offset", 301),
    ]
    assert layout_problems(TWO_BLOCKS) == []
