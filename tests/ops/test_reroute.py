"""The server plans a walk again where lines go, come back or change hands: the rest is then the
shortest there is from where the cart stands, by the exact programme."""

import time
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.catalog.ops import PutItem, PutSetting
from server.floor.leases import PauseTask, ResumeTask
from server.floor.ops import ReassignTask
from server.inventory.ops import PutBin, ReceiveStock
from server.orders.ops import CancelOrder
from server.picking.geometry import Crossing, Layout, Spot, walk_length
from server.picking.ops import PickElsewhere, Reroute, SplitTask
from server.picking.routes import Stop, route
from server.store.store import Store
from tests.floor_site import Handheld, build, good, scalar, system, table
from tests.floor_work import APPLIED, lines
from tests.picking_work import finish, in_hand, pick, place, tasks_of
from tests.stores import open_store

LAYOUT = Layout(aisles=6, gap=30, block_lengths=(100, 100), depot=Crossing(0, 0))
SPOTS = {
    f"N{at}": spot
    for at, spot in enumerate([(0, 80), (1, 130), (2, 20), (3, 190), (4, 60), (5, 110), (5, 40)])
}
HEAVY = {"N6"}


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        layout = PutSetting(key="layout", value=msgspec.to_builtins(LAYOUT))
        good(system(opened, "catalog.put_setting.v1", layout))
        for sku, (aisle, y) in SPOTS.items():
            block, offset = divmod(y, 100)
            shelf = PutBin(code=f"B-{sku}", aisle=aisle, block=block, offset_dm=offset)
            good(system(opened, "inventory.put_bin.v1", shelf))
            weight = "heavy" if sku in HEAVY else "light"
            item = PutItem(sku=sku, name=sku, codes=[], weight_class=weight)
            good(system(opened, "catalog.put_item.v1", item))
            stock = ReceiveStock(bin=shelf.code, sku=sku, qty=50)
            good(system(opened, "inventory.receive_stock.v1", stock))
        yield opened


ASKED = {sku: 1 for sku in SPOTS if sku not in HEAVY}


def walk(store: Store, task: str) -> list[dict[str, Any]]:
    """The open lines as they are walked."""
    still = [line for line in lines(store, task) if line["state"] == "open"]
    return sorted(still, key=lambda line: (line["seq"] or line["no"], line["no"]))


def metres(start: Spot, ahead: list[dict[str, Any]]) -> int:
    spots = [Spot(*SPOTS[line["sku"]]) for line in ahead]
    return walk_length(LAYOUT, [start, *spots, LAYOUT.end])


def shortest(start: Spot, ahead: list[dict[str, Any]]) -> int:
    """By trying every order."""
    return min(metres(start, list(each)) for each in permutations(ahead))


def of(store: Store, task: str, sku: str) -> dict[str, Any]:
    return next(line for line in lines(store, task) if line["sku"] == sku)


def epoch(store: Store, task: str) -> int:
    return int(scalar(store, "SELECT epoch FROM task WHERE id = :t", t=task))


def out_of_turn(store: Store, ref: str) -> tuple[Handheld, str, Spot]:
    """A picker who began with the far end of the walk, and now stands there."""
    picker, task, _ = in_hand(store, ref, "picker", **ASKED)
    assert pick(picker, of(store, task, "N5")) == APPLIED
    assert metres(Spot(*SPOTS["N5"]), walk(store, task)) > shortest(
        Spot(*SPOTS["N5"]), walk(store, task)
    )
    return picker, task, Spot(*SPOTS["N5"])


def assert_shortest(store: Store, task: str, start: Spot) -> None:
    ahead = walk(store, task)
    assert metres(start, ahead) == shortest(start, ahead)


def test_reassigned_half_done_the_walk_goes_on_from_where_the_cart_stands(store: Store) -> None:
    _, task, here = out_of_turn(store, "R-1")
    chief = Handheld(store, "supervisor")
    given = ReassignTask(task=task, expects=epoch(store, task), person="picker2")
    assert chief.say("floor.reassign_task.v1", given) == APPLIED
    assert_shortest(store, task, here)


