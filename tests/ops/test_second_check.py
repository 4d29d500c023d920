"""Where the site asks for it, a second person counts what was picked before it is packed (A9)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.catalog.ops import PutSetting
from server.floor.ops import ReassignTask
from server.picking.ops import CheckPicked, FinishCheck
from server.picking.rules import SecondCheck
from server.store.store import Store
from tests.floor_site import Handheld, build, good, scalar, system, table
from tests.floor_work import APPLIED, assert_stock_adds_up, kinds, lines, pick_all, state, take
from tests.picking_work import in_hand, row_of, stock, take_it, tasks_of
from tests.stores import open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        asks = PutSetting(key="second_check", value={"mode": "all"})
        good(system(opened, "catalog.put_setting.v1", asks))
        yield opened


def checked(store: Store, counts: dict[str, int]) -> Handheld:
    """Somebody else takes the check and counts."""
    checker = Handheld(store, "packer")
    task = take(checker, "check")
    for line in table(store, "SELECT * FROM check_line WHERE task = :t", t=task):
        said = CheckPicked(task=task, line=line["no"], sku=line["sku"], counted=counts[line["sku"]])
        assert checker.say("picking.check_picked.v1", said) == APPLIED
    assert checker.say("picking.finish_check.v1", FinishCheck(task=task)) == APPLIED
    return checker


def test_an_order_goes_on_only_when_somebody_else_has_counted_it(store: Store) -> None:
    picker, task, order = in_hand(store, "C-1", MUG=3, TEE=1)
    pick_all(picker, task)
    assert state(store, order) == "picking"
    assert tasks_of(store, "pack") == []
    check = tasks_of(store, "check")[0]
    assert take_it(picker, check["id"]) == ("refused", "own_pick")
    given = ReassignTask(task=check["id"], expects=check["epoch"], person="picker")
    chief = Handheld(store, "supervisor")
    assert chief.say("floor.reassign_task.v1", given) == ("refused", "own_pick")
    checked(store, {"MUG": 3, "TEE": 1})
    assert state(store, order) == "picked"
    assert len(tasks_of(store, "pack")) == 1
    assert kinds(store) == []


def test_the_count_is_blind(store: Store) -> None:
    picker, task, _ = in_hand(store, "C-2", MUG=3)
    pick_all(picker, task)
    checker = Handheld(store, "packer")
    check = take(checker, "check")
    row = row_of(store, "u:packer", "check_line", f"{check}/1")
    assert row is not None
    assert row["counted"] is None
    assert 3 not in row.values()


def test_what_lacks_is_picked_again_and_counted_again(store: Store) -> None:
    picker, task, order = in_hand(store, "C-3", MUG=3)
    pick_all(picker, task)
    checked(store, {"MUG": 2})
    assert kinds(store) == ["check_mismatch"]
    assert state(store, order) == "picking"
    again = take(picker, "pick")
    assert [(line["sku"], line["qty"]) for line in lines(store, again)] == [("MUG", 1)]
    pick_all(picker, again)
    assert state(store, order) == "picking"
    second = next(t for t in tasks_of(store, "check") if t["state"] == "open")
    other = Handheld(store, "picker2")
    assert take_it(other, second["id"]) == APPLIED
    said = CheckPicked(task=second["id"], line=1, sku="MUG", counted=1)
    assert other.say("picking.check_picked.v1", said) == APPLIED
    assert other.say("picking.finish_check.v1", FinishCheck(task=second["id"])) == APPLIED
    assert state(store, order) == "picked"
    assert scalar(store, "SELECT picked FROM order_line") == 3
    assert_stock_adds_up(store)


def test_what_lacks_everywhere_is_short(store: Store) -> None:
    picker, task, order = in_hand(store, "C-4", MUG=50)
    pick_all(picker, task)
    checked(store, {"MUG": 49})
    assert state(store, order) == "picked"
    assert scalar(store, "SELECT picked FROM order_line") == 49
    assert stock(store, f"TOTE/{task}", "MUG")[0] == 49
    assert_stock_adds_up(store)


def test_what_is_too_many_goes_home(store: Store) -> None:
    picker, task, order = in_hand(store, "C-5", MUG=3)
    pick_all(picker, task)
    checked(store, {"MUG": 5})
    assert state(store, order) == "picked"
    home = table(store, "SELECT from_bin, qty, why FROM move_line")
    assert home == [{"from_bin": "PUTBACK", "qty": 2, "why": "check"}]
    assert_stock_adds_up(store)


def test_a_check_is_not_done_while_something_is_uncounted(store: Store) -> None:
    picker, task, _ = in_hand(store, "C-6", MUG=3)
    pick_all(picker, task)
    checker = Handheld(store, "packer")
    check = take(checker, "check")
    said = checker.say("picking.finish_check.v1", FinishCheck(task=check))
    assert said == ("diverted", "lines_open")


def test_who_picked_an_order_cannot_count_it_either(store: Store) -> None:
    picker, task, _ = in_hand(store, "C-7", MUG=3)
    pick_all(picker, task)
    check = tasks_of(store, "check")[0]["id"]
    said = CheckPicked(task=check, line=1, sku="MUG", counted=3)
    assert picker.say("picking.check_picked.v1", said) == ("diverted", "own_pick")


def test_which_orders_are_asked_for() -> None:
    assert not SecondCheck().asks("o", 10**9)
    assert SecondCheck(mode="value", over=500).asks("o", 500)
    assert not SecondCheck(mode="value", over=500).asks("o", 499)
    share = SecondCheck(mode="share", percent=10)
    hits = sum(share.asks(f"order-{n}", 0) for n in range(2000))
    assert 150 < hits < 250
    assert hits == sum(share.asks(f"order-{n}", 10**6) for n in range(2000))
