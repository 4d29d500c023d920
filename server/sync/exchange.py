"""One request, one answer: what both transports call (sync.md, "The one exchange")."""

import functools
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from server.auth import grants
from server.auth.grants import Grant
from server.kernel.build import is_newer
from server.kernel.errors import ProtocolError, Unavailable
from server.kernel.feeds import device_scope, scopes_of
from server.kernel.ops import Envelope, is_known
from server.kernel.wire import Answer, Frame, Restart
from server.store import feed
from server.store import tables as t
from server.store.dispatch import TRIES, HandlerFailed, Who, failures, hold, note_failure, take
from server.store.feed import Cursor, Page
from server.store.prepared import INFRASTRUCTURE, Prepared
from server.store.store import Store
from server.store.tx import RowsNotMade, Tx
from server.sync import gaps


@dataclass(frozen=True, slots=True)
class Session:
    """What an exchange found about its caller: needed again for pushes on the same socket."""

    device: str
    site: str
    scopes: frozenset[str]
    person: str | None


Admit = Callable[[], AbstractAsyncContextManager[None]]


async def exchange(
    store: Store, device: str, frame: Frame, admit: Admit = nullcontext
) -> tuple[Answer | Restart, Session]:
    """Take the frame's operations, then answer with everything its cursors have not seen.

    `device` is who the transport proved the caller to be; `admit` may let the reading wait, never
    the operations. Raises ProtocolError, Unavailable.
    """
    if frame.dev != device:
        raise ProtocolError("wrong_device", 403)
    if frame.epoch and frame.epoch != store.epoch:
        return await _restart(store, device), Session(device, "", frozenset(), None)
    if frame.ops:
        await _push(store, device, frame)
    async with admit():
        try:
            return await store.read(lambda conn: _answer(conn, store, device, frame))
        except INFRASTRUCTURE as trouble:
            raise Unavailable(str(trouble.orig)) from trouble


def _answer(conn: sa.Connection, store: Store, device: str, frame: Frame) -> tuple[Answer, Session]:
    session = look_up(conn, device, frame.sid, store.clock())
    return pull(conn, store, session, frame.cur), session


async def _push(store: Store, device: str, frame: Frame) -> None:
    try:
        await store.run(lambda tx: push(tx, device, frame))
    except RowsNotMade:
        await _push_one_by_one(store, device, frame)


async def _push_one_by_one(store: Store, device: str, frame: Frame) -> None:
    """Of one operation no rows can be made: find it, and count that against it alone."""
    for e in frame.ops:
        alone = msgspec.structs.replace(frame, ops=[e])
        try:
            await store.run(functools.partial(push, device_id=device, frame=alone))
        except RowsNotMade as broken:
            note = functools.partial(note_failure, device=device, n=e.n, error=str(broken))
            await store.run(note)
            return


def push(tx: Tx, device_id: str, frame: Frame) -> int:
    """Apply what is new, in order, and move `last_n`. Returns it."""
    device = _lock_device(tx, device_id)
    last = int(device["last_n"])
    site = str(device["site"])
    _check_repeats(tx, device_id, [e for e in frame.ops if e.n <= last])
    known = _grants(tx, device_id, frame)
    failed = failures(tx, device_id, last)
    at = int(device["last_at"])
    for e in (e for e in frame.ops if e.n > last):
        if e.n != last + 1:
            _look_at_gap(tx, site, device_id, frame, last + 1, failed, e)
            break
        if _is_from_a_later_build(e, frame, first=e.n == device["last_n"] + 1):
            break
        at = estimate(e.at, frame.now, tx.now, at)
        who = _who(device, known.get(e.sid or ""), at)
        if not _take_one(tx, site, device_id, e, who, at, failed.get(e.n, 0)):
            break
        last = e.n
    if last > int(device["last_n"]):
        _MOVE.run(tx.conn, {"of": device_id, "n": last, "at": at, "now": tx.now})
        tx.put(site, device_scope(device_id), "done", "", last)
    return last


def _look_at_gap(
    tx: Tx, site: str, device: str, frame: Frame, due: int, failed: Mapping[int, int], e: Envelope
) -> None:
    """What this node has seen and left for later (its handler broke, it is of a later build) is not
    missing: the device sends on while it reads on, and comes back to it."""
    if due not in failed and not is_newer(frame.app):
        gaps.tell(tx, site, device, due, e)


def _is_from_a_later_build(e: Envelope, frame: Frame, *, first: bool) -> bool:
    """Its handheld was upgraded before this node: not refused but kept for later, or for another
    node. What stands before it in the frame is taken. Raises Unavailable if nothing does."""
    if is_known(e.k, e.v) or not is_newer(frame.app):
        return False
    if first:
        raise Unavailable(f"{e.k}.v{e.v} needs build {frame.app}")
    return True


def estimate(at: int, device_now: int, server_now: int, before: int) -> int:
    """When it happened on the server's clock: never later than now, never before the device's
    previous operation, whatever the device's clock says."""
    return max(before, min(server_now, server_now - (device_now - at)))


