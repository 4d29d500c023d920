"""When a photo or signature has arrived, whoever looks at its order is told to look again."""

import sqlalchemy as sa

from server.packing.events import FlawFound
from server.picking.events import LineShort
from server.pod.events import Departed, ReceiverSigned, StopClosed
from server.returns.events import ReturnReceived
from server.store import blobs
from server.store.tables import event, site_clock
from server.store.tx import Tx

_KINDS = tuple(
    said.kind
    for said in (StopClosed, ReceiverSigned, LineShort, FlawFound, Departed, ReturnReceived)
)
"""What names bytes."""
WITHIN_VERSIONS = 20_000
"""Bytes follow their operation within the shift. Later ones are there, too, at the next look; a
search of the whole log would keep the writer from its work."""


@blobs.on_complete
def show_that_it_arrived(tx: Tx, site: str, sha256: str) -> None:
    for order_id in orders_of(tx.conn, site, sha256):
        tx.touch(site, "order", order_id)


def orders_of(conn: sa.Connection, site: str, sha256: str) -> list[str]:
    """The orders whose recent events name these bytes."""
    clock = sa.select(site_clock.c.ver).where(site_clock.c.site == site).scalar_subquery()
    found = sa.select(event.c.key).where(
        event.c.site == site,
        event.c.ver > clock - WITHIN_VERSIONS,
        event.c.kind.in_(_KINDS),
        event.c.key != "",
        event.c.body.contains(sha256),
    )
    return list(conn.execute(found.distinct()).scalars())
