"""The rest of a walk made anew on a handheld without a network: `pwa/src/route/reroute.ts`, as the
app's own build makes it, in real Chromium whose processor is six times slower.

Each case is a floor, where the picker stands, and stops in no order that would help. Baseline of a
length is what the server makes of the same case: `dockhand route`, and its engines where stops are
heavy and light in several totes. A handheld makes a walk seldom, so some cases are also timed as
the first that a fresh page makes. Of several times of one case the shortest counts.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

from playwright.sync_api import Page

from bench.browser import handheld, throttle
from bench.bundle import built
from bench.figure import Figure, at_most, percentile, told
from bench.routes import DATA
from tests.rules.reroute_cases import VECTORS

SLOWER = 6
ROUNDS = 5
EACH = 25
"""One case of so many is made also in pages that have made none."""
ENTRY = "src/route/reroute.ts"

MAKE = """cases => cases.map(({ stops, from, end, layout }) => {
  const began = performance.now();
  const order = part.reroute(stops, from, end, layout);
  const ms = performance.now() - began;
  return { order, ms, length: part.routeLength(stops, order, from, end, layout) };
})"""


class Case(NamedTuple):
    """`length`: the server's, in decimetres."""

    kind: str
    task: dict[str, Any]
    length: int


class Walk(NamedTuple):
    case: Case
    ms: float
    over: float
    """Percent over the server's."""


def run() -> list[Figure]:
    cases = list(_cases())
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        script = built(ENTRY, "iife", folder / "built")
        with handheld(folder / "profile") as page:
            warm = _fresh(page, script)
            walks = _fastest(_made(warm, cases) for _ in range(ROUNDS))
            some = cases[::EACH]
            cold = _fastest(
                [_made(_fresh(page, script), [case])[0] for case in some] for _ in range(ROUNDS)
            )
    return _figures(walks, cold)


def _figures(walks: list[Walk], cold: list[Walk]) -> list[Figure]:
    kinds = sorted({walk.case.kind for walk in walks})
    over = {kind: [w.over for w in walks if w.case.kind == kind] for kind in kinds}
    return [
        at_most("walk: on the device, 6x slower, p99", percentile(_ms(walks), 99), "ms", 50),
        at_most("walk: the first in a page, 6x slower, p99", percentile(_ms(cold), 99), "ms", 50),
        told("walk: on the device, 6x slower, slowest", max(_ms([*walks, *cold])), "ms"),
        told("walk: on the device, 6x slower, p50", percentile(_ms(walks), 50), "ms"),
        *(at_most(f"walk: {kind}, mean", mean(found), "% over", 3) for kind, found in over.items()),
        *(at_most(f"walk: {kind}, worst", max(found), "% over", 3) for kind, found in over.items()),
    ]


def _ms(walks: list[Walk]) -> list[float]:
    return [walk.ms for walk in walks]


def _fastest(rounds: Iterable[list[Walk]]) -> list[Walk]:
    return [min(same, key=lambda walk: walk.ms) for same in zip(*rounds, strict=True)]


def _fresh(page: Page, script: str) -> Page:
    page.goto("about:blank")
    throttle(page, SLOWER)
    page.add_script_tag(content=script)
    return page


def _made(page: Page, cases: list[Case]) -> list[Walk]:
    made = page.evaluate(MAKE, [case.task for case in cases])
    for case, found in zip(cases, made, strict=True):
        if sorted(found["order"]) != list(range(len(case.task["stops"]))):
            raise RuntimeError(f"{case.kind}: {found['order']} is no order of the stops")
    return [
        Walk(case, found["ms"], 100 * (found["length"] / case.length - 1))
        for case, found in zip(cases, made, strict=True)
    ]


def _cases() -> Iterator[Case]:
    files = [*sorted(DATA.glob("route_b*.json")), DATA / "oneway.json"]
    if not files[0].exists():
        raise RuntimeError("shared/data/routing is missing")
    lengths = _server(files)
    for path in files:
        for instance in json.loads(path.read_text("utf-8"))["instances"]:
            for kind in ("reroute", "heavy_first", "oneway"):
                if length := lengths.get((instance["id"], kind)):
                    yield Case(kind.replace("_", " "), _task(instance, kind), length)
    for vector in json.loads(VECTORS.read_text("utf-8")):
        if vector["stops"] and "heavy" in vector["name"]:
            yield Case("heavy first in each tote", vector, vector["length"])


def _server(files: list[Path]) -> dict[tuple[str, str], int]:
    dockhand = Path(sys.executable).with_name("dockhand")
    command = [str(dockhand), "route", *map(str, files)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    found = map(json.loads, lines)
    return {(answer["id"], answer["variant"]): answer["length"] for answer in found}


def _task(instance: dict[str, Any], kind: str) -> dict[str, Any]:
    house = instance["warehouse"]
    floor = {
        "gap": house["aisle_gap"],
        "block_lengths": house["block_lengths"],
        "aisle_direction": house.get("aisle_direction", []),
    }
    variant = instance.get("variants", {}).get(kind, {})
    left = variant.get("remaining", [pick["id"] for pick in instance["picks"]])
    picks = {pick["id"]: pick for pick in instance["picks"]}
    depot = house["depot"]
    return {
        "layout": floor,
        "from": _spot(floor, variant.get("start", depot)),
        "end": _spot(floor, variant.get("end", depot)),
        "stops": [_stop(picks[one], ranked=kind == "heavy_first") for one in left],
    }


def _stop(pick: dict[str, Any], *, ranked: bool) -> dict[str, Any]:
    place = {"aisle": pick["aisle"], "block": pick["block"], "offset_dm": pick["offset"]}
    return place | ({"rank": int(pick["class"] != "heavy"), "tote": 0} if ranked else {})


def _spot(floor: dict[str, Any], point: dict[str, Any]) -> dict[str, int]:
    lengths = floor["block_lengths"]
    if "cross" in point:
        return {"aisle": point["aisle"], "y": sum(lengths[: point["cross"]])}
    return {"aisle": point["aisle"], "y": sum(lengths[: point["block"]]) + point["offset"]}
