"""Sends what waits in the outbox, beside the store: a mail server that hangs holds up nobody who
works.

Nothing is kept here: what is queued when a node starts is sent (again). One node at a time has a
notice, by a lease. A node that dies between the server's word that it has taken it and telling of
it sends it again: at least once, and by the same id, by which a mailbox sees one mail.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from server.kernel.aside import aside
from server.mailing.port import NotSent
from server.notices.channels.port import Channel, Gone
from server.notices.ops import TellSent
from server.notices.settings import NoticeRules, notice_rules
from server.notices.tables import notice
from server.notices.wording import outgoing
from server.orders.links import key_in
from server.store import lease
from server.store.store import Store
from server.store.submit import submit
from server.store.tx import Tx
from server.store.worker import Worker

LOOK_S = 1.0
AT_ONCE = 8
LEASE_MS = 180_000
"""Longer than the longest that a site may let a server take, twice."""
_LEASE = "notice"
_log = logging.getLogger(__name__)
_WAITING = (
    sa.select(notice)
    .where(notice.c.state == "queued", notice.c.next_at <= sa.bindparam("now"))
    .where(lease.free(_LEASE, notice.c.id, "now"))
    .order_by(notice.c.next_at, notice.c.id)
    .limit(AT_ONCE)
)
Row = Mapping[str, Any]


def claim(tx: Tx, notice_id: str, node: str) -> bool:
    """Whether it is this node's for a while; not if it is over, or waits, by now."""
    due = sa.select(notice.c.id).where(
        notice.c.id == notice_id, notice.c.state == "queued", notice.c.next_at <= tx.now
    )
    if tx.conn.execute(due).first() is None:
        return False
    return lease.claim(tx, _LEASE, notice_id, node, LEASE_MS)


def tell(tx: Tx, row: Row, told: NotSent | None, node: str) -> None:
    """As an operation; a notice that is over by now stays as it is."""
    op = TellSent(notice=row["id"])
    if told is not None:
        gone = isinstance(told, Gone)
        op = TellSent(notice=row["id"], why=told.why, again=told.again, gone=gone)
    submit(tx, row["site"], "notices", "notices.tell_sent.v1", op)
    lease.give_back(tx, _LEASE, row["id"], node)


class Sender(Worker):
    """The worker of one node. `channels`: by name; `origin`: what links begin with, where the
    site's setting does not say."""

    def __init__(
        self, store: Store, node: str, channels: Mapping[str, Channel], origin: str
    ) -> None:
        super().__init__("notices' sender", self.send_due, LOOK_S, until_idle=True)
        self._store, self._node = store, node
        self.channels, self._origin = channels, origin

    async def send_due(self) -> int:
        """What is due now, some at the same time; how many were this node's."""
        due = await self._store.rows(_WAITING, {"now": self._store.clock()})
        return sum(await asyncio.gather(*(self._one(dict(row)) for row in due)))

    async def _one(self, row: Row) -> bool:
        try:
            if not await self._store.run(lambda tx: claim(tx, row["id"], self._node)):
                return False
            told = await self._sent(row)
            await self._store.run(lambda tx: tell(tx, row, told, self._node))
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
