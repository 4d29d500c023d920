"""Whose work is it: the grants that operations name, as a push and a pull look them up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.auth.tables import grant
from server.kernel.values import Role
from server.store.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Grant:
    sid: str
    device: str
    person: str
    role: Role
    site: str
    expires_at: int
    ended_at: int | None
    revoked_at: int | None

    def sees(self, now: int) -> bool:
        """May it read now? Facts made before it ended are taken all the same."""
        return self.ended_at is None and self.revoked_at is None and now < self.expires_at

    def may_act(self, at: int) -> bool:
        """Was it good when the work was done? What came after a revocation waits for a person."""
        return self.revoked_at is None or at < self.revoked_at


_ALL = sa.select(*(grant.c[name] for name in Grant.__slots__))
BY_SID = _ALL.where(grant.c.sid.in_(sa.bindparam("sids", expanding=True)))
_ONE = Prepared(_ALL.where(grant.c.sid == sa.bindparam("of")))


def statement(sids: Iterable[str]) -> sa.Select[Any]:
    return BY_SID.params(sids=sorted(sids))


def find(conn: sa.Connection, sids: Iterable[str]) -> dict[str, Grant]:
    """The same on the exchange's path, where one is named, or two after a change of shift."""
    found = [_ONE.first(conn, {"of": sid}) for sid in sids]
    return read(dict(zip(Grant.__slots__, row, strict=True)) for row in found if row)


def read(rows: Iterable[Any]) -> dict[str, Grant]:
    """Grants by sid, from rows of `statement`."""
    found = (Grant(**{**dict(r), "role": Role(r["role"])}) for r in rows)
    return {g.sid: g for g in found}
