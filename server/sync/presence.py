"""Which devices are here, and what waits on them: not operations, only the latest word.

A floor of devices says something new many times a second. It is written down together, once in
`TOGETHER_S` at most, so that a board is told as seldom, however many devices there are.
"""

import asyncio
import time
from collections.abc import Mapping

from server.kernel.errors import Unavailable
from server.kernel.feeds import Row, board_scope, row
from server.kernel.wire import Beat
from server.store.store import Store
from server.store.tx import Tx

QUIET_MS = 32_000
"""A device that only repeats itself is written down this often at most."""
TOGETHER_S = 1.0


@row("presence")
class PresenceRow(Row):
    """Key: device. `seen_at`: last heard of; `unsent`, `oldest`: what it says waits on it;
    `lat_e7`, `lon_e7`: where it was then, if its driver is on the road. Nobody keeps its way."""

    device: str
    online: bool
    person: str | None
    seen_at: int
    unsent: int
    oldest: int | None
    battery: float | None
    lat_e7: int | None = None
    lon_e7: int | None = None


class Presence:
    """The last word per device, written to the board when it says something new. Used on the
    event loop only."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._shown: dict[str, PresenceRow] = {}
        self._due: dict[tuple[str, str], PresenceRow] = {}
        self._writing: asyncio.Task[None] | None = None
        self._written_at = -TOGETHER_S

    async def stop(self) -> None:
        """Write what is due: the other nodes' boards are to know that these devices have left."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._write()

    def heard(self, site: str, device: str, person: str | None, beat: Beat) -> None:
        self._show(
            site,
            PresenceRow(
                device=device,
                online=True,
                person=person,
                seen_at=self._store.clock(),
                unsent=beat.unsent,
                oldest=beat.oldest,
                battery=beat.battery,
                lat_e7=beat.lat_e7,
                lon_e7=beat.lon_e7,
            ),
        )

    def came(self, site: str, device: str, person: str | None) -> None:
        """It asked: it is here, and this is who works on it; its first beat says the rest."""
        before = self._shown.get(device)
        if before is None or not before.online or before.person != person:
            last = before or PresenceRow(device, True, person, 0, 0, None, None)
            said = {f: getattr(last, f) for f in Beat.__struct_fields__}
            beat = Beat(**said)
            self.heard(site, device, person, beat)

    def left(self, site: str, device: str) -> None:
        before = self._shown.get(device)
        if before is not None and before.online:
            fields = {f: getattr(before, f) for f in before.__struct_fields__}
            gone = {"online": False, "seen_at": self._store.clock()}
            self._show(site, PresenceRow(**{**fields, **gone}))

    def _show(self, site: str, now: PresenceRow) -> None:
        before = self._shown.get(now.device)
        if before is not None and _says_the_same(before, now):
            return
        self._shown[now.device] = now
        self._due[(site, now.device)] = now
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_together())

    async def _write_together(self) -> None:
        while self._due:
            await asyncio.sleep(self._written_at + TOGETHER_S - time.monotonic())
            await self._write()

    async def _write(self) -> None:
        """What cannot be written now stays due, unless something newer has come."""
        if not self._due:
            return
        due, self._due = self._due, {}
        self._written_at = time.monotonic()
        try:
            await self._store.run(lambda tx: _put(tx, due))
        except Unavailable:
            self._due = {**due, **self._due}


def _put(tx: Tx, due: Mapping[tuple[str, str], PresenceRow]) -> None:
    for (site, device), row_now in due.items():
        tx.put(site, board_scope(site), "presence", device, row_now)


def _says_the_same(before: PresenceRow, now: PresenceRow) -> bool:
    fields = ("online", "person", "unsent", "oldest", "battery")
    if any(getattr(before, f) != getattr(now, f) for f in fields):
        return False
    if (before.lat_e7 is None) != (now.lat_e7 is None):
        return False
    return now.seen_at - before.seen_at < QUIET_MS
