"""Routes against instances with proven optima, all through `dockhand route`.

Each policy walks every file of the data folder once, the optimal one twice: both answers must
be the same but for their `ms`, and of the two times the shorter counts.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import mean
from typing import Any

from bench.figure import Figure, at_most, percentile, told
from server.picking.geometry import Crossing, Layout, Spot, walk_length
from tests.rules.floor_graph import graph_of, walked

DATA = Path(os.environ.get("DOCKHAND_DATA", Path(__file__).parents[2] / "shared/data")) / "routing"
POLICIES = ("s_shape", "return", "largest_gap", "combined")
FIELDS = {"id", "variant", "policy", "order", "length", "proven", "s_shape", "ms"}
MORE = {"scattered": {"chosen"}, "wave": {"batches"}}
TWO_WAY = ("closed", "open_end", "reroute")
PROVEN_BLOCKS = 3

Answer = dict[str, Any]
Key = tuple[str, str]
"""Id of an instance, and the variant."""


class Case:
    """One answer beside its instance and the best length known."""

    def __init__(self, instance: dict[str, Any], answer: Answer, ms: float) -> None:
        self.instance = instance
        self.answer = answer
        self.ms = ms
        self.variant: str = answer["variant"]
        house = instance["warehouse"]
        self.blocks = len(house["block_lengths"])
        self.layout = Layout(
            house["aisles"],
            house["aisle_gap"],
            tuple(house["block_lengths"]),
            Crossing(**house["depot"]),
            aisle_direction=tuple(house.get("aisle_direction", ())),
        )
        self.picks: list[dict[str, Any]] = instance.get("picks", [])

    @property
    def best(self) -> int:
        reference = self.instance["reference"]
        if self.variant in ("open_end", "reroute", "heavy_first"):
            reference = self.instance["variants"][self.variant]
        return int(reference.get("optimal") or reference["best"])

    @property
    def over(self) -> float:
        """Percent over the best length known."""
        length: int = self.answer["length"]
        return 100 * (length / self.best - 1)

    def is_true(self) -> bool:
        """Is every pick in the order once, and the length that of a walk in this order? With
        one-way aisles: of one that takes no step against a direction, by a graph of all steps."""
        variant = self.instance.get("variants", {}).get(self.variant, {})
        wanted = variant.get("remaining", [pick["id"] for pick in self.picks])
        if self.variant == "scattered":
            wanted = [line["id"] for line in self.instance["lines"]]
        walk = [self._end(variant, "start"), *self._spots(), self._end(variant, "end")]
        length = (
            walk_length(self.layout, walk)
            if self.layout.is_free
            else walked(graph_of(self.layout, walk), walk)
        )
        return sorted(self.answer["order"]) == sorted(wanted) and length == self.answer["length"]

    def _spots(self) -> list[Spot]:
        if self.variant == "scattered":
            lines = zip(self.instance["lines"], self.answer["chosen"], strict=True)
            picks = [line["locations"][place] | {"id": line["id"]} for line, place in lines]
        else:
            picks = self.picks
        spots = {p["id"]: self.layout.at(p["aisle"], p["block"], p["offset"]) for p in picks}
        return [spots[pick] for pick in self.answer["order"]]

    def _end(self, variant: dict[str, Any], which: str) -> Spot:
        point = variant.get(which)
        if point is None:
            return self.layout.start
        return (
            self.layout.crossing(Crossing(**point)) if "cross" in point else self.layout.at(**point)
        )

    def keeps_heavy_first(self) -> bool:
        classes = {pick["id"]: pick["class"] for pick in self.picks}
        return "light heavy" not in " ".join(classes[pick] for pick in self.answer["order"])


def run() -> list[Figure]:
    files = [*sorted(DATA.glob("route_b*.json")), DATA / "oneway.json", DATA / "scattered.json"]
    if not files[0].exists():
        print("  shared/data/routing is missing")
        return []
    once, again = _answers(files, "optimal"), _answers(files, "optimal")
    instances = [one for path in files for one in json.loads(path.read_text("utf-8"))["instances"]]
    cases = [
        Case(instance, once[key], min(once[key]["ms"], again[key]["ms"]))
        for instance in instances
        for key in _keys(instance)
    ]
    by_heart = [_answers(files, policy) for policy in POLICIES]
    everything = [once, *by_heart, _answers(files, "nearest")]
    wanted = {key for instance in instances for key in _keys(instance)}
    longer = [k for k in once if once[k]["length"] > min(p[k]["length"] for p in by_heart)]
    changed = [k for k in once if _timeless(once[k]) != _timeless(again[k])]
    return [
        *_two_way(cases),
        *_other(cases),
        at_most("routes: longer than the best policy", len(longer), "routes", 0),
        at_most(
            "routes: lines left out or of another form", _amiss(everything, wanted), "lines", 0
        ),
        at_most("routes: changed from run to run", len(changed), "routes", 0),
        at_most(
            "routes: wrong in order or length",
            _count(cases, lambda c: not c.is_true()),
            "routes",
            0,
        ),
    ]


def _answers(files: Iterable[Path], policy: str) -> dict[Key, Answer]:
    dockhand = Path(sys.executable).with_name("dockhand")
    command = [str(dockhand), "route", "--policy", policy, *map(str, files)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    found = [json.loads(line) for line in lines]
    return {(answer["id"], answer["variant"]): answer for answer in found}


def _keys(instance: dict[str, Any]) -> list[Key]:
    """What has to be answered of an instance."""
    if "lines" in instance:
        return [(instance["id"], "scattered")]
    if "aisle_direction" in instance["warehouse"]:
        return [(instance["id"], "oneway")]
    return [(instance["id"], name) for name in ("closed", *instance["variants"])]


def _amiss(everything: Iterable[dict[Key, Answer]], wanted: set[Key]) -> int:
    return sum(
        len(wanted ^ answers.keys())
        + sum(set(a) != FIELDS | MORE.get(a["variant"], set()) for a in answers.values())
        for answers in everything
    )


def _timeless(answer: Answer) -> Answer:
    return {name: value for name, value in answer.items() if name != "ms"}


def _two_way(cases: list[Case]) -> list[Figure]:
    few = defaultdict(list)
    many = []
    for case in cases:
        if case.variant in TWO_WAY and case.blocks <= PROVEN_BLOCKS:
            few[case.variant].append(case)
        elif case.variant in TWO_WAY:
            many.append(case)
    thirty = [c.ms for c in cases if c.blocks <= PROVEN_BLOCKS and len(c.picks) == 30]
    s_shape = mean(c.answer["s_shape"] / c.answer["length"] for c in few["closed"] + many)
    return [
        *(
            at_most(f"routes: {name}, 1-3 blocks, worst", max(c.over for c in found), "% over", 0)
            for name, found in few.items()
        ),
        at_most("routes: 5 blocks, mean", mean(c.over for c in many), "% over", 0.3),
        at_most("routes: 5 blocks, worst", max(c.over for c in many), "% over", 3),
        at_most("routes: 5 blocks, slowest", max(c.ms for c in many), "ms", 100),
        at_most("routes: 30 picks, 1-3 blocks, p99", percentile(thirty, 99), "ms", 50),
        told("routes: S-shape over the optimum, mean", 100 * (s_shape - 1), "% over"),
    ]


def _other(cases: list[Case]) -> list[Figure]:
    of: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        of[case.variant].append(case)
    heavy = [case for case in of["heavy_first"] if len(case.picks) <= 30]
    broken = _count(of["heavy_first"], lambda c: not c.keeps_heavy_first())
    return [
        at_most("routes: one-way, mean", mean(c.over for c in of["oneway"]), "% over", 0.5),
        at_most("routes: one-way, worst", max(c.over for c in of["oneway"]), "% over", 3),
        at_most(
            "routes: heavy first, <= 30 picks, mean", mean(c.over for c in heavy), "% over", 0.5
        ),
        at_most("routes: heavy first, worst", max(c.over for c in of["heavy_first"]), "% over", 3),
        at_most("routes: heavy first, light before heavy", broken, "routes", 0),
        at_most(
            "routes: mixed shelves, mean", mean(c.over for c in of["scattered"]), "% over", 0.5
        ),
        at_most("routes: mixed shelves, slowest", max(c.ms for c in of["scattered"]), "ms", 200),
    ]


def _count(cases: Iterable[Case], is_so: Callable[[Case], bool]) -> int:
    return sum(map(is_so, cases))
