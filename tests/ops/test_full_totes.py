"""A tote that is full before its order is: another one takes the rest."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.picking.full_totes import FillTote
from server.picking.ops import ConfirmPick, UndoPick
from server.picking.totes import AssignTote
from server.store.replay import check_replay
from server.store.store import Store
from tests.floor_site import Handheld, build, order, release_wave, scalar, table
from tests.floor_work import APPLIED, assert_stock_adds_up, lines, pack_all, state, take
from tests.picking_work import finish, line_of, pick, place, row_of
from tests.stores import open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def on_a_cart(store: Store) -> tuple[Handheld, str, list[str]]:
    """Two orders on one cart, its totes scanned: the first one's tote is T1."""
    made = [order(store, "F-1", MUG=5, TEE=2), order(store, "F-2", MUG=1)]
    release_wave(store, mode="cluster")
    picker = Handheld(store, "picker")
    task = take(picker, "pick")
    for tote in table(store, "SELECT slot, order_id FROM pick_tote"):
        named = f"T{made.index(tote['order_id']) + 1}"
        put_on = AssignTote(task=task, slot=tote["slot"], code=named)
        assert picker.say("picking.assign_tote.v1", put_on) == APPLIED
    return picker, task, made


def fill(line: dict[str, Any], qty: int, **more: Any) -> FillTote:
    same = {"task": line["task"], "slot": line["slot"], "line": line["no"], "code": "T9"}
    return FillTote(**{**same, "to_slot": 3, "qty": qty, **more})


def of(store: Store, task: str, order_id: str, sku: str) -> dict[str, Any]:
    return next(ln for ln in lines(store, task) if (ln["order_id"], ln["sku"]) == (order_id, sku))


def totes(store: Store) -> dict[str, int]:
    held = "SELECT bin, SUM(qty) AS n FROM stock WHERE bin LIKE 'TOTE/%' GROUP BY bin"
    return {r["bin"].rpartition("/")[2]: int(r["n"]) for r in table(store, held) if r["n"]}


def test_what_fits_is_picked_and_the_rest_is_the_next_line_for_another_tote(store: Store) -> None:
    picker, task, made = on_a_cart(store)
    mug, tee = (of(store, task, made[0], sku) for sku in ("MUG", "TEE"))
    full = fill(mug, 3, lines=[mug["no"], tee["no"]])
    assert picker.say("picking.fill_tote.v1", full) == APPLIED
    done, rest = line_of(store, task, mug["no"]), line_of(store, task, mug["no"] + 10_000)
    assert (done["state"], done["qty"], done["picked"]) == ("picked", 3, 3)
    assert (rest["state"], rest["qty"], rest["slot"], rest["bin"]) == ("open", 2, 3, mug["bin"])
    assert of(store, task, made[0], "TEE")["slot"] == 3
    assert of(store, task, made[1], "MUG")["slot"] != 3
    shown = row_of(store, "u:picker", "tote", f"{task}/3")
    assert shown is not None
    assert (shown["code"], shown["order"]) == ("T9", made[0])
    assert row_of(store, "u:picker", "task", task)["lines"] == 4  # type: ignore[index]
    for line in lines(store, task):
        if line["state"] == "open":
            assert pick(picker, line) == APPLIED
    assert finish(picker, task) == APPLIED
    assert totes(store) == {str(mug["slot"]): 3, "3": 4, str(3 - mug["slot"]): 1}
    assert [state(store, o) for o in made] == ["picked", "picked"]
    packer = Handheld(store, "packer")
    for _ in made:
        pack_all(packer, take(packer, "pack"))
    assert totes(store) == {}
    assert scalar(store, "SELECT picked FROM order_line WHERE qty = 5") == 5
    assert scalar(store, "SELECT SUM(allocated) FROM stock") == 0
    assert_stock_adds_up(store)


def test_a_tote_that_takes_nothing_more_is_changed_before_the_pieces_go_in(store: Store) -> None:
    picker, task, made = on_a_cart(store)
    mug = of(store, task, made[0], "MUG")
    assert picker.say("picking.fill_tote.v1", fill(mug, 0)) == APPLIED
    line = line_of(store, task, mug["no"])
    assert (line["state"], line["qty"], line["slot"]) == ("open", 5, 3)
    assert pick(picker, line) == APPLIED
    assert totes(store) == {"3": 5}


def test_a_tote_of_another_order_does_not_take_over(store: Store) -> None:
    picker, task, made = on_a_cart(store)
    mug = of(store, task, made[0], "MUG")
    other = fill(mug, 3, code="T2")
    assert picker.say("picking.fill_tote.v1", other) == ("diverted", "tote_in_use")
    code = "SELECT code FROM pick_tote WHERE task = :t AND slot = 3"
    assert scalar(store, code, t=task) is None
    assert totes(store) == {str(mug["slot"]): 3}
    assert picker.say("picking.fill_tote.v1", fill(mug, 1)) == ("diverted", "slot_taken")


def test_half_of_a_parted_pick_is_not_undone_alone(store: Store) -> None:
    picker, task, made = on_a_cart(store)
    mug = of(store, task, made[0], "MUG")
    assert picker.say("picking.fill_tote.v1", fill(mug, 3)) == APPLIED
    back = UndoPick(**place(mug), qty=3)
    assert picker.say("picking.undo_pick.v1", back) == ("diverted", "too_late_to_undo")
    assert line_of(store, task, mug["no"])["picked"] == 3
    assert_stock_adds_up(store)


def test_the_log_alone_gives_the_same_totes(tmp_path: Path) -> None:
    with open_store("sqlite", tmp_path) as store:
        build(store)
        picker, task, made = on_a_cart(store)
        mug = of(store, task, made[0], "MUG")
        assert picker.say("picking.fill_tote.v1", fill(mug, 3)) == APPLIED
        rest = ConfirmPick(**place(line_of(store, task, mug["no"] + 10_000)), qty=2)
        assert picker.say("picking.confirm_pick.v1", rest) == APPLIED
        assert check_replay(store.url).differences == []
