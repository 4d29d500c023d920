"""Routes against instances whose optimum is proven."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

import msgspec
import pytest

from server.picking.geometry import Crossing, Layout, Spot
from server.picking.routes import Policy, Stop, route
from server.picking.scattered import Line, Location, route_scattered

DATA = Path(os.environ.get("DOCKHAND_DATA", Path(__file__).parents[3] / "shared/data")) / "routing"


@cache
def _instances() -> list[dict[str, Any]]:
    files = sorted(DATA.glob("route_b*.json"))
    if not files:
        pytest.skip("shared/data/routing is missing")
    return [one for file in files for one in json.loads(file.read_text("utf-8"))["instances"]]


def _task(instance: dict[str, Any]) -> tuple[Layout, list[Stop]]:
    house = instance["warehouse"]
    lengths = tuple(house["block_lengths"])
    layout = Layout(house["aisles"], house["aisle_gap"], lengths, Crossing(**house["depot"]))
    picks = instance["picks"]
    return layout, [Stop(layout.at(p["aisle"], p["block"], p["offset"])) for p in picks]


def _spot(layout: Layout, point: dict[str, Any]) -> Spot:
    return layout.crossing(Crossing(**point)) if "cross" in point else layout.at(**point)


@pytest.mark.parametrize("policy", ["s_shape", "return", "largest_gap", "combined"])
def test_policy_is_as_long_as_in_the_reference(policy: Policy) -> None:
    checked = 0
    for instance in _instances():
        if policy in instance["reference"]:
            layout, stops = _task(instance)
            found = route(layout, layout.start, layout.start, stops, policy)
            assert found.length == instance["reference"][policy], instance["id"]
            checked += 1
    assert checked >= 96


def _gaps() -> Iterator[tuple[str, int, bool, float]]:
    """Variant, blocks, whether the route claims to be proven, length over the optimum."""
    for instance in _instances():
        layout, stops = _task(instance)
        blocks = len(layout.block_lengths)
        closed = route(layout, layout.start, layout.start, stops)
        optimum = instance["reference"]["optimal"]
        yield "closed", blocks, closed.proven, closed.length / optimum - 1
        for name in ("open_end", "reroute"):
            variant = instance["variants"][name]
            left = [stops[at] for at in variant.get("remaining", range(len(stops)))]
            ends = [_spot(layout, variant[end]) for end in ("start", "end")]
            found = route(layout, ends[0], ends[1], left)
            yield name, blocks, found.proven, found.length / variant["optimal"] - 1


def test_optimal_is_the_proven_optimum_and_near_it_beyond_three_blocks() -> None:
    gaps: dict[tuple[str, int], list[float]] = defaultdict(list)
    for variant, blocks, proven, gap in _gaps():
        assert gap >= 0
        assert gap == 0 or not proven
        assert proven or blocks > 3
        gaps[variant, blocks].append(gap)
    for case, found in sorted(gaps.items()):
        print(f"{case}: mean {mean(found):.4%}, worst {max(found):.2%}")  # noqa: T201
        assert mean(found) <= 0.003
        assert max(found) <= 0.03
    assert sum(map(len, gaps.values())) > 900


def test_heavy_first_is_near_the_best_known() -> None:
    gaps = []
    for instance in _instances():
        layout, stops = _task(instance)
        ranked = [
            Stop(stop.spot, rank=int(pick["class"] == "light"))
            for stop, pick in zip(stops, instance["picks"], strict=True)
        ]
        found = route(layout, layout.start, layout.start, ranked)
        ranks = [ranked[at].rank for at in found.order]
        assert ranks == sorted(ranks)
        reference = instance["variants"]["heavy_first"]
        assert found.length >= reference["best"] or not reference["proved"]
        assert found.length <= reference["best"] or not found.proven, instance["id"]
        assert found.proven or len(layout.block_lengths) > 3
        if len(stops) <= 30:
            gaps.append(found.length / reference["best"] - 1)
    print(f"heavy first: mean {mean(gaps):.3%}, worst {max(gaps):.2%}")  # noqa: T201
    assert mean(gaps) <= 0.005


def _named(name: str) -> list[dict[str, Any]]:
    path = DATA / name
    if not path.exists():
        pytest.skip("shared/data/routing is missing")
    instances: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["instances"]
    return instances


def test_one_way_routes_are_near_the_best_known() -> None:
    gaps = []
    for instance in _named("oneway.json"):
        two_way, stops = _task(instance)
        directions = tuple(instance["warehouse"]["aisle_direction"])
        layout = msgspec.structs.replace(two_way, aisle_direction=directions)
        found = route(layout, layout.start, layout.start, stops)
        reference = instance["reference"]
        assert found.length >= reference["best"] or not reference["proved"]
        gaps.append(found.length / reference["best"] - 1)
    assert mean(gaps) <= 0.005
    assert max(gaps) <= 0.03


def test_mixed_shelves_are_near_the_proven_optimum() -> None:
    gaps = []
    for instance in _named("scattered.json"):
        layout, _ = _task({**instance, "picks": []})
        lines = [
            Line(line["qty"], tuple(Location(layout.at(**place)) for place in line["locations"]))
            for line in instance["lines"]
        ]
        found = route_scattered(layout, layout.start, layout.start, lines)
        gap = found.route.length / instance["reference"]["optimal"] - 1
        assert gap >= 0
        assert gap == 0 or not found.proven
        gaps.append(gap)
    assert mean(gaps) <= 0.005
