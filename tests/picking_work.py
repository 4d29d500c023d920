"""An order on the floor, its lines, a step at the shelf: what picking tests do again and again."""

from typing import Any

import msgspec

from server.floor.ops import TakeTask
from server.picking.ops import ConfirmPick, FinishTask, ReportShort
from server.store.store import Store
from tests.floor_site import Handheld, good, order, release_wave, scalar, table
from tests.floor_work import lines, take

Line = dict[str, Any]


def on_the_floor(store: Store, ref: str, **asked: int) -> str:
    """The order's id; its task waits in the queue."""
    made = order(store, ref, **asked)
    good(release_wave(store))
    return made


def in_hand(store: Store, ref: str, who: str = "picker", **asked: int) -> tuple[Handheld, str, str]:
    """The picker, the task and the order."""
    made = on_the_floor(store, ref, **asked)
    picker = Handheld(store, who, f"hand-{ref}-{who}")
    return picker, take(picker, "pick"), made


def take_it(handheld: Handheld, task: str) -> tuple[str, str | None]:
    epoch = scalar(handheld.store, "SELECT epoch FROM task WHERE id = :t", t=task)
    return handheld.say("floor.take_task.v1", TakeTask(task=task, expects=epoch))


def place(line: Line) -> dict[str, Any]:
    return {"task": line["task"], "line": line["no"], "bin": line["bin"], "sku": line["sku"]}


def pick(handheld: Handheld, line: Line, qty: int | None = None) -> tuple[str, str | None]:
    fact = ConfirmPick(**place(line), qty=line["qty"] if qty is None else qty)
    return handheld.say("picking.confirm_pick.v1", fact)


def short(handheld: Handheld, line: Line, found: int, **more: Any) -> tuple[str, str | None]:
    fact = ReportShort(**{"reason": "missing", **place(line), "found": found, **more})
    return handheld.say("picking.report_short.v1", fact)


def finish(handheld: Handheld, task: str) -> tuple[str, str | None]:
    return handheld.say("picking.finish_task.v1", FinishTask(task=task))


def line_of(store: Store, task: str, no: int) -> Line:
    return next(line for line in lines(store, task) if line["no"] == no)


def stock(store: Store, bin_code: str, sku: str) -> tuple[int, int]:
    """(pieces, promised) of it there."""
    found = table(
        store,
        "SELECT SUM(qty) AS q, SUM(allocated) AS a FROM stock WHERE bin = :b AND sku = :s",
        b=bin_code,
        s=sku,
    )[0]
    return int(found["q"] or 0), int(found["a"] or 0)


def tasks_of(store: Store, kind: str) -> list[dict[str, Any]]:
    return table(store, "SELECT * FROM task WHERE kind = :k ORDER BY created_at, id", k=kind)


def row_of(store: Store, scope: str, kind: str, key: str) -> dict[str, Any] | None:
    """What a device in that scope holds."""
    found = table(
        store,
        "SELECT body FROM feed WHERE scope = :s AND kind = :k AND key = :y AND body IS NOT NULL",
        s=scope,
        k=kind,
        y=key,
    )
    return msgspec.json.decode(found[0]["body"]) if found else None
