"""One order from the channel to the signature, by the real operations, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from server.orders.ops import CancelOrder
from server.picking.ops import ConfirmPick, FinishTask, ReportShort
from server.pod.ops import Arrive
from server.store.store import Store
from server.store.submit import Outside
from tests.floor_site import (
    Handheld,
    build,
    good,
    order,
    order_of,
    release_wave,
    scalar,
    system,
    table,
)
from tests.floor_work import (
    APPLIED,
    assert_stock_adds_up,
    evidence,
    kinds,
    lines,
    state,
    take,
    to_the_van,
)
from tests.stores import open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def test_an_order_goes_from_the_channel_to_the_signature(store: Store) -> None:
    order_id = order(store, "R-1", MUG=3, TEE=2, LAMP=1)
    assert state(store, order_id) == "confirmed"
    driver, stop = to_the_van(store, order_id)
    assert state(store, order_id) == "out_for_delivery"
    assert driver.say("pod.arrive.v1", Arrive(stop=stop["id"])) == APPLIED
    assert driver.say("pod.deliver.v1", evidence(driver, stop, "full")) == APPLIED
    assert state(store, order_id) == "delivered"
    assert scalar(store, "SELECT state FROM run") == "closed"
    assert_stock_adds_up(store)
    left = scalar(store, "SELECT SUM(qty) FROM stock WHERE sku = 'MUG'")
    assert left == 47


def test_a_refusal_leaves_the_goods_on_the_van_and_is_told(store: Store) -> None:
    order_id = order(store, "R-2", MUG=3)
    driver, stop = to_the_van(store, order_id)
    assert driver.say("pod.deliver.v1", evidence(driver, stop, "refused")) == APPLIED
    assert state(store, order_id) == "refused"
    van = "SELECT qty FROM stock WHERE bin = :b AND sku = 'MUG'"
    assert scalar(store, van, b=f"VAN/{stop['run']}") == 3
    assert "delivery_refused" in kinds(store)
    assert_stock_adds_up(store)


def test_a_short_pick_ships_what_there_is_and_opens_a_discrepancy(store: Store) -> None:
    order(store, "R-3", MUG=3, TEE=2)
    good(release_wave(store))
    picker = Handheld(store, "picker")
    task = take(picker, "pick")
    first, second = lines(store, task)
    short = ReportShort(
        task=task, line=first["no"], bin=first["bin"], sku=first["sku"], found=1, reason="missing"
    )
    assert picker.say("picking.report_short.v1", short) == APPLIED
    got = ConfirmPick(
        task=task, line=second["no"], bin=second["bin"], sku=second["sku"], qty=second["qty"]
    )
    assert picker.say("picking.confirm_pick.v1", got) == APPLIED
    assert picker.say("picking.finish_task.v1", FinishTask(task=task)) == APPLIED
    assert kinds(store) == ["short_pick"]
    assert scalar(store, "SELECT SUM(allocated) FROM stock") == 0
    assert_stock_adds_up(store)


def test_two_people_confirm_the_same_line_one_effect_the_other_is_told(store: Store) -> None:
    order(store, "R-4", MUG=3)
    good(release_wave(store))
    first, second = Handheld(store, "picker"), Handheld(store, "picker2")
    task = take(first, "pick")
    line = lines(store, task)[0]
    pick = ConfirmPick(task=task, line=1, bin=line["bin"], sku="MUG", qty=3)
    assert first.say("picking.confirm_pick.v1", pick) == APPLIED
    assert second.say("picking.confirm_pick.v1", pick) == ("diverted", "already_picked")
    told = table(store, "SELECT body FROM feed WHERE scope = 'd:dev-picker2' AND kind = 'result'")
    assert msgspec.json.decode(told[0]["body"])["code"] == "already_picked"
    assert scalar(store, "SELECT qty FROM stock WHERE bin = 'PUTBACK' AND sku = 'MUG'") == 3
    assert kinds(store) == ["already_picked"]
    assert_stock_adds_up(store)


def test_the_same_push_again_has_no_second_effect(store: Store) -> None:
    order(store, "R-5", MUG=3)
    good(release_wave(store))
    picker = Handheld(store, "picker")
    task = take(picker, "pick")
    line = lines(store, task)[0]
    picker.say(
        "picking.confirm_pick.v1",
        ConfirmPick(task=task, line=1, bin=line["bin"], sku="MUG", qty=3),
    )
    before = scalar(store, "SELECT qty FROM stock WHERE bin = :b AND sku = 'MUG'", b=line["bin"])
    assert picker.push(*picker.sent) == picker.n
    after = scalar(store, "SELECT qty FROM stock WHERE bin = :b AND sku = 'MUG'", b=line["bin"])
    assert before == after == 47


def test_an_order_of_which_nothing_was_found_goes_no_further(store: Store) -> None:
    made = order(store, "R-6", MUG=3)
    good(release_wave(store))
    picker = Handheld(store, "picker")
    task = take(picker, "pick")
    line = lines(store, task)[0]
    none = ReportShort(task=task, line=1, bin=line["bin"], sku="MUG", found=0, reason="missing")
    assert picker.say("picking.report_short.v1", none) == APPLIED
    assert picker.say("picking.finish_task.v1", FinishTask(task=task)) == APPLIED
    assert state(store, made) == "hold"
    assert kinds(store) == ["nothing_picked", "short_pick"]
    assert table(store, "SELECT id FROM task WHERE kind = 'pack'") == []


def test_an_order_that_is_sent_again_is_told_which_one_it_is(store: Store) -> None:
    made = order(store, "R-7", MUG=3)
    more = order_of("R-7", MUG=5)
    again = system(store, "orders.import_order.v1", more, Outside("desk", "R-7 by hand"))
    assert (again.outcome, again.code) == ("refused", "order_exists")
    assert again.data is not None
    assert again.data["by"] == scalar(store, "SELECT number FROM orders WHERE id = :o", o=made)
    assert scalar(store, "SELECT COUNT(*) FROM orders") == 1
    assert scalar(store, "SELECT qty FROM order_line") == 3


def test_a_stop_that_is_closed_keeps_its_outcome_and_a_second_proof_is_told(store: Store) -> None:
    order_id = order(store, "R-8", MUG=3)
    driver, stop = to_the_van(store, order_id)
    assert driver.say("pod.deliver.v1", evidence(driver, stop, "full")) == APPLIED
    before = table(store, "SELECT bin, qty FROM stock ORDER BY bin")
    again = driver.say("pod.deliver.v1", evidence(driver, stop, "refused"))
    assert again == ("diverted", "stop_already_closed")
    assert state(store, order_id) == "delivered"
    assert table(store, "SELECT bin, qty FROM stock ORDER BY bin") == before


def test_an_order_on_the_road_cannot_be_cancelled(store: Store) -> None:
    order_id = order(store, "R-9", MUG=3)
    to_the_van(store, order_id)
    gone = CancelOrder(order=order_id, reason="customer")
    chief = Handheld(store, "supervisor")
    assert chief.say("orders.cancel_order.v1", gone) == ("refused", "illegal_order_move")
    assert state(store, order_id) == "out_for_delivery"
