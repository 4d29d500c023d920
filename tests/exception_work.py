"""Cases by real operations: somebody finds less than asked on a shelf, for the customer of a test's
choice; and people at the desk who do something about it."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.auth.tables import person
from server.exceptions.ops import SettleCase, TakeCase
from server.floor.ops import TakeTask
from server.orders.validation import OrderLine
from server.picking.ops import ReportShort
from server.store.store import Store
from server.store.submit import Outside
from tests.floor_site import SITE, Handheld, good, order_of, release_wave, scalar, system, table
from tests.floor_work import APPLIED, lines


def add_admin(store: Store) -> None:
    row = {"id": "admin", "site": SITE, "name": "Admin", "badge": "B-admin", "pin_hash": ""}
    store.run_sync(lambda tx: tx.conn.execute(sa.insert(person).values(**row, role="admin")))


def short(store: Store, ref: str, price: int = 250, **said: Any) -> str:
    """The case of an order's mug that was not on its shelf. `price` in minor units."""
    line = OrderLine(sku="MUG", name="MUG", qty=1, price=price)
    made = msgspec.structs.replace(order_of(ref, MUG=1), lines=[line], **said)
    good(system(store, "orders.import_order.v1", made, Outside("test", ref)))
    good(release_wave(store))
    order_id = scalar(store, "SELECT id FROM orders WHERE ref = :r", r=ref)
    task = table(store, "SELECT id, epoch FROM task WHERE ref = :o AND kind = 'pick'", o=order_id)
    picker = Handheld(store, "picker", f"shelf-{ref}")
    taken = TakeTask(task=task[0]["id"], expects=task[0]["epoch"])
    assert picker.say("floor.take_task.v1", taken) == APPLIED
    at = lines(store, task[0]["id"])[0]
    told = ReportShort(
        task=task[0]["id"], line=at["no"], bin=at["bin"], sku="MUG", found=0, reason="damaged"
    )
    assert picker.say("picking.report_short.v1", told) == APPLIED
    found = "SELECT id FROM discrepancy WHERE order_id = :o AND kind = 'short_pick'"
    return str(scalar(store, found, o=order_id))


def case(store: Store, case_id: str) -> dict[str, Any]:
    joined = (
        "SELECT c.*, d.state, d.note FROM exception_case c JOIN discrepancy d ON d.id = c.id"
        " WHERE c.id = :c"
    )
    return table(store, joined, c=case_id)[0]


def rev(store: Store, case_id: str) -> int:
    return int(case(store, case_id)["rev"])


def entries(store: Store, case_id: str) -> list[str]:
    told = "SELECT what FROM exception_entry WHERE case_id = :c ORDER BY no"
    return [r["what"] for r in table(store, told, c=case_id)]


def take_case(who: Handheld, case_id: str) -> tuple[str, str | None]:
    return who.say(
        "exceptions.take_case.v1", TakeCase(case=case_id, expects=rev(who.store, case_id))
    )


def settle(
    who: Handheld, case_id: str, note: str = "Counted again", cause: Any = "slip", **said: Any
) -> tuple[str, str | None]:
    expects = rev(who.store, case_id)
    op = SettleCase(case=case_id, expects=expects, note=note, cause=cause, **said)
    return who.say("exceptions.settle_case.v1", op)
