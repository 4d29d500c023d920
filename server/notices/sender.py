"""Sends what waits in the outbox, beside the store: a mail server that hangs holds up nobody who
works.

Nothing is kept here: what is queued when a node starts is sent (again). One node at a time has a
notice, by a lease. A node that dies between the server's word that it has taken it and telling of
it sends it again: at least once, and by the same id, by which a mailbox sees one mail.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from server.kernel.aside import aside
from server.mailing.port import NotSent
from server.notices.channels.port import Channel, Gone
from server.notices.ops import TellSent
from server.notices.settings import NoticeRules, notice_rules
from server.notices.tables import notice, notice_lease
from server.notices.wording import outgoing
from server.orders.links import key_in
from server.store.store import Store
from server.store.submit import submit
from server.store.tx import Tx

LOOK_S = 1.0
AT_ONCE = 8
LEASE_MS = 180_000
"""Longer than the longest that a site may let a server take, twice."""
_log = logging.getLogger(__name__)
_WAITING = (
    sa.select(notice)
    .where(notice.c.state == "queued", notice.c.next_at <= sa.bindparam("now"))
    .order_by(notice.c.next_at, notice.c.id)
    .limit(AT_ONCE)
)
_CLAIM = sa.text(
    "INSERT INTO notice_lease (notice, node, until) VALUES (:notice, :node, :until)"
    " ON CONFLICT (notice) DO UPDATE SET node = :node, until = :until"
    " WHERE notice_lease.until < :now"
)
Row = Mapping[str, Any]


def claim(tx: Tx, notice_id: str, node: str) -> bool:
    """Whether it is this node's for a while; not if it is over, or waits, by now."""
    due = sa.select(notice.c.id).where(
        notice.c.id == notice_id, notice.c.state == "queued", notice.c.next_at <= tx.now
    )
    if tx.conn.execute(due).first() is None:
        return False
    values = {"notice": notice_id, "node": node, "until": tx.now + LEASE_MS, "now": tx.now}
    return bool(tx.conn.execute(_CLAIM, values).rowcount)


def tell(tx: Tx, row: Row, told: NotSent | None) -> None:
    """As an operation; a notice that is over by now stays as it is."""
    op = TellSent(notice=row["id"])
    if told is not None:
        gone = isinstance(told, Gone)
        op = TellSent(notice=row["id"], why=told.why, again=told.again, gone=gone)
    submit(tx, row["site"], "notices", "notices.tell_sent.v1", op)
    tx.conn.execute(sa.delete(notice_lease).where(notice_lease.c.notice == row["id"]))


class Sender:
    """The worker of one node. `channels`: by name; `origin`: what links begin with, where the
    site's setting does not say."""

    def __init__(
        self, store: Store, node: str, channels: Mapping[str, Channel], origin: str
    ) -> None:
        self._store, self._node = store, node
        self.channels, self._origin = channels, origin
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._forever())

    async def stop(self) -> None:
        """At once: what was not told is sent again by whoever starts next."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _forever(self) -> None:
        while True:
            sent = 0
            try:
                sent = await self.send_due()
            except Exception:  # noqa: BLE001  whatever it is, it is logged and tried again
                _log.exception("notices stand still")
            await asyncio.sleep(0 if sent else LOOK_S)

    async def send_due(self) -> int:
        """What is due now, some at the same time; how many were this node's."""
        due = await self._store.rows(_WAITING, {"now": self._store.clock()})
        return sum(await asyncio.gather(*(self._one(dict(row)) for row in due)))

    async def _one(self, row: Row) -> bool:
        try:
            if not await self._store.run(lambda tx: claim(tx, row["id"], self._node)):
                return False
            told = await self._sent(row)
            await self._store.run(lambda tx: tell(tx, row, told))
        except Exception:  # noqa: BLE001  the lease runs out, and it is tried again
            _log.exception("notice %s", row["id"])
        return True

    async def _sent(self, row: Row) -> NotSent | None:
        """What stood in the way, if anything."""
        key = key_in(self._store.keys.folder)

        def read(conn: sa.Connection) -> tuple[NoticeRules, Any]:
            rules = notice_rules(conn, row["site"])
            return rules, outgoing(conn, row, rules, key, self._origin)

        rules, words = await self._store.read(read)
        sending = aside(lambda: self.channels[row["channel"]].send(words, rules), "notice")
        try:
            await asyncio.wait_for(asyncio.wrap_future(sending), 2 * rules.timeout_s + 10)
        except TimeoutError:
            return NotSent("no_answer", "it hangs")
        except NotSent as why:
            _log.warning("notice %s by %s: %s", row["id"], row["channel"], why)
            return why
        return None
