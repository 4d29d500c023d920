"""An order goes elsewhere: what sticks on its sealed cartons is wrong, and is printed again where
it was printed last."""

import sqlalchemy as sa

from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.orders.events import AddressChanged
from server.packing.printers import printing
from server.packing.printing import PrintLabel, print_label
from server.packing.tables import parcel, print_job

SEALED = ("packed", "loaded")


@reacts(AddressChanged)
def print_again(event: AddressChanged, ctx: OpContext) -> None:
    """By a bench that has a printer of its own; a browser's labels are for whoever sits there."""
    stations = printing(ctx.conn, ctx.site)
    for box in sealed(ctx, event.order):
        last = _printed_last(ctx, box)
        station = stations.station(last.station) if last else None
        if last and station and station.kind != "browser":
            print_label(PrintLabel(number=box, station=last.station, lang=last.lang), ctx)


def sealed(ctx: OpContext, order_id: str) -> list[str]:
    """Numbers of the order's cartons that carry a label."""
    found = sa.select(parcel.c.number).where(
        parcel.c.order_id == order_id, parcel.c.state.in_(SEALED)
    )
    return list(ctx.conn.execute(found.order_by(parcel.c.number)).scalars())


def _printed_last(ctx: OpContext, number: str) -> sa.Row[tuple[str, str]] | None:
    found = sa.select(print_job.c.station, print_job.c.lang).where(
        print_job.c.number == number, print_job.c.state != "failed"
    )
    row: sa.Row[tuple[str, str]] | None = ctx.conn.execute(
        found.order_by(print_job.c.at.desc(), print_job.c.id.desc()).limit(1)
    ).first()
    return row