def test_both_halves_of_a_split_task_are_the_shortest_and_priced(store: Store) -> None:
    _, task, here = out_of_turn(store, "R-2")
    chief = Handheld(store, "supervisor")
    gone = [of(store, task, sku)["no"] for sku in ("N0", "N3", "N4")]
    op = SplitTask(task=task, expects=epoch(store, task), lines=gone, person="picker2")
    assert chief.say("picking.split_task.v1", op) == APPLIED
    made = next(str(t["id"]) for t in tasks_of(store, "pick") if t["id"] != task)
    assert_shortest(store, task, here)
    assert_shortest(store, made, LAYOUT.start)
    (twin,) = [t for t in tasks_of(store, "pick") if t["id"] == made]
    assert (
        msgspec.json.decode(twin["body"])["metres"] == metres(LAYOUT.start, walk(store, made)) / 10
    )
    assert msgspec.json.decode(twin["body"])["s_shape_metres"] > 0


def test_a_line_that_came_back_leaves_the_other_walk_the_shortest(store: Store) -> None:
    picker, task, _ = in_hand(store, "R-3", "picker", **ASKED)
    chief, other = Handheld(store, "supervisor"), Handheld(store, "picker2")
    gone = [of(store, task, sku)["no"] for sku in ("N1", "N2", "N3", "N4")]
    late = of(store, task, "N4")
    op = SplitTask(task=task, expects=epoch(store, task), lines=gone, person="picker2")
    assert chief.say("picking.split_task.v1", op) == APPLIED
    made = next(str(t["id"]) for t in tasks_of(store, "pick") if t["id"] != task)
    assert pick(other, of(store, made, "N3")) == APPLIED
    assert pick(picker, late) == APPLIED  # off-line, on the older lease
    assert [line["sku"] for line in walk(store, made)]
    assert_shortest(store, made, Spot(*SPOTS["N3"]))


def test_taken_up_again_the_walk_goes_on_from_where_the_picker_stands(store: Store) -> None:
    picker, task, here = out_of_turn(store, "R-4")
    paused = PauseTask(task=task, expects=epoch(store, task), reason="lunch")
    assert picker.say("floor.pause_task.v1", paused) == APPLIED
    resumed = ResumeTask(task=task, expects=epoch(store, task))
    assert picker.say("floor.resume_task.v1", resumed) == APPLIED
    assert_shortest(store, task, here)


def elsewhere(store: Store, task: str, *, age_ms: int) -> None:
    """The rest of N0 from a bin that the handheld has put at the end of its walk."""
    picker = Handheld(store, "picker", f"dev-{age_ms}")
    line = of(store, task, "N0")
    ahead = [each["no"] for each in walk(store, task) if each["no"] != line["no"]]
    op = PickElsewhere(
        **place(line),
        found=0,
        reason="missing",
        to_bin="B-N6",
        qty=1,
        walk=[*ahead, line["no"] + 10_000],
    )
    said = picker.envelope("picking.pick_elsewhere.v1", op)
    picker.push(msgspec.structs.replace(said, at=said.at - age_ms))


def test_another_bin_is_put_where_it_costs_least_unless_it_was_walked_already(store: Store) -> None:
    _, task, _ = in_hand(store, "R-5", "picker", **ASKED)
    elsewhere(store, task, age_ms=10 * 60_000)
    assert walk(store, task)[-1]["bin"] == "B-N6"
    _, fresh, _ = in_hand(store, "R-6", "picker2", **ASKED)
    elsewhere(store, fresh, age_ms=0)
    assert walk(store, fresh)[-1]["bin"] != "B-N6"


def test_a_picker_asks_for_the_shortest_walk_from_a_bin(store: Store) -> None:
    picker, task, _ = in_hand(store, "R-7", "picker", **ASKED)
    asked = Reroute(task=task, expects=epoch(store, task), bin="B-N3")
    assert picker.say("picking.reroute.v1", asked) == APPLIED
    assert_shortest(store, task, Spot(*SPOTS["N3"]))


