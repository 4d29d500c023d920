"""Which of the nodes on one store is at something now, so that no two are.

A node that dies gives nothing back: what it was at is free again when its time has run out, by the
store's clock. A lease says who tries, not what is true: whoever is done tells it by an operation,
and that holds or is refused whoever has the lease by then.
"""

from typing import Any

import sqlalchemy as sa

from server.store import tables as t
from server.store.tx import Tx

_CLAIM = sa.text(
    "INSERT INTO lease (kind, key, node, until) VALUES (:kind, :key, :node, :until)"
    " ON CONFLICT (kind, key) DO UPDATE SET node = excluded.node, until = excluded.until"
    " WHERE lease.until <= :now"
)


def claim(tx: Tx, kind: str, key: str, node: str, ms: int) -> bool:
    """Whether `key` is this node's for the next `ms`. Not while anybody has it, this node itself
    included: it is at it already."""
    asked = {"kind": kind, "key": key, "node": node, "until": tx.now + ms, "now": tx.now}
    return bool(tx.conn.execute(_CLAIM, asked).rowcount)


def give_back(tx: Tx, kind: str, key: str, node: str) -> None:
    """If it is still this node's. What ran out is nobody's, and goes too."""
    c = t.lease.c
    mine = sa.and_(c.kind == kind, c.key == key, c.node == node)
    tx.conn.execute(sa.delete(t.lease).where(sa.or_(mine, c.until <= tx.now)))


def free(kind: str, key: sa.ColumnElement[str], now: Any) -> sa.ColumnElement[bool]:
    """Nobody is at the row whose `key` this is. `now`: ms, or a parameter's name for it."""
    c = t.lease.c
    until = sa.bindparam(now) if isinstance(now, str) else now
    return ~sa.exists().where(c.kind == kind, c.key == key, c.until > until)
