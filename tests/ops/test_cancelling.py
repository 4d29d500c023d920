"""Who may cancel an order at which stage, for what fee, and how often a customer may."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.kernel.values import Role
from server.orders.api import asked
from server.orders.cancel_rules import CancelRules, Stage, fee_of, has_rank, needed, stage_of
from server.orders.hold import HoldOrder
from server.orders.lifecycle import STATES, may_move
from server.orders.ops import CancelOrder
from server.store.replay import check_replay
from server.store.store import Store
from tests.exception_work import add_admin
from tests.floor_site import Handheld, build, good, scalar, table
from tests.floor_work import APPLIED, pick_all, take
from tests.notices.post import order_for
from tests.packing_work import put
from tests.picking_work import in_hand
from tests.stores import open_store

DAY = 86_400_000


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        add_admin(opened)
        good(put(opened, "cancelling", {}))
        yield opened


def cancel(who: Handheld, order: str, **more: Any) -> Any:
    return who.say("orders.cancel_order.v1", CancelOrder(order=order, reason="asked", **more))


def told(store: Store) -> list[dict[str, Any]]:
    return table(store, "SELECT * FROM order_cancelled ORDER BY at, order_id")


def look(store: Store, order: str, role: Role) -> Any:
    return store.run_sync(lambda tx: asked(tx.conn, "main", order, role, tx.now))


def test_a_confirmed_order_is_the_supervisors_to_cancel(store: Store) -> None:
    made = order_for(store)
    service, chief = Handheld(store, "service"), Handheld(store, "supervisor")
    assert cancel(service, made) == ("refused", "cancel_needs_supervisor")
    assert scalar(store, "SELECT state FROM orders") == "confirmed"
    assert cancel(chief, made) == APPLIED
    (row,) = told(store)
    assert (row["stage"], row["fee"], row["waived"]) == ("confirmed", 15, 0), "2 % of 7.50"
    assert cancel(service, made) == APPLIED, "asked twice: it is done"
    assert len(told(store)) == 1
    assert check_replay(store.url).differences == []


def test_from_the_first_pick_on_it_is_the_head_of_the_departments(store: Store) -> None:
    picker, _, made = in_hand(store, "R-9", "picker", MUG=2)
    del picker
    chief, head = Handheld(store, "supervisor"), Handheld(store, "admin")
    assert scalar(store, "SELECT state FROM orders") == "picking"
    assert cancel(chief, made) == ("refused", "cancel_needs_admin")
    hold = HoldOrder(order=made, reason="asked")
    assert chief.say("orders.hold_order.v1", hold) == APPLIED
    assert cancel(chief, made) == ("refused", "cancel_needs_admin"), "on hold it is no less begun"
    assert cancel(head, made) == APPLIED
    (row,) = told(store)
    assert (row["stage"], row["fee"]) == ("picking", 25), "5 % of 5.00"


def test_a_packed_order_costs_most(store: Store) -> None:
    picker, task, made = in_hand(store, "R-8", "picker", MUG=2)
    pick_all(picker, task)
    take(Handheld(store, "packer"), "pack")
    assert cancel(Handheld(store, "admin"), made) == APPLIED
    (row,) = told(store)
    assert (row["stage"], row["fee"]) == ("packed", 50)


def test_a_fee_is_waived_with_a_reason_by_who_may(store: Store) -> None:
    good(put(store, "cancelling", {"may": {"confirmed": "service"}}))
    made, other = order_for(store), order_for(store, "R-2")
    service, chief = Handheld(store, "service"), Handheld(store, "supervisor")
    waived = {"waiver": "our own slip"}
    assert cancel(service, made, **waived) == ("refused", "waiver_needs_supervisor")
    assert cancel(service, other, waiver="  ") == APPLIED, "blanks are no reason"
    assert cancel(chief, made, **waived) == APPLIED
    found = {r["order_id"]: (r["fee"], r["waived"], r["waiver"]) for r in told(store)}
    assert found == {made: (0, 15, "our own slip"), other: (15, 0, "")}


def test_a_fee_that_grew_since_it_was_seen_is_seen_again(store: Store) -> None:
    made = order_for(store)
    head = Handheld(store, "admin")
    seen = look(store, made, Role.ADMIN)
    assert (seen.stage, seen.fee, seen.may) == ("confirmed", 15, True)
    good(put(store, "cancelling", {"fee": {"confirmed": 30}}))
    assert cancel(head, made, seen_fee=seen.fee) == ("refused", "cancel_fee_changed")
    assert cancel(head, made, seen_fee=23) == APPLIED


def test_service_sees_the_fee_and_who_may(store: Store) -> None:
    made = order_for(store)
    seen = look(store, made, Role.SERVICE)
    assert (seen.fee, seen.currency, seen.may, seen.who) == (15, "GBP", False, "supervisor")
    assert not seen.may_waive
    assert look(store, made, Role.SUPERVISOR).may


def test_the_third_cancellation_in_ninety_days_flags_the_customer(store: Store) -> None:
    begun = store.clock()
    chief = Handheld(store, "supervisor")
    flags = []
    for at, days in enumerate((0, 91, 100, 120)):
        store.clock = lambda then=begun + days * DAY: then  # type: ignore[misc]
        store.writer._clock = store.clock
        made = order_for(store, f"R-{at}")
        chief.say("orders.cancel_order.v1", CancelOrder(order=made, reason="asked"))
        flags.append(look(store, made, Role.SERVICE).often)
    assert flags == [False, False, False, True], "the first was over ninety days before"
    event = "SELECT body FROM event WHERE kind = 'orders.cancels_often'"
    (body,) = [r["body"] for r in table(store, event)]
    assert '"times":3' in body


def test_every_state_that_may_end_so_has_a_stage_and_somebody_who_may() -> None:
    rules = CancelRules()
    stages = {s: stage_of(s) for s in STATES if may_move(s, "cancelled") and s != "hold"}
    assert {s: needed(rules, stage) for s, stage in stages.items()} == {
        **dict.fromkeys(("draft", "review"), "service"),
        **dict.fromkeys(("confirmed", "released"), "supervisor"),
        **dict.fromkeys(("picking", "picked", "packing", "packed"), "admin"),
    }
    by_stage: tuple[Stage, ...] = ("unconfirmed", "confirmed", "picking", "packed")
    assert [fee_of(rules, stage, 10_050) for stage in by_stage] == [0, 201, 503, 1005]
    assert not has_rank("picker", "service")
    assert not has_rank("", "service")
