"""What follows by itself from a delivery that was not taken in full (B8), on both databases."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.catalog.ops import PutSetting
from server.pod.ops import PlanRun
from server.returns.ops import CameLine, ReceiveReturn, StartReturn, WantedLine
from server.store.store import Store
from tests.floor_site import Handheld, build, good, scalar, system, table
from tests.floor_work import APPLIED, assert_stock_adds_up, kinds, state
from tests.pod_work import Door, closed_before, on_hand, open_returns
from tests.stores import open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def put(store: Store, value: Any) -> None:
    good(system(store, "catalog.put_setting.v1", PutSetting(key="returns", value=value)))


def lines(store: Store, rma: str) -> list[dict[str, Any]]:
    return table(store, "SELECT * FROM rma_line WHERE rma = :r ORDER BY no", r=rma)


def shown(store: Store, kind: str, scope: str = "b:main") -> list[dict[str, Any]]:
    found = "SELECT body FROM feed WHERE scope = :s AND kind = :k AND body IS NOT NULL"
    return [json.loads(r["body"]) for r in table(store, found, s=scope, k=kind)]


def story(store: Store, order_id: str) -> list[str]:
    found = "SELECT kind FROM event WHERE key = :o AND kind LIKE 'returns.%' ORDER BY ver, seq"
    return [r["kind"] for r in table(store, found, o=order_id)]


def test_a_refusal_for_a_change_of_mind_opens_a_return_and_nothing_else(store: Store) -> None:
    door = Door(store)
    assert door.close("refused", reason="changed_mind") == APPLIED
    (rma,) = open_returns(store, door.order)
    assert (rma["number"], rma["state"], rma["party"]) == ("RMA-000001", "opened", "customer")
    assert [(ln["sku"], ln["qty"], ln["back"]) for ln in lines(store, rma["id"])] == [
        ("MUG", 3, 3),
        ("TEE", 2, 2),
    ]
    assert scalar(store, "SELECT COUNT(*) FROM orders") == 1
    (row,) = shown(store, "rma")
    assert (row["number"], row["pieces"], row["party"]) == ("RMA-000001", 5, "customer")
    assert shown(store, "rma", "q:main:return") == [row]
    assert story(store, door.order) == ["returns.opened"]


def test_damage_on_the_way_is_sent_again_first_and_from_stock(store: Store) -> None:
    door = Door(store)
    assert door.close("partial", {"MUG": 1}) == APPLIED
    (again,) = table(store, "SELECT * FROM orders WHERE replaces = :o", o=door.order)
    first = table(store, "SELECT * FROM orders WHERE id = :o", o=door.order)[0]
    assert (again["number"], again["type"], again["total"]) == (
        f"{first['number']}/R1",
        "urgent",
        0,
    )
    assert again["priority"] > first["priority"]
    assert (again["ship_to"], again["customer"]) == (first["ship_to"], first["customer"])
    goods = table(store, "SELECT sku, qty FROM order_line WHERE order_id = :o", o=again["id"])
    assert goods == [{"sku": "MUG", "qty": 2}]
    assert scalar(store, "SELECT SUM(allocated) FROM stock WHERE sku = 'MUG'") == 2
    assert story(store, door.order) == ["returns.reshipped", "returns.opened"]


def test_customer_service_sees_what_followed_on_the_problem_itself(store: Store) -> None:
    door = Door(store)
    assert door.close("partial", {"MUG": 1}) == APPLIED
    (told,) = [d for d in shown(store, "discrepancy") if d["kind"] == "part_delivered"]
    assert told["details"]["rma"] == "RMA-000001"
    assert told["details"]["party"] == "carrier"
    assert told["details"]["reship"].endswith("/R1")


def test_without_stock_the_order_waits_and_the_desk_is_told(store: Store) -> None:
    door = Door(store, "R-1", LAMP=30)
    assert door.close("partial", {"LAMP": 1}, reason="missing") == APPLIED
    again = table(store, "SELECT state FROM orders WHERE replaces = :o", o=door.order)
    assert again == [{"state": "confirmed"}]
    assert "not_enough_stock" in kinds(store)
    (rma,) = open_returns(store, door.order)
    assert [(ln["qty"], ln["back"]) for ln in lines(store, rma["id"])] == [(29, 0)]


def test_a_site_that_sends_nothing_again_only_authorises(store: Store) -> None:
    put(store, {"reship": False})
    door = Door(store)
    assert door.close("partial", {"MUG": 1}) == APPLIED
    (rma,) = open_returns(store, door.order)
    assert rma["reship"] is None
    assert scalar(store, "SELECT COUNT(*) FROM orders") == 1


def test_a_reason_table_that_cannot_be_read_is_refused(store: Store) -> None:
    bad = PutSetting(key="returns", value={"reasons": {"late": {"party": "fate"}}})
    verdict = system(store, "catalog.put_setting.v1", bad)
    assert (verdict.code, (verdict.data or {})["field"]) == (
        "malformed",
        "value.reasons[...].party",
    )


def receive(who: Handheld, rma: dict[str, Any], **came: int) -> tuple[str, str | None]:
    counted = [
        CameLine(no=ln["no"], sku=ln["sku"], qty=came.get(ln["sku"], 0))
        for ln in lines(who.store, rma["id"])
    ]
    return who.say("returns.receive_return.v1", ReceiveReturn(rma=rma["id"], lines=counted))


def test_goods_that_came_back_wait_for_inspection(store: Store) -> None:
    door = Door(store)
    assert door.close("refused") == APPLIED
    assert door.bring_back(MUG=3, TEE=2) == APPLIED
    (rma,) = open_returns(store, door.order)
    assert receive(Handheld(store, "packer", "bench-9"), rma, MUG=3, TEE=2) == APPLIED
    assert (on_hand(store, "RETURNS"), on_hand(store, "INSPECTION")) == ({}, {"MUG": 3, "TEE": 2})
    assert open_returns(store, door.order)[0]["state"] == "received"
    assert shown(store, "rma") == shown(store, "rma_line") == []
    assert "return_differs" not in kinds(store)
    assert story(store, door.order)[-1] == "returns.received"
    assert_stock_adds_up(store)


def test_a_return_that_differs_is_told(store: Store) -> None:
    door = Door(store)
    assert door.close("refused", reason="late") == APPLIED
    assert door.bring_back(MUG=3, TEE=2) == APPLIED
    (rma,) = open_returns(store, door.order)
    picker = Handheld(store, "picker2", "hand-9")
    assert receive(picker, rma, MUG=2, TEE=2) == APPLIED
    assert "return_differs" in kinds(store)
    assert receive(picker, rma, MUG=1) == ("diverted", "rma_is_over")
    assert on_hand(store, "INSPECTION") == {"MUG": 3, "TEE": 2}
    assert_stock_adds_up(store)


def test_goods_of_an_authorisation_that_nobody_knows_are_put_aside_all_the_same(
    store: Store,
) -> None:
    door = Door(store)
    assert door.close("refused") == APPLIED
    assert door.bring_back(MUG=3) == APPLIED
    came = ReceiveReturn(rma="none", lines=[CameLine(no=1, sku="MUG", qty=3)])
    packer = Handheld(store, "packer", "bench-9")
    assert packer.say("returns.receive_return.v1", came) == ("diverted", "rma_unknown")
    assert on_hand(store, "INSPECTION") == {"MUG": 3}
    assert_stock_adds_up(store)


def test_a_correction_withdraws_what_had_followed(store: Store) -> None:
    door = Door(store)
    assert door.close("partial", {"MUG": 1}) == APPLIED
    assert door.correct("full") == APPLIED
    (rma,) = open_returns(store, door.order)
    assert rma["state"] == "withdrawn"
    assert state(store, rma["reship"]) == "cancelled"
    assert scalar(store, "SELECT SUM(allocated) FROM stock") == 0
    assert shown(store, "rma") == []
    told = "SELECT COUNT(*) FROM discrepancy WHERE kind = 'part_delivered' AND state = 'open'"
    assert scalar(store, told) == 0
    assert door.correct("refused", reason="late") == APPLIED
    assert [r["state"] for r in open_returns(store, door.order)] == ["withdrawn", "opened"]
    assert_stock_adds_up(store)


def test_a_correction_after_the_goods_were_taken_in_is_told(store: Store) -> None:
    door = Door(store)
    assert door.close("refused", reason="late") == APPLIED
    assert door.bring_back(MUG=3, TEE=2) == APPLIED
    (rma,) = open_returns(store, door.order)
    assert receive(Handheld(store, "packer", "bench-9"), rma, MUG=3, TEE=2) == APPLIED
    assert door.correct("full") == APPLIED
    assert open_returns(store, door.order)[0]["state"] == "received"
    assert "corrected_after_receipt" in kinds(store)
    assert_stock_adds_up(store)


def test_a_parcel_that_nobody_took_goes_out_again_on_the_next_run(store: Store) -> None:
    door = Door(store)
    assert door.close("failed", reason="nobody_home", signature=None, shown="") == APPLIED
    assert open_returns(store, door.order) == []
    told = scalar(store, "SELECT body FROM discrepancy WHERE kind = 'delivery_failed'")
    assert '"follow":"redeliver"' in told
    assert door.bring_back(MUG=3) == APPLIED
    assert state(store, door.order) == "out_for_delivery"
    assert door.bring_back(TEE=2) == APPLIED
    assert state(store, door.order) == "packed"
    assert on_hand(store, "STAGE") == {"MUG": 3, "TEE": 2}
    assert door.empty() == APPLIED
    good(system(store, "pod.plan_run.v1", PlanRun()))
    assert scalar(store, "SELECT COUNT(*) FROM stop WHERE order_id = :o", o=door.order) == 2
    assert_stock_adds_up(store)


def wish(order_id: str, **qty: int) -> StartReturn:
    numbers = {"MUG": 1, "TEE": 2}
    wanted = [WantedLine(no=numbers[sku], qty=n) for sku, n in qty.items()]
    return StartReturn(order=order_id, reason="changed_mind", lines=wanted)


def test_a_customer_starts_a_return_of_what_was_delivered(store: Store) -> None:
    """B12: the operation behind the tracking page."""
    door = Door(store)
    clerk = Handheld(store, "service", "desk-1")
    started = "returns.start_return.v1"
    assert clerk.say(started, wish(door.order, MUG=1)) == ("refused", "not_returnable")
    assert door.close("partial", {"MUG": 2}, reason="late") == APPLIED
    assert clerk.say(started, wish(door.order, MUG=3)) == ("refused", "not_returnable")
    assert clerk.say(started, wish(door.order, MUG=2)) == APPLIED
    assert clerk.say(started, wish(door.order, MUG=2)) == ("refused", "return_open")
    assert clerk.say(started, wish("none", MUG=1)) == ("refused", "not_found")
    rma = next(r for r in open_returns(store, door.order) if r["origin"] == "customer")
    assert receive(Handheld(store, "packer", "bench-9"), rma, MUG=2) == APPLIED
    assert on_hand(store, "INSPECTION") == {"MUG": 2}
    assert clerk.say(started, wish(door.order, MUG=1)) == ("refused", "not_returnable")
    assert clerk.say(started, wish(door.order, TEE=1)) == APPLIED
    assert_stock_adds_up(store)


def test_a_return_has_its_window(store: Store) -> None:
    door = Door(store)
    assert door.close("full") == APPLIED
    closed_before(store, 31 * 86_400_000)
    late = system(store, "returns.start_return.v1", wish(door.order, MUG=1))
    assert late.code == "return_window_over"
    put(store, {"window_days": 60})
    good(system(store, "returns.start_return.v1", wish(door.order, MUG=1)))


def test_a_line_that_is_wished_for_twice_is_refused(store: Store) -> None:
    """Each half is less than was delivered; together they would be more."""
    door = Door(store)
    assert door.close("full") == APPLIED
    once = wish(door.order, MUG=2)
    twice = StartReturn(order=once.order, reason=once.reason, lines=[*once.lines, *once.lines])
    verdict = system(store, "returns.start_return.v1", twice)
    assert (verdict.code, (verdict.data or {})["field"]) == ("malformed", "lines")


def test_a_thousand_wishes_open_one_return(store: Store) -> None:
    door = Door(store)
    assert door.close("full") == APPLIED
    asked = wish(door.order, MUG=1)
    verdicts = [system(store, "returns.start_return.v1", asked) for _ in range(50)]
    assert sum(v.code is None for v in verdicts) == 1
    assert {v.code for v in verdicts} == {None, "return_open"}
