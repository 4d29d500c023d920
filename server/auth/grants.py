"""Whose work is it: the grants that operations name, as a push and a pull look them up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.auth.tables import grant
from server.kernel.values import Role


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


BY_SID = sa.select(
    grant.c.sid,
    grant.c.device,
    grant.c.person,
    grant.c.role,
    grant.c.site,
    grant.c.expires_at,
    grant.c.ended_at,
    grant.c.revoked_at,
).where(grant.c.sid.in_(sa.bindparam("sids", expanding=True)))


def statement(sids: Iterable[str]) -> sa.Select[Any]:
    return BY_SID.params(sids=sorted(sids))


def read(rows: Iterable[Any]) -> dict[str, Grant]:
    """Grants by sid, from rows of `statement`."""
    found = (Grant(**{**dict(r), "role": Role(r["role"])}) for r in rows)
    return {g.sid: g for g in found}