_LOCKED = ("site", "last_n", "last_at", "revoked_at")
_LOCK = Prepared(
    sa.select(*(t.device.c[name] for name in _LOCKED))
    .where(t.device.c.id == sa.bindparam("of"))
    .with_for_update()
)
_MOVE = Prepared(
    sa.update(t.device)
    .where(t.device.c.id == sa.bindparam("of"))
    .values(last_n=sa.bindparam("n"), last_at=sa.bindparam("at"), seen_at=sa.bindparam("now"))
)


def _lock_device(tx: Tx, device_id: str) -> Mapping[str, Any]:
    device = _LOCK.first(tx.conn, {"of": device_id})
    if device is None:
        raise ProtocolError("wrong_device", 403)
    return dict(zip(_LOCKED, device, strict=True))


def _check_repeats(tx: Tx, device: str, repeats: list[Envelope]) -> None:
    if not repeats:
        return
    found = sa.select(t.op.c.n, t.op.c.hash).where(
        t.op.c.device == device, t.op.c.n.in_([e.n for e in repeats])
    )
    stored = {r.n: r.hash for r in tx.conn.execute(found)}
    for e in repeats:
        if e.n in stored and stored[e.n] != e.digest():
            raise ProtocolError("fork", 409, n=e.n)


def _grants(tx: Tx, device: str, frame: Frame) -> dict[str, Grant]:
    found = grants.find(tx.conn, sorted({e.sid for e in frame.ops if e.sid}))
    return {sid: g for sid, g in found.items() if g.device == device}


def _take_one(tx: Tx, site: str, device: str, e: Envelope, who: Who, at: int, tries: int) -> bool:
    """False when the handler broke: the batch stops here and the device sends again."""
    if tries >= TRIES - 1:
        hold(tx, site, device, e, who, at)
        return True
    try:
        take(tx, site, device, e, who, at)
    except HandlerFailed as broken:
        note_failure(tx, device, e.n, str(broken))
        return False
    return True


def _who(device: Mapping[str, Any], grant: Grant | None, at: int) -> Who:
    revoked = device["revoked_at"] is not None and at >= device["revoked_at"]
    if grant is None:
        return Who(None, None, None, revoked)
    return Who(grant.person, grant.role, grant.sid, revoked or not grant.may_act(at))


async def _restart(store: Store, device: str) -> Restart:
    row = await store.one(sa.select(t.device.c.last_n).where(t.device.c.id == device))
    if row is None:
        raise ProtocolError("wrong_device", 403)
    return Restart(epoch=store.epoch, last_n=int(row["last_n"]), now=store.clock())


def look_up(conn: sa.Connection, device: str, sid: str | None, now: int) -> Session:
    """Who speaks and what that session may see. A revoked device may see nothing."""
    row = _DEVICE.first(conn, {"of": device})
    if row is None:
        raise ProtocolError("wrong_device", 403)
    site, revoked_at = row
    if revoked_at is not None:
        raise ProtocolError("revoked", 403)
    grant = None
    if sid is not None:
        grant = grants.find(conn, [sid]).get(sid)
        if grant is None or grant.device != device or not grant.sees(now):
            grant = None
    person = grant.person if grant else None
    scopes = scopes_of(device, site, person, grant.role if grant else None)
    return Session(device, site, scopes, person)


_DEVICE = Prepared(
    sa.select(t.device.c.site, t.device.c.revoked_at).where(t.device.c.id == sa.bindparam("of"))
)


def pull(conn: sa.Connection, store: Store, session: Session, cur: Mapping[str, str]) -> Answer:
    held = {s: Cursor.parse(c) for s, c in cur.items() if s in session.scopes}
    reset = feed.expired(held, _floors(conn, session.site, held))
    for scope in reset:
        del held[scope]
    bases = {s: held[s].pos if s in held else 0 for s in session.scopes}
    found = feed.read_page(conn, session.site, bases)
    page = feed.build_page(found, session.scopes, held, reset)
    top = int(found[0][0]) if found else 0
    if any(c.pos > top for c in held.values()):
        store.rewound[session.device] = store.clock()
        raise ProtocolError("rewound", 409)
    return as_answer(store, page)


def as_answer(store: Store, page: Page) -> Answer:
    return Answer(
        epoch=store.epoch,
        now=store.clock(),
        rows=page.rows,
        cur={s: str(c) for s, c in page.cursors.items()},
        reset=page.reset,
        more=page.more,
    )


def _floors(conn: sa.Connection, site: str, held: Mapping[str, Cursor]) -> dict[str, int]:
    if not held:
        return {}
    found = conn.execute(_FLOORS, {"site": site, "scopes": sorted(held)})
    return {r.scope: int(r.ver) for r in found}


_FLOORS = sa.select(t.scope_floor.c.scope, t.scope_floor.c.ver).where(
    t.scope_floor.c.site == sa.bindparam("site"),
    t.scope_floor.c.scope.in_(sa.bindparam("scopes", expanding=True)),
)
