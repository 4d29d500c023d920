"""Who speaks in a frame: the device, who works on it, and how far its work has come. One question,
since every push and every pull begins with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.auth import grants
from server.auth.grants import Grant
from server.auth.tables import grant
from server.kernel.errors import ProtocolError
from server.kernel.feeds import scopes_of
from server.store import tables as t
from server.store.dispatch import Who
from server.store.prepared import Prepared
from server.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Session:
    """What an exchange found about its caller: needed again for pushes on the same socket."""

    device: str
    site: str
    scopes: frozenset[str]
    person: str | None


@dataclass(frozen=True, slots=True)
class Caller:
    """`last_n`, `last_at`: of the newest operation that was taken; `grants`: those asked for that
    belong to this device; `failed`: how often the handlers of newer operations have failed."""

    device: str
    site: str
    last_n: int
    last_at: int
    revoked_at: int | None
    grants: Mapping[str, Grant]
    failed: Mapping[int, int]

    def who(self, sid: str | None, at: int) -> Who:
        """Under whose name an operation of that moment comes."""
        revoked = self.revoked_at is not None and at >= self.revoked_at
        found = self.grants.get(sid or "")
        if found is None:
            return Who(None, None, None, revoked)
        return Who(found.person, found.role, found.sid, revoked or not found.may_act(at))

    def session(self, sid: str | None, now: int) -> Session | None:
        """What may be seen under this name. None for a revoked device: it may see nothing."""
        if self.revoked_at is not None:
            return None
        found = self.grants.get(sid or "")
        if found is None or not found.sees(now):
            return Session(
                self.device, self.site, scopes_of(self.device, self.site, None, None), None
            )
        scopes = scopes_of(self.device, self.site, found.person, found.role)
        return Session(self.device, self.site, scopes, found.person)


_DEVICE = ("site", "last_n", "last_at", "revoked_at")
_GRANT = Grant.__slots__
_trouble = t.op_trouble
_ASKED = (
    sa.select(
        *(t.device.c[name] for name in _DEVICE),
        _trouble.c.n,
        _trouble.c.failures,
        *(grant.c[name].label(f"grant_{name}") for name in _GRANT),
    )
    .outerjoin(grant, sa.and_(grant.c.sid == sa.bindparam("sid"), grant.c.device == t.device.c.id))
    .outerjoin(
        _trouble, sa.and_(_trouble.c.device == t.device.c.id, _trouble.c.n > t.device.c.last_n)
    )
    .where(t.device.c.id == sa.bindparam("of"))
)
_FIND = Prepared(_ASKED)
_LOCK = Prepared(_ASKED.with_for_update(of=t.device))
_MOVE = Prepared(
    sa.update(t.device)
    .where(t.device.c.id == sa.bindparam("of"))
    .values(last_n=sa.bindparam("n"), last_at=sa.bindparam("at"), seen_at=sa.bindparam("now"))
)


def look_up(conn: sa.Connection, device: str, sid: str | None, now: int) -> Session:
    """Who reads. Raises ProtocolError `wrong_device`, `revoked`."""
    session = _read(device, _FIND.all(conn, {"of": device, "sid": sid})).session(sid, now)
    if session is None:
        raise ProtocolError("revoked", 403)
    return session


def lock(tx: Tx, device: str, sid: str | None, others: Iterable[str]) -> Caller:
    """Who pushes, under `sid` and, after a change of shift, `others`; nobody else pushes for it
    until the commit. Raises ProtocolError `wrong_device`."""
    caller = _read(device, _LOCK.all(tx.conn, {"of": device, "sid": sid}))
    found = grants.find(tx.conn, sorted(set(others) - {sid}))
    known = {s: g for s, g in found.items() if g.device == device}
    last_n, last_at = caller.last_n, caller.last_at
    for moved in tx.pending(_MOVE):
        if moved["of"] == device:
            last_n, last_at = moved["n"], moved["at"]
    return Caller(
        device,
        caller.site,
        last_n,
        last_at,
        caller.revoked_at,
        {**caller.grants, **known},
        caller.failed,
    )


def move(tx: Tx, device: str, n: int, at: int) -> None:
    """Its operations up to `n` have been taken."""
    tx.run_later(_MOVE, {"of": device, "n": n, "at": at, "now": tx.now})


def _read(device: str, rows: list[tuple[Any, ...]]) -> Caller:
    """One row, or one for each operation that is in trouble."""
    if not rows:
        raise ProtocolError("wrong_device", 403)
    site, last_n, last_at, revoked_at, _, _, *granted = rows[0]
    named = [dict(zip(_GRANT, granted, strict=True))] if granted[0] is not None else []
    failed = {int(n): int(failures) for _, _, _, _, n, failures, *_ in rows if n is not None}
    return Caller(
        device, str(site), int(last_n), int(last_at), revoked_at, grants.read(named), failed
    )
