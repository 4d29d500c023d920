"""What was done before the demo opened: parcels wait at the dock, and a run for its driver."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from server.catalog.tables import item
from server.demo.colleague import Colleague, Step
from server.demo.people import SeededPerson
from server.floor.ops import TakeTask
from server.floor.tables import task
from server.kernel.values import Role
from server.packing.ops import CheckItem, ClosePack
from server.packing.tables import pack_line, parcel
from server.picking.ops import ConfirmPick, FinishTask
from server.picking.tables import pick_line
from server.store.store import Store


def pick_and_pack(store: Store, site: str, people: Iterable[SeededPerson]) -> None:
    """All that is open on the floor, by the first picker and the packer."""
    first: dict[Role, SeededPerson] = {}
    for someone in people:
        first.setdefault(someone.role, someone)
    for role, kind, steps in ((Role.PICKER, "pick", _picked), (Role.PACKER, "pack", _packed)):
        who = Colleague(store, site, first[role])
        for row in _rows(store, _open(site, kind)):
            who.do(("floor.take_task.v1", TakeTask(task=row.id, expects=row.epoch)))
            who.do(*steps(store, row.id))
        who.leave()


def _open(site: str, kind: str) -> sa.Select[Any]:
    waiting = (task.c.site == site, task.c.kind == kind, task.c.state == "open")
    return sa.select(task.c.id, task.c.epoch).where(*waiting).order_by(task.c.id)


def _picked(store: Store, task_id: str) -> list[Step]:
    lines = sa.select(pick_line).where(pick_line.c.task == task_id).order_by(pick_line.c.no)
    return [
        *(
            (
                "picking.confirm_pick.v1",
                ConfirmPick(task=task_id, line=p.no, bin=p.bin, sku=p.sku, qty=p.qty),
            )
            for p in _rows(store, lines)
        ),
        ("picking.finish_task.v1", FinishTask(task=task_id)),
    ]


def _packed(store: Store, task_id: str) -> list[Step]:
    """Into one carton, which weighs what its goods do."""
    lines = _rows(
        store,
        sa.select(pack_line.c.no, pack_line.c.sku, pack_line.c.qty, item.c.weight_g)
        .join(item, item.c.sku == pack_line.c.sku)
        .where(pack_line.c.task == task_id)
        .order_by(pack_line.c.no),
    )
    number = _rows(
        store,
        sa.select(parcel.c.number)
        .join(task, task.c.ref == parcel.c.shipment)
        .where(task.c.id == task_id),
    )[0].number
    grams = sum(line.weight_g * line.qty for line in lines)
    return [
        *(
            ("packing.check_item.v1", CheckItem(task=task_id, line=p.no, sku=p.sku, packed=p.qty))
            for p in lines
        ),
        ("packing.close_pack.v1", ClosePack(task=task_id, parcel=number, weight_g=grams)),
    ]


def _rows(store: Store, statement: sa.Select[Any]) -> Sequence[Any]:
    return store.run_sync(lambda tx: tx.conn.execute(statement).all())
