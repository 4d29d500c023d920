"""Vectors for re-routing on the device: `python -m tests.rules.reroute_cases` writes them anew.

Each case has a floor, where the picker stands, the end, the stops left, and what the server makes
of them: `length` of its walk, `given` of the stops as they stand (both in decimetres).
"""

import random
from pathlib import Path
from typing import Any

import msgspec

from server.picking.geometry import Crossing, Layout, Spot
from server.picking.ranks import Stop
from server.picking.routes import route
from server.picking.traffic import Traffic

VECTORS = Path(__file__).parents[1] / "vectors" / "reroute.json"
Case = dict[str, Any]


def cases() -> list[Case]:
    return [_case(seed) for seed in range(48)]


def _case(seed: int) -> Case:
    """In turns a free floor, one-way aisles, aisles without turning, and heavy before light."""
    chance = random.Random(seed)
    kind = ("free", "one-way", "no turn", "heavy first")[seed % 4]
    aisles, blocks = chance.choice((6, 10, 16)), chance.randint(1, 3)
    layout = Layout(
        aisles,
        40,
        tuple(chance.choice((170, 320, 470)) for _ in range(blocks)),
        Crossing(0, 0),
        aisle_direction=tuple((1, -1)[a % 2] for a in range(aisles)) if kind == "one-way" else (),
        no_turn=tuple(range(0, aisles, 2)) if kind == "no turn" else (),
    )
    places = [_place(chance, layout) for _ in range(chance.choice((4, 12, 20, 30)))]
    from_, *rest = places
    stops = [
        {"aisle": a, "block": b, "offset_dm": o}
        | (
            {"rank": chance.randrange(2), "tote": chance.randrange(3)}
            if kind == "heavy first"
            else {}
        )
        for a, b, o in rest
    ]
    return _solved(f"{kind} {seed}", layout, layout.at(*from_), stops)


def _place(chance: random.Random, layout: Layout) -> tuple[int, int, int]:
    block = chance.randrange(len(layout.block_lengths))
    return (
        chance.randrange(layout.aisles),
        block,
        5 * chance.randint(1, layout.block_lengths[block] // 5),
    )


def _solved(name: str, layout: Layout, from_: Spot, stops: list[dict[str, int]]) -> Case:
    spots = [layout.at(stop["aisle"], stop["block"], stop["offset_dm"]) for stop in stops]
    tasks = [
        Stop(spot, stop.get("rank", 0), str(stop.get("tote", "")))
        for spot, stop in zip(spots, stops, strict=True)
    ]
    found = route(layout, from_, layout.start, tasks)
    if "heavy" in name:  # as a device has them: in order, but for the two that came last
        stops = [stops[at] for at in sorted(found.order, key=lambda at: at < 2)]
        spots = [layout.at(stop["aisle"], stop["block"], stop["offset_dm"]) for stop in stops]
    return {
        "name": name,
        "layout": {
            "gap": layout.gap,
            "block_lengths": layout.block_lengths,
            "aisle_direction": layout.aisle_direction,
            "no_turn": layout.no_turn,
        },
        "from": from_._asdict(),
        "end": layout.start._asdict(),
        "stops": stops,
        "given": Traffic(layout).walk_length([from_, *spots, layout.start]),
        "length": found.length,
    }


def written() -> bytes:
    """One case a line, so that a change shows."""
    return b"[\n" + b",\n".join(msgspec.json.encode(case) for case in cases()) + b"\n]\n"


if __name__ == "__main__":
    VECTORS.write_bytes(written())
