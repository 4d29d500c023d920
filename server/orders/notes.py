"""What the house should know of an order. No customer ever sees it."""

from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import DESK, Id
from server.orders.events import NoteAdded
from server.orders.tables import orders

NO_ORDER = code("note_order_unknown")
Note = Annotated[
    str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\S")
]


class AddNote(Op):
    order: Id
    note: Note


@operation("orders.add_note.v1", kind=FACT, roles=DESK)
def add_note(op: AddNote, ctx: OpContext) -> None:
    known = sa.select(orders.c.id).where(orders.c.id == op.order, orders.c.site == ctx.site)
    if ctx.conn.execute(known).first() is None:
        return ctx.divert(NO_ORDER, note=op.note)
    return ctx.emit(NoteAdded(order=op.order, note=op.note))
