"""Which devices are here, and what waits on them: not operations, only the latest word."""

from server.kernel.feeds import Row, board_scope, row
from server.kernel.wire import Beat
from server.store.store import Store
from server.store.tx import Tx

QUIET_MS = 4_000
"""A device that only repeats itself is written down this often at most."""


@row("presence")
class PresenceRow(Row):
    """Key: device. `seen_at`: last heard of; `unsent`, `oldest`: what it says waits on it."""

    device: str
    online: bool
    person: str | None
    seen_at: int
    unsent: int
    oldest: int | None
    battery: float | None


class Presence:
    """The last word per device, written to the board when it says something new."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._shown: dict[str, PresenceRow] = {}

    async def heard(self, site: str, device: str, person: str | None, beat: Beat) -> None:
        await self._show(
            site,
            PresenceRow(
                device=device,
                online=True,
                person=person,
                seen_at=self._store.clock(),
                unsent=beat.unsent,
                oldest=beat.oldest,
                battery=beat.battery,
            ),
        )

    async def came(self, site: str, device: str, person: str | None) -> None:
        """It asked: it is here, and this is who works on it; its first beat says the rest."""
        before = self._shown.get(device)
        if before is None or not before.online or before.person != person:
            last = before or PresenceRow(device, True, person, 0, 0, None, None)
            beat = Beat(unsent=last.unsent, oldest=last.oldest, battery=last.battery)
            await self.heard(site, device, person, beat)

    async def left(self, site: str, device: str) -> None:
        before = self._shown.get(device)
        if before is not None and before.online:
            fields = {f: getattr(before, f) for f in before.__struct_fields__}
            gone = {"online": False, "seen_at": self._store.clock()}
            await self._show(site, PresenceRow(**{**fields, **gone}))

    async def _show(self, site: str, now: PresenceRow) -> None:
        before = self._shown.get(now.device)
        if before is not None and _says_the_same(before, now):
            return
        self._shown[now.device] = now

        def job(tx: Tx) -> None:
            tx.put(site, board_scope(site), "presence", now.device, now)

        await self._store.run(job)


def _says_the_same(before: PresenceRow, now: PresenceRow) -> bool:
    fields = ("online", "person", "unsent", "oldest", "battery")
    if any(getattr(before, f) != getattr(now, f) for f in fields):
        return False
    return now.seen_at - before.seen_at < QUIET_MS * 8
