"""`dockhand route` over every family of files: whatever the policy, a line for each instance and
variant, whole in its fields, and alike from run to run but for its `ms`."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from server.cli import main
from server.picking.routes import Policy
from tests.data import data

BY_HEART = ("s_shape", "return", "largest_gap", "combined")
FIELDS = {"id", "variant", "policy", "order", "length", "proven", "s_shape", "ms"}
MORE = {"scattered": {"chosen"}, "wave": {"batches"}}
VARIANTS = {"closed", "open_end", "reroute", "heavy_first", "oneway", "scattered", "wave"}
FAMILIES = {
    "route_b1_*.json": 2,
    "route_b2_*.json": 2,
    "route_b3_*.json": 2,
    "route_b5_*.json": 1,
    "oneway.json": 3,
    "scattered.json": 3,
    "wave_small_exact.json": 1,
}
"""How many instances of each are drawn for the quick test."""

Answer = dict[str, Any]
Key = tuple[Any, str]


def _answers(
    paths: list[Path], policy: str, capsys: pytest.CaptureFixture[str]
) -> dict[Key, Answer]:
    assert main(["route", "--policy", policy, *map(str, paths)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = {(line["id"], line["variant"]): line for line in lines}
    assert len(found) == len(lines), "an instance was answered twice"
    return found


def _wanted(instance: dict[str, Any]) -> Iterator[str]:
    if "orders" in instance:
        yield "wave"
    elif "lines" in instance:
        yield "scattered"
    elif "aisle_direction" in instance["warehouse"]:
        yield "oneway"
    else:
        yield from ("closed", *instance["variants"])


def _ids(instance: dict[str, Any], variant: str) -> list[Any]:
    left = instance.get("variants", {}).get(variant, {}).get("remaining")
    if left is not None:
        return sorted(left)
    return sorted(one["id"] for one in instance.get("picks") or instance["lines"])


def _problem(answer: Answer, instance: dict[str, Any], policy: str) -> str:
    """What is wrong in this line; empty when it is sound."""
    variant = answer["variant"]
    if set(answer) != FIELDS | MORE.get(variant, set()):
        return f"fields {sorted(answer)}"
    if answer["policy"] != policy:
        return f"policy {answer['policy']}"
    if variant == "wave":
        in_carts = sorted(order for cart in answer["batches"] for order in cart)
        whole = in_carts == sorted(order["id"] for order in instance["orders"])
    else:
        whole = sorted(answer["order"]) == _ids(instance, variant)
    if not whole:
        return "orders or picks left out or doubled"
    if variant == "scattered" and len(answer["chosen"]) != len(instance["lines"]):
        return "lines without a place"
    numbers = (answer["length"], answer["s_shape"], answer["ms"])
    return "" if min(numbers) >= 0 and isinstance(answer["proven"], bool) else f"{numbers}"


def _timeless(answer: Answer) -> Answer:
    return {name: value for name, value in answer.items() if name != "ms"}


def _check(
    paths: list[Path], instances: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> set[str]:
    """Go through every policy; the variants that were met."""
    by_id = {instance["id"]: instance for instance in instances}
    wanted = {(one["id"], variant) for one in instances for variant in _wanted(one)}
    found: dict[str, dict[Key, Answer]] = {}
    for policy in get_args(Policy):
        found[policy] = _answers(paths, policy, capsys)
        assert found[policy].keys() == wanted
        for key, answer in found[policy].items():
            assert not (told := _problem(answer, by_id[key[0]], policy)), (policy, key, told)
    for policy in ("optimal", "combined"):
        again = _answers(paths, policy, capsys)
        for key, answer in again.items():
            assert _timeless(answer) == _timeless(found[policy][key]), (policy, key)
    for key, answer in found["optimal"].items():
        assert answer["length"] <= min(found[policy][key]["length"] for policy in BY_HEART), key
    return {variant for _, variant in wanted}


@pytest.mark.data
def test_every_family_is_answered_by_every_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance, paths, instances = random.Random(40), [], []
    for family, count in FAMILIES.items():
        files = sorted(data("routing").glob(family))
        for at in range(count):
            whole = json.loads(chance.choice(files).read_text("utf-8"))
            whole["instances"] = [chance.choice(whole["instances"])]
            instances += whole["instances"]
            paths.append(tmp_path / f"{family[:8]}_{at}.json")
            paths[-1].write_text(json.dumps(whole), "utf-8")
    assert _check(paths, _once(instances), capsys) == VARIANTS


def _once(instances: list[dict[str, Any]]) -> list[dict[str, Any]]:
    assert len({one["id"] for one in instances}) == len(instances), "drawn twice: another seed"
    return instances


@pytest.mark.data
@pytest.mark.soak
def test_every_instance_of_every_family_is_answered_by_every_policy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    paths = sorted(data("routing").glob("*.json"))
    instances = [one for path in paths for one in json.loads(path.read_text("utf-8"))["instances"]]
    assert _check(paths, _once(instances), capsys) == VARIANTS


@pytest.mark.parametrize(
    "spoilt",
    [
        {"order": [7]},
        {"order": [7, 8, 8]},
        {"policy": "s_shape"},
        {"proven": 1},
        {"length": -1},
        {"more": 1},
    ],
)
def test_a_spoilt_line_is_told(spoilt: Answer) -> None:
    instance = {"picks": [{"id": 7}, {"id": 8}]}
    sound = {
        "id": 1,
        "variant": "closed",
        "policy": "optimal",
        "order": [8, 7],
        "length": 4,
        "proven": True,
        "s_shape": 5,
        "ms": 0.1,
    }
    assert not _problem(sound, instance, "optimal")
    assert _problem(sound | spoilt, instance, "optimal")
