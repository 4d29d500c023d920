"""Open sockets, so that a revocation closes them: at once on this node, soon on others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from server.auth.tables import grant
from server.store.store import Store
from server.store.tables import device

RECHECK_SECONDS = 2.0
"""With the statement's own time well below the five seconds in which a revocation must bite."""

Close = Callable[[], None]
"""Closes the socket; called on the event loop, more than once at worst."""


@dataclass(eq=False, slots=True)
class Connection:
    """One socket. `sid` follows the person who is signed in; the hub sets it from each ask."""

    device: str
    close: Close
    sid: str | None = None


class Live:
    """The connections of this node. Used on the event loop only."""

    def __init__(self) -> None:
        self._open: set[Connection] = set()

    def connected(self, device_id: str, close: Close, sid: str | None = None) -> Connection:
        connection = Connection(device_id, close, sid)
        self._open.add(connection)
        return connection

    def left(self, connection: Connection) -> None:
        self._open.discard(connection)

    def close_device(self, device_id: str) -> None:
        self._close(c for c in self._open if c.device == device_id)

    def close_grants(self, sids: Iterable[str]) -> None:
        gone = frozenset(sids)
        self._close(c for c in self._open if c.sid in gone)

    async def recheck(self, store: Store) -> int:
        """Close what was revoked or has ended since, on whatever node; returns how many.

        The hub calls it each `RECHECK_SECONDS`, and may when the doorbell rings.
        """
        before = list(self._open)
        if not before:
            return 0
        devices = await store.rows(
            sa.select(device.c.id).where(
                device.c.id.in_({c.device for c in before}), device.c.revoked_at.is_not(None)
            )
        )
        sids = await store.rows(
            sa.select(grant.c.sid).where(
                grant.c.sid.in_({c.sid for c in before if c.sid}),
                sa.or_(grant.c.revoked_at.is_not(None), grant.c.ended_at.is_not(None)),
            )
        )
        gone_devices, gone_sids = {r["id"] for r in devices}, {r["sid"] for r in sids}
        return self._close(c for c in before if c.device in gone_devices or c.sid in gone_sids)

    def _close(self, connections: Iterable[Connection]) -> int:
        gone = list(connections)
        for connection in gone:
            self._open.discard(connection)
            connection.close()
        return len(gone)