def test_a_walk_that_is_as_short_as_any_stays_as_it_is(store: Store) -> None:
    picker, task, _ = in_hand(store, "R-8", "picker", **ASKED)
    before = table(store, "SELECT key, ver FROM feed WHERE kind = 'line' ORDER BY key")
    asked = Reroute(task=task, expects=epoch(store, task))
    assert picker.say("picking.reroute.v1", asked) == APPLIED
    assert table(store, "SELECT key, ver FROM feed WHERE kind = 'line' ORDER BY key") == before


def test_heavy_goods_stay_before_light_ones_of_their_tote(store: Store) -> None:
    picker, task, _ = in_hand(store, "R-9", "picker", **ASKED, N6=1)
    asked = Reroute(task=task, expects=epoch(store, task), bin="B-N0")
    assert picker.say("picking.reroute.v1", asked) == APPLIED
    first, *rest = walk(store, task)
    assert first["sku"] == "N6"
    assert metres(Spot(*SPOTS["N6"]), rest) == shortest(Spot(*SPOTS["N6"]), rest)


def walked(store: Store, task: str) -> tuple[float, float]:
    """Metres and S-shape metres, as the task says them."""
    body = msgspec.json.decode(scalar(store, "SELECT body FROM task WHERE id = :t", t=task))
    return body["metres"], body["s_shape_metres"]


def by_s_shape(skus: list[str]) -> float:
    stops = [Stop(Spot(*SPOTS[sku])) for sku in skus]
    return route(LAYOUT, LAYOUT.start, LAYOUT.end, stops, "s_shape").length / 10


def test_once_it_is_over_a_task_says_what_was_walked_and_not_what_was_planned(store: Store) -> None:
    picker, task, _ = in_hand(store, "R-11", "picker", **ASKED)
    planned, _ = walked(store, task)
    chosen = ["N5", "N0", "N3", "N1", "N4", "N2"]
    for sku in chosen:
        assert pick(picker, of(store, task, sku)) == APPLIED
        time.sleep(0.002)  # nobody picks two lines within a millisecond
    assert finish(picker, task) == APPLIED
    way = [Spot(*SPOTS[sku]) for sku in chosen]
    on_foot = walk_length(LAYOUT, [LAYOUT.start, *way, LAYOUT.end]) / 10
    assert on_foot > planned
    assert walked(store, task) == (on_foot, by_s_shape(chosen))


def test_a_task_that_was_cancelled_half_done_counts_as_far_as_it_came(store: Store) -> None:
    picker, task, made = in_hand(store, "R-12", "picker", **ASKED)
    assert pick(picker, of(store, task, "N2")) == APPLIED
    chief = Handheld(store, "supervisor")
    assert chief.say("orders.cancel_order.v1", CancelOrder(order=made, reason="x")) == APPLIED
    there = Spot(*SPOTS["N2"])
    on_foot = walk_length(LAYOUT, [LAYOUT.start, there, LAYOUT.end]) / 10
    assert walked(store, task) == (on_foot, by_s_shape(["N2"]))


def test_a_task_on_which_nobody_set_out_was_walked_no_metre(store: Store) -> None:
    _, task, made = in_hand(store, "R-13", "picker", **ASKED)
    chief = Handheld(store, "supervisor")
    assert chief.say("orders.cancel_order.v1", CancelOrder(order=made, reason="x")) == APPLIED
    assert walked(store, task) == (0, 0)


def test_who_may_not_ask_is_told_why(store: Store) -> None:
    _, task, _ = in_hand(store, "R-10", "picker", **ASKED)
    other, mine = Handheld(store, "picker2"), Handheld(store, "picker", "mine")
    now = epoch(store, task)
    for handheld, op, why in (
        (other, Reroute(task=task, expects=now), "taken_by_other"),
        (mine, Reroute(task=task, expects=now - 1), "stale"),
        (mine, Reroute(task=task, expects=now, bin="NOWHERE"), "not_found"),
        (mine, Reroute(task="NONE", expects=0), "not_found"),
    ):
        assert handheld.say("picking.reroute.v1", op) == ("refused", why)
